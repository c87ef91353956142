/* SPDX-License-Identifier: GPL-2.0 */
/* The registered KUnit suites as one Check runner, the caller's to free. */
#ifndef SUPPORT_KUNIT_H
#define SUPPORT_KUNIT_H

#include <check.h>

SRunner *support_kunit_runner(void);

#endif
