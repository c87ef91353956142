// SPDX-License-Identifier: GPL-2.0
/*
 * Records as the kernel writes them, field after field, next to what a reader
 * has to make of each.
 */
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "support_perf_data.h"

static void expect(struct build *b, const struct trace_record *rec)
{
	if (b->nr_expected == b->max_expected) {
		b->max_expected = b->max_expected ? 2 * b->max_expected : 64;
		b->expected = realloc(b->expected,
				      b->max_expected * sizeof(*b->expected));
		ck_assert_ptr_nonnull(b->expected);
	}
	b->expected[b->nr_expected++] = *rec;
}

static void put_array(struct build *b, struct bytes *to, u64 nr, u32 nr_words)
{
	u64 i;

	put_u64(b, to, nr);
	for (i = 0; i < nr * nr_words; i++)
		put_u64(b, to, build_random(b));
}

static void put_random(struct build *b, struct bytes *to, u32 nr_words)
{
	while (nr_words--)
		put_u64(b, to, build_random(b));
}

static void put_read(struct build *b, struct bytes *to, u64 format)
{
	u64 nr = format & PERF_FORMAT_GROUP ? build_below(b, 5) : 1;
	u32 words =
		1 + !!(format & PERF_FORMAT_ID) + !!(format & PERF_FORMAT_LOST);

	if (format & PERF_FORMAT_GROUP)
		put_u64(b, to, nr);
	if (format & PERF_FORMAT_TOTAL_TIME_ENABLED)
		put_random(b, to, 1);
	if (format & PERF_FORMAT_TOTAL_TIME_RUNNING)
		put_random(b, to, 1);
	put_random(b, to, nr * words);
}

static void put_branches(struct build *b, struct bytes *to, u64 branch_type)
{
	u64 nr = build_below(b, 4), i;
	/* No list at all: then neither an index. */
	bool none = !nr && build_below(b, 2);

	put_u64(b, to, nr);
	if (branch_type & PERF_BRANCH_HW_INDEX && !none)
		put_random(b, to, 1);
	for (i = 0; i < nr; i++)
		put_random(b, to, 3);
	if (branch_type & PERF_BRANCH_COUNTERS)
		put_random(b, to, nr);
}

static void put_regs(struct build *b, struct bytes *to, u64 mask)
{
	u64 abi = build_below(b, 3);

	put_u64(b, to, abi);
	if (abi)
		put_random(b, to, __builtin_popcountll(mask));
}

static void put_stack(struct build *b, struct bytes *to)
{
	u64 nr = build_below(b, 2) ? 8 * (1 + build_below(b, 9)) : 0;

	put_u64(b, to, nr);
	if (!nr)
		return;
	put_random(b, to, nr / 8);
	put_u64(b, to, build_below(b, nr));
}

static void put_raw(struct build *b, struct bytes *to, const void *raw, u32 len)
{
	size_t start = to->len;

	put_u32(b, to, len);
	bytes_add(to, raw, len);
	while ((to->len - start) % 8)
		bytes_add(to, "", 1);
}

