// SPDX-License-Identifier: GPL-2.0
/* A run's result for people, see run_text.h. */
#include <string.h>

#include "report/balance.h"
#include "report/run_text.h"
#include "report/units.h"
#include "run/run.h"

#define COLUMNS 64

static void put_machine(FILE *f, const struct run *r, double wall_s)
{
	char a[UNITS_LEN], b[UNITS_LEN], whole[UNITS_LEN];
	double s = run_us(r) / 1e6;

	if (r->s->about)
		fprintf(f, "%s\n\n", r->s->about);
	fprintf(f,
		"machine   %u CPUs at %u MHz, HZ %u, rings of %u, seed %llu\n",
		r->m.nr_cpus, r->s->machine.clock_mhz, r->s->machine.hz,
		r->m.cpus.capacity, r->s->seed);
	fprintf(f, "time      %s in %s, %.0f times as fast as life\n",
		units_ns(a, r->m.now_ps / 1000), units_ns(b, wall_s * 1e9),
		wall_s > 0 ? s / wall_s : 0);
	if (run_interrupted(r))
		fprintf(f, "          INTERRUPTED: %s were asked for\n",
			units_ns(whole, r->s->duration_us * 1000));
}

static void put_nodes(FILE *f, const struct run *r)
{
	char a[UNITS_LEN], b[UNITS_LEN], c[UNITS_LEN];
	double s = run_us(r) / 1e6;
	u32 i;

	for (i = 0; i < r->m.ram.nr_nodes; i++) {
		const struct ram_node *n = &r->m.ram.node[i];

		fprintf(f, "node %-4u %-8s %s, %s in use, %s/s, %.0f ns\n", i,
			r->s->machine.nodes[i].name, units_bytes(a, n->sz),
			units_bytes(b, n->sz - (n->nr_free << RAM_PAGE_SHIFT)),
			units_bytes(c, s > 0 ? r->m.node_bytes[i] / s : 0),
			r->m.tier[i].loaded_ps / 1e3);
	}
}

static void put_workloads(FILE *f, const struct run *r)
{
	char a[UNITS_LEN], b[UNITS_LEN];
	u64 pages;
	u32 i, n;

	for (i = 0; i < r->m.nr_programs; i++) {
		const struct program *p = &r->m.program[i];

		pages = 0;
		for (n = 0; n < r->m.ram.nr_nodes; n++)
			pages += p->map->nr_pages[n];
		fprintf(f, "workload  %s, pid %u, %u threads, %s: %s/s;",
			p->spec->kind, p->spec->pid, p->nr_threads,
			units_bytes(a, pages << RAM_PAGE_SHIFT),
			units_bytes(b, p->ran_ps ? p->done_bytes /
							   (p->ran_ps / 1e12) :
						   0));
		for (n = 0; n < r->m.ram.nr_nodes; n++)
			fprintf(f, " %.2f %% on node %u",
				pages ? 100.0 * p->map->nr_pages[n] / pages : 0,
				n);
		fprintf(f, ", %.0f ns a line\n", machine_line_ns(&r->m, p));
	}
}

