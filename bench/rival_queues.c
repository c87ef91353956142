// SPDX-License-Identifier: GPL-2.0
/*
 * Queues that others wrote, as the ring alone: Concurrency Kit's ring of one
 * producer and one consumer, liburcu's wait-free queue, a ring under a mutex.
 *
 * One of each for a CPU.  They hold what our ring's slots hold.
 */
#include <pthread.h>
#include <stdlib.h>

#include <ck_ring.h>
#include <urcu/wfcqueue.h>

#include <damon/report.h>

#include "rival.h"

static void fill(struct damon_report *report, const struct bench_sample *s)
{
	report->addr = s->addr;
	report->tgid = s->tgid;
	report->tid = s->tid;
}

/* --- Concurrency Kit ------------------------------------------------------ */

CK_RING_PROTOTYPE(report, damon_report)

struct ck_cpu {
	ck_ring_t ring;
	struct damon_report *slot;
};

struct ck {
	u32 nr;
	struct ck_cpu *cpu;
};

static void *ck_new(const struct bench_shape *shape)
{
	struct ck *ck = bench_alloc(sizeof(*ck));
	u32 i;

	ck->nr = shape->nr_rings;
	ck->cpu = bench_alloc(ck->nr * sizeof(*ck->cpu));
	for (i = 0; i < ck->nr; i++) {
		ck_ring_init(&ck->cpu[i].ring, BENCH_CAPACITY);
		ck->cpu[i].slot = bench_alloc(BENCH_CAPACITY *
					      sizeof(struct damon_report));
	}
	return ck;
}

static void ck_free(void *state)
{
	struct ck *ck = state;
	u32 i;

	for (i = 0; i < ck->nr; i++)
		free(ck->cpu[i].slot);
	free(ck->cpu);
	free(ck);
}

static u64 ck_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct damon_report report = { .epoch = 1, .flags = 1 };
	struct ck *ck = state;
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct ck_cpu *cpu = &ck->cpu[s[i].cpu];

		fill(&report, &s[i]);
		accepted += CK_RING_ENQUEUE_SPSC(report, &cpu->ring, cpu->slot,
						 &report);
	}
	return accepted;
}

static u64 ck_drain(void *state)
{
	struct damon_report report;
	struct ck *ck = state;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < ck->nr; i++) {
		while (CK_RING_DEQUEUE_SPSC(report, &ck->cpu[i].ring,
					    ck->cpu[i].slot, &report)) {
			__asm__ volatile("" : : "r"(&report) : "memory");
			nr++;
		}
	}
	return nr;
}

const struct rival rival_ck = {
	.name = "ck",
	.summary = "Concurrency Kit's ring, one producer and one consumer",
	.new = ck_new,
	.free = ck_free,
	.push = ck_push,
	.drain = ck_drain,
};

/* --- liburcu -------------------------------------------------------------- */

struct urcu_node {
	struct cds_wfcq_node node;
	struct damon_report report;
};

struct urcu_cpu {
	struct cds_wfcq_head head;
	struct cds_wfcq_tail tail;
	struct urcu_node *node;
	u32 next;
	u32 held;
};

struct urcu {
	u32 nr;
	struct urcu_cpu *cpu;
};

static void *urcu_new(const struct bench_shape *shape)
{
	struct urcu *u = bench_alloc(sizeof(*u));
	u32 i;

	u->nr = shape->nr_rings;
	u->cpu = bench_alloc(u->nr * sizeof(*u->cpu));
	for (i = 0; i < u->nr; i++) {
		cds_wfcq_init(&u->cpu[i].head, &u->cpu[i].tail);
		u->cpu[i].node =
			bench_alloc(BENCH_CAPACITY * sizeof(struct urcu_node));
	}
	return u;
}

static void urcu_free(void *state)
{
	struct urcu *u = state;
	u32 i;

	for (i = 0; i < u->nr; i++) {
		cds_wfcq_destroy(&u->cpu[i].head, &u->cpu[i].tail);
		free(u->cpu[i].node);
	}
	free(u->cpu);
	free(u);
}

