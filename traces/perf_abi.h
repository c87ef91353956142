/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The numbers of perf.data: the kernel's records and the perf tool's own.
 *
 * Here and not from the system's headers, so that a capture of a newer kernel
 * than the one that this was built on is read as well.
 *
 * Private to this folder and its tests.
 */
#ifndef PERF_ABI_H
#define PERF_ABI_H

enum perf_record_type {
	PERF_RECORD_MMAP = 1,
	PERF_RECORD_LOST = 2,
	PERF_RECORD_COMM = 3,
	PERF_RECORD_EXIT = 4,
	PERF_RECORD_THROTTLE = 5,
	PERF_RECORD_UNTHROTTLE = 6,
	PERF_RECORD_FORK = 7,
	PERF_RECORD_READ = 8,
	PERF_RECORD_SAMPLE = 9,
	PERF_RECORD_MMAP2 = 10,
	PERF_RECORD_LOST_SAMPLES = 13,
	/* From here on the tool's own. */
	PERF_RECORD_USER_TYPE_START = 64,
	PERF_RECORD_HEADER_ATTR = 64,
	PERF_RECORD_HEADER_EVENT_TYPE = 65,
	PERF_RECORD_HEADER_TRACING_DATA = 66,
	PERF_RECORD_HEADER_BUILD_ID = 67,
	PERF_RECORD_FINISHED_ROUND = 68,
	PERF_RECORD_ID_INDEX = 69,
	PERF_RECORD_AUXTRACE_INFO = 70,
	PERF_RECORD_AUXTRACE = 71,
	PERF_RECORD_EVENT_UPDATE = 78,
	PERF_RECORD_HEADER_FEATURE = 80,
	PERF_RECORD_COMPRESSED = 81,
	PERF_RECORD_FINISHED_INIT = 82,
	PERF_RECORD_COMPRESSED2 = 83,
};

#define PERF_SZ_HEADER 8 /* u32 type, u16 misc, u16 size */
#define PERF_SZ_RECORD_MAX 65536 /* of COMPRESSED2, which wraps its size to 0 */

#define PERF_MISC_CPUMODE_MASK 7
#define PERF_MISC_COMM_EXEC (1u << 13)

/* In the order of their bits; records hold them in another (perf_sample.c). */
#define PERF_SAMPLE_IP (1u << 0)
#define PERF_SAMPLE_TID (1u << 1)
#define PERF_SAMPLE_TIME (1u << 2)
#define PERF_SAMPLE_ADDR (1u << 3)
#define PERF_SAMPLE_READ (1u << 4)
#define PERF_SAMPLE_CALLCHAIN (1u << 5)
#define PERF_SAMPLE_ID (1u << 6)
#define PERF_SAMPLE_CPU (1u << 7)
#define PERF_SAMPLE_PERIOD (1u << 8)
#define PERF_SAMPLE_STREAM_ID (1u << 9)
#define PERF_SAMPLE_RAW (1u << 10)
#define PERF_SAMPLE_BRANCH_STACK (1u << 11)
#define PERF_SAMPLE_REGS_USER (1u << 12)
#define PERF_SAMPLE_STACK_USER (1u << 13)
#define PERF_SAMPLE_WEIGHT (1u << 14)
#define PERF_SAMPLE_DATA_SRC (1u << 15)
#define PERF_SAMPLE_IDENTIFIER (1u << 16)
#define PERF_SAMPLE_TRANSACTION (1u << 17)
#define PERF_SAMPLE_REGS_INTR (1u << 18)
#define PERF_SAMPLE_PHYS_ADDR (1u << 19)
#define PERF_SAMPLE_AUX (1u << 20)
#define PERF_SAMPLE_CGROUP (1u << 21)
#define PERF_SAMPLE_DATA_PAGE_SIZE (1u << 22)
#define PERF_SAMPLE_CODE_PAGE_SIZE (1u << 23)
#define PERF_SAMPLE_WEIGHT_STRUCT (1u << 24)
#define PERF_SAMPLE_KNOWN ((1u << 25) - 1)

#define PERF_FORMAT_TOTAL_TIME_ENABLED (1u << 0)
#define PERF_FORMAT_TOTAL_TIME_RUNNING (1u << 1)
#define PERF_FORMAT_ID (1u << 2)
#define PERF_FORMAT_GROUP (1u << 3)
#define PERF_FORMAT_LOST (1u << 4)
#define PERF_FORMAT_KNOWN ((1u << 5) - 1)

#define PERF_BRANCH_HW_INDEX (1u << 17)
#define PERF_BRANCH_COUNTERS (1u << 19)

enum perf_type_id {
	PERF_TYPE_HARDWARE = 0,
	PERF_TYPE_SOFTWARE = 1,
	PERF_TYPE_TRACEPOINT = 2,
	PERF_TYPE_HW_CACHE = 3,
	PERF_TYPE_RAW = 4,
	PERF_TYPE_BREAKPOINT = 5,
	/* Above, and for PMUs that are not "cpu": as PMU_MAPPINGS says. */
};

/* perf_event_attr: where its fields are. */
#define PERF_ATTR_SIZE_MIN 64
#define PERF_ATTR_TYPE 0
#define PERF_ATTR_SIZE 4
#define PERF_ATTR_CONFIG 8
#define PERF_ATTR_PERIOD 16
#define PERF_ATTR_SAMPLE_TYPE 24
#define PERF_ATTR_READ_FORMAT 32
#define PERF_ATTR_FLAGS 40
#define PERF_ATTR_CONFIG1 56
#define PERF_ATTR_CONFIG2 64
#define PERF_ATTR_BRANCH_TYPE 72
#define PERF_ATTR_REGS_USER 80
#define PERF_ATTR_REGS_INTR 96

/* The bits of its flags. */
#define PERF_ATTR_FREQ (1ull << 10)
#define PERF_ATTR_PRECISE_IP_SHIFT 15
#define PERF_ATTR_SAMPLE_ID_ALL (1ull << 18)

/* Bits of the file header's feature map, and HEADER_FEATURE's id. */
enum perf_feature {
	PERF_FEAT_HOSTNAME = 3,
	PERF_FEAT_OSRELEASE = 4,
	PERF_FEAT_ARCH = 6,
	PERF_FEAT_NRCPUS = 7,
	PERF_FEAT_CPUDESC = 8,
	PERF_FEAT_CPUID = 9,
	PERF_FEAT_TOTAL_MEM = 10,
	PERF_FEAT_CMDLINE = 11,
	PERF_FEAT_EVENT_DESC = 12,
	PERF_FEAT_PMU_MAPPINGS = 16,
	PERF_FEAT_DIR_FORMAT = 24,
	PERF_FEAT_COMPRESSED = 27,
	PERF_NR_FEATURE_BITS = 256,
};

#define PERF_COMPRESSED_ZSTD 1

#define PERF_EVENT_UPDATE_NAME 2

/* The file header. */
#define PERF_SZ_PIPE_HEADER 16
#define PERF_SZ_FILE_HEADER 104
#define PERF_SZ_FILE_HEADER_OLD 72 /* without the feature map */
#define PERF_FILE_SIZE 8
#define PERF_FILE_ATTR_SIZE 16
#define PERF_FILE_ATTRS 24 /* sections: u64 offset, u64 size */
#define PERF_FILE_DATA 40
#define PERF_FILE_FEATURES 72
#define PERF_SZ_SECTION 16

#endif
