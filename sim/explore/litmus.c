// SPDX-License-Identifier: GPL-2.0
/*
 * All executions of a litmus test, each counted once.
 *
 * Schedules are many more than executions: an execution is which way each
 * thread went, which store each load read, and the order of the stores to each
 * variable.  Of each only a hash of 64 bits is kept; that two of a million fall
 * together has a chance of one in 30 million.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus_exec.h"

#define RUNS_MAX (1ull << 24)
#define STATES_MAX 65536

/* A set of hashes; 0 is an empty place. */
struct hashes {
	u64 *at;
	u64 room;
	u64 nr;
};

/* Ends by their values, @nr_watched for each. */
struct ends {
	s64 *value;
	u64 *nr;
	bool *holds;
	u32 nr_ends;
};

struct enumeration {
	const struct litmus_test *t;
	struct litmus_exec *x;
	struct litmus_paths paths[LITMUS_THREADS_MAX];
	u32 order[LITMUS_THREADS_MAX];
	u64 max_runs;
	struct hashes seen;
	struct ends ends;
	struct litmus_result *out;
};

/* 1 if it is new, 0 if it was there. */
static int hashes_add(struct hashes *h, u64 hash)
{
	struct hashes grown;
	u64 i;

	hash += !hash;
	if (2 * h->nr >= h->room) {
		grown.room = h->room ? 2 * h->room : 256;
		grown.nr = 0;
		grown.at = calloc(grown.room, sizeof(*grown.at));
		if (!grown.at)
			return -ENOMEM;
		for (i = 0; i < h->room; i++)
			if (h->at[i])
				hashes_add(&grown, h->at[i]);
		free(h->at);
		*h = grown;
	}
	for (i = hash & (h->room - 1); h->at[i]; i = (i + 1) & (h->room - 1))
		if (h->at[i] == hash)
			return 0;
	h->at[i] = hash;
	h->nr++;
	return 1;
}

/* Source of the constants: splitmix64's finalizer, public domain. */
static u64 mix(u64 hash, u64 value)
{
	hash ^= value + 0x9e3779b97f4a7c15ull;
	hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9ull;
	hash = (hash ^ hash >> 27) * 0x94d049bb133111ebull;
	return hash ^ hash >> 31;
}

static u64 signature(const struct enumeration *e)
{
	struct litmus_exec *x = e->x;
	u16 stores[MEMORY_MESSAGES_MAX];
	u64 hash = 0;
	u32 i, j, nr;

	for (i = 0; i < x->t->nr_threads; i++) {
		const struct litmus_cpu *c = &x->cpu[i];

		hash = mix(hash, c->path - e->paths[i].path);
		for (j = 0; j < c->path->nr_ops; j++)
			if (litmus_reads(&c->path->op[j]))
				hash = mix(hash, c->from[j]);
	}
	for (i = 0; i < x->t->nr_vars; i++) {
		nr = litmus_coherence(x, i, stores);
		hash = mix(hash, nr);
		for (j = 0; j < nr; j++)
			hash = mix(hash, stores[j]);
	}
	return hash;
}

static s64 final_value(void *ctx, struct litmus_place place)
{
	return litmus_final(ctx, place);
}

static int new_end(struct ends *e, u32 nr_watched)
{
	u32 room = e->nr_ends + 1;
	void *p;

	if (e->nr_ends == STATES_MAX)
		return -E2BIG;
	if (e->nr_ends & (e->nr_ends - 1))
		return 0;
	room = e->nr_ends ? 2 * e->nr_ends : 1;
	p = realloc(e->value, (size_t)room * (nr_watched + 1) * sizeof(s64));
	if (!p)
		return -ENOMEM;
	e->value = p;
	p = realloc(e->nr, room * sizeof(*e->nr));
	if (!p)
		return -ENOMEM;
	e->nr = p;
	p = realloc(e->holds, room * sizeof(*e->holds));
	if (!p)
		return -ENOMEM;
	e->holds = p;
	return 0;
}

/* An execution has ended: count it, unless it was already. */
static int count(struct enumeration *e)
{
	const struct litmus_test *t = e->t;
	struct ends *ends = &e->ends;
	u32 i, n = t->nr_watched;
	s64 value[LITMUS_WATCH_MAX + 1] = { 0 };
	int err;

	if (t->filter && !litmus_holds(t, t->filter, final_value, e->x))
		return 0;
	e->out->race |= e->x->race;
	err = hashes_add(&e->seen, signature(e));
	if (err <= 0)
		return err;
	for (i = 0; i < n; i++)
		value[i] = litmus_final(e->x, t->watched[i]);
	for (i = 0; i < ends->nr_ends; i++)
		if (!memcmp(&ends->value[i * (n + 1)], value,
			    n * sizeof(value[0])))
			break;
	if (i == ends->nr_ends) {
		err = new_end(ends, n);
		if (err)
			return err;
		memcpy(&ends->value[i * (n + 1)], value,
		       (n + 1) * sizeof(value[0]));
		ends->nr[i] = 0;
		ends->holds[i] =
			litmus_holds(t, t->condition, final_value, e->x);
		ends->nr_ends++;
	}
	ends->nr[i]++;
	e->out->nr++;
	e->out->nr_positive += ends->holds[i];
	return 0;
}

static int too_many(struct enumeration *e, double of)
{
	snprintf(e->out->error, LITMUS_ERROR_MAX,
		 "%s: %.1e schedules at least, %.1e are played; expected fewer "
		 "threads or accesses",
		 e->t->file, of, (double)e->max_runs);
	return -E2BIG;
}

