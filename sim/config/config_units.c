// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers with units, read; config_format.c writes them.
 *
 * config_dims.c says what a unit is worth; the amount is summed up in 128 bits
 * in the finest unit that the dimension knows, and divided once.
 *
 * Refused, because two readers would take it for two numbers: 010 (eight or
 * ten), 1,5 (fifteen or one and a half).
 */
#include <errno.h>
#include <string.h>

#include "config/config.h"
#include "config/config_dims.h"

/* Digits after the point that take part; 10^18 fits into 64 bits. */
#define MAX_DECIMALS 18

typedef unsigned __int128 u128;

const char *config_dim_example(enum config_dim dim)
{
	return config_dims[dim].example;
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

static const struct config_unit_worth *
find_unit(const struct config_unit_worth *units, const char *name, size_t sz)
{
	const struct config_unit_worth *unit;

	for (unit = units; unit->name; unit++) {
		if (strlen(unit->name) == sz && !memcmp(unit->name, name, sz))
			return unit;
	}
	return NULL;
}

/* The unit that follows a number, 0 if there is none. */
static int read_unit(const char **p, const struct config_dim_units *dim,
		     u64 *worth, const char **why)
{
	const struct config_unit_worth *unit;
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
	const struct config_dim_units *dim = &config_dims[which];
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
