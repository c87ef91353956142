// SPDX-License-Identifier: GPL-2.0
/* The capture's clock drives the kdamond and the handlers; see replay.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <damon/handler.h>

#include "replay/replay.h"
#include "replay/setup.h"
#include "replay/targets.h"
#include "replay/watch.h"

/* Records read at once: 128 KiB, which stays in a core's second cache. */
#define BATCH 2048

/*
 * A clock that leaps by more than this between two records is taken for damage:
 * the kdamond would tick through it for minutes of ours for nothing.
 */
#define LEAP_NS (24 * 3600 * 1000000000ULL)

/*
 * So many windows after the last sample all is cold and stays so: nothing is
 * told of the windows to come, and they are passed over until the next sample.
 */
#define SILENT_WINDOWS 200

/* The machine's clock for quotas begins at 1 when the replay does. */
#define NS_PER_JIFFY (1000000000ULL / CONTEXT_HZ_DEFAULT)

/* Captures without times are played as if they had come evenly. */
#define UNTIMED_STEP_NS 10000

static int replay_fail(struct replay_error *err, int ret, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int replay_fail(struct replay_error *err, int ret, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return ret;
}

/* One tick of the kdamond, at next_tick_ns. */
static void replay_tick(struct replay *r)
{
	int err;

	r->now_ns = r->next_tick_ns;
	r->ctx.jiffies = 1 + (r->now_ns - r->begin_ns) / NS_PER_JIFFY;
	r->nr_ticks++;
	r->nr_ticks_blind += r->lost_in_tick || r->throttled;
	r->lost_in_tick = false;
	r->last_raised = r->raised ? r->nr_windows : r->last_raised;
	r->raised = false;
	if (r->opt.before_tick)
		r->opt.before_tick(r->opt.on_arg, r);
	err = kdamond_tick(&r->kdamond);
	if (r->opt.after_tick)
		r->opt.after_tick(r->opt.on_arg, r);
	if (!err)
		err = r->feed.err;
	if (err && !r->err)
		r->err = err;
	if (r->kdamond.state == KDAMOND_READY)
		kdamond_prepare(&r->kdamond);
	/* An interval of 0 is a tick as soon as possible. */
	r->next_tick_ns +=
		(r->kdamond.sleep_us ? r->kdamond.sleep_us : 1) * 1000;
}

/* Ticks up to @now_ns in which nothing happens, all at once. */
static void replay_skip(struct replay *r, u64 now_ns)
{
	u64 step_ns = r->kdamond.sleep_us * 1000;
	u64 idle = kdamond_idle_ticks(&r->kdamond), due;

	if (!idle || !step_ns || r->raised || r->lost_in_tick)
		return;
	due = (now_ns - r->next_tick_ns) / step_ns;
	idle = idle < due ? idle : due;
	kdamond_skip(&r->kdamond, idle);
	r->nr_ticks += idle;
	r->nr_ticks_blind += r->throttled ? idle : 0;
	r->next_tick_ns += idle * step_ns;
}

/* The rest of a long silence, but for its last window. */
static void replay_skip_silence(struct replay *r, u64 now_ns)
{
	u64 ticks = attrs_ticks(&r->ctx.attrs, r->ctx.attrs.aggr_us);
	u64 window_ns = ticks * r->kdamond.sleep_us * 1000, nr;

	if (r->raised || r->ctx.nr_schemes ||
	    r->nr_windows - r->last_raised < SILENT_WINDOWS || !window_ns ||
	    !kdamond_idle_ticks(&r->kdamond))
		return;
	nr = (now_ns - r->next_tick_ns) / window_ns;
	if (nr < 2)
		return;
	nr--;
	kdamond_skip_windows(&r->kdamond, nr);
	r->nr_windows += nr;
	r->nr_ticks += nr * ticks;
	r->nr_ticks_blind += r->throttled ? nr * ticks : 0;
	r->window_ns += nr * window_ns;
	r->next_tick_ns += nr * window_ns;
}

/* Let time pass until @now_ns. */
static void replay_advance(struct replay *r, u64 now_ns)
{
	while (r->next_tick_ns <= now_ns && !r->err) {
		replay_skip_silence(r, now_ns);
		replay_skip(r, now_ns);
		replay_tick(r);
	}
	if (now_ns > r->end_ns)
		r->end_ns = now_ns;
}

/* A sample raises the handler on its CPU. */
static inline int replay_sample(struct replay *r,
				const struct trace_record *rec)
{
	struct perf_sample_data data;
	struct damon_running who;
	enum damon_loss lost;
	struct cpu *cpu;
	int err;

	err = cpus_get(&r->cpus, rec->cpu, &cpu);
	if (unlikely(err))
		return err;
	r->raised = true;
	captured_sample(rec, &r->rules[rec->event], &data, &who);
	lost = damon_handle_sample(cpu->ring, &cpu->stats, &data, &r->sampling,
				   &who);
	/* Where probes go by weights nobody reads the ring: they see it. */
	if (lost && !(lost == DAMON_LOST_RING_FULL && probes_weighted(&r->ctx)))
		return 0;
	if (targets_news(r, rec))
		err = targets_learn(r, rec);
	if (r->ctx.memory.ops)
		schemes_touch(r, rec);
	if (!err && !r->sampling.phys)
		err = tally_add(&r->tally, rec->pid);
	return err;
}

/* What is no sample. */
static int replay_other(struct replay *r, const struct trace_record *rec)
{
	switch (rec->type) {
	case TRACE_LOST:
	case TRACE_LOST_SAMPLES:
		r->lost_in_tick = true;
		return 0;
	case TRACE_THROTTLE:
		r->throttled++;
		r->lost_in_tick = true;
		return 0;
	case TRACE_UNTHROTTLE:
		r->throttled -= r->throttled != 0;
		return 0;
	default:
		return targets_learn(r, rec);
	}
}

static int replay_record(struct replay *r, const struct trace_record *rec,
			 struct replay_error *err)
{
	u64 now_ns = r->end_ns;
	int ret;

	if (rec->has & TRACE_HAS_TIME) {
		now_ns = rec->time_ns;
	} else if (rec->type == TRACE_SAMPLE) {
		now_ns = r->end_ns + UNTIMED_STEP_NS;
		r->nr_untimed++;
	}
	if (now_ns >= r->next_tick_ns) {
		if (now_ns - r->next_tick_ns > LEAP_NS)
			return replay_fail(
				err, -EBADMSG,
				"a record's time is %llu.%09llu s, more than a "
				"day after the one before it: the capture's "
				"clock is damaged",
				now_ns / 1000000000, now_ns % 1000000000);
		replay_advance(r, now_ns);
	} else if (now_ns > r->end_ns) {
		r->end_ns = now_ns;
	}
	ret = rec->type == TRACE_SAMPLE ? replay_sample(r, rec) :
					  replay_other(r, rec);
	if (ret == -ERANGE)
		return replay_fail(
			err, -EBADMSG,
			"a sample is of CPU %u; expected less than %u",
			rec->cpu, CPUS_MAX);
	return ret;
}

static int replay_records(struct replay *r, const struct trace_record *recs,
			  size_t nr, struct replay_error *err)
{
	size_t i;
	int ret = setup_rules(r);

	for (i = 0; i < nr && !ret; i++)
		ret = replay_record(r, &recs[i], err);
	return ret ? ret : r->err;
}

/* The capture is at its end, or damaged: judge which, and say so. */
static int replay_fault(struct replay *r, int ret,
			const struct trace_error *fault,
			struct replay_error *err)
{
	char text[320];

	if (ret != -EBADMSG)
		return replay_fail(err, ret, "%s: %s", r->opt.path,
				   strerror(-ret));
	snprintf(text, sizeof(text), "offset %llu: %s", fault->offset,
		 fault->text);
	if (!r->opt.keep_going)
		return replay_fail(
			err, ret,
			"%s: %s; --keep-going reports what came before",
			r->opt.path, text);
	memcpy(r->damage, text, sizeof(r->damage));
	return 0;
}

/*
 * Read the beginning, as far as the survey goes, into *@recs, which grows with
 * it.  Return: how many records; @last is trace_read()'s last word.
 */
static long replay_read_head(struct replay *r, struct trace_record **recs,
			     struct trace_error *fault, long *last)
{
	struct trace_record *grown;
	long have = 0, room;

	do {
		room = have ? 2 * have : BATCH;
		grown = realloc(*recs, room * sizeof(*grown));
		if (!grown) {
			*last = -ENOMEM;
			return have;
		}
		*recs = grown;
		do {
			*last = trace_read(r->src, grown + have, room - have,
					   fault);
			have += *last > 0 ? *last : 0;
		} while (*last > 0 && have < room);
	} while (*last > 0 && have < SURVEY_RECORDS);
	return have;
}

/* One pass over the capture, by way of a look at its beginning. */
static int replay_pass(struct replay *r, struct replay_error *err)
{
	struct trace_record *recs = NULL;
	struct trace_error fault;
	long nr, last;
	int ret;

	nr = replay_read_head(r, &recs, &fault, &last);
	ret = setup_begin(r, recs, nr, err->text, sizeof(err->text));
	while (!ret && nr > 0) {
		ret = replay_records(r, recs, nr, err);
		if (r->opt.progress)
			r->opt.progress(r->opt.progress_arg, r);
		r->interrupted = r->opt.stop && *r->opt.stop;
		if (ret || last <= 0 || r->interrupted)
			break;
		nr = last = trace_read(r->src, recs, BATCH, &fault);
	}
	free(recs);
	if (!ret && last < 0 && !r->interrupted)
		ret = replay_fault(r, last, &fault, err);
	if (ret)
		return ret;
	/* One more look at the rings, and the window that is open. */
	replay_tick(r);
	watch_end(r);
	return r->err;
}

static int replay_open(struct replay *r, struct replay_error *err)
{
	struct trace_error fault = { 0 };
	int ret;

	ret = trace_open(&r->src, r->opt.path, &fault);
	if (ret == -EBADMSG)
		return replay_fail(err, ret, "%s: offset %llu: %s", r->opt.path,
				   fault.offset, fault.text);
	if (ret)
		return replay_fail(err, ret, "%s: %s", r->opt.path,
				   strerror(-ret));
	return 0;
}

static int replay_once(struct replay *r, const struct replay_options *opt,
		       struct replay_error *err)
{
	struct config_error cfg = { 0 };
	int ret;

	*r = (struct replay){ .opt = *opt };
	*err->text = '\0';
	if (opt->config_path && config_load(&r->config, opt->config_path, &cfg))
		return cfg.line ? replay_fail(err, -EINVAL, "%s:%u:%u: %s",
					      cfg.file, cfg.line, cfg.column,
					      cfg.text) :
				  replay_fail(err, -EINVAL, "%s: %s", cfg.file,
					      cfg.text);
	ret = replay_open(r, err);
	if (!ret)
		ret = replay_pass(r, err);
	if (ret && !*err->text)
		replay_fail(err, ret, "%s: %s", opt->path, strerror(-ret));
	return ret;
}

int replay_run(struct replay *r, const struct replay_options *opt,
	       struct replay_error *err)
{
	struct replay_options again = *opt;
	int ret = replay_once(r, opt, err);

	/*
	 * The process was chosen by the capture's beginning.  If by the end
	 * another one has more samples, that one was meant.
	 */
	if (ret || opt->config_path || opt->has_pid || r->sampling.phys ||
	    r->interrupted || !trace_can_reopen(r->src) ||
	    !tally_top(&r->tally, &again.pid) || again.pid == r->plan.pid)
		return ret;
	again.has_pid = true;
	replay_fini(r);
	ret = replay_once(r, &again, err);
	r->opt.has_pid = false;
	return ret;
}

void replay_fini(struct replay *r)
{
	schemes_fini(r);
	targets_fini(r);
	free(r->rules);
	tally_fini(&r->tally);
	if (r->ctx.profile)
		context_fini(&r->ctx);
	feed_fini(&r->feed);
	cpus_fini(&r->cpus);
	config_fini(&r->config);
	if (r->src)
		trace_close(r->src);
	*r = (struct replay){ 0 };
}

void replay_balance(const struct replay *r, struct damon_balance *b)
{
	u32 i;

	*b = (struct damon_balance){ 0 };
	for (i = 0; i < r->cpus.nr; i++) {
		const struct cpu *cpu = r->cpus.cpu[i];

		if (cpu)
			damon_balance_add_cpu(b, &cpu->stats,
					      damon_ring_pending(cpu->ring));
	}
	damon_balance_add_tick(b, &r->feed.tick.stats);
}
