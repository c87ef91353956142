// SPDX-License-Identifier: GPL-2.0
/*
 * Patterns of luck: a chain of pointers, a part that is hot, one that moves on,
 * popularity by Zipf's law, and memory that is touched bit by bit.
 *
 * Source of the draw by Zipf's law: rejection-inversion, Hörmann and
 * Derflinger, ACM TOMACS 6 (1996): a rank is drawn by the continuous law and
 * taken with the probability that makes it the discrete one, 0.7 at the least.
 *
 * Left out: locality of a chain within the reach of the TLB.
 */
#include <linux/errno.h>
#include <math.h>

#include "workload_rand.h"

#define PS_PER_MS 1000000000ULL

/* A number below @n. */
static u64 below(u64 luck, u64 n)
{
	return (unsigned __int128)luck * n >> 64;
}

/* A number in [0, 1). */
static double unit(u64 luck)
{
	return (luck >> 11) / 9007199254740992.0;
}

static u64 uniform_page(const struct workload_rand *r, u64 run_ps, u64 luck)
{
	return below(luck, r->pages);
}

static double uniform_sum(const struct workload_rand *r, u64 run_ps, u64 from,
			  u64 to)
{
	return (double)(to - from) / r->pages;
}

static int init_chase(struct workload *w, const char **why)
{
	struct workload_rand *r = workload_rand_new(
		w, w->params.sz > w->params.l3_bytes ? 1 : 0, true);

	if (!r)
		return -ENOMEM;
	r->page = uniform_page;
	r->sum = uniform_sum;
	return 0;
}

/* Where the hot part begins: it goes on by its own size each phase. */
static u64 hot_start(const struct workload_rand *r, u64 run_ps)
{
	if (!r->phase_ps)
		return 0;
	return run_ps / r->phase_ps * r->hot_pages % r->pages;
}

static u64 hot_page(const struct workload_rand *r, u64 run_ps, u64 luck)
{
	u64 page = hot_start(r, run_ps), more = luck * 0x9e3779b97f4a7c15ULL;

	if (unit(luck) < r->hot_access)
		page += below(more, r->hot_pages);
	else
		page += r->hot_pages + below(more, r->pages - r->hot_pages);
	return page < r->pages ? page : page - r->pages;
}

/* Pages that [a, b) and [c, d) have in common. */
static u64 common(u64 a, u64 b, u64 c, u64 d)
{
	u64 from = a > c ? a : c, to = b < d ? b : d;

	return to > from ? to - from : 0;
}

static double hot_sum(const struct workload_rand *r, u64 run_ps, u64 from,
		      u64 to)
{
	u64 start = hot_start(r, run_ps), hot;

	hot = common(from, to, start, start + r->hot_pages);
	if (start + r->hot_pages > r->pages)
		hot += common(from, to, 0, start + r->hot_pages - r->pages);
	if (r->hot_pages == r->pages)
		return (double)hot / r->pages;
	return r->hot_access * hot / r->hot_pages +
	       (1 - r->hot_access) * (to - from - hot) /
		       (r->pages - r->hot_pages);
}

static int init_hot(struct workload *w, u64 phase_ps, const char **why)
{
	const struct workload_params *p = &w->params;
	struct workload_rand *r;
	u64 hot;

	*why = "hot_pct is 1 to 100, and hot_access_pct at most 100";
	if (!p->hot_pct || p->hot_pct > 100 || p->hot_access_pct > 100)
		return -EINVAL;
	hot = (p->sz >> RAM_PAGE_SHIFT) * p->hot_pct / 100;
	r = workload_rand_new(w, hot << RAM_PAGE_SHIFT > p->l3_bytes ? 1 : 0.5,
			      false);
	if (!r)
		return -ENOMEM;
	r->hot_pages = hot ? hot : 1;
	/* Nowhere else to go if all of it is hot. */
	r->hot_access = r->hot_pages < r->pages ? p->hot_access_pct / 100.0 : 1;
	r->phase_ps = phase_ps;
	r->page = hot_page;
	r->sum = hot_sum;
	return 0;
}

static int init_hotset(struct workload *w, const char **why)
{
	return init_hot(w, 0, why);
}

