// SPDX-License-Identifier: GPL-2.0
/*
 * A large memcpy(), again and again, the two halves of an area changing their
 * roles: what the bandwidth test of multichase does with the C library's copy.
 *
 * A copy that is larger than a threshold goes round the caches, through two or
 * four pages side by side: it prefetches 4 vectors ahead (with two pages also
 * 8), loads, and stores past the caches.  Because source and destination begin
 * at a page and the first vector is stored apart, each page is gone through
 * from its offset 64 to that of the next.  Prefetches at the end of a block of
 * pages reach the first page of the next, so that page's lines are never first
 * touched by a load; the first lines of the others are.
 *
 * Sources: counts of ops and the choice of the loop from glibc 2.36's code by
 * its figures; which lines a load touches first from replaying that loop.
 *
 * Assumptions, named where they stand: how the time is divided between ops that
 * wait and those that do not; which loads find their line still on the way.
 *
 * Left out: the last 16 KiB of a copy, prefetches that are dropped, the
 * hardware's own prefetching.
 */
#include <linux/errno.h>
#include <stdlib.h>

#include <linux/compiler.h>

#include "wide.h"
#include "workload_seq.h"

/* As the switch of draw() knows them. */
enum {
	LOAD_FIRST, /* of its line: it waits for memory */
	LOAD_BUFFERED, /* its line is on the way */
	LOAD_HIT,
	PREFETCH_FIRST,
	PREFETCH_HIT,
	STORE,
	OTHER,
};

/* Of a copy that waits for memory most of the time: assumption. */
#define STALL_SHARE 0.75

/* Ops that a core does in a cycle if nothing waits: assumption. */
#define IPC 4.0

/* Loads whose line was asked for and is not there yet: assumption. */
#define BUFFERED_SHARE 0.5

/**
 * struct copy - the loop that the library chooses.
 * @seq:	two streams
 * @vec:	bytes of a vector
 * @windows:	pages side by side; 1: an ordinary copy through the caches
 * @chunk:	lines that one turn of the loop takes of each page
 * @first_lines: of each page but the first of a block, first touched by a load
 * @window_shift, @chunk_shift: both as powers of two
 * @skip:	bytes of a page before the first that the loop takes
 */
struct copy {
	struct workload_seq seq;
	u32 vec;
	u32 windows;
	u32 chunk;
	u32 first_lines;
	u32 window_shift;
	u32 chunk_shift;
	u32 skip;
};

/* What one line costs in ops. */
struct copy_ops {
	double loads;
	double prefetches;
	double stores;
	double others;
	double first; /* share of lines that a load touches first */
};

static u32 choose_windows(const struct workload_params *p)
{
	u64 half = p->sz / 2;

	if (p->nr_windows)
		return p->nr_windows;
	if (half <= p->nt_threshold)
		return 1;
	return half - WORKLOAD_LINE >= 16 * p->nt_threshold ? 4 : 2;
}

static struct copy_ops count_ops(const struct copy *c)
{
	double per_line = (double)WORKLOAD_LINE / c->vec;
	double turn = (double)c->windows * c->chunk; /* lines */
	struct copy_ops n = {
		.loads = per_line,
		.stores = per_line,
		.others = 4 / turn,
	};

	if (c->windows == 1)
		return n;
	/* As many lines ahead in each page as four vectors have. */
	n.prefetches = c->windows * (4 * c->vec / WORKLOAD_LINE) / turn;
	if (c->windows == 2)
		n.prefetches *= 2;
	n.first = (double)c->first_lines * (c->windows - 1) / c->windows /
		  (RAM_PAGE_BYTES / WORKLOAD_LINE);
	return n;
}

