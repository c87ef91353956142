/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine of acts for the suites of events: it knows each perf event there
 * is, and notices every act that is out of place and every change to a set that
 * is made without the lock.
 */
#ifndef _DAMON_TESTS_EVENTS_MACHINE_KUNIT_H
#define _DAMON_TESTS_EVENTS_MACHINE_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#define EVENTS_TEST_CPUS 5
#define EVENTS_TEST_HANDLES 4096
#define EVENTS_TEST_ERRNO (-19) /* ENODEV, as a hybrid CPU's */

/* A perf event as the acts see it. */
struct events_test_handle {
	u64 config;
	u32 cpu;
	bool released;
	bool enabled;
	bool dead;
};

/* The machine: its perf events, its lock, what it refuses. */
struct events_test {
	struct kunit *test;
	struct damon_owner owner;
	struct damon_events set[2];
	struct damon_events seen[2]; /* as when the lock was given up last */
	bool *online[2];
	u16 epoch[2]; /* when an event was first enabled under this lock */
	bool enabled;
	/* Somebody else has the lock first. */
	void (*before_lock)(struct events_test *);
	struct events_test_handle handle[EVENTS_TEST_HANDLES];
	u32 nr_handles;
	u32 refuse_cpu; /* this one refuses, ~0 for none */
	u64 refuse_config; /* or whoever asks for this */
	bool one_slot; /* a CPU has room for one enabled event */
	bool in_hotplug;
	int locked;
	u32 acts; /* of any kind but alive and locking */
};

static void events_test_act(struct events_test *m)
{
	m->acts++;
	KUNIT_EXPECT_TRUE(m->test, m->locked == 1 || m->in_hotplug);
	/* Where there is an event, or is about to be, there is an owner. */
	KUNIT_EXPECT_NOT_NULL(m->test, m->owner.set);
}

static int events_test_create(void *arg, const struct damon_event_attr *attr,
			      u32 cpu, void **handle)
{
	struct events_test *m = arg;
	struct events_test_handle *h = &m->handle[m->nr_handles];

	events_test_act(m);
	if (cpu == m->refuse_cpu ||
	    (m->refuse_config && attr->config == m->refuse_config))
		return EVENTS_TEST_ERRNO;
	KUNIT_ASSERT_LT(m->test, m->nr_handles, EVENTS_TEST_HANDLES);
	m->nr_handles++;
	*h = (struct events_test_handle){ .config = attr->config, .cpu = cpu };
	*handle = h;
	return 0;
}

static void events_test_enable(void *arg, void *handle)
{
	struct events_test *m = arg;
	struct events_test_handle *h = handle;
	u32 i;

	events_test_act(m);
	KUNIT_EXPECT_FALSE(m->test, h->released);
	KUNIT_EXPECT_FALSE(m->test, h->enabled);
	h->enabled = true;
	if (!m->enabled) {
		m->epoch[0] = m->set[0].epoch;
		m->epoch[1] = m->set[1].epoch;
		m->enabled = true;
	}
	for (i = 0; m->one_slot && i < m->nr_handles; i++)
		if (&m->handle[i] != h && m->handle[i].enabled &&
		    m->handle[i].cpu == h->cpu)
			h->dead = true;
}

static void events_test_disable(void *arg, void *handle)
{
	struct events_test *m = arg;
	struct events_test_handle *h = handle;

	events_test_act(m);
	KUNIT_EXPECT_FALSE(m->test, h->released);
	KUNIT_EXPECT_TRUE(m->test, h->enabled);
	h->enabled = false;
}

static void events_test_release(void *arg, void *handle)
{
	struct events_test *m = arg;
	struct events_test_handle *h = handle;

	events_test_act(m);
	KUNIT_EXPECT_FALSE(m->test, h->released);
	KUNIT_EXPECT_FALSE(m->test, h->enabled);
	h->released = true;
}

static bool events_test_alive(void *arg, void *handle)
{
	struct events_test_handle *h = handle;

	return !h->dead;
}

/* What a set is changes under the lock, or by hotplug, and not else. */
static void events_test_unchanged(struct events_test *m)
{
	u32 s, i;

	for (s = 0; s < 2; s++) {
		const struct damon_events *set = &m->set[s];
		const struct damon_events *seen = &m->seen[s];

		KUNIT_EXPECT_EQ(m->test, set->armed, seen->armed);
		KUNIT_EXPECT_EQ(m->test, set->epoch, seen->epoch);
		KUNIT_EXPECT_EQ(m->test, set->nr, seen->nr);
		for (i = 0; i < DAMON_EVENTS_MAX; i++)
			KUNIT_EXPECT_PTR_EQ(m->test, set->event[i],
					    seen->event[i]);
	}
}