static int init_phase(struct workload *w, const char **why)
{
	*why = "a phase of 0 ms";
	if (!w->params.phase_ms)
		return -EINVAL;
	return init_hot(w, w->params.phase_ms * PS_PER_MS, why);
}

/* The integral of x^-theta, and its inverse. */
static double zipf_h(const struct workload_rand *r, double x)
{
	if (fabs(1 - r->theta) < 1e-9)
		return log(x);
	return (pow(x, 1 - r->theta) - 1) / (1 - r->theta);
}

static double zipf_inverse(const struct workload_rand *r, double y)
{
	if (fabs(1 - r->theta) < 1e-9)
		return exp(y);
	return pow(1 + y * (1 - r->theta), 1 / (1 - r->theta));
}

/* Ranks lie in the area in an order that is one to one and looks like none. */
static u64 rank_to_page(const struct workload_rand *r, u64 rank)
{
	return (unsigned __int128)rank * r->multiplier % r->pages;
}

static double zipf_mass(const struct workload_rand *r, double rank)
{
	return r->theta > 0 ? pow(rank, -r->theta) : 1;
}

/* More luck where one draw was not taken (splitmix64, Steele et al. 2014). */
static u64 more_luck(u64 luck)
{
	luck += 0x9e3779b97f4a7c15ULL;
	luck = (luck ^ luck >> 30) * 0xbf58476d1ce4e5b9ULL;
	luck = (luck ^ luck >> 27) * 0x94d049bb133111ebULL;
	return luck ^ luck >> 31;
}

/* Ranks count from 1 here. */
static double zipf_rank(const struct workload_rand *r, u64 luck)
{
	double y, x, rank;

	for (;;) {
		y = r->h_n + unit(luck) * (r->h_x0 - r->h_n);
		x = zipf_inverse(r, y);
		rank = floor(x + 0.5);
		if (rank < 1)
			rank = 1;
		else if (rank > r->pages)
			rank = r->pages;
		if (rank - x <= r->zipf_near ||
		    y >= zipf_h(r, rank + 0.5) - zipf_mass(r, rank))
			return rank;
		luck = more_luck(luck);
	}
}

static u64 zipf_page(const struct workload_rand *r, u64 run_ps, u64 luck)
{
	return rank_to_page(r, (u64)zipf_rank(r, luck) - 1);
}

/* The sum of k^-theta over all ranks: the head, then Euler and Maclaurin. */
static double zipf_total(const struct workload_rand *r)
{
	double n = r->pages, head = n < 10000 ? n : 10000, sum = 0, k;

	for (k = head; k >= 1; k--)
		sum += zipf_mass(r, k);
	if (n <= head)
		return sum;
	return sum + zipf_h(r, n) - zipf_h(r, head) +
	       (zipf_mass(r, n) - zipf_mass(r, head)) / 2 +
	       r->theta * (zipf_mass(r, head) / head - zipf_mass(r, n) / n) /
		       12;
}

static u64 gcd(u64 a, u64 b)
{
	return b ? gcd(b, a % b) : a;
}

/* The number that undoes the multiplication, by the extended algorithm. */
static u64 inverse_of(u64 a, u64 n)
{
	__int128 t = 0, next_t = 1, rest = n, next_rest = a, q, keep;

	while (next_rest) {
		q = rest / next_rest;
		keep = t - q * next_t;
		t = next_t;
		next_t = keep;
		keep = rest - q * next_rest;
		rest = next_rest;
		next_rest = keep;
	}
	return t < 0 ? t + n : t;
}

static double zipf_sum(const struct workload_rand *r, u64 run_ps, u64 from,
		       u64 to)
{
	u64 page, rank;
	double sum = 0;

	for (page = from; page < to; page++) {
		rank = (unsigned __int128)page * r->inverse % r->pages;
		sum += zipf_mass(r, rank + 1);
	}
	return sum * r->norm;
}

