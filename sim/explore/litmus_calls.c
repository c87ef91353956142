// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's names for accesses, fences and atomic operations, and what each
 * does to memory.
 *
 * A name with _relaxed, _acquire or _release behind it orders less than the one
 * without, which orders fully.  Source: the kernel's Documentation/atomic_t.txt
 * and Documentation/memory-barriers.txt.
 */
#include <errno.h>
#include <string.h>

#include "explore/litmus_internal.h"

/*
 * How arguments are written: an object as in READ_ONCE(*x), or its address as
 * in xchg(x, 1); the atomic operations take the value first.
 */
enum form {
	NONE,
	OBJECT,
	OBJECT_VALUE,
	ADDRESS,
	ADDRESS_VALUE,
	VALUE_ADDRESS,
	ADDRESS_TWO_VALUES
};

/* The name may end in _relaxed and so on; it subtracts; its value is 1. */
#define ORDERS 1
#define MINUS 2
#define ONE 4

static const struct call {
	const char *name;
	enum litmus_access access;
	enum form form;
	u8 order;
	u8 flags;
} calls[] = {
	{ "READ_ONCE", ACCESS_LOAD, OBJECT, MEMORY_RELAXED, 0 },
	{ "WRITE_ONCE", ACCESS_STORE, OBJECT_VALUE, MEMORY_RELAXED, 0 },
	{ "smp_load_acquire", ACCESS_LOAD, ADDRESS, MEMORY_ACQUIRE, 0 },
	{ "smp_store_release", ACCESS_STORE, ADDRESS_VALUE, MEMORY_RELEASE, 0 },
	{ "smp_store_mb", ACCESS_STORE_MB, OBJECT_VALUE, MEMORY_RELAXED, 0 },
	{ "rcu_assign_pointer", ACCESS_STORE, OBJECT_VALUE, MEMORY_RELEASE, 0 },
	{ "rcu_dereference", ACCESS_LOAD, OBJECT, MEMORY_RELAXED, 0 },
	{ "smp_mb", ACCESS_FENCE, NONE, MEMORY_MB, 0 },
	{ "smp_rmb", ACCESS_FENCE, NONE, MEMORY_RMB, 0 },
	{ "smp_wmb", ACCESS_FENCE, NONE, MEMORY_WMB, 0 },
	{ "smp_mb__before_atomic", ACCESS_BEFORE_ATOMIC, NONE, MEMORY_MB, 0 },
	{ "smp_mb__after_atomic", ACCESS_AFTER_ATOMIC, NONE, MEMORY_MB, 0 },
	{ "barrier", ACCESS_NOTHING, NONE, 0, 0 },
	/* Nothing waits for these without synchronize_rcu(). */
	{ "rcu_read_lock", ACCESS_NOTHING, NONE, 0, 0 },
	{ "rcu_read_unlock", ACCESS_NOTHING, NONE, 0, 0 },
	{ "xchg", ACCESS_XCHG, ADDRESS_VALUE, MEMORY_FULL, ORDERS },
	{ "cmpxchg", ACCESS_CMPXCHG, ADDRESS_TWO_VALUES, MEMORY_FULL, ORDERS },
	{ "atomic_read", ACCESS_LOAD, ADDRESS, MEMORY_RELAXED, 0 },
	{ "atomic_read_acquire", ACCESS_LOAD, ADDRESS, MEMORY_ACQUIRE, 0 },
	{ "atomic_set", ACCESS_STORE, ADDRESS_VALUE, MEMORY_RELAXED, 0 },
	{ "atomic_set_release", ACCESS_STORE, ADDRESS_VALUE, MEMORY_RELEASE,
	  0 },
	{ "atomic_xchg", ACCESS_XCHG, ADDRESS_VALUE, MEMORY_FULL, ORDERS },
	{ "atomic_cmpxchg", ACCESS_CMPXCHG, ADDRESS_TWO_VALUES, MEMORY_FULL,
	  ORDERS },
	{ "atomic_add", ACCESS_OP, VALUE_ADDRESS, MEMORY_RELAXED, 0 },
	{ "atomic_sub", ACCESS_OP, VALUE_ADDRESS, MEMORY_RELAXED, MINUS },
	{ "atomic_inc", ACCESS_OP, ADDRESS, MEMORY_RELAXED, ONE },
	{ "atomic_dec", ACCESS_OP, ADDRESS, MEMORY_RELAXED, MINUS | ONE },
	{ "atomic_add_return", ACCESS_OP_RETURN, VALUE_ADDRESS, MEMORY_FULL,
	  ORDERS },
	{ "atomic_sub_return", ACCESS_OP_RETURN, VALUE_ADDRESS, MEMORY_FULL,
	  ORDERS | MINUS },
	{ "atomic_inc_return", ACCESS_OP_RETURN, ADDRESS, MEMORY_FULL,
	  ORDERS | ONE },
	{ "atomic_dec_return", ACCESS_OP_RETURN, ADDRESS, MEMORY_FULL,
	  ORDERS | MINUS | ONE },
	{ "atomic_fetch_add", ACCESS_FETCH_OP, VALUE_ADDRESS, MEMORY_FULL,
	  ORDERS },
	{ "atomic_fetch_sub", ACCESS_FETCH_OP, VALUE_ADDRESS, MEMORY_FULL,
	  ORDERS | MINUS },
	{ "atomic_fetch_inc", ACCESS_FETCH_OP, ADDRESS, MEMORY_FULL,
	  ORDERS | ONE },
	{ "atomic_fetch_dec", ACCESS_FETCH_OP, ADDRESS, MEMORY_FULL,
	  ORDERS | MINUS | ONE },
	{ "atomic_sub_and_test", ACCESS_OP_TEST, VALUE_ADDRESS, MEMORY_FULL,
	  MINUS },
	{ "atomic_inc_and_test", ACCESS_OP_TEST, ADDRESS, MEMORY_FULL, ONE },
	{ "atomic_dec_and_test", ACCESS_OP_TEST, ADDRESS, MEMORY_FULL,
	  MINUS | ONE },
	{ "atomic_add_negative", ACCESS_OP_NEGATIVE, VALUE_ADDRESS, MEMORY_FULL,
	  0 },
};

