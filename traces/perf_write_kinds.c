// SPDX-License-Identifier: GPL-2.0
/*
 * Which attribute a record is written under.
 *
 * An event's first samples say what its samples have, all together, else its
 * sample_type does: that kind comes first, so that a capture of perf keeps its
 * numbers of events, and perf script asks only the first which fields it may
 * print.  Others are made as records ask for them.  Through a pipe they cannot
 * be: perf wants all attributes first.  There each event gets one more kind
 * with every field, and what a record lacks is in it as the kernel writes what
 * a PMU did not supply: zero, or no data source; its time is that of the record
 * before.
 */
#include <errno.h>
#include <string.h>

#include "perf_write.h"
#include "source.h"

#define PLAIN                                                                  \
	(TRACE_HAS_TIME | TRACE_HAS_ADDR | TRACE_HAS_DATA_SRC | TRACE_HAS_IP | \
	 TRACE_HAS_TID | TRACE_HAS_CPU | TRACE_HAS_WEIGHT)
#define ALL (PLAIN | TRACE_HAS_PHYS_ADDR)

/* What a record that is no sample has at its end. */
#define TRAILER (TRACE_HAS_TIME | TRACE_HAS_TID | TRACE_HAS_CPU)

static const struct {
	u32 has;
	u64 sample_type;
} fields[] = {
	{ TRACE_HAS_IP, PERF_SAMPLE_IP },
	{ TRACE_HAS_TID, PERF_SAMPLE_TID },
	{ TRACE_HAS_TIME, PERF_SAMPLE_TIME },
	{ TRACE_HAS_ADDR, PERF_SAMPLE_ADDR },
	{ TRACE_HAS_CPU, PERF_SAMPLE_CPU },
	{ TRACE_HAS_WEIGHT, PERF_SAMPLE_WEIGHT | PERF_SAMPLE_WEIGHT_STRUCT },
	{ TRACE_HAS_DATA_SRC, PERF_SAMPLE_DATA_SRC },
	{ TRACE_HAS_PHYS_ADDR, PERF_SAMPLE_PHYS_ADDR },
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static const struct trace_event *event_at(const struct perf_writer *w,
					  u32 event)
{
	const struct trace_info *info = w->sink->info;

	return event < info->nr_events ? &info->events[event] : NULL;
}

static bool is_ibs(const struct perf_writer *w, u32 event)
{
	const struct trace_event *e = event_at(w, event);

	return e && !strcmp(e->pmu, "ibs_op");
}

static u32 has_of_type(u64 sample_type)
{
	u32 has = 0;
	size_t i;

	for (i = 0; i < NR_FIELDS; i++)
		if (sample_type & fields[i].sample_type)
			has |= fields[i].has;
	return has;
}

static u64 type_of_has(const struct perf_writer *w, u32 event, u32 has,
		       bool raw)
{
	const struct trace_event *e = event_at(w, event);
	u64 type = PERF_SAMPLE_IDENTIFIER | (raw ? PERF_SAMPLE_RAW : 0);
	/* Of two ways to write a weight, the one that it came in. */
	u64 without = e && e->sample_type & PERF_SAMPLE_WEIGHT_STRUCT ?
			      PERF_SAMPLE_WEIGHT :
			      PERF_SAMPLE_WEIGHT_STRUCT;
	size_t i;

	for (i = 0; i < NR_FIELDS; i++)
		if (has & fields[i].has)
			type |= fields[i].sample_type;
	return type & ~without;
}

static int add_kind(struct perf_writer *w, u32 event, u32 has, bool raw,
		    struct trace_error *err)
{
	if (w->nr_kinds == w->max_kinds) {
		trace_fault(err, w->sink->sz_saved,
			    "found more than %u sets of fields, expected "
			    "fewer: perf.data has a table of events for them; "
			    "saved are %llu records in %llu bytes",
			    w->max_kinds, w->sink->nr_saved, w->sink->sz_saved);
		return -E2BIG;
	}
	w->has_raw |= raw;
	w->kinds[w->nr_kinds++] = (struct pw_kind){
		.event = event,
		.has = has,
		.raw = raw,
		.sample_type = type_of_has(w, event, has, raw),
	};
	return w->head_done ? pw_add_attr(w, err) : 0;
}

static bool wants_raw(const struct perf_writer *w,
		      const struct trace_record *rec)
{
	return rec->has & TRACE_HAS_HW_VALID && is_ibs(w, rec->event);
}

static u32 wanted(const struct trace_record *rec, bool raw)
{
	return (rec->has & ALL) |
	       (raw ? TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR : 0);
}

static int declare_one(struct perf_writer *w, u32 event,
		       const struct trace_record *recs, size_t nr,
		       struct trace_error *err)
{
	const struct trace_event *e = event_at(w, event);
	u32 has = e ? has_of_type(e->sample_type) : TRAILER;
	size_t i, nr_samples = 0;
	bool raw = false;

	for (i = 0; i < nr; i++) {
		if (recs[i].type != TRACE_SAMPLE || recs[i].event != event)
			continue;
		if (!nr_samples++) {
			raw = wants_raw(w, &recs[i]);
			has &= TRACE_HAS_PHYS_ADDR;
		}
		has |= wanted(&recs[i], raw);
	}
	if (!nr_samples && !has)
		has = ALL;
	return add_kind(w, event, has, raw, err);
}

int pw_declare(struct perf_writer *w, const struct trace_record *recs,
	       size_t nr, struct trace_error *err)
{
	u32 nr_events = w->sink->info->nr_events, i;
	int ret = 0;

	if (w->pipe && w->head_done && w->nr_declared < nr_events) {
		trace_fault(err, w->sink->sz_saved,
			    "found event %u behind the first record, expected "
			    "all before it: a stream of perf.data names its "
			    "events first, a file need not",
			    w->nr_declared);
		return -EINVAL;
	}
	/* perf wants one, if only to have something that counts nothing. */
	if (!nr_events && !w->nr_kinds)
		return declare_one(w, 0, recs, nr, err);
	for (; w->nr_declared < nr_events && !ret; w->nr_declared++)
		if (!w->nr_kinds || w->nr_declared)
			ret = declare_one(w, w->nr_declared, recs, nr, err);
	for (i = 0; w->pipe && !w->head_done && i < nr_events && !ret; i++)
		if (w->kinds[i].has != ALL || w->kinds[i].raw != is_ibs(w, i))
			ret = add_kind(w, i, ALL, is_ibs(w, i), err);
	return ret;
}

static bool fits_sample(const struct pw_kind *kind,
			const struct trace_record *rec, u32 has, bool raw)
{
	return kind->event == rec->event && kind->raw == raw &&
	       !((kind->has ^ has) & PLAIN) &&
	       (kind->has & has & ALL) == (has & ALL);
}

/* The pid and tid of most types stand in the body as well. */
static bool has_task(const struct trace_record *rec)
{
	switch (rec->type) {
	case TRACE_MMAP:
	case TRACE_COMM:
	case TRACE_FORK:
	case TRACE_EXIT:
		return true;
	}
	return false;
}

static bool has_time(const struct trace_record *rec)
{
	switch (rec->type) {
	case TRACE_FORK:
	case TRACE_EXIT:
	case TRACE_THROTTLE:
	case TRACE_UNTHROTTLE:
		return true;
	}
	return false;
}

static bool fits_side(const struct pw_kind *kind,
		      const struct trace_record *rec)
{
	u32 differs = (kind->has ^ rec->has) & TRAILER;

	if (kind->event != rec->event)
		return false;
	if (has_task(rec))
		differs &= ~TRACE_HAS_TID;
	/* A time of 0 says that the other fields mean nothing either. */
	if (kind->has & TRACE_HAS_TIME && !(rec->has & TRACE_HAS_TIME))
		return !(rec->has & TRACE_HAS_CPU) &&
		       (has_task(rec) || !(rec->has & TRACE_HAS_TID));
	if (has_time(rec))
		differs &= ~TRACE_HAS_TIME;
	return !differs;
}

static bool fits(const struct pw_kind *kind, const struct trace_record *rec,
		 u32 has, bool raw)
{
	return rec->type == TRACE_SAMPLE ? fits_sample(kind, rec, has, raw) :
					   fits_side(kind, rec);
}

/* The kind of all fields, or the first if that was all. */
static long fullest(const struct perf_writer *w, u32 event)
{
	u32 i = w->nr_kinds;

	while (i--)
		if (w->kinds[i].event == event)
			return i;
	return 0;
}

long pw_kind_of(struct perf_writer *w, const struct trace_record *rec,
		struct trace_error *err)
{
	bool raw = wants_raw(w, rec);
	u32 has = wanted(rec, raw), i;
	int ret;

	for (i = 0; i < w->nr_kinds; i++)
		if (fits(&w->kinds[i], rec, has, raw))
			return i;
	if (w->pipe)
		return fullest(w, rec->event);
	if (rec->type != TRACE_SAMPLE)
		has = rec->has & TRAILER;
	ret = add_kind(w, rec->event, has, raw && rec->type == TRACE_SAMPLE,
		       err);
	return ret ? ret : i;
}
