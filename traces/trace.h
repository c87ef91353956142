/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every trace reader delivers: records in the order of time, from a
 * capture in whatever format.
 *
 * One flat record serves all kinds, 64 bytes, so that a reader fills arrays of
 * them and the consumer walks memory in order.  A field that a record does not
 * have is zero and its bit in @has is clear: "not captured" and "zero" stay
 * apart all the way to the validity check.
 *
 * Not here: any format (perf_data.c), any judgement of a sample
 * (damon/sample.h).
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdio.h>

#include <linux/build_bug.h>
#include <linux/types.h>

enum trace_type {
	TRACE_SAMPLE,
	TRACE_LOST, /* the buffer was full: @nr records gone */
	TRACE_LOST_SAMPLES, /* the PMU lost @nr samples */
	TRACE_THROTTLE, /* the event stopped, too many interrupts */
	TRACE_UNTHROTTLE,
	TRACE_MMAP, /* @addr start, @nr bytes now mapped in @pid */
	TRACE_FORK, /* @pid, @tid came from @ppid */
	TRACE_EXIT,
	TRACE_COMM, /* @tid changed its name; exec clears maps */
	TRACE_CPU_ONLINE, /* @cpu */
	TRACE_CPU_OFFLINE,
	TRACE_ATTR, /* @event changed: @nr is its new period or frequency */
	TRACE_NR_TYPES,
};

/* Bits of trace_record.has: the capture holds this field for this record. */
#define TRACE_HAS_TIME (1u << 0)
#define TRACE_HAS_ADDR (1u << 1)
#define TRACE_HAS_PHYS_ADDR (1u << 2)
#define TRACE_HAS_DATA_SRC (1u << 3)
#define TRACE_HAS_IP (1u << 4)
#define TRACE_HAS_TID (1u << 5) /* pid and tid */
#define TRACE_HAS_CPU (1u << 6)
#define TRACE_HAS_WEIGHT (1u << 7)
/*
 * Raw IBS registers were captured: TRACE_HAS_ADDR and TRACE_HAS_PHYS_ADDR are
 * the hardware's own valid bits, and the addresses are the hardware's.
 */
#define TRACE_HAS_HW_VALID (1u << 8)
#define TRACE_HAS_EXEC (1u << 9) /* TRACE_COMM: because of exec */

/* trace_record.mode: who ran; the cpumode of perf's header. */
enum trace_mode {
	TRACE_MODE_UNKNOWN = 0,
	TRACE_MODE_KERNEL = 1,
	TRACE_MODE_USER = 2,
	TRACE_MODE_HYPERVISOR = 3,
	TRACE_MODE_GUEST_KERNEL = 4,
	TRACE_MODE_GUEST_USER = 5,
};

struct trace_record {
	u64 time_ns; /* the capture's own clock */
	u64 addr; /* bytes: data address, or start of the mapping; or a name */
	u64 phys_addr; /* bytes */
	u64 data_src; /* perf's encoding (hw_sample, uapi perf_mem_data_src) */
	union {
		u64 ip; /* samples */
		u64 nr; /* losses: how many; mappings: bytes; TRACE_ATTR */
	};
	u32 pid; /* thread group */
	u32 tid;
	u32 cpu;
	union {
		u32 weight; /* samples: cache latency in cycles, saturated */
		u32 ppid; /* fork */
	};
	u16 event; /* index into trace_info.events */
	u8 type; /* enum trace_type */
	u8 mode; /* enum trace_mode */
	u32 has; /* TRACE_HAS_* */
};
static_assert(sizeof(struct trace_record) == 64, "one cache line");

/* Bytes of a thread's name, the last one 0. */
#define TRACE_SZ_COMM 16

/* The name of a TRACE_COMM stands in place of its addresses, byte by byte. */
static inline void trace_set_comm(struct trace_record *rec, const char *name,
				  size_t len)
{
	size_t i;

	rec->addr = rec->phys_addr = 0;
	for (i = 0; i < len && i < TRACE_SZ_COMM - 1 && name[i]; i++)
		*(i < 8 ? &rec->addr : &rec->phys_addr) |= (u64)(u8)name[i]
							   << i % 8 * 8;
}

/* "" if the capture does not say it. */
static inline void trace_get_comm(const struct trace_record *rec,
				  char name[TRACE_SZ_COMM])
{
	int i;

	for (i = 0; i < TRACE_SZ_COMM - 1; i++)
		name[i] = (i < 8 ? rec->addr : rec->phys_addr) >> i % 8 * 8;
	name[i] = '\0';
}

