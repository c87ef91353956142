// SPDX-License-Identifier: GPL-2.0
/* What perf script prints, see support_perf_text.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "support_perf_text.h"

static const char *const events[] = { "page-faults", "cpu-clock",
				      "cpu/mem-loads,ldlat=30/P",
				      "ibs_op/cnt_ctl=1/" };

/* A comm may be anything; only where perf pads it can it be told then. */
static const char *const comms[] = {
	"ls",
	"perf-exec",
	"x",
	"swapper",
	"kworker/0:1-eve",
	"a b",
	"x]:1 [000]",
	"1 [000] 1.00",
	"[001]",
	"::",
	"cc1",
	"12345",
	"1.000000:",
	"7/7 1.000000:",
	"a: b: c:",
};

#define NR_TAME 4u

static const char *const symbols[] = {
	"main",
	"add",
	"fade",
	"[unknown]",
	"operator new(unsigned long)",
	"std::f<int, 16>::g(char const*)",
	"deadbeef",
	"b12",
	"_dl_start",
	"a.b.constprop.0",
};

static const char *const dsos[] = {
	"[kernel.kallsyms]", "[unknown]",	 "/usr/lib/libc.so.6",
	"/tmp/a b/c",	     "/tmp/x (deleted)", "//anon",
};

static const char *const words[] = {
	"|OP N/A|LVL N/A or N/A|SNP N/A|TLB N/A|LCK N/A|BLK  N/A",
	"|OP LOAD|LVL L1 hit|SNP None|TLB L1 or L2 hit|LCK No|BLK  N/A",
	("|OP STORE|LVL L3 or Remote RAM (1 hop) hit|SNP HitM|TLB L2 miss|"
	 "LCK Yes|BLK  Data Addr"),
	"|OP LOAD|LVL LFB or LFB hit|SNP None|TLB Walker hit|LCK No",
};

#define PICK(t, array) \
	array[support_rng_below(&(t)->rng, sizeof(array) / sizeof(*array))]

void text_init(struct text *t, u64 seed)
{
	*t = (struct text){ .now_ns = 1000000000 };
	support_rng_init(&t->rng, seed);
}

void text_fini(struct text *t)
{
	free(t->p);
	free(t->expected);
	free(t->line_of);
}

static bool coin(struct text *t)
{
	return support_rng_below(&t->rng, 2);
}

void text_draw_fields(struct text *t)
{
	struct text_fields *f = &t->fields;

	*f = (struct text_fields){
		.comm = coin(t),
		.pid = coin(t),
		.tid = coin(t),
		.cpu = coin(t),
		.time = coin(t),
		.ns = coin(t),
		.event = coin(t),
		.period = coin(t),
		.addr = coin(t),
		.src = coin(t),
		.weight = coin(t),
		.ip = coin(t),
		.sym = coin(t),
		.dso = coin(t),
		.phys = coin(t),
		.misc = coin(t),
		.sz_tid = coin(t) ? 5 : 7,
	};
	f->chain = f->ip && support_rng_below(&t->rng, 4) == 0;
	f->misc &= f->time;
	f->pid &= f->tid;
	/* One number alone is the address or cannot be told. */
	if (!f->src && !f->ip && !f->addr)
		f->addr = true;
	/* Callchains leave only the rest in the line. */
	if (f->chain)
		f->addr = f->tid = f->time = true;
	if (f->comm)
		f->tid = f->event = true;
	/* Numbers behind a lone tid stand as perf's versions have it. */
	if (f->tid && !f->cpu && !f->time && !f->event)
		f->cpu = true;
	/* "3029" may be a comm's, where nothing else is. */
	if (f->weight && !f->addr && !f->src)
		f->time = true;
	f->sym &= f->ip;
	f->dso &= f->sym;
}

void text_add(struct text *t, const char *fmt, ...)
{
	va_list args;
	char *line;
	int len, i;

	va_start(args, fmt);
	len = vasprintf(&line, fmt, args);
	va_end(args);
	ck_assert_int_ge(len, 0);
	if (t->len + len + 1 > t->max) {
		t->max = 2 * (t->len + len + 1);
		t->p = realloc(t->p, t->max);
		ck_assert_ptr_nonnull(t->p);
	}
	memcpy(t->p + t->len, line, len + 1);
	t->len += len;
	for (i = 0; i < len; i++)
		t->nr_lines += line[i] == '\n';
	free(line);
}

static void expect(struct text *t, const struct trace_record *r)
{
	if (t->nr_expected == t->max_expected) {
		t->max_expected = 2 * t->max_expected + 64;
		t->expected = realloc(t->expected,
				      t->max_expected * sizeof(*t->expected));
		t->line_of = realloc(t->line_of,
				     t->max_expected * sizeof(*t->line_of));
		ck_assert(t->expected && t->line_of);
	}
	t->line_of[t->nr_expected] = t->nr_lines;
	t->expected[t->nr_expected++] = *r;
}

