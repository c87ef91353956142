// SPDX-License-Identifier: GPL-2.0
/*
 * Litmus tests: each file's verdict under each model, the numbers that the
 * kernel's documentation prints, what models have to do with each other, and
 * what is refused.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus.h"
#include "support_check.h"

static glob_t files;

static void setup(void)
{
	ck_assert_int_eq(glob("tests/litmus/*.litmus", 0, NULL, &files), 0);
	ck_assert_uint_ge(files.gl_pathc, 69);
}

static void teardown(void)
{
	globfree(&files);
}

static void run_or_fail(const char *path, enum memory_model model,
			struct litmus_result *r)
{
	int err = litmus_run(path, model, r);

	ck_assert_msg(!err, "%s", r->error);
}

START_TEST(as_said)
{
	struct litmus_result r;
	size_t i;

	for (i = 0; i < files.gl_pathc; i++) {
		run_or_fail(files.gl_pathv[i], _i, &r);
		ck_assert_msg(r.said != LITMUS_UNSAID, "%s says nothing",
			      files.gl_pathv[i]);
		ck_assert_msg(litmus_as_said(&r), "%s, model %d: %s%s",
			      files.gl_pathv[i], _i,
			      litmus_verdict_name(r.verdict),
			      r.race ? " DATARACE" : "");
		litmus_result_fini(&r);
	}
}
END_TEST

/* The test's name is the file's. */
START_TEST(names)
{
	struct litmus_result r;
	char path[256];
	size_t i;

	for (i = 0; i < files.gl_pathc; i++) {
		run_or_fail(files.gl_pathv[i], MEMORY_SC, &r);
		snprintf(path, sizeof(path), "tests/litmus/%s.litmus", r.name);
		ck_assert_str_eq(path, files.gl_pathv[i]);
		litmus_result_fini(&r);
	}
}
END_TEST

/* Source: tools/memory-model/README and Documentation/litmus-tests.txt. */
START_TEST(documented_numbers)
{
	static const struct {
		const char *name;
		u64 positive;
		u64 negative;
	} documented[] = {
		{ "SB+fencembonceonces", 0, 3 },
		{ "MP+pooncerelease+poacquireonce", 0, 3 },
		{ "LB+fencembonceonce+ctrlonceonce", 0, 2 },
		{ "SB+rfionceonce-poonceonces", 1, 3 },
		{ "MP+onceassign+derefonce", 0, 2 },
	};
	struct litmus_result r;
	char path[256];
	u32 i;

	for (i = 0; i < sizeof(documented) / sizeof(documented[0]); i++) {
		snprintf(path, sizeof(path), "tests/litmus/%s.litmus",
			 documented[i].name);
		run_or_fail(path, MEMORY_WEAK, &r);
		ck_assert_uint_eq(r.nr_positive, documented[i].positive);
		ck_assert_uint_eq(r.nr - r.nr_positive, documented[i].negative);
		litmus_result_fini(&r);
	}
}
END_TEST

static bool has_state(const struct litmus_result *r, const char *text)
{
	u32 i;

	for (i = 0; i < r->nr_states; i++)
		if (!strcmp(r->state[i].text, text))
			return true;
	return false;
}

/* Whatever a model does, a weaker one can do, too. */
START_TEST(weaker_can_more)
{
	struct litmus_result strong, weak;
	size_t i;
	u32 j;

	for (i = 0; i < files.gl_pathc; i++) {
		run_or_fail(files.gl_pathv[i], _i, &strong);
		run_or_fail(files.gl_pathv[i], _i + 1, &weak);
		ck_assert_uint_ge(weak.nr, strong.nr);
		for (j = 0; j < strong.nr_states; j++)
			ck_assert_msg(has_state(&weak, strong.state[j].text),
				      "%s: %s", files.gl_pathv[i],
				      strong.state[j].text);
		litmus_result_fini(&strong);
		litmus_result_fini(&weak);
	}
}
END_TEST

static int run_text(const char *text, enum memory_model model, u64 max_runs,
		    struct litmus_result *r)
{
	struct litmus_test *t = NULL;
	int err;

	memset(r, 0, sizeof(*r));
	err = litmus_parse(&t, text, strlen(text), "t", r->error);
	if (err)
		return err;
	err = litmus_enumerate(t, model, max_runs, r);
	litmus_free(t);
	return err;
}

#define SB                                                 \
	"C SB (* Result: Never *)\n{}\n"                   \
	"P0(int *x, int *y) { int r0; WRITE_ONCE(*x, 1); " \
	"r0 = READ_ONCE(*y); }\n"                          \
	"P1(int *x, int *y) { int r0; WRITE_ONCE(*y, 1); " \
	"r0 = READ_ONCE(*x); }\n"                          \
	"exists (0:r0=0 /\\ 1:r0=0) (* Result: *)\n"

