/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Thousands of steps in the life of two sets of events, against what must be
 * true after each, whatever came before.
 */
#ifndef _DAMON_TESTS_EVENTS_WALK_KUNIT_H
#define _DAMON_TESTS_EVENTS_WALK_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#include "events-machine-kunit.h"
#include "prng-kunit.h"

/* What must be true of a set after every step, whatever came before. */
static void events_test_invariants(struct events_test *m, u32 s, bool armed)
{
	const struct damon_events *set = &m->set[s];
	u32 i, cpu;

	KUNIT_EXPECT_EQ(m->test, m->owner.set == set, set->nr != 0);
	KUNIT_EXPECT_EQ(m->test, set->armed, armed);
	/* Numbers are the owner's, and it has the latest. */
	if (set->nr)
		KUNIT_EXPECT_EQ(m->test, set->epoch, m->owner.epoch);
	events_test_unchanged(m);
	for (i = 0; i < set->nr; i++) {
		for (cpu = 0; cpu < EVENTS_TEST_CPUS; cpu++) {
			const struct damon_event_cpu *c =
				&set->event[i]->cpu[cpu];
			const struct events_test_handle *h = c->handle;
			u8 want = armed ? DAMON_EVENT_ARMED : DAMON_EVENT_IDLE;

			if (!m->online[s][cpu])
				want = DAMON_EVENT_ABSENT;
			if (c->state != DAMON_EVENT_REFUSED || !want)
				KUNIT_EXPECT_EQ(m->test, c->state, want);
			if (c->state != want || !want)
				continue;
			KUNIT_EXPECT_FALSE(m->test, h->released);
			KUNIT_EXPECT_EQ(m->test, h->enabled, armed);
			KUNIT_EXPECT_EQ(m->test, h->cpu, cpu);
			KUNIT_EXPECT_EQ(m->test, h->config,
					set->event[i]->attr.config);
		}
	}
}

static void events_test_walk_step(struct events_test *m, u64 *luck, u32 s,
				  bool *armed)
{
	u64 configs[4];
	u32 i, cpu = prng_below(luck, EVENTS_TEST_CPUS);
	u16 epoch = m->owner.epoch;
	u32 nr = prng_below(luck, 5);
	bool had = m->set[s].nr;

	m->refuse_cpu =
		prng_below(luck, 3) ? ~0u : prng_below(luck, EVENTS_TEST_CPUS);
	m->refuse_config = prng_below(luck, 4) ? 0 : 1 + prng_below(luck, 3);
	switch (prng_below(luck, 6)) {
	case 0:
		damon_events_arm(&m->set[s]);
		*armed = true;
		break;
	case 1:
		damon_events_disarm(&m->set[s]);
		*armed = false;
		break;
	case 2:
		events_test_plug(m, s, cpu, !m->online[s][cpu]);
		break;
	case 3:
		if (m->nr_handles)
			m->handle[prng_below(luck, m->nr_handles)].dead = true;
		damon_events_revive(&m->set[s]);
		break;
	default:
		for (i = 0; i < nr; i++)
			configs[i] = 1 + prng_below(luck, 3);
		events_test_commit(m, s, configs, nr);
	}
	/* Who has no events has no arming that would need a number. */
	if (!had && !m->set[s].nr)
		KUNIT_EXPECT_EQ(m->test, m->owner.epoch, epoch);
}

/* Thousands of steps of two sets; then all is given up, and nothing is left. */
static void events_test_walk(struct kunit *test)
{
	struct events_test *m;
	bool armed[2];
	u64 luck = 5;
	u32 round, step, s;

	for (round = 0; round < 40; round++) {
		m = events_test_new(test);
		armed[0] = armed[1] = false;
		for (step = 0; step < 60; step++) {
			s = prng_below(&luck, 2);
			events_test_walk_step(m, &luck, s, &armed[s]);
			events_test_invariants(m, 0, armed[0]);
			events_test_invariants(m, 1, armed[1]);
		}
		for (s = 0; s < 2; s++) {
			damon_events_disarm(&m->set[s]);
			KUNIT_EXPECT_EQ(test, events_test_commit(m, s, NULL, 0),
					0);
		}
		KUNIT_EXPECT_EQ(test, events_test_live(m, false), 0);
		KUNIT_EXPECT_NULL(test, m->owner.set);
	}
}

static struct kunit_case events_walk_test_cases[] = {
	KUNIT_CASE(events_test_walk), {}
};

static struct kunit_suite events_walk_test_suite = {
	.name = "damon-events-walk",
	.test_cases = events_walk_test_cases,
};
kunit_test_suite(events_walk_test_suite);

#endif
