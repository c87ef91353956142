// SPDX-License-Identifier: GPL-2.0
/*
 * Records to the columns of a block.
 *
 * Each record is held against the guesses of the model, and what they leave
 * open goes into the columns; see native_model.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "native_model.h"

#define LOG_FIND 17
#define NR_FIND (1u << LOG_FIND)

struct native_encoder {
	struct model m;
	u64 step; /* of the clock, 2^-32 ns */
	struct native_clock clock;
	u32 find_who[NR_FIND]; /* index + 1 */
	u32 find_ip[NR_FIND], find_src[NR_FIND];
	struct ints_writer *ints;
	u64 *values[NATIVE_NR_COLUMNS];
	size_t nr[NATIVE_NR_COLUMNS];
};

int native_encoder_new(struct native_encoder **out)
{
	struct native_encoder *e = calloc(1, sizeof(*e));
	int i;

	if (!e)
		return -ENOMEM;
	if (ints_writer_new(&e->ints, NATIVE_NR_RECORDS * WHO_NR_VALUES))
		goto free;
	for (i = 0; i < NATIVE_NR_COLUMNS; i++) {
		e->values[i] = malloc(sizeof(u64) * NATIVE_NR_RECORDS *
				      native_per_record(i));
		if (!e->values[i])
			goto free;
	}
	*out = e;
	return 0;
free:
	native_encoder_free(e);
	return -ENOMEM;
}

void native_encoder_free(struct native_encoder *e)
{
	int i;

	if (!e)
		return;
	for (i = 0; i < NATIVE_NR_COLUMNS; i++)
		free(e->values[i]);
	ints_writer_free(e->ints);
	free(e);
}

static inline void put(struct native_encoder *e, enum native_column col,
		       u64 value)
{
	e->values[col][e->nr[col]++] = value;
}

/* Which columns a record needs. */
static u32 fields_of(const struct trace_record *rec)
{
	u32 fields = model_fields(rec->has);

	if (rec->type != TRACE_SAMPLE ||
	    (!(fields & WHO_TIME) && rec->time_ns) ||
	    (!(fields & WHO_IP) && rec->ip) ||
	    (!(fields & WHO_ADDR) && rec->addr) ||
	    (!(fields & WHO_PHYS) && rec->phys_addr) ||
	    (!(fields & WHO_SRC) && rec->data_src) ||
	    (!(fields & WHO_WEIGHT) && rec->weight))
		return (fields & WHO_TIME) | WHO_WHOLE;
	return fields;
}

static void put_known(struct native_encoder *e, u32 index)
{
	struct model *m = &e->m;
	u32 rank = 0;

	while (rank < WHO_NR_RECENT && m->recent[rank] != index)
		rank++;
	if (rank < WHO_NR_RECENT) {
		put(e, COL_WHO, WHO_RECENT + rank);
		model_used_who(m, index, rank);
	} else {
		put(e, COL_WHO, WHO_KNOWN + index);
		model_used_who(m, index, WHO_NR_RECENT - 1);
	}
}

/* Return: NULL if the table is full. */
static struct model_who *put_who(struct native_encoder *e,
				 const struct trace_record *rec)
{
	u32 fields = fields_of(rec);
	u32 at = model_hash_who(rec, fields) >> (64 - LOG_FIND);
	struct model *m = &e->m;
	struct model_who *who;

	for (; e->find_who[at]; at = (at + 1) % NR_FIND) {
		who = &m->who[e->find_who[at] - 1];
		if (!model_is_who(who, rec, fields))
			continue;
		put_known(e, who - m->who);
		return who;
	}
	if (m->nr_who == MODEL_NR_WHO)
		return NULL;
	put(e, COL_WHO, WHO_FRESH);
	model_used_who(m, m->nr_who, WHO_NR_RECENT - 1);
	put(e, COL_WHO_NEW, rec->type);
	put(e, COL_WHO_NEW, rec->event);
	put(e, COL_WHO_NEW, rec->mode);
	put(e, COL_WHO_NEW, rec->has);
	put(e, COL_WHO_NEW, rec->pid);
	put(e, COL_WHO_NEW, rec->tid);
	put(e, COL_WHO_NEW, rec->cpu);
	put(e, COL_WHO_NEW, !!(fields & WHO_WHOLE));
	who = &m->who[m->nr_who++];
	e->find_who[at] = m->nr_who;
	*who = (struct model_who){
		.head = { .pid = rec->pid,
			  .tid = rec->tid,
			  .cpu = rec->cpu,
			  .event = rec->event,
			  .type = rec->type,
			  .mode = rec->mode,
			  .has = rec->has },
		.fields = fields,
		.space = rec->pid & 0xffffff,
		.place = model_place(0, rec->pid & 0xffffff),
	};
	return who;
}

