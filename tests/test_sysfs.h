/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of sysfs share: a script, run, and what came of it. */
#ifndef TEST_SYSFS_H
#define TEST_SYSFS_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support_check.h"
#include "sysfs/sysfs.h"

#define D SYSFS_ROOT "/kdamonds/"
#define C D "0/contexts/0/"
#define ONE "echo 1 > " D "nr_kdamonds\necho 1 > " D "0/contexts/nr_contexts\n"

struct ran {
	struct sysfs_host host;
	struct sysfs_log log;
	struct config_error err;
	int ret;
	char *out;
	size_t sz_out;
	/* What act() was asked, and what it answers */
	struct sysfs_action actions[16];
	u32 nr_actions;
	int answer;
	void (*look)(struct ran *r, const struct sysfs_action *action);
	void *arg;
};

static inline int ran_act(void *arg, const struct sysfs_action *action)
{
	struct ran *r = arg;

	ck_assert(!action->cfg == (action->verb == SYSFS_OFF));
	ck_assert(!action->cfg || action->cfg->nr_kdamonds == 1);
	if (r->nr_actions < 16)
		r->actions[r->nr_actions++] = *action;
	if (r->look)
		r->look(r, action);
	return r->answer;
}

static inline void run(struct ran *r, const char *text)
{
	r->host.act = ran_act;
	r->host.arg = r;
	r->nr_actions = 0;
	r->host.out = open_memstream(&r->out, &r->sz_out);
	ck_assert(r->host.out);
	r->ret = sysfs_run_text(text, strlen(text), "s.sh", &r->host, &r->log,
				&r->err);
	fclose(r->host.out);
}

static inline void ran_fini(struct ran *r)
{
	free(r->out);
	sysfs_log_fini(&r->log);
}

/* Understood, and nothing failed: "" is what it says. */
static inline void says(const char *text, const char *out)
{
	struct ran r = { 0 };

	run(&r, text);
	ck_assert_msg(!r.ret, "%s\n%u: %s", text, r.err.line, r.err.text);
	ck_assert_msg(!r.log.nr, "%s\n%s", text,
		      r.log.nr ? r.log.at[0].text : "");
	ck_assert_msg(!strcmp(r.out, out), "%s\nsaid %s", text, r.out);
	ran_fini(&r);
}

#endif