static void put_start(struct text *t, struct trace_record *r)
{
	const struct text_fields *f = &t->fields;
	char time[32];

	if (f->comm && f->chain)
		text_add(t, "%s ", comms[support_rng_below(&t->rng, NR_TAME)]);
	else if (f->comm)
		text_add(t, "%16s ", PICK(t, comms));
	if (f->tid && f->pid)
		text_add(t, "%*d/%-*d ", f->sz_tid, (int)r->pid, f->sz_tid,
			 (int)r->tid);
	else if (f->tid)
		text_add(t, "%*d ", f->sz_tid, (int)r->tid);
	if (f->tid)
		r->has |= TRACE_HAS_TID;
	else
		r->pid = r->tid = 0;
	if (f->tid && !f->pid)
		r->pid = r->tid;
	if (f->cpu) {
		text_add(t, "[%03u] ", r->cpu);
		r->has |= TRACE_HAS_CPU;
	} else {
		r->cpu = 0;
	}
	if (f->misc && r->type == TRACE_SAMPLE)
		text_add(t, "%-6s", r->mode == TRACE_MODE_KERNEL ? "K" : "U");
	if (!f->time) {
		r->time_ns = 0;
		return;
	}
	r->has |= TRACE_HAS_TIME;
	if (f->ns) {
		text_add(t, "%5llu.%09llu: ", r->time_ns / 1000000000,
			 r->time_ns % 1000000000);
		return;
	}
	r->time_ns -= r->time_ns % 1000;
	snprintf(time, sizeof(time), "%llu.%06llu", r->time_ns / 1000000000,
		 r->time_ns / 1000 % 1000000);
	text_add(t, "%12s: ", time);
}

static void put_symbol(struct text *t)
{
	if (t->fields.sym)
		text_add(t, " %s%s", PICK(t, symbols), coin(t) ? "+0x1f" : "");
	if (t->fields.dso)
		text_add(t, " (%s)", PICK(t, dsos));
}

static void put_src(struct text *t, struct trace_record *r)
{
	const char *text = PICK(t, words);

	if (strlen(text) > t->sz_src)
		t->sz_src = strlen(text);
	text_add(t, "%16llx %-*s", r->data_src, (int)t->sz_src, text);
	r->has |= TRACE_HAS_DATA_SRC;
}

static void put_chain(struct text *t, struct trace_record *r)
{
	u32 nr = support_rng_below(&t->rng, 5);

	text_add(t, "\n");
	if (r->mode == TRACE_MODE_KERNEL) {
		text_add(t, "\t%16llx", r->ip);
		put_symbol(t);
		text_add(t, "\n");
		r->has |= TRACE_HAS_IP;
	} else {
		/* The place in its file, which is not the instruction. */
		r->ip = 0;
		nr++;
		r->mode = t->fields.misc ? r->mode : TRACE_MODE_UNKNOWN;
	}
	while (nr--) {
		text_add(t, "\t%16llx", support_rng_below(&t->rng, 1u << 30));
		put_symbol(t);
		text_add(t, "\n");
	}
}

static void put_ip(struct text *t, struct trace_record *r)
{
	if (t->fields.chain) {
		put_chain(t, r);
		return;
	}
	text_add(t, " %16llx", r->ip);
	put_symbol(t);
	r->has |= TRACE_HAS_IP;
}

/* Both ways of no value, low and high ones. */
static u64 draw_addr(struct text *t)
{
	switch (support_rng_below(&t->rng, 8)) {
	case 0:
		return 0;
	case 1:
		return support_rng_below(&t->rng, 1u << 24);
	case 2:
		return 0xffff888000000000 | support_rng_below(&t->rng, 1 << 30);
	case 3:
		return 0x123456789012; /* as decimal as can be */
	default:
		return 0x7f0000000000 | support_rng_u64(&t->rng) >> 26;
	}
}

