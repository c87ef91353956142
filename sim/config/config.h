/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a configuration file says, as plain structs.
 *
 * The file is damo's own ("damo start FILE", YAML or JSON), so that what is
 * tried here can be deployed as it is.  The structs follow the file's shape and
 * hold its values in the unit that the field's name carries; nothing in them
 * points back into the file.  A key that the file leaves out has the default
 * that damo gives it.
 *
 * Not here: what the values do.  A configuration that was read is one that the
 * kernel would take and that would monitor something; what it does to a machine
 * is for the monitoring core to say.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdio.h>

#include <linux/types.h>

/* "max" where any 64-bit value is allowed: no bound. */
#define CONFIG_NO_BOUND (~0ull)

/* A node or process id that the file does not give. */
#define CONFIG_NO_ID (-1)

/* Which kernel's rules the monitoring core follows. */
enum config_profile {
	CONFIG_PROFILE_N, /* the newest core */
	CONFIG_PROFILE_M, /* with the moving sum, 6.6 to 7.2 */
	CONFIG_PROFILE_D, /* 6.12 */
};

enum config_ops {
	CONFIG_OPS_VADDR,
	CONFIG_OPS_FVADDR,
	CONFIG_OPS_PADDR,
};

enum config_action {
	CONFIG_WILLNEED,
	CONFIG_COLD,
	CONFIG_PAGEOUT,
	CONFIG_HUGEPAGE,
	CONFIG_NOHUGEPAGE,
	CONFIG_COLLAPSE,
	CONFIG_LRU_PRIO,
	CONFIG_LRU_DEPRIO,
	CONFIG_MIGRATE_HOT,
	CONFIG_MIGRATE_COLD,
	CONFIG_STAT,
};

enum config_metric {
	CONFIG_USER_INPUT,
	CONFIG_SOME_MEM_PSI_US,
	CONFIG_NODE_MEM_USED_BP,
	CONFIG_NODE_MEM_FREE_BP,
	CONFIG_NODE_MEMCG_USED_BP,
	CONFIG_NODE_MEMCG_FREE_BP,
	CONFIG_ACTIVE_MEM_BP,
	CONFIG_INACTIVE_MEM_BP,
	CONFIG_NODE_ELIGIBLE_MEM_BP,
	CONFIG_HUGEPAGE_MEM_BP,
};

enum config_tuner {
	CONFIG_CONSIST,
	CONFIG_TEMPORAL,
};

enum config_filter_type {
	CONFIG_FILTER_ANON,
	CONFIG_FILTER_ACTIVE,
	CONFIG_FILTER_MEMCG,
	CONFIG_FILTER_YOUNG,
	CONFIG_FILTER_HUGEPAGE_SIZE,
	CONFIG_FILTER_UNMAPPED,
	CONFIG_FILTER_ADDR,
	CONFIG_FILTER_TARGET,
	CONFIG_FILTER_PROBE_HITS_WSUM,
};

enum config_probe_filter_type {
	CONFIG_PROBE_ANON,
	CONFIG_PROBE_MEMCG,
	CONFIG_PROBE_HUGEPAGE_SIZE,
	CONFIG_PROBE_PGIDLE_UNSET,
};

enum config_prep_action {
	CONFIG_PREP_SET_PGIDLE,
};

enum config_sample_filter_type {
	CONFIG_SAMPLE_CPUMASK,
	CONFIG_SAMPLE_THREADS,
	CONFIG_SAMPLE_WRITE,
};

enum config_wmark_metric {
	CONFIG_WMARK_NONE,
	CONFIG_WMARK_FREE_MEM_RATE,
};

/* In what the file gives the bounds of nr_accesses and of age. */
enum config_unit {
	CONFIG_UNIT_UNSET, /* only while reading */
	CONFIG_UNIT_PPM, /* of the aggregation's maximum */
	CONFIG_UNIT_SAMPLES,
	CONFIG_UNIT_US,
	CONFIG_UNIT_AGGR_INTERVALS,
};

/* Half open, in the context's address unit. */
struct config_region {
	u64 start;
	u64 end;
};

/* Both ends included. */
struct config_range {
	u64 min;
	u64 max;
};

struct config_bounds {
	enum config_unit unit;
	u64 min;
	u64 max;
};

struct config_target {
	s32 pid; /* or CONFIG_NO_ID */
	bool obsolete;
	struct config_region *regions;
	u32 nr_regions;
};

struct config_intervals_goal {
	u64 access_bp;
	u64 aggrs; /* 0: the intervals are not tuned */
	u64 min_sample_us;
	u64 max_sample_us;
};

/* Times in microseconds fit into 64 bits as nanoseconds too. */
struct config_intervals {
	u64 sample_us;
	u64 aggr_us;
	u64 ops_update_us;
	struct config_intervals_goal goal;
};

