// SPDX-License-Identifier: GPL-2.0
/* Sizes and times for people, see units.h. */
#include <stdio.h>
#include <string.h>

#include "report/units.h"

/* @value / @unit with three decimals, rounded down, in integers. */
static void put_thousandths(char *buf, size_t len, u64 value, u64 unit,
			    const char *name)
{
	/* value % unit * 1000 would overflow for units above 2^54. */
	while (unit > 1ULL << 50) {
		unit >>= 10;
		value >>= 10;
	}
	snprintf(buf, len, "%llu.%03llu %s", value / unit,
		 value % unit * 1000 / unit, name);
}

const char *units_bytes(char *buf, u64 bytes)
{
	static const char *const name[] = { "B",   "KiB", "MiB", "GiB",
					    "TiB", "PiB", "EiB" };
	int i = 0;

	while (i < 6 && bytes >> (10 * (i + 1)))
		i++;
	if (!i)
		snprintf(buf, UNITS_LEN, "%llu B", bytes);
	else
		put_thousandths(buf, UNITS_LEN, bytes, 1ULL << (10 * i),
				name[i]);
	return buf;
}

const char *units_ns(char *buf, u64 ns)
{
	static const struct {
		u64 ns;
		const char *name;
	} big[] = {
		{ 86400000000000ULL, "d" },
		{ 3600000000000ULL, "h" },
		{ 60000000000ULL, "m" },
	};
	size_t i, used = 0;

	if (ns < 1000) {
		snprintf(buf, UNITS_LEN, "%llu ns", ns);
	} else if (ns < 1000000) {
		put_thousandths(buf, UNITS_LEN, ns, 1000, "us");
	} else if (ns < 1000000000) {
		put_thousandths(buf, UNITS_LEN, ns, 1000000, "ms");
	} else {
		for (i = 0; i < sizeof(big) / sizeof(big[0]); i++) {
			if (ns < big[i].ns)
				continue;
			used += snprintf(buf + used, UNITS_LEN - used,
					 "%llu %s ", ns / big[i].ns,
					 big[i].name);
			ns %= big[i].ns;
		}
		put_thousandths(buf + used, UNITS_LEN - used, ns, 1000000000,
				"s");
	}
	return buf;
}

const char *units_count(char *buf, u64 nr)
{
	char plain[24];
	int len = snprintf(plain, sizeof(plain), "%llu", nr), i, out = 0;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf[out++] = ',';
		buf[out++] = plain[i];
	}
	buf[out] = '\0';
	return buf;
}
