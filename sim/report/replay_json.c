// SPDX-License-Identifier: GPL-2.0
/*
 * A replay's result for programs, see replay_json.h.
 *
 * Addresses and counts are integers; where a consumer's numbers are floating,
 * addresses above 2^53 lose their low bits there, not here.
 */
#include <errno.h>
#include <stdlib.h>

#include "replay/replay.h"
#include "report/areas.h"
#include "report/balance.h"
#include "report/json_put.h"
#include "report/replay_json.h"
#include "report/schemes_report.h"

static struct json_object *capture(const struct replay *r)
{
	const struct trace_info *info = trace_info(r->src);
	const struct trace_counts *n = trace_counts(r->src);
	struct json_object *o = json_object_new_object();
	struct json_object *events = json_object_new_array();
	u32 i;

	put_str(o, "path", r->opt.path);
	put_str(o, "format", info->format);
	put_str(o, "cmdline", info->cmdline);
	put_str(o, "hostname", info->hostname);
	put_str(o, "os_release", info->os_release);
	put_str(o, "arch", info->arch);
	put_str(o, "cpu_desc", info->cpu_desc);
	for (i = 0; i < info->nr_events; i++) {
		struct json_object *e = json_object_new_object();

		put_str(e, "name", info->events[i].name);
		put_u64(e, "type", info->events[i].type);
		put_u64(e, "config", info->events[i].config);
		put_u64(e, info->events[i].freq ? "freq" : "period",
			info->events[i].period_or_freq);
		json_object_array_add(events, e);
	}
	json_object_object_add(o, "events", events);
	put_u64(o, "records", n->nr_records);
	put_u64(o, "samples", n->nr_samples);
	put_u64(o, "lost_records", n->nr_lost);
	put_u64(o, "lost_samples", n->nr_lost_samples);
	put_u64(o, "throttle", n->nr_throttle);
	put_u64(o, "unthrottle", n->nr_unthrottle);
	put_u64(o, "skipped_records", n->nr_skipped);
	put_u64(o, "late_records", n->nr_late);
	put_u64(o, "untimed_samples", r->nr_untimed);
	put_u64(o, "begin_ns", r->begin_ns);
	put_u64(o, "end_ns", r->end_ns);
	put_str(o, "damage", r->damage);
	return o;
}

static struct json_object *monitor(const struct replay *r)
{
	const struct attrs *a = &r->ctx.attrs;
	struct json_object *o = json_object_new_object();

	put_str(o, "config", r->opt.config_path ? r->opt.config_path : "");
	put_str(o, "ops", r->sampling.phys ? "paddr" : "vaddr");
	put_u64(o, "sample_us", a->sample_us);
	put_u64(o, "aggr_us", a->aggr_us);
	put_u64(o, "ops_update_us", a->ops_update_us);
	put_u64(o, "min_nr_regions", a->min_nr_regions);
	put_u64(o, "max_nr_regions", a->max_nr_regions);
	put_u64(o, "ring_capacity", r->cpus.capacity);
	put_u64(o, "ticks", r->nr_ticks);
	put_u64(o, "ticks_blind", r->nr_ticks_blind);
	put_u64(o, "windows", r->nr_windows);
	return o;
}

static struct json_object *rings(const struct replay *r)
{
	struct json_object *array = json_object_new_array();
	u32 i;

	for (i = 0; i < r->cpus.nr; i++) {
		const struct cpu *cpu = r->cpus.cpu[i];
		struct json_object *o;

		if (!cpu)
			continue;
		o = json_object_new_object();
		put_u64(o, "cpu", i);
		put_u64(o, "raised", local_read(&cpu->stats.raised));
		put_u64(o, "accepted", damon_ring_accepted(cpu->ring));
		put_u64(o, "drained", cpu->drained);
		put_u64(o, "fill_max", cpu->fill_max);
		put_double(o, "fill_mean",
			   cpu->nr_drains ?
				   (double)cpu->drained / cpu->nr_drains :
				   0);
		put_u64(o, "full",
			local_read(&cpu->stats.lost[DAMON_LOST_RING_FULL]));
		put_u64(o, "nested",
			local_read(&cpu->stats.lost[DAMON_LOST_RING_NESTED]));
		json_object_array_add(array, o);
	}
	return array;
}

