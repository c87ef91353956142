// SPDX-License-Identifier: GPL-2.0
/* Schemes for people, see schemes_report.h. */
#include <damon/quota.h>

#include "replay/replay.h"
#include "report/schemes_report.h"
#include "report/units.h"

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

static const char *bytes(char *buf, const struct replay *r, u64 units)
{
	return units_bytes(buf, units * r->ctx.addr_unit);
}

/* Why was nothing tried? */
static void put_why(FILE *f, const struct replay *r, u32 i)
{
	const struct replay_scheme *watched = &r->schemes.scheme[i];
	const struct scheme *s = &r->ctx.schemes[i];
	const struct scheme_pattern *p = &s->pattern;

	fprintf(f, "             nothing was tried: ");
	if (!watched->nr_passes && !s->wmarks.activated)
		fprintf(f, "its watermarks kept it asleep\n");
	else if (!watched->nr_passes)
		fprintf(f, "the capture ended before it was due\n");
	else if (!watched->nr_matched)
		fprintf(f,
			"no region ever had a size of %llu to %llu, %u to %u "
			"accesses of %u and an age of %u to %u windows\n",
			p->min_sz, p->max_sz, p->min_nr_accesses,
			p->max_nr_accesses, attrs_nr_samples(&r->ctx.attrs),
			p->min_age, p->max_age);
	else if (s->quota.state.esz < r->ctx.min_region_sz &&
		 (s->quota.nr_goals || s->quota.limits.sz))
		fprintf(f, "regions fit, but the quota never came to a page\n");
	else
		fprintf(f, "regions fit, but filters kept all of them out\n");
}

static void put_quota(FILE *f, const struct replay *r, u32 i)
{
	const struct replay_scheme *watched = &r->schemes.scheme[i];
	const struct quota *q = &r->ctx.schemes[i].quota;
	char a[UNITS_LEN], b[UNITS_LEN];

	if (!q->limits.sz && !q->limits.time_ms && !q->nr_goals)
		return;
	fprintf(f, "             quota was full in %llu windows; now %s",
		r->ctx.schemes[i].stat.qt_exceeds,
		q->state.esz >= ~0ULL / 10000 ? "without bound" :
						bytes(a, r, q->state.esz));
	if (watched->nr_esz)
		fprintf(f, ", %s on average",
			bytes(b, r, watched->esz_sum / watched->nr_esz));
	fprintf(f, "\n");
}

/* Of what is assumed more than known. */
static const char *caveat(enum goal_metric metric)
{
	switch (metric) {
	case GOAL_SOME_MEM_PSI_US:
		return "; a capture does not tell of pressure: 0";
	case GOAL_NODE_MEMCG_USED_BP:
	case GOAL_NODE_MEMCG_FREE_BP:
		return "; all memory is taken to be the root group's";
	case GOAL_ACTIVE_MEM_BP:
	case GOAL_INACTIVE_MEM_BP:
		return "; only schemes make memory active";
	case GOAL_NODE_MEM_USED_BP:
	case GOAL_NODE_MEM_FREE_BP:
		return "; of the monitored memory alone";
	case GOAL_HUGEPAGE_MEM_BP:
		return "; a capture does not tell of huge pages: 0";
	default:
		return "";
	}
}

static void put_goals(FILE *f, const struct quota *q)
{
	u32 i;

	for (i = 0; i < q->nr_goals; i++) {
		const struct goal *g = &q->goal[i];

		fprintf(f, "             goal %s", goal_metric_name[g->metric]);
		if (g->nid >= 0 && g->metric >= GOAL_NODE_MEM_USED_BP)
			fprintf(f, " of node %d", g->nid);
		fprintf(f, ": %llu of %llu, score %.1f %%%s\n",
			g->current_value, g->target_value,
			damon_goal_score(g->current_value, g->target_value) /
				100.0,
			caveat(g->metric));
	}
}

