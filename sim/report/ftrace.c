// SPDX-License-Identifier: GPL-2.0
/* Tracepoints as text, see ftrace.h. */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/ftrace.h"
#include "report/losses.h"

/* The thread's number is made up; there is only one. */
#define TASK "kdamond.0"
#define TASK_PID 1

static_assert(PROBES_MAX == 4, "as many as are printed");

static const char head[] =
	"# tracer: nop\n"
	"#\n"
	"#                                _-----=> irqs-off/BH-disabled\n"
	"#                               / _----=> need-resched\n"
	"#                              | / _---=> hardirq/softirq\n"
	"#                              || / _--=> preempt-depth\n"
	"#                              ||| / _-=> migrate-disable\n"
	"#                              |||| /     delay\n"
	"#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
	"#              | |         |   |||||     |         |\n";

int ftrace_open(struct ftrace *t, const char *dir)
{
	int err;

	*t = (struct ftrace){ 0 };
	err = outfile_open(&t->file, dir, "trace.txt");
	outfile_put(&t->file, "%s", head);
	outfile_mark(&t->file);
	return err;
}

/* One line.  @cpu is where it happened. */
static void put(struct ftrace *t, u32 cpu, const char *event, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));

static void put(struct ftrace *t, u32 cpu, const char *event, const char *fmt,
		...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	outfile_put(&t->file, "%16s-%-7d [%03u] ..... %5llu.%06llu: %s: %s\n",
		    TASK, TASK_PID, cpu, t->now_ns / 1000000000,
		    t->now_ns / 1000 % 1000000, event, text);
	outfile_mark(&t->file);
}

static void ftrace_aggregated(void *data, const struct context *ctx, u32 target,
			      u32 nr_regions, const struct region *r)
{
	put(data, 0, "damon_aggregated",
	    "target_id=%u nr_regions=%u %llu-%llu: %u %u", target, nr_regions,
	    r->start, r->end, r->nr_accesses, r->age);
	if (ctx->profile->has_probes && ctx->probes.nr)
		put(data, 0, "damon_region_aggregated",
		    "target_id=%u nr_regions=%u %llu-%llu: %u %u "
		    "probe_hits=%02x %02x %02x %02x",
		    target, nr_regions, r->start, r->end, r->nr_accesses,
		    r->age, r->probe_hits[0], r->probe_hits[1],
		    r->probe_hits[2], r->probe_hits[3]);
}

static void ftrace_before_apply(void *data, const struct context *ctx,
				u32 scheme, u32 target, u32 nr_regions,
				const struct region *r, u32 nr_accesses)
{
	put(data, 0, "damos_before_apply",
	    "ctx_idx=0 scheme_idx=%u target_idx=%u nr_regions=%u %llu-%llu: "
	    "%u %u",
	    scheme, target, nr_regions, r->start, r->end, nr_accesses, r->age);
}

static void ftrace_esz(void *data, const struct context *ctx, u32 scheme,
		       u64 esz)
{
	if (ctx->profile->has_new_traces)
		put(data, 0, "damos_esz", "ctx_idx=0 scheme_idx=%u esz=%llu",
		    scheme, esz);
}

/* The second "sz_tried" is of what was applied: so the kernel prints it. */
static void ftrace_applied(void *data, const struct context *ctx, u32 scheme,
			   const struct scheme_stat *stat)
{
	if (ctx->profile->has_new_traces)
		put(data, 0, "damos_stat_after_apply_interval",
		    "ctx_idx=0 scheme_idx=%u nr_tried=%llu sz_tried=%llu "
		    "nr_applied=%llu sz_tried=%llu sz_ops_filter_passed=%llu "
		    "qt_exceeds=%llu nr_snapshots=%llu",
		    scheme, stat->nr_tried, stat->sz_tried, stat->nr_applied,
		    stat->sz_applied, stat->sz_ops_filter_passed,
		    stat->qt_exceeds, stat->nr_snapshots);
}

static void ftrace_goal(void *data, const struct context *ctx, u32 scheme,
			const struct goal *goal)
{
	if (goal->metric == GOAL_NODE_ELIGIBLE_MEM_BP)
		put(data, 0, "damos_node_eligible_mem_bp",
		    "context_idx=0 scheme_idx=%u nid=%d target_value=%llu "
		    "current_value=%llu",
		    scheme, goal->nid, goal->target_value, goal->current_value);
}

static void ftrace_tuned(void *data, const struct context *ctx, u64 sample_us)
{
	put(data, 0, "damon_monitor_intervals_tune", "sample_us=%llu",
	    sample_us);
}

const struct context_observer ftrace_observer = {
	.aggregated = ftrace_aggregated,
	.intervals_tuned = ftrace_tuned,
	.before_apply = ftrace_before_apply,
	.esz = ftrace_esz,
	.goal = ftrace_goal,
	.applied = ftrace_applied,
};

static void put_loss(struct ftrace *t, s32 cpu, int cause, unsigned long nr)
{
	char event[64];

	snprintf(event, sizeof(event), "damon_perf_lost_%s",
		 loss_texts[cause].name);
	if (cpu < 0)
		put(t, 0, event, "nr=%lu", nr);
	else
		put(t, cpu, event, "cpu=%d nr=%lu", cpu, nr);
}

static bool know_cpus(struct ftrace *t, u32 nr)
{
	void *grown;

	if (nr <= t->nr_told)
		return true;
	grown = realloc(t->told, nr * sizeof(*t->told));
	if (!grown)
		return false;
	t->told = grown;
	memset(&t->told[t->nr_told], 0, (nr - t->nr_told) * sizeof(*t->told));
	t->nr_told = nr;
	return true;
}

void ftrace_losses(struct ftrace *t, const struct cpus *cpus,
		   const struct damon_tick_stats *tick)
{
	unsigned long nr;
	u32 i;
	int cause;

	if (!know_cpus(t, cpus->nr)) {
		t->file.err = t->file.err ? t->file.err : -ENOMEM;
		return;
	}
	for (i = 0; i < cpus->nr; i++) {
		for (cause = 1; cpus->cpu[i] && cause < DAMON_NR_CPU_LOSSES;
		     cause++) {
			nr = local_read(&cpus->cpu[i]->stats.lost[cause]);
			if (nr != t->told[i][cause])
				put_loss(t, i, cause, nr - t->told[i][cause]);
			t->told[i][cause] = nr;
		}
	}
	for (cause = DAMON_NR_CPU_LOSSES; cause < DAMON_NR_LOSSES; cause++) {
		nr = tick->lost[cause];
		if (nr != t->tick_told[cause])
			put_loss(t, -1, cause, nr - t->tick_told[cause]);
		t->tick_told[cause] = nr;
	}
}

int ftrace_close(struct ftrace *t, u64 *nr_saved)
{
	int err = outfile_close(&t->file, "");

	/* The head is a mark too. */
	*nr_saved = t->file.nr_marks ? t->file.nr_marks - 1 : 0;
	free(t->told);
	t->told = NULL;
	return err;
}