/* The path as a line of digits: tenths of the way are too coarse to lie. */
static void put_path(FILE *f, const struct measure_goal *g)
{
	static const char *const bars[] = { "▁", "▂", "▃", "▄",
					    "▅", "▆", "▇", "█" };
	u64 low = ~0ULL, high = 0, v;
	u32 i, cols = g->nr < COLUMNS ? g->nr : COLUMNS;

	for (i = 0; i < g->nr; i++) {
		v = g->point[i].value;
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	if (!cols)
		return;
	fprintf(f, "          ");
	for (i = 0; i < cols; i++) {
		v = g->point[(u64)i * g->nr / cols].value;
		fputs(bars[high > low ? (v - low) * 7 / (high - low) : 0], f);
	}
	fprintf(f, "  %.2f to %.2f %%\n", low / 100.0, high / 100.0);
}

static void put_goal(FILE *f, const struct run *r, const struct measure_goal *g)
{
	struct measure_figures n;
	char a[UNITS_LEN];

	measure_figures(g, r->s->settle_us, &n);
	fprintf(f, "\ngoal      scheme %u: %s", g->scheme, measure_name(g));
	if (g->nid >= 0)
		fprintf(f, " of node %d", g->nid);
	fprintf(f, ", target %.2f %%\n", g->target / 100.0);
	put_path(f, g);
	if (!n.reached)
		fprintf(f, "          never within 1 pp of it\n");
	else
		fprintf(f, "          within 1 pp after %s, %u evaluations; ",
			units_ns(a, (n.reached_us - g->point[0].at_us) * 1000),
			n.windows);
	if (n.reached && n.left_us)
		fprintf(f, "last outside at %s\n",
			units_ns(a, n.left_us * 1000));
	else if (n.reached)
		fprintf(f, "never outside since\n");
	if (n.nr)
		fprintf(f,
			"          then mean %.2f %%, offset %+.2f pp, stddev "
			"%.2f pp, overshoot %.2f pp\n",
			n.mean / 100, (n.mean - g->target) / 100,
			n.stddev / 100, n.overshoot / 100);
	if (n.has_drift)
		fprintf(f,
			"          drift %+.4f to %+.4f pp an hour (95 %%)\n",
			n.drift_per_hour[0] / 100, n.drift_per_hour[1] / 100);
}

static void put_schemes(FILE *f, const struct run *r)
{
	char a[UNITS_LEN], b[UNITS_LEN], c[UNITS_LEN];
	double s = run_us(r) / 1e6;
	u32 i;

	for (i = 0; i < r->ctx.nr_schemes; i++) {
		const struct scheme *sch = &r->ctx.schemes[i];
		u64 unit = r->ctx.addr_unit;

		fprintf(f, "scheme %-2u %s", i,
			scheme_action_name[sch->action]);
		if (sch->target_nid >= 0)
			fprintf(f, " to node %d", sch->target_nid);
		fprintf(f, ": tried %s, applied %s, %s/s\n",
			units_bytes(a, sch->stat.sz_tried * unit),
			units_bytes(b, sch->stat.sz_applied * unit),
			units_bytes(c, s > 0 ? sch->stat.sz_applied * unit / s :
					       0));
	}
}

static void put_sampling(FILE *f, const struct run *r)
{
	u64 nr = r->m.substrate.nr_samples, nmi_ps = 0;
	u64 throttled = r->m.substrate.nr_throttled;
	double s = run_us(r) / 1e6;
	char a[UNITS_LEN], b[UNITS_LEN];
	u32 i, j;

	for (i = 0; i < r->m.nr_cpus; i++) {
		const struct run_cpu *c = &r->m.cpu[i];

		nmi_ps += c->nmi_ps;
		for (j = 0; j < c->nr_samplers; j++) {
			nr += c->sampler[j]->nr_samples;
			throttled += c->sampler[j]->nr_throttled;
		}
	}
	fprintf(f,
		"sampling  %s samples, %s/s; interrupts take %.4f %% of all "
		"CPUs; throttled %llu times, limits lowered %llu times\n",
		units_count(a, nr), units_count(b, s > 0 ? nr / s : 0),
		r->m.now_ps ? 100.0 * nmi_ps / r->m.now_ps / r->m.nr_cpus : 0,
		throttled, r->m.limit.nr_lowered);
	if (r->m.substrate.nr_refused)
		fprintf(f, "          %llu events were refused\n",
			r->m.substrate.nr_refused);
	if (r->nr_blind)
		fprintf(f, "          BLIND: %u events do not count\n",
			r->nr_blind);
}

static void put_monitor(FILE *f, const struct run *r)
{
	char a[UNITS_LEN], b[UNITS_LEN], c[UNITS_LEN];

	if (r->start_err) {
		fprintf(f, "monitor   DID NOT START: the kernel says %s (%s)\n",
			strerrorname_np(-r->start_err),
			strerror(-r->start_err));
		return;
	}
	if (!r->started && !r->nr_ticks) {
		fprintf(f, "monitor   none\n");
		return;
	}
	fprintf(f,
		"monitor   %s ticks, %llu regions at the end; busy for %s, of "
		"that %s with memory%s\n",
		units_count(a, r->nr_ticks), context_nr_regions(&r->ctx),
		units_ns(b, r->kdamond_ps / 1000),
		units_ns(c, r->stalled_ps / 1000),
		r->started ? "" : "; switched off in the end");
}

static void put_truth(FILE *f, const struct run *r)
{
	char a[UNITS_LEN];
	struct truth_figures t;

	if (truth_figures(&r->truth, &t) || !t.nr_blocks)
		return;
	fprintf(f, "truth     %s blocks of 2 MiB, %u of them hot; found hot %u",
		units_count(a, t.nr_blocks), t.nr_hot, t.nr_found);
	if (t.has_precision && t.has_recall)
		fprintf(f, ": precision %.3f, recall %.3f", t.precision,
			t.recall);
	if (t.has_rank)
		fprintf(f, "; rank correlation %.3f", t.rank_correlation);
	fprintf(f, "\n");
}

static void put_faults(FILE *f, const struct run *r)
{
	u32 i;

	for (i = 0; i < r->faults.nr; i++) {
		const struct fault *fault = &r->faults.fault[i];

		fprintf(f, "%s %s%s%s: struck %llu times",
			i ? "         " : "fault    ",
			scenario_fault_name(fault->spec->kind),
			fault->spec->name ? ", " : "",
			fault->spec->name ? fault->spec->name : "", fault->nr);
		if (fault->result)
			fprintf(f, ", %s", strerrorname_np(-fault->result));
		fprintf(f, "\n");
	}
}

void run_text(FILE *f, const struct run *r, double wall_s)
{
	struct damon_balance b;
	u32 i;

	put_machine(f, r, wall_s);
	put_nodes(f, r);
	put_workloads(f, r);
	put_monitor(f, r);
	put_sampling(f, r);
	put_truth(f, r);
	put_schemes(f, r);
	put_faults(f, r);
	run_balance(r, &b);
	balance_text(f, &b);
	for (i = 0; i < r->measure.nr_goals; i++)
		put_goal(f, r, &r->measure.goal[i]);
}
