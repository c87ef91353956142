// SPDX-License-Identifier: GPL-2.0
/*
 * Which store a marked load reads, and where in its cell's order a store goes.
 *
 * Ranks leave room between stores, so that a store may come in between; the
 * half of a read-modify-write that stores is attached to what it read, and
 * nothing comes between these two.
 */
#include <assert.h>
#include <string.h>

#include "explore/memory.h"
#include "explore/memory_internal.h"

#define RANK_STEP (1u << 20)

/* A message at place @at of its cell; NULL without room, which is noted. */
static struct memory_message *insert(struct memory *m, struct memory_cell *c,
				     u32 at)
{
	struct memory_message *msg;

	if (m->nr_messages == MEMORY_MESSAGES_MAX ||
	    c->nr == MEMORY_CELL_MESSAGES_MAX) {
		m->full = true;
		return NULL;
	}
	memmove(&c->message[at + 1], &c->message[at],
		(c->nr - at) * sizeof(c->message[0]));
	c->message[at] = m->nr_messages++;
	c->nr++;
	msg = message_of(m, c, at);
	msg->carries = false;
	msg->attached = false;
	msg->fenced = false;
	if (!at)
		msg->rank = RANK_STEP;
	else if (at + 1 == c->nr)
		msg->rank = message_of(m, c, at - 1)->rank + RANK_STEP;
	else
		msg->rank = message_of(m, c, at - 1)->rank / 2 +
			    message_of(m, c, at + 1)->rank / 2;
	return msg;
}

/*
 * A cell's first message is what it holds before its first marked access; one
 * that was stored to plainly since has that as its only one, since whoever
 * comes here without a race comes behind it.
 */
static struct memory_cell *ready(struct memory *m, u32 cell)
{
	struct memory_cell *c = memory_fresh(m, cell);
	struct memory_message *msg;
	u32 rank;

	if (c->marked < 0) {
		if (m->nr_marked == MEMORY_MARKED_MAX) {
			m->full = true;
			c->marked = 0;
		} else {
			c->marked = m->nr_marked++;
		}
	}
	if (c->nr && !c->dirty)
		return c;
	rank = c->nr ? message_of(m, c, c->nr - 1)->rank : 0;
	c->nr = 0;
	c->dirty = false;
	msg = insert(m, c, 0);
	if (msg) {
		msg->rank = rank + RANK_STEP;
		msg->value = read_bytes(m, c);
		msg->cpu = MEMORY_CPUS_MAX;
	}
	return c;
}

u32 memory_load_choices(struct memory *m, u32 cpu, u32 cell)
{
	struct memory_cell *c;
	u32 rank, n;

	if (m->model != MEMORY_WEAK)
		return 1;
	c = ready(m, cell);
	rank = m->cpu[cpu].view.rank[c->marked];
	for (n = 1; n < c->nr; n++)
		if (message_of(m, c, c->nr - n)->rank <= rank)
			break;
	return n;
}

/* Places behind the store of rank @rank. */
static u32 places(struct memory *m, const struct memory_cell *c, u32 rank)
{
	u32 n, i;

	for (n = 1, i = c->nr - 1; i > 0; i--) {
		if (message_of(m, c, i)->rank <= rank)
			break;
		n += !message_of(m, c, i)->attached;
	}
	return n;
}

/*
 * A CPU's store comes behind what it has seen, and behind a fence also behind
 * what its stores before the fence carried.
 */
static u32 least_place(const struct memory *m, u32 cpu,
		       const struct memory_cell *c)
{
	const struct memory_cpu *p = &m->cpu[cpu];
	u32 seen = p->view.rank[c->marked];
	u32 released = p->fenced ? p->released.rank[c->marked] : 0;

	return seen > released ? seen : released;
}

u64 memory_peek(struct memory *m, u32 cell, u32 choice)
{
	const struct memory_cell *c = ready(m, cell);

	return c->nr ? message_of(m, c, c->nr - 1 - choice)->value :
		       read_bytes(m, c);
}

u32 memory_store_choices(struct memory *m, u32 cpu, u32 cell)
{
	struct memory_cell *c;

	if (m->model != MEMORY_WEAK)
		return 1;
	c = ready(m, cell);
	return places(m, c, least_place(m, cpu, c));
}

