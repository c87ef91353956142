// SPDX-License-Identifier: GPL-2.0
/* Page faults to come, see page_faults.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run/page_faults.h"

int page_faults_add(struct page_faults *q, const struct page_fault *fault)
{
	struct page_fault *grown;
	u32 max;

	/* Room in front first, if it is worth it. */
	if (q->nr == q->max && q->first > q->nr / 2) {
		q->nr -= q->first;
		memmove(q->at, q->at + q->first, q->nr * sizeof(*q->at));
		q->first = 0;
	}
	if (q->nr == q->max) {
		max = q->max ? 2 * q->max : 64;
		grown = realloc(q->at, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		q->at = grown;
		q->max = max;
	}
	q->at[q->nr++] = *fault;
	return 0;
}

void page_faults_fini(struct page_faults *q)
{
	free(q->at);
	*q = (struct page_faults){ 0 };
}
