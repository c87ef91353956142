/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One event: what it may ask for, when two ask for the same, and what each act
 * does in each state.
 */
#ifndef _DAMON_TESTS_EVENT_KUNIT_H
#define _DAMON_TESTS_EVENT_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#include "events-machine-kunit.h"

/* Attributes that would sample nothing, or all the time, are refused. */
static void events_test_attr_check(struct kunit *test)
{
	static const struct {
		struct damon_event_attr attr;
		int err;
	} cases[] = {
		{ { .freq = true, .sample_freq = 0 }, -EINVAL },
		{ { .freq = true, .sample_freq = 1 }, 0 },
		{ { .freq = true, .sample_freq = 100000 }, 0 },
		{ { .freq = true, .sample_freq = 100001 }, -EINVAL },
		{ { .freq = true, .sample_period = 5 }, -EINVAL },
		{ { .sample_period = 0 }, -EINVAL },
		{ { .sample_period = 1 }, 0 },
		{ { .sample_period = ~0ULL >> 1 }, 0 },
		{ { .sample_period = 1ULL << 63 }, -EINVAL },
		{ { .sample_period = 1, .precise_ip = 3 }, 0 },
		{ { .sample_period = 1, .precise_ip = 4 }, -EINVAL },
		{ { .sample_period = 1, .precise_ip = 1u << 16 }, -EINVAL },
		{ { .sample_period = 1ULL << 32 }, 0 },
		{ { .freq = true, .sample_freq = 1ULL << 32 }, -EINVAL },
		{ { .freq = true, .sample_freq = 9, .precise_ip = 6 },
		  -EINVAL },
	};
	int i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		KUNIT_EXPECT_EQ_MSG(
			test, damon_event_attr_check(&cases[i].attr, 100000),
			cases[i].err, "case %d", i);
	KUNIT_EXPECT_EQ(test,
			damon_event_attr_check(&cases[2].attr, 1ULL << 32), 0);
}

/* Neither way round, and whichever bit of it makes the difference. */
static void events_test_attr_same(struct kunit *test)
{
	struct damon_event_attr a = { .sample_period = 5, .sample_freq = 7 }, b;

#define DIFFERS(field, value)                                            \
	do {                                                             \
		b = a;                                                   \
		KUNIT_EXPECT_TRUE(test, damon_event_attr_same(&a, &b));  \
		b.field ^= value;                                        \
		KUNIT_EXPECT_FALSE(test, damon_event_attr_same(&a, &b)); \
		KUNIT_EXPECT_FALSE(test, damon_event_attr_same(&b, &a)); \
	} while (0)
	DIFFERS(type, 1);
	DIFFERS(type, 1u << 31);
	DIFFERS(config, 1);
	DIFFERS(config, 1ULL << 63);
	DIFFERS(config1, 1);
	DIFFERS(config1, 1ULL << 63);
	DIFFERS(config2, 1);
	DIFFERS(config2, 1ULL << 63);
	DIFFERS(sample_period, 1);
	DIFFERS(sample_period, 1ULL << 62);
	DIFFERS(wakeup_events, 1);
	DIFFERS(wakeup_events, 1u << 31);
	DIFFERS(precise_ip, 1);
	DIFFERS(sample_phys_addr, true);
	DIFFERS(sample_weight_struct, true);
	DIFFERS(exclude_kernel, true);
	DIFFERS(exclude_hv, true);
	DIFFERS(freq, true);
	/* What the choice of freq leaves unused does not matter. */
	b = a;
	b.sample_freq = 9;
	KUNIT_EXPECT_TRUE(test, damon_event_attr_same(&a, &b));
	KUNIT_EXPECT_TRUE(test, damon_event_attr_same(&b, &a));
	a.freq = true;
	DIFFERS(sample_freq, 1);
	DIFFERS(sample_freq, 1ULL << 63);
	b = a;
	b.sample_period = 9;
	KUNIT_EXPECT_TRUE(test, damon_event_attr_same(&a, &b));
	KUNIT_EXPECT_TRUE(test, damon_event_attr_same(&b, &a));
#undef DIFFERS
}

