// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation that opening and reading make, zstd's included, fails once:
 * the answer is -ENOMEM, what was whole before is delivered, nothing is kept.
 *
 * The allocator's own names are taken over here.  A sanitizer does the same, so
 * there this program has nothing to do; that all is freed is counted here
 * instead.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer) || \
	defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)

int main(void)
{
	puts("perf_data nomem: skipped, the allocator is the sanitizer's");
	return 0;
}

#else

#include "support_check.h"
#include "support_perf_data.h"

void *__libc_malloc(size_t sz);
void *__libc_calloc(size_t nr, size_t sz);
void *__libc_realloc(void *mem, size_t sz);
void __libc_free(void *mem);

static bool counting;
static long nr_left; /* until one fails */
static long nr_live; /* made since, and not freed */
static bool has_failed;

static bool fails(void)
{
	if (!counting || nr_left-- > 0)
		return false;
	has_failed = true;
	nr_left = 1l << 40;
	errno = ENOMEM;
	return true;
}

static void *made(void *mem)
{
	if (counting && mem)
		nr_live++;
	return mem;
}

void *malloc(size_t sz)
{
	return fails() ? NULL : made(__libc_malloc(sz));
}

void *calloc(size_t nr, size_t sz)
{
	return fails() ? NULL : made(__libc_calloc(nr, sz));
}

void *realloc(void *mem, size_t sz)
{
	if (fails())
		return NULL;
	return mem ? __libc_realloc(mem, sz) : made(__libc_realloc(mem, sz));
}

void free(void *mem)
{
	if (counting && mem)
		nr_live--;
	__libc_free(mem);
}

static long read_all(const struct build *b, u64 *nr)
{
	struct trace_record recs[7];
	struct trace_source *src;
	struct trace_error err;
	long ret, again;

	*nr = 0;
	ret = trace_open_mem(&src, b->image.p, b->image.len, &err);
	if (ret)
		return ret;
	while ((ret = trace_read(src, recs, 7, &err)) > 0)
		*nr += ret;
	again = trace_read(src, recs, 7, &err);
	trace_close(src);
	return ret == again ? ret : -EPROTO;
}

START_TEST(each_allocation_fails)
{
	struct build b;
	u64 nr, max = 0;
	long at, ret;
	u32 i;

	build_init(&b, 1);
	b.pipe = _i & 1;
	b.packing = _i / 2;
	/* More ids, events and records than the first allocations hold. */
	b.nr_events = 4;
	for (i = 0; i < 4; i++)
		b.events[i] = (struct build_event){
			.name = "event",
			.sample_type =
				PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_TIME,
			.ids = { i },
			.nr_ids = 1,
		};
	for (i = 0; i < 3000; i++) {
		b.time_ns = build_below(&b, 100000);
		build_sample(&b, i % 4);
	}
	build_finish(&b);
	for (at = 0;; at++) {
		nr_left = at;
		nr_live = 0;
		has_failed = false;
		counting = true;
		ret = read_all(&b, &nr);
		counting = false;
		ck_assert_int_eq(nr_live, 0);
		ck_assert(nr >= max);
		max = nr;
		if (!has_failed)
			break;
		ck_assert_int_eq(ret, -ENOMEM);
		ck_assert(nr < b.nr_expected);
	}
	ck_assert_int_eq(ret, 0);
	ck_assert(nr == b.nr_expected);
	/* The source, the reader, events twice, ids, runs and chunks. */
	ck_assert_int_ge(at, 8);
	build_fini(&b);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("perf_data nomem");
	TCase *t = tcase_create("nomem");

	tcase_add_loop_test(t, each_allocation_fails, 0, 6);
	suite_add_tcase(s, t);
	return support_run(s);
}

#endif
