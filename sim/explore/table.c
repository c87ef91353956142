// SPDX-License-Identifier: GPL-2.0
/* Printing interleavings. */
#include <string.h>

#include "explore/drive.h"
#include "explore/source.h"
#include "explore/stage.h"
#include "explore/table.h"

#define CELL_MAX 160

static const char *const order_names[] = { "", " acquire", " release",
					   " full" };
static const char *const fence_names[] = { "full fence", "read fence",
					   "write fence" };

/* Which object of the scene, and how far into it. */
static void name_place(const struct stage *st, u32 off, char *out, size_t sz)
{
	const unsigned char *p = st->e->memory->base + off;
	u32 i;

	for (i = 0; i < st->scene->nr_cpus; i++) {
		const unsigned char *ring = (const void *)st->ring[i];
		const unsigned char *stats = (const void *)st->stats[i];

		if (p >= ring && p < ring + hot_ring_size(st->scene->ring)) {
			snprintf(out, sz, "ring%u+%ld", i, (long)(p - ring));
			return;
		}
		if (p >= stats && p < stats + sizeof(*st->stats[i])) {
			snprintf(out, sz, "stats%u+%ld", i, (long)(p - stats));
			return;
		}
	}
	for (i = 0; i < st->scene->nr_contexts; i++) {
		const unsigned char *set = (const void *)st->context[i].set;

		if (p >= set && p < set + sizeof(*st->context[i].set)) {
			snprintf(out, sz, "events%u+%ld", i, (long)(p - set));
			return;
		}
	}
	if (p >= (const unsigned char *)st->owner &&
	    p < (const unsigned char *)(st->owner + 1))
		snprintf(out, sz, "owner");
	else
		snprintf(out, sz, "+%#x", off);
}

/* Addresses differ from run to run: what they are of is said instead. */
static void name_value(const struct stage *st, u64 value, char *out, size_t sz)
{
	u64 base = (unsigned long)st->e->memory->base;
	u64 handles = (unsigned long)st->handle;
	char place[32];

	if (value - base < MEMORY_SZ) {
		name_place(st, value - base, place, sizeof(place));
		snprintf(out, sz, "&%s", place);
	} else if (value - handles < sizeof(st->handle)) {
		snprintf(out, sz, "handle %lu",
			 (unsigned long)((value - handles) /
					 sizeof(st->handle[0])));
	} else if (value >> 44) {
		snprintf(out, sz, "a pointer");
	} else {
		snprintf(out, sz, "%#llx", (unsigned long long)value);
	}
}

static void name_act(const struct stage *st, const struct engine_step *s,
		     char *out, size_t sz)
{
	static const char *const verbs[] = { "reads", "writes", "load", "store",
					     "exchange" };
	char place[32], value[48];

	name_value(st, s->value, value, sizeof(value));
	if (s->op.kind == ENGINE_SYNC) {
		snprintf(out, sz, "%s", s->op.what);
		/* Objects below the locks are CPUs. */
		if (s->op.writes & (STAGE_HOTPLUG_LOCK - 1))
			snprintf(out + strlen(out), sz - strlen(out), " CPU %d",
				 __builtin_ctz(s->op.writes));
	} else if (s->op.kind == ENGINE_STRIKE) {
		snprintf(out, sz, "strikes");
	} else if (s->op.kind == ENGINE_RETURN) {
		snprintf(out, sz, "returns");
	} else if (s->op.kind == ENGINE_FENCE) {
		snprintf(out, sz, "%s", fence_names[s->op.order]);
	} else if (s->op.kind == ENGINE_FLUSH) {
		name_place(st, s->op.off, place, sizeof(place));
		snprintf(out, sz, "%s = %s reaches memory", place, value);
	} else {
		name_place(st, s->op.off, place, sizeof(place));
		snprintf(out, sz, "%s%s %s", verbs[s->op.kind],
			 s->op.kind >= ENGINE_LOAD ? order_names[s->op.order] :
						     "",
			 place);
		if (s->op.kind != ENGINE_WRITE && s->op.sz <= 8)
			snprintf(out + strlen(out), sz - strlen(out),
				 s->op.kind == ENGINE_LOAD ||
						 s->op.kind == ENGINE_READ ?
					 " -> %s" :
					 " = %s",
				 value);
	}
	if (s->choice)
		snprintf(out + strlen(out), sz - strlen(out),
			 s->op.kind == ENGINE_LOAD ?
				 "  [STALE: %u newer]" :
				 "  [seen before %u others]",
			 s->choice);
}

