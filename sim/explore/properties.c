// SPDX-License-Identifier: GPL-2.0
/*
 * The properties: of a report when it comes out, of the events when nobody is
 * changing them, of everything at the end.
 */
#include <string.h>

#include "explore/stage.h"

const struct stage_property stage_properties[] = {
	{ "drained-once", "an accepted report is drained exactly once" },
	{ "whole", "a drained report is one that was pushed, unaltered" },
	{ "order", "a producer's reports are drained in its order" },
	{ "conservation", "raised = credited + absorbed + every loss" },
	{ "stranded", "what was accepted is found by a later drain" },
	{ "wake-up", "a drain finds what it knows was accepted before" },
	{ "wait-free", "a push ends within a bounded number of its own steps" },
	{ "stale-credit", "no report of an earlier arming is credited" },
	{ "armed", "while armed, events count on every online CPU" },
	{ "disarmed", "while not armed, no event counts anywhere" },
	{ "all-or-nothing", "a commit makes its events everywhere or nowhere" },
	{ "undisturbed", "events that a commit asks for again go on counting" },
	{ "use-after-release", "nothing that was given back is used" },
	{ "owner", "one consumer at a time" },
	{ "deadlock", "nobody waits for ever" },
	{ "termination", "every tick and every act ends" },
	{ "data-race", "conflicting accesses are marked or ordered" },
	{ "room", "the explorer's own bounds hold" },
	{ NULL, NULL },
};

u64 stage_addr(u32 id)
{
	return ((id + 1) * 0x1357924680ull % (1ull << 40) & ~4095ull) + 4096;
}

void stage_witness(struct stage *st, u64 what)
{
	st->outcome = (st->outcome ^ what) * 0x9e3779b97f4a7c15ull;
	st->outcome ^= st->outcome >> 29;
}

/* A report's fields follow from its number, so that a torn one shows. */
void stage_make(struct stage_actor *a, struct damon_report *report)
{
	u32 id = (u32)(a - a->st->actor) << 8 | (a->pushed - 1);

	*report = (struct damon_report){
		.addr = stage_addr(id),
		.tgid = 1,
		.tid = id,
		.sz_order = id & 3,
		.flags = id * 37,
	};
}

void stage_judge(struct stage *st, const struct damon_report *report, u32 cpu)
{
	u32 actor = report->tid >> 8, number = report->tid & 255;
	struct stage_report *r;
	bool pushed;

	if (actor >= st->nr_actors || number >= SCENE_VERBS_MAX)
		actor = number = 0;
	/* Of a sample only what every revision reports of it. */
	pushed = st->actor[actor].script->act[number].verb == SCENE_PUSH;
	if (report->tid != (actor << 8 | number) ||
	    report->addr != stage_addr(report->tid) || report->tgid != 1 ||
	    (pushed && (report->sz_order != (report->tid & 3) ||
			report->flags != (u8)(report->tid * 37))) ||
	    st->actor[actor].script->index != cpu)
		engine_fail("whole",
			    "out of the ring of CPU %u came tid %#x, "
			    "address %#llx",
			    cpu, report->tid, (unsigned long long)report->addr);
	r = &st->report[actor][number];
	if (r->fate == STAGE_NEVER)
		engine_fail("whole", "a report of %s that was never pushed",
			    st->actor[actor].script->name);
	if (r->fate == STAGE_DRAINED || r->fate == STAGE_LOST)
		engine_fail("drained-once", "report %u of %s %s", number,
			    st->actor[actor].script->name,
			    r->fate == STAGE_LOST ? "was lost, and drained" :
						    "was drained twice");
	if (number < st->last[actor])
		engine_fail("order", "%s: report %u was drained behind %u",
			    st->actor[actor].script->name, number,
			    st->last[actor]);
	st->last[actor] = number;
	r->fate = STAGE_DRAINED;
	stage_witness(st, report->tid + 1);
	st->drained++;
}