static int init_zipf(struct workload *w, const char **why)
{
	const struct workload_params *p = &w->params;
	struct workload_rand *r;

	*why = "zipf_theta is 0 to 2";
	if (p->zipf_theta_x1000 > 2000)
		return -EINVAL;
	r = workload_rand_new(w, p->sz > p->l3_bytes ? 0.8 : 0, false);
	if (!r)
		return -ENOMEM;
	r->theta = p->zipf_theta_x1000 / 1000.0;
	r->h_x0 = zipf_h(r, 1.5) - 1;
	r->h_n = zipf_h(r, r->pages + 0.5);
	r->zipf_near = 2 - zipf_inverse(r, zipf_h(r, 2.5) - zipf_mass(r, 2));
	r->norm = 1 / zipf_total(r);
	/* By the golden section, and no divisor in common. */
	r->multiplier = r->pages * 0.6180339887498949;
	while (gcd(r->multiplier, r->pages) != 1)
		r->multiplier++;
	r->inverse = inverse_of(r->multiplier % r->pages, r->pages);
	r->page = zipf_page;
	r->sum = zipf_sum;
	return 0;
}

/* Of the area, what was touched by now; all of it is then accessed alike. */
static u64 touched_pages(const struct workload_rand *r, u64 run_ps)
{
	u64 pages = 1 + run_ps / 1000000 * r->touch_pages_per_s / 1000000;

	return pages < r->pages ? pages : r->pages;
}

static u64 cold_page(const struct workload_rand *r, u64 run_ps, u64 luck)
{
	return below(luck, touched_pages(r, run_ps));
}

static double cold_sum(const struct workload_rand *r, u64 run_ps, u64 from,
		       u64 to)
{
	u64 pages = touched_pages(r, run_ps);

	return (double)common(from, to, 0, pages) / pages;
}

static int init_cold(struct workload *w, const char **why)
{
	struct workload_rand *r;

	*why = "touch is at least a page a second";
	if (w->params.touch_bytes_per_s < RAM_PAGE_BYTES)
		return -EINVAL;
	r = workload_rand_new(w, w->params.sz > w->params.l3_bytes ? 1 : 0,
			      false);
	if (!r)
		return -ENOMEM;
	r->touch_pages_per_s = w->params.touch_bytes_per_s >> RAM_PAGE_SHIFT;
	r->page = cold_page;
	r->sum = cold_sum;
	return 0;
}

static u64 cold_reached(const struct workload_thread *t, u64 run_ps)
{
	return touched_pages(t->w->data, run_ps) << RAM_PAGE_SHIFT;
}

#define KIND(NAME, SUMMARY, USES, INIT)                                       \
	{                                                                     \
		.name = NAME, .summary = SUMMARY, .uses = USES, .init = INIT, \
		.fini = workload_rand_fini, .begin = workload_rand_begin,     \
		.advance = workload_rand_advance, .when = workload_rand_when, \
		.draw = workload_rand_draw, .touched = workload_rand_touched, \
		.rate = workload_rand_rate,                                   \
	}

const struct workload_kind workload_chase =
	KIND("chase", "a chain of pointers all over its memory",
	     WORKLOAD_USES_SHARED, init_chase);
const struct workload_kind workload_hotset =
	KIND("hotset", "a part of its memory gets most accesses",
	     WORKLOAD_USES_READ_PCT | WORKLOAD_USES_HOT | WORKLOAD_USES_SHARED,
	     init_hotset);
const struct workload_kind workload_phase =
	KIND("phase", "the same, and the part moves on",
	     WORKLOAD_USES_READ_PCT | WORKLOAD_USES_HOT | WORKLOAD_USES_PHASE |
		     WORKLOAD_USES_SHARED,
	     init_phase);
const struct workload_kind workload_zipf =
	KIND("zipf", "pages by Zipf's law, the popular ones anywhere",
	     WORKLOAD_USES_READ_PCT | WORKLOAD_USES_ZIPF | WORKLOAD_USES_SHARED,
	     init_zipf);
const struct workload_kind workload_cold = {
	.name = "cold",
	.summary = "touches its memory bit by bit, and all of it from then on",
	.uses = WORKLOAD_USES_READ_PCT | WORKLOAD_USES_TOUCH,
	.init = init_cold,
	.fini = workload_rand_fini,
	.begin = workload_rand_begin,
	.advance = workload_rand_advance,
	.when = workload_rand_when,
	.draw = workload_rand_draw,
	.touched = workload_rand_touched,
	.rate = workload_rand_rate,
	.reached = cold_reached,
};