/* Of the arguments only those of its type are set; the others are 0. */
struct config_probe_filter {
	enum config_probe_filter_type type;
	bool matching;
	bool allow;
	char *memcg_path;
	struct config_range hugepage_sz;
};

struct config_prep {
	enum config_prep_action action;
};

struct config_probe {
	u32 weight;
	struct config_prep *preps;
	u32 nr_preps;
	struct config_probe_filter *filters;
	u32 nr_filters;
};

struct config_primitives {
	bool page_table;
	bool page_fault;
};

struct config_sample_filter {
	enum config_sample_filter_type type;
	bool matching;
	bool allow;
	char *cpumask; /* as the kernel writes a mask; config_cpumask_has() */
	char *tid_arr; /* "12,34"; config_tids_have() */
};

/* One hardware event; names, meaning and defaults of the sysfs files. */
struct config_perf_event {
	u32 type;
	u64 config;
	u64 config1;
	u64 config2;
	bool sample_phys_addr;
	bool sample_weight_struct;
	bool freq;
	u64 sample_freq; /* per second; used with @freq */
	u64 sample_period; /* events per sample; used without @freq */
	u32 wakeup_events;
	u32 precise_ip;
	bool exclude_kernel;
	bool exclude_hv;
};

struct config_sample_control {
	struct config_primitives primitives;
	struct config_sample_filter *filters;
	u32 nr_filters;
	struct config_perf_event *events;
	u32 nr_events;
};

struct config_pattern {
	struct config_range sz; /* in the context's address unit */
	struct config_bounds nr_accesses;
	struct config_bounds age;
};

/* A pattern in what the core counts in; config_pattern_to_core(). */
struct config_core_pattern {
	u64 min_sz;
	u64 max_sz;
	u32 min_nr_accesses;
	u32 max_nr_accesses;
	u32 min_age;
	u32 max_age;
};

struct config_dest {
	u32 id;
	u32 weight;
};

struct config_goal {
	enum config_metric metric;
	s32 nid; /* or CONFIG_NO_ID */
	char *memcg_path;
	u64 target_value; /* in the metric's own unit; never 0 */
	u64 current_value;
};

struct config_weights {
	u32 sz_permil;
	u32 nr_accesses_permil;
	u32 age_permil;
};

struct config_quotas {
	u64 time_ms;
	u64 sz_bytes;
	u64 reset_interval_ms;
	u32 fail_charge_num;
	u32 fail_charge_denom;
	struct config_goal *goals;
	u32 nr_goals;
	enum config_tuner goal_tuner;
	u64 effective_sz_bytes; /* a result: read and printed, nothing more */
	struct config_weights weights;
};

struct config_wmarks {
	enum config_wmark_metric metric;
	u64 interval_us;
	u32 high_permil;
	u32 mid_permil;
	u32 low_permil;
};

/* Of the arguments only those of its type are set; the others are 0. */
struct config_filter {
	enum config_filter_type type;
	bool matching;
	bool allow;
	char *memcg_path;
	struct config_region addr;
	s32 target_idx; /* or CONFIG_NO_ID */
	struct config_range hugepage_sz;
	struct config_range wsum;
};

/* Results, except the last: read and printed, nothing more. */
struct config_stats {
	u64 nr_tried;
	u64 sz_tried;
	u64 nr_applied;
	u64 sz_applied;
	u64 sz_ops_filter_passed;
	u64 qt_exceeds;
	u64 nr_snapshots;
	u64 max_nr_snapshots; /* 0: no limit */
};

struct config_scheme {
	enum config_action action;
	struct config_dest *dests;
	u32 nr_dests;
	s32 target_nid; /* or CONFIG_NO_ID */
	struct config_pattern pattern;
	u64 apply_interval_us; /* 0: the aggregation interval */
	struct config_quotas quotas;
	struct config_wmarks wmarks;
	struct config_filter *filters;
	u32 nr_filters;
	struct config_stats stats;
};

struct config_context {
	enum config_ops ops;
	u64 addr_unit;
	struct config_target *targets;
	u32 nr_targets;
	struct config_intervals intervals;
	struct config_range nr_regions;
	struct config_probe *probes;
	u32 nr_probes; /* at most 4 */
	struct config_sample_control sample_control;
	bool pause;
	struct config_scheme *schemes;
	u32 nr_schemes;
};

struct config_kdamond {
	bool on;
	s32 pid; /* or CONFIG_NO_ID */
	u32 refresh_ms;
	struct config_context *contexts;
	u32 nr_contexts; /* 1 */
};

struct config {
	enum config_profile profile;
	struct config_kdamond *kdamonds;
	u32 nr_kdamonds; /* at least 1 */
};

