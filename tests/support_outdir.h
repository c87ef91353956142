/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A directory for what is written, a disk that gets full, what is read back.
 */
#ifndef SUPPORT_OUTDIR_H
#define SUPPORT_OUTDIR_H

#include <json-c/json.h>

#include <linux/types.h>

/* Path of an empty directory, the same until outdir_fini(). */
const char *outdir_init(void);
void outdir_fini(void);

/* Text of a file in it, to be freed; NULL if there is no such file. */
char *outdir_read(const char *name, size_t *sz);

/* A file in it as JSON, which must be all of the file; NULL without file. */
struct json_object *outdir_json(const char *name);

/* No file grows beyond @sz bytes; -1 for no limit. */
void outdir_disk(long sz);

/* A member that must be there, and of that type. */
struct json_object *outdir_get(struct json_object *o, const char *key,
			       enum json_type type);

#endif
