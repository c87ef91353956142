// SPDX-License-Identifier: GPL-2.0
/* Reading a scene. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/scene.h"

enum who { CPU_NMI, KDAMOND, HOTPLUG, RIVAL };
enum what { NONE, CPU, EVENTS };

static const struct {
	const char *name;
	enum who who;
	enum what what;
} verbs[] = {
#define X(id, name, who, what) { name, who, what },
	SCENE_VERBS(X)
#undef X
};

struct reader {
	const char *at;
	u32 line;
	struct scene *s;
	struct scene_error *err;
};

static int refuse(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct reader *r, const char *format, ...)
{
	va_list args;

	r->err->line = r->line;
	va_start(args, format);
	vsnprintf(r->err->text, sizeof(r->err->text), format, args);
	va_end(args);
	return -EINVAL;
}

static void skip_blanks(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\t' || *r->at == '\r')
		r->at++;
	if (*r->at == '#')
		r->at += strcspn(r->at, "\n");
}

static bool at_end_of_line(struct reader *r)
{
	skip_blanks(r);
	return !*r->at || *r->at == '\n' || *r->at == '/';
}

/* A word of letters, digits and "_"; empty if there is none. */
static void read_word(struct reader *r, char *out, size_t sz)
{
	size_t n = 0;

	skip_blanks(r);
	while (isalnum((unsigned char)*r->at) && n + 1 < sz)
		out[n++] = *r->at++;
	out[n] = '\0';
}

static int read_number(struct reader *r, const char *what, u32 low, u32 high,
		       u32 *out)
{
	unsigned long value;
	char *end;

	skip_blanks(r);
	value = isdigit((unsigned char)*r->at) ? strtoul(r->at, &end, 10) :
						 high + 1ul;
	if (value < low || value > high)
		return refuse(r, "expected %s, %u to %u", what, low, high);
	r->at = end;
	*out = value;
	return 0;
}

static bool may(enum who who, u8 kind)
{
	switch (who) {
	case CPU_NMI:
		return kind == SCENE_CPU || kind == SCENE_NMI;
	case KDAMOND:
		return kind == SCENE_KDAMOND;
	case HOTPLUG:
		return kind == SCENE_HOTPLUG;
	default:
		return kind == SCENE_RIVAL;
	}
}

static int read_arg(struct reader *r, struct scene_act *act)
{
	u32 n = 0;
	int err;

	if (verbs[act->verb].what == NONE)
		return 0;
	if (verbs[act->verb].what == CPU) {
		err = read_number(r, "a CPU", 0, SCENE_CPUS_MAX - 1, &n);
		if (!err && n >= r->s->nr_cpus)
			r->s->nr_cpus = n + 1;
	} else {
		err = read_number(r, "how many events", 0, 2, &n);
		if (!err && islower((unsigned char)*r->at))
			act->variant = *r->at++ - 'a';
		r->s->has_events |= n > 0;
	}
	act->arg = n;
	return err;
}

static int read_act(struct reader *r, struct scene_actor *a)
{
	struct scene_act *act = &a->act[a->nr];
	char word[16];
	u32 i;

	if (a->nr == SCENE_VERBS_MAX)
		return refuse(r, "more than %u acts", SCENE_VERBS_MAX);
	read_word(r, word, sizeof(word));
	for (i = 0; i < SCENE_NR_VERBS; i++)
		if (!strcmp(word, verbs[i].name))
			break;
	if (i == SCENE_NR_VERBS || !may(verbs[i].who, a->kind))
		return refuse(r, "\"%s\" is nothing that %s does", word,
			      a->name);
	memset(act, 0, sizeof(*act));
	act->verb = i;
	a->nr++;
	return read_arg(r, act);
}

static int read_acts(struct reader *r, struct scene_actor *a)
{
	int err = 0;

	while (!err && !at_end_of_line(r)) {
		err = read_act(r, a);
		if (err || at_end_of_line(r))
			break;
		if (*r->at != ';')
			return refuse(r, "expected \";\" between acts");
		r->at++;
	}
	if (!err && !a->nr)
		return refuse(r, "expected what %s does", a->name);
	return err;
}

/* The actor that @name names; its index is behind the letters. */
static int name_actor(struct reader *r, struct scene_actor *a, const char *name)
{
	static const struct {
		const char *name;
		enum scene_kind kind;
		u32 max;
	} kinds[] = {
		{ "cpu", SCENE_CPU, SCENE_CPUS_MAX },
		{ "nmi", SCENE_NMI, SCENE_CPUS_MAX },
		{ "kd", SCENE_KDAMOND, SCENE_CONTEXTS_MAX },
		{ "hotplug", SCENE_HOTPLUG, 0 },
		{ "rival", SCENE_RIVAL, 0 },
	};
	size_t n = strcspn(name, "0123456789");
	u32 i, index;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == n &&
		    !strncmp(kinds[i].name, name, n))
			break;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return refuse(r,
			      "\"%s\", expected ring, cpus, depth, cpuN:, "
			      "nmiN:, kdN:, hotplug: or rival:",
			      name);
	index = name[n] ? name[n] - '0' : 0;
	if (kinds[i].max ? !name[n] || name[n + 1] || index >= kinds[i].max :
			   name[n] != '\0')
		return refuse(r, "\"%s\", expected %s%s", name, kinds[i].name,
			      kinds[i].max ? " and a number below what there "
					     "may be" :
					     "");
	snprintf(a->name, sizeof(a->name), "%s", name);
	a->kind = kinds[i].kind;
	a->index = index;
	return 0;
}