u32 memory_release_choices(struct memory *m, u32 cpu, u32 cell)
{
	const struct memory_cpu *p = &m->cpu[cpu];
	struct memory_cell *c;
	u32 rank;

	if (m->model != MEMORY_WEAK)
		return 1;
	c = ready(m, cell);
	rank = least_place(m, cpu, c);
	if (rank < p->acquired.rank[c->marked])
		rank = p->acquired.rank[c->marked];
	return places(m, c, rank);
}

bool memory_may_swap(struct memory *m, u32 cpu, u32 cell, u32 choice)
{
	struct memory_cell *c;

	if (!choice || m->model != MEMORY_WEAK)
		return !choice;
	c = ready(m, cell);
	return !message_of(m, c, c->nr - choice)->attached &&
	       message_of(m, c, c->nr - 1 - choice)->rank >=
		       least_place(m, cpu, c);
}

/* Where choice @choice of memory_store_choices() is. */
static u32 place_of(struct memory *m, struct memory_cell *c, u32 choice)
{
	u32 at = c->nr;

	while (choice--) {
		at--;
		while (message_of(m, c, at)->attached)
			at--;
	}
	return at;
}

u64 memory_load(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		u32 choice, bool *race)
{
	struct memory_cpu *p = &m->cpu[cpu];
	struct memory_message *msg;
	struct memory_cell *c;

	*race |= !memory_ordered(m, cpu, cell, false, false);
	if (m->model == MEMORY_TSO && p->nr) {
		struct memory_buffered *b = memory_youngest(m, cpu, cell);

		if (b)
			return b->value;
	}
	c = ready(m, cell);
	if (!c->nr)
		return read_bytes(m, c);
	msg = message_of(m, c, c->nr - 1 - choice);
	if (m->model == MEMORY_WEAK && p->view.rank[c->marked] < msg->rank)
		p->view.rank[c->marked] = msg->rank;
	/* What its own store carries is not new to a CPU. */
	if (msg->cpu == cpu)
		return msg->value;
	memory_hear(m, cpu, order, msg);
	if (!msg->carries)
		return msg->value;
	if (order == MEMORY_RELAXED || order == MEMORY_RELEASE) {
		memory_join_clock(m, &p->acquired_clock, &msg->clock);
		if (m->model == MEMORY_WEAK)
			memory_join_view(m, &p->acquired, &msg->view);
	} else {
		memory_join_clock(m, &p->clock, &msg->clock);
		if (m->model == MEMORY_WEAK)
			memory_join_view(m, &p->view, &msg->view);
	}
	return msg->value;
}

/*
 * What a store by @cpu hands to those who acquire it.  A release hands on what
 * its CPU saw with relaxed loads, too, since that had to reach this CPU first;
 * and a later smp_wmb() hands on this store with all that belongs to it.
 */
static bool carry(struct memory *m, u32 cpu, enum memory_order order,
		  struct memory_clock *clock, struct memory_view *view)
{
	struct memory_cpu *p = &m->cpu[cpu];

	if (order >= MEMORY_RELEASE) {
		*clock = p->clock;
		memory_join_clock(m, clock, &p->acquired_clock);
		if (view) {
			memcpy(view->rank, p->view.rank,
			       m->nr_marked * sizeof(view->rank[0]));
			memory_join_view(m, view, &p->acquired);
			memory_join_view(m, &p->own, view);
		}
		p->clock.at[cpu]++;
		return true;
	}
	if (!p->fenced)
		return false;
	*clock = p->released_clock;
	if (view)
		memcpy(view->rank, p->released.rank,
		       m->nr_marked * sizeof(view->rank[0]));
	return true;
}

static void put(struct memory *m, u32 cpu, struct memory_cell *c,
		struct memory_message *msg, u64 value)
{
	msg->value = value;
	msg->cpu = cpu;
	if (m->model == MEMORY_WEAK) {
		m->cpu[cpu].view.rank[c->marked] = msg->rank;
		if (m->cpu[cpu].own.rank[c->marked] < msg->rank)
			m->cpu[cpu].own.rank[c->marked] = msg->rank;
	}
	write_bytes(m, c, message_of(m, c, c->nr - 1)->value);
	/* Others that share bytes with it read it from there. */
	for (u32 i = 0; i < c->nr_over; i++)
		memory_fresh(m, c->over[i])->dirty = true;
}