/* The tick asks this about each report that is not stale. */
bool stage_credit(void *arg, const struct damon_report *report, u32 cpu)
{
	struct stage *st = arg;
	struct stage_report *r;

	stage_judge(st, report, cpu);
	r = &st->report[report->tid >> 8][report->tid & 255];
	/* A process context is not waited for when events are disarmed. */
	if (st->scene->has_events && st->draining >= 0 &&
	    st->actor[r->actor].script->kind == SCENE_NMI &&
	    (st->context[st->draining].arming != r->arming ||
	     st->draining != r->context))
		engine_fail("stale-credit",
			    "a report of arming %u of context %u was credited "
			    "in arming %u of context %d",
			    r->arming, r->context,
			    st->context[st->draining].arming, st->draining);
	return true;
}

/*
 * A drain that is ordered behind a push finds its report, whatever told it: an
 * event that was disarmed, a CPU that went.  Not behind a push that is not
 * done: that one keeps its place, and those behind it wait.
 */
void stage_expect(struct stage *st, u32 context)
{
	const struct memory_clock *now =
		&st->e->memory->cpu[engine_cpu(st->e)].clock;
	u16 arming = st->context[context].arming;
	u32 i, j, cpu;

	for (i = 0; i < st->nr_actors; i++) {
		st->expected[i] = 0;
		cpu = st->actor[i].script->index;
		if (st->actor[i].script->kind > SCENE_NMI || st->pushing[cpu])
			continue;
		/* What may be stale is not waited for. */
		if (st->scene->has_events &&
		    st->actor[i].script->kind != SCENE_NMI)
			continue;
		for (j = 0; j < st->actor[i].pushed; j++)
			if (st->report[i][j].fate == STAGE_ACCEPTED &&
			    st->report[i][j].arming == arming &&
			    st->report[i][j].context == context &&
			    now->at[cpu] >= st->report[i][j].known_at)
				st->expected[i] |= 1u << j;
	}
}

void stage_check_found(struct stage *st, u32 context)
{
	u32 i, j;

	for (i = 0; i < st->nr_actors; i++) {
		for (j = 0; st->expected[i] >> j; j++) {
			if (!(st->expected[i] >> j & 1) ||
			    st->report[i][j].fate != STAGE_ACCEPTED ||
			    st->context[context]
				    .tick->stats.lost[DAMON_LOST_STALE])
				continue;
			engine_fail("wake-up",
				    "kd%u drained, and report %u of %s was "
				    "accepted before and is still there",
				    context, j, st->actor[i].script->name);
		}
	}
}

void stage_check_events(struct stage *st)
{
	u32 context, cpu, i, live, counting;

	if (st->changing)
		return;
	for (context = 0; context < st->scene->nr_contexts; context++) {
		const struct stage_context *c = &st->context[context];

		for (cpu = 0; cpu < st->scene->nr_cpus; cpu++) {
			live = counting = 0;
			for (i = 0; i < st->nr_handles; i++) {
				const struct stage_handle *h = &st->handle[i];

				if (h->context != context || h->cpu != cpu ||
				    !h->live)
					continue;
				live++;
				counting += h->enabled && !h->stolen;
			}
			if (live > (st->online[cpu] ? c->nr : 0))
				engine_fail("all-or-nothing",
					    "context %u has %u events on CPU "
					    "%u, and committed %u",
					    context, live, cpu, c->nr);
			if (!c->armed && counting)
				engine_fail("disarmed",
					    "context %u is not armed, and an "
					    "event counts on CPU %u",
					    context, cpu);
			if (c->armed && st->online[cpu] && !c->shaky &&
			    counting < c->nr)
				engine_fail("armed",
					    "context %u is armed, and %u of "
					    "%u events count on CPU %u",
					    context, counting, c->nr, cpu);
		}
	}
}

#ifdef HOTPATH_NOW
static void tell_online(bool online)
{
	hotpath_now.online = online;
}
#else
static void tell_online(bool online)
{
	(void)online;
}
#endif

static bool does(const struct scene *scene, enum scene_verb verb)
{
	u32 i, j;

	for (i = 0; i < scene->nr_actors; i++)
		for (j = 0; j < scene->actor[i].nr; j++)
			if (scene->actor[i].act[j].verb == verb)
				return true;
	return false;
}