void text_sample(struct text *t)
{
	const struct text_fields *f = &t->fields;
	bool kernel = coin(t);
	struct trace_record r = {
		.type = TRACE_SAMPLE,
		.mode = kernel ? TRACE_MODE_KERNEL : TRACE_MODE_USER,
		.time_ns = t->now_ns += support_rng_below(&t->rng, 1u << 28),
		.addr = draw_addr(t),
		.ip = kernel ? 0xffffffff81000000 +
				       support_rng_below(&t->rng, 1u << 24) :
			       support_rng_u64(&t->rng) >> 17,
		/* Bits that mean something, as yet. */
		.data_src = support_rng_u64(&t->rng) >>
			    (18 + support_rng_below(&t->rng, 40)),
		.phys_addr = support_rng_u64(&t->rng) >> 26,
		.weight = support_rng_below(&t->rng, 5000),
		.pid = support_rng_below(&t->rng, 4000000),
		.cpu = support_rng_below(&t->rng, 2000),
	};

	r.tid = r.pid + support_rng_below(&t->rng, 3);
	put_start(t, &r);
	if (f->period)
		text_add(t, "%10llu ", support_rng_below(&t->rng, 1u << 20));
	if (f->event)
		text_add(t, "%24s: ", PICK(t, events));
	if (f->addr) {
		text_add(t, "%16llx", r.addr);
		r.has |= TRACE_HAS_ADDR;
		put_symbol(t);
	} else {
		r.addr = 0;
	}
	if (f->src)
		put_src(t, &r);
	else
		r.data_src = 0;
	if (f->weight) {
		text_add(t, "%16u", r.weight);
		r.has |= TRACE_HAS_WEIGHT;
	} else {
		r.weight = 0;
	}
	if (f->ip)
		put_ip(t, &r);
	else
		r.ip = 0;
	if (!f->ip)
		r.mode = f->misc ? r.mode : TRACE_MODE_UNKNOWN;
	if (f->phys) {
		text_add(t, "%16llx", r.phys_addr);
		r.has |= r.phys_addr ? TRACE_HAS_PHYS_ADDR : 0;
	} else {
		r.phys_addr = 0;
	}
	text_add(t, "\n");
	expect(t, &r);
	if (f->chain)
		text_add(t, "\n");
}

/* perf knows the process from the record itself. */
static void put_side(struct text *t, struct trace_record *r)
{
	const char *comm;
	u32 pid = r->pid;

	switch (r->type) {
	case TRACE_MMAP:
		text_add(t,
			 "PERF_RECORD_MMAP2 %u/%u: [0x%llx(0x%llx) @ 0 fe:00 "
			 "7 0]: r--p /a b: c\n",
			 pid, pid, r->addr, r->nr);
		r->has |= TRACE_HAS_ADDR;
		r->mode = TRACE_MODE_USER;
		break;
	case TRACE_COMM:
		comm = PICK(t, comms);
		text_add(t, "PERF_RECORD_COMM%s: %s:%u/%u\n",
			 r->has & TRACE_HAS_EXEC ? " exec" : "", comm, pid,
			 pid);
		trace_set_comm(r, comm, strlen(comm));
		break;
	case TRACE_FORK:
		text_add(t, "PERF_RECORD_FORK(%u:%u):(%u:%u)\n", pid, pid,
			 r->ppid, r->ppid);
		break;
	case TRACE_EXIT:
		text_add(t, "PERF_RECORD_EXIT(%u:%u):(%u:%u)\n", pid, pid,
			 r->ppid, r->ppid);
		break;
	default:
		text_add(t, "PERF_RECORD_LOST lost %llu\n", r->nr);
	}
}

void text_side(struct text *t)
{
	static const u8 types[] = { TRACE_MMAP, TRACE_COMM, TRACE_FORK,
				    TRACE_EXIT, TRACE_LOST };
	struct trace_record r = {
		.type = PICK(t, types),
		.time_ns = t->now_ns += 1000,
		.pid = 1 + support_rng_below(&t->rng, 100000),
		.cpu = support_rng_below(&t->rng, 16),
	};

	r.tid = r.pid;
	if (r.type == TRACE_MMAP) {
		r.addr = support_rng_u64(&t->rng) >> 17;
		r.nr = support_rng_below(&t->rng, 1u << 30);
	}
	if (r.type == TRACE_LOST)
		r.nr = support_rng_below(&t->rng, 1000);
	if (r.type == TRACE_FORK || r.type == TRACE_EXIT)
		r.ppid = support_rng_below(&t->rng, 1000);
	if (r.type == TRACE_COMM && coin(t))
		r.has |= TRACE_HAS_EXEC;
	t->fields.misc = false;
	put_start(t, &r);
	/* A record without a time has no CPU that means anything. */
	if (!t->fields.time) {
		r.has &= ~(TRACE_HAS_CPU | TRACE_HAS_TID);
		r.cpu = 0;
	}
	if (r.type != TRACE_LOST) {
		r.has |= TRACE_HAS_TID;
		if (!r.pid)
			r.pid = r.tid = 77;
	} else if (!(r.has & TRACE_HAS_TID)) {
		r.pid = r.tid = 0;
	}
	put_side(t, &r);
	expect(t, &r);
}
