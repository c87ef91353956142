// SPDX-License-Identifier: GPL-2.0
/*
 * What a workload cannot be, alone, on its machine and beside others.
 */
#include <string.h>

#include "config/config_check.h"
#include "run/scenario_schema.h"

typedef unsigned __int128 u128;

/*
 * Where x86-64 with four levels maps what a process asks for: above the program
 * and its heap, below the stack.
 */
#define MAP_START 0x600000000000ull
#define MAP_END 0x7fff00000000ull

/* The first workload's memory; others are behind it, at the next step. */
#define FIRST_START 0x7f0000000000ull
#define START_STEP (1ull << 30)

/* The kernel's limit for numbers of threads. */
#define PID_LIMIT (1u << 22)

/* Keys that are some patterns' only. */
static const struct {
	const char *key;
	u64 uses;
} pattern_keys[] = {
	{ "shared", WORKLOAD_USES_SHARED },
	{ "read", WORKLOAD_USES_READ_PCT },
	{ "vector", WORKLOAD_USES_MEMCPY },
	{ "windows", WORKLOAD_USES_MEMCPY },
	{ "nt_threshold", WORKLOAD_USES_MEMCPY },
	{ "stride", WORKLOAD_USES_STRIDE },
	{ "theta", WORKLOAD_USES_ZIPF },
	{ "hot", WORKLOAD_USES_HOT },
	{ "hot_access", WORKLOAD_USES_HOT },
	{ "phase", WORKLOAD_USES_PHASE },
	{ "touch", WORKLOAD_USES_TOUCH },
	{ "trace", WORKLOAD_USES_TRACE },
};

static u64 folio_bytes(const struct scenario_workload *w)
{
	return w->params.huge ? RAM_BLOCK_BYTES : RAM_PAGE_BYTES;
}

/* Of all threads; below 2^45 once scenario_check_workload() took it. */
static u64 total_bytes(const struct scenario_workload *w)
{
	return w->params.shared ? w->params.sz :
				  w->params.sz * w->params.nr_threads;
}

static int unknown_pattern(const struct scenario_workload *w,
			   const struct config_node *node,
			   struct config_error *err)
{
	const struct workload_kind *const *kind;
	struct config_quote quote;

	config_fault(err, place(node, "pattern"),
		     "no pattern is called \"%s\"; expected ",
		     config_quote(&quote, w->kind));
	for (kind = workload_kinds; *kind && (*kind)->name; kind++) {
		config_add_text(err, kind == workload_kinds ? "" : ", ");
		config_add_text(err, (*kind)->name);
	}
	return -EINVAL;
}

static int check_pattern(const struct scenario_workload *w,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct workload_kind *kind;
	const struct config_node *key;
	u32 i;

	kind = w->kind ? workload_kind_find(w->kind) : NULL;
	if (!w->kind)
		return config_fault(err, place(node, "pattern"),
				    "a workload without a pattern; expected "
				    "its name");
	if (!kind)
		return unknown_pattern(w, node, err);
	for (i = 0; i < sizeof(pattern_keys) / sizeof(pattern_keys[0]); i++) {
		key = config_node_get(node, pattern_keys[i].key);
		if (!key && pattern_keys[i].uses == WORKLOAD_USES_TRACE &&
		    kind->uses & WORKLOAD_USES_TRACE)
			return config_fault(err, place(node, "pattern"),
					    "pattern trace without a trace; "
					    "expected the path of a capture");
		if (key && !(kind->uses & pattern_keys[i].uses))
			return config_fault(err, key->key,
					    "%s, which pattern %s does not "
					    "use; expected a workload without "
					    "it",
					    pattern_keys[i].key, w->kind);
	}
	return 0;
}