/* Wide enough for what each CPU does, and no wider. */
struct columns {
	u32 nr;
	u32 width[MEMORY_CPUS_MAX];
};

static void print_row(FILE *out, const struct columns *c, u32 number, u32 cpu,
		      const char *cell, const char *source)
{
	u32 i;

	fprintf(out, "%4u  ", number);
	for (i = 0; i < c->nr; i++)
		fprintf(out, "%-*.*s  ", c->width[i], c->width[i],
			i == cpu ? cell : "");
	fprintf(out, "%s\n", source);
}

static void print_head(FILE *out, const struct columns *c,
		       const struct stage *st)
{
	char cell[CELL_MAX];
	u32 cpu, i;

	fprintf(out, "step  ");
	for (cpu = 0; cpu < c->nr; cpu++) {
		snprintf(cell, sizeof(cell), "CPU %u:", cpu);
		for (i = 0; i < st->e->nr_actors; i++)
			if (st->e->actor[i].cpu == cpu)
				snprintf(cell + strlen(cell),
					 sizeof(cell) - strlen(cell), " %s",
					 st->e->actor[i].name);
		fprintf(out, "%-*.*s  ", c->width[cpu], c->width[cpu], cell);
	}
	fprintf(out, "source\n");
}

/* The last step is what broke it. */
static bool shown(const struct stage *st, const struct engine_step *s, bool all)
{
	return all || s->op.kind > ENGINE_WRITE ||
	       (st->e->property && s == &st->e->step[st->e->nr_steps - 1]);
}

static void cell_of(const struct stage *st, const struct engine_step *s,
		    char *out)
{
	char name[24], act[CELL_MAX - 30];

	trial_agent_name(st->scene, s->agent, name);
	name_act(st, s, act, sizeof(act));
	snprintf(out, CELL_MAX, "%s: %s", name, act);
}

static void print_steps(FILE *out, const struct stage *st, bool all)
{
	struct columns c = { .nr = st->e->memory->nr_cpus };
	struct sources *sources = sources_new();
	struct source_line line;
	char cell[CELL_MAX], source[200];
	const struct engine_step *s;
	u32 i;

	for (i = 0; i < c.nr; i++)
		c.width[i] = 10;
	for (i = 0; i < st->e->nr_steps; i++) {
		s = &st->e->step[i];
		cell_of(st, s, cell);
		if (shown(st, s, all) && strlen(cell) > c.width[s->cpu])
			c.width[s->cpu] = strlen(cell);
	}
	print_head(out, &c, st);
	for (i = 0; i < st->e->nr_steps; i++) {
		s = &st->e->step[i];
		if (!shown(st, s, all))
			continue;
		cell_of(st, s, cell);
		source_of(s->op.kind == ENGINE_SYNC ? NULL : sources, s->op.pc,
			  &line);
		snprintf(source, sizeof(source), "%s:%u  %s", line.file,
			 line.line, line.text);
		print_row(out, &c, i + 1, s->cpu, cell,
			  line.file[0] ? source : "");
	}
	sources_free(sources);
}

bool table_print(struct trial *t, FILE *out, bool all)
{
	struct drive d = { .turn = t->turn, .nr_turns = t->nr };
	struct stage *st;
	enum engine_end end;
	bool same;

	if (stage_new(&st, &t->scene, t->model))
		return false;
	st->e->races_pass = t->races_pass;
	drive_again(&d, st->e);
	end = stage_play(st);
	print_steps(out, st, all);
	same = !d.missed && (end == ENGINE_VIOLATED) == !!t->property[0] &&
	       (end != ENGINE_VIOLATED ||
		!strcmp(t->property, st->e->property));
	if (end == ENGINE_VIOLATED) {
		fprintf(out, "      %s: %s\n", st->e->property, st->e->message);
		snprintf(t->property, sizeof(t->property), "%s",
			 st->e->property);
		snprintf(t->message, sizeof(t->message), "%s", st->e->message);
	} else {
		fprintf(out, "      all properties hold\n");
		t->property[0] = t->message[0] = '\0';
	}
	stage_free(st);
	return same;
}
