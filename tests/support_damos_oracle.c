// SPDX-License-Identifier: GPL-2.0
/* A pass of schemes on linked regions, see support_damos_oracle.h. */
#include <stdlib.h>

#include "support_damos_oracle.h"

typedef unsigned __int128 u128;

static u32 mixture(struct slow *o, u32 nr, u32 last)
{
	u64 now = o->ctx->passed_sample_intervals;
	u64 next = o->ctx->next_aggregation_sis, missing_bp;

	if (now >= next)
		return nr;
	missing_bp = (u128)(next - now) * 10000 / slow_window(o);
	if (missing_bp == 10000)
		return last;
	return nr + (u64)((u128)last * missing_bp / 10000);
}

u32 slow_frequency(struct slow *o, const struct slow_region *r)
{
	if (slow_core(o) != 'N')
		return r->sum_bp / 10000;
	return mixture(o, r->nr, r->last);
}

/* Is the weighted sum of the hits one that the filter means? */
static bool summed_in(struct slow *o, const struct slow_region *r,
		      const struct filter *f)
{
	u128 sum = 0;
	u32 i;

	for (i = 0; i < o->ctx->probes.nr; i++)
		sum += (u128)o->ctx->probes.at[i].weight *
		       (mixture(o, r->hits[i], r->last_hits[i]) % 256);
	sum %= (u128)1 << 32;
	return sum >= f->wsum.min && sum <= f->wsum.max;
}

bool slow_in_pattern(struct slow *o, const struct slow_region *r, u32 i)
{
	const struct scheme_pattern *p = &slow_user(o, i)->pattern;
	u32 f = slow_frequency(o, r);

	return p->min_sz <= slow_sz(r) && slow_sz(r) <= p->max_sz &&
	       p->min_nr_accesses <= f && f <= p->max_nr_accesses &&
	       p->min_age <= r->age && r->age <= p->max_age;
}

void slow_cut(struct slow_region *r, u64 left)
{
	struct slow_region *right;

	if (!left || left >= slow_sz(r))
		return;
	right = malloc(sizeof(*right));
	if (!right)
		abort();
	*right = *r;
	right->start = r->end = r->start + left;
	right->prev = r;
	r->next = right;
	if (right->next)
		right->next->prev = right;
}

bool slow_core_lets(struct slow *o, u32 target, struct slow_region *r, u32 i)
{
	const struct filters *v = &slow_user(o, i)->core_filters;
	u64 least = o->ctx->min_region_sz, from, to;
	bool in;
	u32 n;

	o->scheme[i].core_allowed = false;
	for (n = 0; n < v->nr; n++) {
		const struct filter *f = &v->at[n];

		if (f->type == FILTER_TARGET) {
			in = f->target >= 0 && (u32)f->target == target;
		} else if (f->type == FILTER_PROBE_HITS_WSUM) {
			in = summed_in(o, r, f);
		} else {
			from = slow_down(f->addr.min, least);
			to = slow_down(f->addr.max, least);
			if (r->start >= from && r->end <= to) {
				in = true;
			} else if (r->start >= to || r->end <= from) {
				in = false;
			} else if (r->start < from) {
				in = false;
				slow_cut(r, from - r->start);
			} else {
				in = true;
				slow_cut(r, to - r->start);
			}
		}
		if (in != f->matching)
			continue;
		o->scheme[i].core_allowed = f->allow;
		return f->allow;
	}
	/* Who allows some last means to keep out the rest. */
	return slow_user(o, i)->ops_filters.nr || !v->nr ||
	       !v->at[v->nr - 1].allow;
}

/* Was it served in this round?  A part that was is cut off. */
static bool served(struct slow *o, u32 t, struct slow_region *r, u32 i)
{
	struct slow_scheme *s = &o->scheme[i];
	u64 least = o->ctx->min_region_sz, part;
	bool was = false;

	if (s->resume_target != -1 && (u32)s->resume_target != t)
		return true;
	if (s->resume_target != -1 && s->resume_addr > r->start) {
		was = true;
		if (s->resume_addr < r->end) {
			part = slow_down(s->resume_addr - r->start, least);
			if (part)
				slow_cut(r, part);
			else if (slow_sz(r) > least)
				slow_cut(r, least);
		}
	}
	if (!r->next) {
		s->resume_target = -1;
		s->resume_addr = 0;
	}
	return was;
}

static u32 count(const struct slow_region *r)
{
	u32 nr = 0;

	for (; r; r = r->next)
		nr++;
	return nr;
}

