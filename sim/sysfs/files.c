// SPDX-License-Identifier: GPL-2.0
/*
 * Paths of a script: DAMON's tree, a few files that are everywhere, and for
 * reading what the caller has besides.
 *
 * A file that is not there is -ENOENT.  (A shell that would create it is told
 * -EACCES by sysfs: the open says more here.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/shell.h"

/* Absolute, without . and .. and empty names. */
int shell_resolve(struct shell *sh, const char *path, char full[SHELL_MAX_PATH])
{
	size_t sz = 0, sz_name;

	if (*path != '/') {
		strcpy(full, sh->cwd);
		sz = strlen(full);
	}
	if (sz == 1)
		sz = 0;
	for (; *path; path += sz_name) {
		path += strspn(path, "/");
		sz_name = strcspn(path, "/");
		if (!sz_name || (sz_name == 1 && path[0] == '.'))
			continue;
		if (sz_name == 2 && path[0] == '.' && path[1] == '.') {
			while (sz && full[--sz] != '/')
				;
			continue;
		}
		if (sz + 1 + sz_name >= SHELL_MAX_PATH)
			return shell_refuse(sh, "a path of more than %d bytes",
					    SHELL_MAX_PATH - 1);
		full[sz++] = '/';
		memcpy(full + sz, path, sz_name);
		sz += sz_name;
	}
	if (!sz)
		full[sz++] = '/';
	full[sz] = '\0';
	return 0;
}

/* What of a path is below the root; NULL: nothing. */
static const char *below_root(const char *full)
{
	size_t sz = strlen(SYSFS_ROOT);

	if (strncmp(full, SYSFS_ROOT, sz) || (full[sz] && full[sz] != '/'))
		return NULL;
	return full + sz;
}

int shell_cat(struct shell *sh, const char *path, FILE *out)
{
	char full[SHELL_MAX_PATH];
	const char *below, *text;
	struct sysfs_at at;
	int err = shell_resolve(sh, path, full);

	if (err)
		return err;
	below = below_root(full);
	if (below) {
		err = sysfs_find(&sh->tree, below, &at);
		if (!err)
			err = sysfs_show(&sh->tree, &at, out);
		return err ? shell_fail(sh, "cat", full, err) : 0;
	}
	text = sh->host->file ? sh->host->file(sh->host->arg, full) : NULL;
	if (!text)
		return shell_refuse(sh,
				    "cannot read %.150s, expected a file "
				    "below " SYSFS_ROOT,
				    full);
	fputs(text, out);
	return 0;
}

static bool is_special(const char *full)
{
	return !strcmp(full, "/dev/null") || !strcmp(full, "/dev/stdout") ||
	       !strcmp(full, "/dev/stderr");
}

static int find(struct shell *sh, const char *who, const char *path,
		char full[SHELL_MAX_PATH], struct sysfs_at *at)
{
	const char *below;
	int err = shell_resolve(sh, path, full);

	*at = (struct sysfs_at){ 0 };
	if (err || is_special(full))
		return err;
	below = below_root(full);
	if (!below)
		return shell_refuse(sh,
				    "cannot write to %.150s, expected a "
				    "file below " SYSFS_ROOT,
				    full);
	err = sysfs_find(&sh->tree, below, at);
	if (!err && !at->file && !at->list)
		err = -EISDIR;
	if (!err && at->file && (at->file->flags & SYSFS_READ_ONLY))
		err = -EACCES;
	return err ? shell_fail(sh, who, full, err) : 0;
}

int shell_open(struct shell *sh, const char *who, const char *path)
{
	char full[SHELL_MAX_PATH];
	struct sysfs_at at;

	return find(sh, who, path, full, &at);
}

int shell_write(struct shell *sh, const char *who, const char *path,
		const char *text, size_t sz, FILE *out)
{
	char full[SHELL_MAX_PATH];
	struct sysfs_at at;
	int err = find(sh, who, path, full, &at);

	if (err || !sz)
		return err;
	if (!at.node) {
		if (strcmp(full, "/dev/null"))
			fputs(text, out);
		return 0;
	}
	sh->tree.at_us = sh->at_us;
	sh->tree.line = sh->line;
	err = sysfs_store(&sh->tree, &at, text);
	return err ? shell_fail(sh, who, full, err) : 0;
}

int shell_chdir(struct shell *sh, const char *path)
{
	char full[SHELL_MAX_PATH];
	const char *below;
	struct sysfs_at at;
	size_t sz;
	int err = shell_resolve(sh, path, full);

	if (err)
		return err;
	below = below_root(full);
	sz = strlen(full);
	if (below) {
		err = sysfs_find(&sh->tree, below, &at);
		if (!err && (at.file || at.list))
			err = -ENOTDIR;
		if (err)
			return shell_fail(sh, "cd", full, err);
	} else if (sz > 1 &&
		   (strncmp(SYSFS_ROOT, full, sz) || SYSFS_ROOT[sz] != '/')) {
		return shell_refuse(sh,
				    "cannot go to %.150s, expected a "
				    "directory on the way to " SYSFS_ROOT,
				    full);
	}
	strcpy(sh->cwd, full);
	return 0;
}
