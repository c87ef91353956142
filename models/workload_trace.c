// SPDX-License-Identifier: GPL-2.0
/*
 * A captured trace as a program: where its samples fell is where accesses go,
 * at the time of the trace, which begins anew at its end.
 *
 * The pages that samples fell on are laid into the area one behind the other,
 * in the order of their addresses: a capture leaves out nearly all of an
 * address space.  Threads of the trace are dealt out to those of the program by
 * their numbers; one that got none does what all of them did.
 *
 * A trace is a selection: between two of its samples a program did much that is
 * not in it.  So an access is the one of the trace that is nearest in time, and
 * how slow memory is does not hold the program up: its time is the trace's.
 *
 * Left out: what samples say beside address and kind; mappings.
 */
#include <linux/errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace.h"
#include "workload_kinds.h"

/* More would be a trace to replay, not a pattern: 400 MB. */
#define SAMPLES_MAX (1u << 24)

#define BATCH 1024

/* A unit of work is an access, and there is one every 10 ns: assumption. */
#define UNIT_PS 10000ULL
#define UNIT_NS (UNIT_PS / 1000)

enum { LOAD, STORE, OTHER, NR_SORTS };

/* perf_mem_data_src.mem_op of a store. */
#define MEM_OP_STORE 4

/* One access: when, and where in the area. */
struct access {
	u64 at_ns;
	u64 offset;
	u32 tid;
	bool store;
};

/* Those of one thread, of one sort, by time. */
struct list {
	struct access *at;
	u32 nr;
};

/**
 * struct replayed - a trace.
 * @all:	its samples
 * @nr:		of @all
 * @by:		by thread of ours: loads and stores
 * @loop_ns:	how long it is
 * @per_page:	samples of each page, summed up from the first on
 * @nr_pages:	that samples fell on
 */
struct replayed {
	struct access *all;
	u32 nr;
	struct list (*by)[STORE + 1];
	u64 loop_ns;
	u64 *per_page;
	u32 nr_pages;
};

