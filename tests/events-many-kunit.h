/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of events where numbers get large: more CPUs than 16 bits count, and
 * as many armings as there are numbers for.
 *
 * The acts are counted here and nothing else; events-kunit.h looks at each.
 */
#ifndef _DAMON_TESTS_EVENTS_MANY_KUNIT_H
#define _DAMON_TESTS_EVENTS_MANY_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#define EVENTS_MANY_CPUS 66000

struct events_many_test {
	struct damon_owner owner;
	struct damon_events set;
	struct damon_event event;
	u32 nr_created;
	u32 nr_released;
	u32 nr_enabled;
	u32 last_cpu;
	u32 refuses_from; /* this CPU and those above it */
};

static int events_many_test_create(void *arg,
				   const struct damon_event_attr *attr, u32 cpu,
				   void **handle)
{
	struct events_many_test *m = arg;

	m->last_cpu = cpu;
	if (cpu >= m->refuses_from)
		return -EBUSY;
	m->nr_created++;
	*handle = m;
	return 0;
}

static void events_many_test_enable(void *arg, void *handle)
{
	((struct events_many_test *)arg)->nr_enabled++;
}

static void events_many_test_disable(void *arg, void *handle)
{
	((struct events_many_test *)arg)->nr_enabled--;
}

static void events_many_test_release(void *arg, void *handle)
{
	((struct events_many_test *)arg)->nr_released++;
}

/* Everything is always dead: each revival makes each anew. */
static bool events_many_test_alive(void *arg, void *handle)
{
	return false;
}

static void events_many_test_lock(void *arg)
{
}

static const struct damon_event_ops events_many_test_ops = {
	.create = events_many_test_create,
	.enable = events_many_test_enable,
	.disable = events_many_test_disable,
	.release = events_many_test_release,
	.alive = events_many_test_alive,
	.lock = events_many_test_lock,
	.unlock = events_many_test_lock,
};

static struct events_many_test *events_many_test_new(struct kunit *test,
						     u32 nr_cpus)
{
	struct events_many_test *m =
		kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	u32 cpu;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->set = (struct damon_events){ .ops = &events_many_test_ops,
					.arg = m,
					.owner = &m->owner,
					.nr_cpus = nr_cpus };
	m->set.online = kunit_kcalloc(test, nr_cpus, sizeof(bool), GFP_KERNEL);
	m->event.cpu =
		kunit_kcalloc(test, nr_cpus, sizeof(*m->event.cpu), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, m->set.online);
	KUNIT_ASSERT_NOT_NULL(test, m->event.cpu);
	m->event.attr.sample_period = 1;
	m->refuses_from = nr_cpus;
	for (cpu = 0; cpu < nr_cpus; cpu++)
		m->set.online[cpu] = true;
	return m;
}

/* Each act reaches each CPU, and who is blind is counted to the last one. */
static void events_many_test_cpus(struct kunit *test)
{
	const u32 nr_cpus = EVENTS_MANY_CPUS, last = nr_cpus - 1;
	struct events_many_test *m = events_many_test_new(test, nr_cpus);
	struct damon_event *next[1] = { &m->event };
	u32 nr = 1;

	KUNIT_ASSERT_EQ(test, damon_events_commit(&m->set, next, &nr), 0);
	KUNIT_EXPECT_EQ(test, m->nr_created, nr_cpus);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set), 0);
	KUNIT_EXPECT_EQ(test, m->nr_enabled, nr_cpus);
	damon_events_disarm(&m->set);
	KUNIT_EXPECT_EQ(test, m->nr_enabled, 0);

	damon_events_offline(&m->set, last);
	KUNIT_EXPECT_FALSE(test, m->set.online[last]);
	KUNIT_EXPECT_EQ(test, m->nr_released, 1);
	KUNIT_EXPECT_EQ(test, damon_events_online(&m->set, last), 0);
	KUNIT_EXPECT_TRUE(test, m->set.online[last]);
	KUNIT_EXPECT_EQ(test, m->last_cpu, last);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set), 0);
	damon_events_offline(&m->set, last);
	KUNIT_EXPECT_EQ(test, damon_events_online(&m->set, last), 0);
	KUNIT_EXPECT_EQ(test, m->last_cpu, last);
	KUNIT_EXPECT_EQ(test, m->nr_enabled, nr_cpus);

	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set), 0);
	KUNIT_EXPECT_EQ(test, m->nr_created, 2 * nr_cpus + 2);
	m->refuses_from = 0;
	KUNIT_EXPECT_EQ(test, damon_events_revive(&m->set), nr_cpus);
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set), nr_cpus);
	KUNIT_EXPECT_EQ(test, m->nr_enabled, 0);
	m->refuses_from = nr_cpus;
	KUNIT_EXPECT_EQ(test, damon_events_arm(&m->set), 0);
	nr = 0;
	KUNIT_ASSERT_EQ(test, damon_events_commit(&m->set, next, &nr), 0);
	KUNIT_EXPECT_EQ(test, m->nr_created, m->nr_released);
	KUNIT_EXPECT_EQ(test, m->nr_enabled, 0);

	/* The last one refuses: all others give back what they have. */
	KUNIT_ASSERT_EQ(test, nr, 1);
	m->refuses_from = last;
	KUNIT_EXPECT_EQ(test, damon_events_commit(&m->set, next, &nr), -EBUSY);
	KUNIT_EXPECT_EQ(test, m->nr_created, m->nr_released);
	KUNIT_EXPECT_EQ(test, m->event.cpu[last].error, -EBUSY);
}

/* A number comes again after 65,536 armings, and not before. */
static void events_many_test_armings(struct kunit *test)
{
	struct events_many_test *m = events_many_test_new(test, 1);
	struct damon_event *next[1] = { &m->event };
	u32 i, nr = 1;
	bool *seen;

	seen = kunit_kcalloc(test, 1u << 16, sizeof(bool), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seen);
	KUNIT_ASSERT_EQ(test, damon_events_commit(&m->set, next, &nr), 0);
	for (i = 0; i < 1u << 16; i++) {
		if (i % 2) {
			/* The first event of a set that is armed. */
			nr = 0;
			damon_events_commit(&m->set, next, &nr);
			KUNIT_ASSERT_EQ(test, nr, 1);
			damon_events_commit(&m->set, next, &nr);
		} else {
			damon_events_disarm(&m->set);
			damon_events_arm(&m->set);
		}
		KUNIT_ASSERT_FALSE(test, seen[m->set.epoch]);
		seen[m->set.epoch] = true;
	}
}

static struct kunit_case events_many_test_cases[] = {
	KUNIT_CASE(events_many_test_cpus),
	KUNIT_CASE(events_many_test_armings),
	{}
};

static struct kunit_suite events_many_test_suite = {
	.name = "damon-events-many",
	.test_cases = events_many_test_cases,
};
kunit_test_suite(events_many_test_suite);

#endif
