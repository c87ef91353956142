# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every lint shares: where the tree is, how a finding is said, how it ends.
#
# Each lint is a program of its own on one subject.  It prints its findings as
# file:line: text and exits 1 if it has any, 2 if it could not look.  LINT_ROOT
# is another tree to look at; the self-test plants violations there.

set -u

lint_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${LINT_ROOT:-$lint_dir/../..}" || exit 2

# The hot path, wherever `make HOTPATH=dir` has it.
# shellcheck disable=SC2034
hotpath=${HOTPATH:-include/damon}

lint_tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$lint_tmp"' EXIT
: >"$lint_tmp/findings"

# found FILE LINE TEXT...
found()
{
	printf '%s:%s: %s\n' "$1" "$2" "${*:3}" >>"$lint_tmp/findings"
}

# Take findings that another program has printed already.
found_lines()
{
	cat >>"$lint_tmp/findings"
}

# Print the findings, and end.
lint_end()
{
	[ -s "$lint_tmp/findings" ] || exit 0
	sort -t: -k1,1 -k2,2n "$lint_tmp/findings" | uniq
	exit 1
}

need_tool()
{
	command -v "$1" >/dev/null && return
	printf '%s: no program %s (scripts/deps.sh check)\n' "$0" "$1" >&2
	exit 2
}

# tree_files PATTERN...: the files of the project whose names match, as git
# sees them; in a tree without git all that was not built.
tree_files()
{
	local pattern

	if [ -e .git ]; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for pattern; do
			find . -path ./build -prune -o -type f \
				-name "${pattern##*/}" -print
		done
	fi | sed 's|^\./||' | sort -u | while read -r file; do
		# A file that git knows may be gone from the working tree.
		[ -f "$file" ] && printf '%s\n' "$file"
	done
}
