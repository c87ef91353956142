// SPDX-License-Identifier: GPL-2.0
/* Native traces made up for tests, see support_native.h. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink.h"
#include "support_native.h"
#include "support_rng.h"

#define NR_EVENTS 3u

/* Page faults of a few threads, as a machine with 10 ns steps times them. */
static void draw_fault(struct trace_record *rec, struct support_rng *rng,
		       u64 *now, u64 *page)
{
	u32 thread = support_rng_below(rng, 3);

	*now += 10 + support_rng_below(rng, 400);
	page[thread] +=
		support_rng_below(rng, 10) ? 1 : support_rng_below(rng, 1000);
	*rec = (struct trace_record){
		.time_ns = *now * 10014864 / 1000000,
		.addr = page[thread] << 12 | support_rng_below(rng, 2) * 64,
		.data_src = 0x1e05080021,
		.ip = 0x401000 + support_rng_below(rng, 20) * 4,
		.pid = 100,
		.tid = 100 + thread,
		.cpu = thread,
		.mode = TRACE_MODE_USER,
		.has = TRACE_HAS_TIME | TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR |
		       TRACE_HAS_DATA_SRC | TRACE_HAS_IP | TRACE_HAS_TID |
		       TRACE_HAS_CPU,
	};
	rec->phys_addr = (page[thread] * 7 % 500) << 12 | (rec->addr & 4095);
}

static void draw_ibs(struct trace_record *rec, struct support_rng *rng,
		     u64 *now)
{
	u64 addr =
		support_rng_below(rng, 2) ?
			0x7f0000000000 + support_rng_below(rng, 1u << 28) :
			0xffff888000000000 + support_rng_below(rng, 1u << 30);

	*now += support_rng_below(rng, 100000);
	*rec = (struct trace_record){
		.time_ns = *now - support_rng_below(rng, 5000),
		.addr = addr,
		.phys_addr = support_rng_below(rng, 8) ? addr & 0xffffffff : 0,
		.data_src = support_rng_below(rng, 40) * 0x101,
		.ip = 0x400000 + support_rng_below(rng, 1u << 16),
		.pid = support_rng_below(rng, 50),
		.cpu = support_rng_below(rng, 300),
		.weight = support_rng_below(rng, 2000),
		.event = support_rng_below(rng, NR_EVENTS),
		.mode = support_rng_below(rng, 6),
		.has = TRACE_HAS_TIME | TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR |
		       TRACE_HAS_DATA_SRC | TRACE_HAS_IP | TRACE_HAS_TID |
		       TRACE_HAS_CPU | TRACE_HAS_WEIGHT | TRACE_HAS_HW_VALID,
	};
	rec->tid = rec->pid;
	if (support_rng_below(rng, 10) == 0) {
		rec->has &= ~(TRACE_HAS_ADDR | TRACE_HAS_PHYS_ADDR);
		rec->addr = rec->phys_addr = 0;
	}
}

static u64 any(struct support_rng *rng)
{
	u64 value = support_rng_u64(rng);

	switch (support_rng_below(rng, 5)) {
	case 0:
		return 0;
	case 1:
		return ~0ull - support_rng_below(rng, 3);
	case 2:
		return value >> support_rng_below(rng, 64);
	default:
		return value;
	}
}

static void draw_noise(struct trace_record *rec, struct support_rng *rng)
{
	*rec = (struct trace_record){
		.time_ns = any(rng),
		.addr = any(rng),
		.phys_addr = any(rng),
		.data_src = any(rng),
		.ip = any(rng),
		.pid = any(rng),
		.tid = any(rng),
		.cpu = any(rng),
		.weight = any(rng),
		.event = support_rng_below(rng, NR_EVENTS),
		.type = support_rng_below(rng, 2) ?
				TRACE_SAMPLE :
				support_rng_below(rng, TRACE_NR_TYPES),
		.mode = any(rng),
		.has = support_rng_below(rng, 2) ?
			       support_rng_below(rng, 1024) :
			       any(rng),
	};
}

static void draw_rare(struct trace_record *rec, struct support_rng *rng,
		      u64 *now)
{
	*now += 1000 + support_rng_below(rng, 100);
	*rec = (struct trace_record){
		.time_ns = *now,
		.addr = support_rng_below(rng, 1000) << 12,
		.nr = support_rng_below(rng, 100),
		.pid = support_rng_below(rng, 5),
		.ppid = support_rng_below(rng, 5),
		.type = 1 + support_rng_below(rng, TRACE_NR_TYPES - 1),
		.has = TRACE_HAS_TIME | TRACE_HAS_TID,
	};
}

void native_draw(struct trace_record *recs, size_t nr, enum native_like like,
		 u64 seed)
{
	struct support_rng rng = { seed };
	u64 now = 1000000, page[3] = { 0x7f0000, 0x7f8000, 0x10 };
	size_t i;

	for (i = 0; i < nr; i++) {
		/* Each has some of the others in it. */
		u32 kind = support_rng_below(&rng, 50) ?
				   like :
				   support_rng_below(&rng, NR_LIKE);

		switch (kind) {
		case LIKE_FAULTS:
			draw_fault(&recs[i], &rng, &now, page);
			break;
		case LIKE_IBS:
			draw_ibs(&recs[i], &rng, &now);
			break;
		case LIKE_NOISE:
			draw_noise(&recs[i], &rng);
			break;
		default:
			draw_rare(&recs[i], &rng, &now);
		}
	}
}

void native_info_init(struct trace_info *info, u32 nr_events)
{
	u32 i;

	*info = (struct trace_info){
		.origin = "a test",
		.hostname = "host",
		.arch = "x86_64",
		.cmdline = "made up",
		.seed = 0,
		.has_seed = true,
		.nr_cpus_online = 300,
		.total_mem_bytes = 1ull << 40,
		.nr_events = nr_events,
	};
	info->events = calloc(nr_events, sizeof(*info->events));
	for (i = 0; i < nr_events; i++) {
		snprintf(info->events[i].name, sizeof(info->events[i].name),
			 "event-%u", i);
		info->events[i].config = i;
		info->events[i].freq = i & 1;
		info->events[i].period_or_freq = 1000 + i;
		info->events[i].sample_type = ~0ull - i;
	}
}

void native_info_fini(struct trace_info *info)
{
	free(info->events);
}

void native_image_init(struct native_image *image,
		       const struct trace_record *recs, size_t nr, size_t batch,
		       int level)
{
	char path[] = "/tmp/damonsim-test-XXXXXX";
	struct trace_error err;
	struct trace_sink *sink;
	struct trace_info info;
	size_t part;
	FILE *f;

	close(mkstemp(path));
	native_info_init(&info, NR_EVENTS);
	ck_assert_int_eq(trace_sink_open(&sink, "native", path, &info, &err),
			 0);
	trace_sink_set_level(sink, level);
	for (; nr; nr -= part, recs += part) {
		part = nr < batch ? nr : batch;
		ck_assert_int_eq(trace_sink_write(sink, recs, part, &err), 0);
	}
	ck_assert_int_eq(trace_sink_close(sink, NULL, &err), 0);
	native_info_fini(&info);
	f = fopen(path, "r");
	fseek(f, 0, SEEK_END);
	image->len = ftell(f);
	rewind(f);
	image->p = malloc(image->len);
	ck_assert_uint_eq(fread(image->p, 1, image->len, f), image->len);
	fclose(f);
	unlink(path);
}

void native_image_fini(struct native_image *image)
{
	free(image->p);
}
