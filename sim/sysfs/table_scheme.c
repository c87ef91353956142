// SPDX-License-Identifier: GPL-2.0
/* The table of the files of schemes, see table.c. */
#include "sysfs/fixup.h"
#include "sysfs/table.h"

/* clang-format off */

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
static const char *const wmark_words[] = { "none", "free_mem_rate", NULL };
static const char *const filter_words[] = {
	"anon", "active", "memcg", "young", "hugepage_size", "unmapped",
	"addr", "target", NULL
};

#define CORE_FILTERS (BIT(CONFIG_FILTER_ADDR) | BIT(CONFIG_FILTER_TARGET))
#define ALL_FILTERS (BIT(CONFIG_FILTER_TARGET + 1) - 1)
#define NOT_D_FILTERS (BIT(CONFIG_FILTER_ACTIVE) | \
	BIT(CONFIG_FILTER_HUGEPAGE_SIZE) | BIT(CONFIG_FILTER_UNMAPPED))

static const struct sysfs_file dest_files[] = {
	{ "id", NUMBER(config_dest, id) },
	{ "weight", NUMBER(config_dest, weight) },
	{ 0 }
};
static const struct sysfs_dir dest_dir = { .files = dest_files };
static const struct sysfs_list dest_list = {
	"nr_dests", LIST(config_scheme, dests, nr_dests, dest)
};
static const struct sysfs_dir dests_dir = { .list = &dest_list };

#define RANGE(name, field, bits) \
	static const struct sysfs_file name##_files[] = { \
		{ "min", NUMBER(config_scheme, pattern.field.min), \
		  .flags = bits }, \
		{ "max", NUMBER(config_scheme, pattern.field.max), \
		  .flags = bits }, \
		{ 0 } \
	}; \
	static const struct sysfs_dir name##_dir = { .files = name##_files }
RANGE(sz, sz, 0);
RANGE(accesses, nr_accesses, SYSFS_TO_32_BITS);
RANGE(age, age, SYSFS_TO_32_BITS);
static const struct sysfs_sub pattern_subs[] = {
	{ "sz", .dir = &sz_dir }, { "nr_accesses", .dir = &accesses_dir },
	{ "age", .dir = &age_dir }, { 0 }
};
static const struct sysfs_dir pattern_dir = { .subs = pattern_subs };

static const struct sysfs_file goal_files[] = {
	{ "target_metric", WORD(config_goal, metric, metric),
	  .refused_d = ~(BIT(CONFIG_USER_INPUT) |
			 BIT(CONFIG_SOME_MEM_PSI_US)) },
	{ "target_value", NUMBER(config_goal, target_value) },
	{ "current_value", NUMBER(config_goal, current_value) },
	{ "nid", INT(config_goal, nid), .flags = SYSFS_NOT_D },
	{ "path", TEXT(config_goal, memcg_path), .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_dir goal_dir = { .files = goal_files };
static const struct sysfs_list goal_list = {
	"nr_goals", LIST(config_scheme, quotas.goals, quotas.nr_goals, goal)
};
static const struct sysfs_dir goals_dir = { .list = &goal_list };
static const struct sysfs_file weights_files[] = {
	{ "sz_permil", NUMBER(config_scheme, quotas.weights.sz_permil) },
	{ "nr_accesses_permil",
	  NUMBER(config_scheme, quotas.weights.nr_accesses_permil) },
	{ "age_permil", NUMBER(config_scheme, quotas.weights.age_permil) },
	{ 0 }
};
static const struct sysfs_dir weights_dir = { .files = weights_files };
#define QUOTA(field) \
	NUMBER(config_scheme, quotas.field), .flags = SYSFS_EINVAL
#define QUOTA_NOT_D(field) \
	NUMBER(config_scheme, quotas.field), \
	.flags = SYSFS_EINVAL | SYSFS_NOT_D
static const struct sysfs_file quotas_files[] = {
	{ "ms", QUOTA(time_ms) },
	{ "bytes", QUOTA(sz_bytes) },
	{ "reset_interval_ms", QUOTA(reset_interval_ms) },
	{ "effective_bytes",
	  NUMBER(config_scheme, quotas.effective_sz_bytes),
	  .flags = SYSFS_READ_ONLY | SYSFS_OF_QUOTAS },
	{ "goal_tuner", WORD(config_scheme, quotas.goal_tuner, tuner),
	  .flags = SYSFS_NOT_D },
	{ "fail_charge_num", QUOTA_NOT_D(fail_charge_num) },
	{ "fail_charge_denom", QUOTA_NOT_D(fail_charge_denom) },
	{ 0 }
};
static const struct sysfs_sub quotas_subs[] = {
	{ "weights", .dir = &weights_dir }, { "goals", .dir = &goals_dir },
	{ 0 }
};
static const struct sysfs_dir quotas_dir = {
	.files = quotas_files, .subs = quotas_subs
};

static const struct sysfs_file wmarks_files[] = {
	{ "metric", WORD(config_scheme, wmarks.metric, wmark) },
	{ "interval_us", NUMBER(config_scheme, wmarks.interval_us) },
	/* Of 64 bits in the kernel; here beyond 32 is -ERANGE */
	{ "high", NUMBER(config_scheme, wmarks.high_permil) },
	{ "mid", NUMBER(config_scheme, wmarks.mid_permil) },
	{ "low", NUMBER(config_scheme, wmarks.low_permil) },
	{ 0 }
};
static const struct sysfs_dir wmarks_dir = { .files = wmarks_files };

#define FILTER_FILES(name, not_these) \
	static const struct sysfs_file name##_files[] = { \
		{ "type", WORD(config_filter, type, filter), \
		  .refused = not_these, .refused_d = NOT_D_FILTERS }, \
		{ "matching", BOOL(config_filter, matching) }, \
		{ "allow", BOOL(config_filter, allow), \
		  .flags = SYSFS_NOT_D }, \
		{ "memcg_path", TEXT(config_filter, memcg_path) }, \
		{ "addr_start", NUMBER(config_filter, addr.start) }, \
		{ "addr_end", NUMBER(config_filter, addr.end) }, \
		{ "min", NUMBER(config_filter, hugepage_sz.min), \
		  .flags = SYSFS_NOT_D }, \
		{ "max", NUMBER(config_filter, hugepage_sz.max), \
		  .flags = SYSFS_NOT_D }, \
		{ "damon_target_idx", INT(config_filter, target_idx) }, \
		{ 0 } \
	}; \
	static const struct sysfs_dir name##_dir = { .files = name##_files }; \
	static const struct sysfs_list name##_list = { \
		"nr_filters", \
		LIST(config_scheme, filters, nr_filters, name), \
		.is_alias = not_these, .collected = sysfs_collected_filter, \
		.print = sysfs_print_filter \
	}; \
	static const struct sysfs_dir name##s_dir = { .list = &name##_list }