static void add_classes(struct workload *w, const struct copy *c)
{
	struct copy_ops n = count_ops(c);
	double all = n.loads + n.prefetches + n.stores + n.others;
	double rest = n.loads - n.first, went = 1 - n.first;
	double hit = n.prefetches > went ? n.prefetches - went : 0;
	double busy = (1 - STALL_SHARE) / all;
	double buffered = rest * BUFFERED_SHARE;
	/* What waits for reads: loads of lines that are not there. */
	double read = STALL_SHARE / 2 / (n.first + buffered);
	double write = STALL_SHARE / 2 / n.stores;
	struct workload_class *k;
	u8 vec = c->vec;

	k = workload_add_class(w, "load_first", OP_LOAD, vec, OP_FROM_MEMORY,
			       n.first, n.first * (busy + read));
	k->op.tlb = w->params.huge ? OP_TLB_L2 : OP_TLB_WALK;
	k = workload_add_class(w, "load_buffered", OP_LOAD, vec, OP_FROM_MEMORY,
			       buffered, buffered * (busy + read));
	k->op.flags |= OP_MISS_BUFFER;
	workload_add_class(w, "load_hit", OP_LOAD, vec, OP_FROM_L1,
			   rest - buffered, (rest - buffered) * busy);
	workload_add_class(w, "prefetch_first", OP_LOAD | OP_PREFETCH, 0,
			   OP_FROM_MEMORY, n.prefetches - hit,
			   (n.prefetches - hit) * busy);
	workload_add_class(w, "prefetch_hit", OP_LOAD | OP_PREFETCH, 0,
			   OP_FROM_L1, hit, hit * busy);
	k = workload_add_class(w, "store", OP_STORE, vec, OP_FROM_L1, n.stores,
			       n.stores * (busy + write));
	if (c->windows > 1)
		k->op.flags |= OP_WRITE_COMBINING;
	workload_add_class(w, "other", 0, 0, OP_FROM_L1, n.others,
			   n.others * busy);
	w->cost = (struct workload_cost){
		.core_ps = all / IPC * 1000000 / w->params.clock_mhz,
		.read_bytes = WORKLOAD_LINE,
		/* Through the caches a line is read before it is written. */
		.write_bytes =
			c->windows > 1 ? WORKLOAD_LINE : 2 * WORKLOAD_LINE,
		.mlp_x16 = WORKLOAD_MLP_X16,
	};
	w->unit_bytes = 2 * WORKLOAD_LINE;
}

static int init(struct workload *w, const char **why)
{
	const struct workload_params *p = &w->params;
	struct copy *c;

	*why = "a vector has 16, 32 or 64 bytes";
	if (p->vec_bytes != 16 && p->vec_bytes != 32 && p->vec_bytes != 64)
		return -EINVAL;
	*why = "a copy goes through 1, 2 or 4 pages side by side";
	if (p->nr_windows > 4 || p->nr_windows == 3)
		return -EINVAL;
	*why = "a copy needs memory for two halves of whole pages";
	if (p->sz % (2 * RAM_PAGE_BYTES))
		return -EINVAL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	*c = (struct copy){
		.seq = { .nr = 2,
			 .writes = { false, true },
			 .swaps = true,
			 .step = WORKLOAD_LINE },
		.vec = p->vec_bytes,
		.windows = choose_windows(p),
		.chunk = p->vec_bytes == 16 ? 1 : 2,
		.first_lines = p->vec_bytes / 16,
	};
	w->data = c;
	c->window_shift = __builtin_ctz(c->windows);
	c->chunk_shift = __builtin_ctz(c->chunk);
	c->skip = c->windows > 1 ? WORKLOAD_LINE : 0;
	add_classes(w, c);
	return 0;
}

static void fini(struct workload *w)
{
	free(w->data);
}

/* All ones if so. */
static inline u64 mask_of(bool so)
{
	return -(u64)so;
}

/* Ops that are worked out together. */
#define BATCH 64

/**
 * struct where - where a thread was at each of some ops.
 * @line:	of the pass
 * @source:	half that it reads
 * @dest:	half that it writes
 */
struct where {
	u64 line[BATCH];
	u64 source[BATCH];
	u64 dest[BATCH];
};

/*
 * Where the ops go: the lines of a block of pages are taken in turns, some of
 * each page.  Without a branch, which nobody could predict.
 */
