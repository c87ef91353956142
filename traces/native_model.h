/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What writer and reader both know of the records before: the guesses that the
 * next one is told by.
 *
 * Both keep the same tables in the same way, so that a right guess costs a
 * symbol of a fraction of a bit:
 *
 *   who	thread, CPU, event and kind come in few combinations
 *   ip		of a thread: the same again, or what came after that one before
 *   page	what came after the thread's last page before, or a short way
 *		from it, or from where this instruction was last
 *   offset	where this page was touched last
 *   frame	where this page was last; or the kernel's free list: it hands
 *		out the frames of a mapping that went away in the order of its
 *		pages, so the last one tells the next
 *
 * The tables are cleared at each key block, which is where reading can begin.
 * They are written over and hold no proof of what they are of: a wrong guess
 * costs a few bits.  Their sizes and hashes are part of the format.
 *
 * Private to this folder.
 */
#ifndef NATIVE_MODEL_H
#define NATIVE_MODEL_H

#include "native.h"

#define MODEL_LOG_PAGES 16
#define MODEL_LOG_SITES 13
#define MODEL_LOG_FRAMES 18
#define MODEL_LOG_IPS 12
#define MODEL_NR_CURSORS 64u
#define MODEL_NR_WHO 65536u
#define MODEL_NR_DICT 16384u

/* Fields of a sample that its column has; the others are zero. */
#define WHO_TIME (1u << 0)
#define WHO_IP (1u << 1)
#define WHO_ADDR (1u << 2)
#define WHO_PHYS (1u << 3)
#define WHO_SRC (1u << 4)
#define WHO_WEIGHT (1u << 5)
#define WHO_WHOLE (1u << 6) /* no sample, or an odd one: all as it is */

static inline u32 model_fields(u32 has)
{
	return (has & TRACE_HAS_TIME ? WHO_TIME : 0) |
	       (has & TRACE_HAS_IP ? WHO_IP : 0) |
	       (has & TRACE_HAS_ADDR ? WHO_ADDR : 0) |
	       (has & TRACE_HAS_PHYS_ADDR ? WHO_PHYS : 0) |
	       (has & TRACE_HAS_DATA_SRC ? WHO_SRC : 0) |
	       (has & TRACE_HAS_WEIGHT ? WHO_WEIGHT : 0);
}

/*
 * One combination.  @head is the end of its records, from pid to has.
 */
struct model_who {
	struct {
		u32 pid, tid, cpu, weight;
		u16 event;
		u8 type, mode;
		u32 has;
	} head;
	u32 fields;
	u32 space; /* pid's lower 24 bits: whose pages */
	u64 ip, page; /* of its last record */
	u32 place; /* of the page */
};

static_assert(sizeof(((struct model_who *)0)->head) == 24, "end of a record");

/* Values by the order they came in. */
struct model_dict {
	u64 value[MODEL_NR_DICT];
	u32 nr;
};

/* Where the free list of a CPU is. */
struct model_cursor {
	u64 frame; /* handed out last */
	u64 next; /* the one below that, before it was handed out */
};

struct model {
	bool used; /* since it was cleared */
	u64 time_ns; /* of the clock, at the record before */
	u32 time_frac; /* 2^-32 ns */
	u64 time_shift[MODEL_NR_CURSORS]; /* of each CPU's clock, 2^-32 ns */
	u32 nr_who;
	u32 recent[WHO_NR_RECENT]; /* the last one first */
	struct model_dict ips, srcs;
	u64 next_ip[1u << MODEL_LOG_IPS];
	struct {
		u64 page;
		u64 offset;
	} site[1u << MODEL_LOG_SITES];
	struct {
		u64 next; /* page that came after it, see model_next() */
		u64 frame; /* << 12, and the offset touched last */
	} page[1u << MODEL_LOG_PAGES];
	u64 shared[1u << MODEL_LOG_PAGES]; /* frame, whoever's page it is */
	/*
	 * Of each frame the lower 24 bits of the one that the page below had
	 * at that time, << 8, and the lower bits of its own page.
	 */
	u32 below[1u << MODEL_LOG_FRAMES];
	struct model_cursor cursor[MODEL_NR_CURSORS];
	struct model_who who[MODEL_NR_WHO];
};

static inline void model_reset(struct model *m)
{
	/* New ones are clear, and many traces are small. */
	if (m->used)
		memset(m, 0, offsetof(struct model, who));
	m->used = true;
}

#define MODEL_MIX 0x9e3779b97f4a7c15ull

static inline u32 model_hash(u64 value, u64 salt, u32 log)
{
	return ((value ^ salt << 40) * MODEL_MIX) >> (64 - log);
}

/* For the writer, who has to find the combination. */
static inline u64 model_hash_who(const struct trace_record *rec, u32 fields)
{
	u64 a = (u64)rec->pid << 32 | rec->tid;
	u64 b = (u64)rec->cpu << 32 | rec->has << 7 | fields;
	u64 c = rec->event | rec->type << 16 | (u64)rec->mode << 24;

	return ((a * MODEL_MIX ^ b) * MODEL_MIX ^ c) * MODEL_MIX;
}

static inline bool model_is_who(const struct model_who *who,
				const struct trace_record *rec, u32 fields)
{
	return who->head.pid == rec->pid && who->head.tid == rec->tid &&
	       who->head.cpu == rec->cpu && who->head.event == rec->event &&
	       who->head.type == rec->type && who->head.mode == rec->mode &&
	       who->head.has == rec->has && who->fields == fields;
}

