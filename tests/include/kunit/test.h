/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Twin of the part of KUnit that the hot path's suites use: a suite registers
 * itself, an expectation that fails is told and the case goes on, an assertion
 * that fails ends the case, and what a case allocates is freed after it.
 *
 * Not here: running the suites (kunit_run.c, under Check).
 */
#ifndef _KUNIT_TEST_H
#define _KUNIT_TEST_H

#include <linux/types.h>

#define GFP_KERNEL 0

struct kunit {
	const char *name;
	void *priv;
	void *allocations;
	unsigned int nr_failed;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char name[256];
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)                      \
	{                                   \
		.run_case = fn, .name = #fn \
	}

void kunit_register(struct kunit_suite *suite);

#define kunit_test_suite(suite)                                               \
	static void __attribute__((constructor)) kunit_register_##suite(void) \
	{                                                                     \
		kunit_register(&suite);                                       \
	}

void *kunit_kcalloc(struct kunit *test, size_t nr, size_t size, int gfp);

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	return kunit_kcalloc(test, 1, size, gfp);
}

static inline void *kunit_kmalloc(struct kunit *test, size_t size, int gfp)
{
	return kunit_kcalloc(test, 1, size, gfp);
}

/* Does not return if @end is set. */
void kunit_failed(struct kunit *test, bool end, const char *file, int line,
		  const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#define KUNIT_FAIL(test, ...) \
	kunit_failed(test, false, __FILE__, __LINE__, __VA_ARGS__)

/* Values are told as signed and in hexadecimal: 64 bits of whatever type. */
#define __KUNIT_CMP(test, end, a, op, b)                                   \
	do {                                                               \
		__typeof__(a) kunit_a = (a);                               \
		__typeof__(b) kunit_b = (b);                               \
                                                                           \
		if (!(kunit_a op kunit_b)) {                               \
			kunit_failed(test, end, __FILE__, __LINE__,        \
				     "expected %s " #op " %s, found %lld " \
				     "(%#llx) and %lld (%#llx)",           \
				     #a, #b, (long long)kunit_a,           \
				     (unsigned long long)kunit_a,          \
				     (long long)kunit_b,                   \
				     (unsigned long long)kunit_b);         \
			if (end)                                           \
				__builtin_unreachable();                   \
		}                                                          \
	} while (0)

#define KUNIT_EXPECT_EQ(test, a, b) __KUNIT_CMP(test, false, a, ==, b)
#define KUNIT_EXPECT_NE(test, a, b) __KUNIT_CMP(test, false, a, !=, b)
#define KUNIT_EXPECT_LT(test, a, b) __KUNIT_CMP(test, false, a, <, b)
#define KUNIT_EXPECT_LE(test, a, b) __KUNIT_CMP(test, false, a, <=, b)
#define KUNIT_EXPECT_GT(test, a, b) __KUNIT_CMP(test, false, a, >, b)
#define KUNIT_EXPECT_GE(test, a, b) __KUNIT_CMP(test, false, a, >=, b)
#define KUNIT_ASSERT_EQ(test, a, b) __KUNIT_CMP(test, true, a, ==, b)
#define KUNIT_ASSERT_NE(test, a, b) __KUNIT_CMP(test, true, a, !=, b)
#define KUNIT_ASSERT_LT(test, a, b) __KUNIT_CMP(test, true, a, <, b)
#define KUNIT_ASSERT_LE(test, a, b) __KUNIT_CMP(test, true, a, <=, b)

/* With a message of one's own behind the values: fmt and its arguments. */
#define __KUNIT_MSG(test, end, cond, text, fmt, ...)                \
	do {                                                        \
		if (!(cond)) {                                      \
			kunit_failed(test, end, __FILE__, __LINE__, \
				     "expected %s; " fmt, text,     \
				     ##__VA_ARGS__);                \
			if (end)                                    \
				__builtin_unreachable();            \
		}                                                   \
	} while (0)

#define KUNIT_EXPECT_EQ_MSG(test, a, b, fmt, ...) \
	__KUNIT_MSG(test, false, (a) == (b), #a " == " #b, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_TRUE_MSG(test, cond, fmt, ...) \
	__KUNIT_MSG(test, false, cond, #cond, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, fmt, ...) \
	__KUNIT_MSG(test, true, (a) == (b), #a " == " #b, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_TRUE_MSG(test, cond, fmt, ...) \
	__KUNIT_MSG(test, true, cond, #cond, fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(test, cond) __KUNIT_MSG(test, false, cond, #cond, "")
#define KUNIT_EXPECT_FALSE(test, cond) \
	__KUNIT_MSG(test, false, !(cond), "not " #cond, "")
#define KUNIT_ASSERT_TRUE(test, cond) __KUNIT_MSG(test, true, cond, #cond, "")
#define KUNIT_ASSERT_FALSE(test, cond) \
	__KUNIT_MSG(test, true, !(cond), "not " #cond, "")

#define KUNIT_EXPECT_PTR_EQ(test, a, b) \
	__KUNIT_MSG(test, false, (a) == (b), #a " == " #b, "")
#define KUNIT_EXPECT_PTR_NE(test, a, b) \
	__KUNIT_MSG(test, false, (a) != (b), #a " != " #b, "")
#define KUNIT_EXPECT_NULL(test, p) \
	__KUNIT_MSG(test, false, !(p), #p " == NULL", "")
#define KUNIT_EXPECT_NOT_NULL(test, p) \
	__KUNIT_MSG(test, false, p, #p " != NULL", "")
#define KUNIT_ASSERT_NOT_NULL(test, p) \
	__KUNIT_MSG(test, true, p, #p " != NULL", "")
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p) KUNIT_ASSERT_NOT_NULL(test, p)

#endif
