// SPDX-License-Identifier: GPL-2.0
/* Building the monitor that a replay feeds, see setup.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "damon/context_commit.h"
#include "damon/ops.h"
#include "machine/build_context.h"
#include "machine/filter.h"
#include "replay/replay.h"
#include "replay/setup.h"
#include "replay/targets.h"
#include "replay/watch.h"

/* First address that no process has, of the machine that was captured. */
static u64 addr_end(const struct trace_info *info)
{
	if (!strcmp(info->arch, "aarch64"))
		return 1ULL << 48;
	/* One page short of the canonical half, as x86-64's TASK_SIZE_MAX. */
	return (1ULL << 47) - 4096;
}

int setup_rules(struct replay *r)
{
	const struct trace_info *info = trace_info(r->src);
	struct captured_rules *grown;
	u32 i;

	if (info->nr_events <= r->nr_rules)
		return 0;
	grown = realloc(r->rules, info->nr_events * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	r->rules = grown;
	for (i = r->nr_rules; i < info->nr_events; i++)
		r->rules[i] = captured_rules_for(info, &info->events[i],
						 r->opt.driver_phys);
	r->nr_rules = info->nr_events;
	return 0;
}

static u32 replay_check(struct context *ctx, bool need_max)
{
	struct replay *r = ctx->ops_data;

	feed_tick(&r->feed, ctx);
	return need_max ? context_max_nr_accesses(ctx) : 0;
}

static const struct context_ops replay_ops_virt = {
	.check_accesses = replay_check,
	.update = targets_update,
	.apply_scheme = ops_vaddr_apply,
	.scheme_score = score_vaddr,
};

static const struct context_ops replay_ops_phys = {
	.check_accesses = replay_check,
	.prep_probes = probe_paddr_prep,
	.apply_probes = probe_paddr_apply,
	.update = targets_update,
	.apply_scheme = ops_paddr_apply,
	.scheme_score = score_paddr,
};

static int setup_config_targets(struct replay *r,
				const struct config_context *cfg)
{
	struct range *range;
	u32 i, j;
	int err = 0;

	/* Without a target there is nothing that could be credited. */
	if (!cfg->nr_targets && r->sampling.phys)
		return targets_add(r, 0, NULL, 0);
	for (i = 0; i < cfg->nr_targets && !err; i++) {
		const struct config_target *t = &cfg->targets[i];

		range = calloc(t->nr_regions + 1, sizeof(*range));
		if (!range)
			return -ENOMEM;
		for (j = 0; j < t->nr_regions; j++)
			range[j] = (struct range){ t->regions[j].start,
						   t->regions[j].end };
		err = targets_add(r, r->sampling.phys ? 0 : t->pid, range,
				  t->nr_regions);
		free(range);
	}
	return err;
}

/* The monitor as the configuration has it. */
static int setup_from_config(struct replay *r, char *why, size_t len)
{
	const struct config_context *cfg = r->config.kdamonds[0].contexts;
	struct attrs attrs = build_attrs(cfg);
	int err;

	if (r->config.nr_kdamonds > 1) {
		snprintf(why, len,
			 "%s: %u kdamonds; expected one: the rings have one "
			 "consumer (EBUSY)",
			 r->opt.config_path, r->config.nr_kdamonds);
		return -EBUSY;
	}
	r->ctx.profile = build_profile(r->config.profile);
	r->ctx.ops_id = build_ops_id(cfg->ops);
	r->sampling.phys = cfg->ops == CONFIG_OPS_PADDR;
	r->ctx.pause = cfg->pause;
	err = context_set_addr_unit(&r->ctx, cfg->addr_unit, r->sampling.phys);
	if (!err)
		err = context_set_attrs(&r->ctx, &attrs);
	if (!err)
		err = build_probes(&r->ctx, cfg);
	if (!err)
		err = setup_config_targets(r, cfg);
	if (!err)
		err = build_schemes(&r->ctx, cfg);
	if (!err)
		err = context_check(&r->ctx);
	if (err == -EINVAL)
		snprintf(why, len, "%s: refused, as the kernel would (EINVAL)",
			 r->opt.config_path);
	r->plan = (struct survey_plan){
		.phys = r->sampling.phys,
		.sample_us = attrs.sample_us,
		.aggr_us = attrs.aggr_us,
		.update_us = attrs.ops_update_us,
	};
	feed_init(&r->feed, &r->cpus, r->sampling.phys);
	if (cfg->sample_control.nr_filters) {
		r->feed.tick.filter = filter_wants;
		r->feed.tick.filter_arg = (void *)&cfg->sample_control;
	}
	return err;
}

/* How long the capture is, from how far its beginning has come. */
static u64 duration_ns(const struct replay *r)
{
	u64 span = r->survey.last_ns - r->survey.first_ns;
	u64 sz_read = trace_counts(r->src)->sz_read;
	double whole;
	struct stat st;

	if (!trace_can_reopen(r->src) || stat(r->opt.path, &st) || !sz_read ||
	    (u64)st.st_size < sz_read)
		return span;
	whole = span * ((double)st.st_size / sz_read);
	/* Clocks that leap span more than there is; nobody waits for that. */
	return whole < 1e18 ? whole : 1e18;
}

/* The monitor as the capture suggests. */
static int setup_from_survey(struct replay *r, char *why, size_t len)
{
	struct attrs attrs = attrs_default;
	int err;

	survey_choose(&r->survey, duration_ns(r), r->cpus.capacity, &r->plan);
	if (r->opt.has_pid) {
		r->plan.phys = false;
		r->plan.pid = r->opt.pid;
	} else if (r->opt.phys) {
		r->plan.phys = true;
	}
	if (r->plan.phys && !r->survey.nr_phys && r->survey.nr_samples) {
		snprintf(why, len,
			 "%s: no sample has a physical address; record with "
			 "--phys-data, or with IBS",
			 r->opt.path);
		return -EINVAL;
	}
	r->sampling.phys = r->plan.phys;
	attrs.sample_us = r->plan.sample_us;
	attrs.aggr_us = r->plan.aggr_us;
	attrs.ops_update_us = r->plan.update_us;
	err = context_set_attrs(&r->ctx, &attrs);
	if (!err)
		err = targets_add(r, r->plan.phys ? 0 : r->plan.pid, NULL, 0);
	feed_init(&r->feed, &r->cpus, r->sampling.phys);
	return err;
}

int setup_begin(struct replay *r, const struct trace_record *recs, size_t nr,
		char *why, size_t len)
{
	size_t i;
	int err;

	r->sampling.addr_end = addr_end(trace_info(r->src));
	err = setup_rules(r);
	if (!err)
		err = cpus_init(&r->cpus, r->opt.ring_capacity);
	if (!err)
		err = survey_take(&r->survey, recs, nr, r->rules,
				  r->sampling.addr_end);
	if (err)
		return err;
	r->begin_ns = r->survey.first_ns;
	r->now_ns = r->end_ns = r->window_ns = r->begin_ns;
	context_init(&r->ctx, &profile_n, &replay_ops_virt, &r->split,
		     r->opt.seed);
	r->ctx.ops_data = r;
	r->ctx.observer = &observers_all;
	r->ctx.observer_data = &r->observers;
	observers_add(&r->observers, &watch_observer, r);
	if (r->opt.config_path)
		err = setup_from_config(r, why, len);
	else
		err = setup_from_survey(r, why, len);
	if (r->sampling.phys) {
		r->ctx.ops = &replay_ops_phys;
		r->ctx.ops_id = OPS_PADDR;
	}
	if (!err)
		err = schemes_begin(r);
	for (i = 0; i < nr && !err; i++)
		err = targets_learn(r, &recs[i]);
	if (!err)
		err = targets_update(&r->ctx);
	if (!err && r->opt.on_begin)
		err = r->opt.on_begin(r->opt.on_arg, r);
	if (!err)
		err = kdamond_start(&r->kdamond, &r->ctx);
	if (err)
		return err;
	kdamond_prepare(&r->kdamond);
	r->next_tick_ns = r->begin_ns + r->kdamond.sleep_us * 1000;
	return 0;
}