static int events_test_do_create(struct events_test *m, struct damon_event *e)
{
	return damon_event_create(&events_test_ops, m, e, 1);
}

static int events_test_do_arm(struct events_test *m, struct damon_event *e)
{
	damon_event_arm(&events_test_ops, m, e, 1);
	return 0;
}

static int events_test_do_disarm(struct events_test *m, struct damon_event *e)
{
	damon_event_disarm(&events_test_ops, m, e, 1);
	return 0;
}

static int events_test_do_drop(struct events_test *m, struct damon_event *e)
{
	damon_event_drop(&events_test_ops, m, e, 1);
	return 0;
}

/*
 * Each act in each state: what becomes of the event on the CPU, and how many
 * acts of the machine that takes; on the other CPUs nothing happens.
 */
static void events_test_states(struct kunit *test)
{
	enum {
		ABSENT = DAMON_EVENT_ABSENT,
		IDLE = DAMON_EVENT_IDLE,
		ARMED = DAMON_EVENT_ARMED,
		REFUSED = DAMON_EVENT_REFUSED,
	};
	static const struct {
		int (*act)(struct events_test *m, struct damon_event *e);
		bool refuse;
		u8 next[4]; /* from each state */
		u8 nr_acts[4];
	} rows[] = {
		{ events_test_do_create,
		  false,
		  { IDLE, IDLE, ARMED, IDLE },
		  { 1, 0, 0, 1 } },
		{ events_test_do_create,
		  true,
		  { REFUSED, IDLE, ARMED, REFUSED },
		  { 1, 0, 0, 1 } },
		{ events_test_do_arm,
		  false,
		  { ABSENT, ARMED, ARMED, REFUSED },
		  { 0, 1, 0, 0 } },
		{ events_test_do_disarm,
		  false,
		  { ABSENT, IDLE, IDLE, REFUSED },
		  { 0, 0, 1, 0 } },
		{ events_test_do_drop,
		  false,
		  { ABSENT, ABSENT, ABSENT, ABSENT },
		  { 0, 1, 2, 0 } },
	};
	struct events_test *m = events_test_new(test);
	struct damon_event *e;
	u32 i, from, acts;
	int err;

	m->locked = 1;
	m->owner.set = &m->set[0];
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (from = ABSENT; from <= REFUSED; from++) {
			e = events_test_event(test, 1);
			m->refuse_cpu = from == REFUSED ? 1 : ~0u;
			if (from != ABSENT)
				events_test_do_create(m, e);
			if (from == ARMED)
				events_test_do_arm(m, e);
			KUNIT_ASSERT_EQ(test, e->cpu[1].state, from);
			m->refuse_cpu = rows[i].refuse ? 1 : ~0u;
			acts = m->acts;
			err = rows[i].act(m, e);
			KUNIT_EXPECT_EQ_MSG(test, e->cpu[1].state,
					    rows[i].next[from],
					    "row %u, from %u", i, from);
			KUNIT_EXPECT_EQ_MSG(test, m->acts - acts,
					    rows[i].nr_acts[from],
					    "row %u, from %u", i, from);
			KUNIT_EXPECT_EQ(test, err,
					rows[i].refuse &&
							rows[i].nr_acts[from] ?
						EVENTS_TEST_ERRNO :
						0);
			KUNIT_EXPECT_EQ(test, !e->cpu[1].handle,
					e->cpu[1].state == ABSENT ||
						e->cpu[1].state == REFUSED);
			KUNIT_EXPECT_EQ(test, e->cpu[0].state, ABSENT);
			KUNIT_EXPECT_EQ(test, e->cpu[2].state, ABSENT);
		}
	}
	m->locked = 0;
}

static struct kunit_case event_test_cases[] = {
	KUNIT_CASE(events_test_attr_check),
	KUNIT_CASE(events_test_attr_same),
	KUNIT_CASE(events_test_states),
	{}
};

static struct kunit_suite event_test_suite = {
	.name = "damon-event",
	.test_cases = event_test_cases,
};
kunit_test_suite(event_test_suite);

#endif
