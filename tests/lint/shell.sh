#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Shell scripts are free of what shellcheck finds, and can be run.

. "$(dirname "$0")/lib.sh"

need_tool shellcheck

tree_files '*' | while read -r file; do
	case $(head -c 64 "$file" | tr -d '\0' | head -n 1) in
	'#!'*sh) printf '%s\n' "$file" ;;
	esac
done >"$lint_tmp/scripts"
[ -s "$lint_tmp/scripts" ] || exit 2

while read -r file; do
	[ -x "$file" ] || found "$file" 1 "cannot be run (chmod +x)"
done <"$lint_tmp/scripts"
xargs -d '\n' shellcheck -x -P SCRIPTDIR -f gcc <"$lint_tmp/scripts" |
	sed 's/^\([^:]*:[0-9]*\):[0-9]*:/\1:/' | found_lines
lint_end
