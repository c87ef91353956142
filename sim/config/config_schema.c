// SPDX-License-Identifier: GPL-2.0
/*
 * Every key of a configuration file: its place, its default, its bounds.
 *
 * Names, order and defaults are damo's (30 June 2026); perf_events has the
 * names and the defaults of the sysfs files that were proposed with it, and
 * profile is ours.  Where damo and the kernel's sysfs differ (ops_update_us,
 * reset_interval_ms) damo's default is taken, because it is damo that would
 * read the file otherwise.
 */
#include <limits.h>
#include <string.h>

#include "config/config_table.h"

/* The kernel refuses more. */
#define MAX_PERF_EVENTS 64
#define MAX_PRECISE_IP 3
#define MAX_PROBES 4

/* A period with the highest bit is negative to perf. */
#define MAX_PERIOD (~0ull >> 1)
#define MAX_FREQ 1000000000ull

u64 config_key_max(const struct config_key *key)
{
	u64 fits = key->width == 8 ? ~0ull : ~0u;

	return key->max ? key->max : fits;
}

u64 config_get(const void *obj, const struct config_key *key)
{
	const char *at = (const char *)obj + key->offset;
	u64 value = 0;
	u32 word;
	bool flag;

	switch (key->width) {
	case sizeof(u64):
		memcpy(&value, at, sizeof(value));
		return value;
	case sizeof(u32):
		memcpy(&word, at, sizeof(word));
		return word;
	default:
		memcpy(&flag, at, sizeof(flag));
		return flag;
	}
}

void config_set(void *obj, const struct config_key *key, u64 value)
{
	char *at = (char *)obj + key->offset;
	u32 word = value;
	bool flag = value;

	switch (key->width) {
	case sizeof(u64):
		memcpy(at, &value, sizeof(value));
		break;
	case sizeof(u32):
		memcpy(at, &word, sizeof(word));
		break;
	default:
		memcpy(at, &flag, sizeof(flag));
		break;
	}
}

/* What a goal's target counts depends on its metric; damo's rule. */
static enum config_dim goal_dim(const void *obj)
{
	const struct config_goal *goal = obj;

	switch (goal->metric) {
	case CONFIG_USER_INPUT:
		return CONFIG_DIM_COUNT;
	case CONFIG_SOME_MEM_PSI_US:
		return CONFIG_DIM_US;
	default:
		return CONFIG_DIM_BP;
	}
}

/* clang-format off */

const char *const config_profile_words[] = { "N", "M", "D", NULL };
static const char *const state_words[] = { "off", "on", NULL };
static const char *const ops_words[] = { "vaddr", "fvaddr", "paddr", NULL };
static const char *const action_words[] = {
	"willneed", "cold", "pageout", "hugepage", "nohugepage", "collapse",
	"lru_prio", "lru_deprio", "migrate_hot", "migrate_cold", "stat", NULL
};
static const char *const metric_words[] = {
	"user_input", "some_mem_psi_us", "node_mem_used_bp", "node_mem_free_bp",
	"node_memcg_used_bp", "node_memcg_free_bp", "active_mem_bp",
	"inactive_mem_bp", "node_eligible_mem_bp", "hugepage_mem_bp", NULL
};
static const char *const tuner_words[] = { "consist", "temporal", NULL };
static const char *const filter_words[] = {
	"anon", "active", "memcg", "young", "hugepage_size", "unmapped",
	"addr", "target", "probe_hits_wsum", NULL
};
static const char *const probe_filter_words[] = {
	"anon", "memcg", "hugepage_size", "pgidle_unset", NULL
};
static const char *const prep_words[] = { "set_pgidle", NULL };
static const char *const sample_filter_words[] = {
	"cpumask", "threads", "write", NULL
};
static const char *const wmark_words[] = { "none", "free_mem_rate", NULL };

static const struct config_bound accesses_bound = {
	CONFIG_DIM_PPM, CONFIG_UNIT_PPM, "samples", CONFIG_UNIT_SAMPLES
};
static const struct config_bound age_bound = {
	CONFIG_DIM_US, CONFIG_UNIT_US,
	"aggr_intervals", CONFIG_UNIT_AGGR_INTERVALS
};

