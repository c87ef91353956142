// SPDX-License-Identifier: GPL-2.0
/*
 * Reading memory in order, with and without writing: the sum and the triad of
 * STREAM, and a scan with steps.
 *
 * The hardware sees it coming: most loads find their line on the way, few wait
 * for it themselves.  How few is an assumption, FIRST_SHARE.
 *
 * Left out: stores past the caches; a triad's are ordinary and read their line
 * before they write it.
 */
#include <linux/errno.h>
#include <stdlib.h>

#include "workload_seq.h"

/* Loads of a new line that the hardware had not asked for: assumption. */
#define FIRST_SHARE 0.1

/* Of the time, that a stream waits for memory: assumption. */
#define STALL_SHARE 0.7

#define IPC 4.0

enum { LOAD_FIRST, LOAD_BUFFERED, LOAD_HIT, OTHER, STORE };

static int init_streams(struct workload *w, const struct workload_seq *like,
			const char **why)
{
	u32 vec = w->params.vec_bytes, reads = 0, writes, i;
	double loads, lines, first, buffered, busy, read, write = 0;
	struct workload_seq *seq;
	struct workload_class *k;

	*why = "a vector has 16, 32 or 64 bytes";
	if (vec != 16 && vec != 32 && vec != 64)
		return -EINVAL;
	*why = "a step is at least a line, and a thread's memory one";
	if (like->step < WORKLOAD_LINE || w->params.sz / like->nr < like->step)
		return -EINVAL;
	seq = malloc(sizeof(*seq));
	if (!seq)
		return -ENOMEM;
	*seq = *like;
	w->data = seq;
	for (i = 0; i < seq->nr; i++)
		reads += !seq->writes[i];
	writes = seq->nr - reads;
	lines = reads;
	/* A step beyond the line leaves one load of it. */
	loads = seq->step > WORKLOAD_LINE ? lines : lines * WORKLOAD_LINE / vec;
	first = lines * FIRST_SHARE;
	buffered = lines - first;
	busy = (1 - STALL_SHARE) / (2 * loads + writes);
	read = STALL_SHARE / lines;
	if (writes) {
		read = STALL_SHARE / 2 / lines;
		write = STALL_SHARE / 2 / writes;
	}
	k = workload_add_class(w, "load_first", OP_LOAD, vec, OP_FROM_MEMORY,
			       first, first * (busy + read));
	k->op.tlb = w->params.huge ? OP_TLB_L2 : OP_TLB_WALK;
	k = workload_add_class(w, "load_buffered", OP_LOAD, vec, OP_FROM_MEMORY,
			       buffered, buffered * (busy + read));
	k->op.flags |= OP_MISS_BUFFER;
	workload_add_class(w, "load_hit", OP_LOAD, vec, OP_FROM_L1,
			   loads - lines, (loads - lines) * busy);
	workload_add_class(w, "other", 0, 0, OP_FROM_L1, loads, loads * busy);
	if (writes)
		workload_add_class(w, "store", OP_STORE, vec, OP_FROM_L1,
				   writes * WORKLOAD_LINE / vec,
				   writes * (busy + write));
	w->cost = (struct workload_cost){
		.core_ps = (2 * loads + writes) / IPC * 1000000 /
			   w->params.clock_mhz,
		.read_bytes = reads * WORKLOAD_LINE,
		.write_bytes = writes * 2 * WORKLOAD_LINE,
		.mlp_x16 = WORKLOAD_MLP_X16,
	};
	w->unit_bytes = seq->nr * WORKLOAD_LINE;
	return 0;
}

static int init_sum(struct workload *w, const char **why)
{
	static const struct workload_seq like = { .nr = 1,
						  .step = WORKLOAD_LINE };

	return init_streams(w, &like, why);
}

static int init_triad(struct workload *w, const char **why)
{
	static const struct workload_seq like = {
		.nr = 3,
		.writes = { false, false, true },
		.step = WORKLOAD_LINE,
	};

	return init_streams(w, &like, why);
}

static int init_scan(struct workload *w, const char **why)
{
	struct workload_seq like = { .nr = 1, .step = w->params.stride };

	*why = "a stride is a multiple of a line";
	if (!like.step || like.step % WORKLOAD_LINE)
		return -EINVAL;
	return init_streams(w, &like, why);
}

static void fini(struct workload *w)
{
	free(w->data);
}

static void draw(struct workload_thread *t, u32 nr, const u64 *run_ps,
		 const u8 *class, const u64 *luck, u64 *vaddr)
{
	const struct workload_seq *seq = t->w->data;
	u32 vec = t->w->params.vec_bytes, reads = 0, stream, i;
	struct workload_at at;

	for (i = 0; i < seq->nr; i++)
		reads += !seq->writes[i];
	workload_seq_get(t, seq, &at);
	for (i = 0; i < nr; i++) {
		workload_seq_go(t, seq, &at, run_ps[i]);
		stream = (luck[i] >> 32) * reads >> 32;
		if (class[i] == STORE)
			stream = reads;
		vaddr[i] = workload_seq_base(t, seq, stream, at.pass) +
			   at.line * seq->step +
			   (luck[i] & (WORKLOAD_LINE / vec - 1)) * vec;
	}
	workload_seq_put(t, &at);
}

#define KIND(NAME, SUMMARY, USES, INIT)                                       \
	{                                                                     \
		.name = NAME, .summary = SUMMARY, .uses = USES, .init = INIT, \
		.in_order = true, .fini = fini, .begin = workload_seq_begin,  \
		.advance = workload_seq_advance, .when = workload_seq_when,   \
		.draw = draw, .touched = workload_seq_touched,                \
		.rate = workload_seq_rate,                                    \
	}

const struct workload_kind workload_stream =
	KIND("stream", "reads all of its memory in order", 0, init_sum);
const struct workload_kind workload_triad =
	KIND("triad", "reads two arrays and writes a third, in order", 0,
	     init_triad);
const struct workload_kind workload_scan =
	KIND("scan", "reads in order with a stride", WORKLOAD_USES_STRIDE,
	     init_scan);
