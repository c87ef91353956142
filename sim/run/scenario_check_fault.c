// SPDX-License-Identifier: GPL-2.0
/*
 * What cannot go wrong on this machine, in this run.
 */
#include <stdlib.h>
#include <string.h>

#include "config/config_check.h"
#include "run/scenario_schema.h"

static const struct {
	const char *key;
	u32 bit;
} kind_keys[] = {
	{ "every", SCENARIO_HAS_EVERY },
	{ "for", SCENARIO_HAS_FOR },
	{ "cpu", SCENARIO_HAS_CPU },
	{ "probability", SCENARIO_HAS_PROBABILITY },
	{ "rate", SCENARIO_HAS_RATE },
	{ "value", SCENARIO_HAS_VALUE },
	{ "error", SCENARIO_HAS_ERROR },
	{ "set", SCENARIO_HAS_SET },
};

static int check_keys(const struct scenario_fault *f,
		      const struct config_node *node, struct config_error *err)
{
	const struct scenario_fault_rule *rule = &scenario_fault_rules[f->kind];
	const char *kind = scenario_fault_name(f->kind);
	const struct config_node *key;
	u32 i;

	for (i = 0; i < sizeof(kind_keys) / sizeof(kind_keys[0]); i++) {
		key = config_node_get(node, kind_keys[i].key);
		if (key && !(rule->has & kind_keys[i].bit))
			return config_fault(err, key->key,
					    "%s, which a fault %s does not "
					    "use; expected one without it",
					    kind_keys[i].key, kind);
		if (!key && rule->needs & kind_keys[i].bit)
			return config_fault(err, node,
					    "a fault %s has no key \"%s\"; "
					    "expected one",
					    kind, kind_keys[i].key);
	}
	return 0;
}

/* Off and on again, each for at least a microsecond. */
#define MAX_HOTPLUG_RATE 500000

static int check_times(const struct scenario_fault *f,
		       const struct config_node *node, struct config_error *err)
{
	if (f->until_us < f->at_us)
		return config_fault(err, place(node, "until"),
				    "until %llu us from %llu us on; expected "
				    "an end that is not before the beginning",
				    f->until_us, f->at_us);
	if (scenario_fault_rules[f->kind].needs & SCENARIO_HAS_FOR &&
	    !f->for_us)
		return config_fault(err, place(node, "for"),
				    "a fault that lasts for no time; expected "
				    "at least a microsecond");
	if (f->every_us && !f->for_us &&
	    scenario_fault_rules[f->kind].has & SCENARIO_HAS_FOR)
		return config_fault(err, place(node, "every"),
				    "every %llu us a fault %s that never ends; "
				    "expected the key for",
				    f->every_us, scenario_fault_name(f->kind));
	if (f->kind == SCENARIO_FAULT_HOTPLUG_STORM &&
	    f->rate > MAX_HOTPLUG_RATE)
		return config_fault(err, place(node, "rate"),
				    "%llu times a second off and on; expected "
				    "at most %u",
				    f->rate, MAX_HOTPLUG_RATE);
	if (f->kind == SCENARIO_FAULT_THROTTLE &&
	    f->value > SCENARIO_MAX_SAMPLE_RATE)
		return config_fault(err, place(node, "value"),
				    "a limit of %llu samples a second; "
				    "expected at most %u",
				    f->value, SCENARIO_MAX_SAMPLE_RATE);
	if (f->every_us && f->for_us > f->every_us)
		return config_fault(err, place(node, "for"),
				    "lasts for %llu us, every %llu us; "
				    "expected its end before it comes again",
				    f->for_us, f->every_us);
	return 0;
}

int scenario_check_fault(void *obj, const struct config_node *node,
			 struct config_error *err)
{
	struct scenario_fault *f = obj;
	int ret;
	u32 i;

	ret = check_keys(f, node, err);
	if (!ret)
		ret = check_times(f, node, err);
	if (!ret && scenario_fault_rules[f->kind].needs & SCENARIO_HAS_SET &&
	    !f->nr_set)
		ret = config_fault(err, place(node, "set"),
				   "a commit that changes nothing; expected "
				   "path=value");
	for (i = 0; i < f->nr_set && !ret; i++) {
		if (!f->set[i].text)
			ret = config_fault(err, place(node, "set"),
					   "null in set; expected path=value");
	}
	if (ret || f->name)
		return ret;
	f->name = strdup(scenario_fault_name(f->kind));
	return f->name ? 0 : config_nomem(err);
}

/* Without a word about its end, is it over after one time? */
static bool goes_on(const struct scenario_fault *f)
{
	return f->every_us || f->kind == SCENARIO_FAULT_HOTPLUG_STORM ||
	       scenario_fault_rules[f->kind].has & SCENARIO_HAS_PROBABILITY;
}

static int check_fault(const struct scenario *s, struct scenario_fault *f,
		       const struct config_node *node, struct config_error *err)
{
	const struct scenario_fault_rule *rule = &scenario_fault_rules[f->kind];

	if (f->at_us >= s->duration_us)
		return config_fault(err, place(node, "at"),
				    "at %llu us of %llu us; expected a time "
				    "before the end of the run",
				    f->at_us, s->duration_us);
	if (f->cpu != CONFIG_NO_ID && f->cpu >= s->machine.nr_cpus)
		return config_fault(err, place(node, "cpu"),
				    "CPU %d of %u; expected one that the "
				    "machine has",
				    f->cpu, s->machine.nr_cpus);
	if (rule->has & SCENARIO_HAS_CPU &&
	    f->kind != SCENARIO_FAULT_CPU_OFFLINE &&
	    f->kind != SCENARIO_FAULT_HOTPLUG_STORM &&
	    s->machine.pmu == SCENARIO_PMU_NONE)
		return config_fault(err, place(node, "fault"),
				    "a fault %s on a machine that does not "
				    "sample; expected a machine with a pmu",
				    scenario_fault_name(f->kind));
	if (f->until_us == CONFIG_NO_BOUND)
		f->until_us = goes_on(f) ? s->duration_us : f->at_us;
	return 0;
}

/* What a commit makes of @from can be had, and the machine takes it. */
static int check_commit(const struct scenario *s, const struct config *from,
			const struct scenario_fault *f, struct config *cfg,
			const struct config_node *node,
			struct config_error *err)
{
	struct config_error why;
	int ret = scenario_commit(s, from, f, cfg, &why);

	if (!ret)
		return 0;
	config_fault(err, place(node, "set"), "%s", why.text);
	err->weight = why.weight;
	err->error = why.error;
	return ret;
}

/* One after the other: each goes on from what the one before wrote. */
static int check_commits(const struct scenario *s,
			 const struct config_node *node,
			 struct config_error *err)
{
	const struct scenario_fault *f = NULL;
	struct config last = { 0 }, cfg;
	int ret = 0;

	/* It may come from elsewhere. */
	if (!s->config.nr_kdamonds)
		return 0;
	while (!ret && (f = scenario_next_commit(s, f))) {
		ret = check_commit(s, last.nr_kdamonds ? &last : &s->config, f,
				   &cfg, config_node_item(node, f - s->faults),
				   err);
		if (ret)
			break;
		config_fini(&last);
		last = cfg;
	}
	config_fini(&last);
	return ret;
}

int scenario_check_faults(struct scenario *s, const struct config_node *node,
			  struct config_error *err)
{
	const struct config_node *item = node ? node->first : NULL;
	int ret = 0;
	u32 i;

	for (i = 0; i < s->nr_faults && !ret; i++, item = item->next)
		ret = check_fault(s, &s->faults[i], item, err);
	return ret ? ret : check_commits(s, node, err);
}
