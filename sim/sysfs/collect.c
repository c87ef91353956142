// SPDX-License-Identifier: GPL-2.0
/* From files to configuration, and results back; see tree.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/tree.h"

static void set(void *obj, const struct sysfs_file *file, u64 number)
{
	char *at = (char *)obj + file->offset;
	u32 word = number;
	bool flag = number;

	if (file->width == sizeof(u64))
		memcpy(at, &number, sizeof(number));
	else if (file->width == sizeof(u32))
		memcpy(at, &word, sizeof(word));
	else
		memcpy(at, &flag, sizeof(flag));
}

u64 sysfs_get(const void *obj, const struct sysfs_file *file)
{
	const char *at = (const char *)obj + file->offset;
	u64 number;
	u32 word;
	bool flag;

	if (file->width == sizeof(u64)) {
		memcpy(&number, at, sizeof(number));
		return number;
	}
	if (file->width == sizeof(u32)) {
		memcpy(&word, at, sizeof(word));
		return file->kind == SYSFS_INT ? (u64)(s32)word : word;
	}
	memcpy(&flag, at, sizeof(flag));
	return flag;
}

static int collect_file(const struct sysfs_file *file,
			const struct sysfs_value *value, void *obj)
{
	char *copy;

	if (file->kind == SYSFS_TEXT) {
		copy = value->text ? strdup(value->text) : NULL;
		if (value->text && !copy)
			return -ENOMEM;
		memcpy((char *)obj + file->offset, &copy, sizeof(copy));
		return 0;
	}
	set(obj, file,
	    file->flags & SYSFS_TO_32_BITS ? (u32)value->number :
					     value->number);
	return 0;
}

/* Entries go behind those that are there: three lists of filters are one. */
static int collect_list(const struct sysfs_tree *tree,
			const struct sysfs_node *node, void *obj)
{
	const struct sysfs_list *list = node->dir->list;
	char *at = (char *)obj + list->offset;
	char *nr_at = (char *)obj + list->offset_nr;
	char *entries, *entry;
	u32 nr, i;
	int err = 0;

	if (!node->nr)
		return 0;
	if (!list->sz)
		return -EOPNOTSUPP;
	memcpy(&entries, at, sizeof(entries));
	memcpy(&nr, nr_at, sizeof(nr));
	entries = realloc(entries, (nr + node->nr) * list->sz);
	if (!entries)
		return -ENOMEM;
	memcpy(at, &entries, sizeof(entries));
	for (i = 0; i < node->nr && !err; i++) {
		entry = entries + nr * list->sz;
		memset(entry, 0, list->sz);
		nr++;
		memcpy(nr_at, &nr, sizeof(nr));
		err = sysfs_collect(tree, &node->entries[i], entry);
		if (!err && list->collected)
			err = list->collected(entry);
	}
	return err;
}

int sysfs_collect(const struct sysfs_tree *tree, const struct sysfs_node *node,
		  void *obj)
{
	const struct sysfs_dir *dir = node->dir;
	u32 i;
	int err = 0;

	for (i = 0; dir->files && dir->files[i].name && !err; i++)
		if (!(dir->files[i].flags & SYSFS_NOWHERE))
			err = collect_file(&dir->files[i], &node->values[i],
					   obj);
	for (i = 0; dir->subs && dir->subs[i].name && !err; i++)
		err = sysfs_collect(tree, &node->subs[i], obj);
	if (!err && dir->list)
		err = collect_list(tree, node, obj);
	return err;
}

void sysfs_put_back(struct sysfs_node *node, const void *obj, u32 flags)
{
	const struct sysfs_dir *dir = node->dir;
	const struct sysfs_list *list = dir->list;
	const char *entries;
	u32 i, nr;

	for (i = 0; dir->files && dir->files[i].name; i++)
		if (dir->files[i].flags & flags)
			node->values[i].number = sysfs_get(obj, &dir->files[i]);
	for (i = 0; dir->subs && dir->subs[i].name; i++)
		sysfs_put_back(&node->subs[i], obj, flags);
	if (!list || !list->sz || list->is_alias)
		return;
	memcpy(&entries, (const char *)obj + list->offset, sizeof(entries));
	memcpy(&nr, (const char *)obj + list->offset_nr, sizeof(nr));
	for (i = 0; i < node->nr && i < nr; i++)
		sysfs_put_back(&node->entries[i], entries + i * list->sz,
			       flags);
}
