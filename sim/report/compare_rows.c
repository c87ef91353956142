// SPDX-License-Identifier: GPL-2.0
/*
 * Which figures of a run are compared, see compare.h.
 *
 * What is null in a run's JSON, or is not as it should be, is a figure that the
 * run does not have.  Goals go by scheme, metric and node, workloads by their
 * place, so that runs of one scenario with other values stand side by side.
 */
#include <json-c/json.h>
#include <string.h>

#include "report/compare.h"

/* Rows are keyed by number, so that nobody makes a table of a million. */
#define NR_MAX 1000

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(o, json_type_object))
		json_object_object_get_ex(o, key, &value);
	return value;
}

static bool is_number(struct json_object *o)
{
	return json_object_is_type(o, json_type_double) ||
	       json_object_is_type(o, json_type_int);
}

static const char *get_str(struct json_object *o, const char *key)
{
	struct json_object *value = get(o, key);

	return json_object_is_type(value, json_type_string) ?
		       json_object_get_string(value) :
		       "?";
}

/* One figure that is there under a key of its own, may be as null. */
static void put_key(struct compare *c, u32 run, struct json_object *o,
		    const char *key, enum compare_unit unit, const char *prefix,
		    const char *name)
{
	struct json_object *value = get(o, key);
	double nr = json_object_get_double(value);

	if (json_object_is_type(o, json_type_object) &&
	    json_object_object_get_ex(o, key, NULL))
		compare_put(c, run, unit, is_number(value) ? &nr : NULL, "%s%s",
			    prefix, name);
}

static void take_samples(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *b = get(o, "conservation"), *lost = get(b, "lost");
	struct json_object_iterator at, end;
	const char *cause;

	put_key(c, run, b, "raised", COMPARE_COUNT, "", "samples");
	put_key(c, run, o, "credited_fraction", COMPARE_SHARE, "",
		"reached a region");
	if (!json_object_is_type(lost, json_type_object))
		return;
	at = json_object_iter_begin(lost);
	end = json_object_iter_end(lost);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		cause = json_object_iter_peek_name(&at);
		put_key(c, run, lost, cause, COMPARE_COUNT, "lost: ", cause);
	}
}

static void take_truth(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *t = get(o, "truth");

	put_key(c, run, t, "precision", COMPARE_NUMBER, "", "truth: precision");
	put_key(c, run, t, "recall", COMPARE_NUMBER, "", "truth: recall");
	put_key(c, run, t, "rank_correlation", COMPARE_NUMBER, "",
		"truth: rank correlation");
}

/* Is it a goal as @b is, apart from the target? */
static bool same_goal(struct json_object *a, struct json_object *b)
{
	return json_object_get_int64(get(a, "scheme")) ==
		       json_object_get_int64(get(b, "scheme")) &&
	       json_object_get_int64(get(a, "nid")) ==
		       json_object_get_int64(get(b, "nid")) &&
	       !strcmp(get_str(a, "metric"), get_str(b, "metric"));
}

