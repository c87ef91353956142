// SPDX-License-Identifier: GPL-2.0
/* Schemes made, changed, taken down; see scheme.h. */
#include <stdlib.h>

#include <linux/errno.h>

#include "scheme.h"

const char *const scheme_action_name[NR_SCHEME_ACTIONS] = {
	[SCHEME_WILLNEED] = "willneed",
	[SCHEME_COLD] = "cold",
	[SCHEME_PAGEOUT] = "pageout",
	[SCHEME_HUGEPAGE] = "hugepage",
	[SCHEME_NOHUGEPAGE] = "nohugepage",
	[SCHEME_COLLAPSE] = "collapse",
	[SCHEME_LRU_PRIO] = "lru_prio",
	[SCHEME_LRU_DEPRIO] = "lru_deprio",
	[SCHEME_MIGRATE_HOT] = "migrate_hot",
	[SCHEME_MIGRATE_COLD] = "migrate_cold",
	[SCHEME_STAT] = "stat",
};

const char *const goal_metric_name[NR_GOAL_METRICS] = {
	[GOAL_USER_INPUT] = "user_input",
	[GOAL_SOME_MEM_PSI_US] = "some_mem_psi_us",
	[GOAL_NODE_MEM_USED_BP] = "node_mem_used_bp",
	[GOAL_NODE_MEM_FREE_BP] = "node_mem_free_bp",
	[GOAL_NODE_MEMCG_USED_BP] = "node_memcg_used_bp",
	[GOAL_NODE_MEMCG_FREE_BP] = "node_memcg_free_bp",
	[GOAL_ACTIVE_MEM_BP] = "active_mem_bp",
	[GOAL_INACTIVE_MEM_BP] = "inactive_mem_bp",
	[GOAL_NODE_ELIGIBLE_MEM_BP] = "node_eligible_mem_bp",
	[GOAL_HUGEPAGE_MEM_BP] = "hugepage_mem_bp",
};

const char *const filter_type_name[NR_FILTER_TYPES] = {
	[FILTER_ANON] = "anon",
	[FILTER_ACTIVE] = "active",
	[FILTER_MEMCG] = "memcg",
	[FILTER_YOUNG] = "young",
	[FILTER_HUGEPAGE_SZ] = "hugepage_size",
	[FILTER_UNMAPPED] = "unmapped",
	[FILTER_ADDR] = "addr",
	[FILTER_TARGET] = "target",
	[FILTER_PROBE_HITS_WSUM] = "probe_hits_wsum",
};

void scheme_init(struct scheme *s, enum scheme_action action)
{
	*s = (struct scheme){
		.action = action,
		.target_nid = -1,
		.wmarks = { .activated = true },
	};
}

void scheme_fini(struct scheme *s)
{
	free(s->quota.goal);
	free(s->dest);
	free(s->core_filters.at);
	free(s->ops_filters.at);
}

/* Room for one more of @sz bytes behind @nr at *@at: the array is small. */
static void *append(void **at, u32 nr, size_t sz)
{
	void *grown = realloc(*at, (nr + 1) * sz);

	if (!grown)
		return NULL;
	*at = grown;
	return (char *)grown + nr * sz;
}

int scheme_add_goal(struct scheme *s, const struct goal *goal)
{
	struct goal *last;

	if (!goal->target_value)
		return -EINVAL;
	last = append((void **)&s->quota.goal, s->quota.nr_goals,
		      sizeof(*last));
	if (!last)
		return -ENOMEM;
	*last = *goal;
	last->last_psi_us = GOAL_PSI_UNKNOWN;
	s->quota.nr_goals++;
	return 0;
}

int scheme_add_filter(struct scheme *s, const struct filter *filter)
{
	struct filters *v = filter_is_core(filter->type) ? &s->core_filters :
							   &s->ops_filters;
	struct filter *last;

	if (filter->type == FILTER_ADDR && filter->addr.max < filter->addr.min)
		return -EINVAL;
	if (filter->type == FILTER_HUGEPAGE_SZ &&
	    filter->hugepage_sz.max < filter->hugepage_sz.min)
		return -EINVAL;
	if (filter->type == FILTER_PROBE_HITS_WSUM &&
	    filter->wsum.max < filter->wsum.min)
		return -EINVAL;
	last = append((void **)&v->at, v->nr, sizeof(*last));
	if (!last)
		return -ENOMEM;
	*last = *filter;
	v->nr++;
	return 0;
}

int scheme_add_dest(struct scheme *s, u32 nid, u32 weight)
{
	struct scheme_dest *last;

	last = append((void **)&s->dest, s->nr_dests, sizeof(*last));
	if (!last)
		return -ENOMEM;
	*last = (struct scheme_dest){ .nid = nid, .weight = weight };
	s->nr_dests++;
	return 0;
}

static bool ends_with_allow(const struct filters *v)
{
	return v->nr && v->at[v->nr - 1].allow;
}

void scheme_set_default_reject(struct scheme *s)
{
	/* The operations' filters are still to come: they decide. */
	s->core_filters.default_reject =
		!s->ops_filters.nr && ends_with_allow(&s->core_filters);
	s->ops_filters.default_reject = ends_with_allow(&s->ops_filters);
}

static void commit_goal(struct goal *dst, const struct goal *src, bool keep_psi)
{
	u64 current_value = dst->current_value;
	u64 last_psi_us = dst->last_psi_us;

	*dst = *src;
	if (src->metric != GOAL_USER_INPUT)
		dst->current_value = current_value;
	if (keep_psi)
		dst->last_psi_us = last_psi_us;
	else if (src->metric == GOAL_SOME_MEM_PSI_US)
		dst->last_psi_us = GOAL_PSI_UNKNOWN;
}

int scheme_commit_goals(struct scheme *dst, const struct scheme *src,
			bool keep_psi)
{
	struct quota *q = &dst->quota;
	u32 i;
	int err = 0;

	if (q->nr_goals > src->quota.nr_goals)
		q->nr_goals = src->quota.nr_goals;
	for (i = 0; i < src->quota.nr_goals && !err; i++) {
		const struct goal *goal = &src->quota.goal[i];

		if (i == q->nr_goals)
			err = scheme_add_goal(dst, goal);
		else if (!goal->target_value)
			err = -EINVAL;
		else
			commit_goal(&q->goal[i], goal, keep_psi);
	}
	return err;
}

static int commit_filters(struct scheme *dst, const struct filters *v)
{
	u32 i;
	int err = 0;

	for (i = 0; i < v->nr && !err; i++)
		err = scheme_add_filter(dst, &v->at[i]);
	return err;
}

int scheme_commit(struct scheme *dst, const struct scheme *src, bool keep_psi)
{
	u32 i;
	int err;

	dst->pattern = src->pattern;
	dst->action = src->action;
	dst->apply_interval_us = src->apply_interval_us;
	dst->quota.limits = src->quota.limits;
	err = scheme_commit_goals(dst, src, keep_psi);
	if (err)
		return err;
	dst->wmarks = src->wmarks;
	dst->target_nid = src->target_nid;
	dst->nr_dests = 0;
	for (i = 0; i < src->nr_dests && !err; i++)
		err = scheme_add_dest(dst, src->dest[i].nid,
				      src->dest[i].weight);
	dst->core_filters.nr = 0;
	dst->ops_filters.nr = 0;
	if (!err)
		err = commit_filters(dst, &src->core_filters);
	if (!err)
		err = commit_filters(dst, &src->ops_filters);
	scheme_set_default_reject(dst);
	dst->max_nr_snapshots = src->max_nr_snapshots;
	return err;
}