/* How many of them there are already. */
static u32 nr_same(const struct scene *s, const struct scene_actor *a)
{
	u32 i, nr = 0;

	for (i = 0; i < s->nr_actors; i++)
		nr += s->actor[i].kind == a->kind &&
		      s->actor[i].index == a->index;
	return nr;
}

static int read_actor(struct reader *r, const char *name)
{
	struct scene *s = r->s;
	struct scene_actor *a = &s->actor[s->nr_actors];
	int err;

	if (s->nr_actors == SCENE_ACTORS_MAX)
		return refuse(r, "more than %u actors", SCENE_ACTORS_MAX);
	memset(a, 0, sizeof(*a));
	err = name_actor(r, a, name);
	if (err)
		return err;
	/* A process context has its CPU alone, and a context its kdamond. */
	if (nr_same(s, a) && a->kind != SCENE_NMI)
		return refuse(r, "%s is there already", name);
	if (nr_same(s, a))
		snprintf(a->name, sizeof(a->name), "%.8s.%u", name,
			 nr_same(s, a) + 1);
	skip_blanks(r);
	if (*r->at != ':')
		return refuse(r, "expected \":\" behind %s", name);
	r->at++;
	s->nr_actors++;
	if (a->kind <= SCENE_NMI && a->index >= s->nr_cpus)
		s->nr_cpus = a->index + 1;
	if (a->kind == SCENE_KDAMOND && a->index >= s->nr_contexts)
		s->nr_contexts = a->index + 1;
	s->has_hotplug |= a->kind == SCENE_HOTPLUG;
	return read_acts(r, a);
}

static int read_line(struct reader *r)
{
	char word[16];
	int err;

	read_word(r, word, sizeof(word));
	if (!strcmp(word, "ring")) {
		err = read_number(r, "a power of two", 1, SCENE_RING_MAX,
				  &r->s->ring);
		if (!err && r->s->ring & (r->s->ring - 1))
			err = refuse(r, "expected a power of two");
	} else if (!strcmp(word, "cpus")) {
		err = read_number(r, "CPUs", 1, SCENE_CPUS_MAX, &r->s->nr_cpus);
	} else if (!strcmp(word, "depth")) {
		err = read_number(r, "a depth", 1, 8, &r->s->depth);
	} else {
		err = read_actor(r, word);
	}
	if (!err && !at_end_of_line(r))
		err = refuse(r, "\"%.20s\", expected the end of the line",
			     r->at);
	return err;
}

int scene_read(struct scene *s, const char *text, struct scene_error *err)
{
	struct reader r = { .at = text, .line = 1, .s = s, .err = err };
	int ret;

	memset(s, 0, sizeof(*s));
	s->ring = 4;
	s->depth = 2;
	s->nr_contexts = 1;
	for (;;) {
		if (!at_end_of_line(&r)) {
			ret = read_line(&r);
			if (ret)
				return ret;
		}
		if (!*r.at)
			break;
		r.line += *r.at++ == '\n';
	}
	if (!s->nr_actors)
		return refuse(&r, "expected an actor");
	if (!s->nr_cpus)
		s->nr_cpus = 1;
	return 0;
}

void scene_print(const struct scene *s, char *out, size_t sz)
{
	FILE *f = fmemopen(out, sz, "w");
	u32 i, j;

	if (!f)
		return;
	fprintf(f, "ring %u\ncpus %u\ndepth %u\n", s->ring, s->nr_cpus,
		s->depth);
	for (i = 0; i < s->nr_actors; i++) {
		const struct scene_actor *a = &s->actor[i];

		/* Which of several NMIs it is follows from the order. */
		fprintf(f, "%.*s:", (int)strcspn(a->name, "."), a->name);
		for (j = 0; j < a->nr; j++) {
			fprintf(f, "%s %s", j ? ";" : "",
				verbs[a->act[j].verb].name);
			if (verbs[a->act[j].verb].what != NONE)
				fprintf(f, " %u", a->act[j].arg);
			if (a->act[j].variant)
				fprintf(f, "%c", 'a' + a->act[j].variant);
		}
		fputc('\n', f);
	}
	fclose(f);
}
