/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel thread that monitors, as a machine that is stepped.
 *
 * It never sleeps and never reads a clock: it says for how long it would, and
 * the caller, who owns the time, comes back when that is over.
 *
 *	kdamond_start(&k, &ctx);
 *	while (k.state != KDAMOND_ENDED) {
 *		if (k.state == KDAMOND_READY)
 *			kdamond_prepare(&k);
 *		else
 *			sleep(k.sleep_us), kdamond_tick(&k);
 *	}
 *
 * The order within a tick is the kernel's: check, probes, merge, size limit,
 * calls, pause, schemes, tune, reset, split, update.
 *
 * Not here: who calls it, and what a check is (struct context_ops).
 */
#ifndef KDAMOND_H
#define KDAMOND_H

#include <linux/types.h>

struct context;

enum kdamond_state {
	KDAMOND_READY, /* kdamond_prepare() is next */
	KDAMOND_SLEEPING, /* kdamond_tick() is next, in sleep_us */
	KDAMOND_PAUSED, /* likewise, but the tick is not over */
	KDAMOND_INACTIVE, /* likewise, not begun: all schemes sleep */
	KDAMOND_ENDED, /* no more of either */
};

/**
 * struct kdamond_call - something to be done between two steps of the kdamond.
 * @fn:		called once: in a tick after check and merge, in a pause, while
 *		all schemes sleep
 * @arg:	its
 * @commit:	it changes what is monitored: see profile.commits_late
 * @done:	it has been called, or never is going to be
 * @ret:	what it returned; -ECANCELED if it never is going to be
 * @next:	private
 *
 * The storage is the caller's, until @done.
 */
struct kdamond_call {
	int (*fn)(struct context *ctx, void *arg);
	void *arg;
	bool commit;
	bool done;
	int ret;
	struct kdamond_call *next;
};

/**
 * struct kdamond - what the thread knows.
 * @ctx:	what it monitors
 * @state:	what it waits for
 * @sleep_us:	how long, from when @state was entered
 * @stop:	set by kdamond_stop()
 * @sz_limit:	how large a merged region may be, as found in the last window
 * @next_aggregation_sis: the context's, as it was when the tick began
 * @next_ops_update_sis: likewise
 * @sample_us:	likewise
 * @by_weights:	likewise: probes have weights, nothing looks for accesses
 * @calls:	to be done
 * @calls_tail:	where the next one goes
 */
struct kdamond {
	struct context *ctx;
	enum kdamond_state state;
	u64 sleep_us;
	bool stop;
	u64 sz_limit;
	u64 next_aggregation_sis;
	u64 next_ops_update_sis;
	u64 sample_us;
	bool by_weights;
	struct kdamond_call *calls;
	struct kdamond_call **calls_tail;
};

/**
 * kdamond_start() - begin to monitor.
 * @k:		storage; must not be moved afterwards
 * @ctx:	context with targets
 *
 * Return: 0, in KDAMOND_READY; -ENOMEM or an error of the operations, in
 * KDAMOND_ENDED.
 */
int kdamond_start(struct kdamond *k, struct context *ctx);

/**
 * kdamond_prepare() - all of a tick that comes before its sleep.
 * @k:		in KDAMOND_READY
 *
 * Leads to KDAMOND_SLEEPING, to KDAMOND_INACTIVE if the watermarks of all
 * schemes say so, or to KDAMOND_ENDED if it was told to stop or there is
 * nothing left to monitor.
 */
void kdamond_prepare(struct kdamond *k);

/**
 * kdamond_tick() - all of a tick that comes after its sleep.
 * @k:		in KDAMOND_SLEEPING, KDAMOND_PAUSED or KDAMOND_INACTIVE
 *
 * Leads to KDAMOND_READY, to KDAMOND_PAUSED if the context is, or to
 * KDAMOND_ENDED; from KDAMOND_INACTIVE to where kdamond_prepare() leads.
 *
 * Return: 0; -ENOMEM or an error of the operations.  The tick is complete also
 * then, but for what could not be done, and monitoring may go on.
 */
int kdamond_tick(struct kdamond *k);

/**
 * kdamond_idle_ticks() - how many ticks from here on only count themselves.
 * @k:		kdamond
 *
 * That is what a tick does in which nothing was accessed, no window ends and no
 * scheme is due.
 *
 * Return: how many may be skipped; 0 also if something waits to be called.
 */
u64 kdamond_idle_ticks(const struct kdamond *k);

/**
 * kdamond_skip() - let ticks pass in which nothing was accessed.
 * @k:		kdamond
 * @nr:		at most kdamond_idle_ticks()
 */
void kdamond_skip(struct kdamond *k, u64 nr);

/**
 * kdamond_skip_windows() - let whole windows pass in which nothing was
 * accessed.
 * @k:		kdamond for which kdamond_idle_ticks() is not 0, of a context
 *		without schemes
 * @nr:		how many windows
 *
 * Not exact: every region gets as much older as it would, but those that would
 * have been merged and split at random meanwhile are not.  For silences so long
 * that nobody could tell.
 */
void kdamond_skip_windows(struct kdamond *k, u64 nr);

/**
 * kdamond_call() - have something done in the context of the kdamond.
 * @k:		kdamond
 * @call:	@fn and @arg set
 *
 * What is queued by a call waits for the next tick.
 *
 * Return: 0; -ECANCELED if the kdamond has ended.
 */
int kdamond_call(struct kdamond *k, struct kdamond_call *call);

/**
 * kdamond_stop() - end at the next tick's beginning, or during a pause.
 * @k:		kdamond
 */
void kdamond_stop(struct kdamond *k);

#endif
