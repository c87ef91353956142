/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of events: hotplug, revival, the numbers of armings, who has the
 * rings.
 */
#ifndef _DAMON_TESTS_EVENTS_KUNIT_H
#define _DAMON_TESTS_EVENTS_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#include "events-machine-kunit.h"

/* A late CPU gets what the others have; one that refuses is counted. */
static void events_test_hotplug(struct kunit *test)
{
	static const u64 two[] = { 1, 2 };
	struct events_test *m = events_test_new(test);
	u32 acts;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, two, 2), 0);
	KUNIT_EXPECT_EQ(test, events_test_plug(m, 0, 4, true), 0);
	KUNIT_EXPECT_EQ(test, events_test_count(m, 0, 4, false), 2);
	KUNIT_EXPECT_EQ(test, events_test_count(m, 0, 4, true), 0);
	events_test_plug(m, 0, 4, false);
	KUNIT_EXPECT_EQ(test, events_test_count(m, 0, 4, false), 0);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_plug(m, 0, 4, true), 0);
	KUNIT_EXPECT_EQ(test, events_test_count(m, 0, 4, true), 2);
	events_test_plug(m, 0, 1, false);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 8);

	m->refuse_cpu = 1;
	acts = m->acts;
	KUNIT_EXPECT_EQ(test, events_test_plug(m, 0, 1, true), 2);
	KUNIT_EXPECT_TRUE(test, m->online[0][1]);
	/* Each was asked for once; and what works is left in peace. */
	KUNIT_EXPECT_EQ(test, m->acts, acts + 2);
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 2);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 4);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 2);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 6);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, two, 2), 0);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 8);
	damon_events_disarm(&m->set[0]);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 0);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 2);
	m->refuse_cpu = ~0u;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 10);
	/* Not armed: a refusal is counted all the same. */
	damon_events_disarm(&m->set[0]);
	events_test_plug(m, 0, 1, false);
	m->refuse_config = 2;
	acts = m->acts;
	KUNIT_EXPECT_EQ(test, events_test_plug(m, 0, 1, true), 1);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 2);
}

/* An event that stopped counting behind our back is made again. */
static void events_test_revive(struct kunit *test)
{
	static const u64 one[] = { 1 }, three[] = { 1, 2, 3 };
	struct events_test *m = events_test_new(test);
	u32 i, acts, nr_alive;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 0);
	damon_events_arm(&m->set[0]);
	for (i = 1; i < 3; i++)
		m->handle[i].dead = true;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, m->nr_handles, 6);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 4);
	for (i = 0; i < m->nr_handles; i++)
		KUNIT_EXPECT_TRUE(test,
				  m->handle[i].released || !m->handle[i].dead);
	m->handle[0].dead = true;
	m->refuse_cpu = 0;
	acts = m->acts;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 1);
	/* Disabled, released, and asked for once. */
	KUNIT_EXPECT_EQ(test, m->acts, acts + 3);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 3);
	/* All of them, whatever died; and those who live are not touched. */
	m->refuse_cpu = ~0u;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, three, 3), 0);
	for (i = 0; i < m->nr_handles; i += 2)
		m->handle[i].dead = true;
	nr_alive = 0;
	for (i = 0; i < m->nr_handles; i++)
		nr_alive += !m->handle[i].dead && !m->handle[i].released;
	acts = m->acts;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, m->acts, acts + 4 * (12 - nr_alive));
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 12);
	for (i = 0; i < m->nr_handles; i++)
		KUNIT_EXPECT_TRUE(test,
				  m->handle[i].released || !m->handle[i].dead);
}

/* Each arming has a number that no other set's has; a commit has none. */
static void events_test_epoch(struct kunit *test)
{
	static const u64 one[] = { 1 }, two[] = { 1, 2 };
	struct events_test *m = events_test_new(test);
	u16 epoch;

	KUNIT_ASSERT_EQ(test, events_test_commit(m, 0, one, 1), 0);
	damon_events_arm(&m->set[0]);
	epoch = m->set[0].epoch;
	damon_events_arm(&m->set[0]);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, two, 2), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, true), 8);
	KUNIT_EXPECT_EQ(test, m->set[0].epoch, epoch);
	damon_events_disarm(&m->set[0]);
	KUNIT_EXPECT_EQ(test, m->set[0].epoch, epoch);
	damon_events_arm(&m->set[0]);
	KUNIT_EXPECT_NE(test, m->set[0].epoch, epoch);
	epoch = m->set[0].epoch;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, NULL, 0), 0);
	/* First event of a set that is armed: as good as an arming. */
	damon_events_arm(&m->set[1]);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 1, one, 1), 0);
	KUNIT_EXPECT_NE(test, m->set[1].epoch, epoch);
	KUNIT_EXPECT_EQ(test, m->set[1].epoch, m->owner.epoch);
}

static void events_test_limits(struct kunit *test)
{
	struct events_test *m = events_test_new(test);
	struct damon_event *none[1] = { NULL };
	u64 configs[64];
	u32 i, nr = 65;

	/* As many as the control files allow. */
	KUNIT_ASSERT_EQ(test, DAMON_EVENTS_MAX, 64);
	for (i = 0; i < 64; i++)
		configs[i] = i + 1;
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 64), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4 * 64);
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], none, &nr),
			-E2BIG);
	KUNIT_EXPECT_EQ(test, nr, 65);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4 * 64);
	/* Perf's limit is 64 bits wide, as what a user asks for. */
	m->set[0].freq_max = m->seen[0].freq_max = 1ULL << 40;
	none[0] = events_test_event(test, 9);
	none[0]->attr.freq = true;
	none[0]->attr.sample_freq = 1ULL << 40;
	nr = 1;
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[1], none, &nr),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, nr, 1);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, NULL, 0), 0);
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[1], none, &nr),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set[0], none, &nr), 0);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 1), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 4);
	for (i = 0; i < EVENTS_TEST_CPUS; i++)
		events_test_plug(m, 0, i, false);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, events_test_commit(m, 0, configs, 9), 0);
	KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
}

/* Claims and hand-backs by themselves. */
static void events_test_claims(struct kunit *test)
{
	struct events_test *m = events_test_new(test);
	struct damon_owner *owner = &m->owner;

	KUNIT_EXPECT_EQ(test, damon_owner_claim(owner, &m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, damon_owner_claim(owner, &m->set[0]), 0);
	KUNIT_EXPECT_EQ(test, damon_owner_claim(owner, &m->set[1]), -EBUSY);
	damon_owner_release(owner, &m->set[1]);
	KUNIT_EXPECT_PTR_EQ(test, owner->set, &m->set[0]);
	damon_owner_release(owner, &m->set[0]);
	KUNIT_EXPECT_NULL(test, owner->set);
	damon_owner_release(owner, &m->set[0]);
	KUNIT_EXPECT_EQ(test, damon_owner_claim(owner, &m->set[1]), 0);
}

static struct kunit_case events_test_cases[] = {
	KUNIT_CASE(events_test_hotplug), KUNIT_CASE(events_test_revive),
	KUNIT_CASE(events_test_epoch),	 KUNIT_CASE(events_test_limits),
	KUNIT_CASE(events_test_claims),	 {}
};

static struct kunit_suite events_test_suite = {
	.name = "damon-events",
	.test_cases = events_test_cases,
};
kunit_test_suite(events_test_suite);

#endif
