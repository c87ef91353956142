/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program does to memory, as a pattern that can be asked what is
 * executed at a moment.
 *
 * A sampler looks at one op in a quarter of a million; so a pattern is not a
 * list of accesses but an answer to two questions: which sorts of ops there are
 * and how often each (struct workload_class), and where the op of such a sort
 * goes that is executed just now (draw).  Both cost the same however much was
 * executed since the last question.
 *
 * A thread has its own clock, the time that it ran.  In what its pace says, a
 * unit of its work takes longer on some nodes than on others; patterns that go
 * through memory in order therefore are longer where memory is slow, and are
 * seen there more often by who samples by time.
 *
 * Threads of one workload share only what is constant while they run.
 *
 * Not here: which op is sampled (ibs_op.h, pebs.h), who runs where (sim/run).
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <linux/types.h>

#include "op.h"
#include "ram.h"

#define WORKLOAD_CLASSES_MAX 16
#define WORKLOAD_AREAS_MAX 4

/* workload_class.op.source of a load that memory answers, whatever node. */
#define OP_FROM_MEMORY 0xff

/**
 * struct workload_class - one sort of op.
 * @name:	for people
 * @op:		as every op of the sort is, but for its addresses; @op.source is
 *		OP_FROM_MEMORY where the page's node decides
 * @per_unit:	how many in a unit of work, may be below 1
 * @cycle_share: share of the time in which it is such an op that a sampler by
 *		clock finds; all shares of a workload are 1 together
 */
struct workload_class {
	const char *name;
	struct op op;
	double per_unit;
	double cycle_share;
};

/**
 * struct workload_cost - what a unit of work needs of the machine.
 * @core_ps:	with all data in the caches
 * @read_bytes:	from memory
 * @write_bytes: to memory
 * @mlp_x16:	sixteenths of lines on the way at once; 16 for a chain
 */
struct workload_cost {
	u64 core_ps;
	u64 read_bytes;
	u64 write_bytes;
	u32 mlp_x16;
};

/**
 * struct workload_pace - how long a unit of work takes, set by who runs it.
 * @core_ps:	as in struct workload_cost
 * @read_ps:	what it reads, if that is on node n
 * @write_ps:	what it writes, likewise
 *
 * A unit takes core_ps, or read_ps + write_ps if that is longer.
 */
struct workload_pace {
	u64 core_ps;
	u64 read_ps[RAM_NODES_MAX];
	u64 write_ps[RAM_NODES_MAX];
};

/**
 * struct workload_params - what a scenario says of it; all fields that a
 * pattern does not use are ignored by it, and the reader of scenarios refuses
 * them.
 * @nr_threads:	at least 1
 * @sz:		bytes of each thread's area; or of all together, if @shared
 * @shared:	all threads work in one area
 * @guest:	it runs in a virtual machine: the host's samplers see the
 *		addresses of the machine, or none
 * @huge:	its folios are 2 MiB
 * @read_pct:	of accesses that are loads, for patterns with a choice
 * @vec_bytes:	of memcpy: width of a vector, 16, 32 or 64
 * @nr_windows:	of memcpy: pages that it goes through side by side, 2 or 4; 0:
 *		what the C library would choose, by @nt_threshold
 * @nt_threshold: of memcpy: bytes from which on it goes round the caches
 * @stride:	of chase and scan: bytes
 * @zipf_theta_x1000: of zipf: skew in thousandths, 0 to 2000
 * @hot_pct:	of hotset and phase: share of the area that is hot
 * @hot_access_pct: of accesses that go there
 * @phase_ms:	of phase: how long until the hot part moves on
 * @touch_bytes_per_s: of cold: how much of the area is touched for the first
 * 		time
 * @trace:	of trace: path of a capture
 * @l2_bytes:	of the core's cache, to know what is found there
 * @l3_bytes:	likewise, its share of the last one
 * @tlb_bytes:	that the second TLB reaches with this folio size
 * @clock_mhz:	of the cores
 */
struct workload_params {
	u32 nr_threads;
	u64 sz;
	bool shared;
	bool guest;
	bool huge;
	u32 read_pct;
	u32 vec_bytes;
	u32 nr_windows;
	u64 nt_threshold;
	u64 stride;
	u32 zipf_theta_x1000;
	u32 hot_pct;
	u32 hot_access_pct;
	u32 phase_ms;
	u64 touch_bytes_per_s;
	const char *trace;
	u64 l2_bytes;
	u64 l3_bytes;
	u64 tlb_bytes;
	u32 clock_mhz;
};

struct workload;

/**
 * struct workload_thread - one thread of it.
 * @w:		of
 * @index:	among them
 * @start:	virtual address of what it works in
 * @sz:		bytes of that
 * @ram:	memory; read only
 * @map:	page table of its area; read only
 * @pace:	how long work takes; may change between calls, not in them
 * @changed:	pace or pages may not be what they were: set by who changes
 *		them, cleared by the pattern
 * @run_ps:	its clock: as far as it is known what was done
 * @units:	of work that were done until then
 * @mark_units:	at the last mark
 * @state:	the pattern's own
 */