/* Behind READ, where the lengths begin to differ. */
static void put_tail(struct build *b, struct bytes *to,
		     const struct build_event *event, struct trace_record *rec,
		     const void *raw, u32 sz_raw)
{
	u64 type = event->sample_type, weight = build_random(b);

	if (type & PERF_SAMPLE_CALLCHAIN)
		put_array(b, to, build_below(b, 6), 1);
	if (type & PERF_SAMPLE_RAW)
		put_raw(b, to, raw, sz_raw);
	if (type & PERF_SAMPLE_BRANCH_STACK)
		put_branches(b, to, event->branch_type);
	if (type & PERF_SAMPLE_REGS_USER)
		put_regs(b, to, event->regs_user);
	if (type & PERF_SAMPLE_STACK_USER)
		put_stack(b, to);
	if (type & (PERF_SAMPLE_WEIGHT | PERF_SAMPLE_WEIGHT_STRUCT)) {
		if (build_below(b, 2))
			weight &= 0xffff;
		put_u64(b, to, weight);
		rec->weight = type & PERF_SAMPLE_WEIGHT && weight >> 32 ?
				      0xffffffff :
				      weight;
		rec->has |= TRACE_HAS_WEIGHT;
	}
	if (type & PERF_SAMPLE_DATA_SRC) {
		rec->data_src = build_random(b);
		rec->has |= TRACE_HAS_DATA_SRC;
		put_u64(b, to, rec->data_src);
	}
	if (type & PERF_SAMPLE_TRANSACTION)
		put_random(b, to, 1);
	if (type & PERF_SAMPLE_REGS_INTR)
		put_regs(b, to, event->regs_intr);
	if (type & PERF_SAMPLE_PHYS_ADDR) {
		rec->phys_addr = build_below(b, 4) ? build_random(b) : 0;
		rec->has |= rec->phys_addr ? TRACE_HAS_PHYS_ADDR : 0;
		put_u64(b, to, rec->phys_addr);
	}
	if (type & PERF_SAMPLE_CGROUP)
		put_random(b, to, 1);
	if (type & PERF_SAMPLE_DATA_PAGE_SIZE)
		put_random(b, to, 1);
	if (type & PERF_SAMPLE_CODE_PAGE_SIZE)
		put_random(b, to, 1);
	if (type & PERF_SAMPLE_AUX) {
		u64 nr = build_below(b, 4);

		put_u64(b, to, 8 * nr);
		put_random(b, to, nr);
	}
}

void build_sample_raw(struct build *b, u32 nr, const void *raw, u32 len)
{
	const struct build_event *event = &b->events[nr];
	u64 type = event->sample_type;
	u64 id = event->nr_ids ? event->ids[build_below(b, event->nr_ids)] : 7;
	u16 mode = build_below(b, 8);
	struct trace_record rec = {
		.type = TRACE_SAMPLE,
		.event = nr,
		.mode = mode <= TRACE_MODE_GUEST_USER ? mode : 0,
	};
	struct bytes body = { 0 };

	if (type & PERF_SAMPLE_IDENTIFIER)
		put_u64(b, &body, id);
	if (type & PERF_SAMPLE_IP) {
		rec.ip = build_random(b);
		rec.has |= TRACE_HAS_IP;
		put_u64(b, &body, rec.ip);
	}
	if (type & PERF_SAMPLE_TID) {
		rec.pid = build_random(b);
		rec.tid = build_random(b);
		rec.has |= TRACE_HAS_TID;
		put_u32(b, &body, rec.pid);
		put_u32(b, &body, rec.tid);
	}
	if (type & PERF_SAMPLE_TIME) {
		rec.time_ns = b->time_ns;
		rec.has |= TRACE_HAS_TIME;
		put_u64(b, &body, rec.time_ns);
	}
	if (type & PERF_SAMPLE_ADDR) {
		rec.addr = build_below(b, 4) ? build_random(b) : 0;
		rec.has |= TRACE_HAS_ADDR;
		put_u64(b, &body, rec.addr);
	}
	if (type & PERF_SAMPLE_ID)
		put_u64(b, &body, id);
	if (type & PERF_SAMPLE_STREAM_ID)
		put_random(b, &body, 1);
	if (type & PERF_SAMPLE_CPU) {
		rec.cpu = build_random(b);
		rec.has |= TRACE_HAS_CPU;
		put_u32(b, &body, rec.cpu);
		put_u32(b, &body, 0xdeadbeef);
	}
	if (type & PERF_SAMPLE_PERIOD)
		put_random(b, &body, 1);
	if (type & PERF_SAMPLE_READ)
		put_read(b, &body, event->read_format);
	put_tail(b, &body, event, &rec, raw, len);
	build_record(b, PERF_RECORD_SAMPLE, mode | 1u << 14, body.p, body.len);
	b->counts.nr_samples++;
	expect(b, &rec);
	bytes_free(&body);
}

void build_sample(struct build *b, u32 event)
{
	u8 raw[32] = "not the registers of anything";

	/* The kernel pads the data, a tool may leave it to the field. */
	build_sample_raw(b, event, raw, build_below(b, sizeof(raw) + 1));
}

