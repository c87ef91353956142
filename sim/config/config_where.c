// SPDX-License-Identifier: GPL-2.0
/*
 * From a place in a configuration to the line of the file.
 *
 * The structs that were read do not know their lines; the tree that they were
 * read from does, and is kept for those who ask.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_yaml.h"

/* The next "key" or "[index]" of a place; its end. */
static const char *step(const char *place, const struct config_node **node)
{
	const struct config_node *from = *node;
	char key[64];
	size_t sz;
	char *end;

	if (*place == '[') {
		*node = config_node_item(from, strtoul(place + 1, &end, 10));
		return *end == ']' ? end + 1 : end;
	}
	place += *place == '.';
	sz = strcspn(place, ".[");
	snprintf(key, sizeof(key), "%.*s", (int)sz, place);
	*node = config_node_get(from, key);
	return place + sz;
}

void config_where(const struct config_faults *all, const char *place, u32 *line,
		  u32 *column)
{
	const struct config_node *node = all->tree ? all->tree->root : NULL;

	*line = *column = 0;
	while (node) {
		*line = node->line;
		*column = node->column;
		if (!*place)
			break;
		place = step(place, &node);
	}
}

void config_faults_fini(struct config_faults *all)
{
	if (all->tree)
		config_tree_fini(all->tree);
	free(all->tree);
	*all = (struct config_faults){ 0 };
}
