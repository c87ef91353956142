// SPDX-License-Identifier: GPL-2.0
/* The names of the causes of loss, see losses.h. */
#include "report/losses.h"

#define X(cause, name, meaning) [DAMON_LOST_##cause] = { name, meaning },
const struct loss_text loss_texts[DAMON_NR_LOSSES] = { DAMON_LOSSES(X) };
#undef X
