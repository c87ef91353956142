/* SPDX-License-Identifier: GPL-2.0 */
/* How a line of the table of files is written: kind, and field it goes to. */
#ifndef SYSFS_TABLE_H
#define SYSFS_TABLE_H

#include "sysfs/tree.h"

/* clang-format off */

#define AT(type, field) \
	.offset = offsetof(struct type, field), \
	.width = sizeof(((struct type *)0)->field)
#define NUMBER(type, field) .kind = SYSFS_UNSIGNED, AT(type, field)
#define INT(type, field) .kind = SYSFS_INT, AT(type, field)
#define BOOL(type, field) .kind = SYSFS_BOOL, AT(type, field)
#define WORD(type, field, of) \
	.kind = SYSFS_WORD, .words = of##_words, AT(type, field)
#define TEXT(type, field) .kind = SYSFS_TEXT, AT(type, field)
#define LIST(type, field, nr, of) \
	.dir = &of##_dir, .max = INT_MAX_U, \
	.sz = sizeof(*((struct type *)0)->field), \
	.offset = offsetof(struct type, field), \
	.offset_nr = offsetof(struct type, nr)
#define INT_MAX_U 0x7fffffffu
#define BIT(nr) (1u << (nr))

/* clang-format on */

extern const struct sysfs_dir sysfs_schemes_dir;

#endif
