/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A running context is told to be another one.
 *
 * Not here: when that is done (struct kdamond_call), where the other one comes
 * from.
 */
#ifndef CONTEXT_COMMIT_H
#define CONTEXT_COMMIT_H

struct context;

/**
 * context_commit() - let @dst monitor and do what @src says.
 * @dst:	context, perhaps running; keeps its operations, its memory, its
 *		observers, its clock and what it has found out
 * @src:	context that never runs
 *
 * Schemes and targets are matched by their place: the n-th with the n-th.  A
 * target takes the regions of @src only if that has any, and what is known of
 * memory that stays monitored survives.  Cores that try a commit first lose by
 * that what the tuners of @dst have come to, see struct profile.
 *
 * Return: 0; -EINVAL for what a kernel refuses; -ENOMEM.  After a failure @dst
 * is as it was, or maybe_corrupted.
 */
int context_commit(struct context *dst, const struct context *src);

/**
 * context_commit_goals() - only the goals of schemes that both have.
 * Return: 0; -EINVAL; -ENOMEM.
 */
int context_commit_goals(struct context *dst, const struct context *src);

/**
 * context_check() - would a kernel start this, or commit it to a fresh context?
 * @src:	context that never runs
 *
 * Return: 0; -EINVAL; -ENOMEM.
 */
int context_check(const struct context *src);

#endif
