// SPDX-License-Identifier: GPL-2.0
/* A replay's result for people, see replay_text.h. */
#include <errno.h>
#include <stdlib.h>

#include "replay/replay.h"
#include "report/areas.h"
#include "report/balance.h"
#include "report/heatmap.h"
#include "report/replay_text.h"
#include "report/schemes_report.h"
#include "report/units.h"

/* CPUs listed; of more, those that had the most trouble. */
#define CPUS_LISTED 8

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

static void put_capture(FILE *f, const struct replay *r)
{
	const struct trace_info *info = trace_info(r->src);
	const struct trace_counts *n = trace_counts(r->src);
	char a[UNITS_LEN], b[UNITS_LEN], c[UNITS_LEN];
	u32 i;

	fprintf(f, "capture   %s: %s%s%s, %s, %s samples in %s\n", r->opt.path,
		info->format, info->compressed ? ", compressed" : "",
		info->byte_swapped ? ", other byte order" : "",
		units_bytes(a, n->sz_read), units_count(b, n->nr_samples),
		units_ns(c, r->end_ns - r->begin_ns));
	if (*info->cmdline)
		fprintf(f, "          %s\n", info->cmdline);
	if (*info->hostname || *info->cpu_desc)
		fprintf(f, "          on %s: %s, %u CPUs, Linux %s\n",
			info->hostname, info->cpu_desc, info->nr_cpus_online,
			info->os_release);
	for (i = 0; i < info->nr_events; i++)
		fprintf(f, "          event %s, %s %s\n",
			*info->events[i].name ? info->events[i].name : "?",
			info->events[i].freq ? "frequency" : "period",
			units_count(a, info->events[i].period_or_freq));
	if (n->nr_lost || n->nr_lost_samples)
		fprintf(f,
			"          perf lost %s records and %s samples before "
			"they came here\n",
			units_count(a, n->nr_lost),
			units_count(b, n->nr_lost_samples));
	if (n->nr_throttle || n->nr_unthrottle)
		fprintf(f, "          throttled %s times, let go %s times\n",
			units_count(a, n->nr_throttle),
			units_count(b, n->nr_unthrottle));
	if (n->nr_late)
		fprintf(f, "          %s records came too late to be sorted\n",
			units_count(a, n->nr_late));
	if (r->nr_untimed)
		fprintf(f,
			"          %s samples have no time and were spaced "
			"evenly; record with -T\n",
			units_count(a, r->nr_untimed));
	if (*r->damage)
		fprintf(f, "          DAMAGED: %s; this is what came before\n",
			r->damage);
	if (r->interrupted)
		fprintf(f, "          INTERRUPTED: this is what came before\n");
}

static void put_monitor(FILE *f, const struct replay *r)
{
	const struct attrs *a = &r->ctx.attrs;
	char s[UNITS_LEN], t[UNITS_LEN], u[UNITS_LEN];

	fprintf(f, "\nmonitor   ");
	if (r->opt.config_path)
		fprintf(f, "as %s says", r->opt.config_path);
	else if (r->opt.phys || r->opt.has_pid)
		fprintf(f, "as asked");
	else
		fprintf(f, "chosen from the capture");
	if (r->sampling.phys)
		fprintf(f, ": physical memory");
	else if (r->ctx.nr_targets == 1)
		fprintf(f, ": process %u", r->ctx.targets[0].tgid);
	else
		fprintf(f, ": %u processes", r->ctx.nr_targets);
	if (!r->opt.config_path && !r->sampling.phys && r->survey.nr_samples)
		fprintf(f, ", %.1f %% of the first %s samples",
			percent(r->survey.nr_of_pid, r->survey.nr_samples),
			units_count(s, r->survey.nr_samples));
	fprintf(f,
		"\n          a tick %s, a window %s, looked up again every "
		"%s\n",
		units_ns(s, a->sample_us * 1000),
		units_ns(t, a->aggr_us * 1000),
		units_ns(u, a->ops_update_us * 1000));
	fprintf(f,
		"          %llu to %llu regions, %u slots a ring, seed %llu\n",
		a->min_nr_regions, a->max_nr_regions, r->cpus.capacity,
		r->opt.seed);
	fprintf(f, "          %s ticks, %s windows",
		units_count(s, r->nr_ticks), units_count(t, r->nr_windows));
	if (r->nr_ticks_blind)
		fprintf(f,
			"; in %s ticks the capture itself had lost something",
			units_count(u, r->nr_ticks_blind));
	fprintf(f, "\n");
}

static unsigned long ring_drops(const struct cpu *cpu)
{
	return local_read(&cpu->stats.lost[DAMON_LOST_RING_FULL]) +
	       local_read(&cpu->stats.lost[DAMON_LOST_RING_NESTED]);
}

/* More drops first, then fuller rings. */
static bool worse(const struct cpu *a, const struct cpu *b)
{
	if (ring_drops(a) != ring_drops(b))
		return ring_drops(a) > ring_drops(b);
	return a->fill_max > b->fill_max;
}

static void put_ring(FILE *f, u32 nr, const struct cpu *cpu, u32 capacity)
{
	char a[UNITS_LEN], b[UNITS_LEN];

	fprintf(f,
		"  CPU %-5u %15s accepted %12s dropped   fill %5.1f mean %6u "
		"max of %u\n",
		nr, units_count(a, damon_ring_accepted(cpu->ring)),
		units_count(b, ring_drops(cpu)),
		cpu->nr_drains ? (double)cpu->drained / cpu->nr_drains : 0,
		cpu->fill_max, capacity);
}