static void events_test_lock(void *arg)
{
	struct events_test *m = arg;

	void (*before)(struct events_test * m) = m->before_lock;

	KUNIT_EXPECT_EQ(m->test, m->locked, 0);
	events_test_unchanged(m);
	m->before_lock = NULL;
	if (before)
		before(m);
	m->enabled = false;
	m->locked++;
}

static void events_test_unlock(void *arg)
{
	struct events_test *m = arg;

	m->locked--;
	KUNIT_EXPECT_EQ(m->test, m->locked, 0);
	/* The number of an arming stands before the first handler reads it. */
	if (m->enabled) {
		KUNIT_EXPECT_EQ(m->test, m->set[0].epoch, m->epoch[0]);
		KUNIT_EXPECT_EQ(m->test, m->set[1].epoch, m->epoch[1]);
	}
	m->seen[0] = m->set[0];
	m->seen[1] = m->set[1];
}

static const struct damon_event_ops events_test_ops = {
	.create = events_test_create,
	.enable = events_test_enable,
	.disable = events_test_disable,
	.release = events_test_release,
	.alive = events_test_alive,
	.lock = events_test_lock,
	.unlock = events_test_unlock,
};

/* Two sets that share rings; all CPUs but the last are online. */
static struct events_test *events_test_new(struct kunit *test)
{
	struct events_test *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	u32 s, cpu;

	KUNIT_ASSERT_NOT_NULL(test, m);
	m->test = test;
	m->refuse_cpu = ~0u;
	for (s = 0; s < 2; s++) {
		/* By themselves, so that one byte too far is seen. */
		m->online[s] = kunit_kcalloc(test, EVENTS_TEST_CPUS,
					     sizeof(bool), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, m->online[s]);
		m->set[s] = (struct damon_events){
			.ops = &events_test_ops,
			.arg = m,
			.owner = &m->owner,
			.online = m->online[s],
			.nr_cpus = EVENTS_TEST_CPUS,
			.freq_max = 100000,
		};
		for (cpu = 0; cpu < EVENTS_TEST_CPUS - 1; cpu++)
			m->online[s][cpu] = true;
		m->seen[s] = m->set[s];
	}
	return m;
}

static struct damon_event *events_test_event(struct kunit *test, u64 config)
{
	struct damon_event *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, e);
	e->cpu = kunit_kcalloc(test, EVENTS_TEST_CPUS, sizeof(*e->cpu),
			       GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, e->cpu);
	e->attr.config = config;
	e->attr.sample_period = 1000;
	return e;
}

/* Commit events by their configs; what is handed back must be on no CPU. */
static int events_test_commit(struct events_test *m, u32 s, const u64 *config,
			      u32 nr)
{
	struct damon_event *next[DAMON_EVENTS_MAX], rubbish;
	u32 i, cpu, back = nr;
	int err;

	for (i = 0; i < DAMON_EVENTS_MAX; i++)
		next[i] = i < nr ? events_test_event(m->test, config[i]) :
				   &rubbish;
	err = damon_events_commit(&m->set[s], next, &back);
	KUNIT_EXPECT_EQ(m->test, m->locked, 0);
	/* The set knows of nothing that is not its own. */
	for (i = 0; i < DAMON_EVENTS_MAX; i++)
		KUNIT_EXPECT_EQ(m->test, !m->set[s].event[i],
				i >= m->set[s].nr);
	for (i = 0; i < back; i++)
		for (cpu = 0; cpu < EVENTS_TEST_CPUS; cpu++)
			KUNIT_EXPECT_EQ(m->test, next[i]->cpu[cpu].state,
					DAMON_EVENT_ABSENT);
	return err;
}

static u32 events_test_count(const struct events_test *m, u64 config, u32 cpu,
			     bool enabled)
{
	u32 i, nr = 0;

	for (i = 0; i < m->nr_handles; i++)
		nr += !m->handle[i].released && m->handle[i].cpu == cpu &&
		      (!config || m->handle[i].config == config) &&
		      (!enabled || m->handle[i].enabled);
	return nr;
}

static u32 events_test_live(const struct events_test *m, bool enabled)
{
	u32 cpu, nr = 0;

	for (cpu = 0; cpu < EVENTS_TEST_CPUS; cpu++)
		nr += events_test_count(m, 0, cpu, enabled);
	return nr;
}

static u32 events_test_plug(struct events_test *m, u32 s, u32 cpu, bool online)
{
	u32 refused = 0;

	m->in_hotplug = true;
	events_test_unchanged(m);
	if (online)
		refused = damon_events_online(&m->set[s], cpu);
	else
		damon_events_offline(&m->set[s], cpu);
	m->in_hotplug = false;
	events_test_unchanged(m);
	return refused;
}

#endif
