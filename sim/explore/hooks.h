/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names that the instrumentation calls, for each size.  Part of hooks.c.
 */
#ifndef EXPLORE_HOOKS_H
#define EXPLORE_HOOKS_H

void explore_tsan_init(void);
void explore_tsan_func_entry(void *pc);
void explore_tsan_func_exit(void);
void explore_tsan_init(void)
{
}
void explore_tsan_func_entry(void *pc)
{
	(void)pc;
}
void explore_tsan_func_exit(void)
{
}

#define PLAIN(name, sz, store)             \
	void explore_tsan_##name(void *p); \
	void explore_tsan_##name(void *p)  \
	{                                  \
		plain(p, sz, store, PC);   \
	}
#define PLAIN_OF_SIZE(sz)                    \
	PLAIN(read##sz, sz, false)           \
	PLAIN(write##sz, sz, true)           \
	PLAIN(unaligned_read##sz, sz, false) \
	PLAIN(unaligned_write##sz, sz, true) \
	PLAIN(volatile_read##sz, sz, false)  \
	PLAIN(volatile_write##sz, sz, true)
PLAIN_OF_SIZE(1)
PLAIN_OF_SIZE(2)
PLAIN_OF_SIZE(4)
PLAIN_OF_SIZE(8)
PLAIN_OF_SIZE(16)

void explore_tsan_read_range(void *p, unsigned long sz);
void explore_tsan_write_range(void *p, unsigned long sz);
void *explore_tsan_memcpy(void *to, const void *from, unsigned long sz);
void *explore_tsan_memset(void *to, int byte, unsigned long sz);

void explore_tsan_read_range(void *p, unsigned long sz)
{
	plain(p, sz, false, PC);
}
void explore_tsan_write_range(void *p, unsigned long sz)
{
	plain(p, sz, true, PC);
}
void *explore_tsan_memcpy(void *to, const void *from, unsigned long sz)
{
	plain(from, sz, false, PC);
	plain(to, sz, true, PC);
	return memcpy(to, from, sz);
}
void *explore_tsan_memset(void *to, int byte, unsigned long sz)
{
	plain(to, sz, true, PC);
	return memset(to, byte, sz);
}

#define MARKED(bits, sz, type)                                                 \
	type explore_tsan_atomic##bits##_load(const volatile void *p, int mo); \
	type explore_tsan_atomic##bits##_load(const volatile void *p, int mo)  \
	{                                                                      \
		return any_load(p, sz, mo, PC);                                \
	}                                                                      \
	void explore_tsan_atomic##bits##_store(volatile void *p, type value,   \
					       int mo);                        \
	void explore_tsan_atomic##bits##_store(volatile void *p, type value,   \
					       int mo)                         \
	{                                                                      \
		any_store(p, sz, value, mo, PC);                               \
	}                                                                      \
	MARKED_SWAP(bits, sz, type, exchange, SWAP_EXCHANGE, value)            \
	MARKED_SWAP(bits, sz, type, fetch_add, SWAP_ADD, value)                \
	MARKED_SWAP(bits, sz, type, fetch_sub, SWAP_ADD, -value)               \
	MARKED_SWAP(bits, sz, type, fetch_and, SWAP_AND, value)                \
	MARKED_SWAP(bits, sz, type, fetch_or, SWAP_OR, value)                  \
	MARKED_SWAP(bits, sz, type, fetch_xor, SWAP_XOR, value)                \
	MARKED_COMPARE(bits, sz, type, strong)                                 \
	MARKED_COMPARE(bits, sz, type, weak)                                   \
	type explore_tsan_atomic##bits##_compare_exchange_val(                 \
		volatile void *p, type old, type next, int mo, int failed);    \
	type explore_tsan_atomic##bits##_compare_exchange_val(                 \
		volatile void *p, type old, type next, int mo, int failed)     \
	{                                                                      \
		(void)failed;                                                  \
		return any_swap(p, sz, SWAP_COMPARE, old, next, mo, false,     \
				PC);                                           \
	}

#define MARKED_SWAP(bits, sz, type, name, how, operand)                       \
	type explore_tsan_atomic##bits##_##name(volatile void *p, type value, \
						int mo);                      \
	type explore_tsan_atomic##bits##_##name(volatile void *p, type value, \
						int mo)                       \
	{                                                                     \
		return any_swap(p, sz, how, 0, operand, mo, false, PC);       \
	}

#define MARKED_COMPARE(bits, sz, type, name)                                 \
	int explore_tsan_atomic##bits##_compare_exchange_##name(             \
		volatile void *p, type *old, type next, int mo, int failed); \
	int explore_tsan_atomic##bits##_compare_exchange_##name(             \
		volatile void *p, type *old, type next, int mo, int failed)  \
	{                                                                    \
		type found = any_swap(p, sz, SWAP_COMPARE, *old, next, mo,   \
				      false, PC);                            \
		int ok = found == *old;                                      \
                                                                             \
		(void)failed;                                                \
		*old = found;                                                \
		return ok;                                                   \
	}

MARKED(8, 1, u8)
MARKED(16, 2, u16)
MARKED(32, 4, u32)
MARKED(64, 8, u64)

void explore_tsan_atomic_thread_fence(int mo);
void explore_tsan_atomic_thread_fence(int mo)
{
	struct engine *e = engine_now;

	if (e && e->inside)
		fence(e,
		      mo == __ATOMIC_ACQUIRE ? MEMORY_RMB :
		      mo == __ATOMIC_RELEASE ? MEMORY_WMB :
					       MEMORY_MB,
		      PC);
}

/* What the explorer's own stand-ins call (include/asm). */
#define FENCE(name, which)                     \
	void explore_##name(void);             \
	void explore_##name(void)              \
	{                                      \
		struct engine *e = engine_now; \
                                               \
		if (e && e->inside)            \
			fence(e, which, PC);   \
	}
FENCE(mb, MEMORY_MB)
FENCE(rmb, MEMORY_RMB)
FENCE(wmb, MEMORY_WMB)

long explore_local_cmpxchg(long *counter, long old, long next);
void explore_local_add(long *counter, long by);

long explore_local_cmpxchg(long *counter, long old, long next)
{
	return any_swap(counter, sizeof(*counter), SWAP_COMPARE, old, next,
			__ATOMIC_RELAXED, true, PC);
}
void explore_local_add(long *counter, long by)
{
	any_swap(counter, sizeof(*counter), SWAP_ADD, 0, by, __ATOMIC_RELAXED,
		 true, PC);
}

#endif
