// SPDX-License-Identifier: GPL-2.0
/*
 * Which event an id belongs to.
 *
 * A sorted array: its cost has a bound that no choice of ids can raise, which a
 * hash table has not.  The cache before it makes the common case one load, as a
 * capture has one id for each event and CPU and records of one CPU come
 * together.
 */
#include <errno.h>
#include <stdlib.h>

#include "perf_data.h"

int perf_ids_add(struct perf_ids *ids, u64 id, u32 event)
{
	struct perf_id *grown;
	size_t max;

	if (ids->nr == ids->max) {
		max = ids->max ? 2 * ids->max : 64;
		grown = realloc(ids->ids, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		ids->ids = grown;
		ids->max = max;
	}
	ids->ids[ids->nr++] = (struct perf_id){ .id = id, .event = event };
	ids->sorted = false;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct perf_id *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return x->event < y->event ? -1 : x->event > y->event;
}

int perf_ids_find_slow(struct perf_ids *ids, u64 id)
{
	size_t low = 0, high = ids->nr;

	if (!ids->sorted && ids->nr) {
		qsort(ids->ids, ids->nr, sizeof(*ids->ids), compare);
		ids->sorted = true;
	}
	/* The first that is not less: of one id twice, the earlier event. */
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ids->ids[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == ids->nr || ids->ids[low].id != id)
		return -1;
	*perf_ids_slot(ids, id) = (struct perf_id){
		.id = id,
		.event = ids->ids[low].event + 1,
	};
	return ids->ids[low].event;
}
