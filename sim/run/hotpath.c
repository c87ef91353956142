// SPDX-License-Identifier: GPL-2.0
/* See hotpath.h. */
#include "run/hotpath.h"

#ifdef HOTPATH_NOW
__thread struct hotpath_now hotpath_now;
#endif
