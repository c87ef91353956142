// SPDX-License-Identifier: GPL-2.0
/*
 * The reduction over programs made by chance: two processes and an NMI or two,
 * each a few marked accesses to two words, fences, and acts on an object.  What
 * all of them read, and what memory holds behind them, is the same set of ends
 * with it as in the whole tree.
 */
#include "explore/exhaust.h"
#include "explore/exhaust_internal.h"
#include "support_check.h"
#include "support_rng.h"
#include "test_explore.h"

/* As the instrumentation calls them (sim/explore/hooks.h). */
u32 explore_tsan_atomic32_load(const volatile void *p, int mo);
void explore_tsan_atomic32_store(volatile void *p, u32 value, int mo);
u32 explore_tsan_atomic32_exchange(volatile void *p, u32 value, int mo);
int explore_tsan_atomic32_compare_exchange_strong(volatile void *p, u32 *old,
						  u32 next, int mo, int failed);
void explore_mb(void);

#define ACTS_MAX 3
#define ACTORS 4
#define WORDS_SHARED 2
#define OBJECT (1u << 12)
/* More preemptions than any execution has. */
#define WHOLE 1000
#define PLAYS_MAX 3000

enum act {
	LOAD,
	ACQUIRE,
	STORE,
	RELEASE,
	EXCHANGE,
	COMPARE,
	FENCE,
	LOOK, /* at the object */
	TURN, /* change the object */
	WAIT, /* for the object to be changed an even number of times */
	NR_ACTS
};

struct program {
	struct play *play;
	u32 nr;
	struct {
		u8 act;
		u8 word;
		u8 value;
	} act[ACTS_MAX];
	u32 cpu;
	bool nmi;
};

/* A set of programs, and an execution of them. */
struct play {
	struct engine *e;
	u32 nr;
	struct program program[ACTORS];
	u32 turned;
	u64 end;
};

static void witness(struct play *p, u32 actor, u32 i, u64 value)
{
	/* Values commute, so that who was first is not a difference. */
	p->end +=
		(value + 1) * (0x9e3779b97f4a7c15ull >> (actor * 8 + i)) | 1ull;
}

static bool is_even(void *arg)
{
	struct program *a = arg;

	return a->play->turned % 2 == 0;
}

static void body(void *arg)
{
	struct program *a = arg;
	struct play *p = a->play;
	u32 i, self = a - p->program, value;

	for (i = 0; i < a->nr; i++) {
		u32 *word = (u32 *)p->e->memory->base + 2 * a->act[i].word;
		u32 next = a->act[i].value;

		value = 0;
		switch (a->act[i].act) {
		case LOAD:
			value = explore_tsan_atomic32_load(word,
							   __ATOMIC_RELAXED);
			break;
		case ACQUIRE:
			value = explore_tsan_atomic32_load(word,
							   __ATOMIC_ACQUIRE);
			break;
		case STORE:
			explore_tsan_atomic32_store(word, next,
						    __ATOMIC_RELAXED);
			break;
		case RELEASE:
			explore_tsan_atomic32_store(word, next,
						    __ATOMIC_RELEASE);
			break;
		case EXCHANGE:
			value = explore_tsan_atomic32_exchange(
				word, next, __ATOMIC_SEQ_CST);
			break;
		case COMPARE:
			explore_tsan_atomic32_compare_exchange_strong(
				word, &value, next, __ATOMIC_ACQ_REL,
				__ATOMIC_RELAXED);
			break;
		case FENCE:
			explore_mb();
			break;
		case LOOK:
			engine_sync("look", OBJECT, 0, NULL, NULL);
			value = p->turned;
			break;
		case TURN:
			engine_sync("turn", 0, OBJECT, NULL, NULL);
			value = p->turned++;
			break;
		default:
			engine_sync("wait", OBJECT, 0, is_even, a);
			value = p->turned;
		}
		witness(p, self, i, value);
	}
}

static bool may_strike(void *arg)
{
	(void)arg;
	return true;
}

static void draw_programs(struct play *p, u64 seed)
{
	struct support_rng rng;
	u32 i, j;

	support_rng_init(&rng, seed);
	p->nr = 2 + support_rng_below(&rng, 3);
	for (i = 0; i < p->nr; i++) {
		struct program *a = &p->program[i];

		a->play = p;
		a->nmi = i >= 2 || (i == 1 && support_rng_below(&rng, 2));
		a->cpu = a->nmi ? support_rng_below(&rng, 2) : i;
		a->nr = 1 + support_rng_below(&rng, a->nmi ? 2 : ACTS_MAX);
		for (j = 0; j < a->nr; j++) {
			a->act[j].act = support_rng_below(&rng, NR_ACTS);
			/* An NMI does nothing but access memory. */
			if (a->nmi && a->act[j].act >= LOOK)
				a->act[j].act -= LOOK;
			a->act[j].word = support_rng_below(&rng, WORDS_SHARED);
			a->act[j].value = 1 + support_rng_below(&rng, 2);
		}
	}
}