static void put_time(struct native_encoder *e, struct model_who *who,
		     u64 time_ns)
{
	struct model *m = &e->m;
	u64 *shift = model_shift(m, who), guess_ns, off;
	__int128 way = (__int128)(s64)(time_ns - m->time_ns) * (1ll << 32);
	__int128 at, half = e->step / 2;
	s64 k;

	/* From where the clock was to the middle of the nanosecond. */
	way -= (s64)m->time_frac + (__int128)(s64)*shift;
	if (e->step != 1ull << 32)
		way += 1ll << 31;
	k = way >= 0 ? (way + half) / e->step : -((half - way) / e->step);
	at = (__int128)k * e->step + m->time_frac;
	m->time_ns += (u64)(at >> 32);
	m->time_frac = (u32)at;
	guess_ns = m->time_ns + ((s64)(m->time_frac + *shift) >> 32);
	off = time_ns - guess_ns;
	put(e, COL_TIME, native_zigzag(k));
	put(e, COL_TIME_OFF, native_zigzag(off));
	if (off)
		*shift =
			model_new_shift(time_ns, m->time_ns, m->time_frac, off);
}

/* Return: the index of @value, -1 if it was not there; it is from now on. */
static long find_or_add(struct model_dict *dict, u32 *find, u64 value)
{
	u32 at = model_hash(value, 0, LOG_FIND);

	for (; find[at]; at = (at + 1) % NR_FIND)
		if (dict->value[find[at] - 1] == value)
			return find[at] - 1;
	if (dict->nr < MODEL_NR_DICT) {
		dict->value[dict->nr++] = value;
		find[at] = dict->nr;
	}
	return -1;
}

static void put_ip(struct native_encoder *e, struct model_who *who, u64 ip)
{
	u64 *next = model_next_ip(&e->m, who);
	long known;

	if (ip == who->ip) {
		put(e, COL_IP, IP_SAME);
		return;
	}
	if (ip == *next) {
		put(e, COL_IP, IP_NEXT);
		who->ip = ip;
		return;
	}
	*next = ip;
	known = find_or_add(&e->m.ips, e->find_ip, ip);
	put(e, COL_IP, known < 0 ? IP_NEW : IP_KNOWN + known);
	if (known < 0)
		put(e, COL_IP_NEW, native_zigzag(ip - who->ip));
	who->ip = ip;
}

/* About what a way of so many pages costs. */
static u32 cost(u64 way)
{
	way = native_zigzag(way);
	return way ? 64 - __builtin_clzll(way) : 0;
}

static void put_addr(struct native_encoder *e, struct model_who *who, u64 addr)
{
	struct model *m = &e->m;
	u64 page = addr >> 12, offset = addr & 4095;
	u32 place = model_place(page, who->space);
	u64 *next = &m->page[who->place].next;
	u64 *frame = &m->page[place].frame;
	u32 site = model_site(who, who->ip);
	u64 by_thread = page - who->page, by_site = page - m->site[site].page;

	/* A guess for another address space has its page in another place. */
	if (*next == model_next(page, place) &&
	    page == model_next_page(*next)) {
		put(e, COL_PAGE_BY, PAGE_NEXT);
	} else if (cost(by_site) + 4 < cost(by_thread)) {
		put(e, COL_PAGE_BY, PAGE_SITE);
		put(e, COL_PAGE, native_zigzag(by_site));
	} else {
		put(e, COL_PAGE_BY, PAGE_THREAD);
		put(e, COL_PAGE, native_zigzag(by_thread));
	}
	*next = model_next(page, place);
	who->page = page;
	who->place = place;
	if (offset == (*frame & 4095))
		put(e, COL_OFFSET, 0);
	else
		put(e, COL_OFFSET,
		    1 + ((offset - m->site[site].offset) & 4095));
	m->site[site].page = page;
	m->site[site].offset = offset;
	*frame = (*frame & ~4095ull) | offset;
}

static u32 frame_by(struct model *m, const struct model_cursor *c,
		    const struct model_who *who, u64 page, u64 frame)
{
	if (frame == *model_frame(m, who->space, page) >> 12)
		return FRAME_SAME;
	if (frame == c->next)
		return FRAME_FREED;
	if (frame == c->frame + 1)
		return FRAME_NEXT;
	if (frame == *model_shared(m, page))
		return FRAME_SHARED;
	return FRAME_AWAY;
}

