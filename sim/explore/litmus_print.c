// SPDX-License-Identifier: GPL-2.0
/*
 * A litmus test from a file, and its result for people, in herd7's words, so
 * that what reads herd7's output reads this.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explore/litmus.h"

static int read_all(FILE *f, char *text, size_t *sz)
{
	*sz = fread(text, 1, LITMUS_SZ_MAX + 1, f);
	return ferror(f) ? -EIO : 0;
}

int litmus_run(const char *path, enum memory_model model,
	       struct litmus_result *out)
{
	bool standard = !strcmp(path, "-");
	struct litmus_test *t = NULL;
	char *text;
	size_t sz;
	FILE *f;
	int err;

	memset(out, 0, sizeof(*out));
	f = standard ? stdin : fopen(path, "r");
	if (!f) {
		err = -errno;
		goto out;
	}
	text = malloc(LITMUS_SZ_MAX + 1);
	err = text ? read_all(f, text, &sz) : -ENOMEM;
	if (!err)
		err = litmus_parse(&t, text, sz, path, out->error);
	free(text);
	if (!standard)
		fclose(f);
	if (!err)
		err = litmus_enumerate(t, model, 0, out);
	litmus_free(t);
out:
	if (err && !out->error[0])
		snprintf(out->error, sizeof(out->error), "%.120s: %s", path,
			 strerror(-err));
	return err;
}

void litmus_result_fini(struct litmus_result *r)
{
	u32 i;

	for (i = 0; i < r->nr_states; i++)
		free(r->state[i].text);
	free(r->state);
	free(r->condition);
	memset(r, 0, sizeof(*r));
}

const char *litmus_verdict_name(enum litmus_verdict verdict)
{
	static const char *const names[] = { "Never", "Sometimes", "Always",
					     "unsaid" };

	return names[verdict];
}

bool litmus_as_said(const struct litmus_result *r)
{
	return r->said == LITMUS_UNSAID ||
	       (r->said == r->verdict && r->said_race == r->race);
}

void litmus_print(const struct litmus_result *r, FILE *to)
{
	static const char *const kind[] = { "Allowed", "Forbidden",
					    "Required" };
	static const char *const word[] = { "exists", "~exists", "forall" };
	static const char *const model[] = { "sc", "tso", "weak" };
	u64 negative = r->nr - r->nr_positive;
	bool ok = r->quantifier == LITMUS_EXISTS     ? r->nr_positive :
		  r->quantifier == LITMUS_NOT_EXISTS ? !r->nr_positive :
						       !negative;
	u32 i;

	fprintf(to, "Test %s %s\n", r->name, kind[r->quantifier]);
	fprintf(to, "Model %s\n", model[r->model]);
	fprintf(to, "States %u\n", r->nr_states);
	for (i = 0; i < r->nr_states; i++)
		fprintf(to, "%-7llu%c> %s\n", r->state[i].nr,
			r->state[i].holds ? '*' : ':', r->state[i].text);
	fprintf(to, "%s\nWitnesses\n", ok ? "Ok" : "No");
	fprintf(to, "Positive: %llu Negative: %llu\n", r->nr_positive,
		negative);
	if (r->race)
		fprintf(to, "Flag data-race\n");
	fprintf(to, "Condition %s %s\n", word[r->quantifier], r->condition);
	fprintf(to, "Observation %s %s %llu %llu\n", r->name,
		litmus_verdict_name(r->verdict), r->nr_positive, negative);
	if (r->said != LITMUS_UNSAID)
		fprintf(to, "Result: %s%s, %s\n", litmus_verdict_name(r->said),
			r->said_race ? " DATARACE" : "",
			litmus_as_said(r) ? "as said" : "OTHERWISE");
}
