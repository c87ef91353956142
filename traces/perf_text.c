// SPDX-License-Identifier: GPL-2.0
/*
 * What perf script prints, read back: for captures that travel as text.
 *
 * A line is a sample, and more lines may belong to it:
 *
 *   comm 7 [001] 5.464302: 1 faults: 7f02 sym (dso) 1e0 |OP ..|BLK N/A 3 4010
 *   comm 7/8 [001] 5.464302102: faults:     7f0000 ffffffff8101 sym+0x1 (dso)
 *           ffffffff81000001 sym+0x1 (dso)       with a tab: a callchain, whose
 *           5501 main+0x1 (/bin/prog)            first, in a kernel, is the ip
 *          1234000                               its physical address
 *   comm 7 [001] 5.464302: PERF_RECORD_...       see perf_text_side.c
 *   # cpuid : AuthenticAMD,25,17,1               with --header
 *
 * Any selection of fields (-F) is read, as long as it can be told which number
 * is which; perf_text_roles.c has the rules.  perf prints its fields in columns
 * and those count: text that lost its blanks is refused.
 *
 * What the text does not say: a process, if only threads are printed
 * (perf_text_names.c); who ran, if not by the address of the instruction;
 * nanoseconds, but with --ns.
 *
 * The first 64 KiB are looked at before a record is delivered.  A line may have
 * a MiB.  A last line without its end is a fault: nobody knows what is missing.
 *
 * Not here: registers, branches, raw data, which are passed over.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "perf_text.h"

#define SZ_LOOK (64u << 10)

int pt_fault(struct perf_text *pt, struct trace_error *err, const char *fmt,
	     ...)
{
	size_t used;
	va_list args;

	trace_fault(err, pt->line_offset, "line %llu: ", pt->line);
	used = strlen(err->text);
	va_start(args, fmt);
	vsnprintf(err->text + used, sizeof(err->text) - used, fmt, args);
	va_end(args);
	return -EBADMSG;
}

static bool is_text(u8 c)
{
	return c >= 0x80 || (c >= ' ' && c != 0x7f) || c == '\t' || c == '\n' ||
	       c == '\r';
}

static bool text_probe(const u8 *head, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < TRACE_SZ_PROBE; i++)
		if (!is_text(head[i]))
			return false;
	return len > 0;
}

/*
 * Cut the next line, without its end, and leave the input before it.
 * Return: 1; 0 at the end; -EBADMSG, -errno.
 */
static int next_line(struct perf_text *pt, struct pt_piece *line,
		     struct trace_error *err)
{
	struct input *in = &pt->src->in;
	size_t seen = 0, left;
	const u8 *end;
	int ret;

	pt->line_offset = input_offset(in);
	pt->line++;
	for (;;) {
		left = input_left(in);
		end = left > seen ? memchr(in->cur + seen, '\n', left - seen) :
				    NULL;
		if (end ? end - in->cur > PT_SZ_LINE_MAX :
			  left >= PT_SZ_LINE_MAX)
			return pt_fault(pt, err,
					"found a line of more than %u bytes, "
					"expected its end",
					PT_SZ_LINE_MAX);
		if (end)
			break;
		seen = left;
		ret = input_fill(in, left + 1);
		if (ret < 0)
			return trace_system_fault(err, pt->line_offset, "read",
						  ret);
		if (!ret && !left)
			return 0;
		if (!ret)
			return pt_fault(pt, err,
					"found the end of the input, expected "
					"that of the line: the text is cut "
					"short");
	}
	pt->sz_next = end + 1 - in->cur;
	*line = (struct pt_piece){ (const char *)in->cur, (const char *)end };
	if (line->end > line->p && line->end[-1] == '\r')
		line->end--;
	if (memchr(line->p, 0, line->end - line->p))
		return pt_fault(pt, err,
				"found a byte of 0, expected text of perf "
				"script");
	return 1;
}

/* Behind the line that was cut last. */
static void pass_line(struct perf_text *pt)
{
	pt->src->in.cur += pt->sz_next;
}

static void look_at_front(struct perf_text *pt, struct pt_piece line)
{
	enum pt_front front = pt_front(line.p, line.end);

	if (front > pt->front)
		pt->front = front;
}

static void look_at_numbers(struct perf_text *pt, struct pt_piece line)
{
	struct pt_head head;
	struct pt_tail tail;

	pt_parse_head(&head, line.p, line.end, pt->front);
	if (head.is_side)
		return;
	pt_parse_tail(&tail, &pt->votes, head.rest, line.end);
	pt_vote(&pt->votes, &tail);
	if (!pt->first.p)
		pt->first = line;
}