static enum engine_end play(struct play *p)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	struct engine *e = p->e;
	u32 i;

	p->turned = 0;
	p->end = 0;
	engine_begin(e);
	e->memory->used = 64;
	for (i = 0; i < p->nr; i++)
		ck_assert_int_ge(engine_add(e, names[i], p->program[i].cpu,
					    p->program[i].nmi ? may_strike :
								NULL,
					    0, body, &p->program[i]),
				 0);
	engine_run(e);
	for (i = 0; i < WORDS_SHARED; i++)
		p->end = p->end * 0xbf58476d1ce4e5b9ull +
			 ((u32 *)e->memory->base)[2 * i];
	return e->end;
}

enum extent { PART, ALL, STUCK };

/*
 * How much was played: to the first that waits for ever, as the explorer goes
 * no further than to the first violation.
 */
static enum extent ends_of(struct play *p, u32 bound, u32 forget, u64 plays,
			   struct outcomes *out)
{
	enum extent extent = PART;
	enum engine_end end;
	struct exhaust *x;
	u32 i;

	ck_assert_int_eq(exhaust_new(&x, bound), 0);
	while (plays--) {
		exhaust_drive(x, p->e);
		end = play(p);
		if (end == ENGINE_COMPLETE)
			ck_assert(outcomes_add(out, p->end));
		if (end == ENGINE_VIOLATED) {
			ck_assert_str_eq(p->e->property, "deadlock");
			extent = STUCK;
			break;
		}
		/* A reduction that loses an agent's other orders. */
		for (i = 0; i < x->depth && forget; i++)
			if (x->node[i].agent != forget)
				x->node[i].backtrack &= ~(1u << forget);
		if (!exhaust_next(x, p->e)) {
			extent = ALL;
			break;
		}
	}
	exhaust_free(x);
	return extent;
}

#define SEEDS 150

/* Return: how many ends were left out. */
static u32 compare(u64 seed, enum memory_model model, u32 forget)
{
	struct play p = { 0 };
	struct outcomes whole = { 0 }, reduced = { 0 };
	enum extent extent, reduced_extent;
	u32 missing;

	draw_programs(&p, seed);

	ck_assert_int_eq(engine_new(&p.e, model, 2), 0);
	reduced_extent =
		ends_of(&p, EXHAUST_NO_BOUND, forget, 400000, &reduced);
	ck_assert_msg(reduced_extent != PART, "seed %llu, model %d: no end",
		      (unsigned long long)seed, model);
	extent = ends_of(&p, WHOLE, 0, PLAYS_MAX, &whole);
	if (extent == STUCK || reduced_extent == STUCK) {
		missing = extent == STUCK && reduced_extent != STUCK;
		ck_assert(extent != ALL);
	} else {
		missing = outcomes_missing(&whole, &reduced);
		if (extent == ALL)
			ck_assert_uint_eq(outcomes_missing(&reduced, &whole),
					  0);
	}
	outcomes_fini(&whole);
	outcomes_fini(&reduced);
	engine_free(p.e);
	return missing;
}

START_TEST(the_reduction_loses_nothing)
{
	u32 seed;

	for (seed = 0; seed < SEEDS; seed++)
		ck_assert_msg(!compare(seed, _i, 0),
			      "seed %u, model %d: ends were left out", seed,
			      _i);
}
END_TEST

START_TEST(what_is_left_out_is_noticed)
{
	u32 seed, nr = 0;

	for (seed = 0; seed < SEEDS / 3; seed++)
		nr += compare(seed, _i, 1) != 0;
	ck_assert_uint_gt(nr, SEEDS / 30);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explore_reduce");
	TCase *tc = tcase_create("explore_reduce");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, the_reduction_loses_nothing, MEMORY_SC,
			    MEMORY_WEAK + 1);
	tcase_add_loop_test(tc, what_is_left_out_is_noticed, MEMORY_SC,
			    MEMORY_WEAK + 1);
	suite_add_tcase(suite, tc);
	return support_run(suite);
}
