/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One instruction after the other: the processor's trap flag stops the program
 * after each, and at chosen ones something else happens from beginning to end.
 *
 * A trap costs microseconds, so after the last chosen instruction the program
 * goes on at full speed.
 *
 * Not here: other machines than x86-64, where HAVE_STEPS is not defined.
 */
#ifndef SUPPORT_STEP_H
#define SUPPORT_STEP_H

#if defined(__x86_64__) && defined(__linux__)
#define HAVE_STEPS

#include <signal.h>
#include <ucontext.h>

#define STEP_TRAP_FLAG 0x100
#define STEP_STOPS_MAX 2

/*
 * @act[i]() happens after instruction @stop[i] of what is stepped, and @before
 * ahead of each; the stops ascend.
 */
struct support_step {
	void (*act[STEP_STOPS_MAX])(void);
	void (*before)(void);
	volatile long stop[STEP_STOPS_MAX];
	volatile long done; /* instructions */
	volatile int nr;
	volatile int next; /* stop; how many there have been */
};

static struct support_step step;

static void support_step_trap(int sig, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	if (step.next < step.nr && ++step.done == step.stop[step.next]) {
		if (step.before)
			step.before();
		step.act[step.next++]();
	}
	if (step.next == step.nr)
		c->uc_mcontext.gregs[REG_EFL] &= ~STEP_TRAP_FLAG;
}

static inline void support_step_init(void)
{
	struct sigaction action = { .sa_sigaction = support_step_trap,
				    .sa_flags = SA_SIGINFO };

	sigaction(SIGTRAP, &action, NULL);
}

/* Have @nr of the stops in what comes next. */
static inline void support_step_begin(int nr)
{
	step.nr = nr;
	step.next = 0;
	step.done = 0;
}

/* Out of the red zone's way. */
static inline __attribute__((always_inline)) void support_step_on(void)
{
	asm volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\t"
		     "orq %0, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp"
		     :
		     : "i"(STEP_TRAP_FLAG)
		     : "memory", "cc");
}

static inline __attribute__((always_inline)) void support_step_off(void)
{
	asm volatile("lea -128(%%rsp), %%rsp\n\tpushfq\n\t"
		     "andq %0, (%%rsp)\n\tpopfq\n\tlea 128(%%rsp), %%rsp"
		     :
		     : "i"(~STEP_TRAP_FLAG)
		     : "memory", "cc");
}

#endif
#endif
