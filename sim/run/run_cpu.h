/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One CPU of a simulated machine, played forward: threads work on it in turn,
 * events count what they do, and every sample goes through the overflow handler
 * into the CPU's ring.
 *
 * A CPU touches nothing but its own state, its threads' and its ring while it
 * is played, and reads what is the machine's; so CPUs are played in any order,
 * and in several threads, with one result.
 *
 * An interrupt takes its time from whoever runs: a CPU that samples much gets
 * less done.
 *
 * Left out: the kernel's own work beside interrupts, the scheduler beyond
 * slices of equal length, clocks that change their frequency.
 */
#ifndef RUN_CPU_H
#define RUN_CPU_H

#include <damon/handler.h>
#include <linux/types.h>

#include "machine/cpus.h"
#include "perf_limit.h"
#include "ram.h"
#include "run/luck.h"
#include "run/page_faults.h"
#include "run/sampler.h"
#include "workload.h"

/* Events of a context, and a storm's; more storms at a time find no room. */
#define RUN_CPU_SAMPLERS_MAX 65

/* Interrupts' times are drawn from so many. */
#define RUN_NMI_QUANTILES 256

#define RUN_PS_PER_US 1000000ULL
#define RUN_PS_PER_NS 1000ULL

struct run_cpu;

/**
 * struct run_thread - a thread, placed.
 * @t:		what it does
 * @program:	index of its workload
 * @tgid:	process
 * @tid:	its own number
 * @cpu:	where it wants to run
 * @units_seen:	of work, that were looked at by whoever looks now and then
 * @ahead:	faults that it will take, by its clock
 */
struct run_thread {
	struct workload_thread t;
	u32 program;
	u32 tgid;
	u32 tid;
	u32 cpu;
	u64 units_seen;
	struct page_faults ahead;
};

/**
 * struct run_env - what all CPUs of a machine read while they are played.
 * @ram:	memory
 * @limit:	of perf
 * @sampling:	how the handler is to look at samples
 * @tick_ps:	between two timer ticks
 * @slice_ps:	of a thread that shares its CPU
 * @nmi_ps:	how long an interrupt takes: quantiles
 * @handler_ns:	of each, what perf measures as its handler's
 * @idle_ppm:	share of time in which a CPU without threads runs something
 * @invalid_paddr_ppm: IBS tells no physical address where it should
 * @stepped:	never play several samples at once: to see that it is the same
 * @tamper:	called before each sample is handed over, where a CPU has
 *		@tampered: may change it, or who ran, and may raise more.
 *		Return: false to hand over nothing
 * @tamper_arg:	its
 * @logged:	told of every sample that is handed over with data, and of which
 *		event it is, or NULL; CPUs are played side by side
 * @throttled:	likewise told that an event was stopped until the next tick, or
 *		goes on; perhaps before samples that were raised earlier
 * @logged_arg:	of both
 */
struct run_env {
	const struct ram *ram;
	const struct perf_limit *limit;
	struct damon_sampling sampling;
	u64 tick_ps;
	u64 slice_ps;
	u32 nmi_ps[RUN_NMI_QUANTILES];
	u32 handler_ns[RUN_NMI_QUANTILES];
	u32 idle_ppm;
	u32 invalid_paddr_ppm;
	bool stepped;
	bool (*tamper)(void *arg, struct run_cpu *c, u64 at_ps,
		       const struct sampler_event *event,
		       struct perf_sample_data *data,
		       struct damon_running *who);
	void *tamper_arg;
	void (*logged)(void *arg, struct run_cpu *c, u64 at_ps,
		       const struct sampler_event *event,
		       const struct perf_sample_data *data,
		       const struct damon_running *who);
	void (*throttled)(void *arg, const struct run_cpu *c, u64 at_ps,
			  const struct sampler_event *event, bool stopped);
	void *logged_arg;
};

/**
 * struct run_cpu - a CPU.
 * @nr:		its number
 * @online:	it is
 * @tampered:	@tamper wants to know
 * @cpu:	its ring and counters
 * @luck:	its own
 * @fault_luck:	of what strikes its samples: apart, so that samples drawn many
 *		at a time are those that are drawn one by one
 * @now_ps:	until when it was played
 * @busy_ps:	until when its latest interrupt takes
 * @next_tick_ps: of the timer
 * @tick_seq:	number of the latest one, from 1
 * @took:	of its interrupts
 * @took_max_ns: greatest average since somebody looked
 * @nmi_ps:	time in interrupts, all together
 * @sampler:	the events on it
 * @nr_samplers: of them
 * @thread:	those that run on it
 * @nr_threads:	of them
 * @held:	faults that keep it busy, by the machine's clock
 * @data:	what the samples before left on the stack
 */
struct run_cpu {
	u32 nr;
	bool online;
	bool tampered;
	struct cpu *cpu;
	struct luck luck;
	struct luck fault_luck;
	u64 now_ps;
	u64 busy_ps;
	u64 next_tick_ps;
	u64 tick_seq;
	struct perf_took took;
	u64 took_max_ns;
	u64 nmi_ps;
	struct sampler *sampler[RUN_CPU_SAMPLERS_MAX];
	u32 nr_samplers;
	struct run_thread **thread;
	u32 nr_threads;
	struct page_faults held;
	struct perf_sample_data data;
};

/**
 * run_env_nmi() - how long interrupts take.
 * @env:	environment
 * @median_ns:	half of them take less
 * @sigma_x1000: of the logarithm, in thousandths
 * @handler_pct: share that perf measures
 */
void run_env_nmi(struct run_env *env, u32 median_ns, u32 sigma_x1000,
		 u32 handler_pct);

/* A CPU at the beginning of time, without threads and events. */
void run_cpu_init(struct run_cpu *c, u32 nr, struct cpu *cpu, u64 seed,
		  const struct run_env *env);

/**
 * run_cpu_play() - play a CPU until @to_ps.
 * @env:	environment
 * @c:		CPU; if it is offline time passes and nothing happens
 * @to_ps:	not before where it is
 */
void run_cpu_play(const struct run_env *env, struct run_cpu *c, u64 to_ps);

/*
 * An event begins to count on the CPU, or stops.  Where there are too many it
 * has an error, and does not count.
 */
void run_cpu_enable(struct run_cpu *c, struct sampler *s);
void run_cpu_disable(struct run_cpu *c, struct sampler *s);

#endif
