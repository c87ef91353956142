/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commit: all or nothing, what stays is not touched, the rings with the
 * first event and until the last, and whoever had the lock first came first.
 */
#ifndef _DAMON_TESTS_COMMIT_KUNIT_H
#define _DAMON_TESTS_COMMIT_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#include "events-machine-kunit.h"

/* Whichever CPU refuses, whichever event: nothing is left, and it is told. */
static void events_test_all_or_nothing(struct kunit *test)
{
	static const u64 configs[] = { 1, 2, 3 };
	struct events_test *m;
	u32 cpu;

	for (cpu = 0; cpu < EVENTS_TEST_CPUS - 1; cpu++) {
		m = events_test_new(test);
		m->refuse_cpu = cpu;
		KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 3),
				EVENTS_TEST_ERRNO);
		KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
		KUNIT_EXPECT_EQ(test, m->set[0].nr, 0);
		KUNIT_EXPECT_NULL(test, m->owner.set);
	}
	for (cpu = 1; cpu <= 3; cpu++) {
		m = events_test_new(test);
		m->refuse_config = cpu;
		KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 3),
				EVENTS_TEST_ERRNO);
		KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
		KUNIT_EXPECT_NULL(test, m->owner.set);
	}
	/* An offline CPU is not asked. */
	m = events_test_new(test);
	m->refuse_cpu = EVENTS_TEST_CPUS - 1;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 3), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false),
			3 * (EVENTS_TEST_CPUS - 1));
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 0);
}

/* The true errno stands at the event and CPU that refused. */
static void events_test_errno(struct kunit *test)
{
	struct events_test *m = events_test_new(test);
	struct damon_event *next[DAMON_EVENTS_MAX];
	u32 nr = 1;

	m->refuse_cpu = 2;
	next[0] = events_test_event(test, 1);
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], next, &nr),
			EVENTS_TEST_ERRNO);
	KUNIT_EXPECT_EQ(test, nr, 1);
	KUNIT_EXPECT_EQ(test, next[0]->cpu[1].error, 0);
	KUNIT_EXPECT_EQ(test, next[0]->cpu[2].error, EVENTS_TEST_ERRNO);
	nr = DAMON_EVENTS_MAX + 1;
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], next, &nr),
			-E2BIG);
	nr = 1;
	m->refuse_cpu = ~0u;
	next[0]->attr.sample_period = 0;
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], next, &nr),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
	KUNIT_EXPECT_NULL(test, m->owner.set);
}

/* A refused commit leaves the running events as they were, counting. */
static void events_test_refused_commit(struct kunit *test)
{
	static const u64 before[] = { 1, 2 }, after[] = { 2, 3, 4 };
	struct events_test *m = events_test_new(test);
	u32 nr_handles;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, before, 2), 0);
	damon_events_arm(&m->set[0]);
	nr_handles = m->nr_handles;
	m->refuse_config = 4;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, after, 3),
			EVENTS_TEST_ERRNO);
	KUNIT_EXPECT_GT(test, m->nr_handles, nr_handles);
	KUNIT_EXPECT_EQ(test, m->set[0].nr, 2);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 8);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 8);
	KUNIT_EXPECT_PTR_EQ(test, m->owner.set, &m->set[0]);
}

/* The rings have one consumer, by whatever way its first event came. */
static void events_test_owner(struct kunit *test)
{
	static const u64 one[] = { 1 };
	struct events_test *m = events_test_new(test);

	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, m->owner.set, &m->set[0]);
	/* Another context that runs and has had no event so far. */
	damon_events_arm(&m->set[1]);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 1, one, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, m->set[1].nr, 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 1, NULL, 0), 0);
	KUNIT_EXPECT_PTR_EQ(test, m->owner.set, &m->set[0]);
	/* The last event gives the rings back. */
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, NULL, 0), 0);
	KUNIT_EXPECT_NULL(test, m->owner.set);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
	/* And the first one of a context that runs counts at once. */
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 1, one, 1), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 4);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), -EBUSY);
}

