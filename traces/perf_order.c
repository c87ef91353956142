// SPDX-License-Identifier: GPL-2.0
/*
 * Runs and their merge.
 *
 * The merge is a heap of runs by the time of their first record.  Its top gives
 * away everything up to the time of the runner-up in one copy, found by steps
 * that double: one step for records that alternate between CPUs, one comparison
 * for a whole chunk of a capture that was in order all along.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perf_order.h"

/*
 * @nr_runs: finished and undelivered, and one more while it is being filled.
 */
struct order_chunk {
	struct order_chunk *next;
	u32 nr_runs;
	struct trace_record recs[ORDER_NR_IN_CHUNK];
};

void order_init(struct order *o, u32 max_chunks)
{
	*o = (struct order){ .max_chunks = max_chunks };
}

static void put_chunk(struct order *o, struct order_chunk *chunk)
{
	if (--chunk->nr_runs)
		return;
	chunk->next = o->free;
	o->free = chunk;
	o->nr_chunks--;
}

/* Room for it was made when its chunk was taken. */
static void end_run(struct order *o)
{
	if (o->run_start == o->fill)
		return;
	o->runs[o->nr_runs++] = (struct order_run){
		.key = o->run_start->time_ns,
		.cur = o->run_start,
		.end = o->fill,
		.chunk = o->chunk,
		.seq = o->next_seq++,
	};
	o->chunk->nr_runs++;
	if (o->last_key > o->max_key)
		o->max_key = o->last_key;
	o->run_start = o->fill;
}

void order_break(struct order *o)
{
	end_run(o);
}

static int grow_runs(struct order *o)
{
	/* Each record of the chunk may turn out to be a run of its own. */
	size_t need = o->nr_runs + ORDER_NR_IN_CHUNK;
	struct order_run *runs;

	if (need <= o->max_runs)
		return 0;
	need += need / 2;
	runs = realloc(o->runs, need * sizeof(*runs));
	if (!runs)
		return -ENOMEM;
	o->runs = runs;
	o->max_runs = need;
	return 0;
}

int order_grow(struct order *o)
{
	struct order_chunk *chunk;

	if (o->chunk) {
		end_run(o);
		put_chunk(o, o->chunk);
		o->chunk = NULL;
		o->fill = o->fill_end = o->run_start = NULL;
	}
	if (o->nr_chunks == o->max_chunks)
		return 0;
	if (grow_runs(o))
		return -ENOMEM;
	chunk = o->free;
	if (chunk)
		o->free = chunk->next;
	else
		chunk = malloc(sizeof(*chunk));
	if (!chunk)
		return -ENOMEM;
	chunk->nr_runs = 1;
	o->nr_chunks++;
	o->chunk = chunk;
	o->fill = o->run_start = chunk->recs;
	o->fill_end = chunk->recs + ORDER_NR_IN_CHUNK;
	return 1;
}

static bool run_before(const struct order_run *a, const struct order_run *b)
{
	return a->key < b->key || (a->key == b->key && a->seq < b->seq);
}

static void sift_down(struct order *o, size_t at)
{
	struct order_run *runs = o->runs, run = runs[at];
	size_t child;

	while ((child = 2 * at + 1) < o->nr_runs) {
		if (child + 1 < o->nr_runs &&
		    run_before(&runs[child + 1], &runs[child]))
			child++;
		if (run_before(&run, &runs[child]))
			break;
		runs[at] = runs[child];
		at = child;
	}
	runs[at] = run;
}

static void release(struct order *o, u64 limit_key, u32 chunks_goal)
{
	size_t i;

	end_run(o);
	for (i = o->nr_runs / 2; i-- > 0;)
		sift_down(o, i);
	o->limit_key = limit_key;
	o->chunks_goal = chunks_goal;
	o->taking = true;
}

void order_release_round(struct order *o)
{
	u64 limit_key = o->round_max_key;

	release(o, limit_key, 0);
	o->round_max_key = o->max_key;
}

void order_release_oldest(struct order *o)
{
	release(o, ~0ull, o->max_chunks / 2);
}

void order_release_all(struct order *o)
{
	release(o, ~0ull, 0);
}

/* How many of the run's records go before @key: 1 to @max. */
static size_t nr_before(const struct order_run *run, u64 key, bool also_equal,
			size_t max)
{
	const struct trace_record *recs = run->cur;
	size_t low = 1, high = 2;

	if (run->end - run->cur < max)
		max = run->end - run->cur;
	if (recs[max - 1].time_ns < key ||
	    (also_equal && recs[max - 1].time_ns == key))
		return max;
	/* The first @low go before it, the one at @high - 1 may not. */
	while (high < max && (recs[high - 1].time_ns < key ||
			      (also_equal && recs[high - 1].time_ns == key))) {
		low = high;
		high *= 2;
	}
	if (high > max)
		high = max;
	while (low + 1 < high) {
		size_t mid = low + (high - low) / 2;

		if (recs[mid - 1].time_ns < key ||
		    (also_equal && recs[mid - 1].time_ns == key))
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* From the top of the heap. */
static size_t nr_from_top(const struct order *o, size_t max)
{
	const struct order_run *top = &o->runs[0], *second;
	u64 key = o->limit_key;
	bool also_equal = true;

	if (o->nr_runs > 1) {
		second = &o->runs[1];
		if (o->nr_runs > 2 && run_before(&o->runs[2], second))
			second = &o->runs[2];
		if (second->key <= key) {
			key = second->key;
			also_equal = top->seq < second->seq;
		}
	}
	return nr_before(top, key, also_equal, max);
}

static void account(struct order *o, struct trace_record *recs, size_t nr)
{
	size_t i;

	/* They are in order among themselves. */
	for (i = 0; i < nr && recs[i].time_ns < o->delivered_key; i++)
		if (recs[i].has & TRACE_HAS_TIME)
			o->nr_late++;
	if (recs[nr - 1].time_ns > o->delivered_key)
		o->delivered_key = recs[nr - 1].time_ns;
	for (i = 0; i < nr && o->nr_untimed; i++) {
		if (recs[i].has & TRACE_HAS_TIME)
			continue;
		recs[i].time_ns = 0;
		o->nr_untimed--;
	}
}

size_t order_take(struct order *o, struct trace_record *recs, size_t nr)
{
	size_t done = 0;

	while (o->taking && done < nr) {
		struct order_run *top = o->runs;
		struct order_chunk *chunk;
		size_t some;

		if (!o->nr_runs || top->key > o->limit_key ||
		    (o->chunks_goal && o->nr_chunks <= o->chunks_goal)) {
			o->taking = false;
			break;
		}
		some = nr_from_top(o, nr - done);
		memcpy(recs + done, top->cur, some * sizeof(*recs));
		account(o, recs + done, some);
		done += some;
		top->cur += some;
		if (top->cur == top->end) {
			chunk = top->chunk;
			*top = o->runs[--o->nr_runs];
			put_chunk(o, chunk);
		} else {
			top->key = top->cur->time_ns;
		}
		sift_down(o, 0);
	}
	return done;
}

void order_fini(struct order *o)
{
	struct order_chunk *chunk;
	size_t i;

	/* Whatever is held, let each chunk come free by its last run. */
	for (i = 0; i < o->nr_runs; i++)
		put_chunk(o, o->runs[i].chunk);
	if (o->chunk)
		put_chunk(o, o->chunk);
	while ((chunk = o->free)) {
		o->free = chunk->next;
		free(chunk);
	}
	free(o->runs);
}
