// SPDX-License-Identifier: GPL-2.0
/*
 * One record, field after field in the kernel's order.
 *
 * Ours know no names: a process is called ":PID", as perf calls one that it
 * knows nothing of, and a mapping is anonymous memory.  perf looks for nothing
 * in a process that it was never told of, so one that only samples tell of gets
 * a name and one mapping of all its addresses, before its first sample.
 *
 * Of IBS registers only what a record knows is written: which addresses are
 * valid, they themselves, load or store, the latency.  The rest is zero.
 */
#include <stdio.h>
#include <string.h>

#include "ibs_raw.h"
#include "perf_write.h"

/* perf holds back two rounds of records to sort them. */
#define NR_ROUND 16384u

/* Processes that are told apart; Linux has no more. */
#define NR_PIDS (1u << 22)

/* What a process of which nothing is known may have mapped. */
#define ADDR_FIRST 0x1000ull
#define ADDR_END 0x7ffffffff000ull

/* As the kernel says of an access of which nothing is known. */
#define MEM_NA 0x1e05080021ull
#define MEM_OP_LOAD 2u
#define MEM_OP_STORE 4u

/* Names are cut to end at a multiple of eight bytes. */
#define SZ_NAME 16u

/* @name has SZ_NAME bytes, padded with zeros. */
static u8 *put_name(u8 *p, const char *name)
{
	memcpy(p, name, SZ_NAME);
	return p + SZ_NAME;
}

static u8 *put_trailer(u8 *p, const struct pw_kind *kind, u32 index,
		       const struct trace_record *rec)
{
	u64 time_ns = rec->has & TRACE_HAS_TIME ? rec->time_ns : 0;

	if (kind->has & TRACE_HAS_TID)
		p = pw_u32(pw_u32(p, rec->pid), rec->tid);
	if (kind->has & TRACE_HAS_TIME)
		p = pw_u64(p, time_ns);
	if (kind->has & TRACE_HAS_CPU)
		p = pw_u64(p, rec->cpu);
	return pw_u64(p, pw_id(index));
}

static u8 *put_ibs(u8 *p, const struct trace_record *rec)
{
	bool lin = rec->has & TRACE_HAS_ADDR;
	bool phys = rec->has & TRACE_HAS_PHYS_ADDR;
	u64 ctl = 0, data3 = 0;

	if (rec->has & TRACE_HAS_HW_VALID)
		ctl = IBS_OP_CTL_EN | IBS_OP_CTL_VAL;
	if (rec->has & TRACE_HAS_DATA_SRC) {
		if (rec->data_src & MEM_OP_LOAD)
			data3 |= IBS_OP_DATA3_LD_OP;
		if (rec->data_src & MEM_OP_STORE)
			data3 |= IBS_OP_DATA3_ST_OP;
	}
	/* Only such an op has addresses. */
	if ((lin || phys) && !data3)
		data3 = IBS_OP_DATA3_LD_OP;
	if (lin)
		data3 |= IBS_OP_DATA3_DC_LIN_ADDR_VALID;
	if (phys)
		data3 |= IBS_OP_DATA3_DC_PHY_ADDR_VALID;
	if (rec->has & TRACE_HAS_WEIGHT)
		data3 |= (u64)(rec->weight > 0xffff ? 0xffff : rec->weight)
			 << 32;
	p = pw_u32(p, PW_SZ_IBS);
	p = pw_u32(p, 0); /* capabilities */
	p = pw_u64(p, ctl);
	p = pw_u64(p, rec->has & TRACE_HAS_IP ? rec->ip : 0);
	p = pw_u64(p, 0);
	p = pw_u64(p, 0);
	p = pw_u64(p, data3);
	p = pw_u64(p, lin ? rec->addr : 0);
	return pw_u64(p, phys ? rec->phys_addr : 0);
}

