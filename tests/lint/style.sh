#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Sources are as clang-format has them.
#
# Versions of clang-format differ in details; the one that counts is 14, which
# Debian 12 has.  With another one the differences are shown and do not fail.

. "$(dirname "$0")/lib.sh"

format=clang-format
command -v clang-format-14 >/dev/null && format=clang-format-14
need_tool $format

mapfile -t sources < <(tree_files '*.c' '*.h')
[ ${#sources[@]} -gt 0 ] || exit 2

$format --dry-run "${sources[@]}" 2>&1 |
	sed -n 's/^\([^ :]*:[0-9]*\):[0-9]*: .*\[-Wclang-format-violations\]/\1: not as clang-format has it/p' \
		>"$lint_tmp/differences"
if $format --version | grep -q 'version 14\.'; then
	found_lines <"$lint_tmp/differences"
elif [ -s "$lint_tmp/differences" ]; then
	printf '%s: %s differs in %d places, and is not version 14\n' "$0" \
		"$($format --version)" "$(wc -l <"$lint_tmp/differences")" >&2
fi
lint_end