static void look_at_all(struct perf_text *pt,
			void (*look)(struct perf_text *, struct pt_piece))
{
	const char *p = (const char *)pt->src->in.cur, *end, *stop;
	size_t left = input_left(&pt->src->in);

	stop = p + (left < SZ_LOOK ? left : SZ_LOOK);
	for (; p < stop; p = end + 1) {
		end = memchr(p, '\n', stop - p);
		if (!end)
			break;
		if (end == p || *p == '#' || *p == '\t')
			continue;
		look(pt, (struct pt_piece){ p, end - (end[-1] == '\r') });
	}
}

/*
 * What one line leaves open others may tell.  The first sample's event comes
 * first, whatever records are before it.
 */
static int look_ahead(struct perf_text *pt, struct trace_error *err)
{
	struct trace_counts counts = pt->src->counts;
	struct trace_record ignored;
	int ret = 0;

	look_at_all(pt, look_at_front);
	look_at_all(pt, look_at_numbers);
	/* It is counted from the start again. */
	pt->votes.sz_src_words = 0;
	if (pt->first.p)
		ret = pt_take_line(pt, pt->first, &ignored, err);
	pt->votes.sz_src_words = 0;
	pt->src->counts = counts;
	pt->in_chain = pt->after_sample = false;
	/* What is wrong with it is said when it is its turn. */
	return ret < 0 && ret != -EBADMSG ? ret : 0;
}

/*
 * Up to the first record, so that what is no text of perf is no capture.
 */
static int read_first(struct perf_text *pt, struct trace_error *err)
{
	const struct pt_head nothing = { 0 };
	struct pt_piece line;
	int ret;

	do {
		ret = next_line(pt, &line, err);
		if (ret <= 0)
			break;
		ret = pt_take_line(pt, line, &pt->held, err);
		if (ret >= 0)
			pass_line(pt);
		pt->is_held = ret > 0;
	} while (!ret && !pt->src->counts.nr_skipped);
	if (ret == -EBADMSG) {
		/* It need not be text of perf at all. */
		err->offset = 0;
		strncat(err->text, ", or a capture of another format",
			sizeof(err->text) - 1 - strlen(err->text));
	}
	if (ret < 0)
		return ret;
	ret = pt->src->info.nr_events ? 0 : pt_event(pt, &nothing, 0, err);
	return ret < 0 ? ret : 0;
}

static int text_open(struct trace_source *src, struct trace_error *err)
{
	struct perf_text *pt = calloc(1, sizeof(*pt));
	int ret;

	if (!pt)
		return trace_system_fault(err, 0, "open", -ENOMEM);
	src->priv = pt;
	pt->src = src;
	src->info.format = "perf script";
	ret = input_fill(&src->in, SZ_LOOK);
	if (ret < 0)
		return trace_system_fault(err, 0, "read", ret);
	ret = look_ahead(pt, err);
	return ret ? ret : read_first(pt, err);
}

static void note_late(struct perf_text *pt, const struct trace_record *rec)
{
	if (!(rec->has & TRACE_HAS_TIME))
		return;
	if (rec->time_ns < pt->latest_ns)
		pt->src->counts.nr_late++;
	else
		pt->latest_ns = rec->time_ns;
}

/* The record that is complete; true if there was one. */
static bool let_go(struct perf_text *pt, struct trace_record *to)
{
	if (!pt->is_held)
		return false;
	*to = pt->held;
	pt->is_held = false;
	note_late(pt, to);
	return true;
}

/* Return: 1 with a record in @to; 0 at the end or a fault, which pt has. */
static int read_one(struct perf_text *pt, struct trace_record *to)
{
	struct trace_record rec;
	struct pt_piece line;
	int ret;

	while (!pt->ended) {
		ret = next_line(pt, &line, &pt->error);
		if (ret > 0) {
			ret = pt_take_line(pt, line, &rec, &pt->error);
			if (ret >= 0)
				pass_line(pt);
			if (!ret)
				continue;
		} else {
			pt->ended = true;
		}
		if (ret < 0) {
			pt->status = ret;
			pt->ended = true;
		}
		if (ret <= 0)
			break;
		if (let_go(pt, to)) {
			pt->held = rec;
			pt->is_held = true;
			return 1;
		}
		pt->held = rec;
		pt->is_held = true;
	}
	return let_go(pt, to);
}

static long text_read(struct trace_source *src, struct trace_record *recs,
		      size_t nr, struct trace_error *err)
{
	struct perf_text *pt = src->priv;
	size_t done = 0;

	while (done < nr && read_one(pt, recs + done))
		done++;
	if (done)
		return done;
	if (pt->status)
		*err = pt->error;
	return pt->status;
}

static void text_close(struct trace_source *src)
{
	struct perf_text *pt = src->priv;

	if (!pt)
		return;
	free(pt->threads);
	free(src->info.events);
	free(pt);
}

const struct trace_ops perf_text_ops = {
	.name = "text of perf script",
	.probe = text_probe,
	.open = text_open,
	.read = text_read,
	.close = text_close,
};
