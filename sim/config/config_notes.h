/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a configuration that can be read would still come to on a kernel.
 *
 * The reader refuses what cannot be meant.  Here is what a kernel refuses
 * beyond that, what it takes and ignores, and what it does that its author may
 * not expect: each found by a rule, with the place that it is about.
 */
#ifndef CONFIG_NOTES_H
#define CONFIG_NOTES_H

#include "config/config.h"

/**
 * struct config_note - one finding.
 * @weight:	how bad it is
 * @error:	the kernel's, -errno; of CONFIG_REFUSED
 * @place:	"kdamonds[0].contexts[0].schemes[1].quotas"
 * @text:	what happens, and what to do
 */
struct config_note {
	enum config_weight weight;
	int error;
	char place[96];
	char text[320];
};

struct config_notes {
	struct config_note *at;
	u32 nr;
	u32 max;
};

/**
 * config_notes() - look for all that the rules know.
 * @notes:	filled, in the order of the file; for config_notes_fini()
 * @cfg:	as read
 *
 * Return: 0; -ENOMEM.
 */
int config_notes(struct config_notes *notes, const struct config *cfg);

void config_notes_fini(struct config_notes *notes);

#endif
