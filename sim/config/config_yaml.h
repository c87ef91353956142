/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A YAML or JSON text as a tree of nodes that know their line and column.
 *
 * The whole text becomes a tree before any of it is understood, so that the
 * schema can take keys in its own order, and so that a check that looks at two
 * values can point at either of them.
 *
 * The tree owns all its memory and knows no key's meaning.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <linux/types.h>

#include "config/config.h"

/* Of a file, in bytes: generous for a machine's worth of regions. */
#define CONFIG_MAX_SZ (16u << 20)

enum config_node_kind {
	CONFIG_NODE_SCALAR,
	CONFIG_NODE_LIST,
	CONFIG_NODE_MAP,
};

struct config_node {
	enum config_node_kind kind;
	bool quoted; /* scalar: 'null' is not null */
	u32 line; /* from 1; 0: only @file is known */
	u32 column; /* from 1, in characters */
	const char *file; /* NULL: the one that the tree was made of */
	u32 nr; /* list, map: entries */
	const char *text; /* scalar, without a zero byte inside */
	const struct config_node *key; /* this is an entry of a map */
	struct config_node *first;
	struct config_node *next;
};

struct config_tree {
	struct config_node *root;
	struct config_chunk *chunks;
};

/**
 * config_tree_init() - read a text.
 * @tree:	filled on success, then for config_tree_fini()
 * @text:	UTF-8
 * @sz:		its length in bytes
 * @err:	filled on failure; @err->file is the caller's
 *
 * Return: 0; -EINVAL; -EFBIG; -ENOMEM.
 */
int config_tree_init(struct config_tree *tree, const char *text, size_t sz,
		     struct config_error *err);
void config_tree_fini(struct config_tree *tree);

/* Memory that goes with the tree; NULL: there is no more. */
void *config_tree_alloc(struct config_tree *tree, size_t sz);

/**
 * config_tree_graft() - read another text, for a place in a tree.
 * @tree:	owns what is read
 * @text:	UTF-8
 * @sz:		its length in bytes
 * @where:	of all that is in it its place is told, as of faults
 * @out:	set on success
 * @err:	filled on failure
 *
 * Return: as config_tree_init().
 */
int config_tree_graft(struct config_tree *tree, const char *text, size_t sz,
		      const struct config_node *where, struct config_node **out,
		      struct config_error *err);

/* The value of a key, or NULL: also when @map is NULL or no map. */
const struct config_node *config_node_get(const struct config_node *map,
					  const char *key);

/* The entry of a list, or NULL: also when @list is NULL or no list. */
const struct config_node *config_node_item(const struct config_node *list,
					   u32 index);

/* A scalar that says "nothing": null, ~ or no text at all, without quotes. */
bool config_node_is_null(const struct config_node *node);

/* "a list" and so on, for messages. */
const char *config_node_noun(const struct config_node *node);

/**
 * config_fault() - say what is wrong at a node.
 * @err:	filled
 * @node:	where; NULL for the file as a whole
 * @fmt:	what was found and what was expected
 *
 * Return: -EINVAL.
 */
int config_fault(struct config_error *err, const struct config_node *node,
		 const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The place alone. */
void config_node_place(struct config_error *err,
		       const struct config_node *node);

/* Memory ran out; return -ENOMEM. */
int config_nomem(struct config_error *err);

/* Room for a text of the file in a message: shortened, and printable. */
struct config_quote {
	char text[48];
};

const char *config_quote(struct config_quote *quote, const char *text);

#endif
