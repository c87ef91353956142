// SPDX-License-Identifier: GPL-2.0
/* The cores that can be replicated. */
#include "access.h"
#include "attrs.h"
#include "merge.h"
#include "profile.h"
#include "split.h"

const struct profile profile_n = {
	.name = "N",
	.age = merge_age,
	.frequency = access_moving_sum,
	.rescale = attrs_rescale,
	.split = split_regions,
};
