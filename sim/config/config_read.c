// SPDX-License-Identifier: GPL-2.0
/*
 * A tree of nodes into structs, by the tables.
 *
 * A mapping is taken in two steps: first each of its keys finds its entry of
 * the table, so that an unknown or repeated key is found before any value is
 * read; then the table is walked in its own order, and what the file does not
 * have gets its default.  Some values (a goal's target) can be read only after
 * others, whatever the order in the file.
 *
 * No meaning here: what one value says about another is config_check.c's.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_schema.h"

/* Longer than any key; what is longer is nobody's misspelling. */
#define MAX_NAME 32

static void *field(void *obj, u32 offset)
{
	return (char *)obj + offset;
}

/* Edits that make one name of the other: insert, delete, replace. */
static u32 edits(const char *a, const char *b)
{
	u32 sz_a = strlen(a), sz_b = strlen(b);
	u32 row[MAX_NAME + 1];
	u32 i, j, above, left, best;

	if (sz_a > MAX_NAME || sz_b > MAX_NAME)
		return UINT_MAX;
	for (j = 0; j <= sz_b; j++)
		row[j] = j;
	for (i = 1; i <= sz_a; i++) {
		left = row[0];
		row[0] = i;
		for (j = 1; j <= sz_b; j++) {
			above = row[j];
			best = left + (a[i - 1] != b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			left = above;
		}
	}
	return row[sz_b];
}

int config_unknown_key(const struct config_map *map,
		       const struct config_node *name, struct config_error *err)
{
	const struct config_key *key;
	const char *nearest = NULL;
	struct config_quote quote;
	u32 fewest = UINT_MAX, nr;

	for (key = map->keys; key->name; key++) {
		nr = edits(name->text, key->name);
		if (nr < fewest) {
			fewest = nr;
			nearest = key->name;
		}
	}
	config_fault(err, name, "unknown key \"%s\" in %s; expected ",
		     config_quote(&quote, name->text), map->what);
	if (nearest && fewest <= 1 + strlen(nearest) / 3) {
		config_add_text(err, nearest);
		config_add_text(err, "?");
		return -EINVAL;
	}
	for (key = map->keys; key->name; key++) {
		config_add_text(err, key->name);
		config_add_text(err, key[1].name ? ", " : "");
	}
	return -EINVAL;
}

static int read_list(const struct config_map *map, const struct config_key *key,
		     void *obj, const struct config_node *node,
		     struct config_error *err)
{
	const struct config_node *item;
	u64 max = key->max ? key->max : UINT_MAX;
	char *entry;
	int ret;

	if (node->kind != CONFIG_NODE_LIST)
		return config_wrong_kind(map, key, node, "a list", err);
	if (node->nr < key->min || node->nr > max) {
		ret = config_fault(err, node,
				   "%u entries of %s in %s; expected %s %llu",
				   node->nr, key->name, map->what,
				   key->min == max     ? "exactly" :
				   node->nr < key->min ? "at least" :
							 "at most",
				   node->nr < key->min ? key->min : max);
		if (node->nr < key->min || config_keep(err, ret))
			return ret;
	}
	if (!node->nr)
		return 0;
	entry = calloc(node->nr, key->map->sz);
	if (!entry)
		return config_nomem(err);
	config_set_list(obj, key, entry, node->nr);
	for (item = node->first; item; item = item->next) {
		if (key->flags & CONFIG_PLAIN)
			ret = config_read_value(key->map, key->map->keys, entry,
						item, err);
		else if (item->kind == CONFIG_NODE_MAP)
			ret = config_read_map(key->map, entry, item, err);
		else
			ret = config_wrong_kind(map, key, item, "a mapping",
						err);
		if (ret)
			return ret;
		entry += key->map->sz;
	}
	return 0;
}

static int read_value(const struct config_map *map,
		      const struct config_key *key, void *obj,
		      const struct config_node *node, struct config_error *err)
{
	switch (key->kind) {
	case CONFIG_LIST:
		return read_list(map, key, obj, node, err);
	case CONFIG_MAP:
		if (node->kind != CONFIG_NODE_MAP)
			return config_wrong_kind(map, key, node, "a mapping",
						 err);
		return config_read_map(key->map, field(obj, key->offset), node,
				       err);
	default:
		return config_read_value(map, key, obj, node, err);
	}
}

static void set_default(const struct config_key *key, void *obj)
{
	switch (key->kind) {
	case CONFIG_NUMBER:
	case CONFIG_BOOL:
	case CONFIG_WORD:
	case CONFIG_BOUND:
		config_set(obj, key, key->def);
		break;
	case CONFIG_ID:
		config_set(obj, key, (u32)CONFIG_NO_ID);
		break;
	case CONFIG_MAP:
		if (!(key->flags & CONFIG_NULLABLE))
			config_read_map(key->map, field(obj, key->offset), NULL,
					NULL);
		break;
	default:
		break;
	}
}

static int find_keys(const struct config_map *map,
		     const struct config_node *node,
		     const struct config_node **found, struct config_error *err)
{
	const struct config_key *key;
	const struct config_node *entry;
	struct config_quote quote;

	for (entry = node->first; entry; entry = entry->next) {
		for (key = map->keys; key->name; key++) {
			if (!strcmp(key->name, entry->key->text))
				break;
		}
		if (!key->name)
			return config_unknown_key(map, entry->key, err);
		if (found[key - map->keys])
			return config_fault(
				err, entry->key,
				"\"%s\" a second time in %s, first on line %u; "
				"expected each key once",
				config_quote(&quote, key->name), map->what,
				found[key - map->keys]->key->line);
		found[key - map->keys] = entry;
	}
	return 0;
}

int config_keep(struct config_error *err, int ret)
{
	struct config_faults *all = err ? err->all : NULL;
	struct config_fault *fault;

	if (ret != -EINVAL || !all)
		return ret;
	if (all->nr == CONFIG_FAULTS_MAX) {
		all->nr_more++;
		return 0;
	}
	fault = &all->at[all->nr++];
	fault->weight = err->weight;
	fault->error = err->error;
	fault->line = err->line;
	fault->column = err->column;
	snprintf(fault->text, sizeof(fault->text), "%s", err->text);
	return 0;
}

/* Without @node and @err: the defaults, which cannot fail. */
int config_read_map(const struct config_map *map, void *obj,
		    const struct config_node *node, struct config_error *err)
{
	const struct config_node *found[CONFIG_MAX_KEYS] = { 0 };
	const struct config_node *value;
	const struct config_key *key;
	enum config_unit *unit;
	int ret;

	if (node) {
		ret = find_keys(map, node, found, err);
		if (ret)
			return ret;
	}
	for (key = map->keys; key->name; key++) {
		value = found[key - map->keys];
		if (!value && node && key->flags & CONFIG_REQUIRED)
			return config_fault(err, node,
					    "%s has no key \"%s\"; expected "
					    "one",
					    map->what, key->name);
		if (value && key->flags & CONFIG_NULLABLE &&
		    config_node_is_null(value))
			value = NULL;
		/* A map that is there gives its own keys their defaults. */
		if (!value || key->kind != CONFIG_MAP)
			set_default(key, obj);
		if (!value)
			continue;
		ret = read_value(map, key, obj, value, err);
		if (ret)
			return ret;
	}
	/* Bounds that are all "min" and "max" have said no unit. */
	for (key = map->keys; key->name; key++) {
		if (key->kind != CONFIG_BOUND)
			continue;
		unit = field(obj, key->offset_nr);
		if (*unit == CONFIG_UNIT_UNSET)
			*unit = key->bound->unit;
	}
	ret = node && map->check ? map->check(obj, node, err) : 0;
	return config_keep(err, ret);
}

void config_free_map(const struct config_map *map, void *obj)
{
	const struct config_key *key;
	char *list, *entry;
	u32 nr;

	for (key = map->keys; key->name; key++) {
		switch (key->kind) {
		case CONFIG_TEXT:
			free(*(char **)field(obj, key->offset));
			break;
		case CONFIG_MAP:
			config_free_map(key->map, field(obj, key->offset));
			break;
		case CONFIG_LIST:
			list = config_get_list(obj, key, &nr);
			for (entry = list; nr; nr--, entry += key->map->sz)
				config_free_map(key->map, entry);
			free(list);
			break;
		default:
			break;
		}
	}
}

void config_fini(struct config *cfg)
{
	config_free_map(&config_root_map, cfg);
	*cfg = (struct config){ 0 };
}

void config_error_init(struct config_error *err, const char *name,
		       struct config_faults *all)
{
	*err = (struct config_error){ .all = all };
	snprintf(err->file, sizeof(err->file), "%s", name);
}

/* Where everything stands is wanted later. */
static int keep_tree(struct config_faults *all, struct config_tree *tree,
		     struct config_error *err)
{
	all->tree = malloc(sizeof(*tree));
	if (!all->tree)
		return config_nomem(err);
	*all->tree = *tree;
	*tree = (struct config_tree){ 0 };
	return 0;
}

int config_parse_all(struct config *cfg, const char *text, size_t sz,
		     const char *name, struct config_error *err,
		     struct config_faults *all)
{
	struct config out = { 0 };
	struct config_tree tree = { 0 };
	int ret;

	config_error_init(err, name, all);
	ret = config_tree_init(&tree, text, sz, err);
	if (ret)
		return ret;
	if (tree.root->kind == CONFIG_NODE_MAP)
		ret = config_read_map(&config_root_map, &out, tree.root, err);
	else
		ret = config_fault(err, tree.root,
				   "the configuration is %s; expected a "
				   "mapping with the key kdamonds",
				   config_node_noun(tree.root));
	if (!ret && all)
		ret = keep_tree(all, &tree, err);
	config_tree_fini(&tree);
	if (ret)
		config_fini(&out);
	else
		*cfg = out;
	return ret;
}

int config_parse(struct config *cfg, const char *text, size_t sz,
		 const char *name, struct config_error *err)
{
	return config_parse_all(cfg, text, sz, name, err, NULL);
}
