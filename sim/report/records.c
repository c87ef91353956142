// SPDX-License-Identifier: GPL-2.0
/*
 * damo's records, see records.h.
 *
 * Numbers are strings where damo writes them so.  A record knows nothing of
 * schemes: damo keeps what they tried in records of their own.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "report/records.h"
#include "report/units.h"

#define RECORD_TAIL "], \"data_source\": \"unknown\"}"

static void put_head(struct outfile *f, const struct context *ctx, u32 target)
{
	const struct attrs *a = &ctx->attrs;

	outfile_put(f,
		    "{\"kdamond_idx\": 0, \"context_idx\": 0, \"intervals\": "
		    "{\"sample_us\": \"%llu\", \"aggr_us\": \"%llu\", "
		    "\"ops_update_us\": \"%llu\", \"intervals_goal\": "
		    "{\"access_bp\": \"%llu.%06llu\", \"aggrs\": \"%llu\", "
		    "\"min_sample_us\": \"%llu\", \"max_sample_us\": "
		    "\"%llu\"}}, \"scheme_idx\": null, \"target_id\": %u, "
		    "\"scheme_filters\": [], \"snapshots\": [",
		    a->sample_us, a->aggr_us, a->ops_update_us,
		    a->goal.access_bp, 0ULL, a->goal.nr_aggrs,
		    a->goal.min_sample_us, a->goal.max_sample_us, target);
}

int records_open(struct records *v, const char *dir, const struct context *ctx,
		 u64 begin_ns)
{
	char name[64];
	u32 i;
	int err = 0;

	*v = (struct records){ 0 };
	snprintf(v->dir, sizeof(v->dir), "%s", dir);
	v->file = calloc(ctx->nr_targets + 1, sizeof(*v->file));
	v->window_ns = calloc(ctx->nr_targets + 1, sizeof(*v->window_ns));
	if (!v->file || !v->window_ns)
		return -ENOMEM;
	for (i = 0; i < ctx->nr_targets && !err; i++) {
		if (i)
			snprintf(name, sizeof(name), ".damon.data.target%u", i);
		else
			snprintf(name, sizeof(name), "damon.data.json");
		err = outfile_open(&v->file[i], dir, name);
		v->nr += !err;
		v->window_ns[i] = begin_ns;
		outfile_put(&v->file[i], i ? ", " : "[");
		put_head(&v->file[i], ctx, i);
		outfile_mark(&v->file[i]);
	}
	return err;
}

static void records_aggregated(void *data, const struct context *ctx,
			       u32 target, u32 nr_regions,
			       const struct region *r)
{
	struct records *v = data;
	struct outfile *f = &v->file[target];
	const struct regions *all = &ctx->targets[target].regions;
	char start[UNITS_LEN], end[UNITS_LEN];
	u64 unit = ctx->addr_unit;
	bool first = r == all->at;

	if (first)
		outfile_put(f,
			    "%s{\"start_time\": \"%llu\", \"end_time\": "
			    "\"%llu\", \"regions\": [",
			    f->nr_marks + f->nr_held > 1 ? ", " : "",
			    v->window_ns[target], v->end_ns);
	outfile_put(f,
		    "%s{\"start\": \"%s\", \"end\": \"%s\", \"nr_accesses\": "
		    "{\"samples\": %u, \"percent\": null}, \"age\": {\"usec\": "
		    "null, \"aggr_intervals\": \"%u\"}, \"probe_hits\": [], "
		    "\"sz_filter_passed\": \"0 B\"}",
		    first ? "" : ", ", units_count(start, r->start * unit),
		    units_count(end, r->end * unit), r->nr_accesses, r->age);
	if (r != &all->at[nr_regions - 1])
		return;
	outfile_put(f,
		    "], \"total_bytes\": \"%llu\", \"damos_stats\": null, "
		    "\"sample_interval_us\": null}",
		    regions_sz(all) * unit);
	outfile_mark(f);
	v->nr_snapshots += !target;
	v->window_ns[target] = v->end_ns;
}

const struct context_observer records_observer = {
	.aggregated = records_aggregated,
};

/* Copy a target's file behind what there is, and remove it. */
static int append_part(struct outfile *f, const char *path)
{
	FILE *part = fopen(path, "re");
	char buf[4096];
	size_t n;

	if (!part)
		return -errno;
	while ((n = fread(buf, 1, sizeof(buf) - 1, part)) > 0) {
		buf[n] = '\0';
		outfile_put(f, "%s", buf);
	}
	fclose(part);
	outfile_mark(f);
	return f->err;
}

/* The same text as zlib's format, which is what damo reads by default. */
static int compress_file(const char *from, const char *to)
{
	u8 in[65536], out[65536];
	z_stream z = { 0 };
	FILE *src = fopen(from, "re"), *dst = fopen(to, "we");
	int flush = Z_NO_FLUSH, err = 0;
	size_t n;

	if (!src || !dst || deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK)
		err = errno ? -errno : -ENOMEM;
	while (!err && flush != Z_FINISH) {
		z.avail_in = fread(in, 1, sizeof(in), src);
		z.next_in = in;
		flush = feof(src) || ferror(src) ? Z_FINISH : Z_NO_FLUSH;
		do {
			z.avail_out = sizeof(out);
			z.next_out = out;
			deflate(&z, flush);
			n = sizeof(out) - z.avail_out;
			if (fwrite(out, 1, n, dst) != n)
				err = -errno;
		} while (!err && !z.avail_out);
	}
	deflateEnd(&z);
	if (src)
		fclose(src);
	if (dst && fclose(dst) && !err)
		err = -errno;
	if (err)
		unlink(to);
	return err;
}

int records_close(struct records *v, u64 *nr_saved)
{
	struct outfile *f = v->file;
	char path[512];
	int err = 0, next;
	u32 i;

	*nr_saved = 0;
	for (i = 1; i < v->nr; i++) {
		next = outfile_close(&f[i], RECORD_TAIL);
		err = err ? err : next;
	}
	if (v->nr > 1) {
		outfile_put(f, RECORD_TAIL);
		for (i = 1; i < v->nr; i++) {
			next = append_part(f, f[i].path);
			err = err ? err : next;
			unlink(f[i].path);
		}
	}
	if (v->nr) {
		next = outfile_close(
			f, v->nr > 1 && !f->err ? "]\n" : RECORD_TAIL "]\n");
		err = err ? err : next;
		*nr_saved = v->nr_snapshots;
		if (next)
			*nr_saved = f->nr_marks ? f->nr_marks - 1 : 0;
		snprintf(path, sizeof(path), "%s/damon.data", v->dir);
		next = compress_file(f->path, path);
		err = err ? err : next;
	}
	free(v->file);
	free(v->window_ns);
	return err;
}
