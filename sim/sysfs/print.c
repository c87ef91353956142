// SPDX-License-Identifier: GPL-2.0
/* A configuration as the script that sets it up, see sysfs.h. */
#include <errno.h>
#include <string.h>

#include "sysfs/tree.h"

#define MAX_PATH 256

struct print {
	FILE *file;
	struct sysfs_tree tree; /* of nothing but the profile */
	const struct config_context *ctx;
};

static int print_dir(struct print *p, const struct sysfs_dir *dir,
		     const void *obj, const char *path, u32 flags);

/* In single quotes; one of those ends them, is written, and begins them. */
static void put_text(FILE *file, const char *text)
{
	fputs("printf '%s\\n' '", file);
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", file);
		else
			fputc(*text, file);
	}
	fputc('\'', file);
}

/* Newer values than the files are known to take are refused. */
static bool has_word(const struct print *p, const struct sysfs_file *file,
		     u64 number)
{
	u64 nr = 0;

	while (file->words[nr])
		nr++;
	return number < nr && (p->tree.host->profile != CONFIG_PROFILE_D ||
			       !(file->refused_d >> number & 1));
}

static int print_file(struct print *p, const struct sysfs_file *file,
		      const void *obj, const char *path, u32 flags)
{
	const char *text = NULL;
	u64 number = 0;

	if (file->flags & (SYSFS_READ_ONLY | SYSFS_NOWHERE))
		return 0;
	if (file->kind == SYSFS_TEXT) {
		memcpy(&text, (const char *)obj + file->offset, sizeof(text));
		if (!text || !*text)
			return 0;
	} else {
		number = sysfs_get(obj, file);
		if (number == file->def)
			return 0;
	}
	if (!sysfs_has(&p->tree, flags | file->flags))
		return -EOPNOTSUPP;
	if (file->kind == SYSFS_WORD && !has_word(p, file, number))
		return -EOPNOTSUPP;
	if (file->kind == SYSFS_TEXT)
		put_text(p->file, text);
	else if (file->kind == SYSFS_WORD)
		fprintf(p->file, "echo %s", file->words[number]);
	else if (file->kind == SYSFS_INT)
		fprintf(p->file, "echo %d", (int)number);
	else
		fprintf(p->file,
			file->flags & SYSFS_HEX ? "echo 0x%llx" : "echo %llu",
			(unsigned long long)number);
	fprintf(p->file, " > $D%s/%s\n", path, file->name);
	return 0;
}

static int print_list(struct print *p, const struct sysfs_list *list,
		      const void *obj, const char *path, u32 flags)
{
	union {
		struct config_kdamond kdamond;
		struct config_context context;
		struct config_scheme scheme;
		struct config_target target;
		struct config_filter filter;
	} copy;
	const char *entries, *entry;
	char below[MAX_PATH];
	u32 i, nr;
	int err = 0;

	if (!list->sz || list->is_alias)
		return 0;
	memcpy(&entries, (const char *)obj + list->offset, sizeof(entries));
	memcpy(&nr, (const char *)obj + list->offset_nr, sizeof(nr));
	if (!nr)
		return 0;
	if (!sysfs_has(&p->tree, flags))
		return -EOPNOTSUPP;
	fprintf(p->file, "echo %u > $D%s/%s\n", nr, path, list->nr_name);
	for (i = 0; i < nr && !err; i++) {
		entry = entries + i * list->sz;
		if (list->print) {
			memcpy(&copy, entry, list->sz);
			list->print(&copy, p->ctx);
			entry = (const char *)&copy;
		}
		snprintf(below, sizeof(below), "%s/%u", path, i);
		err = print_dir(p, list->dir, entry, below, 0);
	}
	return err;
}

static int print_dir(struct print *p, const struct sysfs_dir *dir,
		     const void *obj, const char *path, u32 flags)
{
	char below[MAX_PATH];
	u32 i;
	int err = 0;

	for (i = 0; dir->files && dir->files[i].name && !err; i++)
		err = print_file(p, &dir->files[i], obj, path, flags);
	for (i = 0; dir->subs && dir->subs[i].name && !err; i++) {
		snprintf(below, sizeof(below), "%s/%s", path,
			 dir->subs[i].name);
		err = print_dir(p, dir->subs[i].dir, obj, below,
				flags | dir->subs[i].flags);
	}
	if (!err && dir->list)
		err = print_list(p, dir->list, obj, path, flags);
	return err;
}

/* Preparations, and sampling that is set up elsewhere, have no files here. */
static bool has_files(const struct config_context *ctx)
{
	const struct config_sample_control *control = &ctx->sample_control;
	u32 i;

	for (i = 0; i < ctx->nr_probes; i++)
		if (ctx->probes[i].nr_preps)
			return false;
	return control->primitives.page_table &&
	       !control->primitives.page_fault && !control->nr_filters;
}

int sysfs_print(FILE *file, const struct config *cfg)
{
	const struct sysfs_host host = { .profile = cfg->profile };
	const struct sysfs_dir *dir = sysfs_admin_dir.subs[0].dir;
	struct print p = { .file = file, .tree.host = &host };
	char path[MAX_PATH];
	u32 i;
	int err = 0;

	fprintf(file, "#!/bin/sh\n# SPDX-License-Identifier: GPL-2.0\n"
		      "D=" SYSFS_ROOT "/kdamonds\n");
	fprintf(file, "echo %u > $D/%s\n", cfg->nr_kdamonds,
		dir->list->nr_name);
	for (i = 0; i < cfg->nr_kdamonds && !err; i++) {
		if (cfg->kdamonds[i].nr_contexts != 1)
			return -EINVAL;
		p.ctx = cfg->kdamonds[i].contexts;
		if (!has_files(p.ctx))
			return -EOPNOTSUPP;
		snprintf(path, sizeof(path), "/%u", i);
		err = print_dir(&p, dir->list->dir, &cfg->kdamonds[i], path, 0);
		if (!err && cfg->kdamonds[i].on)
			fprintf(file, "echo on > $D/%u/state\n", i);
	}
	if (err)
		return err;
	return fflush(file) || ferror(file) ? -EIO : 0;
}
