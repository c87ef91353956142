// SPDX-License-Identifier: GPL-2.0
/* The second opinion on scores, tuners and windows of quotas. */
#include "support_damos_oracle.h"

typedef unsigned __int128 u128;

static s64 hotness(struct slow *o, const struct slow_region *r, u32 i)
{
	const struct quota_limits *w = &slow_user(o, i)->quota.limits;
	s64 f = (u64)slow_frequency(o, r) * 100 / slow_window(o), age, hot;
	u64 s = (u64)r->age * o->ctx->attrs.aggr_us / 1000000;
	s64 bits = 0;

	while (s >> bits)
		bits++;
	age = (32 + (f ? bits : -bits)) * 100 / 32 / 2;
	if (!w->weight_nr_accesses && !w->weight_age)
		return 0;
	hot = ((s64)w->weight_nr_accesses * f + (s64)w->weight_age * age) /
	      ((s64)w->weight_nr_accesses + w->weight_age) * 99 / 100;
	return hot > 99 ? 99 : hot;
}

s64 slow_score(struct slow *o, const struct slow_region *r, u32 i)
{
	bool phys = o->ctx->ops_id == OPS_PADDR, old = slow_core(o) == 'D';

	switch (slow_user(o, i)->action) {
	case SCHEME_PAGEOUT:
		return 99 - hotness(o, r, i);
	case SCHEME_LRU_PRIO:
		return phys ? hotness(o, r, i) : 99;
	case SCHEME_LRU_DEPRIO:
		return phys ? 99 - hotness(o, r, i) : 99;
	case SCHEME_MIGRATE_HOT:
		return phys || !old ? hotness(o, r, i) : 99;
	case SCHEME_MIGRATE_COLD:
		return phys || !old ? 99 - hotness(o, r, i) : 99;
	default:
		return 99;
	}
}

bool slow_limited(struct slow *o, u32 i)
{
	const struct quota *q = &slow_user(o, i)->quota;
	bool any = q->limits.sz || q->limits.time_ms || q->nr_goals;

	return o->scheme[i].esz || (any && slow_core(o) != 'D');
}

bool slow_full(struct slow *o, u32 i)
{
	const struct slow_scheme *s = &o->scheme[i];
	u64 least = slow_core(o) == 'D' ? 1 : o->ctx->min_region_sz;

	return slow_limited(o, i) && (u128)s->charged + least > s->esz;
}

static u64 feedback(u64 in, u64 is)
{
	u128 d, change;

	if (is >= 20000)
		return 10000;
	if (is == 10000)
		return in;
	d = is > 10000 ? is - 10000 : 10000 - is;
	change = in < ~0ULL / (u64)d ? in * d / 10000 : in / 10000 * d;
	if (is > 10000)
		return in - change > 10000 ? in - change : 10000;
	return in + change >= ~0ULL ? ~0ULL : in + change;
}

static void tune(struct slow *o, u32 i)
{
	const struct quota *q = &slow_user(o, i)->quota;
	struct slow_scheme *s = &o->scheme[i];
	u64 esz = ~0ULL, best = 0, is, per_ms = 4 << 20, timed;
	u64 least = slow_core(o) == 'D' ? PAGE_BYTES : o->ctx->min_region_sz;
	u32 g;

	for (g = 0; g < q->nr_goals; g++) {
		s->goal_now[g] = slow_measure(o, i, g);
		is = (u64)((u128)s->goal_now[g] * 10000 /
			   q->goal[g].target_value);
		best = is > best ? is : best;
	}
	if (!q->limits.time_ms && !q->nr_goals) {
		s->esz = q->limits.sz;
		return;
	}
	if (q->nr_goals && q->limits.tuner == TUNER_CONSIST) {
		s->esz_bp =
			feedback(s->esz_bp < 10000 ? 10000 : s->esz_bp, best);
		esz = s->esz_bp / 10000;
	} else if (q->nr_goals) {
		s->esz_bp = best >= 10000 ? 0 :
			    q->limits.sz  ? q->limits.sz * 10000 :
					    ~0ULL;
		esz = s->esz_bp / 10000;
	}
	if (q->limits.time_ms) {
		if (s->total_ns)
			per_ms = (u128)s->total_sz * 1000000 / s->total_ns;
		timed = per_ms * q->limits.time_ms;
		if (slow_core(o) == 'D') {
			esz = timed < esz ? timed : esz;
			esz = esz < least ? least : esz;
		} else {
			timed = timed < least ? least : timed;
			esz = timed < esz ? timed : esz;
		}
	}
	if (q->limits.sz && q->limits.sz < esz)
		esz = q->limits.sz;
	s->esz = esz;
}

void slow_adjust(struct slow *o, u32 i)
{
	const struct quota *q = &slow_user(o, i)->quota;
	struct slow_scheme *s = &o->scheme[i];
	bool old = slow_core(o) == 'D';
	u64 at[100] = { 0 }, sum = 0, jiffies, before;
	struct slow_region *r;
	s64 now, max = 0;
	u32 t;

	if (!q->limits.sz && !q->limits.time_ms && !q->nr_goals &&
	    !(old && s->esz))
		return;
	if (!s->total_sz && !s->from) {
		s->from = o->jiffies;
		if (!old) {
			tune(o, i);
			slow_say(o, "esz", i, s->esz, 0, 0, 0, 0);
		}
	}
	jiffies = (q->limits.reset_interval_ms * o->ctx->hz + 999) / 1000;
	if (o->jiffies < s->from || o->jiffies - s->from >= jiffies) {
		s->stat.qt_exceeds += slow_full(o, i);
		s->total_sz += s->charged;
		s->from = o->jiffies;
		s->charged = 0;
		before = s->esz;
		tune(o, i);
		if (before != s->esz)
			slow_say(o, "esz", i, s->esz, 0, 0, 0, 0);
	}
	if (!o->ctx->ops->scheme_score)
		return;
	for (t = 0; t < o->ctx->nr_targets; t++) {
		for (r = o->first[t]; r; r = r->next) {
			if (!slow_in_pattern(o, r, i) ||
			    (!old && !slow_core_lets(o, t, r, i)))
				continue;
			now = slow_score(o, r, i);
			at[now] += slow_sz(r);
			max = now > max ? now : max;
		}
	}
	for (now = max; now > 0; now--) {
		sum += at[now];
		if (sum >= s->esz)
			break;
	}
	s->min_score = now;
}
