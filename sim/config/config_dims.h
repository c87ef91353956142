/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the units of each dimension are worth, for reading and for writing.
 */
#ifndef CONFIG_DIMS_H
#define CONFIG_DIMS_H

#include "config/config_units.h"

struct config_unit_worth {
	const char *name;
	u64 worth;
};

/* clang-format off */

struct config_dim_units {
	const struct config_unit_worth *units;
	u64 worth;	/* of a number without a unit */
	u64 step;	/* what counts as one in the result */
	bool compound;	/* "1 m 10 s" */
	bool saturates;
	const char *example;
	const char *too_fine;
	const char *unknown;
	bool exact;	/* what is finer than a step is refused */
};

/* clang-format on */

extern const struct config_dim_units config_dims[CONFIG_NR_DIMS];

/* Largest first: the order in which they are written. */
extern const struct config_unit_worth config_time_units[];
extern const struct config_unit_worth config_rate_units[];

#endif
