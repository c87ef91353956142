// SPDX-License-Identifier: GPL-2.0
/* Executions by chance, by bytes, and again. */
#include <string.h>

#include "explore/drive.h"

u32 drive_plain(const struct engine *e, u32 enabled)
{
	u32 i;

	if (e->nr_turns && enabled >> e->turn[e->nr_turns - 1].agent & 1)
		return e->turn[e->nr_turns - 1].agent;
	for (i = 0; i < e->nr_actors; i++)
		if (enabled >> i & 1 && e->actor[i].state == ENGINE_RUNNING)
			return i;
	return __builtin_ctz(enabled);
}

/* The bit number @n of a set. */
static u32 bit_of(u32 set, u32 n)
{
	while (n--)
		set &= set - 1;
	return __builtin_ctz(set);
}

/* splitmix64, Steele, Lea and Flood 2014. */
static u64 draw(struct drive *d)
{
	u64 z = d->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static u32 below(struct drive *d, u32 n)
{
	return (draw(d) >> 32) * n >> 32;
}

static u32 pick_walk(struct engine *e, u32 enabled)
{
	struct drive *d = e->driver_arg;

	/* Long runs of one agent are as likely as many changes. */
	if (draw(d) & 1)
		return drive_plain(e, enabled);
	return bit_of(enabled, below(d, __builtin_popcount(enabled)));
}

static u32 choose_walk(struct engine *e, u32 n)
{
	struct drive *d = e->driver_arg;

	return draw(d) & 1 ? below(d, n) : 0;
}

static u32 pick_pct(struct engine *e, u32 enabled)
{
	struct drive *d = e->driver_arg;
	u32 best = __builtin_ctz(enabled), set, i;

	for (set = enabled; set; set &= set - 1)
		if (d->priority[__builtin_ctz(set)] > d->priority[best])
			best = __builtin_ctz(set);
	for (i = 0; i + 1 < d->depth; i++)
		if (d->change[i] == e->nr_turns) {
			/* Below all that were drawn at the start. */
			d->priority[best] = d->depth - 1 - i;
			d->change[i] = ~0u;
			return pick_pct(e, enabled);
		}
	return best;
}

static u32 pick_bytes(struct engine *e, u32 enabled)
{
	struct drive *d = e->driver_arg;
	u8 byte = d->at < d->nr_bytes ? d->bytes[d->at++] : 0;

	if (byte < 128)
		return drive_plain(e, enabled);
	return bit_of(enabled, (byte - 128) % __builtin_popcount(enabled));
}

static u32 choose_bytes(struct engine *e, u32 n)
{
	struct drive *d = e->driver_arg;

	return d->at < d->nr_bytes ? d->bytes[d->at++] % n : 0;
}

static u32 pick_again(struct engine *e, u32 enabled)
{
	struct drive *d = e->driver_arg;
	u32 agent;

	d->at = e->nr_turns;
	if (d->at >= d->nr_turns)
		return drive_plain(e, enabled);
	agent = d->turn[d->at].agent;
	if (enabled >> agent & 1)
		return agent;
	d->missed++;
	return drive_plain(e, enabled);
}

static u32 choose_again(struct engine *e, u32 n)
{
	struct drive *d = e->driver_arg;
	u32 choice;

	if (d->at >= d->nr_turns)
		return 0;
	choice = d->turn[d->at].choice;
	d->missed += choice >= n;
	return choice < n ? choice : 0;
}

static void begin(struct drive *d, struct engine *e,
		  const struct engine_driver *driver)
{
	d->random = d->seed;
	d->at = 0;
	d->missed = 0;
	e->driver = driver;
	e->driver_arg = d;
}

void drive_walk(struct drive *d, struct engine *e)
{
	static const struct engine_driver driver = {
		.pick = pick_walk,
		.choose = choose_walk,
	};

	begin(d, e, &driver);
}

void drive_pct(struct drive *d, struct engine *e)
{
	static const struct engine_driver driver = {
		.pick = pick_pct,
		.choose = choose_walk,
	};
	u32 i;

	begin(d, e, &driver);
	for (i = 0; i < ENGINE_AGENTS_MAX; i++)
		d->priority[i] = d->depth + (draw(d) >> 8);
	for (i = 0; i + 1 < d->depth; i++)
		d->change[i] = below(d, d->turns ? d->turns : 1);
}

void drive_bytes(struct drive *d, struct engine *e)
{
	static const struct engine_driver driver = {
		.pick = pick_bytes,
		.choose = choose_bytes,
	};

	begin(d, e, &driver);
}

void drive_again(struct drive *d, struct engine *e)
{
	static const struct engine_driver driver = {
		.pick = pick_again,
		.choose = choose_again,
	};

	begin(d, e, &driver);
}