/* Attributes that stay are not touched, wherever they stand in the list. */
static void events_test_keep(struct kunit *test)
{
	static const u64 a[] = { 1, 2, 2 }, b[] = { 2, 1, 2 },
			 c[] = { 2, 5, 1 };
	struct events_test *m = events_test_new(test);
	u32 acts, i;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, a, 3), 0);
	damon_events_arm(&m->set[0]);
	acts = m->acts;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, a, 3), 0);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, b, 3), 0);
	KUNIT_EXPECT_EQ(test, m->acts, acts);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 12);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, m->set[0].event[i]->attr.config, b[i]);
	/* One goes and one comes: four CPUs, three acts to go, two to come. */
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, c, 3), 0);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 4 * 2 + 4 * 2);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, events_test_count(m, 5, i, true), 1);
		KUNIT_EXPECT_EQ(test, events_test_count(m, 2, i, true), 1);
	}
}

/* A PMU with room for one event: the old one goes before the new one counts. */
static void events_test_one_slot(struct kunit *test)
{
	static const u64 a[] = { 1 }, b[] = { 2 };
	struct events_test *m = events_test_new(test);

	m->one_slot = true;
	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, a, 1), 0);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, b, 1), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 4);
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, m->nr_handles, 8);
}

static void events_test_commit_first(struct events_test *m)
{
	static const u64 one[] = { 1 };

	KUNIT_EXPECT_EQ(m->test, events_test_commit(m, 0, one, 1), 0);
}

static void events_test_give_up(struct events_test *m)
{
	KUNIT_EXPECT_EQ(m->test, events_test_commit(m, 0, NULL, 0), 0);
}

static void events_test_arm_first(struct events_test *m)
{
	damon_events_arm(&m->set[0]);
}

/*
 * Whoever gets the lock first is first: who waits for it finds another set than
 * there was when it was called.
 */
static void events_test_lock_order(struct kunit *test)
{
	static const u64 one[] = { 1 };
	struct events_test *m = events_test_new(test);

	/* Its event is there already: it goes on, with its arming's number. */
	damon_events_arm(&m->set[0]);
	m->before_lock = events_test_commit_first;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_EQ(test, m->owner.epoch, 1);
	KUNIT_EXPECT_EQ(test, m->nr_handles, 4);
	/* The rings were another's until just now. */
	m->before_lock = events_test_give_up;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 1, one, 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, m->owner.set, &m->set[1]);
}

/* The same, where the rings are the set's and its events are gone. */
static void events_test_lock_order_arm(struct kunit *test)
{
	static const u64 one[] = { 1 };
	struct events_test *m = events_test_new(test);

	/* Armed twice at once: one arming, and the events count once. */
	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	m->before_lock = events_test_arm_first;
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, m->owner.epoch, 2);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 4);
	/* Revived and disarmed when there is nothing left. */
	m->before_lock = events_test_give_up;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 4);
	m->before_lock = events_test_give_up;
	damon_events_disarm(&m->set[0]);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
	/* Given up twice, and taken again in between. */
	m->before_lock = events_test_commit_first;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4);
	m->before_lock = events_test_give_up;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_PTR_EQ(test, m->owner.set, &m->set[0]);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4);
}

/* What a refused commit hands back may be tried again, whatever is gone. */
static void events_test_try_again(struct kunit *test)
{
	static const u64 one[] = { 1 };
	struct events_test *m = events_test_new(test);
	struct damon_event *next[DAMON_EVENTS_MAX];
	u32 nr = 2;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	next[0] = events_test_event(test, 1);
	next[1] = events_test_event(test, 2);
	m->refuse_config = 2;
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], next, &nr),
			EVENTS_TEST_ERRNO);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, NULL, 0), 0);
	m->refuse_config = 0;
	KUNIT_ASSERT_EQ(test, nr, 2);
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], next, &nr), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 8);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 0);
}

static struct kunit_case commit_test_cases[] = {
	KUNIT_CASE(events_test_all_or_nothing),
	KUNIT_CASE(events_test_errno),
	KUNIT_CASE(events_test_refused_commit),
	KUNIT_CASE(events_test_owner),
	KUNIT_CASE(events_test_keep),
	KUNIT_CASE(events_test_one_slot),
	KUNIT_CASE(events_test_lock_order),
	KUNIT_CASE(events_test_lock_order_arm),
	KUNIT_CASE(events_test_try_again),
	{}
};

static struct kunit_suite commit_test_suite = {
	.name = "damon-commit",
	.test_cases = commit_test_cases,
};
kunit_test_suite(commit_test_suite);

#endif
