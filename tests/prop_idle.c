// SPDX-License-Identifier: GPL-2.0
/*
 * Who may write what: an idle ring costs its consumer no store at all, and a
 * drain stores nothing where producers do, so that a machine's rings can be
 * looked at every tick without taking lines from the CPUs that sample.
 *
 * A store of what is there already cannot be seen by looking; a page that may
 * not be written tells.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <damon/tick.h>

#define CAPACITY 8
#define PAGE_SZ 4096

static const char *what;

static void on_fault(int sig)
{
	printf("prop_idle: %s stores\n", what);
	fflush(stdout);
	_exit(1);
}

static int differs(const char *name, u32 got, u32 want)
{
	if (got == want)
		return 0;
	printf("prop_idle: %s: %u, expected %u\n", name, got, want);
	return 1;
}

int main(void)
{
	struct damon_report report = { .addr = 5 }, out[CAPACITY];
	struct damon_snapshot none = { 0 };
	struct damon_tick tick = { .snapshot = &none };
	struct damon_ring *ring;
	char *page;
	u32 i;

	/* The slots begin with the second page. */
	page = mmap(NULL, 2 * PAGE_SZ, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return 2;
	ring = (void *)(page + PAGE_SZ - offsetof(struct damon_ring, slot));
	if (damon_ring_init(ring, CAPACITY))
		return 2;
	signal(SIGSEGV, on_fault);

	for (i = 0; i < CAPACITY; i++)
		damon_ring_push(ring, &report);
	what = "a drain, into slots,";
	mprotect(page + PAGE_SZ, PAGE_SZ, PROT_READ);
	if (differs("a drain", damon_ring_drain(ring, out, 3), 3) ||
	    differs("a drain", damon_ring_drain(ring, out, CAPACITY), 5))
		return 1;

	what = "a drain of an idle ring";
	mprotect(page, PAGE_SZ, PROT_READ);
	if (differs(what, damon_ring_drain(ring, out, CAPACITY), 0) ||
	    differs(what, damon_tick_drain(&tick, ring, 0), 0))
		return 1;
	what = "a look at an idle ring";
	if (differs(what, damon_ring_pending(ring), 0) ||
	    differs(what, damon_ring_accepted(ring), CAPACITY))
		return 1;

	/* A full ring refuses without a store to its slots or its consumer. */
	mprotect(page, PAGE_SZ, PROT_READ | PROT_WRITE);
	mprotect(page + PAGE_SZ, PAGE_SZ, PROT_READ | PROT_WRITE);
	for (i = 0; i < CAPACITY; i++)
		damon_ring_push(ring, &report);
	what = "a push that is refused, into slots,";
	mprotect(page + PAGE_SZ, PAGE_SZ, PROT_READ);
	if (differs(what, damon_ring_push(ring, &report), DAMON_LOST_RING_FULL))
		return 1;
	printf("prop_idle: an idle ring is read only\n");
	return 0;
}