static int check_sizes(struct scenario_workload *w,
		       const struct config_node *node, struct config_error *err)
{
	u64 folio = folio_bytes(w);
	u32 nr = w->params.shared ? 1 : w->params.nr_threads;

	if (w->params.sz % folio)
		return config_fault(err, place(node, "size"),
				    "areas of %llu bytes; expected whole "
				    "folios of %llu",
				    w->params.sz, folio);
	if (w->params.sz > (MAP_END - MAP_START) / nr)
		return config_fault(err, place(node, "size"),
				    "%u areas of %llu bytes; expected less "
				    "than 32 TiB together",
				    nr, w->params.sz);
	if (w->start != CONFIG_NO_BOUND &&
	    (w->start % folio || w->start < MAP_START ||
	     w->start > MAP_END - total_bytes(w)))
		return config_fault(err, place(node, "start"),
				    "memory at 0x%llx; expected a multiple of "
				    "%llu, and all of it from 0x%llx to 0x%llx",
				    w->start, folio, MAP_START, MAP_END);
	if (!w->granule)
		w->granule = folio;
	if (w->granule % folio)
		return config_fault(err, place(node, "granule"),
				    "%llu bytes to a node in turn; expected "
				    "whole folios of %llu",
				    w->granule, folio);
	return 0;
}

int scenario_check_workload(void *obj, const struct config_node *node,
			    struct config_error *err)
{
	struct scenario_workload *w = obj;
	int ret;

	ret = check_pattern(w, node, err);
	if (!ret)
		ret = check_sizes(w, node, err);
	if (!ret && w->start_us >= w->stop_us)
		ret = config_fault(err, place(node, "until"),
				   "runs until %llu us from %llu us on; "
				   "expected an end behind the beginning",
				   w->stop_us, w->start_us);
	return ret;
}

static int check_place(const struct scenario *s,
		       const struct scenario_workload *w,
		       const struct config_node *node, struct config_error *err)
{
	const struct config_node *list = config_node_get(node, "place");
	u64 weights = 0;
	u32 seen = 0;
	u32 i;

	for (i = 0; i < w->nr_place; i++) {
		const struct scenario_place *p = &w->place[i];
		const struct config_node *at =
			place(config_node_item(list, i), "node");

		if (p->nid >= s->machine.nr_nodes)
			return config_fault(err, at,
					    "memory on node %u of %u; expected "
					    "one that the machine has",
					    p->nid, s->machine.nr_nodes);
		if (seen & 1u << p->nid)
			return config_fault(err, at,
					    "node %u a second time; expected "
					    "each once",
					    p->nid);
		seen |= 1u << p->nid;
		weights += p->weight;
	}
	if (w->nr_place && !weights)
		return config_fault(err, list,
				    "places without weight; expected at least "
				    "one above 0");
	return 0;
}

/* Of a workload's memory what lies on a node at first, rounded down. */
static u64 bytes_on(const struct scenario_workload *w, u32 nid)
{
	u64 weights = 0, weight = 0;
	u32 i;

	if (!w->nr_place)
		return nid ? 0 : total_bytes(w);
	for (i = 0; i < w->nr_place; i++) {
		weights += w->place[i].weight;
		if (w->place[i].nid == nid)
			weight = w->place[i].weight;
	}
	return (u128)total_bytes(w) * weight / weights;
}

static int check_room(const struct scenario *s, u32 nr,
		      const struct config_node *node, struct config_error *err)
{
	u32 nid, i;
	u128 sum;

	for (nid = 0; nid < s->machine.nr_nodes; nid++) {
		const struct scenario_node *n = &s->machine.nodes[nid];

		for (sum = 0, i = 0; i <= nr; i++)
			sum += bytes_on(&s->workloads[i], nid);
		if (sum > n->sz)
			return config_fault(err, place(node, "size"),
					    "at first %llu bytes would lie on "
					    "node %u (%s), which has %llu; "
					    "expected less memory, or another "
					    "place for it",
					    (u64)sum, nid, n->name, n->sz);
	}
	return 0;
}

