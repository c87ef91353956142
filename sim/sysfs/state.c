// SPDX-License-Identifier: GPL-2.0
/*
 * The words that a state file takes, and what each needs.
 *
 * Regions that a scheme tried are not recorded here, so that asking for them is
 * refused with -EOPNOTSUPP, which no kernel answers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/tree.h"

static const struct word {
	const char *word;
	enum sysfs_verb verb;
	u32 results;
	u32 flags;
	bool is_missing;
} words[] = {
	{ "on", .verb = SYSFS_ON, .results = SYSFS_OF_ON },
	{ "commit", .verb = SYSFS_COMMIT },
	{ "commit_schemes_quota_goals", .verb = SYSFS_COMMIT_GOALS },
	{ "update_schemes_stats", .verb = SYSFS_UPDATE_STATS,
	  .results = SYSFS_OF_STATS },
	{ "update_schemes_effective_quotas", .verb = SYSFS_UPDATE_QUOTAS,
	  .results = SYSFS_OF_QUOTAS },
	{ "update_tuned_intervals", .verb = SYSFS_UPDATE_INTERVALS,
	  .results = SYSFS_OF_INTERVALS, .flags = SYSFS_NOT_D },
	{ "update_schemes_tried_bytes", .is_missing = true },
	{ "update_schemes_tried_regions", .is_missing = true },
	{ "clear_schemes_tried_regions", .is_missing = true },
};

static int act(struct sysfs_tree *tree, u32 kdamond, enum sysfs_verb verb,
	       struct config *cfg)
{
	const struct sysfs_action action = {
		.at_us = tree->at_us,
		.line = tree->line,
		.kdamond = kdamond,
		.verb = verb,
		.cfg = cfg,
	};

	return tree->host->act ? tree->host->act(tree->host->arg, &action) : 0;
}

static int switch_off(struct sysfs_tree *tree, struct sysfs_node *node,
		      u32 kdamond)
{
	u64 *state = sysfs_state(node);
	struct config_kdamond off = { .pid = CONFIG_NO_ID };
	int err;

	if (*state == SYSFS_NEVER)
		return -EINVAL;
	if (*state == SYSFS_STOPPED)
		return tree->host->profile == CONFIG_PROFILE_N ? 0 : -EPERM;
	err = act(tree, kdamond, SYSFS_OFF, NULL);
	if (err)
		return err;
	*state = SYSFS_STOPPED;
	if (tree->perf_owner == kdamond)
		tree->perf_owner = SYSFS_NO_OWNER;
	sysfs_put_back(node, &off, SYSFS_OF_ON);
	return 0;
}

/* What a word needs of the state that the kdamond is in. */
static int check_state(const struct sysfs_tree *tree, u64 state,
		       enum sysfs_verb verb)
{
	if (verb == SYSFS_ON)
		return state == SYSFS_RUNNING ? -EBUSY : 0;
	if (state == SYSFS_RUNNING)
		return 0;
	if (state == SYSFS_NEVER || tree->host->profile == CONFIG_PROFILE_D)
		return -EINVAL;
	return -ECANCELED;
}

static int collect_and_act(struct sysfs_tree *tree, struct sysfs_node *node,
			   u32 kdamond, const struct word *word)
{
	struct config cfg = { .profile = tree->host->profile };
	bool has_events;
	int err;

	cfg.kdamonds = calloc(1, sizeof(*cfg.kdamonds));
	if (!cfg.kdamonds)
		return -ENOMEM;
	cfg.nr_kdamonds = 1;
	err = sysfs_collect(tree, node, cfg.kdamonds);
	if (err)
		goto out;
	cfg.kdamonds->on = true;
	has_events = cfg.kdamonds->contexts->sample_control.nr_events;
	/* The owner is looked for at the start, and not at a commit. */
	if (word->verb == SYSFS_ON && has_events &&
	    tree->perf_owner != SYSFS_NO_OWNER) {
		err = -EBUSY;
		goto out;
	}
	err = act(tree, kdamond, word->verb, &cfg);
	if (err)
		goto out;
	if (word->verb == SYSFS_ON) {
		*sysfs_state(node) = SYSFS_RUNNING;
		if (has_events)
			tree->perf_owner = kdamond;
	}
	sysfs_put_back(node, cfg.kdamonds, word->results);
out:
	config_fini(&cfg);
	return err;
}

int sysfs_store_state(struct sysfs_tree *tree, struct sysfs_node *node,
		      const char *text)
{
	const struct sysfs_node *kdamonds = &tree->admin.subs[0];
	u32 kdamond = node - kdamonds->entries;
	const struct word *word = NULL;
	u32 i;
	int err;

	if (!strcmp(text, "off"))
		return switch_off(tree, node, kdamond);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(text, words[i].word))
			word = &words[i];
	if (!word || !sysfs_has(tree, word->flags))
		return -EINVAL;
	/* Its contexts are in its only directory. */
	if (node->subs[0].nr != 1)
		return -EINVAL;
	if (word->is_missing)
		return -EOPNOTSUPP;
	err = check_state(tree, *sysfs_state(node), word->verb);
	return err ? err : collect_and_act(tree, node, kdamond, word);
}
