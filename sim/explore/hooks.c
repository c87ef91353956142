// SPDX-License-Identifier: GPL-2.0
/*
 * Where the hot path's accesses arrive.
 *
 * The compiler's instrumentation for ThreadSanitizer calls a function before
 * each plain access and instead of each atomic one.  The object's references to
 * that runtime are renamed to the functions here (Makefile), so that the code
 * itself is compiled as it is.  Accesses to anything but the engine's memory,
 * such as the actor's own stack, are nobody else's concern.
 *
 * Not here: what an access means (memory.h), who is next (engine.h).
 */
#include <string.h>

#include "explore/engine.h"

#define PC __builtin_return_address(0)

/* Offset of @p in the memory of an execution under way; false: it is not. */
static inline bool in_memory(const struct engine *e, const volatile void *p,
			     u32 *off)
{
	u64 at;

	if (!e || !e->inside)
		return false;
	at = (const unsigned char *)p - e->memory->base;
	*off = at;
	return at < MEMORY_SZ;
}

static void check_freed(struct engine *e, u32 off, u32 sz)
{
	u32 word;

	for (word = off / 8; word <= (off + sz - 1) / 8; word++)
		if (e->freed[word / 64] >> word % 64 & 1)
			engine_fail("use-after-release",
				    "an access to freed memory");
}

/* What this CPU interrupted may be in the midst of these bytes. */
static void check_torn(struct engine *e, u32 off, u32 sz, bool store)
{
	u32 i;

	for (i = 0; i < e->nr_actors; i++) {
		if (!e->torn[i].sz || i == e->current ||
		    e->actor[i].cpu != engine_cpu(e))
			continue;
		if ((store || e->torn[i].store) &&
		    off < e->torn[i].off + e->torn[i].sz &&
		    e->torn[i].off < off + sz)
			engine_fail("data-race",
				    "%s comes into the midst of what %s is "
				    "copying",
				    e->actor[e->current].name,
				    e->actor[i].name);
	}
}

static void check(struct engine *e, u32 off, u32 sz, bool store)
{
	if (e->any_freed)
		check_freed(e, off, sz);
	if (e->stack[engine_cpu(e)].nr)
		check_torn(e, off, sz, store);
}

static void race(struct engine *e, const char *what)
{
	if (!e->races_pass)
		engine_fail("data-race",
			    "%s is not ordered with another CPU's access",
			    what);
}

static u32 cell_of(struct engine *e, u32 off, u32 sz)
{
	int cell = memory_cell(e->memory, off, sz);

	if (cell < 0)
		engine_fail("room", "more cells than the explorer has");
	return cell;
}

/* The largest aligned cell at @off within @sz bytes. */
static u32 part(u32 off, u32 sz)
{
	u32 n = 8;

	while (n > sz || off % n)
		n /= 2;
	return n;
}

static void plain(const void *p, u32 sz, bool store, const void *pc)
{
	struct engine *e = engine_now;
	struct engine_op op;
	struct engine_step *s;
	u32 off, at, n, cpu;
	bool ok = true, turns;

	if (!in_memory(e, p, &off))
		return;
	cpu = engine_cpu(e);
	op = (struct engine_op){
		.kind = store ? ENGINE_WRITE : ENGINE_READ,
		.off = off,
		.sz = sz,
		.pc = pc,
	};
	turns = e->races_pass || e->strikes[cpu];
	s = turns ? engine_access(e, &op) : engine_pass(e, &op);
	check(e, off, sz, store);
	for (at = off; at < off + sz; at += n) {
		n = part(at, off + sz - at);
		ok &= memory_plain(e->memory, cpu, cell_of(e, at, n), store);
	}
	if (!store)
		memcpy(&s->value, e->memory->base + off, sz < 8 ? sz : 8);
	if (!ok)
		race(e, store ? "a plain store" : "a plain load");
	if (sz <= 8 || !e->strikes[cpu])
		return;
	/* Once more, when some of it is done. */
	e->torn[e->current].off = off;
	e->torn[e->current].sz = sz;
	e->torn[e->current].store = store;
	engine_access(e, &op);
	e->torn[e->current].sz = 0;
}