/*
 * Four in a row share a line of the cache, since programs go that way.
 */
static inline u32 model_place(u64 value, u64 salt)
{
	return model_hash(value >> 2, salt, MODEL_LOG_PAGES - 2) << 2 |
	       (value & 3);
}

/* Those of the pages before and after @page, which is at @place. */
static inline u32 model_place_below(u32 place, u64 page, u32 space)
{
	return page & 3 ? place - 1 : model_place(page - 1, space);
}

static inline u32 model_place_above(u32 place, u64 page, u32 space)
{
	return ~page & 3 ? place + 1 : model_place(page + 1, space);
}

static inline u64 *model_next_ip(struct model *m, const struct model_who *who)
{
	return &m->next_ip[model_hash(who->ip, who->head.tid, MODEL_LOG_IPS)];
}

/*
 * A page that came after another: 48 bits of it, and its place, which is found
 * from it but takes time to find.
 */
static inline u64 model_next(u64 page, u32 place)
{
	return page << 16 | place;
}

static inline u64 model_next_page(u64 next)
{
	return (u64)((s64)next >> 16) & (~0ull >> 12);
}

static inline u64 *model_frame(struct model *m, u32 space, u64 page)
{
	return &m->page[model_place(page, space)].frame;
}

static inline u64 *model_shared(struct model *m, u64 page)
{
	return &m->shared[model_place(page, 0)];
}

/* By how much a CPU's clock is ahead. */
static inline u64 *model_shift(struct model *m, const struct model_who *who)
{
	return &m->time_shift[who->head.cpu % MODEL_NR_CURSORS];
}

/*
 * A guess was @off_ns beside @time_ns, of a clock at @clock_ns and @frac: from
 * now on the CPU's clock is as little ahead, or behind, as explains that.
 */
static inline u64 model_new_shift(u64 time_ns, u64 clock_ns, u32 frac,
				  s64 off_ns)
{
	return ((time_ns - clock_ns) << 32) - frac + (off_ns > 0 ? 0 : ~0u);
}

static inline u32 model_site(const struct model_who *who, u64 ip)
{
	return model_hash(ip, who->space, MODEL_LOG_SITES);
}

static inline struct model_cursor *model_cursor(struct model *m,
						const struct model_who *who)
{
	return &m->cursor[who->head.cpu % MODEL_NR_CURSORS];
}

/* Combination @index was used; it was the @rank-th of the recent ones. */
static inline void model_used_who(struct model *m, u32 index, u32 rank)
{
	for (; rank; rank--)
		m->recent[rank] = m->recent[rank - 1];
	m->recent[0] = index;
}

/* How a frame was guessed. */
enum model_frame_by {
	FRAME_SAME, /* where the page was last */
	FRAME_FREED, /* what the page below had, where the last frame was */
	FRAME_NEXT, /* the frame after the last one */
	FRAME_SHARED, /* where somebody's page of this address was */
	FRAME_AWAY, /* not at all: so far from the last one */
	FRAME_ODD, /* the byte in the page is another: the whole address */
};

static inline u32 model_below_place(u64 frame)
{
	return (frame ^ frame >> MODEL_LOG_FRAMES) % (1u << MODEL_LOG_FRAMES);
}

static inline u32 *model_below(struct model *m, u64 frame)
{
	return &m->below[model_below_place(frame)];
}

static inline u32 model_link_to(u64 low, u64 page)
{
	return low << 8 | (page & 255);
}

/* The frame that @frame is linked to, which is not far away; 0 if none. */
static inline u64 model_linked(u64 frame, u32 link)
{
	return link >> 8 ? (frame & ~0xffffffull) | link >> 8 : 0;
}

/* The frame below @frame, if @frame is still @page's; 0 if it is not. */
static inline u64 model_low(struct model *m, u64 frame, u64 page)
{
	u32 link = *model_below(m, frame);

	return (link ^ page) & 255 ? 0 : model_linked(frame, link);
}

static inline bool model_is_of(struct model *m, u64 frame, u64 page)
{
	return !((*model_below(m, frame) ^ page) & 255);
}

/*
 * @frame is @page's from now on; keep neighbours linked that are there at the
 * same time.  Who was linked to the frame that the page had before has lost its
 * own with it: a mapping goes away as a whole.
 */
static inline void model_link(struct model *m, u32 space, u64 page, u32 place,
			      u64 frame)
{
	u64 *slot = &m->page[place].frame, was = *slot >> 12;
	u64 low = m->page[model_place_below(place, page, space)].frame >> 12;
	u64 high = m->page[model_place_above(place, page, space)].frame >> 12;

	if (!model_is_of(m, low, page - 1) || model_low(m, was, page) == low)
		low = 0;
	if (model_is_of(m, high, page + 1) &&
	    (!was || model_low(m, high, page + 1) != was))
		*model_below(m, high) = model_link_to(frame, page + 1);
	*model_below(m, frame) = model_link_to(low, page);
	*slot = frame << 12 | (*slot & 4095);
}

/* @frame was handed out for @page, at @place; @by how that was guessed. */
static inline void model_took_frame(struct model *m, struct model_cursor *c,
				    u32 space, u64 page, u32 place, u64 frame,
				    u32 by)
{
	if (by != FRAME_SHARED) {
		c->frame = frame;
		c->next = model_linked(frame, *model_below(m, frame));
	}
	/* What the free list gives is nobody else's. */
	if (by == FRAME_NEXT || by == FRAME_AWAY)
		*model_shared(m, page) = frame;
	model_link(m, space, page, place, frame);
}

#endif
