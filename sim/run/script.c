// SPDX-License-Identifier: GPL-2.0
/* A script drives a run, see script.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "run/loop.h"
#include "run/script.h"

/* How long a script's machine runs on behind its end. */
#define REST_US 60000000ULL

/* There are no other threads of the kernel; traces have it as well. */
#define KDAMOND_PID 1

/* What a script may look up to name the event. */
static const char *outside(void *arg, const char *path)
{
	(void)arg;
	if (!strcmp(path, "/sys/bus/event_source/devices/ibs_op/type"))
		return "11\n";
	if (!strcmp(path, "/sys/bus/event_source/devices/cpu/type"))
		return "4\n";
	return NULL;
}

/* A configuration that lives as long as the run: written, and read again. */
static int keep(struct script *s, const struct config *cfg,
		const struct config_context **out)
{
	struct config_error err = { 0 };
	struct config *grown;
	char *text = NULL;
	size_t sz = 0;
	FILE *f = open_memstream(&text, &sz);
	int ret;

	if (!f)
		return -ENOMEM;
	ret = config_print(f, cfg);
	if (fclose(f))
		ret = -ENOMEM;
	/* Pointers into it are kept: it must not move. */
	grown = ret ? NULL : calloc(1, sizeof(*grown));
	if (!ret && !grown)
		ret = -ENOMEM;
	if (!ret)
		ret = config_parse(grown, text, sz, "sysfs", &err);
	free(text);
	if (ret) {
		free(grown);
		return ret;
	}
	ret = run_keep(s->run, grown);
	if (ret) {
		config_fini(grown);
		free(grown);
		return ret;
	}
	s->run->files = grown;
	s->run->faults.wrote = NULL;
	*out = &grown->kdamonds[0].contexts[0];
	return 0;
}

static int switch_on(struct script *s, const struct sysfs_action *a)
{
	const struct config_context *cfg;
	int err;

	if (s->on)
		return -EBUSY;
	if (!a->cfg->kdamonds[0].nr_contexts)
		return -EINVAL;
	err = keep(s, a->cfg, &cfg);
	if (!err)
		err = run_on(s->run, cfg);
	s->on = !err;
	if (s->on)
		a->cfg->kdamonds[0].pid = KDAMOND_PID;
	return err;
}

static int commit(struct script *s, const struct sysfs_action *a)
{
	const struct config_context *cfg;
	int err;

	if (!s->on)
		return -EINVAL;
	err = keep(s, a->cfg, &cfg);
	if (err)
		return err;
	return a->verb == SYSFS_COMMIT ? run_commit(s->run, cfg) :
					 run_commit_goals(s->run, cfg);
}

/* What the schemes have done, back into the files. */
static int update(struct script *s, const struct sysfs_action *a)
{
	struct config_context *cfg = &a->cfg->kdamonds[0].contexts[0];
	const struct context *ctx = &s->run->ctx;
	u32 i;

	if (!s->on)
		return -EINVAL;
	for (i = 0; i < cfg->nr_schemes && i < ctx->nr_schemes; i++) {
		const struct scheme *from = &ctx->schemes[i];

		cfg->schemes[i].stats.nr_tried = from->stat.nr_tried;
		cfg->schemes[i].stats.sz_tried = from->stat.sz_tried;
		cfg->schemes[i].stats.nr_applied = from->stat.nr_applied;
		cfg->schemes[i].stats.sz_applied = from->stat.sz_applied;
		cfg->schemes[i].stats.sz_ops_filter_passed =
			from->stat.sz_ops_filter_passed;
		cfg->schemes[i].stats.qt_exceeds = from->stat.qt_exceeds;
		cfg->schemes[i].stats.nr_snapshots = from->stat.nr_snapshots;
		cfg->schemes[i].quotas.effective_sz_bytes =
			from->quota.state.esz;
	}
	cfg->intervals.sample_us = ctx->attrs.sample_us;
	cfg->intervals.aggr_us = ctx->attrs.aggr_us;
	return 0;
}

/* Time passes up to the action, and it is done. */
static int act(void *arg, const struct sysfs_action *a)
{
	struct script *s = arg;
	int err;

	if (a->kdamond)
		return -EOPNOTSUPP;
	err = loop_until(s->run, a->at_us);
	if (err) {
		s->stopped = err == RUN_STOPPED;
		return err < 0 ? err : -EINTR;
	}
	switch (a->verb) {
	case SYSFS_ON:
		return switch_on(s, a);
	case SYSFS_OFF:
		if (!s->on)
			return -EINVAL;
		s->on = false;
		run_off(s->run);
		return 0;
	case SYSFS_COMMIT:
	case SYSFS_COMMIT_GOALS:
		return commit(s, a);
	default:
		return update(s, a);
	}
}

int script_go(struct script *s, const char *path, FILE *out,
	      struct sysfs_log *log, struct config_error *err)
{
	struct sysfs_host host = {
		.profile = s->run->s->config.profile,
		.act = act,
		.file = outside,
		.arg = s,
		.out = out,
	};
	int ret = run_begin(s->run);

	if (!ret)
		ret = sysfs_run(path, &host, log, err);
	if (s->stopped)
		return RUN_STOPPED;
	return ret ? ret : loop_run(s->run);
}

/* The first set-up that a script switches on. */
struct first {
	bool seen;
	bool phys;
	s32 pid;
};

static int look(void *arg, const struct sysfs_action *a)
{
	struct first *first = arg;
	const struct config_context *cfg;

	if (first->seen || a->verb != SYSFS_ON ||
	    !a->cfg->kdamonds[0].nr_contexts)
		return 0;
	cfg = &a->cfg->kdamonds[0].contexts[0];
	first->seen = true;
	first->phys = cfg->ops == CONFIG_OPS_PADDR;
	if (cfg->nr_targets)
		first->pid = cfg->targets[0].pid;
	return 0;
}

int script_default(const char *path, char *text, size_t sz,
		   struct config_error *err)
{
	struct first first = { .pid = 1000 };
	struct sysfs_host host = { .act = look,
				   .file = outside,
				   .arg = &first };
	struct sysfs_log log = { 0 };
	int ret = sysfs_run(path, &host, &log, err);

	snprintf(text, sz,
		 "about: set up by a script\n"
		 "duration: %llu us\n"
		 "machine: {preset: %s}\n"
		 "workloads:\n"
		 "- {pattern: memcpy, pid: %d, threads: 32, size: 4 GiB,\n"
		 "   guest: %s, huge: %s, scattered: %s,\n"
		 "   place: [{node: 0}, {node: 1}]}\n",
		 log.end_us + REST_US, first.phys ? "turin" : "granite_rapids",
		 first.pid > 0 ? first.pid : 1000, first.phys ? "on" : "off",
		 first.phys ? "on" : "off", first.phys ? "on" : "off");
	sysfs_log_fini(&log);
	return ret;
}