START_TEST(said_otherwise)
{
	struct litmus_result r;

	ck_assert_int_eq(run_text(SB, MEMORY_WEAK, 0, &r), 0);
	ck_assert_int_eq(r.said, LITMUS_NEVER);
	ck_assert_int_eq(r.verdict, LITMUS_SOMETIMES);
	ck_assert(!litmus_as_said(&r));
	litmus_result_fini(&r);
	/* Nothing said is nothing wrong. */
	ck_assert_int_eq(run_text(SB, MEMORY_SC, 0, &r), 0);
	ck_assert_int_eq(r.said, LITMUS_UNSAID);
	ck_assert(litmus_as_said(&r));
	litmus_result_fini(&r);
}
END_TEST

START_TEST(printed)
{
	struct litmus_result r;
	size_t sz;
	char *text;
	FILE *f = open_memstream(&text, &sz);

	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(run_text(SB, MEMORY_TSO, 0, &r), 0);
	litmus_print(&r, f);
	fclose(f);
	ck_assert_str_eq(text, "Test SB Allowed\n"
			       "Model tso\n"
			       "States 4\n"
			       "1      *> 0:r0=0; 1:r0=0;\n"
			       "1      :> 0:r0=0; 1:r0=1;\n"
			       "1      :> 0:r0=1; 1:r0=0;\n"
			       "1      :> 0:r0=1; 1:r0=1;\n"
			       "Ok\n"
			       "Witnesses\n"
			       "Positive: 1 Negative: 3\n"
			       "Condition exists (0:r0=0 /\\ 1:r0=0)\n"
			       "Observation SB Sometimes 1 3\n");
	free(text);
	litmus_result_fini(&r);
}
END_TEST

START_TEST(too_many)
{
	struct litmus_result r;

	ck_assert_int_eq(run_text(SB, MEMORY_WEAK, 3, &r), -E2BIG);
	ck_assert_ptr_nonnull(strstr(r.error, "schedules"));
	litmus_result_fini(&r);
}
END_TEST

#define ONE(body, cond) "C t\n{}\nP0(int *x, int *y)\n{\n" body "}\n" cond

/* One thread has one end: arithmetic, branches, pointers. */
START_TEST(computed)
{
	static const struct {
		const char *body;
		s64 x;
	} cases[] = {
		{ "*x = 2 + 3 * 4 - 10 / 3 % 2;", 13 },
		{ "*x = (2 + 3) * 4 << 1 >> 2;", 10 },
		{ "*x = 7 & 3 | 8 ^ 1;", 11 },
		{ "*x = 1 < 2 == 2 > 1 && !0 || 0;", 1 },
		{ "*x = -5 + ~0;", -6 },
		{ "*x = 2147483647 + 2;", -2147483647 },
		{ "*x = 0x10 / -1;", -16 },
		{ "int a = 1, b; b = a + 1; if (b == 2) *x = b; "
		  "else *x = 9;",
		  2 },
		{ "if (0) *x = 1; else if (1) { *x = 5; } else *x = 3;", 5 },
		{ "int *p = x; *p = 4; *p = *p + 1;", 5 },
		{ "int r = xchg(x, 3); *x = *x * 10 + r;", 30 },
		{ "int r = cmpxchg(x, 0, 3); r = cmpxchg(x, 0, 4); *x = *x * "
		  "10 + r;",
		  33 },
		{ "int r = atomic_add_return(5, x); "
		  "*x = r * 10 + atomic_fetch_sub(2, x);",
		  55 },
		{ "int r = atomic_sub_and_test(0, x); "
		  "*x = r * 10 + atomic_add_negative(-1, x);",
		  11 },
		{ "atomic_set(x, 4); atomic_dec(x); atomic_sub(1, x); "
		  "smp_mb__before_atomic(); atomic_inc(x); "
		  "*x = atomic_read(x);",
		  3 },
		{ "smp_store_mb(*x, 3); barrier(); /* 1 */ // 2\n", 3 },
	};
	char text[512], cond[64];
	struct litmus_result r;
	int err;
	u32 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(cond, sizeof(cond), "forall (x=%lld)", cases[i].x);
		snprintf(text, sizeof(text), ONE("%s", "%s"), cases[i].body,
			 cond);
		err = run_text(text, _i, 0, &r);
		ck_assert_msg(!err, "%s", r.error);
		ck_assert_msg(r.verdict == LITMUS_ALWAYS && r.nr == 1, "%s: %s",
			      cases[i].body, r.state[0].text);
		ck_assert(!r.race);
		litmus_result_fini(&r);
	}
}
END_TEST

