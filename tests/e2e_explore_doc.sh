#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The posted design breaks as docs/EXPLORE.md shows it, and ours holds there.
#
# usage: tests/e2e_explore_doc.sh DAMONSIM
#
# The other one is made by `make published`; without it nothing is tested.
set -u
ours=$(realpath "$1")
theirs=${PUBLISHED:-$(dirname "$ours")/../published/damonsim}
cd "$(dirname "$0")/.." || exit 1
if [ ! -x "$theirs" ]; then
	echo "skipped: no posted design to explore; make published"
	exit 0
fi
theirs=$(realpath "$theirs")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

scripts/explore_traces.sh "$theirs" >"$tmp/now" || failed=1
sed -n '/^### B1:/,$p' docs/EXPLORE.md >"$tmp/said"
if ! diff <(sed 1d "$tmp/now") "$tmp/said"; then
	echo "docs/EXPLORE.md: not what scripts/explore_traces.sh prints"
	failed=1
fi
mapfile -t scenes < <(sed -n 's/^Scene \([a-z-]*\), model.*/\1/p' \
	docs/EXPLORE.md)
"$ours" explore -q -o "$tmp" --executions 20000 "${scenes[@]}" || {
	echo "ours breaks in one of: ${scenes[*]}"
	failed=1
}
[ $failed -eq 0 ] && echo "e2e explore doc: as it says"
exit $failed