static void take_goal(struct compare *c, u32 run, struct json_object *g,
		      u32 stretch)
{
	static const struct {
		const char *key;
		enum compare_unit unit;
		const char *name;
	} figures[] = {
		{ "target_bp", COMPARE_BP, "target" },
		{ "converged_s", COMPARE_SECONDS, "converged at" },
		{ "windows_to_converge", COMPARE_COUNT, "evaluations to that" },
		{ "mean_bp", COMPARE_BP, "mean" },
		{ "offset_bp", COMPARE_PP, "offset" },
		{ "stddev_bp", COMPARE_PP, "stddev" },
		{ "overshoot_bp", COMPARE_PP, "overshoot" },
	};
	struct json_object *drift = get(g, "drift_bp_per_hour");
	s64 nid = json_object_get_int64(get(g, "nid"));
	char prefix[112], node[32] = "", part[32] = "";
	u32 i;

	if (nid >= 0)
		snprintf(node, sizeof(node), ", node %lld", nid);
	if (stretch)
		snprintf(part, sizeof(part), ", stretch %u", stretch + 1);
	snprintf(prefix, sizeof(prefix), "scheme %lld%s%s: ",
		 (long long)json_object_get_int64(get(g, "scheme")), node,
		 part);
	for (i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		put_key(c, run, g, figures[i].key, figures[i].unit, prefix,
			figures[i].name);
	for (i = 0; i < 2; i++) {
		struct json_object *end = NULL;
		double value;

		if (json_object_is_type(drift, json_type_array))
			end = json_object_array_get_idx(drift, i);
		value = json_object_get_double(end);
		compare_put(c, run, COMPARE_BP_PER_HOUR,
			    is_number(end) ? &value : NULL, "%sdrift, %s end",
			    prefix, i ? "high" : "low");
	}
}

static u32 length(struct json_object *list)
{
	size_t nr = json_object_is_type(list, json_type_array) ?
			    json_object_array_length(list) :
			    0;

	return nr < NR_MAX ? nr : NR_MAX;
}

/* A goal that was given another target has a stretch for each. */
static void take_goals(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *list = get(o, "goals"), *g;
	u32 i, j, stretch;

	for (i = 0; i < length(list); i++) {
		g = json_object_array_get_idx(list, i);
		stretch = 0;
		for (j = 0; j < i; j++)
			stretch += same_goal(g, json_object_array_get_idx(list,
									  j));
		take_goal(c, run, g, stretch);
	}
}

static void take_schemes(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *list = get(o, "schemes"), *s;
	double sum = 0;
	bool any = false;
	u32 i;

	for (i = 0; i < length(list); i++) {
		s = json_object_array_get_idx(list, i);
		if (strncmp(get_str(s, "action"), "migrate_", 8))
			continue;
		any = true;
		sum += json_object_get_double(get(s, "applied_bytes_per_s"));
	}
	if (any)
		compare_put(c, run, COMPARE_BYTES_PER_S, &sum, "migrated");
}

static void take_costs(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *m = get(o, "monitor"), *s = get(o, "sampling");

	put_key(c, run, m, "kdamond_s", COMPARE_SECONDS, "", "kdamond busy");
	put_key(c, run, m, "kdamond_share_of_cpu", COMPARE_SHARE, "",
		"kdamond busy, of a CPU");
	put_key(c, run, m, "stalled_s", COMPARE_SECONDS, "",
		"kdamond busy with memory");
	put_key(c, run, s, "nmi_share_of_cpus", COMPARE_SHARE, "",
		"interrupts, of all CPUs");
	put_key(c, run, s, "throttled", COMPARE_COUNT, "", "events stopped");
	put_key(c, run, s, "limits_lowered", COMPARE_COUNT, "",
		"limits lowered");
	put_key(c, run, s, "blind", COMPARE_COUNT, "", "events that are blind");
}

static void take_workloads(struct compare *c, u32 run, struct json_object *o)
{
	struct json_object *list = get(o, "workloads"), *w;
	char prefix[64];
	u32 i;

	for (i = 0; i < length(list); i++) {
		w = json_object_array_get_idx(list, i);
		snprintf(prefix, sizeof(prefix), "workload %u, %.40s: ", i,
			 get_str(w, "pattern"));
		put_key(c, run, w, "bytes_per_s", COMPARE_BYTES_PER_S, prefix,
			"throughput");
		put_key(c, run, w, "line_latency_ns", COMPARE_NS, prefix,
			"latency of a line");
	}
}

void compare_take(struct compare *c, u32 run)
{
	struct json_object *o = c->run[run].json;

	put_key(c, run, o, "simulated_s", COMPARE_SECONDS, "", "simulated");
	take_samples(c, run, o);
	take_truth(c, run, o);
	take_goals(c, run, o);
	take_schemes(c, run, o);
	take_costs(c, run, o);
	take_workloads(c, run, o);
}
