// SPDX-License-Identifier: GPL-2.0
/*
 * The weak model against the axioms of the kernel's, on litmus tests that are
 * drawn: without exchanges no end is missing; two in a thousand tests may have
 * an end too many, or miss one that needs exchanges.  docs/MEMORY-MODEL.md says
 * which these are.
 *
 * usage: prop_litmus [N [seed [kinds]]]
 *
 * N tests (100) of each sort; kinds is a sum of 1 release and acquire, 2 full
 * fences, 4 read and write fences, 8 exchanges, 16 dependencies, for those
 * alone, with each that differs printed.
 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus.h"
#include "support_lkmm.h"
#include "support_rng.h"

enum { ACQ_REL = 1, FULL = 2, RW_FENCES = 4, SWAPS = 8, DEPS = 16 };

/**
 * struct drawing - a thread that is being drawn.
 * @sofar:	its events
 * @mb, @rmb, @wmb: events that a fence stands behind
 * @ctrl:	loads that a branch depends on
 * @open:	braces to be closed
 */
struct drawing {
	struct lkmm_test *d;
	struct support_rng *rng;
	u32 kinds;
	u32 thread;
	u32 sofar, mb, rmb, wmb, ctrl;
	u32 open;
	int at;
};

static void say(struct drawing *w, const char *text)
{
	struct lkmm_test *d = w->d;

	w->at += snprintf(d->text + w->at, sizeof(d->text) - w->at, "%s", text);
}

static u32 add(struct drawing *w, bool load, u32 var, bool ordered)
{
	struct lkmm_test *d = w->d;
	u32 i = d->nr++, b = 1u << i, left;
	struct lkmm_event *e = &d->e[i];

	*e = (struct lkmm_event){ .thread = w->thread,
				  .load = load,
				  .var = var };
	e->acquire = load && ordered;
	e->release = !load && ordered;
	e->value = i + 1;
	for (left = w->sofar; left; left &= left - 1) {
		u32 a = __builtin_ctz(left);

		d->po.to[a] |= b;
		if (w->mb & 1u << a)
			d->mb.to[a] |= b;
		if (w->rmb & 1u << a && d->e[a].load && load)
			d->rmb.to[a] |= b;
		if (w->wmb & 1u << a && !d->e[a].load && !load)
			d->wmb.to[a] |= b;
		if (w->ctrl & 1u << a)
			d->ctrl.to[a] |= b;
	}
	w->sofar |= b;
	return i;
}

/* A load that came before, or -1. */
static int some_load(struct drawing *w)
{
	u32 loads = 0, left;
	int nr = 0;

	for (left = w->sofar; left; left &= left - 1)
		if (w->d->e[__builtin_ctz(left)].load) {
			loads |= left & -left;
			nr++;
		}
	if (!nr)
		return -1;
	for (nr = support_rng_below(w->rng, nr); nr; nr--)
		loads &= loads - 1;
	return __builtin_ctz(loads);
}

static void draw_swap(struct drawing *w, u32 var)
{
	static const char *const name[] = { "xchg_relaxed", "xchg_acquire",
					    "xchg_release", "xchg" };
	u32 order = support_rng_below(w->rng, w->kinds & FULL ? 4 : 3), r, s;
	char text[96];

	if (order == 3)
		w->mb = w->sofar;
	r = add(w, true, var, order == 1);
	s = add(w, false, var, order == 2);
	if (order == 3)
		w->mb = w->sofar;
	w->d->rmw.to[r] |= 1u << s;
	snprintf(text, sizeof(text), "\tint r%u = %s(%c, %u);\n", r,
		 name[order], 'x' + var, w->d->e[s].value);
	say(w, text);
}

static void draw_access(struct drawing *w, u32 var)
{
	bool load = support_rng_below(w->rng, 2), dep, addr;
	bool ordered = w->kinds & ACQ_REL && support_rng_below(w->rng, 2);
	char text[128], object[48], value[48];
	int on = some_load(w);
	u32 i;

	dep = w->kinds & DEPS && on >= 0 && support_rng_below(w->rng, 2);
	addr = dep && (load || support_rng_below(w->rng, 2));
	i = add(w, load, var, ordered);
	if (dep)
		(addr ? &w->d->addr : &w->d->data)->to[on] |= 1u << i;
	if (addr)
		snprintf(object, sizeof(object), "(%c + (r%d & 0))", 'x' + var,
			 on);
	else
		snprintf(object, sizeof(object), "%c", 'x' + var);
	snprintf(value, sizeof(value), "%u", w->d->e[i].value);
	if (dep && !addr)
		snprintf(value, sizeof(value), "%u + (r%d & 0)",
			 w->d->e[i].value, on);
	if (load)
		snprintf(text, sizeof(text), "\tint r%u = %s%s);\n", i,
			 ordered ? "smp_load_acquire(" : "READ_ONCE(*", object);
	else
		snprintf(text, sizeof(text), "\t%s%s, %s);\n",
			 ordered ? "smp_store_release(" : "WRITE_ONCE(*",
			 object, value);
	say(w, text);
}

