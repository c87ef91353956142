// SPDX-License-Identifier: GPL-2.0
/* What an event's name asks for, see event_name.h. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/event_name.h"

/* perf_event_attr.type of what perf counts without a PMU of the machine. */
#define TYPE_HARDWARE 0
#define TYPE_SOFTWARE 1
#define TYPE_RAW 4

/* Events stand for other terms once, not again and again. */
#define DEPTH_MAX 2

static const struct known {
	const char *name;
	u32 type;
	u64 config;
} known[] = {
	{ "cpu-cycles", TYPE_HARDWARE, 0 },
	{ "cycles", TYPE_HARDWARE, 0 },
	{ "instructions", TYPE_HARDWARE, 1 },
	{ "cache-references", TYPE_HARDWARE, 2 },
	{ "cache-misses", TYPE_HARDWARE, 3 },
	{ "branch-instructions", TYPE_HARDWARE, 4 },
	{ "branches", TYPE_HARDWARE, 4 },
	{ "branch-misses", TYPE_HARDWARE, 5 },
	{ "bus-cycles", TYPE_HARDWARE, 6 },
	{ "stalled-cycles-frontend", TYPE_HARDWARE, 7 },
	{ "stalled-cycles-backend", TYPE_HARDWARE, 8 },
	{ "ref-cycles", TYPE_HARDWARE, 9 },
	{ "cpu-clock", TYPE_SOFTWARE, 0 },
	{ "task-clock", TYPE_SOFTWARE, 1 },
	{ "page-faults", TYPE_SOFTWARE, 2 },
	{ "faults", TYPE_SOFTWARE, 2 },
	{ "context-switches", TYPE_SOFTWARE, 3 },
	{ "cs", TYPE_SOFTWARE, 3 },
	{ "cpu-migrations", TYPE_SOFTWARE, 4 },
	{ "migrations", TYPE_SOFTWARE, 4 },
	{ "minor-faults", TYPE_SOFTWARE, 5 },
	{ "major-faults", TYPE_SOFTWARE, 6 },
	{ "alignment-faults", TYPE_SOFTWARE, 7 },
	{ "emulation-faults", TYPE_SOFTWARE, 8 },
	{ "dummy", TYPE_SOFTWARE, 9 },
	{ "bpf-output", TYPE_SOFTWARE, 10 },
	{ "cgroup-switches", TYPE_SOFTWARE, 11 },
};

/* A name that is being read. */
struct reading {
	struct event_attr *attr;
	const struct pmus *pmus;
	const char *name;
	struct event_error *err;
};