void engine_release(struct engine *e, const void *p, u32 sz)
{
	u32 off = (const unsigned char *)p - e->memory->base, word;

	plain(p, sz, true, NULL);
	for (word = off / 8; word < (off + sz + 7) / 8; word++)
		e->freed[word / 64] |= 1ull << word % 64;
	e->any_freed = true;
}

static bool queue_empty(void *arg)
{
	return !memory_queued(engine_now->memory, (unsigned long)arg);
}

static bool queue_has_room(void *arg)
{
	return memory_queued(engine_now->memory, (unsigned long)arg) <
	       MEMORY_BUFFER_MAX;
}

static enum memory_order order_of(int mo)
{
	return mo == __ATOMIC_RELAXED ? MEMORY_RELAXED :
	       mo == __ATOMIC_RELEASE ? MEMORY_RELEASE :
	       mo == __ATOMIC_SEQ_CST ? MEMORY_FULL :
	       mo == __ATOMIC_ACQ_REL ? MEMORY_FULL :
					MEMORY_ACQUIRE;
}

static void full(struct memory *m)
{
	if (m->full)
		engine_fail("room",
			    "more stores than the explorer has room for");
}

static u64 load(struct engine *e, u32 off, u32 sz, int mo, const void *pc)
{
	struct memory *m = e->memory;
	const struct engine_op op = {
		.kind = ENGINE_LOAD,
		.order = order_of(mo),
		.off = off,
		.sz = sz,
		.pc = pc,
	};
	struct engine_step *s = engine_access(e, &op);
	u32 cpu = engine_cpu(e), cell = cell_of(e, off, sz), choice;
	bool raced = false;

	check(e, off, sz, false);
	choice = engine_choose(e, memory_load_choices(m, cpu, cell));
	s->value = memory_load(m, cpu, cell, op.order, choice, &raced);
	if (raced)
		race(e, "a marked load");
	full(m);
	return s->value;
}

static void fence(struct engine *e, enum memory_fence which, const void *pc)
{
	struct memory *m = e->memory;
	u32 cpu = engine_cpu(e);
	struct engine_op op = {
		.kind = ENGINE_FENCE,
		.order = which,
		.pc = pc,
	};

	if (which == MEMORY_MB) {
		op.writes = ENGINE_OBJECT_FULL;
		if (m->model == MEMORY_TSO) {
			op.ready = queue_empty;
			op.arg = (void *)(unsigned long)cpu;
		}
	}
	engine_access(e, &op);
	memory_fence(m, cpu, which);
}

static void store(struct engine *e, u32 off, u32 sz, u64 value, int mo,
		  const void *pc)
{
	struct memory *m = e->memory;
	u32 cpu = engine_cpu(e), cell, choice;
	struct engine_op op = {
		.kind = ENGINE_STORE,
		.order = order_of(mo),
		.off = off,
		.sz = sz,
		.pc = pc,
	};
	struct engine_step *s;
	bool raced = false;

	if (m->model == MEMORY_TSO &&
	    memory_queued(m, cpu) == MEMORY_BUFFER_MAX) {
		op.ready = queue_has_room;
		op.arg = (void *)(unsigned long)cpu;
	}
	s = engine_access(e, &op);
	check(e, off, sz, true);
	cell = cell_of(e, off, sz);
	choice = engine_choose(e, op.order >= MEMORY_RELEASE ?
					  memory_release_choices(m, cpu, cell) :
					  memory_store_choices(m, cpu, cell));
	memory_store(m, cpu, cell, op.order, choice, value, &raced);
	s->value = value;
	if (raced)
		race(e, "a marked store");
	full(m);
	if (op.order == MEMORY_FULL)
		fence(e, MEMORY_MB, pc);
}

/* Marked accesses outside of an execution, or to what is nobody else's. */
static u64 direct_load(const volatile void *p, u32 sz)
{
	u64 value = 0;

	memcpy(&value, (const void *)p, sz);
	return value;
}

static void direct_store(volatile void *p, u32 sz, u64 value)
{
	memcpy((void *)p, &value, sz);
}

enum swap {
	SWAP_EXCHANGE,
	SWAP_COMPARE,
	SWAP_ADD,
	SWAP_AND,
	SWAP_OR,
	SWAP_XOR
};