/* Who drains last: the owner by ticks if there is one, else whoever. */
static void drain_rest(struct stage *st)
{
	struct damon_report out[SCENE_RING_MAX];
	struct stage_context *c = NULL;
	u32 cpu, n, i;

	for (i = 0; i < st->scene->nr_contexts; i++)
		if (st->context[i].nr || st->context[i].claimed)
			c = &st->context[i];
	if (!st->scene->has_events && does(st->scene, SCENE_TICK))
		c = &st->context[0];
	st->ticked = c;
	st->draining = c ? c - st->context : -1;
	for (cpu = 0; cpu < st->scene->nr_cpus; cpu++) {
		tell_online(st->online[cpu]);
		if (c) {
			hot_tick_begin(c->tick, c->set);
			hot_tick(c->tick, st->ring[cpu], cpu);
			continue;
		}
		do {
			n = hot_drain(st->ring[cpu], out, st->scene->ring);
			for (i = 0; i < n && !st->e->property; i++)
				stage_judge(st, &out[i], cpu);
		} while (n && !st->e->property);
	}
}

void stage_check_end(struct stage *st)
{
	unsigned long stale = 0, missing = 0, lost = 0;
	u32 i, j;

	if (st->scene->has_events)
		stage_check_events(st);
	drain_rest(st);
	for (i = 0; i < st->scene->nr_cpus && !st->e->property; i++)
		if (hot_ring_pending(st->ring[i]))
			engine_fail("stranded",
				    "%u reports are in the ring of CPU %u, "
				    "and the drain does not see them",
				    hot_ring_pending(st->ring[i]), i);
	for (i = 0; i < st->scene->nr_contexts; i++)
		stale += st->context[i].tick->stats.lost[DAMON_LOST_STALE];
	for (i = 0; i < st->nr_actors; i++)
		for (j = 0; j < SCENE_VERBS_MAX; j++)
			missing += st->report[i][j].fate == STAGE_ACCEPTED;
	if (missing != stale && !st->e->property)
		engine_fail("drained-once",
			    "%lu accepted reports were never drained, and %lu "
			    "were counted as stale",
			    missing, stale);
	for (i = 0; i < DAMON_NR_LOSSES; i++)
		lost += st->lost[i];
	if (st->raised != st->drained + stale + lost && !st->e->property)
		engine_fail("conservation",
			    "%lu raised, %lu drained, %lu "
			    "stale, %lu lost",
			    st->raised, st->drained, stale, lost);
}

/* What the hot path counted, against the truth. */
void stage_check_counters(struct stage *st)
{
	struct damon_balance b = { 0 };
	unsigned long sampled = 0;
	u32 i, j;

	for (i = 0; i < st->nr_actors; i++)
		for (j = 0; j < st->actor[i].script->nr; j++)
			if (st->actor[i].script->act[j].verb == SCENE_SAMPLE &&
			    st->report[i][j].fate != STAGE_NEVER)
				sampled++;
	if (!sampled || sampled != st->raised)
		return;
	for (i = 0; i < st->scene->nr_cpus; i++)
		damon_balance_add_cpu(&b, st->stats[i],
				      hot_ring_pending(st->ring[i]));
	for (i = 0; i < st->scene->nr_contexts; i++)
		damon_balance_add_tick(&b, &st->context[i].tick->stats);
	if (b.raised != sampled)
		engine_fail("conservation",
			    "%lu samples, %lu counted as "
			    "raised",
			    sampled, b.raised);
	if (st->ticked && !does(st->scene, SCENE_DRAIN) && !st->e->property &&
	    !damon_balance_holds(&b))
		engine_fail("conservation",
			    "%lu raised, and the causes do "
			    "not add up to that",
			    b.raised);
	for (i = 1; i < DAMON_NR_CPU_LOSSES && !st->e->property; i++)
		if (b.lost[i] != st->lost[i])
			engine_fail("conservation",
				    "cause %u counted %lu times, and happened "
				    "%lu times",
				    i, b.lost[i], st->lost[i]);
}
