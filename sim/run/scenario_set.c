// SPDX-License-Identifier: GPL-2.0
/*
 * What is put into a scenario's tree before it is read: overrides, and the keys
 * of a machine that is named.
 *
 * A preset is a text as a file could have it, so that it goes through the same
 * tables; what the file says itself stands.  Sources: numbers of CPUs and PMUs
 * as published for the two validated configurations and for the table of May
 * 2026; caches and TLBs of the parts from their makers' data sheets, the last
 * cache as its share per core (32 MiB for 8 cores; 504 MiB for 144 CPUs).  How
 * much memory the nodes have was not published: enough for what runs there.
 * Latency and bandwidth are those of models/tier.c, but for the other socket's
 * memory (180 to 220 ns, here 200).
 */
#include <errno.h>
#include <string.h>

#include "run/scenario_schema.h"

/* Longer than any path. */
#define MAX_PATH 256

static const struct {
	const char *name;
	u32 max_cpus; /* that such a machine has; 0: it is no real one */
	const char *text;
} presets[] = {
	{ "turin", 132,
	  "pmu: ibs_zen5\n"
	  "cpus: 132\n"
	  "clock_mhz: 3700\n"
	  "l2: 1 MiB\n"
	  "l3: 4 MiB\n"
	  "tlb_entries: 4096\n"
	  "nodes:\n"
	  "- {name: dram, size: 160 GiB}\n"
	  "- {name: cxl, size: 256 GiB, cxl: true}\n" },
	{ "granite_rapids", 144,
	  "pmu: pebs_gnr\n"
	  "cpus: 144\n"
	  "clock_mhz: 3500\n"
	  "l2: 2 MiB\n"
	  "l3: 3584 KiB\n"
	  "tlb_entries: 2048\n"
	  "nodes:\n"
	  "- {name: dram, size: 160 GiB}\n"
	  "- {name: cxl, size: 256 GiB, cxl: true}\n" },
	{ "epyc", 128,
	  "pmu: ibs_zen4\n"
	  "cpus: 128\n"
	  "clock_mhz: 3700\n"
	  "l2: 1 MiB\n"
	  "l3: 4 MiB\n"
	  "tlb_entries: 3072\n"
	  "nodes:\n"
	  "- {name: dram0, size: 64 GiB}\n"
	  "- {name: dram1, size: 64 GiB, latency: 200 ns}\n"
	  "- {name: cxl, size: 128 GiB, cxl: true}\n" },
	{ "small", 0,
	  "pmu: ibs_zen4\n"
	  "cpus: 4\n"
	  "clock_mhz: 3000\n"
	  "nodes:\n"
	  "- {name: dram, size: 1 GiB}\n"
	  "- {name: cxl, size: 1 GiB, cxl: true}\n" },
};

#define NR_PRESETS (sizeof(presets) / sizeof(presets[0]))

/* Entries of @from that @to has not. */
static void merge(struct config_node *to, struct config_node *from)
{
	struct config_node **link = &to->first;
	struct config_node *node, *next;

	while (*link)
		link = &(*link)->next;
	for (node = from->first; node; node = next) {
		next = node->next;
		if (config_node_get(to, node->key->text))
			continue;
		node->next = NULL;
		*link = node;
		link = &node->next;
		to->nr++;
	}
}

u32 scenario_preset_cpus(const char *name)
{
	u32 i;

	for (i = 0; name && i < NR_PRESETS; i++)
		if (!strcmp(name, presets[i].name))
			return presets[i].max_cpus;
	return 0;
}

int scenario_apply_preset(struct config_tree *tree, struct config_error *err)
{
	struct config_node *machine =
		(struct config_node *)config_node_get(tree->root, "machine");
	const struct config_node *name = config_node_get(machine, "preset");
	struct config_node *from;
	struct config_quote quote;
	u32 i;
	int ret;

	if (!name || config_node_is_null(name) ||
	    name->kind != CONFIG_NODE_SCALAR)
		return 0;
	for (i = 0; i < NR_PRESETS; i++) {
		if (!strcmp(name->text, presets[i].name))
			break;
	}
	if (i == NR_PRESETS) {
		config_fault(err, name, "no preset is called \"%s\"; expected ",
			     config_quote(&quote, name->text));
		for (i = 0; i < NR_PRESETS; i++) {
			config_add_text(err, i ? ", " : "");
			config_add_text(err, presets[i].name);
		}
		return -EINVAL;
	}
	ret = config_tree_graft(tree, presets[i].text, strlen(presets[i].text),
				name, &from, err);
	if (!ret)
		merge(machine, from);
	return ret;
}

int scenario_apply_set(struct config_tree *tree, const struct config_map *map,
		       const char *set, const struct config_node *where,
		       struct config_error *err)
{
	const char *value = strchr(set, '=');
	struct config_quote quote;
	char path[MAX_PATH];

	if (!value || value - set >= MAX_PATH)
		return config_fault(err, where,
				    "\"%s\"; expected path=value, such as "
				    "machine.cpus=16",
				    config_quote(&quote, set));
	memcpy(path, set, value - set);
	path[value - set] = '\0';
	return config_tree_set(tree, map, path, value + 1, where, err);
}
