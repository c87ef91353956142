// SPDX-License-Identifier: GPL-2.0
/* Both sides of the law of conservation, see balance.h. */
#include "report/balance.h"
#include "report/json_put.h"
#include "report/losses.h"
#include "report/units.h"

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

void balance_text(FILE *f, const struct damon_balance *b)
{
	char s[UNITS_LEN];
	int i;

	fprintf(f, "\nsamples %15s  raised\n", units_count(s, b->raised));
	fprintf(f,
		"        %15s  credited: gave a region its access of the tick"
		" (%.1f %%)\n",
		units_count(s, b->credited), percent(b->credited, b->raised));
	fprintf(f,
		"        %15s  absorbed: the region had its access already"
		" (%.1f %%)\n",
		units_count(s, b->absorbed), percent(b->absorbed, b->raised));
	for (i = 1; i < DAMON_NR_LOSSES; i++)
		if (b->lost[i])
			fprintf(f, "        %15s  %s: %s (%.1f %%)\n",
				units_count(s, b->lost[i]), loss_texts[i].name,
				loss_texts[i].meaning,
				percent(b->lost[i], b->raised));
	if (b->in_rings)
		fprintf(f, "        %15s  still in the rings\n",
			units_count(s, b->in_rings));
	fprintf(f, "        raised = credited + absorbed + lost: %s\n",
		damon_balance_holds(b) ? "holds" : "DOES NOT HOLD");
}

struct json_object *balance_json(const struct damon_balance *b)
{
	struct json_object *o = json_object_new_object();
	struct json_object *lost = json_object_new_object();
	int i;

	put_u64(o, "raised", b->raised);
	put_u64(o, "credited", b->credited);
	put_u64(o, "absorbed", b->absorbed);
	put_u64(o, "in_rings", b->in_rings);
	for (i = 1; i < DAMON_NR_LOSSES; i++)
		put_u64(lost, loss_texts[i].name, b->lost[i]);
	json_object_object_add(o, "lost", lost);
	put_bool(o, "holds", damon_balance_holds(b));
	return o;
}
