// SPDX-License-Identifier: GPL-2.0
/* A replay's directory of results, see replay_output.h. */
#include "report/replay_json.h"
#include "report/replay_output.h"

/* The replay has chosen what to monitor. */
static int on_begin(void *arg, struct replay *r)
{
	struct replay_output *o = arg;

	o->nr_windows = 0;
	o->nr_ticks_blind = 0;
	o->throttled = 0;
	return output_begin(&o->out, &r->ctx, &r->observers, r->begin_ns);
}

static void before_tick(void *arg, const struct replay *r)
{
	struct replay_output *o = arg;

	output_set_now(&o->out, r->now_ns);
	if (r->nr_ticks_blind != o->nr_ticks_blind && !r->throttled)
		chrome_instant(&o->out.chrome, "records lost");
	o->nr_ticks_blind = r->nr_ticks_blind;
}

static void after_tick(void *arg, const struct replay *r)
{
	struct replay_output *o = arg;
	struct damon_balance b;

	ftrace_losses(&o->out.ftrace, &r->cpus, &r->feed.tick.stats);
	if (r->throttled != o->throttled)
		chrome_instant(&o->out.chrome, r->throttled > o->throttled ?
						       "throttled" :
						       "let go");
	o->throttled = r->throttled;
	if (r->nr_windows == o->nr_windows)
		return;
	o->nr_windows = r->nr_windows;
	replay_balance(r, &b);
	output_window(&o->out, &r->ctx, &r->cpus, &b);
}

int replay_output_prepare(struct replay_output *o, const char *dir, bool force,
			  struct replay_options *opt, struct output_error *err)
{
	*o = (struct replay_output){ 0 };
	opt->on_begin = on_begin;
	opt->before_tick = before_tick;
	opt->after_tick = after_tick;
	opt->on_arg = o;
	return output_prepare(&o->out, dir, force, err);
}

struct report {
	const struct replay *r;
	u32 cols;
	u32 rows;
};

static int report(FILE *f, void *arg)
{
	const struct report *p = arg;

	return replay_json(f, p->r, p->cols, p->rows);
}

int replay_output_finish(struct replay_output *o, const struct replay *r,
			 u32 cols, u32 rows, struct output_error *err)
{
	struct report arg = { r, cols, rows };

	return output_finish(&o->out, r ? report : NULL, &arg, err);
}
