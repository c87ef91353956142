// SPDX-License-Identifier: GPL-2.0
/*
 * Commits as faults: somebody writes to DAMON's files, and has them taken.
 *
 * As in sysfs, what is written stays written, whether the kernel takes it or
 * not, and a later commit writes to what is there then.
 */
#include <errno.h>
#include <stdlib.h>

#include "run/fault_kinds.h"
#include "run/run.h"

/* The files with what the fault writes to them; the run keeps that. */
static int write_files(struct fault *f, struct run *r)
{
	struct config *cfg = calloc(1, sizeof(*cfg));
	struct config_error err;
	int ret;

	if (!cfg)
		return -ENOMEM;
	ret = scenario_commit(r->s, r->files, f->spec, cfg, &err);
	if (!ret)
		ret = run_keep(r, cfg);
	if (ret) {
		config_fini(cfg);
		free(cfg);
		return ret;
	}
	r->files = cfg;
	r->faults.wrote = f;
	return 0;
}

int fault_commit(struct fault *f, struct run *r)
{
	/* To write the same again changes nothing. */
	int err = r->files && r->faults.wrote != f ? write_files(f, r) : 0;

	if (err == -ENOMEM)
		return err;
	if (err || !r->files)
		f->result = -EINVAL;
	else if (f->spec->kind == SCENARIO_FAULT_COMMIT)
		f->result = run_commit(r, &r->files->kdamonds[0].contexts[0]);
	else
		f->result =
			run_commit_goals(r, &r->files->kdamonds[0].contexts[0]);
	return 0;
}