static void put_phys(struct native_encoder *e, struct model_who *who, u64 addr,
		     u64 phys)
{
	struct model *m = &e->m;
	struct model_cursor *c = model_cursor(m, who);
	u64 page = addr >> 12, frame = phys >> 12;
	u32 by;

	if ((phys ^ addr) & 4095) {
		put(e, COL_FRAME_BY, FRAME_ODD);
		put(e, COL_FRAME, native_zigzag(phys - (c->frame << 12)));
		c->frame = frame;
		return;
	}
	by = frame_by(m, c, who, page, frame);
	put(e, COL_FRAME_BY, by);
	if (by == FRAME_SAME)
		return;
	if (by == FRAME_AWAY)
		put(e, COL_FRAME, native_zigzag(frame - c->frame));
	model_took_frame(m, c, who->space, page, model_place(page, who->space),
			 frame, by);
}

/* What is rare is told in full, by the way from the last of its kind. */
static void put_whole(struct native_encoder *e, struct model_who *who,
		      const struct trace_record *rec)
{
	if (!(who->fields & WHO_TIME))
		put(e, COL_WHOLE, rec->time_ns);
	put(e, COL_WHOLE, native_zigzag(rec->addr - who->page));
	put(e, COL_WHOLE, native_zigzag(rec->ip - who->ip));
	put(e, COL_WHOLE, rec->phys_addr);
	put(e, COL_WHOLE, rec->data_src);
	put(e, COL_WHOLE, rec->weight);
	who->page = rec->addr;
	who->ip = rec->ip;
}

static void put_record(struct native_encoder *e, struct model_who *who,
		       const struct trace_record *rec)
{
	long known;

	if (who->fields & WHO_TIME)
		put_time(e, who, rec->time_ns);
	if (who->fields & WHO_WHOLE) {
		put_whole(e, who, rec);
		return;
	}
	if (who->fields & WHO_IP)
		put_ip(e, who, rec->ip);
	if (who->fields & WHO_ADDR)
		put_addr(e, who, rec->addr);
	if (who->fields & WHO_PHYS)
		put_phys(e, who, rec->addr, rec->phys_addr);
	if (who->fields & WHO_SRC) {
		known = find_or_add(&e->m.srcs, e->find_src, rec->data_src);
		put(e, COL_SRC, known + 1);
		if (known < 0)
			put(e, COL_SRC_NEW, rec->data_src);
	}
	if (who->fields & WHO_WEIGHT)
		put(e, COL_WEIGHT, rec->weight);
}

static void begin(struct native_encoder *e, const struct trace_record *recs,
		  size_t nr, bool key)
{
	memset(e->nr, 0, sizeof(e->nr));
	e->step = native_clock_step(&e->clock, recs, nr);
	if (!key)
		return;
	model_reset(&e->m);
	memset(e->find_who, 0, sizeof(e->find_who));
	memset(e->find_ip, 0, sizeof(e->find_ip));
	memset(e->find_src, 0, sizeof(e->find_src));
}

static void add_to_span(struct native_chunk *chunk,
			const struct trace_record *rec)
{
	if (!(rec->has & TRACE_HAS_TIME))
		return;
	if (rec->time_ns < chunk->first_ns)
		chunk->first_ns = rec->time_ns;
	if (rec->time_ns > chunk->last_ns)
		chunk->last_ns = rec->time_ns;
}

long native_encode(struct native_encoder *e, struct native_buf *buf,
		   struct native_chunk *chunk, const struct trace_record *recs,
		   size_t nr, bool key, int level)
{
	struct model_who *who;
	u8 step[8];
	size_t i;
	int col;

	begin(e, recs, nr, key);
	chunk->kind = key ? NATIVE_KEY_BLOCK : NATIVE_BLOCK;
	chunk->first_ns = ~0ull;
	chunk->last_ns = 0;
	for (i = 0; i < nr; i++) {
		who = put_who(e, &recs[i]);
		if (!who)
			break;
		put_record(e, who, &recs[i]);
		add_to_span(chunk, &recs[i]);
	}
	if (chunk->first_ns > chunk->last_ns)
		chunk->first_ns = 0;
	native_set_le64(step, e->step);
	buf->len = 0;
	native_put(buf, step, sizeof(step));
	for (col = 0; col < NATIVE_NR_COLUMNS; col++)
		if (native_is_symbols(col))
			ints_write_symbols(e->ints, buf, e->values[col],
					   e->nr[col], level);
		else
			ints_write(e->ints, buf, e->values[col], e->nr[col],
				   level);
	chunk->nr = i;
	chunk->sz_payload = buf->len;
	return buf->failed ? -ENOMEM : (long)i;
}