static int wrong(struct reading *r, const char *at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int wrong(struct reading *r, const char *at, const char *fmt, ...)
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
static void nearer(const char *word, const char *name, u32 *best,
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
		nearer(word, pmu->format[i].name, &best, &nearest);
	for (i = 0; i < pmu->nr_events; i++)
		nearer(word, pmu->event[i].name, &best, &nearest);
	for (i = 0; i < sizeof(own) / sizeof(*own); i++)
		nearer(word, own[i], &best, &nearest);
	if (nearest)
		return wrong(r, at, "%s has no term \"%s\"; %s?", pmu->name,
			     word, nearest);
	return wrong(r, at,
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
		return wrong(r, at,
			     "the format of %s is \"%.60s\"; expected "
			     "bits of a config",
			     term, format);
	do {
		p++;
		if (sscanf(p, "%u-%u%n", &lo, &hi, (int *)&used) != 2) {
			if (sscanf(p, "%u%n", &lo, (int *)&used) != 1)
				return wrong(r, at,
					     "the format of %s is \"%.60s\"; "
					     "expected bits",
					     term, format);
			hi = lo;
		}
		if (hi > 63 || lo > hi)
			return wrong(r, at,
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
		return wrong(r, at,
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

static int read_terms(struct reading *r, const char *text, const char *end,
		      u32 depth);

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
			return wrong(r, at, "%s is \"%s\"; expected a number",
				     word, text);
	}
	ret = own_term(r, word, equals, value, text);
	if (ret)
		return ret < 0 ? ret : 0;
	/* The event's own terms first, so that others may overrule them. */
	entry = equals ? NULL : pmu_event(r->attr->pmu, word);
	if (entry && depth < DEPTH_MAX)
		return read_terms(r, entry->text,
				  entry->text + strlen(entry->text), depth + 1);
	entry = pmu_format(r->attr->pmu, word);
	if (!entry)
		return no_such_term(r, at, word);
	return set_bits(r, at, entry->text, word, value);
}

/*
 * Terms between commas.  What stands in a description has no place in the name.
 */
static int read_terms(struct reading *r, const char *text, const char *end,
		      u32 depth)
{
	char word[PMU_NAME];
	int ret = 0;

	while (text < end && !ret) {
		size_t len = strcspn(text, ",");

		if (text + len > end)
			len = end - text;
		if (!len || len >= sizeof(word))
			return wrong(r, depth ? r->name : text,
				     len ? "a term longer than any" :
					   "nothing between commas; expected "
					   "a term");
		memcpy(word, text, len);
		word[len] = '\0';
		ret = take_term(r, depth ? r->name : text, word, depth);
		text += len;
		if (!ret && text < end && *text == ',' && ++text == end)
			return wrong(r, depth ? r->name : text,
				     "nothing behind a comma; expected a term");
	}
	return ret;
}

/* Modifiers, as perf explains them in perf-list(1). */
static int read_modifiers(struct reading *r, const char *text)
{
	struct event_attr *a = r->attr;
	u32 max = a->pmu ? a->pmu->max_precise : 3, precise = 0;
	bool u = false, k = false, h = false, host = false, guest = false;
	const char *p;

	for (p = text; *p; p++) {
		switch (*p) {
		case 'u':
			u = true;
			break;
		case 'k':
			k = true;
			break;
		case 'h':
			h = true;
			break;
		case 'H':
			host = true;
			break;
		case 'G':
			guest = true;
			break;
		case 'I':
			a->exclude_idle = true;
			break;
		case 'p':
			if (++precise > 3)
				return wrong(r, p, "more than three p");
			break;
		case 'P':
			precise = max;
			break;
		case 'D':
			a->pinned = true;
			break;
		case 'e':
			a->exclusive = true;
			break;
		case 'S': /* how results are kept, not what is sampled */
		case 'W':
		case 'b':
			break;
		default:
			return wrong(r, p,
				     "no modifier '%c'; expected some of u k h "
				     "I G H p P S D W e b",
				     isprint((unsigned char)*p) ? *p : '?');
		}
	}
	a->precise_ip = precise;
	if (u || k || h) {
		a->exclude_user = !u;
		a->exclude_kernel = !k;
		a->exclude_hv = !h;
	}
	if (host || guest) {
		a->exclude_host = !host;
		a->exclude_guest = !guest;
	}
	return 0;
}

/* PMU/TERMS/MODIFIERS */
static int read_pmu_event(struct reading *r, const char *slash)
{
	const char *end = strchr(slash + 1, '/'), *nearest = NULL;
	char name[PMU_NAME];
	u32 best = PMU_NAME, i;
	int ret;

	if (slash - r->name >= (long)sizeof(name))
		return wrong(r, r->name, "a name longer than any PMU's");
	memcpy(name, r->name, slash - r->name);
	name[slash - r->name] = '\0';
	r->attr->pmu = pmus_find(r->pmus, name);
	if (!r->attr->pmu) {
		for (i = 0; i < r->pmus->nr; i++)
			nearer(name, r->pmus->at[i].name, &best, &nearest);
		return wrong(r, r->name, "no PMU \"%s\"%s%s%s", name,
			     nearest ? "; " : "", nearest ? nearest : "",
			     nearest ? "?" : "");
	}
	if (!end)
		return wrong(r, r->name + strlen(r->name),
			     "no second slash; expected PMU/TERMS/MODIFIERS");
	r->attr->type = r->attr->pmu->type;
	ret = read_terms(r, slash + 1, end, 0);
	if (ret)
		return ret;
	/* perf takes them with a colon and without. */
	return read_modifiers(r, end + 1 + (end[1] == ':'));
}

/* A name that perf knows, or a PMU of the CPU. */
static int read_word(struct reading *r)
{
	size_t len = strcspn(r->name, ":");
	const char *nearest = NULL;
	const struct pmu_entry *e;
	char word[PMU_NAME];
	u32 best = PMU_NAME, i;
	int ret = 0;

	if (len >= sizeof(word))
		return wrong(r, r->name, "a name longer than any event's");
	memcpy(word, r->name, len);
	word[len] = '\0';
	r->attr->pmu = pmus_find(r->pmus, "cpu");
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		nearer(word, known[i].name, &best, &nearest);
		if (strcmp(word, known[i].name))
			continue;
		r->attr->type = known[i].type;
		r->attr->config = known[i].config;
		return read_modifiers(r, r->name + len + (r->name[len] == ':'));
	}
	e = r->attr->pmu ? pmu_event(r->attr->pmu, word) : NULL;
	if (e) {
		r->attr->type = r->attr->pmu->type;
		ret = read_terms(r, e->text, e->text + strlen(e->text), 1);
		return ret ? ret :
			     read_modifiers(r, r->name + len +
						       (r->name[len] == ':'));
	}
	for (i = 0; r->attr->pmu && i < r->attr->pmu->nr_events; i++)
		nearer(word, r->attr->pmu->event[i].name, &best, &nearest);
	return wrong(r, r->name, "no event \"%s\"%s%s%s", word,
		     nearest ? "; " : "", nearest ? nearest : "",
		     nearest ? "?" : "");
}

/* rHEX */
static bool read_raw(struct reading *r, int *ret)
{
	size_t digits = strspn(r->name + 1, "0123456789abcdefABCDEF");
	const char *rest = r->name + 1 + digits;

	if (*r->name != 'r' || !digits || (*rest && *rest != ':'))
		return false;
	if (digits > 16) {
		*ret = wrong(r, r->name, "more than 64 bits");
		return true;
	}
	r->attr->pmu = pmus_find(r->pmus, "cpu");
	r->attr->type = TYPE_RAW;
	r->attr->config = strtoull(r->name + 1, NULL, 16);
	*ret = read_modifiers(r, rest + (*rest == ':'));
	return true;
}

int event_parse(struct event_attr *attr, const struct pmus *pmus,
		const char *name, struct event_error *err)
{
	struct reading r = {
		.attr = attr, .pmus = pmus, .name = name, .err = err
	};
	const char *slash = strchr(name, '/');
	int ret;

	*attr = (struct event_attr){ 0 };
	*err = (struct event_error){ 0 };
	if (!*name)
		return wrong(&r, name, "nothing; expected an event");
	if (slash)
		return read_pmu_event(&r, slash);
	if (read_raw(&r, &ret))
		return ret;
	return read_word(&r);
}
