// SPDX-License-Identifier: GPL-2.0
/* What an event's name asks for, see event_name.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "event/event_reading.h"

/* perf_event_attr.type of what perf counts without a PMU of the machine. */
#define TYPE_HARDWARE 0
#define TYPE_SOFTWARE 1
#define TYPE_RAW 4

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
				return reading_wrong(r, p, "more than three p");
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
			return reading_wrong(
				r, p,
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
		return reading_wrong(r, r->name,
				     "a name longer than any PMU's");
	memcpy(name, r->name, slash - r->name);
	name[slash - r->name] = '\0';
	r->attr->pmu = pmus_find(r->pmus, name);
	if (!r->attr->pmu) {
		for (i = 0; i < r->pmus->nr; i++)
			reading_nearer(name, r->pmus->at[i].name, &best,
				       &nearest);
		return reading_wrong(r, r->name, "no PMU \"%s\"%s%s%s", name,
				     nearest ? "; " : "",
				     nearest ? nearest : "",
				     nearest ? "?" : "");
	}
	if (!end)
		return reading_wrong(
			r, r->name + strlen(r->name),
			"no second slash; expected PMU/TERMS/MODIFIERS");
	r->attr->type = r->attr->pmu->type;
	ret = reading_terms(r, slash + 1, end, 0);
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
	const struct pmu_entry *e = NULL;
	char word[PMU_NAME];
	u32 best = PMU_NAME, i, j;
	int ret = 0;

	if (len >= sizeof(word))
		return reading_wrong(r, r->name,
				     "a name longer than any event's");
	memcpy(word, r->name, len);
	word[len] = '\0';
	r->attr->pmu = pmus_find(r->pmus, "cpu");
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		reading_nearer(word, known[i].name, &best, &nearest);
		if (strcmp(word, known[i].name))
			continue;
		r->attr->type = known[i].type;
		r->attr->config = known[i].config;
		return read_modifiers(r, r->name + len + (r->name[len] == ':'));
	}
	for (i = 0; i < r->pmus->nr; i++) {
		const struct pmu *pmu = &r->pmus->at[i];
		const struct pmu_entry *found = pmu_event(pmu, word);

		if (!pmu_is_core(pmu))
			continue;
		for (j = 0; j < pmu->nr_events; j++)
			reading_nearer(word, pmu->event[j].name, &best,
				       &nearest);
		if (e && found)
			return reading_wrong(r, r->name,
					     "%s and %s have an event \"%s\"; "
					     "expected %s/%s/ or %s/%s/",
					     r->attr->pmu->name, pmu->name,
					     word, r->attr->pmu->name, word,
					     pmu->name, word);
		if (!found)
			continue;
		e = found;
		r->attr->pmu = pmu;
	}
	if (e) {
		r->attr->type = r->attr->pmu->type;
		ret = reading_terms(r, e->text, e->text + strlen(e->text), 1);
		return ret ? ret :
			     read_modifiers(r, r->name + len +
						       (r->name[len] == ':'));
	}
	return reading_wrong(r, r->name, "no event \"%s\"%s%s%s", word,
			     nearest ? "; " : "", nearest ? nearest : "",
			     nearest ? "?" : "");
}

/* rHEX */
static bool read_raw(struct reading *r, int *ret)
{
	size_t digits = strspn(r->name + 1, "0123456789abcdefABCDEF");
	const char *rest = r->name + 1 + digits;
	u32 i;

	if (*r->name != 'r' || !digits || (*rest && *rest != ':'))
		return false;
	if (digits > 16) {
		*ret = reading_wrong(r, r->name, "more than 64 bits");
		return true;
	}
	/* Where cores differ it is the PMU of one sort that has this type. */
	for (i = 0; i < r->pmus->nr; i++)
		if (pmu_is_core(&r->pmus->at[i]) &&
		    r->pmus->at[i].type == TYPE_RAW)
			r->attr->pmu = &r->pmus->at[i];
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
		return reading_wrong(&r, name, "nothing; expected an event");
	if (slash)
		return read_pmu_event(&r, slash);
	if (read_raw(&r, &ret))
		return ret;
	return read_word(&r);
}
