// SPDX-License-Identifier: GPL-2.0
/* Chrome's trace format, see chrome.h. */
#include <stdio.h>

#include "report/chrome.h"
#include "report/losses.h"

/* What is drawn apart: rows of the viewer. */
#define ROW_WINDOWS 1
#define ROW_SCHEMES 2 /* and on */

static double us(const struct chrome *c, u64 ns)
{
	return ns > c->begin_ns ? (ns - c->begin_ns) / 1e3 : 0;
}

static void put_name(struct chrome *c, u32 tid, const char *of,
		     const char *name)
{
	outfile_put(&c->file,
		    "%s{\"ph\":\"M\",\"pid\":1,\"tid\":%u,\"name\":"
		    "\"%s_name\",\"args\":{\"name\":\"%s\"}}",
		    c->file.nr_marks + c->file.nr_held ? ",\n" : "", tid, of,
		    name);
	outfile_mark(&c->file);
}

static void name_scheme(char *name, size_t sz, const struct context *ctx,
			u32 scheme)
{
	snprintf(name, sz, "scheme %u: %s", scheme,
		 scheme_action_name[ctx->schemes[scheme].action]);
}

/* A row for each scheme; a commit may bring more. */
static void name_rows(struct chrome *c, const struct context *ctx)
{
	char name[64];

	for (; c->nr_named < ctx->nr_schemes; c->nr_named++) {
		name_scheme(name, sizeof(name), ctx, c->nr_named);
		put_name(c, ROW_SCHEMES + c->nr_named, "thread", name);
	}
}

int chrome_open(struct chrome *c, const char *dir, const struct context *ctx,
		u64 begin_ns)
{
	int err;

	*c = (struct chrome){ .begin_ns = begin_ns,
			      .window_ns = begin_ns,
			      .now_ns = begin_ns };
	err = outfile_open(&c->file, dir, "trace.json");
	outfile_put(&c->file,
		    "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n");
	put_name(c, 0, "process", "damonsim");
	put_name(c, ROW_WINDOWS, "thread", "windows");
	name_rows(c, ctx);
	return err;
}

static void put_counter(struct chrome *c, const char *name, const char *key,
			double value)
{
	outfile_put(&c->file,
		    ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"%s\",\"ts\":%.3f,"
		    "\"args\":{\"%s\":%.0f}}",
		    name, us(c, c->now_ns), key, value);
	outfile_mark(&c->file);
}

static void put_samples(struct chrome *c, const struct damon_balance *b)
{
	int i;

	outfile_put(&c->file,
		    ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"samples\",\"ts\":"
		    "%.3f,\"args\":{\"credited\":%lu,\"absorbed\":%lu",
		    us(c, c->now_ns), b->credited, b->absorbed);
	for (i = 1; i < DAMON_NR_LOSSES; i++)
		if (b->lost[i])
			outfile_put(&c->file, ",\"%s\":%lu", loss_texts[i].name,
				    b->lost[i]);
	outfile_put(&c->file, "}}");
	outfile_mark(&c->file);
}

void chrome_window(struct chrome *c, const struct context *ctx,
		   const struct damon_balance *b, u32 fill_max)
{
	outfile_put(&c->file,
		    ",\n{\"ph\":\"X\",\"pid\":1,\"tid\":%u,\"name\":\"window\","
		    "\"ts\":%.3f,\"dur\":%.3f,\"args\":{\"regions\":%llu}}",
		    ROW_WINDOWS, us(c, c->window_ns),
		    us(c, c->now_ns) - us(c, c->window_ns),
		    context_nr_regions(ctx));
	outfile_mark(&c->file);
	put_samples(c, b);
	put_counter(c, "fullest ring", "reports", fill_max);
	put_counter(c, "regions", "regions", context_nr_regions(ctx));
	c->window_ns = c->now_ns;
}

void chrome_instant(struct chrome *c, const char *what)
{
	outfile_put(&c->file,
		    ",\n{\"ph\":\"i\",\"pid\":1,\"tid\":%u,\"s\":\"g\","
		    "\"name\":\"%s\",\"ts\":%.3f}",
		    ROW_WINDOWS, what, us(c, c->now_ns));
	outfile_mark(&c->file);
}

static void chrome_esz(void *data, const struct context *ctx, u32 scheme,
		       u64 esz)
{
	char name[64];

	snprintf(name, sizeof(name), "quota of scheme %u", scheme);
	put_counter(data, name, "bytes", (double)esz * ctx->addr_unit);
}

static void chrome_goal(void *data, const struct context *ctx, u32 scheme,
			const struct goal *goal)
{
	char name[96], node[24] = "";

	if (goal->nid >= 0)
		snprintf(node, sizeof(node), " of node %d", goal->nid);
	snprintf(name, sizeof(name), "goal of scheme %u: %s%s", scheme,
		 goal_metric_name[goal->metric], node);
	put_counter(data, name, "value", goal->current_value);
}

static void chrome_applied(void *data, const struct context *ctx, u32 scheme,
			   const struct scheme_stat *stat)
{
	struct chrome *c = data;
	u64 unit = ctx->addr_unit;
	char name[64];

	name_rows(c, ctx);
	outfile_put(&c->file,
		    ",\n{\"ph\":\"i\",\"pid\":1,\"tid\":%u,\"s\":\"t\","
		    "\"name\":\"applied\",\"ts\":%.3f,\"args\":{\"nr_tried\":"
		    "%llu,\"nr_applied\":%llu}}",
		    ROW_SCHEMES + scheme, us(c, c->now_ns), stat->nr_tried,
		    stat->nr_applied);
	name_scheme(name, sizeof(name), ctx, scheme);
	outfile_put(&c->file,
		    ",\n{\"ph\":\"C\",\"pid\":1,\"name\":\"%s\",\"ts\":%.3f,"
		    "\"args\":{\"tried_bytes\":%llu,\"applied_bytes\":%llu}}",
		    name, us(c, c->now_ns), stat->sz_tried * unit,
		    stat->sz_applied * unit);
	outfile_mark(&c->file);
}

static void chrome_tuned(void *data, const struct context *ctx, u64 sample_us)
{
	put_counter(data, "sample interval", "us", sample_us);
}

const struct context_observer chrome_observer = {
	.intervals_tuned = chrome_tuned,
	.esz = chrome_esz,
	.goal = chrome_goal,
	.applied = chrome_applied,
};

int chrome_close(struct chrome *c)
{
	return outfile_close(&c->file, "\n]}\n");
}
