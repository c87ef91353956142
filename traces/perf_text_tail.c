// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers behind an event's name, and the columns that they end in.
 *
 * perf right-aligns each in 16 columns.  A token of hexadecimal digits that
 * follows one blank is no number but a symbol ("add", "fade"), unless it fills
 * all 16; data_src of 16 digits stands behind an address without a blank.
 */
#include <string.h>

#include "perf_text.h"

#define WIDTH 16

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static u64 hex_value(const char *p, const char *end)
{
	u64 value = 0;

	for (; p < end; p++)
		value = value << 4 | hex_digit(*p);
	return value;
}

static size_t nr_hex(const char *p, const char *end)
{
	const char *begin = p;

	while (p < end && hex_digit(*p) >= 0)
		p++;
	return p - begin;
}

const char *pt_parse_hex(struct pt_number *number, const char *p,
			 const char *end)
{
	size_t nr = nr_hex(p, end);
	const char *next;

	if (!nr || nr > WIDTH || (p + nr < end && p[nr] != ' '))
		return NULL;
	*number = (struct pt_number){ .value = hex_value(p, p + nr) };
	next = pt_parse_u64(&number->decimal, p, p + nr);
	number->is_decimal = next == p + nr;
	return p + nr;
}

static bool at_words(const char *p, const char *end)
{
	return end - p >= 4 && !memcmp(p, " |OP", 4);
}

/*
 * data_src's words, "|OP LOAD|LVL L1 hit|...|BLK  N/A": the last section ends
 * before what could be a number.
 */
static const char *words_end(const char *p, const char *end)
{
	const char *last = p, *at = p, *token;
	size_t nr;

	for (; at < end; at++)
		if (*at == '|')
			last = at;
	at = last;
	do {
		while (at < end && *at != ' ')
			at++;
		last = at;
		while (at < end && *at == ' ')
			at++;
		token = at;
		nr = nr_hex(token, end);
	} while (at < end && !(nr && (token + nr == end || token[nr] == ' ')));
	return last;
}

struct cutter {
	const char *p, *end;
	const char *before; /* end of what the next column counts from */
	struct pt_tail *tail;
	struct pt_votes *votes;
};

static struct pt_number *room(struct pt_tail *tail)
{
	if (tail->has_src)
		return tail->nr_after < PT_NR_NUMBERS ?
			       &tail->after[tail->nr_after] :
			       NULL;
	return tail->nr_before < PT_NR_NUMBERS ?
		       &tail->before[tail->nr_before] :
		       NULL;
}

static void add(struct pt_tail *tail)
{
	if (tail->has_src)
		tail->nr_after++;
	else
		tail->nr_before++;
}

static void mark_text(struct pt_tail *tail)
{
	if (tail->has_src && tail->nr_after)
		tail->after[tail->nr_after - 1].has_text = true;
	else if (!tail->has_src && tail->nr_before)
		tail->before[tail->nr_before - 1].has_text = true;
	else
		tail->has_words = true;
}

/* Return: true if data_src starts here, with or without an address before. */
static bool cut_src(struct cutter *c)
{
	size_t nr = nr_hex(c->p, c->end), len;
	const char *end = c->p + nr;
	struct pt_number *addr = room(c->tail);

	if (!nr || nr > 2 * WIDTH || c->tail->has_src || !at_words(end, c->end))
		return false;
	if (nr > WIDTH && addr) {
		*addr = (struct pt_number){
			.value = hex_value(c->p, end - WIDTH),
			.gap = end - WIDTH - c->before,
		};
		add(c->tail);
		c->p = end - WIDTH;
	}
	c->tail->src = hex_value(c->p, end);
	c->tail->has_src = true;
	c->p = end + 1;
	end = words_end(c->p, c->end);
	len = end - c->p;
	if (len > c->votes->sz_src_words)
		c->votes->sz_src_words = len;
	/* Padded to the longest so far. */
	c->before = c->p + c->votes->sz_src_words;
	c->p = end;
	return true;
}

static bool cut_number(struct cutter *c)
{
	struct pt_number *number = room(c->tail), none;
	const char *next;

	next = pt_parse_hex(number ? number : &none, c->p, c->end);
	if (!next)
		return false;
	/* A symbol, and no number. */
	if (next - c->p < WIDTH && c->p - c->before == 1 &&
	    (c->tail->nr_before || c->tail->nr_after))
		return false;
	if (!number)
		return true;
	number->gap = next > c->before ? next - c->before : 0;
	add(c->tail);
	c->p = c->before = next;
	return true;
}

void pt_parse_tail(struct pt_tail *tail, struct pt_votes *votes, const char *p,
		   const char *end)
{
	struct cutter c = {
		.p = p, .end = end, .before = p, .tail = tail, .votes = votes
	};

	tail->nr_before = tail->nr_after = 0;
	tail->has_src = tail->has_words = false;
	for (;;) {
		while (c.p < end && *c.p == ' ')
			c.p++;
		if (c.p == end)
			return;
		if (cut_src(&c))
			continue;
		if (!room(tail))
			return;
		if (cut_number(&c))
			continue;
		mark_text(tail);
		/* What a tracepoint says may look like anything. */
		if (tail->has_words)
			return;
		while (c.p < end && *c.p != ' ')
			c.p++;
		c.before = c.p;
	}
}
