/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where files and configuration differ: what a file holds that means nothing,
 * and what a configuration says in other units.
 */
#ifndef SYSFS_FIXUP_H
#define SYSFS_FIXUP_H

#include "config/config.h"

/* After an entry was collected: 0, -errno of the kernel. */
int sysfs_collected_filter(void *entry);
int sysfs_collected_probe_filter(void *entry);
int sysfs_collected_scheme(void *entry);
int sysfs_collected_context(void *entry);

/* A copy of an entry, before it is printed. */
void sysfs_print_target(void *entry, const struct config_context *ctx);
void sysfs_print_filter(void *entry, const struct config_context *ctx);
void sysfs_print_scheme(void *entry, const struct config_context *ctx);

#endif
