// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers with units, written so that they are read back as they were.
 */
#include <stdio.h>

#include "config/config.h"
#include "config/config_dims.h"

typedef unsigned __int128 u128;

/* Thousands parted by commas; returns how long it is. */
static size_t format_count(char *buf, size_t sz, u64 value)
{
	char digits[24];
	size_t nr, i, o = 0;

	nr = snprintf(digits, sizeof(digits), "%llu", value);
	for (i = 0; i < nr && o + 2 < sz; i++) {
		if (i && (nr - i) % 3 == 0)
			buf[o++] = ',';
		buf[o++] = digits[i];
	}
	buf[o] = '\0';
	return o;
}

static void format_size(char *buf, size_t sz, u64 value)
{
	static const char names[] = "KMGTPE";
	u64 unit;
	u64 milli;
	size_t len;
	int i;

	/* As in damo, 1024 B and 1024.000 KiB: a unit begins above itself. */
	for (i = 5; i > 0; i--) {
		if (value > 1ull << (10 * i + 10))
			break;
	}
	unit = 1ull << (10 * i + 10);
	milli = (u128)(value % unit) * 1000 / unit;
	if (value > unit && (u128)milli * unit == (u128)(value % unit) * 1000) {
		snprintf(buf, sz, "%llu.%03llu %ciB", value / unit, milli,
			 names[i]);
		return;
	}
	len = value > 1024 ? format_count(buf, sz, value) :
			     snprintf(buf, sz, "%llu", value);
	snprintf(buf + len, sz - len, " B");
}

static void format_time(char *buf, size_t sz, u64 value, u64 step)
{
	const struct config_unit_worth *unit;
	size_t len = 0;
	u64 worth;

	if (!value) {
		snprintf(buf, sz, "0 ns");
		return;
	}
	for (unit = config_time_units; unit->worth >= step; unit++) {
		worth = unit->worth / step;
		if (value < worth)
			continue;
		if (len)
			buf[len++] = ' ';
		len += format_count(buf + len, sz - len, value / worth);
		len += snprintf(buf + len, sz - len, " %s", unit->name);
		value %= worth;
	}
}

static void format_percent(char *buf, size_t sz, u64 value, u64 worth)
{
	u64 part = value % worth;
	size_t len;

	len = format_count(buf, sz, value / worth);
	if (part)
		buf[len++] = '.';
	while (part) {
		worth /= 10;
		buf[len++] = '0' + part / worth;
		part %= worth;
	}
	snprintf(buf + len, sz - len, " %%");
}

static void format_milli(char *buf, size_t sz, u64 value)
{
	u32 part = value % 1000;

	if (!part)
		format_count(buf, sz, value / 1000);
	else if (part % 10)
		snprintf(buf, sz, "%llu.%03u", value / 1000, part);
	else if (part % 100)
		snprintf(buf, sz, "%llu.%02u", value / 1000, part / 10);
	else
		snprintf(buf, sz, "%llu.%u", value / 1000, part / 100);
}

static void format_rate(char *buf, size_t sz, u64 value)
{
	const struct config_unit_worth *unit = config_rate_units;
	size_t len;

	while (unit->worth > 1 && (value < unit->worth || value % unit->worth))
		unit++;
	len = format_count(buf, sz, value / unit->worth);
	snprintf(buf + len, sz - len, " %s", unit->name);
}

void config_format(char *buf, size_t sz, enum config_dim dim, u64 value)
{
	if (value == CONFIG_NO_BOUND) {
		snprintf(buf, sz, "max");
		return;
	}
	switch (dim) {
	case CONFIG_DIM_BYTES:
		format_size(buf, sz, value);
		break;
	case CONFIG_DIM_US:
	case CONFIG_DIM_MS:
	case CONFIG_DIM_NS:
		format_time(buf, sz, value, config_dims[dim].step);
		break;
	case CONFIG_DIM_BP:
	case CONFIG_DIM_PERMIL:
	case CONFIG_DIM_PPM:
	case CONFIG_DIM_PERCENT:
		format_percent(buf, sz, value, config_dims[dim].units[0].worth);
		break;
	case CONFIG_DIM_MILLI:
		format_milli(buf, sz, value);
		break;
	case CONFIG_DIM_RATE:
		format_rate(buf, sz, value);
		break;
	default:
		format_count(buf, sz, value);
		break;
	}
}
