// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers with units, read and written.
 *
 * One table per dimension says what a unit is worth; the amount is summed up
 * in 128 bits in the finest unit that the dimension knows, and divided once.
 *
 * Refused, because two readers would take it for two numbers: 010 (eight or
 * ten), 1,5 (fifteen or one and a half).
 */
#include <errno.h>
#include <string.h>

#include "config/config.h"
#include "config/config_units.h"

#define US_NS 1000ull
#define MS_NS (1000 * US_NS)
#define S_NS (1000 * MS_NS)
#define MIN_NS (60 * S_NS)
#define HOUR_NS (60 * MIN_NS)
#define DAY_NS (24 * HOUR_NS)

/* Digits after the point that take part; 10^18 fits into 64 bits. */
#define MAX_DECIMALS 18

typedef unsigned __int128 u128;

struct unit {
	const char *name;
	u64 worth;
};

/* clang-format off */
static const struct unit size_units[] = {
	{ "B", 1 },
	{ "K", 1ull << 10 }, { "KB", 1ull << 10 }, { "KiB", 1ull << 10 },
	{ "M", 1ull << 20 }, { "MB", 1ull << 20 }, { "MiB", 1ull << 20 },
	{ "G", 1ull << 30 }, { "GB", 1ull << 30 }, { "GiB", 1ull << 30 },
	{ "T", 1ull << 40 }, { "TB", 1ull << 40 }, { "TiB", 1ull << 40 },
	{ "P", 1ull << 50 }, { "PB", 1ull << 50 }, { "PiB", 1ull << 50 },
	{ "E", 1ull << 60 }, { "EB", 1ull << 60 }, { "EiB", 1ull << 60 },
	{ 0 }
};

/* Largest first: the order in which they are written. */
static const struct unit time_units[] = {
	{ "d", DAY_NS }, { "h", HOUR_NS }, { "m", MIN_NS }, { "s", S_NS },
	{ "ms", MS_NS }, { "us", US_NS }, { "ns", 1 },
	{ 0 }
};

static const struct unit no_units[] = { { 0 } };
static const struct unit bp_units[] = { { "%", 100 }, { 0 } };
static const struct unit permil_units[] = { { "%", 10 }, { 0 } };
static const struct unit ppm_units[] = { { "%", 10000 }, { 0 } };
static const struct unit percent_units[] = { { "%", 1 }, { 0 } };

/* Bandwidths are told in powers of ten; largest first. */
static const struct unit rate_units[] = {
	{ "TB/s", 1000000000000ull }, { "GB/s", 1000000000 },
	{ "MB/s", 1000000 }, { "kB/s", 1000 }, { "B/s", 1 },
	{ "GiB/s", 1ull << 30 }, { "MiB/s", 1ull << 20 },
	{ "KiB/s", 1ull << 10 },
	{ 0 }
};

