/* SPDX-License-Identifier: GPL-2.0 */
/* A configuration as JSON, which damo reads as well as YAML. */
#ifndef CONFIG_JSON_H
#define CONFIG_JSON_H

#include <stdio.h>

#include "config/config.h"

/**
 * config_json() - print a configuration as one JSON object.
 * @file:	where to
 * @cfg:	as for config_print(), with the same keys and values
 *
 * Return: 0; -ENOMEM; -EIO.
 */
int config_json(FILE *file, const struct config *cfg);

#endif