static struct json_object *window(const struct replay *r,
				  const struct replay_window *w)
{
	struct json_object *o = json_object_new_object();
	struct json_object *array = json_object_new_array();
	u32 i;

	put_u64(o, "end_ns", w->end_ns);
	put_u64(o, "max_nr_accesses", attrs_nr_samples(&r->ctx.attrs));
	for (i = 0; i < w->nr; i++) {
		struct json_object *g = json_object_new_object();

		put_u64(g, "start", w->region[i].start);
		put_u64(g, "end", w->region[i].end);
		put_u64(g, "nr_accesses", w->region[i].nr_accesses);
		put_u64(g, "age", w->region[i].age);
		json_object_array_add(array, g);
	}
	json_object_object_add(o, "regions", array);
	return o;
}

static struct json_object *areas(const struct heat *h, int *err)
{
	struct json_object *array = json_object_new_array();
	struct area *area;
	u32 i, nr;

	*err = areas_find(h, &area, &nr);
	for (i = 0; i < nr; i++) {
		struct json_object *o = json_object_new_object();

		put_u64(o, "start", area[i].start);
		put_u64(o, "end", area[i].last + 1);
		put_double(o, "mean_bp", area[i].mean_bp);
		json_object_array_add(array, o);
	}
	free(area);
	return array;
}

static struct json_object *heat_matrix(const struct heat *h,
				       const struct heat_box *box, int *err)
{
	struct json_object *o = json_object_new_object();
	struct json_object *matrix = json_object_new_array(), *row;
	double *grid =
		calloc((size_t)box->nr_rows * box->nr_cols, sizeof(*grid));
	u32 i, j;

	put_u64(o, "from_ns", box->from_ns);
	put_u64(o, "to_ns", box->to_ns);
	put_u64(o, "start", box->start);
	put_u64(o, "end", box->last + 1);
	if (grid)
		heat_grid(h, box, grid);
	else
		*err = -ENOMEM;
	for (i = 0; grid && i < box->nr_rows; i++) {
		row = json_object_new_array();
		for (j = 0; j < box->nr_cols; j++)
			json_object_array_add(
				row, json_object_new_int(
					     grid[i * box->nr_cols + j] + 0.5));
		json_object_array_add(matrix, row);
	}
	json_object_object_add(o, "heat_bp", matrix);
	free(grid);
	return o;
}

static struct json_object *heat_maps(const struct replay *r,
				     const struct heat *h, u32 cols, u32 rows,
				     int *err)
{
	struct json_object *array = json_object_new_array();
	struct heat_piece piece[3];
	u32 nr = heat_pieces(h, piece, 3), i;

	for (i = 0; i < nr && !*err; i++) {
		struct heat_box box = {
			.from_ns = r->begin_ns,
			.to_ns = replay_seen_ns(r),
			.start = piece[i].start,
			.last = piece[i].last,
			.nr_rows = rows,
			.nr_cols = cols,
		};

		json_object_array_add(array, heat_matrix(h, &box, err));
	}
	return array;
}

static struct json_object *targets(const struct replay *r, u32 cols, u32 rows,
				   int *err)
{
	struct json_object *array = json_object_new_array();
	u32 i;

	for (i = 0; i < r->ctx.nr_targets && !*err; i++) {
		const struct replay_target *t = &r->target[i];
		struct json_object *o = json_object_new_object();

		if (!r->sampling.phys)
			put_u64(o, "pid", r->ctx.targets[i].tgid);
		json_object_object_add(o, "areas", areas(&t->heat, err));
		json_object_object_add(o, "window", window(r, &t->latest));
		if (cols && !*err)
			json_object_object_add(o, "heatmaps",
					       heat_maps(r, &t->heat, cols,
							 rows, err));
		json_object_array_add(array, o);
	}
	return array;
}

int replay_json(FILE *f, const struct replay *r, u32 cols, u32 rows)
{
	struct json_object *o = json_object_new_object();
	struct damon_balance b;
	int err = 0;

	put_u64(o, "seed", r->opt.seed);
	put_bool(o, "interrupted", r->interrupted);
	json_object_object_add(o, "capture", capture(r));
	json_object_object_add(o, "monitor", monitor(r));
	replay_balance(r, &b);
	json_object_object_add(o, "conservation", balance_json(&b));
	json_object_object_add(o, "rings", rings(r));
	json_object_object_add(o, "targets", targets(r, cols, rows, &err));
	schemes_json(o, r);
	if (!err)
		fprintf(f, "%s\n",
			json_object_to_json_string_ext(
				o, JSON_C_TO_STRING_PLAIN |
					   JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
	return err;
}
