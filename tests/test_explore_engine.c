// SPDX-License-Identifier: GPL-2.0
/*
 * What the engine has to notice, provoked by a few actors of the test's own;
 * and what an NMI is: it stops its CPU, and no other.
 */
#include <string.h>

#include "explore/drive.h"
#include "explore/exhaust.h"
#include "support_check.h"

/* As the instrumentation calls them (sim/explore/hooks.h). */
u32 explore_tsan_atomic32_load(const volatile void *p, int mo);
void explore_tsan_atomic32_store(volatile void *p, u32 value, int mo);
void explore_tsan_read4(void *p);
void explore_tsan_write4(void *p);

#define OBJECT (1u << 12)

static struct engine *e;
static u32 *word; /* of the engine's memory */

/* What the actors share outside of it. */
static struct {
	bool held[2];
	bool nmi_runs;
	bool other_ran_in_nmi;
	bool own_ran_in_nmi;
	u32 nr_strikes;
} now;

static u32 load(u32 i)
{
	return explore_tsan_atomic32_load(word + 2 * i, __ATOMIC_RELAXED);
}

static void store(u32 i, u32 value)
{
	explore_tsan_atomic32_store(word + 2 * i, value, __ATOMIC_RELAXED);
}

static bool always(void *arg)
{
	(void)arg;
	return true;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

struct cast {
	u32 cpu;
	bool (*strikes)(void *arg);
	void (*body)(void *arg);
};

/* Plays all executions, to the first violation.  Return: its property. */
static const char *play_all(const struct cast *cast, u32 nr,
			    enum memory_model model, u32 *executions)
{
	static char property[32];
	struct exhaust *x;
	u32 i;

	property[0] = '\0';
	*executions = 0;
	ck_assert_int_eq(engine_new(&e, model, 2), 0);
	ck_assert_int_eq(exhaust_new(&x, EXHAUST_NO_BOUND), 0);
	word = (u32 *)e->memory->base;
	do {
		memset(now.held, 0, sizeof(now.held));
		now.nmi_runs = false;
		exhaust_drive(x, e);
		engine_begin(e);
		e->memory->used = 256;
		for (i = 0; i < nr; i++)
			ck_assert_int_eq(engine_add(e, "one", cast[i].cpu,
						    cast[i].strikes, 0,
						    cast[i].body, NULL),
					 i);
		*executions += engine_run(e) != ENGINE_GIVEN_UP;
		if (e->end == ENGINE_VIOLATED) {
			ck_assert(e->message[0]);
			strcpy(property, e->property);
		}
	} while (!property[0] && exhaust_next(x, e));
	exhaust_free(x);
	engine_free(e);
	return property;
}

#define PLAY_ALL(cast, model, executions) \
	play_all(cast, sizeof(cast) / sizeof((cast)[0]), model, executions)

/* Two locks, taken the one way and the other. */
static bool is_free(void *arg)
{
	return !*(bool *)arg;
}

static void take(u32 i)
{
	engine_sync("lock", 0, OBJECT << i, is_free, &now.held[i]);
	now.held[i] = true;
}

static void give(u32 i)
{
	engine_sync("unlock", 0, OBJECT << i, NULL, NULL);
	now.held[i] = false;
}

static void ab(void *arg)
{
	(void)arg;
	take(0);
	take(1);
	give(1);
	give(0);
}

static void ba(void *arg)
{
	(void)arg;
	take(1);
	take(0);
	give(0);
	give(1);
}

START_TEST(a_deadlock_is_found)
{
	static const struct cast wrong[] = { { 0, NULL, ab }, { 1, NULL, ba } };
	static const struct cast right[] = { { 0, NULL, ab }, { 1, NULL, ab } };
	u32 n;

	ck_assert_str_eq(PLAY_ALL(wrong, _i, &n), "deadlock");
	ck_assert_str_eq(PLAY_ALL(right, _i, &n), "");
	ck_assert_uint_eq(n, 2);
}
END_TEST

static void wait_for_one(void *arg)
{
	(void)arg;
	while (!load(0))
		;
}

static void store_one(void *arg)
{
	(void)arg;
	store(0, 1);
}

static void store_once_seen(void *arg)
{
	(void)arg;
	if (load(1))
		store(0, 1);
}

START_TEST(what_does_not_end_is_found)
{
	static const struct cast alone[] = { { 0, NULL, wait_for_one } };
	static const struct cast unsure[] = { { 0, NULL, store_once_seen },
					      { 1, NULL, wait_for_one } };
	/* An NMI that waits for what it interrupted. */
	static const struct cast own[] = { { 0, NULL, store_one },
					   { 0, always, wait_for_one } };
	u32 n;

	ck_assert_str_eq(PLAY_ALL(alone, _i, &n), "termination");
	ck_assert_str_eq(PLAY_ALL(unsure, _i, &n), "termination");
	ck_assert_str_eq(PLAY_ALL(own, _i, &n), "termination");
}
END_TEST

/* The second word is given back by one while the other may look at it. */
static void free_it(void *arg)
{
	(void)arg;
	store(0, 1);
	engine_release(e, word + 2, 4);
}

static void use_it(void *arg)
{
	(void)arg;
	if (!load(0))
		load(1);
}

static void free_then_use(void *arg)
{
	(void)arg;
	engine_release(e, word + 2, 4);
	load(1);
}

static void use_under_lock(void *arg)
{
	(void)arg;
	take(0);
	load(1);
	give(0);
}

/*
 * Whichever comes first, in one order at least: a release is a store that
 * nothing orders behind the user, or the user comes behind it.
 */
START_TEST(use_after_release_is_found)
{
	static const struct cast cast[] = { { 0, NULL, free_it },
					    { 1, NULL, use_it } };
	static const struct cast alone[] = { { 0, NULL, free_then_use } };
	static const struct cast apart[] = { { 0, NULL, free_it },
					     { 1, NULL, store_one } };
	static const struct cast late[] = { { 0, NULL, use_under_lock },
					    { 0, always, free_it } };
	const char *found;
	u32 n;

	found = PLAY_ALL(cast, _i, &n);
	ck_assert_msg(!strcmp(found, "data-race") ||
			      !strcmp(found, "use-after-release"),
		      "\"%s\"", found);
	ck_assert_str_eq(PLAY_ALL(alone, _i, &n), "use-after-release");
	ck_assert_str_eq(PLAY_ALL(late, _i, &n), "use-after-release");
	ck_assert_str_eq(PLAY_ALL(apart, _i, &n), "");
}
END_TEST

static void read_plain(void *arg)
{
	(void)arg;
	explore_tsan_read4(word);
	load(1);
}

static void write_plain(void *arg)
{
	(void)arg;
	explore_tsan_write4(word);
	*word = 1;
	load(1);
}

START_TEST(a_race_is_found)
{
	static const struct cast raced[] = { { 0, NULL, read_plain },
					     { 1, NULL, write_plain } };
	static const struct cast both[] = { { 0, NULL, store_one },
					    { 1, NULL, write_plain } };
	static const struct cast read[] = { { 0, NULL, read_plain },
					    { 1, NULL, read_plain } };
	u32 n;

	ck_assert_str_eq(PLAY_ALL(raced, _i, &n), "data-race");
	ck_assert_str_eq(PLAY_ALL(both, _i, &n), "data-race");
	ck_assert_str_eq(PLAY_ALL(read, _i, &n), "");
}
END_TEST

/* More stores than a cell has room for: said, and no verdict. */
static void store_many(void *arg)
{
	u32 i;

	(void)arg;
	for (i = 0; i < 2000; i++)
		store(0, i);
}

static void touch_many(void *arg)
{
	u32 i;

	(void)arg;
	for (i = 0; i < MEMORY_MARKED_MAX + 1; i++)
		explore_tsan_atomic32_load((char *)word + 8 * i,
					   __ATOMIC_RELAXED);
}

START_TEST(too_little_room_is_said)
{
	static const struct cast stores[] = { { 0, NULL, store_many } };
	static const struct cast cells[] = { { 0, NULL, touch_many } };
	u32 n;

	ck_assert_str_eq(PLAY_ALL(stores, MEMORY_WEAK, &n), "room");
	ck_assert_str_eq(PLAY_ALL(cells, MEMORY_WEAK, &n), "room");
}
END_TEST

static void strike(void *arg)
{
	(void)arg;
	now.nr_strikes++;
	now.nmi_runs = true;
	load(0);
	load(0);
	now.nmi_runs = false;
}

static void own_cpu(void *arg)
{
	u32 i;

	(void)arg;
	for (i = 0; i < 3; i++) {
		store(0, i);
		now.own_ran_in_nmi |= now.nmi_runs;
	}
}

static void other_cpu(void *arg)
{
	u32 i;

	(void)arg;
	for (i = 0; i < 3; i++) {
		store(0, i);
		now.other_ran_in_nmi |= now.nmi_runs;
	}
}

START_TEST(an_nmi_stops_its_cpu_alone)
{
	static const struct cast cast[] = { { 0, NULL, own_cpu },
					    { 1, NULL, other_cpu },
					    { 0, always, strike } };
	u32 n;

	memset(&now, 0, sizeof(now));
	ck_assert_str_eq(PLAY_ALL(cast, _i, &n), "");
	ck_assert(!now.own_ran_in_nmi);
	ck_assert(now.other_ran_in_nmi);
}
END_TEST

/* Once before, between and behind n steps of its CPU: n + 1 places. */
START_TEST(an_nmi_strikes_at_each_step)
{
	static const struct cast cast[] = { { 0, NULL, own_cpu },
					    { 0, always, strike } };
	static const struct cast twice[] = { { 0, NULL, own_cpu },
					     { 0, always, strike },
					     { 0, always, strike } };
	static const struct cast quiet[] = { { 0, NULL, own_cpu },
					     { 0, never, strike } };
	u32 n;

	memset(&now, 0, sizeof(now));
	PLAY_ALL(cast, MEMORY_SC, &n);
	ck_assert_uint_eq(n, 4);
	ck_assert_uint_eq(now.nr_strikes, 4);
	/*
	 * Two: apart at two of 4 places, or at the same one, or the second in
	 * the first: at one of the 3 places before its return; times who is
	 * first.
	 */
	PLAY_ALL(twice, MEMORY_SC, &n);
	ck_assert_uint_eq(n, 2 * (6 + 4 + 4 * 3));
	/* One that never may strike is no reason to go on. */
	memset(&now, 0, sizeof(now));
	PLAY_ALL(quiet, MEMORY_SC, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(now.nr_strikes, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore_engine");
	TCase *tc = tcase_create("explore_engine");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_deadlock_is_found, 0, 3);
	tcase_add_loop_test(tc, what_does_not_end_is_found, 0, 3);
	tcase_add_loop_test(tc, use_after_release_is_found, 0, 3);
	tcase_add_loop_test(tc, a_race_is_found, 0, 3);
	tcase_add_test(tc, too_little_room_is_said);
	tcase_add_loop_test(tc, an_nmi_stops_its_cpu_alone, 0, 3);
	tcase_add_test(tc, an_nmi_strikes_at_each_step);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