/* @rec may lack what others of its kind have; @now_ns keeps its place then. */
static u8 *put_sample(u8 *p, const struct pw_kind *kind, u32 index,
		      const struct trace_record *rec, u64 now_ns)
{
	struct trace_record r = *rec;
	u32 has = kind->has, lacks = has & ~rec->has;

	if (lacks & TRACE_HAS_IP)
		r.ip = 0;
	if (lacks & TRACE_HAS_TID)
		r.pid = r.tid = 0;
	if (lacks & TRACE_HAS_TIME)
		r.time_ns = now_ns;
	if (lacks & TRACE_HAS_ADDR)
		r.addr = 0;
	if (lacks & TRACE_HAS_CPU)
		r.cpu = 0;
	if (lacks & TRACE_HAS_WEIGHT)
		r.weight = 0;
	if (lacks & TRACE_HAS_DATA_SRC)
		r.data_src = MEM_NA;
	if (lacks & TRACE_HAS_PHYS_ADDR)
		r.phys_addr = 0;

	p = pw_u64(p, pw_id(index));
	if (has & TRACE_HAS_IP)
		p = pw_u64(p, r.ip);
	if (has & TRACE_HAS_TID)
		p = pw_u32(pw_u32(p, r.pid), r.tid);
	if (has & TRACE_HAS_TIME)
		p = pw_u64(p, r.time_ns);
	if (has & TRACE_HAS_ADDR)
		p = pw_u64(p, r.addr);
	if (has & TRACE_HAS_CPU)
		p = pw_u64(p, r.cpu);
	if (kind->raw)
		p = put_ibs(p, rec);
	if (has & TRACE_HAS_WEIGHT)
		p = pw_u64(p, r.weight);
	if (has & TRACE_HAS_DATA_SRC)
		p = pw_u64(p, r.data_src);
	if (has & TRACE_HAS_PHYS_ADDR)
		p = pw_u64(p, r.phys_addr);
	return p;
}

static bool is_kernel(const struct trace_record *rec)
{
	return rec->mode == TRACE_MODE_KERNEL ||
	       rec->mode == TRACE_MODE_GUEST_KERNEL;
}

static u8 *put_task(u8 *p, const struct trace_record *rec)
{
	u64 time_ns = rec->has & TRACE_HAS_TIME ? rec->time_ns : 0;

	p = pw_u32(pw_u32(p, rec->pid), rec->ppid);
	p = pw_u32(pw_u32(p, rec->tid), rec->ppid);
	return pw_u64(p, time_ns);
}

/* Return: the type; 0 if perf.data has none for it. */
static u32 put_side(u8 **p, u32 index, const struct trace_record *rec)
{
	u64 time_ns = rec->has & TRACE_HAS_TIME ? rec->time_ns : 0;
	char name[SZ_NAME] = "";

	switch (rec->type) {
	case TRACE_LOST:
		*p = pw_u64(pw_u64(*p, pw_id(index)), rec->nr);
		return PERF_RECORD_LOST;
	case TRACE_LOST_SAMPLES:
		*p = pw_u64(*p, rec->nr);
		return PERF_RECORD_LOST_SAMPLES;
	case TRACE_THROTTLE:
	case TRACE_UNTHROTTLE:
		*p = pw_u64(pw_u64(*p, time_ns), pw_id(index));
		*p = pw_u64(*p, pw_id(index));
		return rec->type == TRACE_THROTTLE ? PERF_RECORD_THROTTLE :
						     PERF_RECORD_UNTHROTTLE;
	case TRACE_MMAP:
		*p = pw_u32(pw_u32(*p, rec->pid), rec->tid);
		*p = pw_u64(pw_u64(pw_u64(*p, rec->addr), rec->nr), 0);
		strcpy(name, is_kernel(rec) ? "[kernel]" : "//anon");
		*p = put_name(*p, name);
		return PERF_RECORD_MMAP;
	case TRACE_COMM:
		trace_get_comm(rec, name);
		if (!*name)
			snprintf(name, sizeof(name), ":%u", rec->tid);
		*p = put_name(pw_u32(pw_u32(*p, rec->pid), rec->tid), name);
		return PERF_RECORD_COMM;
	case TRACE_FORK:
		*p = put_task(*p, rec);
		return PERF_RECORD_FORK;
	case TRACE_EXIT:
		*p = put_task(*p, rec);
		return PERF_RECORD_EXIT;
	}
	return 0;
}

