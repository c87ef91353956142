/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files that read a scenario share.
 */
#ifndef SCENARIO_SCHEMA_H
#define SCENARIO_SCHEMA_H

#include "config/config_schema.h"
#include "run/scenario.h"

extern const struct config_map scenario_root_map;

/* Which keys of a fault its kind has, and of those which it must have. */
#define SCENARIO_HAS_FOR (1u << 0)
#define SCENARIO_HAS_CPU (1u << 1)
#define SCENARIO_HAS_PROBABILITY (1u << 2)
#define SCENARIO_HAS_RATE (1u << 3)
#define SCENARIO_HAS_VALUE (1u << 4)
#define SCENARIO_HAS_ERROR (1u << 5)
#define SCENARIO_HAS_SET (1u << 6)
#define SCENARIO_HAS_EVERY (1u << 7)

struct scenario_fault_rule {
	u32 has;
	u32 needs;
};

extern const struct scenario_fault_rule scenario_fault_rules[];

/* Most that any perf is told to take. */
#define SCENARIO_MAX_SAMPLE_RATE 1000000000u

/*
 * scenario_set.c: of the machine, keys that only its preset has.  Before any
 * value is read.
 */
int scenario_apply_preset(struct config_tree *tree, struct config_error *err);

/* How many CPUs the machine of that name has; 0: any number. */
u32 scenario_preset_cpus(const char *name);

/* "path=value" into a tree, told as @where. */
int scenario_apply_set(struct config_tree *tree, const struct config_map *map,
		       const char *set, const struct config_node *where,
		       struct config_error *err);

/*
 * What config_map.check points to.  scenario_check_machine() and
 * scenario_check_workloads() also fill in what the file leaves out.
 */
int scenario_check_node(void *obj, const struct config_node *node,
			struct config_error *err);
int scenario_check_machine(void *obj, const struct config_node *node,
			   struct config_error *err);
int scenario_check_workload(void *obj, const struct config_node *node,
			    struct config_error *err);
int scenario_check_fault(void *obj, const struct config_node *node,
			 struct config_error *err);
int scenario_check(void *obj, const struct config_node *node,
		   struct config_error *err);

/* Parts of scenario_check(). */
int scenario_check_workloads(struct scenario *s, const struct config_node *node,
			     struct config_error *err);
int scenario_check_faults(struct scenario *s, const struct config_node *node,
			  struct config_error *err);

/*
 * scenario_check_config.c: what the machine makes of a kdamonds: part.
 * @node: the mapping with the key kdamonds
 */
int scenario_check_config(const struct scenario *s, const struct config *cfg,
			  const struct config_node *node,
			  struct config_error *err);

/* scenario_check_event.c: what its perf makes of an event. */
int scenario_check_event(const struct scenario *s,
			 const struct config_perf_event *event,
			 const struct config_node *node,
			 struct config_error *err);

#endif
