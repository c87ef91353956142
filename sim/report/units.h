/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sizes and times for people, in the words that damo uses.
 *
 * Not here: reading them (config).
 */
#ifndef UNITS_H
#define UNITS_H

#include <linux/types.h>

/* Long enough for any text made here. */
#define UNITS_LEN 48

/**
 * units_bytes() - a size: "196.848 MiB".
 * @buf:	UNITS_LEN bytes
 * @bytes:	size
 *
 * Return: @buf.
 */
const char *units_bytes(char *buf, u64 bytes);

/**
 * units_ns() - a time: "1 m 10.303 s", "2.500 ms", "0 ns".
 * @buf:	UNITS_LEN bytes
 * @ns:		nanoseconds
 *
 * Return: @buf.
 */
const char *units_ns(char *buf, u64 ns);

/**
 * units_count() - a number with its thousands apart: "1,234,567".
 * @buf:	UNITS_LEN bytes
 * @nr:		number
 *
 * Return: @buf.
 */
const char *units_count(char *buf, u64 nr);

#endif