/* One event that the capture was made with. */
struct trace_event {
	char name[64]; /* as perf names it, "" if the capture does not say */
	char pmu[32]; /* "ibs_op", "cpu", "software", ... or "" */
	u32 type; /* perf_event_attr.type */
	u64 config, config1, config2;
	u64 period_or_freq;
	bool freq;
	u8 precise_ip;
	u64 sample_type; /* PERF_SAMPLE_* */
};

/* What the capture says about itself; strings are "" where it does not say. */
struct trace_info {
	const char *format; /* "perf.data", "native", "perf script", ... */
	struct trace_event *events;
	u32 nr_events;
	char origin[64]; /* what made the records: "perf.data", ... */
	char hostname[64];
	char os_release[64];
	char arch[16];
	char cpu_desc[64];
	char cpuid[64];
	char cmdline[256];
	u64 seed; /* of a simulation */
	bool has_seed;
	u32 nr_cpus_online; /* 0: not said */
	u64 total_mem_bytes; /* 0: not said */
	bool byte_swapped;
	bool compressed;
};

/* What has been seen so far; every record of the file is in one of these. */
struct trace_counts {
	u64 nr_records; /* kernel and tool records, whatever the type */
	u64 nr_samples;
	u64 nr_lost; /* records lost, summed from TRACE_LOST */
	u64 nr_lost_samples; /* summed from TRACE_LOST_SAMPLES */
	u64 nr_throttle;
	u64 nr_unthrottle;
	u64 nr_skipped; /* of a type that no consumer here needs */
	u64 nr_blocks; /* of a format that has such */
	u64 nr_late; /* delivered after a younger one */
	u64 sz_read; /* bytes of input used */
};

/*
 * What is wrong with an input, and where.  @offset is in bytes from the start
 * of the input; of a compressed capture, of the compressed record.
 */
struct trace_error {
	u64 offset;
	char text[224]; /* what was found and what was expected */
};

struct trace_source;

/**
 * trace_open() - open a capture and read its head.
 * @out:	set on success only
 * @path:	file, or "-" for standard input; pipes and FIFOs are streamed
 * @err:	filled on failure
 *
 * Return: 0; -EBADMSG for malformed input; -errno of the system.
 */
int trace_open(struct trace_source **out, const char *path,
	       struct trace_error *err);

/*
 * The same from @len bytes at @buf, which stay the caller's and must live until
 * trace_close(): for tests and fuzzers.
 */
int trace_open_mem(struct trace_source **out, const void *buf, size_t len,
		   struct trace_error *err);

/**
 * trace_set_span() - only records of a span of time are wanted.
 * @src:	from trace_open(), before the first trace_read()
 * @first_ns:	first
 * @last_ns:	last that is wanted
 *
 * A format that can find times passes over what is outside; others, and
 * records without a time, come as ever.  Those of the span all come.
 */
void trace_set_span(struct trace_source *src, u64 first_ns, u64 last_ns);

/**
 * trace_read() - the next records in the order of time.
 * @src:	from trace_open()
 * @recs:	array to fill
 * @nr:		its length, at least 1
 * @err:	filled on failure
 *
 * A fault in the input is reported once every record that was readable before
 * it has been delivered: to keep going means to take what came before.
 *
 * Memory is bounded whatever the input; where that leaves records out of
 * order, trace_counts.nr_late says how many.
 *
 * Return: how many were filled; 0 at the end; -EBADMSG for malformed input
 * (and again at each later call); -errno of the system.
 */
long trace_read(struct trace_source *src, struct trace_record *recs, size_t nr,
		struct trace_error *err);

/* Both are the source's own and live until trace_close(). */
const struct trace_info *trace_info(const struct trace_source *src);
const struct trace_counts *trace_counts(const struct trace_source *src);

/*
 * What the bytes that were read so far are spent on, for formats that have
 * columns.  Return: the name of column @nr, with its bytes in *@sz; NULL if
 * there are not as many.
 */
const char *trace_column(const struct trace_source *src, u32 nr, u64 *sz);

/* True if the input is a regular file, so that it can be opened again. */
bool trace_can_reopen(const struct trace_source *src);

void trace_close(struct trace_source *src);

#endif