static void put_rings(FILE *f, const struct replay *r)
{
	u32 listed[CPUS_LISTED], nr = 0, known = 0, i, j;

	for (i = 0; i < r->cpus.nr; i++) {
		const struct cpu *cpu = r->cpus.cpu[i];

		if (!cpu)
			continue;
		known++;
		for (j = nr < CPUS_LISTED ? nr++ : CPUS_LISTED; j; j--) {
			if (!worse(cpu, r->cpus.cpu[listed[j - 1]]))
				break;
			if (j < CPUS_LISTED)
				listed[j] = listed[j - 1];
		}
		if (j < CPUS_LISTED)
			listed[j] = i;
	}
	fprintf(f, "\nrings     of %u CPUs%s\n", known,
		known > nr ? ", those under most pressure:" : "");
	for (i = 0; i < nr; i++)
		put_ring(f, listed[i], r->cpus.cpu[listed[i]],
			 r->cpus.capacity);
}

/* Below this share of all heat an area is the edge of a bin of the canvas. */
#define AREA_SHARE_MIN 0.1

static void put_area(FILE *f, const struct area *a, double share)
{
	char s[UNITS_LEN];

	fprintf(f,
		"  %#16llx-%#-16llx %12s  in %5.1f %% of the ticks, %4.1f %% "
		"of the heat\n",
		a->start, a->last + 1, units_bytes(s, a->last - a->start + 1),
		a->mean_bp / 100, share);
}

static int put_areas(FILE *f, const struct heat *h, u32 most)
{
	struct area *area;
	double all = 0, share;
	u32 i, nr, found = 0;
	int err = areas_find(h, &area, &nr);

	if (err)
		return err;
	for (i = 0; i < nr; i++)
		all += area_heat(&area[i]);
	if (!nr)
		fprintf(f, "          no access was credited\n");
	else
		fprintf(f, "          hottest areas, mean of the whole "
			   "capture:\n");
	for (i = 0; i < nr; i++) {
		share = percent(area_heat(&area[i]), all);
		if (share >= AREA_SHARE_MIN && found++ < most)
			put_area(f, &area[i], share);
	}
	if (found > most)
		fprintf(f, "          and %u more\n", found - most);
	free(area);
	return 0;
}

static void put_window(FILE *f, const struct replay *r,
		       const struct replay_window *w, u32 most, bool all)
{
	u32 nr_samples = attrs_nr_samples(&r->ctx.attrs), i, hot = 0, put = 0;
	char a[UNITS_LEN], b[UNITS_LEN];

	for (i = 0; i < w->nr; i++)
		hot += w->region[i].nr_accesses != 0;
	fprintf(f,
		"          the window that ended at %s: %u regions, %u "
		"accessed\n",
		units_ns(a, w->end_ns - r->begin_ns), w->nr, hot);
	for (i = 0; i < w->nr && (all || put < most); i++) {
		const struct replay_region *g = &w->region[i];

		if (!all && !g->nr_accesses)
			continue;
		put++;
		fprintf(f,
			"  %#16llx-%#-16llx %12s  accesses %5.1f %%  age %s\n",
			g->start, g->end,
			units_bytes(a, (g->end - g->start) * r->ctx.addr_unit),
			percent(g->nr_accesses, nr_samples),
			units_ns(b, g->age * r->ctx.attrs.aggr_us * 1000));
	}
	if (!all && hot > put)
		fprintf(f, "          and %u more; --regions lists them all\n",
			hot - put);
}

/*
 * Draw the pieces of memory that lie apart, the ones with heat in them: as many
 * as DAMON itself has for a process.
 */
static int put_heatmaps(FILE *f, const struct replay *r,
			const struct replay_target *t,
			const struct replay_text *how)
{
	struct heat_box box = {
		.from_ns = r->begin_ns,
		.to_ns = replay_seen_ns(r),
		.nr_rows = how->rows,
		.nr_cols = how->cols,
	};
	struct heat_piece piece[3];
	u32 nr = heat_pieces(&t->heat, piece, 3), i;
	int err = 0;

	for (i = 0; i < nr && !err; i++) {
		if (piece[i].share < 0.01)
			continue;
		box.start = piece[i].start;
		box.last = piece[i].last;
		fprintf(f, "\n");
		err = heatmap_draw(f, &t->heat, &box, how->color);
	}
	return err;
}

static int put_target(FILE *f, const struct replay *r, u32 i,
		      const struct replay_text *how)
{
	const struct replay_target *t = &r->target[i];
	int err;

	if (r->sampling.phys)
		fprintf(f, "\ntarget    physical memory\n");
	else
		fprintf(f, "\ntarget    process %u\n", r->ctx.targets[i].tgid);
	err = put_areas(f, &t->heat, how->nr_areas);
	if (!err && t->latest.nr)
		put_window(f, r, &t->latest, how->nr_areas, how->all_regions);
	if (!err && how->cols)
		err = put_heatmaps(f, r, t, how);
	return err;
}

int replay_text(FILE *f, const struct replay *r, const struct replay_text *how)
{
	struct damon_balance b;
	u32 i;
	int err = 0;

	replay_balance(r, &b);
	put_capture(f, r);
	put_monitor(f, r);
	balance_text(f, &b);
	put_rings(f, r);
	schemes_text(f, r);
	for (i = 0; i < r->ctx.nr_targets && !err; i++)
		err = put_target(f, r, i, how);
	return err;
}
