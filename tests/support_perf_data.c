// SPDX-License-Identifier: GPL-2.0
/* The parts of a capture that do not depend on the sort of record. */
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <zstd.h>

#include "support_perf_data.h"

void bytes_add(struct bytes *b, const void *p, size_t len)
{
	if (b->len + len > b->max) {
		b->max = 2 * (b->len + len);
		b->p = realloc(b->p, b->max);
		ck_assert_ptr_nonnull(b->p);
	}
	if (len)
		memcpy(b->p + b->len, p, len);
	b->len += len;
}

void bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){ 0 };
}

void build_init(struct build *b, u64 seed)
{
	*b = (struct build){
		.random = seed * 0x9e3779b97f4a7c15ull + 1,
		.time_ns = 1000,
		.sz_attr = 128,
	};
}

void build_fini(struct build *b)
{
	bytes_free(&b->records);
	bytes_free(&b->data);
	bytes_free(&b->image);
	ZSTD_freeCStream(b->zstd);
	free(b->expected);
}

u64 build_random(struct build *b)
{
	u64 z = b->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

u64 build_below(struct build *b, u64 bound)
{
	return build_random(b) % bound;
}

/* By value, whatever the machine. */
static void encode(const struct build *b, u8 *to, u64 v, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		to[b->big ? nr - 1 - i : i] = v >> 8 * i;
}

void put_u16(const struct build *b, struct bytes *to, u16 v)
{
	u8 raw[2];

	encode(b, raw, v, sizeof(raw));
	bytes_add(to, raw, sizeof(raw));
}

void put_u32(const struct build *b, struct bytes *to, u32 v)
{
	u8 raw[4];

	encode(b, raw, v, sizeof(raw));
	bytes_add(to, raw, sizeof(raw));
}

void put_u64(const struct build *b, struct bytes *to, u64 v)
{
	u8 raw[8];

	encode(b, raw, v, sizeof(raw));
	bytes_add(to, raw, sizeof(raw));
}

void poke_u16(struct build *b, size_t at, u16 v)
{
	ck_assert(at + 2 <= b->image.len);
	encode(b, b->image.p + at, v, 2);
}

void poke_u32(struct build *b, size_t at, u32 v)
{
	ck_assert(at + 4 <= b->image.len);
	encode(b, b->image.p + at, v, 4);
}

void poke_u64(struct build *b, size_t at, u64 v)
{
	ck_assert(at + 8 <= b->image.len);
	encode(b, b->image.p + at, v, 8);
}

static void put_zeros(struct bytes *to, size_t nr)
{
	while (nr--)
		bytes_add(to, "", 1);
}

static void pad(struct bytes *to, size_t start)
{
	put_zeros(to, -(to->len - start) & 7);
}

static void put_header(const struct build *b, struct bytes *to, u32 type,
		       u16 misc, u16 size)
{
	put_u32(b, to, type);
	put_u16(b, to, misc);
	put_u16(b, to, size);
}

void build_record(struct build *b, u32 type, u16 misc, const void *body,
		  size_t len)
{
	struct bytes *to = b->packing ? &b->records : &b->data;

	put_header(b, to, type, misc, 8 + len);
	bytes_add(to, body, len);
	b->counts.nr_records++;
}

void build_round(struct build *b)
{
	build_record(b, PERF_RECORD_FINISHED_ROUND, 0, NULL, 0);
	b->counts.nr_skipped++;
	/* As perf does it: it stands between the compressed records. */
	if (b->packing && build_below(b, 2)) {
		b->records.len -= 8;
		build_pack(b);
		put_header(b, &b->data, PERF_RECORD_FINISHED_ROUND, 0, 8);
	}
}

void build_payload(struct build *b)
{
	bool aux = build_below(b, 2);
	size_t nr = 8 * build_below(b, 20);

	build_pack(b);
	if (aux) {
		put_header(b, &b->data, PERF_RECORD_AUXTRACE, 0, 48);
		put_u64(b, &b->data, nr);
		put_zeros(&b->data, 32);
	} else {
		put_header(b, &b->data, PERF_RECORD_HEADER_TRACING_DATA, 0, 16);
		put_u32(b, &b->data, nr);
		put_zeros(&b->data, 4);
	}
	/* Looks like anything but a record. */
	for (; nr; nr--)
		bytes_add(&b->data, "\xff", 1);
	b->counts.nr_records++;
	b->counts.nr_skipped++;
}

static void pack_piece(struct build *b, const u8 *p, size_t len)
{
	size_t bound = ZSTD_compressBound(len) + 64, start = b->data.len;
	u8 *out = malloc(bound);
	ZSTD_outBuffer o = { out, bound, 0 };
	ZSTD_inBuffer in = { p, len, 0 };

	ck_assert_ptr_nonnull(out);
	while (in.pos < in.size)
		ck_assert(!ZSTD_isError(ZSTD_compressStream(b->zstd, &o, &in)));
	ck_assert_uint_eq(ZSTD_flushStream(b->zstd, &o), 0);
	ck_assert_uint_lt(o.pos, 60000);
	if (b->packing == PACK_COMPRESSED2) {
		put_header(b, &b->data, PERF_RECORD_COMPRESSED2, 0,
			   (16 + o.pos + 7) & ~7);
		put_u64(b, &b->data, o.pos);
		bytes_add(&b->data, out, o.pos);
		pad(&b->data, start);
	} else {
		put_header(b, &b->data, PERF_RECORD_COMPRESSED, 0, 8 + o.pos);
		bytes_add(&b->data, out, o.pos);
	}
	b->counts.nr_records++;
	b->counts.nr_skipped++;
	free(out);
}

static void start_zstd(struct build *b)
{
	if (b->zstd)
		return;
	b->zstd = ZSTD_createCStream();
	ck_assert_ptr_nonnull(b->zstd);
	ZSTD_initCStream(b->zstd, 1);
}

void build_pack_first(struct build *b, size_t len)
{
	start_zstd(b);
	pack_piece(b, b->records.p, len);
	b->records.len -= len;
	memmove(b->records.p, b->records.p + len, b->records.len);
}

void build_pack(struct build *b)
{
	size_t done = 0;

	if (!b->packing || !b->records.len)
		return;
	start_zstd(b);
	while (done < b->records.len) {
		size_t len = 1 + build_below(b, build_below(b, 2) ? 50 : 5000);

		if (len > b->records.len - done)
			len = b->records.len - done;
		pack_piece(b, b->records.p + done, len);
		done += len;
	}
	b->records.len = 0;
}

/*
 * The bits of a C bitfield: from the lowest of the first byte on, or where the
 * machine is big-endian from the highest.
 */
static void put_flags(const struct build *b, struct bytes *to,
		      const struct build_event *event)
{
	u8 raw[8] = { 0 };
	int bit;

	for (bit = 0; bit < 64; bit++) {
		bool set = event->flags >> bit & 1;

		if (bit == 15)
			set = event->precise_ip >> (b->big ? 1 : 0) & 1;
		if (bit == 16)
			set = event->precise_ip >> (b->big ? 0 : 1) & 1;
		if (set)
			raw[bit / 8] |= b->big ? 0x80 >> bit % 8 : 1 << bit % 8;
	}
	bytes_add(to, raw, sizeof(raw));
}

static void put_attr(const struct build *b, struct bytes *to,
		     const struct build_event *event)
{
	struct bytes attr = { 0 };

	put_u32(b, &attr, event->type);
	put_u32(b, &attr, b->sz_attr);
	put_u64(b, &attr, event->config);
	put_u64(b, &attr, event->period);
	put_u64(b, &attr, event->sample_type);
	put_u64(b, &attr, event->read_format);
	put_flags(b, &attr, event);
	put_zeros(&attr, 8 + 8 + 8); /* wakeup, bp_type, config1 to 2 */
	put_u64(b, &attr, event->branch_type);
	put_u64(b, &attr, event->regs_user);
	put_zeros(&attr, 8);
	put_u64(b, &attr, event->regs_intr);
	while (attr.len < b->sz_attr)
		bytes_add(&attr, "\x5a", 1);
	bytes_add(to, attr.p, b->sz_attr);
	bytes_free(&attr);
}

static void put_string(const struct build *b, struct bytes *to, const char *s)
{
	size_t len = (strlen(s) + 1 + 7) & ~7ull;
	size_t start = to->len;

	put_u32(b, to, len);
	bytes_add(to, s, strlen(s));
	put_zeros(to, start + 4 + len - to->len);
}

static void put_event_desc(const struct build *b, struct bytes *to)
{
	u32 i, k;

	put_u32(b, to, b->nr_events);
	put_u32(b, to, b->sz_attr);
	for (i = 0; i < b->nr_events; i++) {
		const struct build_event *event = &b->events[i];

		put_attr(b, to, event);
		put_u32(b, to, event->nr_ids);
		put_string(b, to, event->name ? event->name : "");
		for (k = 0; k < event->nr_ids; k++)
			put_u64(b, to, event->ids[k]);
	}
}

static bool put_feature(const struct build *b, struct bytes *to, u32 feature)
{
	switch (feature) {
	case PERF_FEAT_HOSTNAME:
		put_string(b, to, "host");
		return true;
	case PERF_FEAT_OSRELEASE:
		put_string(b, to, "6.18.0");
		return true;
	case PERF_FEAT_ARCH:
		put_string(b, to, b->big ? "s390x" : "x86_64");
		return true;
	case PERF_FEAT_NRCPUS:
		put_u32(b, to, 8);
		put_u32(b, to, 4);
		return true;
	case PERF_FEAT_CPUDESC:
		put_string(b, to, "a processor");
		return true;
	case PERF_FEAT_CPUID:
		put_string(b, to, "AuthenticAMD,25,17,1");
		return true;
	case PERF_FEAT_TOTAL_MEM:
		put_u64(b, to, 1 << 20);
		return true;
	case PERF_FEAT_CMDLINE:
		put_u32(b, to, 2);
		put_string(b, to, "perf");
		put_string(b, to, "record");
		return true;
	case PERF_FEAT_EVENT_DESC:
		put_event_desc(b, to);
		return true;
	case PERF_FEAT_PMU_MAPPINGS:
		put_u32(b, to, b->ibs_op ? 3 : 2);
		put_u32(b, to, PERF_TYPE_RAW);
		put_string(b, to, "cpu");
		put_u32(b, to, PERF_TYPE_SOFTWARE);
		put_string(b, to, "software");
		if (b->ibs_op) {
			put_u32(b, to, 11);
			put_string(b, to, b->ibs_op);
		}
		return true;
	case PERF_FEAT_COMPRESSED:
		if (!b->packing)
			return false;
		put_u32(b, to, 1);
		put_u32(b, to, PERF_COMPRESSED_ZSTD);
		put_u32(b, to, 1);
		put_u32(b, to, 2);
		put_u32(b, to, 528384);
		return true;
	}
	return false;
}

static void finish_pipe(struct build *b)
{
	struct bytes *to = &b->image, body = { 0 };
	u32 i, k;

	put_u64(b, to, 0x32454c4946524550ull);
	put_u64(b, to, PERF_SZ_PIPE_HEADER);
	for (i = 0; i < b->nr_events; i++) {
		const struct build_event *event = &b->events[i];

		put_header(b, to, PERF_RECORD_HEADER_ATTR, 0,
			   8 + b->sz_attr + 8 * event->nr_ids);
		put_attr(b, to, event);
		for (k = 0; k < event->nr_ids; k++)
			put_u64(b, to, event->ids[k]);
		b->counts.nr_records++;
		b->counts.nr_skipped++;
		if (!event->name || !event->nr_ids)
			continue;
		put_header(b, to, PERF_RECORD_EVENT_UPDATE, 0, 8 + 16 + 32);
		put_u64(b, to, PERF_EVENT_UPDATE_NAME);
		put_u64(b, to, event->ids[0]);
		bytes_add(to, event->name, strlen(event->name));
		put_zeros(to, 32 - strlen(event->name));
		b->counts.nr_records++;
		b->counts.nr_skipped++;
	}
	for (i = 0; i < 64 && !b->no_features; i++) {
		body.len = 0;
		/* Its names came with the updates; with no id it has to. */
		if (i == PERF_FEAT_EVENT_DESC && b->events[0].nr_ids)
			continue;
		if (!put_feature(b, &body, i))
			continue;
		pad(&body, 0);
		put_header(b, to, PERF_RECORD_HEADER_FEATURE, 0, 16 + body.len);
		put_u64(b, to, i);
		bytes_add(to, body.p, body.len);
		b->counts.nr_records++;
		b->counts.nr_skipped++;
	}
	bytes_free(&body);
	bytes_add(to, b->data.p, b->data.len);
}

static void finish_file(struct build *b)
{
	struct bytes *to = &b->image, sections = { 0 }, body = { 0 };
	u64 map = 0, ids_at = PERF_SZ_FILE_HEADER;
	u32 i, k, nr = 0;

	for (i = 0; i < 64 && !b->no_features; i++) {
		body.len = 0;
		if (!put_feature(b, &body, i))
			continue;
		map |= 1ull << i;
		nr++;
	}
	b->attrs_at = PERF_SZ_FILE_HEADER;
	for (i = 0; i < b->nr_events; i++)
		b->attrs_at += 8 * b->events[i].nr_ids;
	b->data_at = b->attrs_at + b->nr_events * (b->sz_attr + 16);
	b->table_at = b->data_at + b->data.len;

	put_u64(b, to, 0x32454c4946524550ull);
	put_u64(b, to, PERF_SZ_FILE_HEADER);
	put_u64(b, to, b->sz_attr + 16);
	put_u64(b, to, b->attrs_at);
	put_u64(b, to, b->data_at - b->attrs_at);
	put_u64(b, to, b->data_at);
	put_u64(b, to, b->data.len);
	put_zeros(to, 16);
	put_u64(b, to, map);
	put_zeros(to, 24);
	for (i = 0; i < b->nr_events; i++)
		for (k = 0; k < b->events[i].nr_ids; k++)
			put_u64(b, to, b->events[i].ids[k]);
	for (i = 0; i < b->nr_events; i++) {
		put_attr(b, to, &b->events[i]);
		put_u64(b, to, ids_at);
		put_u64(b, to, 8 * b->events[i].nr_ids);
		ids_at += 8 * b->events[i].nr_ids;
	}
	bytes_add(to, b->data.p, b->data.len);
	for (i = 0; i < 64 && map; i++) {
		if (!(map >> i & 1))
			continue;
		body.len = 0;
		put_feature(b, &body, i);
		put_u64(b, to, b->table_at + 16 * nr + sections.len);
		put_u64(b, to, body.len);
		bytes_add(&sections, body.p, body.len);
	}
	bytes_add(to, sections.p, sections.len);
	bytes_free(&sections);
	bytes_free(&body);
}

void build_finish(struct build *b)
{
	build_pack(b);
	if (b->pipe)
		finish_pipe(b);
	else
		finish_file(b);
	b->counts.sz_read = b->pipe ? b->image.len : b->table_at;
}
