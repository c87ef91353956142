/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the checks have in common: where a fault is, and how bad.
 */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include <errno.h>

#include "config/config_schema.h"

/* What a fault comes to on a kernel, unless it is refused there as well. */
static inline int ignored(struct config_error *err, int ret)
{
	err->weight = CONFIG_IGNORED;
	err->error = 0;
	return ret;
}

static inline int surprising(struct config_error *err, int ret)
{
	err->weight = CONFIG_SURPRISING;
	err->error = 0;
	return ret;
}

/* Refused by a word that says less: a scheme that cannot be built. */
static inline int unbuildable(struct config_error *err, int ret)
{
	err->error = -ENOMEM;
	return ret;
}

/* The node of the value itself if the file has it, else of what holds it. */
static inline const struct config_node *place(const struct config_node *node,
					      const char *key)
{
	const struct config_node *value = config_node_get(node, key);

	return value ? value : node;
}

#endif