static int by_addr(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static int by_time(const void *a, const void *b)
{
	return by_addr(&((const struct access *)a)->at_ns,
		       &((const struct access *)b)->at_ns);
}

/* What a sample's address is, of either kind; false if it has none. */
static bool address_of(const struct trace_record *rec, u64 *addr)
{
	*addr = rec->has & TRACE_HAS_ADDR && rec->addr ? rec->addr :
							 rec->phys_addr;
	return rec->type == TRACE_SAMPLE &&
	       ((rec->has & TRACE_HAS_ADDR && rec->addr) ||
		rec->has & TRACE_HAS_PHYS_ADDR);
}

static int add(struct replayed *r, u32 *max, const struct trace_record *rec)
{
	struct access *grown;
	u64 addr;

	if (!address_of(rec, &addr) || r->nr == SAMPLES_MAX)
		return 0;
	if (r->nr == *max) {
		grown = realloc(r->all,
				(*max ? 2 * *max : 4096) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		r->all = grown;
		*max = *max ? 2 * *max : 4096;
	}
	r->all[r->nr++] = (struct access){
		.at_ns = rec->time_ns,
		.offset = addr,
		.tid = rec->tid,
		.store = rec->has & TRACE_HAS_DATA_SRC &&
			 rec->data_src & MEM_OP_STORE,
	};
	return 0;
}

static int read_all(struct replayed *r, const char *path, const char **why)
{
	struct trace_record recs[BATCH];
	struct trace_source *src;
	struct trace_error fault;
	u32 max = 0, i;
	long nr;
	int err = trace_open(&src, path, &fault);

	*why = "the trace cannot be read";
	if (err)
		return err == -ENOMEM ? err : -EINVAL;
	while (!err && (nr = trace_read(src, recs, BATCH, &fault)) > 0)
		for (i = 0; i < nr && !err; i++)
			err = add(r, &max, &recs[i]);
	trace_close(src);
	if (!err && nr < 0)
		return -EINVAL;
	*why = "the trace has no sample with an address";
	return err ? err : r->nr ? 0 : -EINVAL;
}

/* Addresses become offsets: pages one behind the other. */
static int pack(struct replayed *r, u64 sz, const char **why)
{
	u64 *pages = malloc(r->nr * sizeof(*pages)), *found, page;
	u32 i;

	if (!pages)
		return -ENOMEM;
	for (i = 0; i < r->nr; i++)
		pages[i] = r->all[i].offset >> RAM_PAGE_SHIFT;
	qsort(pages, r->nr, sizeof(*pages), by_addr);
	for (i = 0; i < r->nr; i++)
		if (!i || pages[i] != pages[r->nr_pages - 1])
			pages[r->nr_pages++] = pages[i];
	r->per_page = calloc(r->nr_pages + 1, sizeof(*r->per_page));
	if (!r->per_page) {
		free(pages);
		return -ENOMEM;
	}
	for (i = 0; i < r->nr; i++) {
		page = r->all[i].offset >> RAM_PAGE_SHIFT;
		found = bsearch(&page, pages, r->nr_pages, sizeof(*pages),
				by_addr);
		r->per_page[found - pages + 1]++;
		r->all[i].offset = (u64)(found - pages) << RAM_PAGE_SHIFT |
				   (r->all[i].offset & (RAM_PAGE_BYTES - 1));
	}
	for (i = 0; i < r->nr_pages; i++)
		r->per_page[i + 1] += r->per_page[i];
	free(pages);
	*why = "the pages of the trace need more memory than the thread has";
	return (u64)r->nr_pages << RAM_PAGE_SHIFT <= sz ? 0 : -EINVAL;
}

static int put(struct list *l, const struct access *a)
{
	struct access *grown;

	if (!(l->nr & (l->nr - 1))) {
		grown = realloc(l->at,
				(l->nr ? 2 * l->nr : 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		l->at = grown;
	}
	l->at[l->nr++] = *a;
	return 0;
}

/* Whose each sample is. */
static int deal(struct replayed *r, u32 nr_threads)
{
	u32 i, t;
	int err = 0;

	qsort(r->all, r->nr, sizeof(*r->all), by_time);
	r->loop_ns = r->all[r->nr - 1].at_ns - r->all[0].at_ns + 1;
	r->by = calloc(nr_threads, sizeof(*r->by));
	if (!r->by)
		return -ENOMEM;
	for (i = r->nr; i--;)
		r->all[i].at_ns -= r->all[0].at_ns;
	for (i = 0; i < r->nr && !err; i++)
		err = put(&r->by[r->all[i].tid % nr_threads][r->all[i].store],
			  &r->all[i]);
	for (t = 0; t < nr_threads && !err; t++) {
		if (r->by[t][LOAD].nr || r->by[t][STORE].nr)
			continue;
		for (i = 0; i < r->nr && !err; i++)
			err = put(&r->by[t][r->all[i].store], &r->all[i]);
	}
	return err;
}

static void fini(struct workload *w)
{
	struct replayed *r = w->data;
	u32 t;

	for (t = 0; r && r->by && t < w->params.nr_threads; t++) {
		free(r->by[t][LOAD].at);
		free(r->by[t][STORE].at);
	}
	if (r) {
		free(r->by);
		free(r->per_page);
		free(r->all);
	}
	free(r);
}

static int init(struct workload *w, const char **why)
{
	struct replayed *r = calloc(1, sizeof(*r));
	double stores = 0;
	u32 i;
	int err;

	if (!r)
		return -ENOMEM;
	w->data = r;
	*why = "a trace is wanted";
	if (!w->params.trace)
		return -EINVAL;
	err = read_all(r, w->params.trace, why);
	if (!err)
		err = pack(r, w->params.sz, why);
	if (!err)
		err = deal(r, w->params.nr_threads);
	if (err)
		return err;
	for (i = 0; i < r->nr; i++)
		stores += r->all[i].store;
	stores /= r->nr;
	/* As many loads and stores as the trace has; a third is neither. */
	workload_add_class(w, "load", OP_LOAD, 8, OP_FROM_MEMORY, 1 - stores,
			   1 - stores);
	if (stores > 0)
		workload_add_class(w, "store", OP_STORE, 8, OP_FROM_MEMORY,
				   stores, stores);
	workload_add_class(w, "other", 0, 0, OP_FROM_L1, 0.5, 0.5);
	w->cost = (struct workload_cost){ .core_ps = UNIT_PS, .mlp_x16 = 16 };
	w->unit_bytes = WORKLOAD_LINE;
	return 0;
}

static void begin(struct workload_thread *t)
{
	(void)t;
}

static void advance(struct workload_thread *t, u64 run_ps)
{
	t->run_ps = run_ps;
	t->units = run_ps / UNIT_PS;
}

static u64 when(const struct workload_thread *t, u64 units)
{
	return units <= t->units ? t->run_ps : units * UNIT_PS;
}

/* The access that is nearest in time. */
static const struct access *nearest(const struct list *l, u64 at_ns)
{
	u32 lo = 0, hi = l->nr, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->at[mid].at_ns < at_ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == l->nr ||
	    (lo && at_ns - l->at[lo - 1].at_ns < l->at[lo].at_ns - at_ns))
		lo--;
	return &l->at[lo];
}

static void draw(struct workload_thread *t, u32 nr, const u64 *run_ps,
		 const u8 *class, const u64 *luck, u64 *vaddr)
{
	const struct replayed *r = t->w->data;
	struct list *by = r->by[t->index];
	const struct list *l;
	u32 i;

	(void)luck;
	for (i = 0; i < nr; i++) {
		/* Of the sort that is wanted, if the thread has any of it. */
		l = &by[t->w->classes[class[i]].op.kind & OP_STORE ? STORE :
								     LOAD];
		if (!l->nr)
			l = &by[l == &by[LOAD] ? STORE : LOAD];
		vaddr[i] = t->start +
			   nearest(l, run_ps[i] / 1000 % r->loop_ns)->offset;
	}
	if (nr)
		advance(t, run_ps[nr - 1]);
}

/* An access of the trace fell on the page since the mark. */
static bool touched(const struct workload_thread *t, u64 vaddr, u64 luck)
{
	const struct replayed *r = t->w->data;
	u64 from = t->mark_units * UNIT_NS, to = t->units * UNIT_NS;
	u64 begin, end, page;
	u32 sort, i;

	(void)luck;
	page = (vaddr - t->start) >> RAM_PAGE_SHIFT;
	begin = from % r->loop_ns;
	end = begin + (to - from);
	for (sort = LOAD; sort <= STORE; sort++) {
		const struct list *l = &r->by[t->index][sort];

		for (i = 0; i < l->nr; i++) {
			u64 at = l->at[i].at_ns;

			if (l->at[i].offset >> RAM_PAGE_SHIFT == page &&
			    ((at >= begin && at < end) ||
			     at + r->loop_ns < end))
				return true;
		}
	}
	return false;
}

static double rate(const struct workload_thread *t, u64 vaddr, u64 sz)
{
	const struct replayed *r = t->w->data;
	u64 from = vaddr > t->start ? (vaddr - t->start) >> RAM_PAGE_SHIFT : 0;
	u64 to = vaddr + sz > t->start ?
			 (vaddr + sz - t->start + RAM_PAGE_BYTES - 1) >>
				 RAM_PAGE_SHIFT :
			 0;

	from = from < r->nr_pages ? from : r->nr_pages;
	to = to < r->nr_pages ? to : r->nr_pages;
	if (to <= from)
		return 0;
	return (double)(r->per_page[to] - r->per_page[from]) / r->nr *
	       WORKLOAD_LINE;
}

const struct workload_kind workload_trace = {
	.name = "trace",
	.summary = "accesses where the samples of a capture fell, in its time",
	.uses = WORKLOAD_USES_TRACE | WORKLOAD_USES_SHARED,
	.init = init,
	.fini = fini,
	.begin = begin,
	.advance = advance,
	.when = when,
	.draw = draw,
	.touched = touched,
	.rate = rate,
};
