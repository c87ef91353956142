// SPDX-License-Identifier: GPL-2.0
/* See support_workload.h. */
#include <check.h>
#include <string.h>

#include "support_workload.h"

const char *const support_workload_name[SUPPORT_WORKLOAD_KINDS] = {
	"memcpy", "chase", "stream", "triad", "zipf",
	"hotset", "phase", "scan",   "cold",
};

/* Prime to each other, so that a wrong node or a lost part of a unit shows. */
static const struct workload_pace pace = {
	.core_ps = 9001,
	.read_ps = { 5003, 13007 },
	.write_ps = { 3001, 7013 },
};

struct workload_params support_workload_params(u64 sz)
{
	struct workload_params p = workload_params_default();

	p.sz = sz;
	p.nt_threshold = 4096;
	p.l2_bytes = 64 << 10;
	p.l3_bytes = 256 << 10;
	p.tlb_bytes = 512 << 10;
	p.touch_bytes_per_s = 1ULL << 34;
	return p;
}

void support_workload_begin(struct support_workload *s, const char *kind,
			    const struct workload_params *params,
			    bool scattered)
{
	static const struct ram_node_spec nodes[] = {
		{ .start = 1ULL << 32, .sz = 64 << 20 },
		{ .start = 1ULL << 36, .sz = 64 << 20 },
	};
	const struct ram_policy policy = {
		.weight = { 1, 1 },
		.nr_nodes = 2,
		.granule = scattered ? RAM_PAGE_BYTES : RAM_BLOCK_BYTES,
		.scattered = scattered,
		.seed = 1,
	};
	u64 sz = (params->sz + RAM_BLOCK_BYTES - 1) & ~(RAM_BLOCK_BYTES - 1);
	const char *why = NULL;

	ck_assert_int_eq(workload_init(&s->w, workload_kind_find(kind), params,
				       &why),
			 0);
	ck_assert_int_eq(ram_init(&s->ram, nodes, 2), 0);
	ck_assert_int_eq(ram_map_add(&s->ram, 1, SUPPORT_START, sz,
				     params->huge, &policy, &s->map),
			 0);
	s->t = support_workload_again(s);
}

struct workload_thread support_workload_again(const struct support_workload *s)
{
	struct workload_thread t;

	workload_thread_init(&t, &s->w, 0, &s->ram, s->map, SUPPORT_START,
			     s->w.params.sz);
	t.pace = pace;
	return t;
}

void support_workload_end(struct support_workload *s)
{
	ram_fini(&s->ram);
	workload_fini(&s->w);
}

u64 support_workload_draw(struct workload_thread *t, u64 run_ps, u8 class,
			  u64 luck)
{
	u64 vaddr;

	t->w->kind->draw(t, 1, &run_ps, &class, &luck, &vaddr);
	return vaddr;
}

u8 support_workload_class(const struct workload *w, const char *name)
{
	u32 i;

	for (i = 0; i < w->nr_classes; i++)
		if (!strcmp(w->classes[i].name, name))
			return i;
	ck_abort_msg("no sort of op is called %s", name);
	return 0;
}

static bool is(const struct workload *w, const char *name)
{
	return !strcmp(w->kind->name, name);
}

bool support_workload_in_order(const struct workload *w)
{
	return is(w, "memcpy") || is(w, "stream") || is(w, "triad") ||
	       is(w, "scan");
}

u32 support_workload_stores_of_6(const struct workload *w)
{
	return is(w, "memcpy") ? 3 : is(w, "triad") ? 2 : 0;
}