WIDE static void place(const struct copy *c, const struct where *w, u64 half,
		       u32 nr, const u8 *sort, const u64 *luck, u64 *vaddr)
{
	const u64 block_mask = (64ULL << c->window_shift) - 1;
	const u32 chunk_shift = c->chunk_shift;
	const u32 turn_shift = c->window_shift + chunk_shift;
	const u64 window_mask = c->windows - 1, chunk_mask = c->chunk - 1;
	const u64 first_mask = c->first_lines - 1, many = c->windows > 1;
	const u64 ahead = 4 * c->vec, more = c->windows == 2 ? ahead : 0;
	const u64 vec = c->vec, vec_mask = WORKLOAD_LINE / c->vec - 1;
	const u64 skip = c->skip, last = half - WORKLOAD_LINE;
	u32 i;

	for (i = 0; i < nr; i++) {
		u64 line = w->line[i], in_block = line & block_mask;
		u64 window = in_block >> chunk_shift & window_mask;
		u64 page_line = (in_block >> turn_shift << chunk_shift) +
				(in_block & chunk_mask);
		/* A line that a load touches first, in this block. */
		u64 first = mask_of(many && sort[i] == LOAD_FIRST);
		u64 fetch = mask_of(sort[i] == PREFETCH_FIRST ||
				    sort[i] == PREFETCH_HIT);
		u64 store = mask_of(sort[i] == STORE), bits = luck[i];
		u64 offset;

		window ^= (window ^ (1 + ((bits >> 32) * window_mask >> 32))) &
			  first;
		page_line ^= (page_line ^ (bits & first_mask)) & first;
		offset = (line - in_block) * WORKLOAD_LINE +
			 window * RAM_PAGE_BYTES + page_line * WORKLOAD_LINE +
			 skip;
		offset += (ahead + (bits >> 8 & 1) * more) & fetch;
		offset += ((bits >> 16 & vec_mask) * vec) & ~fetch;
		/* The last lines of a copy are not reached past its end. */
		offset = offset < half ? offset : last;
		vaddr[i] =
			(w->source[i] ^ ((w->source[i] ^ w->dest[i]) & store)) +
			offset;
	}
}

static void draw_batch(struct workload_thread *t, struct workload_at *at,
		       u64 half, u32 nr, const u64 *run_ps, const u8 *class,
		       const u64 *luck, u64 *vaddr)
{
	const struct copy *c = t->w->data;
	u64 pass = ~at->pass, source = 0, dest = 0;
	struct where w;
	u32 i;

	for (i = 0; i < nr; i++) {
		workload_seq_go(t, &c->seq, at, run_ps[i]);
		if (at->pass != pass) {
			pass = at->pass;
			source = workload_seq_base(t, &c->seq, 0, pass);
			dest = workload_seq_base(t, &c->seq, 1, pass);
		}
		w.line[i] = at->line;
		w.source[i] = source;
		w.dest[i] = dest;
	}
	place(c, &w, half, nr, class, luck, vaddr);
}

static void draw(struct workload_thread *t, u32 nr, const u64 *run_ps,
		 const u8 *class, const u64 *luck, u64 *vaddr)
{
	const struct copy *c = t->w->data;
	u64 half = workload_seq_lines(t, &c->seq) * WORKLOAD_LINE;
	struct workload_at at;
	u32 i, now;

	workload_seq_get(t, &c->seq, &at);
	for (i = 0; i < nr; i += now) {
		now = nr - i < BATCH ? nr - i : BATCH;
		draw_batch(t, &at, half, now, &run_ps[i], &class[i], &luck[i],
			   &vaddr[i]);
	}
	workload_seq_put(t, &at);
}

/* All pages of a block are gone through side by side: one is, all are. */
static bool touched(const struct workload_thread *t, u64 vaddr, u64 luck)
{
	const struct copy *c = t->w->data;
	u64 block = c->windows * RAM_PAGE_BYTES, part = t->sz / 2, at;
	u64 offset = vaddr - t->start, base;

	part = part / WORKLOAD_LINE * WORKLOAD_LINE;
	base = offset / part * part;
	offset = (offset - base) / block * block;
	for (at = 0; at < block && offset + at < part; at += RAM_PAGE_BYTES)
		if (workload_seq_touched(t, t->start + base + offset + at,
					 luck))
			return true;
	return false;
}

const struct workload_kind workload_memcpy = {
	.name = "memcpy",
	.summary = "large copies between two halves that change their roles",
	.uses = WORKLOAD_USES_MEMCPY,
	.init = init,
	.fini = fini,
	.begin = workload_seq_begin,
	.in_order = true,
	.advance = workload_seq_advance,
	.when = workload_seq_when,
	.draw = draw,
	.touched = touched,
	.rate = workload_seq_rate,
};