static u64 swapped(enum swap how, u64 was, u64 value)
{
	return how == SWAP_ADD ? was + value :
	       how == SWAP_AND ? (was & value) :
	       how == SWAP_OR  ? (was | value) :
	       how == SWAP_XOR ? (was ^ value) :
				 value;
}

static u64 cut(u64 value, u32 sz)
{
	return sz == 8 ? value : value & ((1ull << 8 * sz) - 1);
}

/* Which store a read-modify-write reads: one that it may come behind. */
static u32 choose_swap(struct engine *e, u32 cpu, u32 cell, enum swap how,
		       u64 old)
{
	struct memory *m = e->memory;
	u32 nr = memory_load_choices(m, cpu, cell), nr_open = 0, i;
	u8 open[MEMORY_CELL_MESSAGES_MAX];

	for (i = 0; i < nr; i++) {
		/* One that does not exchange is a load. */
		if (memory_may_swap(m, cpu, cell, i) ||
		    (how == SWAP_COMPARE && memory_peek(m, cell, i) != old))
			open[nr_open++] = i;
	}
	return open[engine_choose(e, nr_open)];
}

/* A read-modify-write; @old is compared with if that is @how. */
static u64 swap(struct engine *e, u32 off, u32 sz, enum swap how, u64 old,
		u64 value, int mo, bool local, const void *pc)
{
	struct memory *m = e->memory;
	u32 cpu = engine_cpu(e), cell, choice = 0;
	bool queues = local && m->model == MEMORY_TSO, raced = false, fails;
	struct engine_op op = {
		.kind = ENGINE_SWAP,
		.order = order_of(mo),
		.off = off,
		.sz = sz,
		.pc = pc,
		.writes = mo == __ATOMIC_SEQ_CST ? ENGINE_OBJECT_FULL : 0,
		.ready = !local && m->model == MEMORY_TSO ? queue_empty : NULL,
		.arg = (void *)(unsigned long)cpu,
	};
	struct engine_step *s = engine_access(e, &op);
	u64 was;

	check(e, off, sz, true);
	cell = cell_of(e, off, sz);
	old = cut(old, sz);
	/* A full one comes behind a fence, which leaves it the last store. */
	if (m->model == MEMORY_WEAK && !op.writes)
		choice = choose_swap(e, cpu, cell, how, old);
	fails = how == SWAP_COMPARE && !queues &&
		memory_peek(m, cell, choice) != old;
	/* One that does not exchange orders nothing. */
	if (fails)
		op.order = MEMORY_RELAXED;
	else if (op.writes)
		memory_fence(m, cpu, MEMORY_MB);
	was = memory_load(m, cpu, cell, op.order, choice, &raced);
	s->value = was;
	if (how != SWAP_COMPARE || was == old) {
		value = cut(swapped(how, was, value), sz);
		s->value = value;
		if (queues)
			memory_store(m, cpu, cell, MEMORY_RELAXED, 0, value,
				     &raced);
		else
			memory_swap(m, cpu, cell, op.order, value);
	}
	if (raced)
		race(e, "a read-modify-write");
	if (op.writes && !fails)
		memory_fence(m, cpu, MEMORY_MB);
	full(m);
	return was;
}

static u64 any_load(const volatile void *p, u32 sz, int mo, const void *pc)
{
	struct engine *e = engine_now;
	u32 off;

	return in_memory(e, p, &off) ? load(e, off, sz, mo, pc) :
				       direct_load(p, sz);
}

static void any_store(volatile void *p, u32 sz, u64 value, int mo,
		      const void *pc)
{
	struct engine *e = engine_now;
	u32 off;

	if (in_memory(e, p, &off))
		store(e, off, sz, value, mo, pc);
	else
		direct_store(p, sz, value);
}

static u64 any_swap(volatile void *p, u32 sz, enum swap how, u64 old, u64 value,
		    int mo, bool local, const void *pc)
{
	struct engine *e = engine_now;
	u64 was;
	u32 off;

	if (in_memory(e, p, &off))
		return swap(e, off, sz, how, old, value, mo, local, pc);
	was = direct_load(p, sz);
	if (how != SWAP_COMPARE || was == cut(old, sz))
		direct_store(p, sz, swapped(how, was, value));
	return was;
}

#include "explore/hooks.h"
