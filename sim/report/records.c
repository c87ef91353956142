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

/* Of a record, and of all.  A mark is always inside of a record. */
#define RECORD_TAIL "], \"data_source\": \"unknown\"}"
#define TAIL RECORD_TAIL "]\n"

static void begin(struct records_target *t, const struct attrs *a, u32 target)
{
	struct outfile *f = &t->file;

	if (t->begun)
		return;
	t->begun = true;
	outfile_put(f,
		    "%s{\"kdamond_idx\": 0, \"context_idx\": 0, \"intervals\": "
		    "{\"sample_us\": \"%llu\", \"aggr_us\": \"%llu\", "
		    "\"ops_update_us\": \"%llu\", \"intervals_goal\": "
		    "{\"access_bp\": \"%llu.%06llu\", \"aggrs\": \"%llu\", "
		    "\"min_sample_us\": \"%llu\", \"max_sample_us\": "
		    "\"%llu\"}}, \"scheme_idx\": null, \"target_id\": %u, "
		    "\"scheme_filters\": [], \"snapshots\": [\n",
		    target ? ", " : "[", a->sample_us, a->aggr_us,
		    a->ops_update_us, a->goal.access_bp, 0ULL, a->goal.nr_aggrs,
		    a->goal.min_sample_us, a->goal.max_sample_us, target);
	outfile_mark(f);
}

/* Target v->nr gets a record. */
static int add_target(struct records *v)
{
	struct records_target *grown;
	char name[64] = "damon.data.json";
	u32 i = v->nr;
	int err;

	grown = realloc(v->target, (i + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	v->target = grown;
	grown[i] = (struct records_target){
		.window_ns = v->begin_ns,
		.head = i ? ~0ULL : 0,
	};
	if (i)
		snprintf(name, sizeof(name), ".damon.data.target%u", i);
	err = outfile_open(&grown[i].file, v->dir, name);
	if (err)
		return err;
	v->nr++;
	return 0;
}

int records_open(struct records *v, const char *dir, const struct context *ctx,
		 u64 begin_ns)
{
	int err = 0;

	*v = (struct records){
		.dir = dir,
		.attrs = ctx->attrs,
		.begin_ns = begin_ns,
		.told_ns = begin_ns,
	};
	while (v->nr < ctx->nr_targets && !err)
		err = add_target(v);
	return err;
}

/* Targets that a commit brought.  Return: false if there is no room for it. */
static bool know_targets(struct records *v, u32 target)
{
	if (v->told_ns != v->end_ns) {
		v->begin_ns = v->told_ns;
		v->told_ns = v->end_ns;
	}
	while (v->nr <= target && !v->err)
		v->err = add_target(v);
	return v->nr > target;
}

static void records_aggregated(void *data, const struct context *ctx,
			       u32 target, u32 nr_regions,
			       const struct region *r)
{
	struct records *v = data;
	struct records_target *t;
	struct outfile *f;
	const struct regions *all = &ctx->targets[target].regions;
	char start[UNITS_LEN], end[UNITS_LEN];
	u64 unit = ctx->addr_unit;
	bool first = r == all->at;

	if (!know_targets(v, target))
		return;
	t = &v->target[target];
	f = &t->file;
	begin(t, &ctx->attrs, target);
	if (first)
		outfile_put(f,
			    "%s{\"start_time\": \"%llu\", \"end_time\": "
			    "\"%llu\", \"regions\": [",
			    f->nr_marks + f->nr_held > 1 ? "," : "",
			    t->window_ns, v->end_ns);
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
		    "\"sample_interval_us\": null}\n",
		    regions_sz(all) * unit);
	outfile_mark(f);
	t->window_ns = v->end_ns;
}

const struct context_observer records_observer = {
	.aggregated = records_aggregated,
};

/* Put a target's record, a line at a time, behind those that are there. */
static int append(struct outfile *f, struct records_target *t)
{
	FILE *part = fopen(t->file.path, "re");
	bool first = true;
	char *line = NULL;
	size_t max = 0;

	if (!part)
		return -errno;
	t->head = f->nr_marks + f->nr_held;
	errno = 0;
	while (!f->err && getline(&line, &max, part) > 0) {
		outfile_put(f, "%s%s", first ? RECORD_TAIL : "", line);
		outfile_mark(f);
		first = false;
		errno = 0;
	}
	if (errno && !f->err)
		f->err = -errno;
	free(line);
	fclose(part);
	return 0;
}

int records_close(struct records *v, u64 *nr_saved)
{
	struct outfile *f = v->nr ? &v->target->file : NULL;
	int err = v->err, next;
	u32 i;

	*nr_saved = 0;
	for (i = 0; i < v->nr; i++)
		begin(&v->target[i], &v->attrs, i);
	for (i = 1; i < v->nr; i++) {
		struct records_target *t = &v->target[i];

		next = outfile_close(&t->file, "");
		err = err ? err : next;
		next = t->file.nr_marks && !f->err ? append(f, t) : 0;
		err = err ? err : next;
		unlink(t->file.path);
	}
	next = f ? outfile_close(f, TAIL) : 0;
	for (i = 0; i < v->nr; i++)
		if (v->target[i].head < f->nr_marks)
			++*nr_saved;
	*nr_saved = f ? f->nr_marks - *nr_saved : 0;
	free(v->target);
	v->target = NULL;
	v->nr = 0;
	return next ? next : err;
}

/* The same text as zlib's format, which is what damo reads by default. */
static int deflate_file(FILE *src, FILE *dst, z_stream *z)
{
	u8 in[65536], out[65536];
	int flush = Z_NO_FLUSH;
	size_t n;

	while (flush != Z_FINISH) {
		z->avail_in = fread(in, 1, sizeof(in), src);
		z->next_in = in;
		if (ferror(src))
			return -EIO;
		flush = feof(src) ? Z_FINISH : Z_NO_FLUSH;
		do {
			z->avail_out = sizeof(out);
			z->next_out = out;
			deflate(z, flush);
			n = sizeof(out) - z->avail_out;
			if (fwrite(out, 1, n, dst) != n)
				return -errno;
		} while (!z->avail_out);
	}
	return fflush(dst) ? -errno : 0;
}

int records_compress(const char *dir)
{
	char from[512], to[512];
	FILE *src, *dst = NULL;
	z_stream z = { 0 };
	int err = 0;

	if (snprintf(from, sizeof(from), "%s/damon.data.json", dir) >=
	    (int)sizeof(from))
		return -ENAMETOOLONG;
	snprintf(to, sizeof(to), "%s/damon.data", dir);
	src = fopen(from, "re");
	if (src)
		dst = fopen(to, "we");
	if (!dst)
		err = -errno;
	else if (deflateInit(&z, Z_DEFAULT_COMPRESSION) != Z_OK)
		err = -ENOMEM;
	else
		err = deflate_file(src, dst, &z);
	deflateEnd(&z);
	if (src)
		fclose(src);
	if (dst && fclose(dst) && !err)
		err = -errno;
	/* One of an earlier run would look like a result of this. */
	if (err)
		unlink(to);
	return err;
}
