// SPDX-License-Identifier: GPL-2.0
/*
 * The hot path's KUnit suites, the files that a kernel runs too.
 *
 * They stand in one program so that they meet the headers as a kernel's one
 * object file would.
 */
#include "support_kunit.h"

/* Each registers itself. */
#include "commit-kunit.h"
#include "event-kunit.h"
#include "events-kunit.h"
#include "events-many-kunit.h"
#include "events-walk-kunit.h"
#include "handler-kunit.h"
#include "match-kunit.h"
#include "quota-kunit.h"
#include "ring-kunit.h"
#include "sample-kunit.h"
#include "stats-kunit.h"
#include "tick-kunit.h"
#include "tick-model-kunit.h"

int main(void)
{
	SRunner *sr = support_kunit_runner();
	int failed;

	srunner_run_all(sr, CK_NORMAL);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
