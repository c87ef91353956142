/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers with units, in damo's spelling: "512.000 MiB", "1 m 10.303 s",
 * "4,096", "5 %", "max".
 *
 * Integer arithmetic throughout, so that what is printed exactly is read back
 * exactly; damo goes through floating point and loses bytes above 2^53.
 */
#ifndef CONFIG_UNITS_H
#define CONFIG_UNITS_H

#include <stdio.h>

#include <linux/types.h>

/* What a number counts; a number without a unit is in the one named here. */
enum config_dim {
	CONFIG_DIM_COUNT,
	CONFIG_DIM_BYTES,
	CONFIG_DIM_US,
	CONFIG_DIM_MS,
	CONFIG_DIM_BP,
	CONFIG_DIM_PERMIL,
	CONFIG_DIM_PPM, /* one without a unit is a percentage, though */
	CONFIG_DIM_NS,
	CONFIG_DIM_PERCENT,
	CONFIG_DIM_MILLI, /* thousandths, written as 0.99 */
	CONFIG_DIM_RATE, /* bytes a second */
	CONFIG_NR_DIMS,
};

/* Longest: every unit of time, days with thousands separators. */
#define CONFIG_SZ_NUMBER 96

/**
 * config_number() - read an unsigned number.
 * @text:	the number
 * @dim:	which units it may have
 * @out:	set on success; CONFIG_NO_BOUND for "max", 0 for "min"
 * @why:	set on failure: what is wrong with it, to follow the number
 *
 * What is finer than the dimension's step is rounded down, but not to nothing:
 * "500 ns" is no number of microseconds.  The dimensions that damo does not
 * know refuse it.  A percentage too large for @out is CONFIG_NO_BOUND, since
 * damo writes "no bound" as one.
 *
 * Return: 0; -EINVAL; -ERANGE.
 */
int config_number(const char *text, enum config_dim dim, u64 *out,
		  const char **why);

/* As config_number(), a whole number that may be negative. */
int config_integer(const char *text, s64 *out, const char **why);

/* Which spellings config_number() takes, for messages. */
const char *config_dim_example(enum config_dim dim);

/**
 * config_format() - write a number so that config_number() gives it back.
 * @buf:	filled
 * @sz:		at least CONFIG_SZ_NUMBER
 * @dim:	what @value counts
 * @value:	any
 *
 * The spelling is damo's, except where damo would round: there, with smaller
 * units.
 */
void config_format(char *buf, size_t sz, enum config_dim dim, u64 value);

#endif