/* Where there are no views, a cell has its last store only. */
static struct memory_message *last_only(struct memory *m, u32 cell)
{
	struct memory_cell *c = memory_fresh(m, cell);

	if (c->nr && c->marked >= 0) {
		c->dirty = false;
		message_of(m, c, 0)->carries = false;
		return message_of(m, c, 0);
	}
	c = ready(m, cell);
	return c->nr ? message_of(m, c, 0) : NULL;
}

void memory_store(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		  u32 choice, u64 value, bool *race)
{
	struct memory_cpu *p = &m->cpu[cpu];
	struct memory_message *msg;
	struct memory_cell *c;

	*race |= !memory_ordered(m, cpu, cell, false, true);
	if (m->model == MEMORY_TSO) {
		struct memory_buffered *b;

		assert(p->nr < MEMORY_BUFFER_MAX);
		b = &p->buffer[(p->first + p->nr++) % MEMORY_BUFFER_MAX];
		b->cell = cell;
		b->tag = m->tag;
		b->value = value;
		b->carries = carry(m, cpu, order, &b->clock, NULL);
		return;
	}
	if (m->model == MEMORY_SC) {
		msg = last_only(m, cell);
		c = &m->cell[cell];
	} else {
		c = ready(m, cell);
		msg = insert(m, c, place_of(m, c, choice));
	}
	if (!msg)
		return;
	/* Its own place belongs to what it carries. */
	if (m->model == MEMORY_WEAK)
		p->view.rank[c->marked] = msg->rank;
	msg->carries = carry(m, cpu, order, &msg->clock,
			     m->model == MEMORY_WEAK ? &msg->view : NULL);
	memory_spread(m, cpu, order, NULL, msg);
	put(m, cpu, c, msg, value);
}

void memory_swap(struct memory *m, u32 cpu, u32 cell, enum memory_order order,
		 u64 value)
{
	struct memory_message *msg, *read;
	struct memory_cell *c;
	bool weak = m->model == MEMORY_WEAK;
	struct memory_clock clock;
	u32 at;

	memory_ordered(m, cpu, cell, false, true);
	c = ready(m, cell);
	if (!c->nr)
		return;
	if (!weak) {
		msg = message_of(m, c, 0);
		if (carry(m, cpu, order, &clock, NULL)) {
			if (msg->carries)
				memory_join_clock(m, &msg->clock, &clock);
			else
				msg->clock = clock;
			msg->carries = true;
		}
		put(m, cpu, c, msg, value);
		return;
	}
	/* The load has just raised the view to what it read. */
	for (at = c->nr; at > 1; at--)
		if (message_of(m, c, at - 1)->rank <=
		    m->cpu[cpu].view.rank[c->marked])
			break;
	msg = insert(m, c, at);
	if (!msg)
		return;
	read = message_of(m, c, at - 1);
	msg->attached = true;
	m->cpu[cpu].view.rank[c->marked] = msg->rank;
	msg->carries = carry(m, cpu, order, &msg->clock, &msg->view);
	memory_spread(m, cpu, order, read, msg);
	/* Who acquires this one acquires what it was stored over, too. */
	if (read->carries && msg->carries) {
		memory_join_clock(m, &msg->clock, &read->clock);
		memory_join_view(m, &msg->view, &read->view);
	} else if (read->carries) {
		msg->clock = read->clock;
		msg->view = read->view;
		msg->carries = true;
	}
	/* And whoever sees what is stored behind smp_wmb() sees all that. */
	if (msg->carries)
		memory_join_view(m, &m->cpu[cpu].own, &msg->view);
	put(m, cpu, c, msg, value);
}

void memory_flush(struct memory *m, u32 cpu)
{
	struct memory_cpu *p = &m->cpu[cpu];
	struct memory_buffered *b = &p->buffer[p->first];
	struct memory_message *msg = last_only(m, b->cell);

	p->first = (p->first + 1) % MEMORY_BUFFER_MAX;
	p->nr--;
	m->flushed_tag = b->tag;
	if (!msg)
		return;
	msg->carries = b->carries;
	msg->clock = b->clock;
	put(m, cpu, &m->cell[b->cell], msg, b->value);
}
