// SPDX-License-Identifier: GPL-2.0
/*
 * Which number is which field.
 *
 * Fields stand in this order: address, data_src, weight (and other latencies),
 * instruction, physical address.  Rules:
 *
 *   data_src	before "|OP"; what is before that is the address
 *   ip		ends 17 columns behind what is before it, others 16; where
 *		columns were lost, the last one with a symbol
 *   phys_addr	behind the ip
 *
 * Of what is before the instruction, or where there is none, the values tell,
 * all of those in the first 64 KiB: decimal digits only are a weight, letters
 * are an address, and one of 2^44 or more is no physical address.  Where they
 * do not tell, nothing is guessed.
 */
#include "perf_text.h"

enum pt_role { ROLE_NONE, ROLE_ADDR, ROLE_WEIGHT, ROLE_PHYS, ROLE_UNKNOWN };

#define HIGH (1ull << 44)
/* No latency is that long. */
#define WEIGHT_MAX (1ull << 32)

#define NO_COLUMNS                                                    \
	"numbers in other columns than perf's, which cannot be told " \
	"apart: leave blanks as perf script -F addr,ip,... prints them"

/*
 * Where lines were left out, data_src's words may be narrower than what they
 * were padded to: a number in the middle tells no less.
 */
static int find_ip(const struct pt_number *n, u32 nr, bool has_src,
		   bool *aligned)
{
	bool wider = has_src && nr && n[0].gap > 17;
	int ip = -1, with_text = -1;
	u32 i;

	*aligned = true;
	for (i = 0; i < nr; i++) {
		if (n[i].gap == 17 && ip < 0)
			ip = i;
		else if (n[i].gap != 16 && !(wider && !i))
			*aligned = false;
		if (n[i].has_text)
			with_text = i;
	}
	if (wider && ip < 0)
		*aligned = false;
	return *aligned ? ip : with_text;
}

static const struct pt_number *numbers(const struct pt_tail *tail, u32 *nr)
{
	*nr = tail->has_src ? tail->nr_after : tail->nr_before;
	return tail->has_src ? tail->after : tail->before;
}

static struct pt_place *place_of(struct pt_votes *votes, bool has_src, int ip,
				 u32 nr, u32 i)
{
	return &votes->places[has_src][ip >= 0][nr - 1][i];
}

void pt_vote(struct pt_votes *votes, const struct pt_tail *tail)
{
	const struct pt_number *n;
	u32 nr, nr_open, i;
	bool aligned;
	int ip;

	n = numbers(tail, &nr);
	ip = find_ip(n, nr, tail->has_src, &aligned);
	nr_open = ip >= 0 ? ip : nr;
	for (i = 0; i < nr_open; i++) {
		struct pt_place *place =
			place_of(votes, tail->has_src, ip, nr_open, i);

		place->has_letter |=
			!n[i].is_decimal || n[i].decimal >= WEIGHT_MAX;
		place->is_high |= n[i].value >= HIGH;
		place->is_set |= n[i].value;
	}
}

/*
 * The first number of a line without data_src, or one further on (@later),
 * which is no address.
 */
static u8 choose(const struct pt_place *place, bool has_ip, bool later)
{
	if (place->is_high)
		return later ? ROLE_UNKNOWN : ROLE_ADDR;
	if (place->has_letter && has_ip)
		return later ? ROLE_UNKNOWN : ROLE_ADDR;
	if (place->has_letter)
		return later ? ROLE_PHYS : ROLE_UNKNOWN;
	/* Nothing but zeros says nothing, and means nothing. */
	if (!place->is_set)
		return later ? (has_ip ? ROLE_WEIGHT : ROLE_PHYS) : ROLE_ADDR;
	return has_ip || later ? ROLE_WEIGHT : ROLE_UNKNOWN;
}

static u8 role_of(struct pt_votes *votes, const struct pt_tail *tail, int ip,
		  u32 nr, u32 i)
{
	struct pt_place *place = place_of(votes, tail->has_src, ip, nr, i);

	if (place->role == ROLE_NONE || place->role == ROLE_UNKNOWN) {
		place->role = choose(place, ip >= 0, i || tail->has_src);
		/* One before another cannot be the physical one. */
		if (place->role == ROLE_UNKNOWN && !i && nr > 1 &&
		    !tail->has_src)
			place->role =
				place->has_letter ? ROLE_ADDR : ROLE_WEIGHT;
	}
	return place->role;
}

static const char *assign(struct pt_roles *roles, const struct pt_number *n,
			  u8 role)
{
	switch (role) {
	case ROLE_ADDR:
		roles->addr = n;
		return NULL;
	case ROLE_WEIGHT:
		if (!n->is_decimal)
			return "letters in a number that was a weight before: "
			       "print addr, ip or phys_addr too, with -F";
		/* Behind the first there are latencies of other parts. */
		if (!roles->weight)
			roles->weight = n;
		return NULL;
	case ROLE_PHYS:
		roles->phys = n;
		return NULL;
	}
	return PT_UNDECIDED;
}

const char *pt_roles(struct pt_roles *roles, struct pt_votes *votes,
		     const struct pt_tail *tail)
{
	const struct pt_number *n;
	const char *what = NULL;
	u32 nr, nr_open, i;
	bool aligned;
	int ip;

	*roles = (struct pt_roles){ 0 };
	n = numbers(tail, &nr);
	ip = find_ip(n, nr, tail->has_src, &aligned);
	if (!aligned && ip < 0 && nr)
		return NO_COLUMNS;
	if (tail->has_src && tail->nr_before > 1)
		return "more than one number before data_src, expected the "
		       "address";
	if (tail->has_src && tail->nr_before)
		roles->addr = &tail->before[0];
	if (ip >= 0) {
		roles->ip = &n[ip];
		if (ip + 1 < nr)
			roles->phys = &n[ip + 1];
	}
	nr_open = ip >= 0 ? ip : nr;
	/* Two with a symbol each are the address and the instruction. */
	if (nr_open == 1 && !tail->has_src && n[0].has_text) {
		roles->addr = &n[0];
		return NULL;
	}
	for (i = 0; i < nr_open && !what; i++)
		what = assign(roles, &n[i],
			      role_of(votes, tail, ip, nr_open, i));
	return what;
}
