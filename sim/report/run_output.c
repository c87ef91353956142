// SPDX-License-Identifier: GPL-2.0
/* A run's directory of results, see run_output.h. */
#include <errno.h>
#include <stdlib.h>

#include "report/run_json.h"
#include "report/run_output.h"

static void saw_window(void *data, const struct context *ctx, u32 target,
		       u32 nr_regions, const struct region *r)
{
	struct run_output *o = data;

	o->windowed = true;
}

static const struct context_observer window_observer = {
	.aggregated = saw_window,
};

/* The monitor is built. */
static int begin(void *arg, struct run *r)
{
	struct run_output *o = arg;
	int err;

	o->struck = calloc(r->faults.nr + 1, sizeof(*o->struck));
	if (!o->struck)
		return -ENOMEM;
	err = output_begin(&o->out, &r->ctx, &r->observers, 0);
	if (!err && o->with_samples)
		err = run_samples_open(&o->samples, o->out.dir, r, o->cmdline);
	observers_add(&r->observers, &window_observer, o);
	return err;
}

static void before_step(void *arg, struct run *r)
{
	struct run_output *o = arg;

	if (o->samples.sink)
		run_samples_take(&o->samples, r);
}

static void before_tick(void *arg, const struct run *r)
{
	struct run_output *o = arg;
	u32 i;

	output_set_now(&o->out, r->m.now_ps / RUN_PS_PER_NS);
	for (i = 0; i < r->faults.nr; i++) {
		const struct fault *f = &r->faults.fault[i];

		if (f->nr != o->struck[i])
			chrome_instant(&o->out.chrome, f->spec->name);
		o->struck[i] = f->nr;
	}
}

static void after_tick(void *arg, const struct run *r)
{
	struct run_output *o = arg;
	struct damon_balance b;

	ftrace_losses(&o->out.ftrace, &r->m.cpus, &r->stats);
	if (!o->windowed)
		return;
	o->windowed = false;
	run_balance(r, &b);
	output_window(&o->out, &r->ctx, &r->m.cpus, &b);
}

int run_output_prepare(struct run_output *o, const char *dir, bool force,
		       struct run_options *opt, struct output_error *err)
{
	opt->observe = begin;
	opt->before_step = before_step;
	opt->before_tick = before_tick;
	opt->after_tick = after_tick;
	opt->observe_arg = o;
	return output_prepare(&o->out, dir, force, err);
}

struct report {
	const struct run *r;
	double wall_s;
	bool points;
};

static int report(FILE *f, void *arg)
{
	const struct report *p = arg;

	return run_json(f, p->r, p->wall_s, p->points);
}

int run_output_finish(struct run_output *o, struct run *r, double wall_s,
		      bool points, struct output_error *err)
{
	struct report arg = { r, wall_s, points };
	int ret, last;

	/* Losses behind the last tick are losses too. */
	if (r && o->out.open) {
		output_set_now(&o->out, r->m.now_ps / RUN_PS_PER_NS);
		ftrace_losses(&o->out.ftrace, &r->m.cpus, &r->stats);
	}
	ret = output_finish(&o->out, r ? report : NULL, &arg, err);
	if (o->samples.sink) {
		last = run_samples_close(&o->samples, r, err);
		ret = ret ? ret : last;
	}
	free(o->struck);
	o->struck = NULL;
	return ret;
}
