// SPDX-License-Identifier: GPL-2.0
/*
 * What can be asked of a node of a tree, and how a fault at one is told.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/config_yaml.h"

void config_node_place(struct config_error *err, const struct config_node *node)
{
	err->line = node ? node->line : 0;
	err->column = node ? node->column : 0;
	if (node && node->file)
		snprintf(err->file, sizeof(err->file), "%s", node->file);
}

int config_fault(struct config_error *err, const struct config_node *node,
		 const char *fmt, ...)
{
	va_list args;

	err->weight = CONFIG_REFUSED;
	err->error = -EINVAL;
	config_node_place(err, node);
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -EINVAL;
}

int config_nomem(struct config_error *err)
{
	config_fault(err, NULL, "out of memory");
	return -ENOMEM;
}

const char *config_quote(struct config_quote *quote, const char *text)
{
	const size_t room = sizeof(quote->text) - 4;
	size_t i;

	for (i = 0; text[i] && i < room; i++)
		quote->text[i] =
			text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	strcpy(quote->text + i, text[i] ? "..." : "");
	return quote->text;
}

bool config_node_is_null(const struct config_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };
	size_t i;

	if (node->kind != CONFIG_NODE_SCALAR || node->quoted)
		return false;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(node->text, words[i]))
			return true;
	}
	return false;
}

const char *config_node_noun(const struct config_node *node)
{
	switch (node->kind) {
	case CONFIG_NODE_LIST:
		return "a list";
	case CONFIG_NODE_MAP:
		return "a mapping";
	default:
		return config_node_is_null(node) ? "null" : "a single value";
	}
}

const struct config_node *config_node_get(const struct config_node *map,
					  const char *key)
{
	const struct config_node *node;

	if (!map || map->kind != CONFIG_NODE_MAP)
		return NULL;
	for (node = map->first; node; node = node->next) {
		if (!strcmp(node->key->text, key))
			return node;
	}
	return NULL;
}

const struct config_node *config_node_item(const struct config_node *list,
					   u32 index)
{
	const struct config_node *node;

	if (!list || list->kind != CONFIG_NODE_LIST)
		return NULL;
	for (node = list->first; node && index; node = node->next)
		index--;
	return node;
}
