// SPDX-License-Identifier: GPL-2.0
/* The table of patterns, and what they have in common; see workload.h. */
#include <linux/errno.h>
#include <string.h>

#include "workload.h"
#include "workload_kinds.h"

const struct workload_kind *const workload_kinds[] = {
	&workload_memcpy,
	&workload_chase,
	&workload_stream,
	&workload_triad,
	&workload_zipf,
	&workload_hotset,
	&workload_phase,
	&workload_scan,
	&workload_cold,
	&workload_trace,
	NULL,
};

const struct workload_kind *workload_kind_find(const char *name)
{
	u32 i;

	for (i = 0; workload_kinds[i]; i++)
		if (!strcmp(workload_kinds[i]->name, name))
			return workload_kinds[i];
	return NULL;
}

struct workload_params workload_params_default(void)
{
	return (struct workload_params){
		.nr_threads = 1,
		.sz = 256ULL << 20,
		.read_pct = 67,
		.vec_bytes = 64,
		.nt_threshold = 24ULL << 20,
		.stride = 256,
		.zipf_theta_x1000 = 990,
		.hot_pct = 10,
		.hot_access_pct = 90,
		.phase_ms = 10000,
		.touch_bytes_per_s = 1ULL << 30,
		.l2_bytes = 1ULL << 20,
		.l3_bytes = 4ULL << 20,
		.tlb_bytes = 8ULL << 20,
		.clock_mhz = 3000,
	};
}

/* Parts of the time that a sampler by the clock finds in each sort of op. */
static void complete_shares(struct workload *w)
{
	double sum = 0;
	u32 i;

	for (i = 0; i < w->nr_classes; i++)
		sum += w->classes[i].cycle_share;
	for (i = 0; i < w->nr_classes; i++) {
		w->classes[i].cycle_share /= sum;
		if (w->params.guest)
			w->classes[i].op.flags |= OP_GUEST;
		w->classes[i].op.page_order =
			w->params.huge ? RAM_BLOCK_SHIFT - RAM_PAGE_SHIFT : 0;
	}
}

int workload_init(struct workload *w, const struct workload_kind *kind,
		  const struct workload_params *params, const char **why)
{
	int err;

	*w = (struct workload){ .kind = kind, .params = *params };
	if (!params->nr_threads) {
		*why = "a workload has at least one thread";
		return -EINVAL;
	}
	if (params->sz < 2 * RAM_PAGE_BYTES || params->sz % RAM_PAGE_BYTES) {
		*why = "a thread's memory is two pages or more, whole pages";
		return -EINVAL;
	}
	if (!params->clock_mhz) {
		*why = "a clock of 0 MHz";
		return -EINVAL;
	}
	err = kind->init(w, why);
	if (err)
		workload_fini(w);
	else
		complete_shares(w);
	return err;
}

void workload_fini(struct workload *w)
{
	if (w->kind && w->kind->fini)
		w->kind->fini(w);
	*w = (struct workload){ 0 };
}

void workload_thread_init(struct workload_thread *t, const struct workload *w,
			  u32 index, const struct ram *ram,
			  const struct ram_map *map, u64 start, u64 sz)
{
	*t = (struct workload_thread){
		.w = w,
		.index = index,
		.ram = ram,
		.map = map,
		.start = start,
		.sz = sz,
		.changed = true,
	};
	if (w->kind->begin)
		w->kind->begin(t);
}

struct workload_class *workload_add_class(struct workload *w, const char *name,
					  u8 kind, u8 width, u8 source,
					  double per_unit, double cycle_share)
{
	struct workload_class *class = &w->classes[w->nr_classes++];

	*class = (struct workload_class){
		.name = name,
		.op = { .kind = kind,
			.width = width,
			.source = source,
			.tag_to_ret_cycles = WORKLOAD_RETIRE_CYCLES,
			.comp_to_ret_cycles = 1 },
		.per_unit = per_unit,
		.cycle_share = cycle_share,
	};
	return class;
}
