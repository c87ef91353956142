/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of events: against a machine of acts that notices every act that is
 * out of place, and a model that says where something must count.
 */
#ifndef _DAMON_TESTS_EVENTS_KUNIT_H
#define _DAMON_TESTS_EVENTS_KUNIT_H

#include <kunit/test.h>

#include <damon/commit.h>

#include "prng-kunit.h"

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
	KUNIT_CASE(events_test_attr_check),
	KUNIT_CASE(events_test_attr_same),
	KUNIT_CASE(events_test_states),
	KUNIT_CASE(events_test_all_or_nothing),
	KUNIT_CASE(events_test_errno),
	KUNIT_CASE(events_test_refused_commit),
	KUNIT_CASE(events_test_owner),
	KUNIT_CASE(events_test_keep),
	KUNIT_CASE(events_test_one_slot),
	KUNIT_CASE(events_test_lock_order),
	KUNIT_CASE(events_test_lock_order_arm),
	KUNIT_CASE(events_test_try_again),
	KUNIT_CASE(events_test_hotplug),
	KUNIT_CASE(events_test_revive),
	KUNIT_CASE(events_test_epoch),
	KUNIT_CASE(events_test_limits),
	KUNIT_CASE(events_test_walk),
	KUNIT_CASE(events_test_claims),
	{}
};

static struct kunit_suite events_test_suite = {
	.name = "damon-events",
	.test_cases = events_test_cases,
};
kunit_test_suite(events_test_suite);

#endif
