/* SPDX-License-Identifier: GPL-2.0 */
/* Native traces made up for tests, written to a file and held in memory. */
#ifndef SUPPORT_NATIVE_H
#define SUPPORT_NATIVE_H

#include "trace.h"

/* What the records look like; each kind wants other columns. */
enum native_like {
	LIKE_FAULTS, /* few threads, pages one after the other, frames reused */
	LIKE_IBS, /* all fields, addresses everywhere, times out of order */
	LIKE_NOISE, /* every field any value, @has at random */
	LIKE_RARE, /* what is no sample */
	NR_LIKE,
};

/* @nr records; the same ones for the same @seed. */
void native_draw(struct trace_record *recs, size_t nr, enum native_like like,
		 u64 seed);

/* About a made-up machine, with @nr_events events; native_info_fini(). */
void native_info_init(struct trace_info *info, u32 nr_events);
void native_info_fini(struct trace_info *info);

/* A trace in memory. */
struct native_image {
	u8 *p;
	size_t len;
};

/*
 * Write @recs, @batch at a time, by way of a temporary file.
 */
void native_image_init(struct native_image *image,
		       const struct trace_record *recs, size_t nr, size_t batch,
		       int level);
void native_image_fini(struct native_image *image);

#endif
