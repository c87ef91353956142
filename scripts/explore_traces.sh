#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The interleavings that break the posted design, one for each known weakness, as
# docs/EXPLORE.md has them.
#
# usage: explore_traces.sh PUBLISHED
#
# PUBLISHED is damonsim built with the posted design (make published).

set -eu

bin=$(realpath "$1")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# trace ID SCENE MODEL PROPERTY WHAT
trace()
{
	local file=explore-$2-$3-$4.txt

	"$bin" explore -q --json -j 1 -m "$3" "$2" >/dev/null || [ $? -eq 1 ]
	if [ ! -e "$file" ]; then
		echo "explore_traces.sh: $1: $2 shows no $4" >&2
		exit 1
	fi
	printf '\n### %s: %s\n\n' "$1" "$5"
	printf 'Scene %s, model %s: **%s**.\n\n' "$2" "$3" \
		"$(sed -n 's/^message //p' "$file")"
	# The scene, made small; then the steps.
	sed -n '/^scene$/,/^turns$/s/^\t/    /p' "$file" |
		grep -v '^    \(cpus\|depth\)'
	echo
	"$bin" explore --replay "$file" >table || [ $? -eq 1 ]
	sed 's/ *$//; s/^/    /; s/^    $//' table
}

trace B1 push-drain weak stranded \
	"the flag is seen before the head, and the report is stranded"
trace B3 offline sc stranded "what is in the ring of a CPU that went stays there"
trace B4 first-event sc armed "the first event of a running monitor never counts"
trace B5 faults sc owner "two consumers of one ring"
trace B7 refused-start sc all-or-nothing "a CPU refuses, and nobody is told"
trace B8 commit-same sc undisturbed "a commit of what there is stops it first"
trace B12 stolen sc armed "another user took the PMU, and it stays silent"
trace B19 hotplug-arm sc use-after-release "an event is released under the walk"
trace B20 pause sc disarmed "a monitor that pauses goes on sampling"
trace "no number" full sc data-race \
	"a slot is filled again behind a control dependency alone"