/* The fields at the end, from the sort of sample that the event has. */
static void put_trailer(struct build *b, struct bytes *to, u32 nr,
			struct trace_record *rec)
{
	const struct build_event *event = &b->events[nr];
	u64 type = event->sample_type, id = event->nr_ids ? event->ids[0] : 7;
	bool keep_tid = rec->has & TRACE_HAS_TID;

	if (!(event->flags & PERF_ATTR_SAMPLE_ID_ALL))
		return;
	if (type & PERF_SAMPLE_TID) {
		u32 pid = build_random(b), tid = build_random(b);

		put_u32(b, to, pid);
		put_u32(b, to, tid);
		if (!keep_tid) {
			rec->pid = pid;
			rec->tid = tid;
			rec->has |= TRACE_HAS_TID;
		}
	}
	if (type & PERF_SAMPLE_TIME) {
		put_u64(b, to, b->time_ns);
		rec->time_ns = b->time_ns;
		rec->has |= TRACE_HAS_TIME;
	}
	if (type & PERF_SAMPLE_ID)
		put_u64(b, to, id);
	if (type & PERF_SAMPLE_STREAM_ID)
		put_random(b, to, 1);
	if (type & PERF_SAMPLE_CPU) {
		rec->cpu = build_random(b);
		rec->has |= TRACE_HAS_CPU;
		put_u32(b, to, rec->cpu);
		put_u32(b, to, 0xdeadbeef);
	}
	if (type & PERF_SAMPLE_IDENTIFIER)
		put_u64(b, to, id);
	rec->event = nr;
}

static void put_task(struct build *b, struct bytes *to,
		     struct trace_record *rec)
{
	rec->pid = build_random(b);
	rec->tid = build_random(b);
	rec->has |= TRACE_HAS_TID;
	put_u32(b, to, rec->pid);
	put_u32(b, to, rec->tid);
}

static void put_lifetime(struct build *b, struct bytes *to,
			 struct trace_record *rec)
{
	rec->pid = build_random(b);
	rec->ppid = build_random(b);
	rec->tid = build_random(b);
	rec->time_ns = b->time_ns;
	rec->has |= TRACE_HAS_TID | TRACE_HAS_TIME;
	put_u32(b, to, rec->pid);
	put_u32(b, to, rec->ppid);
	put_u32(b, to, rec->tid);
	put_u32(b, to, 0xdeadbeef);
	put_u64(b, to, b->time_ns);
}

static void put_mapping(struct build *b, struct bytes *to,
			struct trace_record *rec, u32 nr_words)
{
	put_task(b, to, rec);
	rec->addr = build_random(b);
	rec->nr = build_random(b);
	rec->has |= TRACE_HAS_ADDR;
	put_u64(b, to, rec->addr);
	put_u64(b, to, rec->nr);
	put_random(b, to, nr_words);
}

static void put_throttle(struct build *b, struct bytes *to, u32 nr,
			 struct trace_record *rec)
{
	rec->time_ns = b->time_ns;
	rec->has |= TRACE_HAS_TIME;
	rec->event = nr;
	put_u64(b, to, b->time_ns);
	put_u64(b, to, b->events[nr].nr_ids ? b->events[nr].ids[0] : 7);
	put_random(b, to, 1);
}