/* Nodes come from a pool: an NMI cannot allocate. */
static u64 urcu_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct urcu *u = state;
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct urcu_cpu *cpu = &u->cpu[s[i].cpu];
		struct urcu_node *n = &cpu->node[cpu->next % BENCH_CAPACITY];

		if (cpu->held == BENCH_CAPACITY)
			continue;
		cpu->held++;
		cpu->next++;
		n->report = (struct damon_report){ .epoch = 1, .flags = 1 };
		fill(&n->report, &s[i]);
		cds_wfcq_node_init(&n->node);
		cds_wfcq_enqueue(&cpu->head, &cpu->tail, &n->node);
		accepted++;
	}
	return accepted;
}

static u64 urcu_drain(void *state)
{
	struct damon_report report;
	struct cds_wfcq_node *node;
	struct urcu *u = state;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < u->nr; i++) {
		while ((node = __cds_wfcq_dequeue_nonblocking(
				&u->cpu[i].head, &u->cpu[i].tail))) {
			report = caa_container_of(node, struct urcu_node, node)
					 ->report;
			__asm__ volatile("" : : "r"(&report) : "memory");
			u->cpu[i].held--;
			nr++;
		}
	}
	return nr;
}

const struct rival rival_urcu = {
	.name = "liburcu",
	.summary = "liburcu's wait-free concurrent queue",
	.new = urcu_new,
	.free = urcu_free,
	.push = urcu_push,
	.drain = urcu_drain,
};

/* --- a mutex -------------------------------------------------------------- */

struct mutex_cpu {
	pthread_mutex_t lock;
	u32 head;
	u32 tail;
	struct damon_report slot[BENCH_CAPACITY];
};

struct mutex {
	u32 nr;
	struct mutex_cpu *cpu;
};

static void *mutex_new(const struct bench_shape *shape)
{
	struct mutex *m = bench_alloc(sizeof(*m));
	u32 i;

	m->nr = shape->nr_rings;
	m->cpu = bench_alloc(m->nr * sizeof(*m->cpu));
	for (i = 0; i < m->nr; i++)
		pthread_mutex_init(&m->cpu[i].lock, NULL);
	return m;
}

static void mutex_free(void *state)
{
	struct mutex *m = state;
	u32 i;

	for (i = 0; i < m->nr; i++)
		pthread_mutex_destroy(&m->cpu[i].lock);
	free(m->cpu);
	free(m);
}

static u64 mutex_push(void *state, const struct bench_sample *s, u32 nr)
{
	struct damon_report report = { .epoch = 1, .flags = 1 };
	struct mutex *m = state;
	u64 accepted = 0;
	u32 i;

	for (i = 0; i < nr; i++) {
		struct mutex_cpu *cpu = &m->cpu[s[i].cpu];

		pthread_mutex_lock(&cpu->lock);
		if (cpu->head - cpu->tail < BENCH_CAPACITY) {
			fill(&report, &s[i]);
			cpu->slot[cpu->head++ % BENCH_CAPACITY] = report;
			accepted++;
		}
		pthread_mutex_unlock(&cpu->lock);
	}
	return accepted;
}

static u64 mutex_drain(void *state)
{
	struct damon_report report;
	struct mutex *m = state;
	u64 nr = 0;
	u32 i;

	for (i = 0; i < m->nr; i++) {
		struct mutex_cpu *cpu = &m->cpu[i];

		pthread_mutex_lock(&cpu->lock);
		for (; cpu->tail != cpu->head; cpu->tail++, nr++) {
			report = cpu->slot[cpu->tail % BENCH_CAPACITY];
			__asm__ volatile("" : : "r"(&report) : "memory");
		}
		pthread_mutex_unlock(&cpu->lock);
	}
	return nr;
}

const struct rival rival_mutex = {
	.name = "mutex",
	.summary = "a ring under a mutex",
	.new = mutex_new,
	.free = mutex_free,
	.push = mutex_push,
	.drain = mutex_drain,
};
