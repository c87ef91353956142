// SPDX-License-Identifier: GPL-2.0
/*
 * A scenario from its file: text, tree, overrides, preset, structs.
 *
 * The tree is thrown away then.  A commit fault needs one of the kdamonds: part
 * again and makes it of what config_print() writes, which is exact.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/scenario_schema.h"

/* A name that lives as long as the tree. */
static int name_set(struct config_tree *tree, u32 nr, const char **out,
		    struct config_error *err)
{
	char *name = config_tree_alloc(tree, 24);

	if (!name)
		return config_nomem(err);
	snprintf(name, 24, "--set %u", nr);
	*out = name;
	return 0;
}

static bool is_preset(const char *set)
{
	return !strncmp(set, "machine.preset=", 15);
}

/* Which preset it is comes first, so that others can change what it says. */
static int apply_sets(struct config_tree *tree, const char *const *set,
		      u32 nr_set, bool preset, struct config_error *err)
{
	struct config_node where = { 0 };
	int ret = 0;
	u32 i;

	for (i = 0; i < nr_set && !ret; i++) {
		if (is_preset(set[i]) != preset)
			continue;
		ret = name_set(tree, i + 1, &where.file, err);
		if (!ret)
			ret = scenario_apply_set(tree, &scenario_root_map,
						 set[i], &where, err);
	}
	return ret;
}

int scenario_parse(struct scenario *s, const char *text, size_t sz,
		   const char *name, const char *const *set, u32 nr_set,
		   struct config_error *err)
{
	struct scenario out = { 0 };
	struct config_tree tree;
	int ret;

	config_error_init(err, name, NULL);
	ret = config_tree_init(&tree, text, sz, err);
	if (ret)
		return ret;
	if (tree.root->kind != CONFIG_NODE_MAP)
		ret = config_fault(err, tree.root,
				   "the scenario is %s; expected a mapping "
				   "with the keys duration and machine",
				   config_node_noun(tree.root));
	if (!ret)
		ret = apply_sets(&tree, set, nr_set, true, err);
	if (!ret)
		ret = scenario_apply_preset(&tree, err);
	if (!ret)
		ret = apply_sets(&tree, set, nr_set, false, err);
	if (!ret)
		ret = config_read_map(&scenario_root_map, &out, tree.root, err);
	config_tree_fini(&tree);
	if (ret)
		scenario_fini(&out);
	else
		*s = out;
	return ret;
}

int scenario_load(struct scenario *s, const char *path, const char *const *set,
		  u32 nr_set, struct config_error *err)
{
	char name[sizeof(err->file)];
	char *text;
	size_t sz;
	int ret;

	config_error_init(err, path, NULL);
	ret = config_read_file(path, &text, &sz, err);
	if (ret)
		return ret;
	memcpy(name, err->file, sizeof(name));
	ret = scenario_parse(s, text, sz, name, set, nr_set, err);
	free(text);
	return ret;
}

void scenario_fini(struct scenario *s)
{
	config_free_map(&scenario_root_map, s);
	*s = (struct scenario){ 0 };
}

/* The kdamonds: part as a text again. */
static int print_config(const struct config *cfg, char **text, size_t *sz)
{
	FILE *file;
	int ret;

	*text = NULL;
	file = open_memstream(text, sz);
	if (!file)
		return -ENOMEM;
	ret = config_print(file, cfg);
	/* Growing is all that can fail; the last time without a word. */
	if (fclose(file) || ret || !*text) {
		free(*text);
		return -ENOMEM;
	}
	return 0;
}

const struct scenario_fault *
scenario_next_commit(const struct scenario *s,
		     const struct scenario_fault *prev)
{
	const struct scenario_fault *f, *next = NULL;
	u32 i;

	for (i = 0; i < s->nr_faults; i++) {
		f = &s->faults[i];
		/* At the same time, in the order of the file. */
		if (!scenario_is_commit(f) ||
		    (prev && (f->at_us < prev->at_us ||
			      (f->at_us == prev->at_us && f <= prev))))
			continue;
		if (!next || f->at_us < next->at_us)
			next = f;
	}
	return next;
}

int scenario_commit(const struct scenario *s, const struct config *from,
		    const struct scenario_fault *fault, struct config *cfg,
		    struct config_error *err)
{
	struct config_node where = { .file = fault->name };
	struct config out = { 0 };
	struct config_tree tree = { 0 };
	char *text;
	size_t sz;
	int ret;
	u32 i;

	config_error_init(err, fault->name, NULL);
	if (print_config(from, &text, &sz))
		return config_nomem(err);
	/* Lines of that text are nobody's. */
	ret = config_tree_graft(&tree, text, sz, &where, &tree.root, err);
	free(text);
	for (i = 0; i < fault->nr_set && !ret; i++)
		ret = scenario_apply_set(&tree, &config_root_map,
					 fault->set[i].text, &where, err);
	if (!ret)
		ret = config_read_map(&config_root_map, &out, tree.root, err);
	if (!ret)
		ret = scenario_check_config(s, &out, tree.root, err);
	config_tree_fini(&tree);
	if (ret)
		config_fini(&out);
	else
		*cfg = out;
	return ret;
}
