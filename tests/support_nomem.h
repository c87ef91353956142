/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An allocator whose n-th allocation fails, once, and that counts what is left.
 *
 * It takes over the C library's own names, so that the allocations of libraries
 * fail too.  A sanitizer does the same: under one NOMEM_SKIPPED is defined and
 * the program has nothing to do.  For one file of a program; not more than one.
 */
#ifndef SUPPORT_NOMEM_H
#define SUPPORT_NOMEM_H

#include <errno.h>
#include <stdlib.h>

#include <linux/types.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || \
	defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define NOMEM_SKIPPED
#else

void *__libc_malloc(size_t sz);
void *__libc_calloc(size_t nr, size_t sz);
void *__libc_realloc(void *mem, size_t sz);
void *__libc_memalign(size_t align, size_t sz);
void __libc_free(void *mem);

static bool nomem_counting;
static long nomem_left; /* until one fails */
static long nomem_live; /* made since, and not freed */
static bool nomem_failed;

/* From here on, the allocation after @nr more fails. */
static inline void nomem_begin(long nr)
{
	nomem_left = nr;
	nomem_live = 0;
	nomem_failed = false;
	nomem_counting = true;
}

/* No more; how many allocations were made since and not freed. */
static inline long nomem_end(void)
{
	nomem_counting = false;
	return nomem_live;
}

static bool nomem_fails(void)
{
	if (!nomem_counting || nomem_left-- > 0)
		return false;
	nomem_failed = true;
	/* Once: what follows has memory again. */
	nomem_left = 1l << 40;
	errno = ENOMEM;
	return true;
}

static void *nomem_made(void *mem)
{
	if (nomem_counting && mem)
		nomem_live++;
	return mem;
}

void *malloc(size_t sz)
{
	return nomem_fails() ? NULL : nomem_made(__libc_malloc(sz));
}

void *calloc(size_t nr, size_t sz)
{
	return nomem_fails() ? NULL : nomem_made(__libc_calloc(nr, sz));
}

void *realloc(void *mem, size_t sz)
{
	if (nomem_fails())
		return NULL;
	return mem ? __libc_realloc(mem, sz) :
		     nomem_made(__libc_realloc(mem, sz));
}

void *aligned_alloc(size_t align, size_t sz)
{
	return nomem_fails() ? NULL : nomem_made(__libc_memalign(align, sz));
}

void free(void *mem)
{
	if (nomem_counting && mem)
		nomem_live--;
	__libc_free(mem);
}

#endif
#endif