static void draw_between(struct drawing *w)
{
	static const char *const name[] = { "mb", "rmb", "wmb" };
	u32 *const at[] = { &w->mb, &w->rmb, &w->wmb };
	char text[64];
	int on;
	u32 i;

	if (w->kinds & (FULL | RW_FENCES) && !support_rng_below(w->rng, 2)) {
		i = support_rng_below(w->rng, w->kinds & RW_FENCES ? 3 : 1);
		if (!i && !(w->kinds & FULL))
			i = 1;
		*at[i] = w->sofar;
		snprintf(text, sizeof(text), "\tsmp_%s();\n", name[i]);
		say(w, text);
	}
	on = some_load(w);
	if (w->kinds & DEPS && on >= 0 && !support_rng_below(w->rng, 6)) {
		w->ctrl |= 1u << on;
		w->open++;
		snprintf(text, sizeof(text), "\tif (r%d >= 0) {\n", on);
		say(w, text);
	}
}

static void draw(struct lkmm_test *d, struct support_rng *rng, u32 kinds)
{
	u32 nr_vars = 2 + support_rng_below(rng, LKMM_VARS - 1), nr, t;
	struct drawing w = { .d = d, .rng = rng, .kinds = kinds };

	memset(d, 0, offsetof(struct lkmm_test, state));
	d->nr_threads = 2 + support_rng_below(rng, 2);
	say(&w, "C drawn\n{}\n");
	for (t = 0; t < d->nr_threads; t++) {
		char text[64];

		w.thread = t;
		w.sofar = w.mb = w.rmb = w.wmb = w.ctrl = w.open = 0;
		snprintf(text, sizeof(text), "P%u(int *x, int *y, int *z)\n{\n",
			 t);
		say(&w, text);
		nr = 1 + support_rng_below(rng, d->nr_threads == 2 ? 4 : 3);
		for (; nr && d->nr + 2 <= LKMM_EVENTS_MAX - 3; nr--) {
			u32 var = support_rng_below(rng, nr_vars);

			if (kinds & SWAPS && !support_rng_below(rng, 3))
				draw_swap(&w, var);
			else
				draw_access(&w, var);
			if (nr > 1)
				draw_between(&w);
		}
		while (w.open--)
			say(&w, "\t}\n");
		say(&w, "}\n");
	}
	say(&w, "locations [");
	for (t = 0; t < d->nr; t++) {
		char text[32];

		if (!d->e[t].load)
			continue;
		snprintf(text, sizeof(text), "%u:r%u; ", d->e[t].thread, t);
		say(&w, text);
	}
	say(&w, "x; y; z;]\nexists (true)\n");
}

/* How tests differ: ends too many, too few, and those counted otherwise. */
struct difference {
	u64 extra;
	u64 missing;
	u64 missing_plainly;
	u64 counts;
};

static int compare(struct lkmm_test *d, struct difference *all, bool swaps,
		   bool print)
{
	struct difference here = { 0 };
	char error[LITMUS_ERROR_MAX];
	struct litmus_test *t = NULL;
	struct litmus_result r;
	u32 i, j, found = 0;
	int err;

	err = litmus_parse(&t, d->text, strlen(d->text), "drawn", error);
	if (err) {
		fprintf(stderr, "%s\n%s", error, d->text);
		return err;
	}
	err = litmus_enumerate(t, MEMORY_WEAK, 0, &r);
	litmus_free(t);
	if (err)
		fprintf(stderr, "%s\n%s", r.error, d->text);
	for (i = 0; i < r.nr_states && !err; i++) {
		for (j = 0; j < d->nr_states; j++)
			if (!strcmp(d->state[j].text, r.state[i].text))
				break;
		if (j == d->nr_states) {
			here.extra++;
			if (print)
				printf("too many: %s\n", r.state[i].text);
			continue;
		}
		found++;
		here.counts += d->state[j].nr != r.state[i].nr;
		d->state[j].nr = 0;
	}
	here.missing = d->nr_states - found;
	print |= here.missing && !swaps;
	for (j = 0; j < d->nr_states && print; j++)
		if (d->state[j].nr)
			printf("too few: %s\n", d->state[j].text);
	if (print && (here.extra || here.missing || here.counts))
		printf("%s\n", d->text);
	all->extra += !!here.extra;
	all->missing += !!here.missing;
	all->missing_plainly += here.missing && !swaps;
	all->counts += !!here.counts;
	litmus_result_fini(&r);
	return err;
}

int main(int argc, char **argv)
{
	u64 nr = argc > 1 ? strtoull(argv[1], NULL, 10) : 100, i, tests = 0;
	u64 seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	u32 only = argc > 3 ? strtoul(argv[3], NULL, 10) : 0, kinds;
	static struct lkmm_test d;
	struct difference all = { 0 };
	struct support_rng rng;

	support_rng_init(&rng, seed);
	for (kinds = 0; kinds < 32; kinds++) {
		if (argc > 3 && kinds != only)
			continue;
		for (i = 0; i < nr; i++, tests++) {
			draw(&d, &rng, kinds);
			lkmm_states(&d);
			if (compare(&d, &all, kinds & SWAPS, argc > 3))
				return 1;
		}
	}
	printf("prop_litmus: %llu tests; of them %llu with ends too many, %llu "
	       "too few, %llu counted otherwise\n",
	       tests, all.extra, all.missing, all.counts);
	tests += 499;
	return all.missing_plainly || 500 * all.missing > tests ||
	       500 * all.extra > tests || 500 * all.counts > tests;
}
