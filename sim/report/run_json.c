// SPDX-License-Identifier: GPL-2.0
/* A run's result for programs, see run_json.h. */
#include <errno.h>
#include <string.h>

#include "report/balance.h"
#include "report/json_put.h"
#include "report/run_json.h"
#include "run/run.h"

static double seconds(u64 us)
{
	return us / 1e6;
}

static struct json_object *maybe(bool has, double value)
{
	return has ? json_object_new_double(value) : NULL;
}

static struct json_object *pair(double low, double high)
{
	struct json_object *a = json_object_new_array();

	json_object_array_add(a, json_object_new_double(low));
	json_object_array_add(a, json_object_new_double(high));
	return a;
}

static struct json_object *path_of(const struct measure_goal *g)
{
	struct json_object *a = json_object_new_array();
	u32 i;

	for (i = 0; i < g->nr; i++)
		json_object_array_add(a, pair(seconds(g->point[i].at_us),
					      g->point[i].value));
	return a;
}

static struct json_object *goal_of(const struct run *r,
				   const struct measure_goal *g, bool points)
{
	struct json_object *o = json_object_new_object();
	struct measure_figures f;

	measure_figures(g, r->s->settle_us, &f);
	put_u64(o, "scheme", g->scheme);
	put_str(o, "metric", measure_name(g));
	json_object_object_add(o, "nid", json_object_new_int(g->nid));
	put_u64(o, "target_bp", g->target);
	put_u64(o, "evaluations", g->nr);
	put_double(o, "begin_s", g->nr ? seconds(g->point[0].at_us) : 0);
	json_object_object_add(
		o, "converged_s",
		f.reached ? json_object_new_double(seconds(f.reached_us)) :
			    NULL);
	json_object_object_add(o, "windows_to_converge",
			       f.reached ? json_object_new_uint64(f.windows) :
					   NULL);
	json_object_object_add(
		o, "last_left_s",
		f.left_us ? json_object_new_double(seconds(f.left_us)) : NULL);
	put_double(o, "overshoot_bp", f.overshoot);
	json_object_object_add(o, "mean_bp", maybe(f.nr, f.mean));
	json_object_object_add(o, "offset_bp", maybe(f.nr, f.mean - g->target));
	json_object_object_add(o, "stddev_bp", maybe(f.nr, f.stddev));
	json_object_object_add(o, "drift_bp_per_hour",
			       f.has_drift ? pair(f.drift_per_hour[0],
						  f.drift_per_hour[1]) :
					     NULL);
	if (points)
		json_object_object_add(o, "path", path_of(g));
	return o;
}

static struct json_object *goals(const struct run *r, bool points)
{
	struct json_object *a = json_object_new_array();
	u32 i;

	for (i = 0; i < r->measure.nr_goals; i++)
		json_object_array_add(a,
				      goal_of(r, &r->measure.goal[i], points));
	return a;
}

static struct json_object *nodes(const struct run *r)
{
	struct json_object *a = json_object_new_array();
	double s = run_us(r) / 1e6;
	u32 i;

