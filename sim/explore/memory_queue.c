// SPDX-License-Identifier: GPL-2.0
/*
 * What a CPU finds of its own stores that still wait in its queue (tso).
 *
 * Not here: how stores come into the queue and out of it (memory_order.c).
 */
#include "explore/memory.h"
#include "explore/memory_internal.h"

struct memory_buffered *memory_youngest(struct memory *m, u32 cpu, u32 cell)
{
	struct memory_cpu *p = &m->cpu[cpu];
	u32 i;

	for (i = p->nr; i--;) {
		struct memory_buffered *b =
			&p->buffer[(p->first + i) % MEMORY_BUFFER_MAX];

		if (b->cell == cell)
			return b;
	}
	return NULL;
}

void memory_overlay(struct memory *m, u32 cpu, u32 cell, bool store)
{
	struct memory_buffered *b = memory_youngest(m, cpu, cell);
	struct memory_cell *c = &m->cell[cell];

	if (!b)
		return;
	if (store) {
		/* In its own CPU's order the plain one comes last. */
		while (memory_youngest(m, cpu, cell))
			memory_flush(m, cpu);
		return;
	}
	m->overlaid = true;
	m->overlay_cell = cell;
	m->overlay_was = read_bytes(m, c);
	write_bytes(m, c, b->value);
}

void memory_unlay(struct memory *m)
{
	m->overlaid = false;
	write_bytes(m, &m->cell[m->overlay_cell], m->overlay_was);
}
