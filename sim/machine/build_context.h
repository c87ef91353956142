/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From what a configuration says to a context that does it.
 *
 * Not here: how accesses are noticed and what memory there is, which the caller
 * connects.
 */
#ifndef BUILD_CONTEXT_H
#define BUILD_CONTEXT_H

#include <linux/types.h>

#include "config/config.h"
#include "damon/context.h"

/* The core that a configuration asks for. */
const struct profile *build_profile(enum config_profile profile);

/* Intervals and bounds, in the core's own struct. */
struct attrs build_attrs(const struct config_context *cfg);

/* Which of the kernel's sets of operations. */
enum ops_id build_ops_id(enum config_ops ops);

/**
 * build_schemes() - give a context the schemes of a configuration.
 * @ctx:	context with its attributes, and with no scheme
 * @cfg:	as read
 *
 * A goal of 0 is left out, as sysfs leaves it out.  Groups of processes are
 * known by a number that follows from their path; 0 is the root.
 *
 * Return: 0; -EINVAL for what the core refuses; -ENOMEM.
 */
int build_schemes(struct context *ctx, const struct config_context *cfg);

/**
 * build_probes() - give a context the probes of a configuration.
 * @ctx:	context without any; of a core that has none it stays so
 * @cfg:	as read
 *
 * Return: 0; -EINVAL for what the core refuses; -ENOMEM.
 */
int build_probes(struct context *ctx, const struct config_context *cfg);

/**
 * build_targets() - give a context the targets of a configuration.
 * @ctx:	context with its address unit, and with no target
 * @cfg:	as read
 *
 * Return: 0; -EINVAL for regions that the core refuses; -ENOMEM.
 */
int build_targets(struct context *ctx, const struct config_context *cfg);

/**
 * build_context() - all of it: for a commit, or to see whether a kernel would
 * take it.
 * @ctx:	fresh from context_init()
 * @cfg:	as read
 *
 * Return: 0; -EINVAL; -ENOMEM.  @ctx is to be finished either way.
 */
int build_context(struct context *ctx, const struct config_context *cfg);

/* The number that stands for a group's path. */
u32 build_memcg(const char *path);

#endif
