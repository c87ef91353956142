// SPDX-License-Identifier: GPL-2.0
/*
 * By way of what config_print() prints, so that there is one table of keys: its
 * text as a tree, and the tree as JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_yaml.h"
#include "report/config_json.h"
#include "report/json_put.h"

/* What another reader of the YAML would take for no text is none here. */
static struct json_object *scalar(const struct config_node *node)
{
	u64 value;
	char *end;

	if (config_node_is_null(node))
		return NULL;
	if (!node->quoted) {
		if (!strcmp(node->text, "true") || !strcmp(node->text, "false"))
			return json_object_new_boolean(*node->text == 't');
		value = strtoull(node->text, &end, 0);
		if (!*end)
			return json_object_new_uint64(value);
	}
	return json_object_new_string(node->text);
}

/* No deeper than the reader of the text goes. */
static struct json_object *convert(const struct config_node *node)
{
	const struct config_node *entry = node->first;
	struct json_object *o;

	switch (node->kind) {
	case CONFIG_NODE_LIST:
		o = json_object_new_array();
		for (; o && entry; entry = entry->next)
			json_object_array_add(o, convert(entry));
		return o;
	case CONFIG_NODE_MAP:
		o = json_object_new_object();
		for (; o && entry; entry = entry->next)
			json_object_object_add(o, entry->key->text,
					       convert(entry));
		return o;
	default:
		return scalar(node);
	}
}

static int print_json(FILE *file, struct json_object *o)
{
	const char *text =
		o ? json_object_to_json_string_ext(
			    o, JSON_C_TO_STRING_PLAIN |
				       JSON_C_TO_STRING_NOSLASHESCAPE) :
		    NULL;

	if (!text)
		return -ENOMEM;
	fprintf(file, "%s\n", text);
	return fflush(file) || ferror(file) ? -EIO : 0;
}

int config_json(FILE *file, const struct config *cfg)
{
	struct config_error err = { 0 };
	struct config_tree tree;
	struct json_object *o;
	char *text = NULL;
	size_t sz;
	FILE *f = open_memstream(&text, &sz);
	int ret;

	if (!f)
		return -ENOMEM;
	ret = config_print(f, cfg);
	if (fclose(f) || ret)
		ret = -ENOMEM;
	if (!ret)
		ret = config_tree_init(&tree, text, sz, &err);
	free(text);
	if (ret)
		return ret;
	o = convert(tree.root);
	config_tree_fini(&tree);
	ret = print_json(file, o);
	json_object_put(o);
	return ret;
}
