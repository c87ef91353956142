/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How an entry of a table of keys is written, for files that are such tables.
 *
 * Each says the kind of the value and, once, the field that it goes to: place
 * and width follow from that.
 */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include <stddef.h>

#include "config/config_schema.h"

/* So that nanoseconds fit as well. */
#define MAX_US (CONFIG_NO_BOUND / 1000)
#define MAX_MS (CONFIG_NO_BOUND / 1000000)

/* clang-format off */

#define AT(type, field) \
	.offset = offsetof(struct type, field), \
	.width = sizeof(((struct type *)0)->field)
#define NR_AT(type, field) .offset_nr = offsetof(struct type, field)

#define NUMBER(type, field, of) \
	.kind = CONFIG_NUMBER, .dim = CONFIG_DIM_##of, AT(type, field)
#define ID(type, field) .kind = CONFIG_ID, AT(type, field)
#define BOOL(type, field) .kind = CONFIG_BOOL, AT(type, field)
#define WORD(type, field, of) \
	.kind = CONFIG_WORD, .words = of##_words, AT(type, field)
#define TEXT(type, field) .kind = CONFIG_TEXT, AT(type, field)
#define MAP(type, field, of) \
	.kind = CONFIG_MAP, .map = &of##_map, AT(type, field)
#define LIST(type, field, nr, of) \
	.kind = CONFIG_LIST, .map = &of##_map, AT(type, field), NR_AT(type, nr)
#define BOUND(field, of) \
	.kind = CONFIG_BOUND, .bound = &of##_bound, \
	AT(config_bounds, field), NR_AT(config_bounds, unit)

/* clang-format on */

#endif