static const struct config_key region_keys[] = {
	{ "start", NUMBER(config_region, start, BYTES),
	  .flags = CONFIG_REQUIRED | CONFIG_COUNTS },
	{ "end", NUMBER(config_region, end, BYTES),
	  .flags = CONFIG_REQUIRED | CONFIG_COUNTS },
	{ 0 }
};
static const struct config_map region_map = {
	"a region", sizeof(struct config_region), region_keys,
	config_check_region
};
static const struct config_map address_range_map = {
	"address_range", sizeof(struct config_region), region_keys,
	config_check_address_range
};

static const struct config_key target_keys[] = {
	{ "pid", ID(config_target, pid), .min = 1 },
	{ "obsolete", BOOL(config_target, obsolete) },
	{ "regions", LIST(config_target, regions, nr_regions, region) },
	{ 0 }
};
static const struct config_map target_map = {
	"a target", sizeof(struct config_target), target_keys, NULL
};

static const struct config_key intervals_goal_keys[] = {
	{ "access_bp", NUMBER(config_intervals_goal, access_bp, BP) },
	{ "aggrs", NUMBER(config_intervals_goal, aggrs, COUNT) },
	{ "min_sample_us", NUMBER(config_intervals_goal, min_sample_us, US),
	  .max = MAX_US },
	{ "max_sample_us", NUMBER(config_intervals_goal, max_sample_us, US),
	  .max = MAX_US },
	{ 0 }
};
static const struct config_map intervals_goal_map = {
	"intervals_goal", sizeof(struct config_intervals_goal),
	intervals_goal_keys, NULL
};

/* A sample interval of 0 is one that the kernel takes: time stands still. */
static const struct config_key intervals_keys[] = {
	{ "sample_us", NUMBER(config_intervals, sample_us, US),
	  .def = 5000, .min = 1, .max = MAX_US },
	{ "aggr_us", NUMBER(config_intervals, aggr_us, US),
	  .def = 100000, .min = 1, .max = MAX_US },
	{ "ops_update_us", NUMBER(config_intervals, ops_update_us, US),
	  .def = 1000000, .max = MAX_US },
	{ "intervals_goal", MAP(config_intervals, goal, intervals_goal) },
	{ 0 }
};
static const struct config_map intervals_map = {
	"intervals", sizeof(struct config_intervals), intervals_keys,
	config_check_intervals
};

static const struct config_key nr_regions_keys[] = {
	{ "min", NUMBER(config_range, min, COUNT), .def = 10, .min = 3 },
	{ "max", NUMBER(config_range, max, COUNT), .def = 1000 },
	{ 0 }
};
static const struct config_map nr_regions_map = {
	"nr_regions", sizeof(struct config_range), nr_regions_keys,
	config_check_nr_regions
};

static const struct config_key probe_filter_keys[] = {
	{ "filter_type", WORD(config_probe_filter, type, probe_filter),
	  .flags = CONFIG_REQUIRED },
	{ "matching", BOOL(config_probe_filter, matching), .def = true },
	{ "allow", BOOL(config_probe_filter, allow) },
	{ "memcg_path", TEXT(config_probe_filter, memcg_path) },
	{ "hugepage_size", .kind = CONFIG_SZ_PAIR,
	  AT(config_probe_filter, hugepage_sz) },
	{ 0 }
};
static const struct config_map probe_filter_map = {
	"a probe's filter", sizeof(struct config_probe_filter),
	probe_filter_keys, config_check_probe_filter
};

static const struct config_key prep_keys[] = {
	{ "prep_action", WORD(config_prep, action, prep),
	  .flags = CONFIG_REQUIRED },
	{ 0 }
};
static const struct config_map prep_map = {
	"a preparation", sizeof(struct config_prep), prep_keys, NULL
};

static const struct config_key probe_keys[] = {
	{ "weight", NUMBER(config_probe, weight, COUNT) },
	{ "preps", LIST(config_probe, preps, nr_preps, prep) },
	{ "filters", LIST(config_probe, filters, nr_filters, probe_filter) },
	{ 0 }
};
static const struct config_map probe_map = {
	"a probe", sizeof(struct config_probe), probe_keys, NULL
};

