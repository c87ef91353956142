// SPDX-License-Identifier: GPL-2.0
/* Schemes for programs, see schemes_report.h. */
#include <damon/quota.h>

#include "replay/replay.h"
#include "report/json_put.h"
#include "report/schemes_report.h"

static struct json_object *stat_of(const struct scheme_stat *stat)
{
	struct json_object *o = json_object_new_object();

	put_u64(o, "nr_tried", stat->nr_tried);
	put_u64(o, "sz_tried", stat->sz_tried);
	put_u64(o, "nr_applied", stat->nr_applied);
	put_u64(o, "sz_applied", stat->sz_applied);
	put_u64(o, "sz_ops_filter_passed", stat->sz_ops_filter_passed);
	put_u64(o, "qt_exceeds", stat->qt_exceeds);
	put_u64(o, "nr_snapshots", stat->nr_snapshots);
	return o;
}

static struct json_object *quota_of(const struct replay_scheme *watched,
				    const struct quota *q)
{
	struct json_object *o = json_object_new_object();

	put_u64(o, "effective_bytes", q->state.esz);
	put_double(o, "effective_bytes_mean",
		   watched->nr_esz ? watched->esz_sum / watched->nr_esz : 0);
	put_u64(o, "windows_without_bound", watched->nr_esz_open);
	put_u64(o, "esz_bp", q->state.esz_bp);
	put_u64(o, "total_charged_bytes",
		q->state.total_charged_sz + q->state.charged_sz);
	put_u64(o, "min_score", q->state.min_score);
	return o;
}

static void add_goals(struct json_object *goals, const struct scheme *s,
		      u32 scheme)
{
	u32 i;

	for (i = 0; i < s->quota.nr_goals; i++) {
		const struct goal *g = &s->quota.goal[i];
		struct json_object *o = json_object_new_object();

		put_u64(o, "scheme", scheme);
		put_str(o, "metric", goal_metric_name[g->metric]);
		json_object_object_add(o, "nid", json_object_new_int(g->nid));
		put_u64(o, "target_value", g->target_value);
		put_u64(o, "current_value", g->current_value);
		put_u64(o, "score_bp",
			damon_goal_score(g->current_value, g->target_value));
		json_object_array_add(goals, o);
	}
}

static struct json_object *nodes_of(struct replay_schemes *s)
{
	struct json_object *array = json_object_new_array();
	u64 nr[IMPLIED_NODES_MAX];
	u32 n, i;

	implied_on_node(&s->memory, nr);
	for (n = 0; n < s->memory.nr_nodes; n++) {
		struct json_object *o = json_object_new_object();
		struct json_object *bins = json_object_new_array();

		put_u64(o, "nid", n);
		put_u64(o, "bytes", nr[n] * PAGE_BYTES);
		put_u64(o, "samples", s->memory.nr_samples[n]);
		for (i = 0; i < s->nr_bins; i++)
			json_object_array_add(
				bins, json_object_new_uint64(s->bin[i][n]));
		put_u64(o, "bin_ns", s->bin_ns);
		json_object_object_add(o, "samples_by_bin", bins);
		json_object_array_add(array, o);
	}
	return array;
}

void schemes_json(struct json_object *o, const struct replay *r)
{
	struct replay_schemes *s = (struct replay_schemes *)&r->schemes;
	struct json_object *array = json_object_new_array();
	struct json_object *goals = json_object_new_array();
	u64 nr[IMPLIED_NODES_MAX];
	u32 i;

	for (i = 0; s->on && i < r->ctx.nr_schemes; i++) {
		const struct scheme *of = &r->ctx.schemes[i];
		struct json_object *e = json_object_new_object();

		put_str(e, "action", scheme_action_name[of->action]);
		json_object_object_add(e, "stats", stat_of(&of->stat));
		json_object_object_add(e, "quota",
				       quota_of(&s->scheme[i], &of->quota));
		put_u64(e, "passes", s->scheme[i].nr_passes);
		put_u64(e, "passes_matched", s->scheme[i].nr_matched);
		put_u64(e, "refaults", s->memory.nr_refaults[i]);
		json_object_array_add(array, e);
		add_goals(goals, of, i);
	}
	json_object_object_add(o, "schemes", array);
	json_object_object_add(o, "goals", goals);
	if (!s->on)
		return;
	json_object_object_add(o, "nodes", nodes_of(s));
	put_u64(o, "paged_out_bytes",
		implied_on_node(&s->memory, nr) * PAGE_BYTES);
}