FILTER_FILES(core_filter, (ALL_FILTERS & ~CORE_FILTERS));
FILTER_FILES(ops_filter, CORE_FILTERS);
FILTER_FILES(filter, 0);

#define STAT(field, more) NUMBER(config_scheme, stats.field), \
	.flags = SYSFS_READ_ONLY | SYSFS_OF_STATS | (more)
static const struct sysfs_file stats_files[] = {
	{ "nr_tried", STAT(nr_tried, 0) },
	{ "sz_tried", STAT(sz_tried, 0) },
	{ "nr_applied", STAT(nr_applied, 0) },
	{ "sz_applied", STAT(sz_applied, 0) },
	{ "sz_ops_filter_passed", STAT(sz_ops_filter_passed, SYSFS_NOT_D) },
	{ "qt_exceeds", STAT(qt_exceeds, 0) },
	{ "nr_snapshots", STAT(nr_snapshots, SYSFS_NOT_D) },
	{ "max_nr_snapshots", NUMBER(config_scheme, stats.max_nr_snapshots),
	  .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_dir stats_dir = { .files = stats_files };
static const struct sysfs_file tried_files[] = {
	{ "total_bytes", .kind = SYSFS_UNSIGNED,
	  .flags = SYSFS_READ_ONLY | SYSFS_NOWHERE },
	{ 0 }
};
static const struct sysfs_dir tried_dir = { .files = tried_files };

static const struct sysfs_file scheme_files[] = {
	{ "action", WORD(config_scheme, action, action), .def = CONFIG_STAT,
	  .refused_d = BIT(CONFIG_COLLAPSE) },
	{ "apply_interval_us", NUMBER(config_scheme, apply_interval_us) },
	{ "target_nid", INT(config_scheme, target_nid), .def = ~0ull },
	{ 0 }
};
/* The filters in the order in which they are built */
static const struct sysfs_sub scheme_subs[] = {
	{ "access_pattern", .dir = &pattern_dir },
	{ "dests", .dir = &dests_dir, .flags = SYSFS_NOT_D },
	{ "quotas", .dir = &quotas_dir },
	{ "watermarks", .dir = &wmarks_dir },
	{ "core_filters", .dir = &core_filters_dir, .flags = SYSFS_NOT_D },
	{ "ops_filters", .dir = &ops_filters_dir, .flags = SYSFS_NOT_D },
	{ "filters", .dir = &filters_dir },
	{ "stats", .dir = &stats_dir },
	{ "tried_regions", .dir = &tried_dir },
	{ 0 }
};
static const struct sysfs_dir scheme_dir = {
	.files = scheme_files, .subs = scheme_subs
};
static const struct sysfs_list scheme_list = {
	"nr_schemes", LIST(config_context, schemes, nr_schemes, scheme),
	.collected = sysfs_collected_scheme, .print = sysfs_print_scheme
};
const struct sysfs_dir sysfs_schemes_dir = { .list = &scheme_list };

/* clang-format on */
