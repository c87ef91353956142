// SPDX-License-Identifier: GPL-2.0
/*
 * Another set claims the rings after each single instruction of a claim and of
 * a hand-back: one of two wins, and nobody gives away what is another's.
 *
 * Not here: what the order of accesses is worth to who wins (stress_owner.c).
 */
#include <stdio.h>

#include <damon/owner.h>

#include "support_step.h"

#ifdef HAVE_STEPS

static struct damon_owner owner;
/* Their addresses are all that is looked at. */
static char set_bytes[2];
static struct damon_events *const me = (void *)&set_bytes[0];
static struct damon_events *const you = (void *)&set_bytes[1];
static int refused;

static void claim_other(void)
{
	refused = damon_owner_claim(&owner, you);
}

/* 1 and a word about it if it went wrong, 2 beyond the last instruction. */
static int claim_at(long place)
{
	int err;

	owner.set = NULL;
	step.stop[0] = place;
	support_step_begin(1);
	support_step_on();
	err = damon_owner_claim(&owner, me);
	support_step_off();
	if (!step.next)
		return 2;
	if ((err == -EBUSY && !refused && owner.set == you) ||
	    (!err && refused == -EBUSY && owner.set == me))
		return 0;
	printf("prop_claim: after instruction %ld: %d and %d\n", place, err,
	       refused);
	return 1;
}

static int release_at(long place, struct damon_events *had)
{
	owner.set = had;
	step.stop[0] = place;
	support_step_begin(1);
	support_step_on();
	damon_owner_release(&owner, me);
	support_step_off();
	if (!step.next)
		return 2;
	/* Whoever got them has them; who had them is rid of them. */
	if ((!refused && owner.set == you) ||
	    (refused == -EBUSY && had == me && !owner.set))
		return 0;
	printf("prop_claim: hand-back, after instruction %ld: %d\n", place,
	       refused);
	return 1;
}

int main(void)
{
	struct damon_events *const had[] = { me, you, NULL };
	int verdict = 0, i;
	long place;

	support_step_init();
	step.act[0] = claim_other;
	for (place = 1; !verdict; place++)
		verdict = claim_at(place);
	for (i = 0; i < 3 && verdict == 2; i++) {
		verdict = 0;
		for (place = 1; !verdict; place++)
			verdict = release_at(place, had[i]);
	}
	if (verdict == 2)
		printf("prop_claim: one owner at most, at every instruction\n");
	return verdict != 2;
}

#else

int main(void)
{
	printf("prop_claim: this machine has no trap flag, nothing done\n");
	return 0;
}

#endif
