/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Regions are cut at random, so that the next window can tell the parts apart.
 *
 * A cut that was no use is undone by the next merge.  Where there is little
 * room left below max_nr_regions only some regions are cut, others the next
 * time.
 *
 * Not here: the cuts that min_nr_regions asks for (size_limit.h).
 */
#ifndef SPLIT_H
#define SPLIT_H

struct context;

/**
 * split_regions() - after a window: cut each region in two, in three, or some.
 * @ctx:	context
 *
 * Draws in the order of targets and addresses, one for each attempt.  Where
 * there were fewer than max_nr_regions there are no more than that afterwards.
 *
 * Return: 0; -ENOMEM, with the target that it was for and those after it as
 * they were.
 */
int split_regions(struct context *ctx);

/* The same of cores that cut none once half of max_nr_regions is reached. */
int split_regions_up_to_half(struct context *ctx);

#endif