/* Room for it is there. */
static bool put_record(struct perf_writer *w, u32 index,
		       const struct trace_record *rec)
{
	u8 *begin = w->buf + w->len, *p = begin + PERF_SZ_HEADER;
	u32 type = PERF_RECORD_SAMPLE;
	u16 misc = rec->mode & PERF_MISC_CPUMODE_MASK;

	if (rec->type == TRACE_SAMPLE)
		p = put_sample(p, &w->kinds[index], index, rec, w->now_ns);
	else
		type = put_side(&p, index, rec);
	if (!type)
		return false;
	if (rec->type != TRACE_SAMPLE)
		p = put_trailer(p, &w->kinds[index], index, rec);
	if (rec->type == TRACE_COMM && rec->has & TRACE_HAS_EXEC)
		misc |= PERF_MISC_COMM_EXEC;
	pw_header(begin, type, misc, p - begin);
	w->len += p - begin;
	return true;
}

/* True the first time that a process is heard of. */
static bool is_new_pid(struct perf_writer *w, u32 pid)
{
	u32 at = pid % NR_PIDS;
	u64 bit = 1ull << at % 64;
	bool is_new = !(w->pids[at / 64] & bit);

	w->pids[at / 64] |= bit;
	return is_new;
}

/* perf itself knows the idle task, and that a pid of -1 is nobody. */
static bool is_process(const struct trace_record *rec)
{
	return rec->has & TRACE_HAS_TID && rec->pid && rec->pid != ~0u;
}

static void introduce(struct perf_writer *w, u32 index,
		      const struct trace_record *sample)
{
	struct trace_record rec = {
		.type = TRACE_COMM,
		.pid = sample->pid,
		.tid = sample->pid,
		.has = TRACE_HAS_TID,
		.mode = TRACE_MODE_USER,
	};

	put_record(w, index, &rec);
	rec.type = TRACE_MMAP;
	rec.addr = ADDR_FIRST;
	rec.nr = ADDR_END - ADDR_FIRST;
	put_record(w, index, &rec);
}

int pw_round(struct perf_writer *w, struct trace_error *err)
{
	int ret = pw_room(w, PERF_SZ_HEADER, err);

	if (ret || !w->nr_in_round)
		return ret;
	pw_header(w->buf + w->len, PERF_RECORD_FINISHED_ROUND, 0,
		  PERF_SZ_HEADER);
	w->len += PERF_SZ_HEADER;
	w->nr_in_round = 0;
	return 0;
}

static void note_time(struct perf_writer *w, const struct trace_record *rec)
{
	if (!(rec->has & TRACE_HAS_TIME))
		return;
	w->now_ns = rec->time_ns;
	if (rec->type != TRACE_SAMPLE)
		return;
	if (rec->time_ns < w->first_ns)
		w->first_ns = rec->time_ns;
	if (rec->time_ns > w->last_ns)
		w->last_ns = rec->time_ns;
}

int pw_record(struct perf_writer *w, const struct trace_record *rec,
	      struct trace_error *err)
{
	struct trace_record untimed = *rec;
	long index;
	int ret;

	/* These times mark records that perf made up. */
	if (rec->type != TRACE_SAMPLE && (!rec->time_ns || !~rec->time_ns)) {
		untimed.has &= ~TRACE_HAS_TIME;
		rec = &untimed;
	}
	index = pw_kind_of(w, rec, err);
	ret = index < 0 ? index : 0;
	if (!ret)
		ret = pw_room(w, 3 * PW_SZ_RECORD_MAX, err);
	if (ret)
		return ret;
	if (is_process(rec) && is_new_pid(w, rec->pid) &&
	    rec->type == TRACE_SAMPLE)
		introduce(w, index, rec);
	if (!put_record(w, index, rec)) {
		w->sink->nr_skipped++;
		return 0;
	}
	note_time(w, rec);
	w->nr_put++;
	return ++w->nr_in_round < NR_ROUND ? 0 : pw_round(w, err);
}
