// SPDX-License-Identifier: GPL-2.0
/*
 * The table of DAMON's files: names, defaults and limits.
 *
 * Of the newest core, with the perf events of the access reports; what 6.12
 * lacks is marked.  Not here, since the names of their files are not known to
 * us: preparations of probes, filters by size of huge page in them, and filters
 * of schemes by hits of probes.
 */
#include "sysfs/fixup.h"
#include "sysfs/table.h"

/* clang-format off */

static const char *const ops_words[] = { "vaddr", "fvaddr", "paddr", NULL };
static const char *const probe_words[] = { "anon", "memcg", NULL };

static const struct sysfs_file region_files[] = {
	{ "start", NUMBER(config_region, start) },
	{ "end", NUMBER(config_region, end) },
	{ 0 }
};
static const struct sysfs_dir region_dir = { .files = region_files };
static const struct sysfs_list region_list = {
	"nr_regions", LIST(config_target, regions, nr_regions, region)
};
static const struct sysfs_dir regions_dir = { .list = &region_list };

static const struct sysfs_file target_files[] = {
	{ "pid_target", INT(config_target, pid), .flags = SYSFS_EINVAL },
	{ "obsolete_target", BOOL(config_target, obsolete),
	  .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_sub target_subs[] = {
	{ "regions", .dir = &regions_dir }, { 0 }
};
static const struct sysfs_dir target_dir = {
	.files = target_files, .subs = target_subs
};
static const struct sysfs_list target_list = {
	"nr_targets", LIST(config_context, targets, nr_targets, target),
	.print = sysfs_print_target
};
static const struct sysfs_dir targets_dir = { .list = &target_list };

static const struct sysfs_file intervals_goal_files[] = {
	{ "access_bp", NUMBER(config_context, intervals.goal.access_bp) },
	{ "aggrs", NUMBER(config_context, intervals.goal.aggrs) },
	{ "min_sample_us",
	  NUMBER(config_context, intervals.goal.min_sample_us) },
	{ "max_sample_us",
	  NUMBER(config_context, intervals.goal.max_sample_us) },
	{ 0 }
};
static const struct sysfs_dir intervals_goal_dir = {
	.files = intervals_goal_files
};
static const struct sysfs_file intervals_files[] = {
	{ "sample_us", NUMBER(config_context, intervals.sample_us),
	  .def = 5000, .flags = SYSFS_OF_INTERVALS },
	{ "aggr_us", NUMBER(config_context, intervals.aggr_us),
	  .def = 100000, .flags = SYSFS_OF_INTERVALS },
	{ "update_us", NUMBER(config_context, intervals.ops_update_us),
	  .def = 60000000 },
	{ 0 }
};
static const struct sysfs_sub intervals_subs[] = {
	{ "intervals_goal", .dir = &intervals_goal_dir, .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_dir intervals_dir = {
	.files = intervals_files, .subs = intervals_subs
};
static const struct sysfs_file nr_regions_files[] = {
	{ "min", NUMBER(config_context, nr_regions.min), .def = 10 },
	{ "max", NUMBER(config_context, nr_regions.max), .def = 1000 },
	{ 0 }
};
static const struct sysfs_dir nr_regions_dir = { .files = nr_regions_files };

static const struct sysfs_file probe_filter_files[] = {
	{ "type", WORD(config_probe_filter, type, probe) },
	{ "matching", BOOL(config_probe_filter, matching) },
	{ "allow", BOOL(config_probe_filter, allow) },
	{ "path", TEXT(config_probe_filter, memcg_path) },
	{ 0 }
};
static const struct sysfs_dir probe_filter_dir = {
	.files = probe_filter_files
};
static const struct sysfs_list probe_filter_list = {
	"nr_filters", LIST(config_probe, filters, nr_filters, probe_filter),
	.collected = sysfs_collected_probe_filter
};
static const struct sysfs_dir probe_filters_dir = {
	.list = &probe_filter_list
};
static const struct sysfs_sub probe_subs[] = {
	{ "filters", .dir = &probe_filters_dir }, { 0 }
};
static const struct sysfs_file probe_files[] = {
	{ "weight", NUMBER(config_probe, weight) },
	{ 0 }
};
static const struct sysfs_dir probe_dir = {
	.files = probe_files, .subs = probe_subs
};
static const struct sysfs_list probe_list = {
	.nr_name = "nr_probes", .dir = &probe_dir, .max = 4,
	.sz = sizeof(struct config_probe),
	.offset = offsetof(struct config_context, probes),
	.offset_nr = offsetof(struct config_context, nr_probes)
};
static const struct sysfs_dir probes_dir = { .list = &probe_list };

#define EVENT(field) NUMBER(config_perf_event, field), .flags = SYSFS_EINVAL
#define EVENT_HEX(field) \
	NUMBER(config_perf_event, field), .flags = SYSFS_EINVAL | SYSFS_HEX
#define EVENT_BOOL(field) BOOL(config_perf_event, field), .flags = SYSFS_DIGIT
static const struct sysfs_file event_files[] = {
	{ "type", EVENT_HEX(type) },
	{ "config", EVENT_HEX(config) },
	{ "config1", EVENT_HEX(config1) },
	{ "config2", EVENT_HEX(config2) },
	{ "sample_phys_addr", EVENT_BOOL(sample_phys_addr) },
	{ "sample_weight_struct", EVENT_BOOL(sample_weight_struct) },
	{ "freq", EVENT_BOOL(freq), .def = 1 },
	{ "sample_freq", EVENT(sample_freq) },
	{ "sample_period", EVENT(sample_period) },
	{ "wakeup_events", EVENT(wakeup_events), .def = 1 },
	{ "precise_ip", EVENT(precise_ip), .def = 2 },
	{ "exclude_kernel", EVENT_BOOL(exclude_kernel), .def = 1 },
	{ "exclude_hv", EVENT_BOOL(exclude_hv), .def = 1 },
	{ 0 }
};
static const struct sysfs_dir event_dir = { .files = event_files };
static const struct sysfs_list event_list = {
	.nr_name = "nr_perf_events",
	.dir = &event_dir, .max = 64,
	.sz = sizeof(struct config_perf_event),
	.offset = offsetof(struct config_context, sample_control.events),
	.offset_nr = offsetof(struct config_context, sample_control.nr_events)
};
static const struct sysfs_dir events_dir = { .list = &event_list };
static const struct sysfs_sub sample_subs[] = {
	{ "perf_events", .dir = &events_dir }, { 0 }
};
static const struct sysfs_dir sample_dir = { .subs = sample_subs };

static const struct sysfs_sub attrs_subs[] = {
	{ "intervals", .dir = &intervals_dir },
	{ "nr_regions", .dir = &nr_regions_dir },
	{ "probes", .dir = &probes_dir, .flags = SYSFS_NOT_D },
	{ "sample", .dir = &sample_dir, .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_dir attrs_dir = { .subs = attrs_subs };

static const struct sysfs_file context_files[] = {
	{ "avail_operations", .kind = SYSFS_OPERATIONS,
	  .flags = SYSFS_READ_ONLY | SYSFS_NOWHERE },
	{ "operations", WORD(config_context, ops, ops) },
	{ "addr_unit", NUMBER(config_context, addr_unit), .def = 1,
	  .flags = SYSFS_NOT_D | SYSFS_NOT_0 },
	{ "pause", BOOL(config_context, pause), .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_sub context_subs[] = {
	{ "monitoring_attrs", .dir = &attrs_dir },
	{ "targets", .dir = &targets_dir },
	{ "schemes", .dir = &sysfs_schemes_dir }, { 0 }
};
static const struct sysfs_dir context_dir = {
	.files = context_files, .subs = context_subs
};
static const struct sysfs_list context_list = {
	.nr_name = "nr_contexts",
	.dir = &context_dir, .max = 1,
	.sz = sizeof(struct config_context),
	.offset = offsetof(struct config_kdamond, contexts),
	.offset_nr = offsetof(struct config_kdamond, nr_contexts),
	.collected = sysfs_collected_context
};
static const struct sysfs_dir contexts_dir = { .list = &context_list };

/* The state comes first: sysfs_state() */
static const struct sysfs_file kdamond_files[] = {
	{ "state", .kind = SYSFS_STATE, .flags = SYSFS_NOWHERE },
	{ "pid", INT(config_kdamond, pid), .def = ~0ull,
	  .flags = SYSFS_READ_ONLY | SYSFS_OF_ON },
	{ "refresh_ms", NUMBER(config_kdamond, refresh_ms),
	  .flags = SYSFS_NOT_D },
	{ 0 }
};
static const struct sysfs_sub kdamond_subs[] = {
	{ "contexts", .dir = &contexts_dir }, { 0 }
};
static const struct sysfs_dir kdamond_dir = {
	.files = kdamond_files, .subs = kdamond_subs
};
static const struct sysfs_list kdamond_list = {
	"nr_kdamonds", LIST(config, kdamonds, nr_kdamonds, kdamond)
};
static const struct sysfs_dir kdamonds_dir = { .list = &kdamond_list };

static const struct sysfs_sub admin_subs[] = {
	{ "kdamonds", .dir = &kdamonds_dir }, { 0 }
};
const struct sysfs_dir sysfs_admin_dir = { .subs = admin_subs };

/* clang-format on */
