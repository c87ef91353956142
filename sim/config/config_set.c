// SPDX-License-Identifier: GPL-2.0
/*
 * One value of a tree put in place of another, by a path that the tables know.
 *
 * Before anything of the tree is read, so that what is put in is checked as if
 * the file had said it; a key that the file leaves out gets its place here.
 */
#include <errno.h>
#include <string.h>

#include "config/config_schema.h"

/* Longer than any key. */
#define MAX_STEP 64

/* Where a path has got to: what its next step is looked up in. */
struct cursor {
	struct config_tree *tree;
	const struct config_node *where;
	struct config_error *err;
	struct config_node *node; /* a map, or a list if @key is one */
	const struct config_map *map;
	const struct config_key *key; /* of the list */
};

static const struct config_key *find_key(const struct config_map *map,
					 const char *name)
{
	const struct config_key *key;

	for (key = map->keys; key->name; key++) {
		if (!strcmp(key->name, name))
			return key;
	}
	return NULL;
}

static struct config_node *
new_node(const struct cursor *c, enum config_node_kind kind, const char *text)
{
	size_t sz = text ? strlen(text) + 1 : 0;
	struct config_node *node =
		config_tree_alloc(c->tree, sizeof(*node) + sz);

	if (!node)
		return NULL;
	*node = (struct config_node){ .kind = kind,
				      .line = c->where->line,
				      .column = c->where->column,
				      .file = c->where->file };
	if (text)
		node->text = memcpy(node + 1, text, sz);
	return node;
}

/* The link that leads to an entry, or the one behind the last. */
static struct config_node **link_of(struct config_node *parent,
				    const struct config_key *key, u64 index)
{
	struct config_node **link = &parent->first;

	while (*link && (key ? strcmp((*link)->key->text, key->name) : index)) {
		link = &(*link)->next;
		index--;
	}
	return link;
}

/* @node in place of what the link leads to, or behind the last. */
static int put(const struct cursor *c, struct config_node **link,
	       const struct config_key *key, struct config_node *node)
{
	if (*link) {
		node->key = (*link)->key;
		node->next = (*link)->next;
	} else {
		node->key = NULL;
		if (key)
			node->key = new_node(c, CONFIG_NODE_SCALAR, key->name);
		if (key && !node->key)
			return config_nomem(c->err);
		c->node->nr++;
	}
	*link = node;
	return 0;
}

/* A step that is not the last: into the map or list that is there or not. */
static int enter(struct cursor *c, struct config_node **link,
		 const struct config_key *key, bool list)
{
	enum config_node_kind kind = list ? CONFIG_NODE_LIST : CONFIG_NODE_MAP;
	struct config_node *node = *link;
	int ret;

	if (!node || config_node_is_null(node)) {
		node = new_node(c, kind, NULL);
		if (!node)
			return config_nomem(c->err);
		ret = put(c, link, key, node);
		if (ret)
			return ret;
	}
	if (node->kind != kind)
		return config_fault(c->err, c->where,
				    "leads through %s; expected %s there",
				    config_node_noun(node),
				    list ? "a list" : "a mapping");
	c->node = node;
	return 0;
}

static bool read_index(const char *step, u64 *index)
{
	const char *why;

	return step[0] >= '0' && step[0] <= '9' &&
	       !config_number(step, CONFIG_DIM_COUNT, index, &why);
}

static int step_list(struct cursor *c, const char *step, bool last,
		     struct config_node *value)
{
	const struct config_key *list = c->key;
	struct config_quote quote;
	struct config_node **link;
	u64 index;

	if (!read_index(step, &index) || index > c->node->nr)
		return config_fault(c->err, c->where,
				    "\"%s\" as an entry of %s; expected an "
				    "index from 0 to %u, where the last adds "
				    "one",
				    config_quote(&quote, step), list->name,
				    c->node->nr);
	link = link_of(c->node, NULL, index);
	if (last)
		return put(c, link, NULL, value);
	if (list->flags & CONFIG_PLAIN)
		return config_fault(c->err, c->where,
				    "an entry of %s has no keys; expected the "
				    "path to end there",
				    list->name);
	c->map = list->map;
	c->key = NULL;
	return enter(c, link, NULL, false);
}

static int step_map(struct cursor *c, const char *step, bool last,
		    struct config_node *value)
{
	const struct config_key *key = find_key(c->map, step);
	struct config_node name = *c->where;
	struct config_node **link;

	name.text = step;
	if (!key)
		return config_unknown_key(c->map, &name, c->err);
	link = link_of(c->node, key, 0);
	if (last)
		return put(c, link, key, value);
	if (key->kind != CONFIG_MAP && key->kind != CONFIG_LIST)
		return config_fault(c->err, c->where,
				    "%s in %s has no keys; expected the path "
				    "to end there",
				    key->name, c->map->what);
	if (key->kind == CONFIG_LIST)
		c->key = key;
	else
		c->map = key->map;
	return enter(c, link, key, key->kind == CONFIG_LIST);
}

int config_tree_set(struct config_tree *tree, const struct config_map *map,
		    const char *path, const char *value,
		    const struct config_node *where, struct config_error *err)
{
	struct cursor c = { .tree = tree,
			    .where = where,
			    .err = err,
			    .node = tree->root,
			    .map = map };
	struct config_node *node;
	char step[MAX_STEP];
	size_t sz;
	bool last;
	int ret;

	/* Nothing at all is null. */
	ret = config_tree_graft(tree, *value ? value : "null",
				*value ? strlen(value) : 4, where, &node, err);
	while (!ret) {
		sz = strcspn(path, ".");
		last = !path[sz];
		if (sz >= sizeof(step))
			sz = sizeof(step) - 1;
		memcpy(step, path, sz);
		step[sz] = '\0';
		ret = c.key ? step_list(&c, step, last, node) :
			      step_map(&c, step, last, node);
		if (last)
			break;
		path += strcspn(path, ".") + 1;
	}
	return ret;
}