static void act(struct slow *o, u32 t, struct slow_region *r, u32 i)
{
	const struct quota_limits *l = &slow_user(o, i)->quota.limits;
	struct slow_scheme *s = &o->scheme[i];
	u64 tried = slow_sz(r), done = 0, passed = 0, f = slow_frequency(o, r),
	    failed;
	u64 began;

	if (slow_limited(o, i) && s->charged + tried > s->esz) {
		tried = slow_down(s->esz - s->charged, o->ctx->min_region_sz);
		if (!tried)
			goto stat;
		slow_cut(r, tried);
	}
	if (!slow_core_lets(o, t, r, i))
		return;
	if (slow_core(o) == 'D')
		tried = slow_sz(r);
	slow_say(o, "before", i, t, count(o->first[t]), r->start, r->end, f);
	began = o->jiffies;
	done = slow_act(o, t, r->start, r->end, i, &passed);
	o->jiffies += slow_takes(r->start);
	s->total_ns += (o->jiffies - began) * (1000000000 / o->ctx->hz);
	failed = tried - done;
	if (slow_core(o) == 'D' || !l->fail_charge_denom || done > tried)
		s->charged += tried;
	else
		s->charged += done + (u64)((u128)failed * l->fail_charge_num /
					   l->fail_charge_denom);
	if (slow_full(o, i)) {
		s->resume_target = t;
		s->resume_addr = r->end;
	}
	if (slow_user(o, i)->action != SCHEME_STAT)
		r->age = 0;
stat:
	s->stat.nr_tried++;
	s->stat.sz_tried += tried;
	s->stat.nr_applied += done > 0;
	s->stat.sz_applied += done;
	s->stat.sz_ops_filter_passed += passed;
}

static bool due(struct slow *o, u32 i)
{
	return o->ctx->passed_sample_intervals >= o->scheme[i].next_apply;
}

static void schemes_on(struct slow *o, u32 t, struct slow_region *r)
{
	u32 i;

	for (i = 0; i < o->ctx->nr_schemes; i++) {
		struct slow_scheme *s = &o->scheme[i];
		u64 max = slow_user(o, i)->max_nr_snapshots;

		if (!due(o, i) || !slow_user(o, i)->wmarks.activated ||
		    slow_full(o, i))
			continue;
		if (served(o, t, r, i))
			continue;
		if (slow_core(o) != 'D' && max && s->stat.nr_snapshots >= max)
			continue;
		if (slow_in_pattern(o, r, i) &&
		    (!slow_limited(o, i) || !o->ctx->ops->scheme_score ||
		     slow_score(o, r, i) >= (s64)s->min_score))
			act(o, t, r, i);
		s->stat.nr_snapshots += slow_core(o) != 'D' && !r->next;
	}
}

/* Is the left one's end the right one's begin, in all? */
static bool alike(const struct slow_region *l, const struct slow_region *r)
{
	return l->end == r->start && l->age == r->age && l->nr == r->nr &&
	       l->last == r->last;
}

static void pass_target(struct slow *o, u32 t, u64 limit)
{
	struct slow_region *r, *l;

	for (r = o->first[t]; r; r = r->next) {
		schemes_on(o, t, r);
		l = r->prev;
		if (slow_core(o) == 'D' || !l || !alike(l, r) ||
		    r->end - l->start > limit)
			continue;
		l->end = r->end;
		l->next = r->next;
		if (r->next)
			r->next->prev = l;
		free(r);
		r = l;
	}
}

void slow_pass(struct slow *o)
{
	const struct attrs *attrs = &o->ctx->attrs;
	u64 total = 0, interval;
	const struct slow_region *r;
	bool work = false;
	u32 i, t;

	slow_take_regions(o);
	o->jiffies = o->ctx->jiffies;
	o->nr_heard = 0;
	o->heard[0] = 0;
	for (i = 0; i < o->ctx->nr_schemes; i++) {
		o->scheme[i].next_apply = slow_user(o, i)->next_apply_sis;
		if (due(o, i) && slow_user(o, i)->wmarks.activated) {
			work = true;
			slow_adjust(o, i);
		}
	}
	if (!work)
		return;
	for (t = 0; t < o->ctx->nr_targets; t++)
		for (r = o->first[t]; r; r = r->next)
			total += slow_sz(r);
	total /= attrs->min_nr_regions;
	if (total < o->ctx->min_region_sz)
		total = o->ctx->min_region_sz;
	for (t = 0; t < o->ctx->nr_targets; t++)
		pass_target(o, t, total);
	for (i = 0; i < o->ctx->nr_schemes; i++) {
		if (!due(o, i))
			continue;
		interval = slow_user(o, i)->apply_interval_us;
		o->scheme[i].next_apply =
			o->ctx->passed_sample_intervals +
			slow_ticks(o, interval ? interval : attrs->aggr_us);
		o->scheme[i].last_space = -1;
		slow_say(o, "stat", i, o->scheme[i].stat.nr_tried,
			 o->scheme[i].stat.sz_applied,
			 o->scheme[i].stat.nr_snapshots, 0, 0);
	}
}
