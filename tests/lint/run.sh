#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Run every lint, and say how many passed.
#
# usage: run.sh [NAME...]

dir=$(dirname "$0")
passed=0
failed=0

[ $# -gt 0 ] || set -- hotpath-alone hotpath-names barriers layering text \
	style shell cli samples capture selftest
for name; do
	begun_s=$SECONDS
	if "$dir/$name.sh"; then
		verdict=ok
		passed=$((passed + 1))
	else
		verdict=FAILED
		failed=$((failed + 1))
	fi
	printf '  LINT    %-16s %s (%d s)\n' "$name" $verdict \
		$((SECONDS - begun_s))
done
printf 'lint: %d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ]