static const struct config_key primitives_keys[] = {
	{ "page_table", BOOL(config_primitives, page_table), .def = true },
	{ "page_fault", BOOL(config_primitives, page_fault) },
	{ 0 }
};
static const struct config_map primitives_map = {
	"primitives_enabled", sizeof(struct config_primitives),
	primitives_keys, NULL
};

static const struct config_key sample_filter_keys[] = {
	{ "filter_type", WORD(config_sample_filter, type, sample_filter),
	  .flags = CONFIG_REQUIRED },
	{ "matching", BOOL(config_sample_filter, matching) },
	{ "allow", BOOL(config_sample_filter, allow) },
	{ "cpumask", TEXT(config_sample_filter, cpumask) },
	{ "tid_arr", TEXT(config_sample_filter, tid_arr) },
	{ 0 }
};
static const struct config_map sample_filter_map = {
	"a sample filter", sizeof(struct config_sample_filter),
	sample_filter_keys, config_check_sample_filter
};

static const struct config_key perf_event_keys[] = {
	{ "type", NUMBER(config_perf_event, type, COUNT),
	  .flags = CONFIG_BARE },
	{ "config", NUMBER(config_perf_event, config, COUNT),
	  .flags = CONFIG_HEX },
	{ "config1", NUMBER(config_perf_event, config1, COUNT),
	  .flags = CONFIG_HEX },
	{ "config2", NUMBER(config_perf_event, config2, COUNT),
	  .flags = CONFIG_HEX },
	{ "sample_phys_addr", BOOL(config_perf_event, sample_phys_addr) },
	{ "sample_weight_struct",
	  BOOL(config_perf_event, sample_weight_struct) },
	{ "freq", BOOL(config_perf_event, freq), .def = true },
	{ "sample_freq", NUMBER(config_perf_event, sample_freq, COUNT),
	  .flags = CONFIG_BARE, .max = MAX_FREQ },
	{ "sample_period", NUMBER(config_perf_event, sample_period, COUNT),
	  .flags = CONFIG_BARE, .max = MAX_PERIOD },
	{ "wakeup_events", NUMBER(config_perf_event, wakeup_events, COUNT),
	  .flags = CONFIG_BARE, .def = 1 },
	{ "precise_ip", NUMBER(config_perf_event, precise_ip, COUNT),
	  .flags = CONFIG_BARE, .def = 2, .max = MAX_PRECISE_IP },
	{ "exclude_kernel", BOOL(config_perf_event, exclude_kernel),
	  .def = true },
	{ "exclude_hv", BOOL(config_perf_event, exclude_hv), .def = true },
	{ 0 }
};
static const struct config_map perf_event_map = {
	"a perf event", sizeof(struct config_perf_event), perf_event_keys,
	config_check_perf_event
};

static const struct config_key sample_control_keys[] = {
	{ "primitives_enabled",
	  MAP(config_sample_control, primitives, primitives) },
	{ "sample_filters",
	  LIST(config_sample_control, filters, nr_filters, sample_filter) },
	{ "perf_events",
	  LIST(config_sample_control, events, nr_events, perf_event),
	  .max = MAX_PERF_EVENTS },
	{ 0 }
};
static const struct config_map sample_control_map = {
	"sample_control", sizeof(struct config_sample_control),
	sample_control_keys, NULL
};

static const struct config_key sz_range_keys[] = {
	{ "min", NUMBER(config_range, min, BYTES) },
	{ "max", NUMBER(config_range, max, BYTES), .def = CONFIG_NO_BOUND },
	{ 0 }
};
static const struct config_map sz_range_map = {
	"sz_bytes", sizeof(struct config_range), sz_range_keys,
	config_check_sizes
};

static const struct config_key accesses_keys[] = {
	{ "min", BOUND(min, accesses) },
	{ "max", BOUND(max, accesses), .def = CONFIG_NO_BOUND },
	{ 0 }
};
static const struct config_map accesses_map = {
	"nr_accesses", sizeof(struct config_bounds), accesses_keys,
	config_check_bounds
};

static const struct config_key age_keys[] = {
	{ "min", BOUND(min, age) },
	{ "max", BOUND(max, age), .def = CONFIG_NO_BOUND },
	{ 0 }
};
static const struct config_map age_map = {
	"age", sizeof(struct config_bounds), age_keys, config_check_bounds
};