static const struct dim {
	const struct unit *units;
	u64 worth;	/* of a number without a unit */
	u64 step;	/* what counts as one in the result */
	bool compound;	/* "1 m 10 s" */
	bool saturates;
	const char *example;
	const char *too_fine;
	const char *unknown;
	bool exact;	/* what is finer than a step is refused */
} dims[CONFIG_NR_DIMS] = {
	[CONFIG_DIM_COUNT] = {
		no_units, 1, 1, false, false,
		"a whole number such as 10 or 1,000",
		"is less than 1",
		"is no whole number",
	},
	[CONFIG_DIM_BYTES] = {
		size_units, 1, 1, false, false,
		"a size such as 4096, 512M or 512.000 MiB",
		"is less than a byte",
		"has no known unit (B, K, M, G, T, P, E, with B or iB)",
	},
	[CONFIG_DIM_US] = {
		time_units, US_NS, US_NS, true, false,
		"a time such as 5 ms, 1s or 1 m 10.5 s",
		"is less than a microsecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
	},
	[CONFIG_DIM_MS] = {
		time_units, MS_NS, MS_NS, true, false,
		"a time such as 5 ms, 1s or 1 m 10.5 s",
		"is less than a millisecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
	},
	[CONFIG_DIM_BP] = {
		bp_units, 1, 1, false, false,
		"a share such as 4 % or 400 (of 10,000)",
		"is less than 0.01 %",
		"has no known unit (%)",
	},
	[CONFIG_DIM_PERMIL] = {
		permil_units, 1, 1, false, false,
		"a share such as 5 % or 50 (of 1,000)",
		"is less than 0.1 %",
		"has no known unit (%)",
	},
	[CONFIG_DIM_PPM] = {
		ppm_units, 10000, 1, false, true,
		"a share such as 5 %",
		"is less than 0.0001 %",
		"has no known unit (%)",
	},
	[CONFIG_DIM_NS] = {
		time_units, 1, 1, true, false,
		"a time such as 90 ns or 2.5 us",
		"is finer than a nanosecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
		true,
	},
	[CONFIG_DIM_PERCENT] = {
		percent_units, 1, 1, false, false,
		"a share in whole per cent such as 50 % or 50",
		"is finer than 1 %",
		"has no known unit (%)",
		true,
	},
	[CONFIG_DIM_MILLI] = {
		no_units, 1000, 1, false, false,
		"a number such as 0.99",
		"is finer than 0.001",
		"is no number without a unit",
		true,
	},
	[CONFIG_DIM_RATE] = {
		rate_units, 1, 1, false, false,
		"bytes a second such as 36 GB/s or 512 MiB/s",
		"is finer than a byte a second",
		"has no known unit (B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, "
		"MiB/s, GiB/s)",
		true,
	},
};
/* clang-format on */

