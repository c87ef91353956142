// SPDX-License-Identifier: GPL-2.0
/*
 * The axioms of the kernel's memory model, for marked accesses without locks
 * and RCU, over relations that are sets of events by event.
 *
 * Source: tools/memory-model/linux-kernel.cat and .bell, Linux 6.12.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_lkmm.h"

static struct lkmm_rel join(struct lkmm_rel a, struct lkmm_rel b)
{
	for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
		a.to[i] |= b.to[i];
	return a;
}

static struct lkmm_rel meet(struct lkmm_rel a, struct lkmm_rel b)
{
	for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
		a.to[i] &= b.to[i];
	return a;
}

/* a;b */
static struct lkmm_rel then(struct lkmm_rel a, struct lkmm_rel b)
{
	struct lkmm_rel r = { 0 };

	for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
		for (u32 left = a.to[i]; left; left &= left - 1)
			r.to[i] |= b.to[__builtin_ctz(left)];
	return r;
}

/* a? */
static struct lkmm_rel maybe(struct lkmm_rel a)
{
	for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
		a.to[i] |= 1u << i;
	return a;
}

static struct lkmm_rel plus(struct lkmm_rel a)
{
	for (u32 k = 0; k < LKMM_EVENTS_MAX; k++)
		for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
			if (a.to[i] & 1u << k)
				a.to[i] |= a.to[k];
	return a;
}

static struct lkmm_rel star(struct lkmm_rel a)
{
	return maybe(plus(a));
}

static bool acyclic(struct lkmm_rel a)
{
	a = plus(a);
	for (u32 i = 0; i < LKMM_EVENTS_MAX; i++)
		if (a.to[i] & 1u << i)
			return false;
	return true;
}

/* Pairs of events of which @pick is true. */
static struct lkmm_rel pairs(const struct lkmm_test *d,
			     bool (*pick)(const struct lkmm_test *d, u32 a,
					  u32 b))
{
	struct lkmm_rel r = { 0 };

	for (u32 a = 0; a < d->nr; a++)
		for (u32 b = 0; b < d->nr; b++)
			if (a != b && pick(d, a, b))
				r.to[a] |= 1u << b;
	return r;
}

static bool is_int(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->e[a].thread == d->e[b].thread;
}

static bool is_ext(const struct lkmm_test *d, u32 a, u32 b)
{
	return !is_int(d, a, b);
}

static bool is_loc(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->e[a].var == d->e[b].var;
}

static bool is_rf(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->e[b].load && d->rf[b] == (int)a;
}

static bool is_co(const struct lkmm_test *d, u32 a, u32 b)
{
	return !d->e[a].load && !d->e[b].load && is_loc(d, a, b) &&
	       d->rank[a] < d->rank[b];
}

static bool is_fr(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->e[a].load && !d->e[b].load && is_loc(d, a, b) &&
	       (d->rf[a] < 0 || d->rank[d->rf[a]] < d->rank[b]);
}

static bool is_po_rel(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->po.to[a] & 1u << b && d->e[b].release;
}

static bool is_acq_po(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->po.to[a] & 1u << b && d->e[a].acquire;
}

static bool to_store(const struct lkmm_test *d, u32 a, u32 b)
{
	return !d->e[b].load;
}

static bool to_load(const struct lkmm_test *d, u32 a, u32 b)
{
	return d->e[b].load;
}

static bool allowed(const struct lkmm_test *d)
{
	struct lkmm_rel in = pairs(d, is_int), out = pairs(d, is_ext);
	struct lkmm_rel rf = pairs(d, is_rf), co = pairs(d, is_co);
	struct lkmm_rel fr = pairs(d, is_fr), rfe = meet(rf, out);
	struct lkmm_rel overwrite = join(co, fr), po_rel = pairs(d, is_po_rel);
	struct lkmm_rel dep = join(d->addr, d->data), ppo, cumul, prop, hb, pb;

	if (!acyclic(join(meet(d->po, pairs(d, is_loc)), join(rf, overwrite))))
		return false;
	pb = meet(d->rmw, then(meet(fr, out), meet(co, out)));
	for (u32 i = 0; i < d->nr; i++)
		if (pb.to[i])
			return false;
	ppo = meet(join(dep, d->ctrl), pairs(d, to_store));
	ppo = join(ppo, meet(overwrite, in));
	ppo = join(ppo, meet(d->addr, pairs(d, to_load)));
	ppo = join(ppo, then(dep, meet(rf, in)));
	ppo = join(ppo, join(d->mb, join(d->rmb, d->wmb)));
	ppo = join(ppo, join(po_rel, pairs(d, is_acq_po)));
	cumul = join(then(maybe(rfe), join(d->mb, po_rel)), d->wmb);
	cumul = then(cumul, star(then(rf, d->rmw)));
	prop = then(maybe(meet(overwrite, out)), then(star(cumul), maybe(rfe)));
	/* in has no pairs of an event and itself. */
	hb = join(join(ppo, rfe), meet(prop, in));
	pb = then(prop, then(d->mb, star(hb)));
	return acyclic(hb) && acyclic(pb);
}

static void note(struct lkmm_test *d)
{
	char text[192];
	int at = 0, last;
	u32 i, v;

	for (i = 0; i < d->nr; i++)
		if (d->e[i].load)
			at += snprintf(text + at, sizeof(text) - at,
				       "%u:r%u=%u; ", d->e[i].thread, i,
				       d->rf[i] < 0 ? 0 : d->e[d->rf[i]].value);
	for (v = 0; v < LKMM_VARS; v++) {
		for (last = -1, i = 0; i < d->nr; i++)
			if (!d->e[i].load && d->e[i].var == v &&
			    (last < 0 || d->rank[i] > d->rank[last]))
				last = i;
		at += snprintf(text + at, sizeof(text) - at, "%c=%u;%s",
			       'x' + v, last < 0 ? 0 : d->e[last].value,
			       v + 1 < LKMM_VARS ? " " : "");
	}
	for (i = 0; i < d->nr_states; i++)
		if (!strcmp(d->state[i].text, text))
			break;
	if (i == LKMM_STATES_MAX)
		abort();
	if (i == d->nr_states) {
		strcpy(d->state[d->nr_states++].text, text);
		d->state[i].nr = 0;
	}
	d->state[i].nr++;
}

/* Guess for event @i and those behind it. */
static void guess(struct lkmm_test *d, u32 i)
{
	u32 j, at, nr = 0, before[LKMM_EVENTS_MAX];

	if (i == d->nr) {
		if (allowed(d))
			note(d);
		return;
	}
	if (d->e[i].load) {
		for (j = 0; j < d->nr; j++)
			if (!d->e[j].load && is_loc(d, i, j)) {
				d->rf[i] = j;
				guess(d, i + 1);
			}
		d->rf[i] = -1;
		guess(d, i + 1);
		return;
	}
	/* Before, between or behind the stores that have places. */
	memcpy(before, d->rank, sizeof(before));
	for (j = 0; j < i; j++)
		nr += !d->e[j].load && is_loc(d, i, j);
	for (at = 0; at <= nr; at++) {
		for (j = 0; j < i; j++)
			if (!d->e[j].load && is_loc(d, i, j))
				d->rank[j] = before[j] + (before[j] >= at);
		d->rank[i] = at;
		guess(d, i + 1);
	}
	memcpy(d->rank, before, sizeof(before));
}

void lkmm_states(struct lkmm_test *d)
{
	guess(d, 0);
}
