// SPDX-License-Identifier: GPL-2.0
/* Probes of a configuration into a context, see build_context.h. */
#include "damon/context.h"
#include "machine/build_context.h"

static struct probe_filter build_filter(const struct config_probe_filter *cfg)
{
	struct probe_filter f = {
		.matching = cfg->matching,
		.allow = cfg->allow,
	};

	switch (cfg->type) {
	case CONFIG_PROBE_ANON:
		f.type = PROBE_FILTER_ANON;
		break;
	case CONFIG_PROBE_MEMCG:
		f.type = PROBE_FILTER_MEMCG;
		f.memcg = build_memcg(cfg->memcg_path);
		break;
	case CONFIG_PROBE_HUGEPAGE_SIZE:
		f.type = PROBE_FILTER_HUGEPAGE_SZ;
		f.hugepage_sz = (struct filter_bounds){ cfg->hugepage_sz.min,
							cfg->hugepage_sz.max };
		break;
	case CONFIG_PROBE_PGIDLE_UNSET:
		f.type = PROBE_FILTER_PGIDLE_UNSET;
		break;
	}
	return f;
}

static int build_probe(struct probe *p, const struct config_probe *cfg)
{
	struct probe_filter f;
	u32 i;
	int err = 0;

	/* There is one kind of preparation. */
	for (i = 0; i < cfg->nr_preps && !err; i++)
		err = probe_add_prep(p, PROBE_PREP_SET_PGIDLE);
	for (i = 0; i < cfg->nr_filters && !err; i++) {
		f = build_filter(&cfg->filters[i]);
		err = probe_add_filter(p, &f);
	}
	return err;
}

int build_probes(struct context *ctx, const struct config_context *cfg)
{
	u32 i;
	int err = 0;

	if (!ctx->profile->has_probes)
		return 0;
	for (i = 0; i < cfg->nr_probes && !err; i++) {
		err = probes_add(&ctx->probes, cfg->probes[i].weight);
		if (!err)
			err = build_probe(&ctx->probes.at[i], &cfg->probes[i]);
	}
	return err;
}