static void put_scheme(FILE *f, const struct replay *r, u32 i)
{
	const struct scheme *s = &r->ctx.schemes[i];
	const struct scheme_stat *stat = &s->stat;
	u64 refaults = r->schemes.memory.nr_refaults[i];
	char a[UNITS_LEN], b[UNITS_LEN], c[UNITS_LEN], d[UNITS_LEN];

	fprintf(f, "  %u  %-12s tried %s times on %s, applied %s times to %s\n",
		i, scheme_action_name[s->action],
		units_count(a, stat->nr_tried), bytes(b, r, stat->sz_tried),
		units_count(c, stat->nr_applied),
		bytes(d, r, stat->sz_applied));
	if (!stat->nr_tried)
		put_why(f, r, i);
	if (stat->sz_ops_filter_passed &&
	    stat->sz_ops_filter_passed != stat->sz_tried)
		fprintf(f, "             filters of folios let %s pass\n",
			bytes(a, r, stat->sz_ops_filter_passed));
	put_quota(f, r, i);
	put_goals(f, &s->quota);
	if (s->action == SCHEME_PAGEOUT && stat->nr_applied)
		fprintf(f,
			"             afterwards %s samples fell on pages that "
			"it had taken out\n",
			units_count(a, refaults));
}

/* Where samples fell, from part to part of the capture. */
static void put_bins(FILE *f, const struct replay *r)
{
	const struct replay_schemes *s = &r->schemes;
	char a[UNITS_LEN], b[UNITS_LEN];
	u64 all;
	u32 i, n;

	fprintf(f, "          samples by node, from one time to another:\n");
	for (i = 0; i < s->nr_bins; i++) {
		for (n = 0, all = 0; n < s->memory.nr_nodes; n++)
			all += s->bin[i][n];
		fprintf(f, "  %10s ", units_ns(a, i * s->bin_ns));
		for (n = 0; n < s->memory.nr_nodes; n++)
			fprintf(f, " %6.1f %%", percent(s->bin[i][n], all));
		fprintf(f, "  of %s\n", units_count(b, all));
	}
}

static void put_nodes(FILE *f, const struct replay *r)
{
	struct replay_schemes *s = (struct replay_schemes *)&r->schemes;
	u64 nr[IMPLIED_NODES_MAX], out = implied_on_node(&s->memory, nr);
	u64 all = 0;
	char a[UNITS_LEN], b[UNITS_LEN];
	u32 n;

	for (n = 0; n < s->memory.nr_nodes; n++)
		all += s->memory.nr_samples[n];
	for (n = 0; n < s->memory.nr_nodes; n++)
		fprintf(f,
			"  node %-3u %12s at the end   %s samples, %.1f %%\n",
			n, units_bytes(a, nr[n] * PAGE_BYTES),
			units_count(b, s->memory.nr_samples[n]),
			percent(s->memory.nr_samples[n], all));
	if (out)
		fprintf(f, "  paged out %11s at the end\n",
			units_bytes(a, out * PAGE_BYTES));
	if (s->memory.nr_untold)
		fprintf(f,
			"          %s changes could not be remembered: out of "
			"memory\n",
			units_count(a, s->memory.nr_untold));
	if (s->memory.nr_nodes > 1)
		put_bins(f, r);
}

void schemes_text(FILE *f, const struct replay *r)
{
	u32 i;

	if (!r->schemes.on)
		return;
	fprintf(f,
		"\nschemes   what they would have done (core %s), to memory "
		"as far as the capture implies it\n",
		r->ctx.profile->name);
	for (i = 0; i < r->ctx.nr_schemes; i++)
		put_scheme(f, r, i);
	fprintf(f, "\nmemory    ");
	if (r->schemes.memory.node_by_range)
		fprintf(f, "each region of the configuration is a node\n");
	else if (r->schemes.memory.nr_nodes > 1)
		fprintf(f, "on %u nodes in turn at first, 2 MiB each\n",
			r->schemes.memory.nr_nodes);
	else
		fprintf(f, "on one node\n");
	put_nodes(f, r);
}
