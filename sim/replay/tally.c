// SPDX-License-Identifier: GPL-2.0
/* Samples by process, see tally.h. */
#include <errno.h>
#include <stdlib.h>

#include "replay/tally.h"

void tally_fini(struct tally *t)
{
	free(t->slot);
	*t = (struct tally){ 0 };
}

/* The slot that @pid has, or is to have. */
static u32 tally_slot(const struct tally *t, u32 pid)
{
	/* Knuth's multiplicative hash: 2^32 over the golden ratio. */
	u32 i = pid * 2654435769u & (t->nr_slots - 1);

	while (t->slot[i].nr && t->slot[i].pid != pid)
		i = (i + 1) & (t->nr_slots - 1);
	return i;
}

/* Keep at least half of the table free. */
static int tally_grow(struct tally *t)
{
	struct tally bigger = { 0 };
	u32 i;

	if (t->nr_used < t->nr_slots / 2)
		return 0;
	if (t->nr_slots >= TALLY_MAX)
		return -E2BIG;
	bigger.nr_slots = t->nr_slots ? 2 * t->nr_slots : 64;
	bigger.nr_used = t->nr_used;
	bigger.slot = calloc(bigger.nr_slots, sizeof(*bigger.slot));
	if (!bigger.slot)
		return -ENOMEM;
	for (i = 0; i < t->nr_slots; i++)
		if (t->slot[i].nr)
			bigger.slot[tally_slot(&bigger, t->slot[i].pid)] =
				t->slot[i];
	free(t->slot);
	*t = bigger;
	return 0;
}

int tally_find_and_add(struct tally *t, u32 pid)
{
	int err = tally_grow(t);

	if (err)
		return err;
	t->last = tally_slot(t, pid);
	t->slot[t->last].pid = pid;
	t->nr_used += !t->slot[t->last].nr++;
	return 0;
}

u64 tally_top(const struct tally *t, u32 *pid)
{
	u64 nr = 0;
	u32 i;

	for (i = 0; i < t->nr_slots; i++) {
		const struct tally_slot *s = &t->slot[i];

		if (s->nr > nr || (s->nr && s->nr == nr && s->pid < *pid)) {
			nr = s->nr;
			*pid = s->pid;
		}
	}
	return nr;
}
