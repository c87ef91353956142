// SPDX-License-Identifier: GPL-2.0
/* What the second opinion takes from a context, and what it finds different. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_damos_oracle.h"

void slow_hear(char *heard, u32 *nr, u32 max, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = vsnprintf(heard + *nr, max - *nr, format, args);
	va_end(args);
	if (*nr + ret < max)
		*nr += ret;
}

void slow_say(struct slow *o, const char *what, u64 a, u64 b, u64 c, u64 d,
	      u64 e, u64 f)
{
	slow_hear(o->heard, &o->nr_heard, sizeof(o->heard),
		  "%s %llu %llu %llu %llu %llu %llu\n", what, a, b, c, d, e, f);
}

static void drop_regions(struct slow *o)
{
	struct slow_region *r;
	u32 t;

	for (t = 0; t < SLOW_TARGETS; t++) {
		while ((r = o->first[t])) {
			o->first[t] = r->next;
			free(r);
		}
	}
}

void slow_take_regions(struct slow *o)
{
	struct slow_region *last, *new;
	u32 t, n;

	drop_regions(o);
	for (t = 0; t < o->ctx->nr_targets; t++) {
		last = NULL;
		for (n = 0; n < o->ctx->targets[t].regions.nr; n++) {
			const struct region *r =
				&o->ctx->targets[t].regions.at[n];

			new = malloc(sizeof(*new));
			if (!new)
				abort();
			*new = (struct slow_region){
				.start = r->start,
				.end = r->end,
				.nr = r->nr_accesses,
				.last = r->last_nr_accesses,
				.age = r->age,
				.sum_bp = r->moving_sum_bp,
				.prev = last,
			};
			memcpy(new->hits, r->probe_hits, 4);
			memcpy(new->last_hits, r->last_probe_hits, 4);
			if (last)
				last->next = new;
			else
				o->first[t] = new;
			last = new;
		}
	}
}

void slow_take_state(struct slow *o)
{
	u32 i, g;

	for (i = 0; i < o->ctx->nr_schemes; i++) {
		const struct scheme *from = slow_user(o, i);
		const struct quota_state *q = &from->quota.state;
		struct slow_scheme *s = &o->scheme[i];

		*s = (struct slow_scheme){
			.next_apply = from->next_apply_sis,
			.esz = q->esz,
			.esz_bp = q->esz_bp,
			.total_sz = q->total_charged_sz,
			.total_ns = q->total_charged_ns,
			.charged = q->charged_sz,
			.from = q->charged_from,
			.resume_target = (s32)q->charge_target_from - 1,
			.resume_addr = q->charge_addr_from,
			.min_score = q->min_score,
			.stat = from->stat,
			.last_space = -1,
		};
		for (g = 0; g < from->quota.nr_goals; g++) {
			s->goal_now[g] = from->quota.goal[g].current_value;
			s->goal_psi[g] = from->quota.goal[g].last_psi_us;
		}
	}
}

static const char *scheme_differs(const struct slow *o, u32 i)
{
	const struct scheme *from = slow_user(o, i);
	const struct quota_state *q = &from->quota.state;
	const struct slow_scheme *s = &o->scheme[i];
	u32 g;

	if (s->next_apply != from->next_apply_sis)
		return "next_apply_sis";
	if (s->esz != q->esz)
		return "esz";
	if (s->esz_bp != q->esz_bp)
		return "esz_bp";
	if (s->total_sz != q->total_charged_sz ||
	    s->total_ns != q->total_charged_ns)
		return "total charged";
	if (s->charged != q->charged_sz || s->from != q->charged_from)
		return "charged";
	if (s->resume_target != (s32)q->charge_target_from - 1 ||
	    s->resume_addr != q->charge_addr_from)
		return "where to go on";
	if (s->min_score != q->min_score)
		return "min_score";
	if (s->stat.nr_tried != from->stat.nr_tried ||
	    s->stat.sz_tried != from->stat.sz_tried)
		return "tried";
	if (s->stat.nr_applied != from->stat.nr_applied ||
	    s->stat.sz_applied != from->stat.sz_applied)
		return "applied";
	if (s->stat.sz_ops_filter_passed != from->stat.sz_ops_filter_passed)
		return "passed";
	if (s->stat.qt_exceeds != from->stat.qt_exceeds)
		return "qt_exceeds";
	if (s->stat.nr_snapshots != from->stat.nr_snapshots)
		return "nr_snapshots";
	for (g = 0; g < from->quota.nr_goals; g++)
		if (s->goal_now[g] != from->quota.goal[g].current_value)
			return "a goal's value";
	return NULL;
}

const char *slow_differs(const struct slow *o)
{
	const struct slow_region *r;
	const char *what;
	u32 t, n, i;

	for (t = 0; t < o->ctx->nr_targets; t++) {
		const struct regions *v = &o->ctx->targets[t].regions;

		for (r = o->first[t], n = 0; r && n < v->nr; r = r->next, n++)
			if (r->start != v->at[n].start ||
			    r->end != v->at[n].end ||
			    r->nr != v->at[n].nr_accesses ||
			    r->last != v->at[n].last_nr_accesses ||
			    r->age != v->at[n].age ||
			    r->sum_bp != v->at[n].moving_sum_bp ||
			    memcmp(r->hits, v->at[n].probe_hits, 4) ||
			    memcmp(r->last_hits, v->at[n].last_probe_hits, 4))
				return "a region";
		if (r || n != v->nr)
			return "the number of regions";
	}
	for (i = 0; i < o->ctx->nr_schemes; i++) {
		what = scheme_differs(o, i);
		if (what)
			return what;
	}
	return o->jiffies != o->ctx->jiffies ? "time" : NULL;
}

void slow_fini(struct slow *o)
{
	drop_regions(o);
}
