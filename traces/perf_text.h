/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reader of what perf script prints, shared by its files:
 *
 *   perf_text.c	the stream: its lines, and a look ahead
 *   perf_text_record.c	records of one line or more
 *   perf_text_line.c	who, where and when: up to the event's name
 *   perf_text_tail.c	the numbers behind it
 *   perf_text_roles.c	which number is which field
 *   perf_text_side.c	PERF_RECORD_ lines
 *   perf_text_names.c	events by name, processes by thread
 *
 * Private to this folder.
 */
#ifndef PERF_TEXT_H
#define PERF_TEXT_H

#include "perf_data.h"
#include "source.h"

/* As much as the input shows at a time. */
#define PT_SZ_LINE_MAX (INPUT_SZ_PEEK - 2)

#define PT_NR_NUMBERS 8u

/* A piece of a line; columns are counted from the line's start. */
struct pt_piece {
	const char *p, *end;
};

/* What the first 16 columns are, where nothing but numbers follows. */
enum pt_front { PT_FRONT_UNKNOWN, PT_FRONT_NUMBER, PT_FRONT_COMM };

/* What stands before the numbers. */
struct pt_head {
	bool has_tid, has_pid, has_cpu, has_time, has_period;
	bool is_side; /* PERF_RECORD_..., which is the rest then */
	bool undecided; /* it starts with a comm or a number */
	u32 pid, tid, cpu;
	u8 mode;
	u64 time_ns, period;
	struct pt_piece event; /* empty if not printed */
	const char *rest;
};

/*
 * One number.  @gap: columns from the end of what is before it to its own: 16
 * for most fields, 17 for an instruction's address.
 */
struct pt_number {
	u64 value;
	u64 decimal; /* read as one, if @is_decimal */
	bool is_decimal;
	bool has_text; /* a symbol follows */
	size_t gap;
};

/* The numbers; @src: the one before data_src's words. */
struct pt_tail {
	struct pt_number before[PT_NR_NUMBERS]; /* data_src, or all */
	struct pt_number after[PT_NR_NUMBERS];
	u32 nr_before, nr_after;
	bool has_src, has_words; /* words: a tracepoint's, or unknown */
	u64 src;
};

/* What each turned out to be; -1 for none. */
struct pt_roles {
	const struct pt_number *addr, *weight, *ip, *phys;
};

/*
 * A number that may be one of two fields: what was seen of it says which.
 * Rows: with data_src or not, with ip or not, numbers in the row, its place.
 */
struct pt_place {
	bool has_letter, is_high, is_set;
	u8 role; /* enum pt_role once it was used */
};

struct pt_votes {
	struct pt_place places[2][2][PT_NR_NUMBERS][PT_NR_NUMBERS];
	size_t sz_src_words; /* the most columns of data_src's words so far */
};

struct perf_text {
	struct trace_source *src;
	struct pt_votes votes;
	enum pt_front front;
	struct pt_piece first; /* sample, while looking ahead */
	u64 line; /* number of the one at hand */
	u64 line_offset;
	u64 latest_ns;
	size_t sz_next; /* bytes of input that the line at hand takes */

	/* A sample that lines of a callchain may follow. */
	struct trace_record held;
	bool is_held, in_chain;
	bool after_sample; /* the line before was one */

	u32 max_events, last_event;
	u64 *threads; /* PT_NR_THREADS rows: tid and pid */

	int status;
	bool ended;
	struct trace_error error;
};

/* perf_text.c: "line N: " and the rest.  Return: -EBADMSG */
int pt_fault(struct perf_text *pt, struct trace_error *err, const char *fmt,
	     ...) __attribute__((format(printf, 3, 4)));

/*
 * perf_text_record.c: take a line; pt->held is the sample that it may say more
 * of.
 * Return: 1 with a record; 0 if the line has none of its own; -errno.
 */
int pt_take_line(struct perf_text *pt, struct pt_piece line,
		 struct trace_record *out, struct trace_error *err);

/*
 * perf_text_line.c
 */
void pt_parse_head(struct pt_head *head, const char *line, const char *end,
		   enum pt_front front);
/* What a line tells of that. */
enum pt_front pt_front(const char *line, const char *end);
/* Digits of base 10 from @p on.  Return: behind them; NULL if none fit. */
const char *pt_parse_u64(u64 *value, const char *p, const char *end);

/* perf_text_tail.c; @votes learns how wide the words of data_src are. */
void pt_parse_tail(struct pt_tail *tail, struct pt_votes *votes, const char *p,
		   const char *end);
/* Only a number of base 16, up to @end or a blank.  Return: behind it, NULL */
const char *pt_parse_hex(struct pt_number *number, const char *p,
			 const char *end);

/* perf_text_roles.c */
#define PT_UNDECIDED                                                      \
	"one number that may be an address, a physical one or a weight: " \
	"print them with -F comm,tid,time,event,addr,ip,phys_addr"
void pt_vote(struct pt_votes *votes, const struct pt_tail *tail);
/* Return: NULL; or what cannot be told. */
const char *pt_roles(struct pt_roles *roles, struct pt_votes *votes,
		     const struct pt_tail *tail);

/* perf_text_side.c.  Return: 1; 0 to pass over it; -EBADMSG */
int pt_side(struct perf_text *pt, const struct pt_head *head, const char *end,
	    struct trace_record *out, struct trace_error *err);

/* perf_text_names.c.  Return: index of the event; -EBADMSG, -ENOMEM */
long pt_event(struct perf_text *pt, const struct pt_head *head, u32 has,
	      struct trace_error *err);
int pt_learn_thread(struct perf_text *pt, u32 pid, u32 tid);
u32 pt_pid_of(const struct perf_text *pt, u32 tid);

#endif