const char *config_dim_example(enum config_dim dim)
{
	return dims[dim].example;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static const char *skip_spaces(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* Exact: @whole + @part / @scale. */
struct decimal {
	u64 whole;
	u64 part;
	u64 scale;
};

static bool push_digit(u64 *value, u32 base, u32 digit)
{
	return !__builtin_mul_overflow(*value, base, value) &&
	       !__builtin_add_overflow(*value, digit, value);
}

static int read_hex(const char **p, struct decimal *d, const char **why)
{
	const char *s = *p + 2;

	if (hex_digit(*s) < 0) {
		*why = "has no digits after 0x";
		return -EINVAL;
	}
	for (; hex_digit(*s) >= 0; s++) {
		if (!push_digit(&d->whole, 16, hex_digit(*s))) {
			*why = "does not fit into 64 bits";
			return -ERANGE;
		}
	}
	*p = s;
	return 0;
}

/* Digits with separators or without: 1000 and 1,000, but not 10,00. */
static int read_whole(const char **p, u64 *value, const char **why)
{
	const char *s = *p;
	bool separated = false;
	u32 nr = 0;

	if (s[0] == '0' && (is_digit(s[1]) || s[1] == ',')) {
		*why = "begins with 0, decimal or octal";
		return -EINVAL;
	}
	for (;; s++) {
		if (is_digit(*s)) {
			nr++;
			if (!push_digit(value, 10, *s - '0')) {
				*why = "does not fit into 64 bits";
				return -ERANGE;
			}
			continue;
		}
		if (separated ? nr != 3 : *s == ',' && (nr < 1 || nr > 3)) {
			*why = "has a comma that does not part thousands";
			return -EINVAL;
		}
		if (*s != ',')
			break;
		separated = true;
		nr = 0;
	}
	*p = s;
	return 0;
}

static int read_part(const char **p, struct decimal *d, const char **why)
{
	const char *s = *p + 1;
	u32 nr = 0;

	if (!is_digit(*s)) {
		*why = "has no digits after the point";
		return -EINVAL;
	}
	for (; is_digit(*s); s++) {
		if (nr++ < MAX_DECIMALS) {
			d->part = d->part * 10 + (*s - '0');
			d->scale *= 10;
		} else if (*s != '0') {
			*why = "has more than 18 digits after the point";
			return -EINVAL;
		}
	}
	*p = s;
	return 0;
}

static int read_decimal(const char **p, struct decimal *d, const char **why)
{
	int ret;

	*d = (struct decimal){ .scale = 1 };
	if (**p == '-') {
		*why = "is negative";
		return -EINVAL;
	}
	if (!is_digit(**p)) {
		*why = "is no number";
		return -EINVAL;
	}
	if (!strncmp(*p, "0x", 2) || !strncmp(*p, "0X", 2))
		return read_hex(p, d, why);
	ret = read_whole(p, &d->whole, why);
	if (!ret && **p == '.')
		ret = read_part(p, d, why);
	return ret;
}

static const struct unit *find_unit(const struct unit *units, const char *name,
				    size_t sz)
{
	const struct unit *unit;

	for (unit = units; unit->name; unit++) {
		if (strlen(unit->name) == sz && !memcmp(unit->name, name, sz))
			return unit;
	}
	return NULL;
}

/* The unit that follows a number, 0 if there is none. */
static int read_unit(const char **p, const struct dim *dim, u64 *worth,
		     const char **why)
{
	const struct unit *unit;
	size_t sz;

	*p = skip_spaces(*p);
	sz = strcspn(*p, " 0123456789");
	*worth = 0;
	if (!sz) {
		if (!**p)
			return 0;
		*why = dim->unknown;
		return -EINVAL;
	}
	unit = find_unit(dim->units, *p, sz);
	if (!unit) {
		*why = dim->unknown;
		return -EINVAL;
	}
	*p = skip_spaces(*p + sz);
	*worth = unit->worth;
	return 0;
}

int config_number(const char *text, enum config_dim which, u64 *out,
		  const char **why)
{
	const struct dim *dim = &dims[which];
	const char *p = skip_spaces(text);
	bool is_zero = true;
	struct decimal d;
	u128 sum = 0;
	u64 worth;
	u32 nr = 0;
	int ret;

	if (!strcmp(p, "max") || !strcmp(p, "min")) {
		*out = p[1] == 'a' ? CONFIG_NO_BOUND : 0;
		return 0;
	}
	do {
		ret = read_decimal(&p, &d, why);
		if (!ret)
			ret = read_unit(&p, dim, &worth, why);
		if (ret)
			return ret;
		if (!worth && nr) {
			*why = "has a number without a unit after one with";
			return -EINVAL;
		}
		if (!worth)
			worth = dim->worth;
		/* Below 2^64 days of ns, which is below 2^111: no overflow. */
		sum += (u128)d.whole * worth + (u128)d.part * worth / d.scale;
		if (sum / dim->step > CONFIG_NO_BOUND) {
			if (dim->saturates && !*p) {
				*out = CONFIG_NO_BOUND;
				return 0;
			}
			*why = "does not fit into 64 bits";
			return -ERANGE;
		}
		if (d.whole || d.part)
			is_zero = false;
		if (dim->exact && (u128)d.part * worth % d.scale) {
			*why = dim->too_fine;
			return -EINVAL;
		}
		nr++;
	} while (*p && dim->compound);
	if (*p) {
		*why = dim->unknown;
		return -EINVAL;
	}
	if (which == CONFIG_DIM_COUNT && d.part) {
		*why = dim->unknown;
		return -EINVAL;
	}
	*out = sum / dim->step;
	if (!*out && !is_zero) {
		*why = dim->too_fine;
		return -EINVAL;
	}
	return 0;
}

int config_integer(const char *text, s64 *out, const char **why)
{
	const char *p = skip_spaces(text);
	bool negative = *p == '-';
	u64 value;
	int ret;

	ret = config_number(p + negative, CONFIG_DIM_COUNT, &value, why);
	if (ret)
		return ret;
	if (value > (u64)__INT64_MAX__) {
		*why = "does not fit into 63 bits";
		return -ERANGE;
	}
	*out = negative ? -(s64)value : (s64)value;
	return 0;
}

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
	const struct unit *unit;
	size_t len = 0;
	u64 worth;

	if (!value) {
		snprintf(buf, sz, "0 ns");
		return;
	}
	for (unit = time_units; unit->worth >= step; unit++) {
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
	const struct unit *unit = rate_units;
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
		format_time(buf, sz, value, dims[dim].step);
		break;
	case CONFIG_DIM_BP:
	case CONFIG_DIM_PERMIL:
	case CONFIG_DIM_PPM:
	case CONFIG_DIM_PERCENT:
		format_percent(buf, sz, value, dims[dim].units[0].worth);
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