static int check_rules(const struct scenario *s,
		       const struct scenario_workload *w,
		       const struct config_node *node, struct config_error *err)
{
	struct workload_params params = w->params;
	struct workload try;
	const char *why = "";
	int ret;

	params.trace = w->trace;
	params.l2_bytes = s->machine.l2_bytes;
	params.l3_bytes = s->machine.l3_bytes;
	params.tlb_bytes = s->machine.tlb_entries * folio_bytes(w);
	params.clock_mhz = s->machine.clock_mhz;
	ret = workload_init(&try, workload_kind_find(w->kind), &params, &why);
	if (ret == -ENOMEM)
		return config_nomem(err);
	if (!ret) {
		workload_fini(&try);
		return 0;
	}
	return config_fault(err, node,
			    "pattern %s cannot be like this (%s); expected "
			    "other values",
			    w->kind, why);
}

static int check_cpu_and_time(const struct scenario *s,
			      const struct scenario_workload *w,
			      const struct config_node *node,
			      struct config_error *err)
{
	if (w->first_cpu >= s->machine.nr_cpus)
		return config_fault(err, place(node, "first_cpu"),
				    "CPU %u of %u; expected one that the "
				    "machine has",
				    w->first_cpu, s->machine.nr_cpus);
	if (w->start_us >= s->duration_us)
		return config_fault(err, place(node, "at"),
				    "begins at %llu us of %llu us; expected a "
				    "time before the end of the run",
				    w->start_us, s->duration_us);
	return 0;
}

static int check_pid(struct scenario *s, u32 i, const struct config_node *node,
		     struct config_error *err)
{
	struct scenario_workload *w = &s->workloads[i];
	u64 pid = w->pid ? w->pid : 1000ull * (i + 1);
	u32 nr = w->params.nr_threads;
	u32 j;

	if (pid + nr > PID_LIMIT)
		return config_fault(err, place(node, "pid"),
				    "threads up to number %llu; expected them "
				    "below %u, as kernels have it",
				    pid + nr - 1, PID_LIMIT);
	w->pid = pid;
	for (j = 0; j < i; j++) {
		const struct scenario_workload *o = &s->workloads[j];

		if (w->pid < o->pid + o->params.nr_threads &&
		    o->pid < w->pid + nr)
			return config_fault(err, place(node, "pid"),
					    "pid %u and its threads meet those "
					    "of pid %u; expected numbers apart",
					    w->pid, o->pid);
	}
	return 0;
}

static int check_area(struct scenario *s, u32 i, const struct config_node *node,
		      struct config_error *err)
{
	struct scenario_workload *w = &s->workloads[i];
	u64 start = FIRST_START;
	u32 j;

	if (i)
		start = s->workloads[i - 1].start +
			total_bytes(&s->workloads[i - 1]);
	start = (start + START_STEP - 1) & ~(START_STEP - 1);
	if (w->start == CONFIG_NO_BOUND)
		w->start = start;
	if (w->start > MAP_END - total_bytes(w))
		return config_fault(err, node,
				    "memory behind the workload before would "
				    "end above 0x%llx; expected a start",
				    MAP_END);
	for (j = 0; j < i; j++) {
		const struct scenario_workload *o = &s->workloads[j];

		if (w->start < o->start + total_bytes(o) &&
		    o->start < w->start + total_bytes(w))
			return config_fault(
				err, place(node, "start"),
				"memory from 0x%llx has addresses of "
				"pid %u's; expected areas apart",
				w->start, o->pid);
	}
	return 0;
}

int scenario_check_workloads(struct scenario *s, const struct config_node *node,
			     struct config_error *err)
{
	const struct config_node *item = node ? node->first : NULL;
	int ret = 0;
	u32 i;

	for (i = 0; i < s->nr_workloads && !ret; i++, item = item->next) {
		struct scenario_workload *w = &s->workloads[i];

		ret = check_cpu_and_time(s, w, item, err);
		if (!ret)
			ret = check_place(s, w, item, err);
		if (!ret)
			ret = check_room(s, i, item, err);
		if (!ret)
			ret = check_pid(s, i, item, err);
		if (!ret)
			ret = check_area(s, i, item, err);
		if (!ret)
			ret = check_rules(s, w, item, err);
	}
	return ret;
}