	for (i = 0; i < r->m.ram.nr_nodes; i++) {
		struct json_object *o = json_object_new_object();

		put_str(o, "name", r->s->machine.nodes[i].name);
		put_u64(o, "bytes", r->m.ram.node[i].sz);
		put_u64(o, "free_bytes",
			r->m.ram.node[i].nr_free << RAM_PAGE_SHIFT);
		put_double(o, "traffic_bytes_per_s",
			   s > 0 ? r->m.node_bytes[i] / s : 0);
		put_u64(o, "latency_ps", r->m.tier[i].loaded_ps);
		put_u64(o, "busy_ppm", r->m.tier[i].busy_ppm);
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *workloads(const struct run *r)
{
	struct json_object *a = json_object_new_array();
	u32 i, n;

	for (i = 0; i < r->m.nr_programs; i++) {
		const struct program *p = &r->m.program[i];
		struct json_object *o = json_object_new_object();
		struct json_object *on = json_object_new_array();

		put_str(o, "pattern", p->spec->kind);
		put_u64(o, "pid", p->spec->pid);
		put_u64(o, "threads", p->nr_threads);
		put_double(o, "bytes_per_s",
			   p->ran_ps ? p->done_bytes / (p->ran_ps / 1e12) : 0);
		put_double(o, "line_latency_ns", machine_line_ns(&r->m, p));
		for (n = 0; n < r->m.ram.nr_nodes; n++)
			json_object_array_add(
				on, json_object_new_uint64(p->map->nr_pages[n]
							   << RAM_PAGE_SHIFT));
		json_object_object_add(o, "bytes_on_node", on);
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *schemes(const struct run *r)
{
	struct json_object *a = json_object_new_array();
	double s = run_us(r) / 1e6;
	u32 i;

	for (i = 0; i < r->ctx.nr_schemes; i++) {
		const struct scheme *sch = &r->ctx.schemes[i];
		struct json_object *o = json_object_new_object();

		put_str(o, "action", scheme_action_name[sch->action]);
		json_object_object_add(o, "nid",
				       json_object_new_int(sch->target_nid));
		put_u64(o, "tried_bytes",
			sch->stat.sz_tried * r->ctx.addr_unit);
		put_u64(o, "applied_bytes",
			sch->stat.sz_applied * r->ctx.addr_unit);
		put_double(o, "applied_bytes_per_s",
			   s > 0 ? sch->stat.sz_applied * r->ctx.addr_unit / s :
				   0);
		put_u64(o, "qt_exceeds", sch->stat.qt_exceeds);
		put_u64(o, "effective_quota_bytes", sch->quota.state.esz);
		json_object_array_add(a, o);
	}
	return a;
}

static struct json_object *faults(const struct run *r)
{
	struct json_object *a = json_object_new_array();
	u32 i;

	for (i = 0; i < r->faults.nr; i++) {
		const struct fault *f = &r->faults.fault[i];
		struct json_object *o = json_object_new_object();

		put_str(o, "name", f->spec->name ? f->spec->name : "");
		put_str(o, "fault", scenario_fault_name(f->spec->kind));
		put_u64(o, "struck", f->nr);
		put_str(o, "result",
			f->result ? strerrorname_np(-f->result) : "0");
		json_object_array_add(a, o);
	}
	return a;
}

/* NULL if nothing was judged. */
static struct json_object *truth(const struct run *r)
{
	struct truth_figures f;
	struct json_object *o;

	if (truth_figures(&r->truth, &f) || !f.nr_blocks)
		return NULL;
	o = json_object_new_object();
	json_object_object_add(o, "precision",
			       maybe(f.has_precision, f.precision));
	json_object_object_add(o, "recall", maybe(f.has_recall, f.recall));
	json_object_object_add(o, "rank_correlation",
			       maybe(f.has_rank, f.rank_correlation));
	put_u64(o, "blocks", f.nr_blocks);
	put_u64(o, "blocks_not_monitored", f.nr_left);
	put_u64(o, "hot_blocks", f.nr_hot);
	put_u64(o, "found_hot_blocks", f.nr_found);
	put_u64(o, "windows", r->truth.nr_windows);
	return o;
}

static struct json_object *sampling(const struct run *r)
{
	struct json_object *o = json_object_new_object();
	u64 nr = r->m.substrate.nr_samples, throttled = 0, nmi_ps = 0, i, j;

	throttled = r->m.substrate.nr_throttled;
	for (i = 0; i < r->m.nr_cpus; i++) {
		const struct run_cpu *c = &r->m.cpu[i];

		nmi_ps += c->nmi_ps;
		for (j = 0; j < c->nr_samplers; j++) {
			nr += c->sampler[j]->nr_samples;
			throttled += c->sampler[j]->nr_throttled;
		}
	}
	put_u64(o, "samples", nr);
	put_u64(o, "throttled", throttled);
	put_u64(o, "limits_lowered", r->m.limit.nr_lowered);
	put_u64(o, "max_sample_rate", r->m.limit.max_rate);
	put_u64(o, "events_created", r->m.substrate.nr_created);
	put_u64(o, "events_refused", r->m.substrate.nr_refused);
	put_u64(o, "blind", r->nr_blind);
	put_double(o, "nmi_share_of_cpus",
		   r->m.now_ps ? (double)nmi_ps / r->m.now_ps / r->m.nr_cpus :
				 0);
	return o;
}

static struct json_object *monitor(const struct run *r)
{
	struct json_object *o = json_object_new_object();

	put_str(o, "start",
		r->start_err ? strerrorname_np(-r->start_err) :
		r->started   ? "0" :
			       "none");
	put_u64(o, "ticks", r->nr_ticks);
	put_u64(o, "regions", context_nr_regions(&r->ctx));
	put_double(o, "kdamond_s", r->kdamond_ps / 1e12);
	put_double(o, "stalled_s", r->stalled_ps / 1e12);
	put_double(o, "kdamond_share_of_cpu",
		   r->m.now_ps ? (double)r->kdamond_ps / r->m.now_ps : 0);
	return o;
}

/* Of the samples that are memory accesses, those that reached a region. */
static struct json_object *credited(const struct damon_balance *b)
{
	u64 accesses = b->raised - b->lost[DAMON_LOST_NO_ADDR];

	return maybe(accesses, (double)(b->credited + b->absorbed) / accesses);
}

static struct json_object *sets(const struct run *r)
{
	struct json_object *a = json_object_new_array();
	u32 i;

	for (i = 0; i < r->opt.nr_set; i++)
		json_object_array_add(a, json_object_new_string(r->opt.set[i]));
	return a;
}

int run_json(FILE *f, const struct run *r, double wall_s, bool points)
{
	struct json_object *o = json_object_new_object();
	struct damon_balance b;
	const char *text;
	int err = 0;

	put_str(o, "scenario", r->opt.name ? r->opt.name : "");
	json_object_object_add(o, "set", sets(r));
	put_u64(o, "seed", r->s->seed);
	put_double(o, "simulated_s", run_us(r) / 1e6);
	put_bool(o, "interrupted", run_interrupted(r));
	if (wall_s >= 0)
		put_double(o, "wall_s", wall_s);
	run_balance(r, &b);
	json_object_object_add(o, "conservation", balance_json(&b));
	json_object_object_add(o, "credited_fraction", credited(&b));
	json_object_object_add(o, "goals", goals(r, points));
	json_object_object_add(o, "schemes", schemes(r));
	json_object_object_add(o, "nodes", nodes(r));
	json_object_object_add(o, "workloads", workloads(r));
	json_object_object_add(o, "sampling", sampling(r));
	json_object_object_add(o, "monitor", monitor(r));
	json_object_object_add(o, "truth", truth(r));
	json_object_object_add(o, "faults", faults(r));
	text = json_object_to_json_string_ext(
		o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text)
		err = -ENOMEM;
	else if (fprintf(f, "%s\n", text) < 0)
		err = -EIO;
	json_object_put(o);
	return err;
}