struct workload_thread {
	const struct workload *w;
	u32 index;
	u64 start;
	u64 sz;
	const struct ram *ram;
	const struct ram_map *map;
	struct workload_pace pace;
	bool changed;
	u64 run_ps;
	u64 units;
	u64 mark_units;
	u64 state[8];
};

/**
 * struct workload_kind - a pattern.
 * @name:	as a scenario calls it
 * @summary:	one line
 * @uses:	WORKLOAD_USES_*: which parameters
 * @in_order:	it goes through its memory in order, all of it in each pass;
 *		else each access is by luck and none depends on another
 * @init:	fill @classes, @cost and what is constant.  Return: 0; -EINVAL,
 *		with *@why saying which rule; -ENOMEM
 * @fini:	free that.  Optional
 * @begin:	a thread's state, its fields above being set
 * @advance:	work until its clock is @run_ps; exact, and the same in one step
 *		or in many
 * @when:	the least clock at which all of @units are done, if nothing
 * 		changes
 * @draw:	where an op of each of @class[] went that was executed at
 *		@run_ps[], not falling, at or past the thread's clock, which
 *		moves along; @luck: 64 random bits for each
 * @touched:	was any of the page at @vaddr accessed between the last mark and
 *		the thread's clock?  Patterns that are random answer by @luck
 *		with the probability that it was
 * @rate:	bytes of @vaddr, @sz that are accessed in a unit of work, on
 *		average over what the pattern does in the long run from now on,
 *		or until it moves its hot part: the truth about hotness
 * @reached:	bytes of the thread's area, from its begin, that it can have
 *		touched when its clock is @run_ps, not before now.  Optional:
 *		without it all is there from the begin
 */
struct workload_kind {
	const char *name;
	const char *summary;
	u64 uses;
	bool in_order;
	int (*init)(struct workload *w, const char **why);
	void (*fini)(struct workload *w);
	void (*begin)(struct workload_thread *t);
	void (*advance)(struct workload_thread *t, u64 run_ps);
	u64 (*when)(const struct workload_thread *t, u64 units);
	void (*draw)(struct workload_thread *t, u32 nr, const u64 *run_ps,
		     const u8 *class, const u64 *luck, u64 *vaddr);
	bool (*touched)(const struct workload_thread *t, u64 vaddr, u64 luck);
	double (*rate)(const struct workload_thread *t, u64 vaddr, u64 sz);
	u64 (*reached)(const struct workload_thread *t, u64 run_ps);
};

#define WORKLOAD_USES_READ_PCT (1ull << 0)
#define WORKLOAD_USES_MEMCPY (1ull << 1) /* the three of memcpy */
#define WORKLOAD_USES_STRIDE (1ull << 2)
#define WORKLOAD_USES_ZIPF (1ull << 3)
#define WORKLOAD_USES_HOT (1ull << 4) /* both of hotset */
#define WORKLOAD_USES_PHASE (1ull << 5)
#define WORKLOAD_USES_TOUCH (1ull << 6)
#define WORKLOAD_USES_SHARED (1ull << 7)
#define WORKLOAD_USES_TRACE (1ull << 8)

/**
 * struct workload - a program, running.
 * @kind:	its pattern
 * @params:	as the scenario has them
 * @classes:	sorts of its ops
 * @nr_classes:	of them
 * @cost:	of a unit of work
 * @unit_bytes:	that a unit of work gets done, for its throughput
 * @data:	the pattern's own, constant while threads run
 */
struct workload {
	const struct workload_kind *kind;
	struct workload_params params;
	struct workload_class classes[WORKLOAD_CLASSES_MAX];
	u32 nr_classes;
	struct workload_cost cost;
	u64 unit_bytes;
	void *data;
};

/* Every pattern; ends with NULL. */
extern const struct workload_kind *const workload_kinds[];

/* Return: the pattern of this name, or NULL. */
const struct workload_kind *workload_kind_find(const char *name);

/* Parameters that a pattern has if nothing is said. */
struct workload_params workload_params_default(void);

/**
 * workload_init() - a program that has not begun.
 * @w:		storage
 * @kind:	its pattern
 * @params:	what is wanted
 * @why:	on -EINVAL: the rule that is broken, a text that stays
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int workload_init(struct workload *w, const struct workload_kind *kind,
		  const struct workload_params *params, const char **why);

void workload_fini(struct workload *w);

/**
 * workload_thread_init() - a thread at its beginning.
 * @t:		storage
 * @w:		outlives it
 * @index:	below nr_threads
 * @ram:	memory
 * @map:	page table of its area, [@start, @start + @sz) in it
 * @start:	virtual address
 * @sz:		bytes
 */
void workload_thread_init(struct workload_thread *t, const struct workload *w,
			  u32 index, const struct ram *ram,
			  const struct ram_map *map, u64 start, u64 sz);

/* What was done until now counts as before the mark. */
static inline void workload_mark(struct workload_thread *t)
{
	t->mark_units = t->units;
}

#endif
