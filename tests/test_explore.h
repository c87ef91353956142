/* SPDX-License-Identifier: GPL-2.0 */
/* Sets of outcomes, for the tests of the explorer. */
#ifndef TEST_EXPLORE_H
#define TEST_EXPLORE_H

#include <stdlib.h>

#include <linux/types.h>

struct outcomes {
	u64 *at;
	u32 nr;
	u32 room;
};

static inline void outcomes_fini(struct outcomes *s)
{
	free(s->at);
	*s = (struct outcomes){ 0 };
}

/* Sorted, each once.  Return: false without memory. */
static inline bool outcomes_add(struct outcomes *s, u64 outcome)
{
	u32 low = 0, high = s->nr, i;
	u64 *at;

	while (low < high) {
		i = (low + high) / 2;
		if (s->at[i] == outcome)
			return true;
		if (s->at[i] < outcome)
			low = i + 1;
		else
			high = i;
	}
	if (s->nr == s->room) {
		s->room = s->room ? 2 * s->room : 64;
		at = realloc(s->at, s->room * sizeof(*at));
		if (!at)
			return false;
		s->at = at;
	}
	for (i = s->nr++; i > low; i--)
		s->at[i] = s->at[i - 1];
	s->at[low] = outcome;
	return true;
}

/* How many of @a are not in @b. */
static inline u32 outcomes_missing(const struct outcomes *a,
				   const struct outcomes *b)
{
	u32 i, j = 0, nr = 0;

	for (i = 0; i < a->nr; i++) {
		while (j < b->nr && b->at[j] < a->at[i])
			j++;
		nr += j == b->nr || b->at[j] != a->at[i];
	}
	return nr;
}

#endif
