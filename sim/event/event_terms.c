// SPDX-License-Identifier: GPL-2.0
/* Terms between slashes, and what is said of wrong ones; see event_name.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/event_reading.h"

/* Events stand for other terms once, not again and again. */
#define DEPTH_MAX 2

int reading_wrong(struct reading *r, const char *at, const char *fmt, ...)
{
	va_list args;

	r->err->at = at - r->name;
	va_start(args, fmt);
	vsnprintf(r->err->text, sizeof(r->err->text), fmt, args);
	va_end(args);
	return -EINVAL;
}

static u32 min3(u32 a, u32 b, u32 c)
{
	a = a < b ? a : b;
	return a < c ? a : c;
}

/* Edits that make one name of the other. */
static u32 edits(const char *a, const char *b)
{
	u32 row[PMU_NAME + 1], i, j, above, left, n = strlen(b);

	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; a[i - 1]; i++) {
		left = row[0];
		row[0] = i;
		for (j = 1; j <= n; j++) {
			above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1,
				      left + (a[i - 1] != b[j - 1]));
			left = above;
		}
	}
	return row[n];
}

/* Keep the nearer one of two names. */
void reading_nearer(const char *word, const char *name, u32 *best,
		    const char **nearest)
{
	u32 nr = edits(word, name);

	if (nr < *best && nr <= 1 + strlen(name) / 3) {
		*best = nr;
		*nearest = name;
	}
}

static int no_such_term(struct reading *r, const char *at, const char *word)
{
	static const char *const own[] = { "config",  "config1", "config2",
					   "config3", "period",	 "freq",
					   "name" };
	const struct pmu *pmu = r->attr->pmu;
	const char *nearest = NULL;
	u32 best = PMU_NAME, i;

	for (i = 0; i < pmu->nr_formats; i++)
		reading_nearer(word, pmu->format[i].name, &best, &nearest);
	for (i = 0; i < pmu->nr_events; i++)
		reading_nearer(word, pmu->event[i].name, &best, &nearest);
	for (i = 0; i < sizeof(own) / sizeof(*own); i++)
		reading_nearer(word, own[i], &best, &nearest);
	if (nearest)
		return reading_wrong(r, at, "%s has no term \"%s\"; %s?",
				     pmu->name, word, nearest);
	return reading_wrong(
		r, at,
		"%s has no term \"%s\"; expected one of its formats or "
		"events, config to config3, period, freq or name",
		pmu->name, word);
}

/* Put @value into the bits that a format names: "config1:0-11,32". */
static int set_bits(struct reading *r, const char *at, const char *format,
		    const char *term, u64 value)
{
	static const char *const words[] = { "config3", "config2", "config1",
					     "config" };
	u64 *const configs[] = { &r->attr->config3, &r->attr->config2,
				 &r->attr->config1, &r->attr->config };
	u64 left = value, bits = 0, *config = NULL;
	u32 i, lo, hi, used;
	const char *p;

	for (i = 0; i < 4 && !config; i++) {
		size_t len = strlen(words[i]);

		if (!strncmp(format, words[i], len) && format[len] == ':') {
			config = configs[i];
			p = format + len;
		}
	}
	if (!config)
		return reading_wrong(r, at,
				     "the format of %s is \"%.60s\"; expected "
				     "bits of a config",
				     term, format);
	do {
		p++;
		if (sscanf(p, "%u-%u%n", &lo, &hi, (int *)&used) != 2) {
			if (sscanf(p, "%u%n", &lo, (int *)&used) != 1)
				return reading_wrong(
					r, at,
					"the format of %s is \"%.60s\"; "
					"expected bits",
					term, format);
			hi = lo;
		}
		if (hi > 63 || lo > hi)
			return reading_wrong(
				r, at,
				"the format of %s is \"%.60s\"; expected "
				"bits from 0 to 63",
				term, format);
		p += used;
		for (i = lo; i <= hi; i++) {
			*config &= ~(1ULL << i);
			*config |= (left & 1) << i;
			left >>= 1;
			bits++;
		}
	} while (*p == ',');
	if (left)
		return reading_wrong(
			r, at,
			"0x%llx does not fit in the %llu bits of %s; "
			"expected at most 0x%llx",
			value, bits, term, (1ULL << bits) - 1);
	return 0;
}

/* Terms of perf's own.  Return: 1 if it was one; 0; -EINVAL. */
static int own_term(struct reading *r, const char *word, bool has_value,
		    u64 value, const char *text)
{
	struct event_attr *a = r->attr;

	if (!strcmp(word, "name")) {
		snprintf(a->name, sizeof(a->name), "%s", text);
		return 1;
	}
	if (!has_value)
		return 0;
	if (!strcmp(word, "config"))
		a->config = value;
	else if (!strcmp(word, "config1"))
		a->config1 = value;
	else if (!strcmp(word, "config2"))
		a->config2 = value;
	else if (!strcmp(word, "config3"))
		a->config3 = value;
	else if (!strcmp(word, "period")) {
		a->sample_period = value;
		a->has_period = true;
		a->has_freq = false;
	} else if (!strcmp(word, "freq")) {
		a->sample_freq = value;
		a->has_freq = true;
		a->has_period = false;
	} else {
		return 0;
	}
	return 1;
}

static int take_term(struct reading *r, const char *at, char *word, u32 depth)
{
	const struct pmu_entry *entry;
	char *equals = strchr(word, '='), *rest;
	const char *text = "";
	u64 value = 1;
	int ret;

	if (equals) {
		*equals = '\0';
		text = equals + 1;
	}
	if (equals && strcmp(word, "name")) {
		errno = 0;
		value = strtoull(text, &rest, 0);
		if (!*text || *rest || errno || *text == '-')
			return reading_wrong(r, at,
					     "%s is \"%s\"; expected a number",
					     word, text);
	}
	ret = own_term(r, word, equals, value, text);
	if (ret)
		return ret < 0 ? ret : 0;
	/* The event's own terms first, so that others may overrule them. */
	entry = equals ? NULL : pmu_event(r->attr->pmu, word);
	if (entry && depth < DEPTH_MAX)
		return reading_terms(r, entry->text,
				     entry->text + strlen(entry->text),
				     depth + 1);
	entry = pmu_format(r->attr->pmu, word);
	if (!entry)
		return no_such_term(r, at, word);
	return set_bits(r, at, entry->text, word, value);
}

/*
 * Terms between commas.  What stands in a description has no place in the name.
 */
int reading_terms(struct reading *r, const char *text, const char *end,
		  u32 depth)
{
	char word[PMU_NAME];
	int ret = 0;

	while (text < end && !ret) {
		size_t len = strcspn(text, ",");

		if (text + len > end)
			len = end - text;
		if (!len || len >= sizeof(word))
			return reading_wrong(
				r, depth ? r->name : text,
				len ? "a term longer than any" :
				      "nothing between commas; expected "
				      "a term");
		memcpy(word, text, len);
		word[len] = '\0';
		ret = take_term(r, depth ? r->name : text, word, depth);
		text += len;
		if (!ret && text < end && *text == ',' && ++text == end)
			return reading_wrong(
				r, depth ? r->name : text,
				"nothing behind a comma; expected a term");
	}
	return ret;
}
