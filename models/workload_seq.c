// SPDX-License-Identifier: GPL-2.0
/* Streams through memory, see workload_seq.h. */
#include "workload_seq.h"

static const struct workload_seq *seq_of(const struct workload_thread *t)
{
	return t->w->data;
}

/*
 * What a line at @vaddr costs, on average over the block that it is in; where
 * nothing is, as on node 0.
 */
static u64 block_ps(const struct workload_thread *t, const u64 *node_ps,
		    u64 vaddr)
{
	u64 entry = t->map->entry[(vaddr - t->map->start) >> RAM_BLOCK_SHIFT];
	const struct ram_table *table;
	u64 sum;
	u32 i;

	if (!(entry & 1))
		return node_ps[ram_nid(t->ram, entry)];
	table = ram_table(entry);
	sum = (RAM_PAGES_PER_BLOCK - table->nr) * node_ps[0];
	for (i = 0; i < t->ram->nr_nodes; i++)
		sum += table->on[i] * node_ps[i];
	return sum / RAM_PAGES_PER_BLOCK;
}

/* The stretch from @at->from on, in which a line takes one time. */
static void stretch(const struct workload_thread *t,
		    const struct workload_seq *seq, struct workload_at *at)
{
	u64 ps = 0, room;
	u32 i;

	at->end = workload_seq_lines(t, seq);
	for (i = 0; i < seq->nr; i++) {
		u64 vaddr = workload_seq_base(t, seq, i, at->pass) +
			    at->from * seq->step;

		ps += block_ps(
			t, seq->writes[i] ? t->pace.write_ps : t->pace.read_ps,
			vaddr);
		/* Lines until the stream leaves its block. */
		room = RAM_BLOCK_BYTES -
		       ((vaddr - t->map->start) & (RAM_BLOCK_BYTES - 1));
		room = (room + seq->step - 1) / seq->step;
		if (at->from + room < at->end)
			at->end = at->from + room;
	}
	ps = ps > t->pace.core_ps ? ps : t->pace.core_ps;
	at->unit_ps = ps ? ps : 1;
	at->per_ps = 1.0 / at->unit_ps;
	at->lasts_ps = (at->end - at->from) * at->unit_ps;
}

/* What is kept of a thread: in which order, of state[]. */
enum { LINE, PASS, FROM, END, FROM_PS, UNIT_PS, FROM_UNITS };

void workload_seq_get(const struct workload_thread *t,
		      const struct workload_seq *seq, struct workload_at *at)
{
	const u64 *state = t->state;

	at->line = state[LINE];
	at->pass = state[PASS];
	if (t->changed) {
		/* From where it is; what was spent on the line goes along. */
		at->from = at->line;
		at->from_units = t->units;
		at->from_ps = state[FROM_PS] +
			      (at->line - state[FROM]) * state[UNIT_PS];
		stretch(t, seq, at);
		return;
	}
	at->from = state[FROM];
	at->end = state[END];
	at->from_ps = state[FROM_PS];
	at->unit_ps = state[UNIT_PS];
	at->from_units = state[FROM_UNITS];
	at->per_ps = 1.0 / at->unit_ps;
	at->lasts_ps = (at->end - at->from) * at->unit_ps;
}

void workload_seq_put(struct workload_thread *t, const struct workload_at *at)
{
	t->state[LINE] = at->line;
	t->state[PASS] = at->pass;
	t->state[FROM] = at->from;
	t->state[END] = at->end;
	t->state[FROM_PS] = at->from_ps;
	t->state[UNIT_PS] = at->unit_ps;
	t->state[FROM_UNITS] = at->from_units;
	t->units = at->from_units + (at->line - at->from);
	t->changed = false;
}

void workload_seq_turn(const struct workload_thread *t,
		       const struct workload_seq *seq, struct workload_at *at)
{
	u64 nr = at->end - at->from;

	at->from_ps += nr * at->unit_ps;
	at->from_units += nr;
	at->from = at->end;
	if (at->from == workload_seq_lines(t, seq)) {
		at->from = 0;
		at->pass++;
	}
	stretch(t, seq, at);
}

void workload_seq_begin(struct workload_thread *t)
{
	(void)t;
}

void workload_seq_advance(struct workload_thread *t, u64 run_ps)
{
	const struct workload_seq *seq = seq_of(t);
	struct workload_at at;

	workload_seq_get(t, seq, &at);
	workload_seq_go(t, seq, &at, run_ps);
	workload_seq_put(t, &at);
}

u64 workload_seq_when(const struct workload_thread *t, u64 units)
{
	const struct workload_seq *seq = seq_of(t);
	struct workload_at at;
	u64 done_ps;

	if (units <= t->units)
		return t->run_ps;
	workload_seq_get(t, seq, &at);
	while (units - at.from_units > at.end - at.from)
		workload_seq_turn(t, seq, &at);
	/* What was spent on a line may be more than it takes from now on. */
	done_ps = at.from_ps + (units - at.from_units) * at.unit_ps;
	return done_ps > t->run_ps ? done_ps : t->run_ps;
}

bool workload_seq_touched(const struct workload_thread *t, u64 vaddr, u64 luck)
{
	const struct workload_seq *seq = seq_of(t);
	u64 lines = workload_seq_lines(t, seq), nr = t->units - t->mark_units;
	u64 part = t->sz / seq->nr / WORKLOAD_LINE * WORKLOAD_LINE;
	u64 offset = vaddr - t->start, first, last, from;

	(void)luck;
	if (offset >= part * seq->nr || !nr)
		return false;
	offset %= part;
	/* Lines that begin in the page; with wide steps there may be none. */
	first = (offset + seq->step - 1) / seq->step;
	last = (offset + RAM_PAGE_BYTES - 1) / seq->step;
	if (first > last || first >= lines)
		return false;
	if (nr >= lines)
		return true;
	/* Seen from the mark, as the lines come round. */
	from = t->mark_units % lines;
	first = (first + lines - from) % lines;
	last = (last < lines ? last : lines - 1) + lines - from;
	last %= lines;
	return first < nr || last < first;
}

double workload_seq_rate(const struct workload_thread *t, u64 vaddr, u64 sz)
{
	const struct workload_seq *seq = seq_of(t);
	u64 part = t->sz / seq->nr / WORKLOAD_LINE * WORKLOAD_LINE;
	u64 end = t->start + part * seq->nr, from = vaddr, to = vaddr + sz;

	from = from > t->start ? from : t->start;
	to = to < end ? to : end;
	if (to <= from)
		return 0;
	return (double)(to - from) / part * WORKLOAD_LINE;
}
