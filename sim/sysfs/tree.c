// SPDX-License-Identifier: GPL-2.0
/* Directories as they are made, found and removed, see tree.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/tree.h"

/* So that a script cannot eat the memory of the machine it runs on. */
#define MAX_NODES (1u << 17)

bool sysfs_has(const struct sysfs_tree *tree, u32 flags)
{
	return !(flags & SYSFS_NOT_D) ||
	       tree->host->profile != CONFIG_PROFILE_D;
}

static void node_fini(struct sysfs_tree *tree, struct sysfs_node *node)
{
	const struct sysfs_dir *dir = node->dir;
	u32 i;

	for (i = 0; node->values && dir->files[i].name; i++)
		free(node->values[i].text);
	for (i = 0; node->subs && dir->subs[i].name; i++)
		node_fini(tree, &node->subs[i]);
	for (i = 0; i < node->nr; i++)
		node_fini(tree, &node->entries[i]);
	free(node->values);
	free(node->subs);
	free(node->entries);
	if (dir)
		tree->nr_nodes--;
	*node = (struct sysfs_node){ 0 };
}

/* What was made before a failure is for node_fini(). */
static int node_init(struct sysfs_tree *tree, struct sysfs_node *node,
		     const struct sysfs_dir *dir)
{
	u32 i, nr = 0;
	int err = 0;

	if (tree->nr_nodes >= MAX_NODES)
		return -ENOMEM;
	tree->nr_nodes++;
	node->dir = dir;
	while (dir->files && dir->files[nr].name)
		nr++;
	if (nr) {
		node->values = calloc(nr, sizeof(*node->values));
		if (!node->values)
			return -ENOMEM;
	}
	for (i = 0; i < nr; i++)
		node->values[i].number = dir->files[i].def;
	for (nr = 0; dir->subs && dir->subs[nr].name;)
		nr++;
	if (nr) {
		node->subs = calloc(nr, sizeof(*node->subs));
		if (!node->subs)
			return -ENOMEM;
	}
	for (i = 0; i < nr && !err; i++)
		err = node_init(tree, &node->subs[i], dir->subs[i].dir);
	return err;
}

int sysfs_set_nr(struct sysfs_tree *tree, struct sysfs_node *node, u64 nr)
{
	const struct sysfs_dir *dir = node->dir->list->dir;
	u32 i;
	int err = 0;

	for (i = 0; i < node->nr; i++)
		node_fini(tree, &node->entries[i]);
	free(node->entries);
	node->entries = NULL;
	node->nr = 0;
	if (!nr)
		return 0;
	if (nr > MAX_NODES)
		return -ENOMEM;
	node->entries = calloc(nr, sizeof(*node->entries));
	if (!node->entries)
		return -ENOMEM;
	for (i = 0; i < nr && !err; i++) {
		node->nr = i + 1;
		err = node_init(tree, &node->entries[i], dir);
	}
	if (err)
		sysfs_set_nr(tree, node, 0);
	return err;
}

int sysfs_tree_init(struct sysfs_tree *tree, const struct sysfs_host *host)
{
	int err;

	*tree = (struct sysfs_tree){ .host = host,
				     .perf_owner = SYSFS_NO_OWNER };
	err = node_init(tree, &tree->admin, &sysfs_admin_dir);
	if (err)
		sysfs_tree_fini(tree);
	return err;
}

void sysfs_tree_fini(struct sysfs_tree *tree)
{
	node_fini(tree, &tree->admin);
}

/* The directory of this number, as the kernel writes it; or NULL. */
static struct sysfs_node *find_entry(struct sysfs_node *node, const char *name,
				     size_t sz)
{
	u32 nr = 0;
	size_t i;

	if (sz > 6 || (sz > 1 && name[0] == '0'))
		return NULL;
	for (i = 0; i < sz; i++) {
		if (name[i] < '0' || name[i] > '9')
			return NULL;
		nr = nr * 10 + name[i] - '0';
	}
	return nr < node->nr ? &node->entries[nr] : NULL;
}

static bool is_named(const char *known, const char *name, size_t sz)
{
	return strlen(known) == sz && !memcmp(known, name, sz);
}

static int find_name(struct sysfs_tree *tree, struct sysfs_at *at,
		     const char *name, size_t sz)
{
	struct sysfs_node *node = at->node, *entry;
	const struct sysfs_dir *dir = node->dir;
	u32 i;

	if (at->file || at->list)
		return -ENOTDIR;
	for (i = 0; dir->files && dir->files[i].name; i++) {
		if (!is_named(dir->files[i].name, name, sz))
			continue;
		at->file = &dir->files[i];
		return sysfs_has(tree, at->file->flags) ? 0 : -ENOENT;
	}
	for (i = 0; dir->subs && dir->subs[i].name; i++) {
		if (!is_named(dir->subs[i].name, name, sz))
			continue;
		at->node = &node->subs[i];
		return sysfs_has(tree, dir->subs[i].flags) ? 0 : -ENOENT;
	}
	if (dir->list && is_named(dir->list->nr_name, name, sz)) {
		at->list = dir->list;
		return 0;
	}
	entry = dir->list ? find_entry(node, name, sz) : NULL;
	if (!entry)
		return -ENOENT;
	at->node = entry;
	return 0;
}

int sysfs_find(struct sysfs_tree *tree, const char *path, struct sysfs_at *at)
{
	size_t sz;
	int err = 0;

	*at = (struct sysfs_at){ .node = &tree->admin };
	while (*path && !err) {
		if (*path == '/') {
			path++;
			continue;
		}
		sz = strcspn(path, "/");
		err = find_name(tree, at, path, sz);
		path += sz;
	}
	return err;
}
