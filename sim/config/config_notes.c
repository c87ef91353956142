// SPDX-License-Identifier: GPL-2.0
/*
 * The rules, see config_notes.h.
 *
 * Each rule is one question about one thing.  What a kernel of 6.12 lacks is a
 * rule like others, asked only under that profile.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <damon/event.h>

#include "config/config_notes.h"

/* kernel.perf_event_max_sample_rate, unless it was changed. */
#define PERF_FREQ_MAX 100000

/* perf_event_attr.type of events that are given by their number. */
#define PERF_TYPE_RAW 4

/**
 * struct asked - who is asked about what.
 * @notes:	answers
 * @cfg:	all
 * @ctx:	context at hand
 * @place:	of what is at hand
 * @err:	no memory for an answer
 */
struct asked {
	struct config_notes *notes;
	const struct config *cfg;
	const struct config_context *ctx;
	char place[96];
	int err;
};

static void note(struct asked *a, enum config_weight weight, int error,
		 const char *key, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

static void note(struct asked *a, enum config_weight weight, int error,
		 const char *key, const char *fmt, ...)
{
	struct config_notes *notes = a->notes;
	u32 max = notes->max ? 2 * notes->max : 16;
	struct config_note *n;
	va_list args;

	if (notes->nr == notes->max) {
		n = realloc(notes->at, max * sizeof(*n));
		if (!n) {
			a->err = -ENOMEM;
			return;
		}
		notes->at = n;
		notes->max = max;
	}
	n = &notes->at[notes->nr++];
	*n = (struct config_note){ .weight = weight, .error = error };
	snprintf(n->place, sizeof(n->place), "%.70s%s%s", a->place,
		 *a->place && *key ? "." : "", key);
	va_start(args, fmt);
	vsnprintf(n->text, sizeof(n->text), fmt, args);
	va_end(args);
}

static bool is_old(const struct asked *a)
{
	return a->cfg->profile == CONFIG_PROFILE_D;
}

/* Something that 6.12 has no file for: there is nowhere to write it. */
static void lacks(struct asked *a, const char *key)
{
	note(a, CONFIG_REFUSED, -ENOENT, key,
	     "6.12 does not have this; leave it out, or use profile N");
}

/* Something that only the newest core has. */
static void lacks_probes(struct asked *a, const char *key)
{
	if (is_old(a))
		lacks(a, key);
	else if (a->cfg->profile == CONFIG_PROFILE_M)
		note(a, CONFIG_REFUSED, -ENOENT, key,
		     "kernels up to 7.2 do not have this; leave it out, or "
		     "use profile N");
}

static u64 window_ticks(const struct config_context *ctx)
{
	return ctx->intervals.aggr_us / ctx->intervals.sample_us;
}

/* Is a bound, "max" apart, more windows than the kernel has bits for? */
static bool is_cut(const struct config_bounds *b, u64 us)
{
	bool min = b->unit == CONFIG_UNIT_US && b->min / us > UINT_MAX;
	bool max = b->unit == CONFIG_UNIT_US && b->max / us > UINT_MAX;

	return min || (max && b->max != CONFIG_NO_BOUND);
}

static void ask_pattern(struct asked *a, const struct config_scheme *s)
{
	u64 ticks = window_ticks(a->ctx);
	struct config_core_pattern p;

	config_pattern_to_core(&s->pattern, &a->ctx->intervals, &p);
	if (p.max_sz < config_min_region_sz(a->ctx))
		note(a, CONFIG_IGNORED, 0, "access_pattern.sz_bytes",
		     "no region is that small: the scheme never acts; the "
		     "kernel's own default of 0 to 0 is such a pattern");
	if (p.min_nr_accesses > ticks)
		note(a, CONFIG_IGNORED, 0, "access_pattern.nr_accesses",
		     "a window has %llu ticks and no region more accesses "
		     "than that: the scheme never acts",
		     ticks);
	if (is_cut(&s->pattern.age, a->ctx->intervals.aggr_us))
		note(a, CONFIG_SURPRISING, 0, "access_pattern.age",
		     "more than %u windows: the kernel keeps the lower 32 bits "
		     "of the number",
		     UINT_MAX);
	if (s->pattern.age.min && !p.min_age)
		note(a, CONFIG_SURPRISING, 0, "access_pattern.age",
		     "ages count in windows of %llu us: that little is none",
		     a->ctx->intervals.aggr_us);
}

static bool is_migration(const struct config_scheme *s)
{
	return s->action == CONFIG_MIGRATE_HOT ||
	       s->action == CONFIG_MIGRATE_COLD;
}

static void ask_action(struct asked *a, const struct config_scheme *s)
{
	bool paddr = a->ctx->ops == CONFIG_OPS_PADDR, idle;

	switch (s->action) {
	case CONFIG_WILLNEED:
	case CONFIG_COLD:
	case CONFIG_HUGEPAGE:
	case CONFIG_NOHUGEPAGE:
	case CONFIG_COLLAPSE:
		idle = paddr;
		break;
	case CONFIG_LRU_PRIO:
	case CONFIG_LRU_DEPRIO:
		idle = !paddr;
		break;
	default:
		idle = !paddr && is_old(a) && is_migration(s);
	}
	if (idle)
		note(a, CONFIG_IGNORED, 0, "action",
		     "%s does not do this: regions are tried and nothing is "
		     "applied",
		     paddr ? "paddr" : "vaddr");
	if (is_old(a) && s->action == CONFIG_COLLAPSE)
		lacks(a, "action");
	if (!s->nr_dests)
		return;
	if (is_old(a))
		lacks(a, "dests");
	else if (paddr)
		note(a, CONFIG_IGNORED, 0, "dests",
		     "paddr looks at target_nid alone");
	else if (is_migration(s) && s->target_nid != CONFIG_NO_ID)
		note(a, CONFIG_IGNORED, 0, "target_nid",
		     "with dests vaddr does not look at it");
	else if (!is_migration(s))
		note(a, CONFIG_IGNORED, 0, "dests", "no migration");
}

static bool looks_at_folios(const struct asked *a,
			    const struct config_scheme *s)
{
	return a->ctx->ops == CONFIG_OPS_PADDR || is_migration(s) ||
	       s->action == CONFIG_STAT;
}

static void ask_filters(struct asked *a, const struct config_scheme *s)
{
	u64 min = config_min_region_sz(a->ctx);
	char key[32];
	u32 i;

	for (i = 0; i < s->nr_filters; i++) {
		const struct config_filter *f = &s->filters[i];
		bool core = f->type == CONFIG_FILTER_ADDR ||
			    f->type == CONFIG_FILTER_TARGET ||
			    f->type == CONFIG_FILTER_PROBE_HITS_WSUM;

		snprintf(key, sizeof(key), "filters[%u]", i);
		if (f->type == CONFIG_FILTER_ADDR &&
		    ((f->addr.start | f->addr.end) & (min - 1)))
			note(a, CONFIG_SURPRISING, 0, key,
			     "both ends are rounded down to multiples of %llu",
			     min);
		if (!core && !looks_at_folios(a, s))
			note(a, CONFIG_IGNORED, 0, key,
			     "this action of vaddr asks no filter of folios");
		if (is_old(a) && (f->allow || f->type == CONFIG_FILTER_ACTIVE ||
				  f->type == CONFIG_FILTER_HUGEPAGE_SIZE ||
				  f->type == CONFIG_FILTER_UNMAPPED))
			lacks(a, key);
		else if (f->type == CONFIG_FILTER_PROBE_HITS_WSUM)
			lacks_probes(a, key);
	}
}

static void ask_goals(struct asked *a, const struct config_quotas *q)
{
	char key[32];
	u32 i;

	for (i = 0; i < q->nr_goals && is_old(a); i++) {
		snprintf(key, sizeof(key), "quotas.goals[%u].metric", i);
		if (q->goals[i].metric > CONFIG_SOME_MEM_PSI_US)
			lacks(a, key);
	}
	if (q->nr_goals > 1)
		note(a, CONFIG_SURPRISING, 0, "quotas.goals",
		     "of several goals the one that is reached most decides");
	if (q->nr_goals && q->goal_tuner == CONFIG_CONSIST)
		note(a, CONFIG_SURPRISING, 0, "quotas.goal_tuner",
		     "consist begins at 1 byte and at most doubles: nothing is "
		     "done in the first 12 windows of the quota");
	if (q->nr_goals && q->goal_tuner == CONFIG_TEMPORAL && !q->sz_bytes)
		note(a, CONFIG_SURPRISING, 0, "quotas.sz_bytes",
		     "temporal without a size does everything at once until "
		     "the goal is reached");
	if (is_old(a) && q->nr_goals && q->goal_tuner == CONFIG_TEMPORAL)
		lacks(a, "quotas.goal_tuner");
}

static void ask_quotas(struct asked *a, const struct config_scheme *s)
{
	const struct config_quotas *q = &s->quotas;
	bool set = q->sz_bytes || q->time_ms || q->nr_goals;

	ask_goals(a, q);
	if (is_old(a) && (q->fail_charge_num || q->fail_charge_denom))
		lacks(a, "quotas.fail_charge_num");
	if (!set)
		return;
	if (!q->weights.nr_accesses_permil && !q->weights.age_permil)
		note(a, CONFIG_SURPRISING, 0, "quotas.weights",
		     "without weights all regions score the same: the quota "
		     "goes to the lowest addresses");
	if (!q->reset_interval_ms)
		note(a, CONFIG_SURPRISING, 0, "quotas.reset_interval_ms",
		     "0 begins a new window each time the scheme is applied");
	if (q->sz_bytes && q->sz_bytes < config_min_region_sz(a->ctx))
		note(a, CONFIG_IGNORED, 0, "quotas.sz_bytes",
		     "less than a page: the scheme never acts");
	if (is_old(a))
		note(a, CONFIG_SURPRISING, 0, "quotas",
		     "6.12 sets no limit at all until the first window of the "
		     "quota is over");
	if (is_migration(s) && !q->fail_charge_denom)
		note(a, CONFIG_SURPRISING, 0, "quotas",
		     "what is on its node already, or cannot be moved, is "
		     "charged all the same");
}

static void ask_scheme(struct asked *a, const struct config_scheme *s)
{
	const struct config_wmarks *w = &s->wmarks;

	ask_action(a, s);
	ask_pattern(a, s);
	ask_quotas(a, s);
	ask_filters(a, s);
	if (w->metric != CONFIG_WMARK_NONE && !w->interval_us)
		note(a, CONFIG_SURPRISING, 0, "watermarks.interval_us",
		     "0 keeps monitoring going while the scheme sleeps");
	if (s->apply_interval_us &&
	    s->apply_interval_us < a->ctx->intervals.sample_us)
		note(a, CONFIG_SURPRISING, 0, "apply_interval_us",
		     "shorter than a tick: the scheme is applied in each");
	if (is_old(a) && s->stats.max_nr_snapshots)
		lacks(a, "stats.max_nr_snapshots");
}

static void ask_event(struct asked *a, const struct config_perf_event *e, u32 i)
{
	const struct damon_event_attr attr = {
		.precise_ip = e->precise_ip,
		.freq = e->freq,
		.sample_freq = e->sample_freq,
		.sample_period = e->sample_period,
	};
	bool paddr = a->ctx->ops == CONFIG_OPS_PADDR;
	char key[48];

	snprintf(key, sizeof(key), "sample_control.perf_events[%u]", i);
	if (damon_event_attr_check(&attr, PERF_FREQ_MAX))
		note(a, CONFIG_REFUSED, -EINVAL, key,
		     "sample_freq is at most %u, sample_period below 2^63",
		     PERF_FREQ_MAX);
	if (paddr && !e->sample_phys_addr)
		note(a, CONFIG_IGNORED, 0, key,
		     "without sample_phys_addr no sample has a physical "
		     "address: all are lost");
	else if (paddr && e->type == PERF_TYPE_RAW)
		note(a, CONFIG_IGNORED, 0, key,
		     "the driver of Intel's PMU never hands over a physical "
		     "address: all samples are lost; use vaddr");
	if (!e->freq && !e->wakeup_events)
		note(a, CONFIG_SURPRISING, 0, key,
		     "a period without wakeup_events lets PEBS keep records "
		     "back, of which only the last is seen");
}

static void ask_events(struct asked *a)
{
	const struct config_sample_control *c = &a->ctx->sample_control;
	u32 i;

	for (i = 0; i < c->nr_events; i++)
		ask_event(a, &c->events[i], i);
	if (c->nr_events && a->ctx->addr_unit != 1)
		note(a, CONFIG_SURPRISING, 0, "addr_unit",
		     "samples are of bytes: the posted series compares them "
		     "with units, this one multiplies");
	if (!c->nr_events && !c->primitives.page_table &&
	    !c->primitives.page_fault)
		note(a, CONFIG_IGNORED, 0, "sample_control",
		     "nothing looks for accesses: enable a primitive, or give "
		     "perf_events");
	if (c->primitives.page_fault)
		note(a, CONFIG_SURPRISING, 0,
		     "sample_control.primitives_enabled.page_fault",
		     "replay takes its samples from the capture instead");
}

static void ask_targets(struct asked *a)
{
	u64 min = config_min_region_sz(a->ctx);
	char key[48];
	u32 i, j;

	for (i = 0; i < a->ctx->nr_targets; i++) {
		const struct config_target *t = &a->ctx->targets[i];

		snprintf(key, sizeof(key), "targets[%u].obsolete", i);
		if (is_old(a) && t->obsolete)
			lacks(a, key);
		for (j = 0; j < t->nr_regions; j++) {
			if (!((t->regions[j].start | t->regions[j].end) &
			      (min - 1)))
				continue;
			snprintf(key, sizeof(key), "targets[%u].regions[%u]", i,
				 j);
			note(a, CONFIG_SURPRISING, 0, key,
			     "is widened to multiples of %llu", min);
		}
	}
}

static bool has_weight(const struct config_context *ctx)
{
	u32 i;

	for (i = 0; i < ctx->nr_probes; i++)
		if (ctx->probes[i].weight)
			return true;
	return false;
}

static void ask_probes(struct asked *a)
{
	const struct config_context *ctx = a->ctx;
	char key[48];
	u32 i, j, k;

	if (ctx->nr_probes)
		lacks_probes(a, "probes");
	if (ctx->nr_probes && ctx->ops != CONFIG_OPS_PADDR)
		note(a, CONFIG_IGNORED, 0, "probes",
		     "probes are asked of physical addresses only: none ever "
		     "hits");
	if (has_weight(ctx))
		note(a, CONFIG_SURPRISING, 0, "probes",
		     "with a weight nothing looks for accesses any more: "
		     "nr_accesses stay 0%s",
		     ctx->sample_control.nr_events ?
			     ", and no sample is ever read" :
			     "");
	else if (ctx->nr_probes && window_ticks(ctx) > 255)
		note(a, CONFIG_SURPRISING, 0, "probes",
		     "counts of hits have 8 bits: in %llu ticks they may wrap",
		     window_ticks(ctx));
	for (i = 0; i < ctx->nr_schemes && !has_weight(ctx); i++) {
		const struct config_scheme *s = &ctx->schemes[i];

		for (j = 0, k = 0; j < s->nr_filters; j++)
			k += s->filters[j].type ==
			     CONFIG_FILTER_PROBE_HITS_WSUM;
		snprintf(key, sizeof(key), "schemes[%u].filters", i);
		if (k)
			note(a, CONFIG_SURPRISING, 0, key,
			     "no probe has a weight: probe_hits_wsum is "
			     "always 0");
	}
}

static void ask_context(struct asked *a)
{
	const struct config_context *ctx = a->ctx;

	if (window_ticks(ctx) < 10)
		note(a, CONFIG_SURPRISING, 0, "intervals",
		     "a window of %llu ticks: with fewer than 10 accesses "
		     "regions are merged only if they are equal",
		     window_ticks(ctx));
	ask_targets(a);
	ask_events(a);
	ask_probes(a);
	if (!is_old(a))
		return;
	if (ctx->addr_unit != 1)
		lacks(a, "addr_unit");
	if (ctx->pause)
		lacks(a, "pause");
	if (ctx->intervals.goal.aggrs)
		lacks(a, "intervals.intervals_goal");
}

static void ask_kdamonds(struct asked *a)
{
	u32 i, with_events = 0;

	for (i = 0; i < a->cfg->nr_kdamonds; i++)
		with_events += a->cfg->kdamonds[i]
				       .contexts->sample_control.nr_events != 0;
	if (with_events > 1)
		note(a, CONFIG_REFUSED, -EBUSY, "kdamonds",
		     "%u of them have perf_events: rings have one consumer",
		     with_events);
}

int config_notes(struct config_notes *notes, const struct config *cfg)
{
	struct asked a = { .notes = notes, .cfg = cfg };
	u32 i, j;

	*notes = (struct config_notes){ 0 };
	ask_kdamonds(&a);
	for (i = 0; i < cfg->nr_kdamonds; i++) {
		snprintf(a.place, sizeof(a.place), "kdamonds[%u]", i);
		if (is_old(&a) && cfg->kdamonds[i].refresh_ms)
			lacks(&a, "refresh_ms");
		a.ctx = cfg->kdamonds[i].contexts;
		snprintf(a.place, sizeof(a.place), "kdamonds[%u].contexts[0]",
			 i);
		ask_context(&a);
		for (j = 0; j < a.ctx->nr_schemes; j++) {
			snprintf(a.place, sizeof(a.place),
				 "kdamonds[%u].contexts[0].schemes[%u]", i, j);
			ask_scheme(&a, &a.ctx->schemes[j]);
		}
	}
	return a.err;
}

void config_notes_fini(struct config_notes *notes)
{
	free(notes->at);
	*notes = (struct config_notes){ 0 };
}
