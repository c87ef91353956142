// SPDX-License-Identifier: GPL-2.0
/*
 * Times, instructions, sources, weights, and records that tell every field.
 */
#include <linux/compiler.h>

#include "native_decode.h"

/* Steps, either way, that are less than 63 bits of 2^-32 ns: steps have 40. */
#define SHORT (1ull << 22)

DECODE_LINES void times(struct native_decoder *d, struct trace_record *recs,
			size_t nr, bool all)
{
	const u64 *steps = d->values[COL_TIME], *offs = d->values[COL_TIME_OFF];
	u64 clock_ns = d->m.time_ns, step = d->step, time_ns, way, off;
	u64 *shift;
	u32 frac = d->m.time_frac;
	__int128 at;
	size_t i;

	for (i = 0; i < nr; i++) {
		recs[i].time_ns = 0;
		if (!all && !(d->who[i]->fields & WHO_TIME))
			continue;
		way = native_unzigzag(*steps++);
		if (likely(way + SHORT < 2 * SHORT)) {
			s64 near = (s64)way * (s64)step + frac;

			clock_ns += near >> 32;
			frac = near;
		} else {
			at = (__int128)(s64)way * step + frac;
			clock_ns += (u64)(at >> 32);
			frac = at;
		}
		off = native_unzigzag(*offs++);
		shift = model_shift(&d->m, d->who[i]);
		time_ns = clock_ns + ((s64)(frac + *shift) >> 32) + off;
		if (unlikely(off))
			*shift = model_new_shift(time_ns, clock_ns, frac, off);
		recs[i].time_ns = time_ns;
	}
	d->m.time_ns = clock_ns;
	d->m.time_frac = frac;
}

void decode_times(struct native_decoder *d, struct trace_record *recs,
		  size_t nr)
{
	if (d->n[NR_TIME] == nr)
		times(d, recs, nr, true);
	else
		times(d, recs, nr, false);
}

DECODE_LINES bool ips(struct native_decoder *d, struct trace_record *recs,
		      size_t nr, bool all)
{
	const u64 *by = d->values[COL_IP], *fresh = d->values[COL_IP_NEW];
	struct model_dict *dict = &d->m.ips;
	size_t i;
	u64 *next;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		recs[i].ip = 0;
		if (!all && !(who->fields & WHO_IP))
			continue;
		recs[i].ip = who->ip;
		if (*by == IP_SAME) {
			by++;
			continue;
		}
		next = model_next_ip(&d->m, who);
		if (*by == IP_NEXT) {
			who->ip = *next;
		} else if (*by == IP_NEW) {
			who->ip += native_unzigzag(*fresh++);
			if (dict->nr < MODEL_NR_DICT)
				dict->value[dict->nr++] = who->ip;
		} else {
			if (unlikely(*by - IP_KNOWN >= dict->nr))
				return false;
			who->ip = dict->value[*by - IP_KNOWN];
		}
		by++;
		*next = who->ip;
		recs[i].ip = who->ip;
	}
	return true;
}

bool decode_ips(struct native_decoder *d, struct trace_record *recs, size_t nr)
{
	return d->n[NR_IP] == nr ? ips(d, recs, nr, true) :
				   ips(d, recs, nr, false);
}

static bool sources(struct native_decoder *d, struct trace_record *recs,
		    size_t nr)
{
	const u64 *by = d->values[COL_SRC], *fresh = d->values[COL_SRC_NEW];
	struct model_dict *dict = &d->m.srcs;
	size_t i;

	for (i = 0; i < nr; i++) {
		recs[i].data_src = 0;
		if (!(d->who[i]->fields & WHO_SRC))
			continue;
		if (unlikely(!*by)) {
			recs[i].data_src = *fresh++;
			if (dict->nr < MODEL_NR_DICT)
				dict->value[dict->nr++] = recs[i].data_src;
		} else if (unlikely(*by > dict->nr)) {
			return false;
		} else {
			recs[i].data_src = dict->value[*by - 1];
		}
		by++;
	}
	return true;
}

static void weights(struct native_decoder *d, struct trace_record *recs,
		    size_t nr)
{
	const u64 *weight = d->values[COL_WEIGHT];
	size_t i;

	for (i = 0; i < nr; i++)
		if (d->who[i]->fields & WHO_WEIGHT)
			recs[i].weight = *weight++;
}

/* Those that tell every field. */
static bool whole(struct native_decoder *d, struct trace_record *recs,
		  size_t nr)
{
	u64 v[WHOLE_NR_VALUES];
	u32 timed;
	size_t i;

	for (i = 0; i < nr; i++) {
		struct model_who *who = d->who[i];

		if (!(who->fields & WHO_WHOLE))
			continue;
		timed = !!(who->fields & WHO_TIME);
		if (!ints_read(&d->col[COL_WHOLE], v + timed,
			       WHOLE_NR_VALUES - timed))
			return false;
		if (!timed)
			recs[i].time_ns = v[0];
		recs[i].addr = who->page + native_unzigzag(v[1]);
		recs[i].ip = who->ip + native_unzigzag(v[2]);
		recs[i].phys_addr = v[3];
		recs[i].data_src = v[4];
		recs[i].weight = v[5];
		who->page = recs[i].addr;
		who->ip = recs[i].ip;
	}
	return true;
}

bool decode_rest(struct native_decoder *d, struct trace_record *recs, size_t nr)
{
	const u64 src = d->values[COL_SRC][0];
	size_t i;

	if (d->n[NR_SRC] == nr && d->same[COL_SRC] && src &&
	    src <= d->m.srcs.nr) {
		for (i = 0; i < nr; i++)
			recs[i].data_src = d->m.srcs.value[src - 1];
	} else if (!sources(d, recs, nr)) {
		return false;
	}
	if (d->n[NR_WEIGHT])
		weights(d, recs, nr);
	return !d->n[NR_WHOLE] || whole(d, recs, nr);
}
