// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a script: no crash, no leak, an end.  The first byte says which
 * profile.  What reaches a kdamond is printed as a script that gives it again.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sysfs/sysfs.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

static char *print_whole(const struct config *cfg)
{
	char *text = NULL;
	size_t sz;
	FILE *file = open_memstream(&text, &sz);

	assert(file);
	assert(!config_print(file, cfg));
	fclose(file);
	return text;
}

static int compare(void *arg, const struct sysfs_action *action)
{
	char *text = print_whole(action->cfg);

	assert(action->verb == SYSFS_ON);
	assert(!strcmp(text, arg));
	free(text);
	return 0;
}

static int again(void *arg, const struct sysfs_action *action)
{
	struct sysfs_host host = { .act = compare };
	struct config_error err;
	struct sysfs_log log;
	char *text = NULL;
	size_t sz;
	FILE *file;

	if (!action->cfg)
		return 0;
	host.profile = action->cfg->profile;
	host.arg = print_whole(action->cfg);
	file = open_memstream(&text, &sz);
	assert(file);
	assert(!sysfs_print(file, action->cfg));
	fclose(file);
	/* More of it than a script may have, at most. */
	if (!sysfs_run_text(text, sz, "print", &host, &log, &err))
		assert(!log.nr);
	else
		assert(strstr(err.text, "more than"));
	sysfs_log_fini(&log);
	free(text);
	free(host.arg);
	return 0;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	struct sysfs_host host = { .act = again };
	struct config_error err;
	struct sysfs_log log;
	int ret;

	if (!sz)
		return 0;
	host.profile = data[0] % (CONFIG_PROFILE_D + 1);
	ret = sysfs_run_text((const char *)data + 1, sz - 1, "fuzz", &host,
			     &log, &err);
	assert(!ret || ret == -22 || ret == -12);
	assert(!ret || err.text[0]);
	sysfs_log_fini(&log);
	return 0;
}