static const struct config_key pattern_keys[] = {
	{ "sz_bytes", MAP(config_pattern, sz, sz_range) },
	{ "nr_accesses", MAP(config_pattern, nr_accesses, accesses) },
	{ "age", MAP(config_pattern, age, age) },
	{ 0 }
};
static const struct config_map pattern_map = {
	"access_pattern", sizeof(struct config_pattern), pattern_keys, NULL
};

static const struct config_key dest_keys[] = {
	{ "id", NUMBER(config_dest, id, COUNT),
	  .flags = CONFIG_REQUIRED | CONFIG_BARE, .max = INT_MAX },
	{ "weight", NUMBER(config_dest, weight, COUNT),
	  .flags = CONFIG_REQUIRED | CONFIG_BARE },
	{ 0 }
};
static const struct config_map dest_map = {
	"a destination", sizeof(struct config_dest), dest_keys, NULL
};

static const struct config_key goal_keys[] = {
	{ "metric", WORD(config_goal, metric, metric) },
	{ "nid", ID(config_goal, nid) },
	{ "memcg_path", TEXT(config_goal, memcg_path) },
	{ "target_value", NUMBER(config_goal, target_value, COUNT),
	  .flags = CONFIG_REQUIRED | CONFIG_COUNTS, .dim_of = goal_dim },
	{ "current_value", NUMBER(config_goal, current_value, COUNT) },
	{ 0 }
};
static const struct config_map goal_map = {
	"a goal", sizeof(struct config_goal), goal_keys, config_check_goal
};

static const struct config_key weights_keys[] = {
	{ "sz_permil", NUMBER(config_weights, sz_permil, PERMIL) },
	{ "nr_accesses_permil",
	  NUMBER(config_weights, nr_accesses_permil, PERMIL) },
	{ "age_permil", NUMBER(config_weights, age_permil, PERMIL) },
	{ 0 }
};
static const struct config_map weights_map = {
	"weights", sizeof(struct config_weights), weights_keys, NULL
};

static const struct config_key quotas_keys[] = {
	{ "time_ms", NUMBER(config_quotas, time_ms, MS), .max = MAX_MS },
	{ "sz_bytes", NUMBER(config_quotas, sz_bytes, BYTES) },
	{ "reset_interval_ms", NUMBER(config_quotas, reset_interval_ms, MS),
	  .def = MAX_MS, .max = MAX_MS },
	{ "fail_charge_num", NUMBER(config_quotas, fail_charge_num, COUNT) },
	{ "fail_charge_denom",
	  NUMBER(config_quotas, fail_charge_denom, COUNT) },
	{ "goals", LIST(config_quotas, goals, nr_goals, goal) },
	{ "goal_tuner", WORD(config_quotas, goal_tuner, tuner) },
	{ "effective_sz_bytes",
	  NUMBER(config_quotas, effective_sz_bytes, BYTES) },
	{ "weights", MAP(config_quotas, weights, weights) },
	{ 0 }
};
static const struct config_map quotas_map = {
	"quotas", sizeof(struct config_quotas), quotas_keys, NULL
};

static const struct config_key wmarks_keys[] = {
	{ "metric", WORD(config_wmarks, metric, wmark) },
	{ "interval_us", NUMBER(config_wmarks, interval_us, US),
	  .max = MAX_US },
	{ "high_permil", NUMBER(config_wmarks, high_permil, PERMIL) },
	{ "mid_permil", NUMBER(config_wmarks, mid_permil, PERMIL) },
	{ "low_permil", NUMBER(config_wmarks, low_permil, PERMIL) },
	{ 0 }
};
static const struct config_map wmarks_map = {
	"watermarks", sizeof(struct config_wmarks), wmarks_keys,
	config_check_wmarks
};

static const struct config_key filter_keys[] = {
	{ "filter_type", WORD(config_filter, type, filter),
	  .flags = CONFIG_REQUIRED },
	{ "matching", BOOL(config_filter, matching) },
	{ "allow", BOOL(config_filter, allow) },
	{ "memcg_path", TEXT(config_filter, memcg_path) },
	{ "address_range", MAP(config_filter, addr, address_range),
	  .flags = CONFIG_NULLABLE },
	{ "damon_target_idx", ID(config_filter, target_idx) },
	{ "hugepage_size", .kind = CONFIG_SZ_PAIR,
	  AT(config_filter, hugepage_sz) },
	{ "probe_hits_wsum_range", .kind = CONFIG_NR_PAIR,
	  AT(config_filter, wsum) },
	{ 0 }
};
static const struct config_map filter_map = {
	"a filter", sizeof(struct config_filter), filter_keys,
	config_check_filter
};