START_TEST(refused)
{
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
		{ "", "t:1: the end, expected C" },
		{ "X86 t\n", "t:1: 'X86', expected C" },
		{ "C", "t:1: the end, expected the test's name" },
		{ "C t\n{ x=1", "t:2: the end, expected ';' or '}'" },
		{ "C t\n{}\n", "t:3: the end, expected P0" },
		{ "C t\n{}\nP1(int *x) {}", "t:3: 'P1', expected P0" },
		{ "C t (* open\n", "t:1: a comment without end" },
		{ "C t\n{}\nP0(spinlock_t *l) {}\n", "t:3: 'spinlock_t'" },
		{ "C t\n{}\nP0(int x) {}\n", "t:3: 'x', expected '*'" },
		{ ONE("int x;\n", ""), "t:5: a shared variable's name" },
		{ ONE("r = 1;\n", ""), "t:5: 'r', expected a declaration" },
		{ ONE("int r; r = z;\n", ""), "t:5: 'z', expected a declared" },
		{ ONE("while (1) ;\n", ""), "t:5: 'while'" },
		{ ONE("spin_lock(x);\n", ""), "t:5: 'spin_lock'" },
		{ ONE("int r = smp_mb;\n", ""), "t:5: ';', expected '('" },
		{ ONE("READ_ONCE(x);\n", ""), "t:5: 'x', expected '*'" },
		{ ONE("WRITE_ONCE_relaxed(*x, 1);\n", ""), "t:5: 'WRITE_" },
		{ ONE("WRITE_ONCE(*x);\n", ""), "t:5: ')', expected ','" },
		{ ONE("WRITE_ONCE(*x, 1)\n", ""), "t:6: '}', expected ';'" },
		{ ONE("*x = 2147483648;\n", ""), "t:5: a number" },
		{ ONE("*x = 1a;\n", ""), "t:5: a number with letters" },
		{ ONE("int r = 1 && READ_ONCE(*x);\n", ""), "t:5: an access" },
		{ ONE("", "exists (z=1)"), "t:6: 'z', expected a shared" },
		{ ONE("", "exists (1:r=1)"), "t:6: '1', expected a thread" },
		{ ONE("", "exists (0:r=1)"), "t:6: 'r', expected a name" },
		{ ONE("", "exists (x=1"), "t:6: the end, expected ')'" },
		{ ONE("", "exists (x=z)"), "expected a value" },
		{ ONE("", "exists (x=1) x"), "t:6: 'x', expected the end" },
		{ ONE("", "sometimes (x=1)"), "t:6: 'sometimes', expected" },
		{ ONE("", "locations [x y]"), "t:6: 'y', expected ';'" },
		{ ONE("", "exists (x=1) (* Result: Maybe *)"),
		  "t:6: Result:, expected Never" },
		{ ONE("*x = 1 / *y;\n", "exists (x=1)"), "t:5: division" },
		{ ONE("int *p = *y; *p = 1;\n", "exists (x=1)"),
		  "t:5: an access by what is not" },
		{ ONE("smp_mb__after_atomic();\n", "exists (x=1)"),
		  "t:5: expected an atomic operation" },
		{ ONE("smp_mb__before_atomic(); *x = 1;\n", "exists (x=1)"),
		  "t:5: expected an atomic operation" },
	};
	struct litmus_result r;
	u32 i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_msg(run_text(cases[i].text, _i, 0, &r) == -EINVAL,
			      "%s", cases[i].text);
		ck_assert_msg(strstr(r.error, cases[i].said), "%s", r.error);
		litmus_result_fini(&r);
	}
}
END_TEST

START_TEST(no_file)
{
	struct litmus_result r;

	ck_assert_int_eq(litmus_run("tests/litmus/none", MEMORY_SC, &r),
			 -ENOENT);
	ck_assert_ptr_nonnull(strstr(r.error, "tests/litmus/none"));
	litmus_result_fini(&r);
	ck_assert_int_eq(litmus_run("tests/litmus", MEMORY_SC, &r), -EIO);
	litmus_result_fini(&r);
}
END_TEST

/* Whom a filter lets through is all that there is. */
START_TEST(filtered)
{
	struct litmus_result r;

	ck_assert_int_eq(run_text("C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\n"
				  "P1(int *x) { int r0; r0 = READ_ONCE(*x); }\n"
				  "locations [x; 1:r0;] filter (not (1:r0=0))\n"
				  "forall (1:r0=1 => x=1)\n",
				  _i, 0, &r),
			 0);
	ck_assert_uint_eq(r.nr, 1);
	ck_assert_uint_eq(r.nr_states, 1);
	ck_assert_str_eq(r.state[0].text, "x=1; 1:r0=1;");
	litmus_result_fini(&r);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("litmus");
	TCase *tc = tcase_create("files");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_loop_test(tc, as_said, 0, LITMUS_MODELS);
	tcase_add_test(tc, names);
	tcase_add_test(tc, documented_numbers);
	tcase_add_loop_test(tc, weaker_can_more, 0, LITMUS_MODELS - 1);
	suite_add_tcase(suite, tc);
	tc = tcase_create("texts");
	tcase_add_test(tc, said_otherwise);
	tcase_add_test(tc, printed);
	tcase_add_test(tc, too_many);
	tcase_add_loop_test(tc, computed, 0, LITMUS_MODELS);
	tcase_add_loop_test(tc, refused, 0, LITMUS_MODELS);
	tcase_add_loop_test(tc, filtered, 0, LITMUS_MODELS);
	tcase_add_test(tc, no_file);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
