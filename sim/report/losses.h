/* SPDX-License-Identifier: GPL-2.0 */
/* The names and meanings of the causes of loss, as the hot path lists them. */
#ifndef LOSSES_H
#define LOSSES_H

#include <damon/stats.h>

struct loss_text {
	const char *name;
	const char *meaning;
};

/* By enum damon_loss. */
extern const struct loss_text loss_texts[DAMON_NR_LOSSES];

#endif
