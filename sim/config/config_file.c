// SPDX-License-Identifier: GPL-2.0
/*
 * A configuration from a file: all of it in memory before any is understood.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_schema.h"

/* One byte more than is allowed, so that config_parse() sees the excess. */
static int slurp(FILE *file, char **text, size_t *sz)
{
	const size_t sz_max = CONFIG_MAX_SZ + 1;
	size_t room = 4096;
	char *buf = NULL;
	char *more;

	*sz = 0;
	do {
		more = realloc(buf, room);
		if (!more) {
			free(buf);
			return -ENOMEM;
		}
		buf = more;
		*sz += fread(buf + *sz, 1, room - *sz, file);
		if (ferror(file)) {
			free(buf);
			return -EIO;
		}
		if (*sz < room)
			break;
		room = room * 2 > sz_max ? sz_max : room * 2;
	} while (*sz < sz_max);
	*text = buf;
	return 0;
}

int config_read_file(const char *path, char **text, size_t *sz,
		     struct config_error *err)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *file = is_stdin ? stdin : fopen(path, "re");
	int ret;

	config_error_init(err, is_stdin ? "<stdin>" : path, err->all);
	if (!file) {
		ret = -errno;
		config_fault(err, NULL, "cannot be opened: %s", strerror(-ret));
		return ret;
	}
	errno = 0;
	ret = slurp(file, text, sz);
	if (ret == -EIO && errno)
		ret = -errno;
	if (!is_stdin)
		fclose(file);
	if (ret)
		config_fault(err, NULL, "cannot be read: %s", strerror(-ret));
	return ret;
}

int config_load_all(struct config *cfg, const char *path,
		    struct config_error *err, struct config_faults *all)
{
	char name[sizeof(err->file)];
	char *text;
	size_t sz;
	int ret;

	config_error_init(err, path, all);
	ret = config_read_file(path, &text, &sz, err);
	if (ret)
		return ret;
	memcpy(name, err->file, sizeof(name));
	ret = config_parse_all(cfg, text, sz, name, err, all);
	free(text);
	return ret;
}

int config_load(struct config *cfg, const char *path, struct config_error *err)
{
	return config_load_all(cfg, path, err, NULL);
}