/* All schedules of one order of each thread. */
static int run_orders(struct enumeration *e)
{
	struct litmus_exec *x = e->x;
	u32 i, path;
	int err;

	for (i = 0; i < e->t->nr_threads; i++) {
		const struct litmus_paths *p = &e->paths[i];

		for (path = 0; p->first[path + 1] <= e->order[i]; path++)
			;
		x->cpu[i].path = &p->path[path];
		x->cpu[i].order = &p->order[e->order[i]];
	}
	x->nr_choices = 0;
	do {
		if (e->out->nr_runs == e->max_runs)
			return too_many(e, e->out->nr_runs);
		e->out->nr_runs++;
		x->race = false;
		err = litmus_play(x);
		if (err == LITMUS_ENDED)
			err = count(e);
		if (err < 0)
			return err;
	} while (litmus_advance(x));
	return 0;
}

static int run_all(struct enumeration *e)
{
	u32 i, nr = e->t->nr_threads;
	double orders = 1;
	int err;

	for (i = 0; i < nr; i++)
		orders *= e->paths[i].nr_orders;
	if (orders > e->max_runs)
		return too_many(e, orders);
	for (;;) {
		err = run_orders(e);
		if (err)
			return err;
		for (i = 0; i < nr; i++) {
			if (++e->order[i] < e->paths[i].nr_orders)
				break;
			e->order[i] = 0;
		}
		if (i == nr)
			return 0;
	}
}

/* "1:r0=1; x=y;" */
static char *end_text(const struct litmus_test *t, const s64 *value)
{
	size_t sz, at = 0, room = t->nr_watched * 96 + 1;
	char *text = malloc(room);
	u32 i;

	if (!text)
		return NULL;
	text[0] = '\0';
	for (i = 0; i < t->nr_watched; i++) {
		const struct litmus_place *p = &t->watched[i];
		s64 var = (value[i] - LITMUS_ADDR) / LITMUS_VAR_SZ;

		if (at)
			text[at++] = ' ';
		if (p->thread < LITMUS_THREADS_MAX)
			at += snprintf(text + at, room - at,
				       "%u:%s=", p->thread,
				       t->thread[p->thread].reg[p->index].name);
		else
			at += snprintf(text + at, room - at,
				       "%s=", t->var[p->index].name);
		if (value[i] >= LITMUS_ADDR && var < t->nr_vars &&
		    !(value[i] % LITMUS_VAR_SZ))
			sz = snprintf(text + at, room - at, "%s;",
				      t->var[var].name);
		else
			sz = snprintf(text + at, room - at, "%lld;", value[i]);
		at += sz;
	}
	return text;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct litmus_state *)a)->text,
		      ((const struct litmus_state *)b)->text);
}

static int conclude(struct enumeration *e)
{
	struct litmus_result *r = e->out;
	struct ends *ends = &e->ends;
	u32 i;

	r->state = calloc(ends->nr_ends + 1, sizeof(*r->state));
	if (!r->state)
		return -ENOMEM;
	for (i = 0; i < ends->nr_ends; i++) {
		struct litmus_state *s = &r->state[r->nr_states];

		s->text = end_text(
			e->t, &ends->value[(size_t)i * (e->t->nr_watched + 1)]);
		if (!s->text)
			return -ENOMEM;
		s->nr = ends->nr[i];
		s->holds = ends->holds[i];
		r->nr_states++;
	}
	qsort(r->state, r->nr_states, sizeof(*r->state), compare);
	r->verdict = !r->nr_positive	     ? LITMUS_NEVER :
		     r->nr_positive == r->nr ? LITMUS_ALWAYS :
					       LITMUS_SOMETIMES;
	return 0;
}

static int set_up(struct enumeration *e)
{
	const struct litmus_test *t = e->t;
	struct litmus_result *r = e->out;
	int err;
	u32 i;

	memcpy(r->name, t->name, sizeof(r->name));
	r->model = e->x->model;
	r->quantifier = t->quantifier;
	r->said = t->said[r->model];
	r->said_race = t->said_race[r->model];
	r->condition = strdup(t->condition_text);
	if (!r->condition)
		return -ENOMEM;
	err = memory_new(&e->x->m, r->model, t->nr_threads);
	/* Cells are numbered as variables are. */
	for (i = 0; i < t->nr_vars && !err; i++)
		if (litmus_cell(e->x, i) != i)
			err = -E2BIG;
	for (i = 0; i < t->nr_threads && !err; i++) {
		err = litmus_paths_init(&e->paths[i], t, i, r->error);
		if (!err)
			err = litmus_orders(&e->paths[i], t,
					    r->model == MEMORY_WEAK, r->error);
	}
	return err;
}

int litmus_enumerate(const struct litmus_test *t, enum memory_model model,
		     u64 max_runs, struct litmus_result *out)
{
	struct enumeration e = { .t = t, .out = out };
	int err;
	u32 i;

	memset(out, 0, sizeof(*out));
	if (model >= LITMUS_MODELS)
		return -EINVAL;
	e.max_runs = max_runs ? max_runs : RUNS_MAX;
	e.x = calloc(1, sizeof(*e.x));
	if (!e.x)
		return -ENOMEM;
	e.x->t = t;
	e.x->model = model;
	e.x->error = out->error;
	err = set_up(&e);
	if (!err)
		err = run_all(&e);
	if (!err)
		err = conclude(&e);
	if (err && !out->error[0])
		snprintf(out->error, sizeof(out->error), "%s: %s", t->file,
			 err == -ENOMEM ? "no memory" : "too many ends");
	for (i = 0; i < t->nr_threads; i++)
		litmus_paths_fini(&e.paths[i]);
	free(e.seen.at);
	free(e.ends.value);
	free(e.ends.nr);
	free(e.ends.holds);
	memory_free(e.x->m);
	free(e.x);
	return err;
}