void build_side_record(struct build *b)
{
	u32 nr = build_below(b, b->nr_events);
	struct trace_record rec = { 0 };
	struct bytes body = { 0 };
	bool skipped = false;
	u16 misc = 1;
	u32 type;

	rec.mode = 1;
	switch (build_below(b, 11)) {
	case 0:
		type = PERF_RECORD_MMAP;
		rec.type = TRACE_MMAP;
		put_mapping(b, &body, &rec, 1 + 2);
		break;
	case 1:
		type = PERF_RECORD_MMAP2;
		rec.type = TRACE_MMAP;
		put_mapping(b, &body, &rec, 1 + 4 + 4);
		break;
	case 2:
		type = PERF_RECORD_COMM;
		rec.type = TRACE_COMM;
		if (build_below(b, 2)) {
			misc |= PERF_MISC_COMM_EXEC;
			rec.has |= TRACE_HAS_EXEC;
		}
		put_task(b, &body, &rec);
		bytes_add(&body, "comm\0\0\0", 8);
		trace_set_comm(&rec, "comm", 4);
		break;
	case 3:
		type = PERF_RECORD_FORK;
		rec.type = TRACE_FORK;
		put_lifetime(b, &body, &rec);
		break;
	case 4:
		type = PERF_RECORD_EXIT;
		rec.type = TRACE_EXIT;
		put_lifetime(b, &body, &rec);
		break;
	case 5:
		type = PERF_RECORD_LOST;
		rec.type = TRACE_LOST;
		rec.nr = build_below(b, 1000);
		rec.event = nr;
		b->counts.nr_lost += rec.nr;
		put_u64(b, &body,
			b->events[nr].nr_ids ? b->events[nr].ids[0] : 7);
		put_u64(b, &body, rec.nr);
		break;
	case 6:
		type = PERF_RECORD_LOST_SAMPLES;
		rec.type = TRACE_LOST_SAMPLES;
		rec.nr = build_below(b, 1000);
		b->counts.nr_lost_samples += rec.nr;
		put_u64(b, &body, rec.nr);
		break;
	case 7:
		type = PERF_RECORD_THROTTLE;
		rec.type = TRACE_THROTTLE;
		b->counts.nr_throttle++;
		put_throttle(b, &body, nr, &rec);
		break;
	case 8:
		type = PERF_RECORD_UNTHROTTLE;
		rec.type = TRACE_UNTHROTTLE;
		b->counts.nr_unthrottle++;
		put_throttle(b, &body, nr, &rec);
		break;
	case 9: /* of this kernel, of no use */
		type = 11 + 3 * build_below(b, 2); /* AUX, SWITCH */
		put_random(b, &body, build_below(b, 4));
		skipped = true;
		break;
	default: /* of a kernel and a tool to come */
		type = build_below(b, 2) ? 40 : 4000000000u;
		put_random(b, &body, build_below(b, 4));
		skipped = true;
		break;
	}
	if (!skipped)
		put_trailer(b, &body, nr, &rec);
	build_record(b, type, misc, body.p, body.len);
	if (skipped)
		b->counts.nr_skipped++;
	else
		expect(b, &rec);
	bytes_free(&body);
}

void build_typical(struct build *b, bool big, bool pipe, enum packing packing)
{
	u32 i;

	build_init(b, 1);
	b->big = big;
	b->pipe = pipe;
	b->packing = packing;
	b->nr_events = 3;
	b->ibs_op = "ibs_op";
	for (i = 0; i < b->nr_events; i++)
		b->events[i] = (struct build_event){
			.name = i ? i == 1 ? "chains" : "raw" : "plain",
			.type = i == 2 ? 11 : 1,
			.period = 1000 + i,
			.flags = PERF_ATTR_SAMPLE_ID_ALL,
			.sample_type = PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP |
				       PERF_SAMPLE_TID | PERF_SAMPLE_TIME |
				       PERF_SAMPLE_ADDR | PERF_SAMPLE_CPU |
				       PERF_SAMPLE_DATA_SRC |
				       PERF_SAMPLE_PHYS_ADDR,
			.ids = { 100 + i, 200 + i },
			.nr_ids = 2,
		};
	b->events[1].sample_type |=
		PERF_SAMPLE_CALLCHAIN | PERF_SAMPLE_BRANCH_STACK |
		PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
	b->events[1].branch_type = PERF_BRANCH_HW_INDEX;
	b->events[1].regs_user = 3;
	b->events[2].sample_type |= PERF_SAMPLE_RAW;
	for (i = 0; i < 6; i++) {
		b->time_ns += 10;
		build_sample(b, i % 3);
		if (i % 2)
			build_side_record(b);
		if (i % 3 == 2)
			build_round(b);
	}
	build_payload(b);
	build_sample(b, 0);
	build_finish(b);
}