/* What a kernel makes of something that it cannot be meant to do. */
enum config_weight {
	CONFIG_REFUSED, /* returns an error */
	CONFIG_IGNORED, /* takes it, and it does nothing */
	CONFIG_SURPRISING, /* does something else than it seems to */
};

/* One fault.  @line and @column count from 1; 0: the file as a whole. */
struct config_fault {
	enum config_weight weight;
	int error; /* of CONFIG_REFUSED: the kernel's, -errno */
	u32 line;
	u32 column;
	char text[320]; /* what was found and what was expected */
};

#define CONFIG_FAULTS_MAX 64

/* What values say about each other that cannot be, as far as there is room. */
struct config_faults {
	struct config_fault at[CONFIG_FAULTS_MAX];
	u32 nr;
	u32 nr_more; /* that had no room */
	struct config_tree *tree; /* private: where everything stands */
};

/* The first fault. */
struct config_error {
	char file[256];
	enum config_weight weight;
	int error;
	u32 line;
	u32 column;
	char text[320];
	struct config_faults *all; /* private */
};

/**
 * config_load() - read a configuration file.
 * @cfg:	filled on success, then for config_fini(); else untouched
 * @path:	file, or "-" for standard input
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL for what the file says; -EFBIG for too large a file;
 * -errno of the system.
 */
int config_load(struct config *cfg, const char *path, struct config_error *err);

/**
 * config_load_all() - the same, and go on behind values that can be understood
 * and not be meant.
 * @cfg:	filled on success
 * @path:	file, or "-" for standard input
 * @err:	filled on failure
 * @all:	all zero; what was found by the way, or NULL to stop at it;
 *		for config_faults_fini()
 *
 * With faults found @cfg is not what any kernel would take; what is out of
 * bounds has its default in there.
 *
 * Return: as config_load().
 */
int config_load_all(struct config *cfg, const char *path,
		    struct config_error *err, struct config_faults *all);

/* The same for a text. */
int config_parse_all(struct config *cfg, const char *text, size_t sz,
		     const char *name, struct config_error *err,
		     struct config_faults *all);

/**
 * config_where() - where in the file something stands.
 * @all:	of the file
 * @place:	"kdamonds[0].contexts[0].schemes[1].quotas"
 * @line:	set
 * @column:	set: of what of @place is in the file, the rest being defaults
 */
void config_where(const struct config_faults *all, const char *place, u32 *line,
		  u32 *column);

void config_faults_fini(struct config_faults *all);

/**
 * config_parse() - read a configuration from memory.
 * @cfg:	filled on success, then for config_fini(); else untouched
 * @text:	YAML or JSON in UTF-8, not necessarily terminated
 * @sz:		its length in bytes
 * @name:	what @err calls it
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL for what the text says; -EFBIG; -ENOMEM.
 */
int config_parse(struct config *cfg, const char *text, size_t sz,
		 const char *name, struct config_error *err);

/**
 * config_fini() - free what a configuration holds.
 * @cfg:	filled by config_load() or config_parse(), or all zero
 *
 * Leaves @cfg all zero.
 */
void config_fini(struct config *cfg);

/**
 * config_print() - write a configuration as damo would.
 * @file:	where to
 * @cfg:	as read, or built by hand within what the reader accepts
 *
 * Every key is written, also those that have their default.  Reading the
 * output gives @cfg again, to the last byte and microsecond.
 *
 * Return: 0; -EIO if @file took not all of it.
 */
int config_print(FILE *file, const struct config *cfg);

/**
 * config_pattern_to_core() - give a pattern in the core's own units.
 * @pattern:	as read
 * @intervals:	of the context that it is for
 * @out:	filled
 *
 * As damo does: a percentage is one of aggr_us / sample_us, an age is divided
 * by aggr_us, and what is not whole is rounded down.  Unlike there, what does
 * not fit into the core's 32 bits becomes the largest value instead of being
 * cut to its lower half.
 */
void config_pattern_to_core(const struct config_pattern *pattern,
			    const struct config_intervals *intervals,
			    struct config_core_pattern *out);

/**
 * config_min_region_sz() - size below which a context has no regions.
 * @ctx:	as read
 *
 * Return: the size in the context's address unit, a power of two.
 */
u64 config_min_region_sz(const struct config_context *ctx);

/**
 * config_cpumask_has() - is a CPU in a sample filter's mask?
 * @mask:	hexadecimal words of 32 bits, comma between, highest first
 * @cpu:	its number
 */
bool config_cpumask_has(const char *mask, u32 cpu);

/**
 * config_tids_have() - is a thread in a sample filter's list?
 * @tids:	decimal numbers, comma between
 * @tid:	thread id
 */
bool config_tids_have(const char *tids, u32 tid);

#endif