static const struct call *find_call(const struct litmus_token *name, u8 *order)
{
	static const struct {
		const char *name;
		u8 order;
	} ends[] = { { "", MEMORY_FULL },
		     { "_relaxed", MEMORY_RELAXED },
		     { "_acquire", MEMORY_ACQUIRE },
		     { "_release", MEMORY_RELEASE } };
	u32 i, j;

	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct call *c = &calls[i];
		size_t sz = strlen(c->name);

		if (name->sz < sz || memcmp(name->text, c->name, sz))
			continue;
		for (j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
			if (name->sz - sz != strlen(ends[j].name) ||
			    memcmp(name->text + sz, ends[j].name,
				   name->sz - sz))
				continue;
			if (j && !(c->flags & ORDERS))
				break;
			*order = (c->flags & ORDERS) ? ends[j].order : c->order;
			return c;
		}
	}
	return NULL;
}

static int parse_object(struct litmus_parser *p, u32 *expr)
{
	int err = litmus_expect(&p->lex, '*', "and what it points to");

	return err ? err : litmus_parse_expr(p, expr);
}

static int parse_comma(struct litmus_parser *p, u32 *expr)
{
	int err = litmus_expect(&p->lex, ',', "and one more argument");

	return err ? err : litmus_parse_expr(p, expr);
}

static int parse_args(struct litmus_parser *p, enum form form, u32 arg[3])
{
	int err = 0;

	switch (form) {
	case NONE:
		return 0;
	case OBJECT:
	case OBJECT_VALUE:
		err = parse_object(p, &arg[0]);
		break;
	case ADDRESS:
	case ADDRESS_VALUE:
	case ADDRESS_TWO_VALUES:
		err = litmus_parse_expr(p, &arg[0]);
		break;
	case VALUE_ADDRESS:
		err = litmus_parse_expr(p, &arg[1]);
		return err ? err : parse_comma(p, &arg[0]);
	}
	if (!err && form != OBJECT && form != ADDRESS)
		err = parse_comma(p, &arg[1]);
	if (!err && form == ADDRESS_TWO_VALUES)
		err = parse_comma(p, &arg[2]);
	return err;
}

int litmus_parse_call(struct litmus_parser *p, const struct litmus_token *name,
		      bool *known, u32 *expr)
{
	u32 arg[3] = { 0 }, one;
	const struct call *c;
	struct litmus_expr *e;
	u8 order = 0;
	int err;

	c = find_call(name, &order);
	*known = c;
	if (!c)
		return 0;
	err = litmus_expect(&p->lex, '(', "behind the name of an operation");
	if (!err)
		err = parse_args(p, c->form, arg);
	if (!err)
		err = litmus_expect(&p->lex, ')',
				    "at the end of the arguments");
	if (!err && (c->flags & ONE)) {
		err = litmus_new_expr(p, &one);
		if (!err) {
			p->t->expr[one].value = 1;
			arg[1] = one;
		}
	}
	if (!err)
		err = litmus_new_expr(p, expr);
	if (err)
		return err;
	e = &p->t->expr[*expr];
	e->kind = EXPR_ACCESS;
	e->access = c->access;
	e->order = order;
	e->minus = c->flags & MINUS;
	e->line = name->line;
	memcpy(e->arg, arg, sizeof(arg));
	return 0;
}
