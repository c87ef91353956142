/* SPDX-License-Identifier: GPL-2.0 */
/* The end of every Check program: run the one suite, answer by exit code. */
#ifndef SUPPORT_CHECK_H
#define SUPPORT_CHECK_H

#include <check.h>

static inline int support_run(Suite *suite)
{
	SRunner *sr = srunner_create(suite);
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}

#endif