static const struct config_key stats_keys[] = {
	{ "nr_tried", NUMBER(config_stats, nr_tried, COUNT) },
	{ "sz_tried", NUMBER(config_stats, sz_tried, BYTES) },
	{ "nr_applied", NUMBER(config_stats, nr_applied, COUNT) },
	{ "sz_applied", NUMBER(config_stats, sz_applied, BYTES) },
	{ "sz_ops_filter_passed",
	  NUMBER(config_stats, sz_ops_filter_passed, BYTES) },
	{ "qt_exceeds", NUMBER(config_stats, qt_exceeds, COUNT) },
	{ "nr_snapshots", NUMBER(config_stats, nr_snapshots, COUNT) },
	{ "max_nr_snapshots", NUMBER(config_stats, max_nr_snapshots, COUNT) },
	{ 0 }
};
static const struct config_map stats_map = {
	"stats", sizeof(struct config_stats), stats_keys, NULL
};

static const struct config_key scheme_keys[] = {
	{ "action", WORD(config_scheme, action, action), .def = CONFIG_STAT },
	{ "dests", LIST(config_scheme, dests, nr_dests, dest) },
	{ "target_nid", ID(config_scheme, target_nid) },
	{ "access_pattern", MAP(config_scheme, pattern, pattern) },
	{ "apply_interval_us", NUMBER(config_scheme, apply_interval_us, US),
	  .max = MAX_US },
	{ "quotas", MAP(config_scheme, quotas, quotas) },
	{ "watermarks", MAP(config_scheme, wmarks, wmarks) },
	{ "filters", LIST(config_scheme, filters, nr_filters, filter) },
	{ "stats", MAP(config_scheme, stats, stats) },
	{ 0 }
};
static const struct config_map scheme_map = {
	"a scheme", sizeof(struct config_scheme), scheme_keys, NULL
};

static const struct config_key context_keys[] = {
	{ "ops", WORD(config_context, ops, ops), .flags = CONFIG_REQUIRED },
	{ "addr_unit", NUMBER(config_context, addr_unit, BYTES),
	  .def = 1, .min = 1 },
	{ "targets", LIST(config_context, targets, nr_targets, target) },
	{ "intervals", MAP(config_context, intervals, intervals) },
	{ "nr_regions", MAP(config_context, nr_regions, nr_regions) },
	{ "probes", LIST(config_context, probes, nr_probes, probe),
	  .max = MAX_PROBES },
	{ "sample_control",
	  MAP(config_context, sample_control, sample_control) },
	{ "pause", BOOL(config_context, pause) },
	{ "schemes", LIST(config_context, schemes, nr_schemes, scheme) },
	{ 0 }
};
static const struct config_map context_map = {
	"a context", sizeof(struct config_context), context_keys,
	config_check_context
};

static const struct config_key kdamond_keys[] = {
	{ "state", WORD(config_kdamond, on, state) },
	{ "pid", ID(config_kdamond, pid), .min = 1 },
	{ "refresh_ms", NUMBER(config_kdamond, refresh_ms, MS),
	  .flags = CONFIG_COUNTS | CONFIG_BARE },
	{ "contexts", LIST(config_kdamond, contexts, nr_contexts, context),
	  .flags = CONFIG_REQUIRED, .min = 1, .max = 1 },
	{ 0 }
};
const struct config_map config_kdamond_map = {
	"a kdamond", sizeof(struct config_kdamond), kdamond_keys, NULL
};

static const struct config_key root_keys[] = {
	{ "profile", WORD(config, profile, config_profile) },
	{ "kdamonds", LIST(config, kdamonds, nr_kdamonds, config_kdamond),
	  .flags = CONFIG_REQUIRED, .min = 1 },
	{ 0 }
};
const struct config_map config_root_map = {
	"the configuration", sizeof(struct config), root_keys, NULL
};

/* clang-format on */
