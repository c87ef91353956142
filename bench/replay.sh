#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# How many times faster than `perf script` is `damonsim replay`?
#
# Both read the same file, in turn, so that what disturbs the machine disturbs
# both; the ratio of the medians is what counts, the times are this machine's.
#
# usage: bench/replay.sh [--json] BUILD [CAPTURE]
#   BUILD     where damonsim and hotcold were built
#   CAPTURE   a perf.data; without one a capture of 5 million page faults is
#             taken (perf, 320 MB in a temporary directory)

set -eu

runs=5
json=
[ "${1:-}" = --json ] && json=1 && shift
build=$1
tool=$build/damonsim
shift
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if [ $# -gt 0 ]; then
	capture=$1
else
	capture=$tmp/perf.data
	echo "taking a capture of 5 million page faults" >&2
	perf record -q -o "$capture" -e minor-faults -c 1 -d --phys-data \
		--sample-cpu -T -- "$build/hotcold" --rate 500000 --seconds 10 \
		>/dev/null
fi

# Seconds that a command takes, as a number with three places and more.
seconds()
{
	local begin=$EPOCHREALTIME
	"$@" >/dev/null 2>&1
	echo "$begin $EPOCHREALTIME" | awk '{ printf "%.4f\n", $2 - $1 }'
}

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

spread()
{
	sort -n "$1" | awk '{ v[NR] = $1 }
		END { printf "%s to %s", v[1], v[NR] }'
}

"$tool" replay -q --heatmap 0x0 --json "$capture" >"$tmp/warm"	# into the cache
samples=$(sed 's/.*"samples":\([0-9]*\).*/\1/' "$tmp/warm")
for _ in $(seq $runs); do
	seconds perf script -i "$capture" >>"$tmp/script"
	seconds "$tool" replay -q --heatmap 0x0 "$capture" >>"$tmp/replay"
done
lines=$(perf script -i "$capture" 2>/dev/null | wc -l)
script=$(median "$tmp/script")
replay=$(median "$tmp/replay")
ratio=$(awk "BEGIN { printf \"%.1f\", $script / $replay }")

if [ "$json" ]; then
	echo "{\"samples\": $samples, \"perf_script_lines\": $lines," \
		"\"perf_script_s\": $script, \"replay_s\": $replay," \
		"\"replay_ratio\": $ratio}"
else
	printf '%-14s %12s %14s %s\n' "" "median s" "samples/s" "spread s"
	for what in script replay; do
		t=$(median "$tmp/$what")
		printf '%-14s %12s %14.0f %s\n' \
			"$([ $what = script ] && echo 'perf script' ||
			echo 'replay')" "$t" \
			"$(awk "BEGIN { print $samples / $t }")" \
			"$(spread "$tmp/$what")"
	done
	echo "replay is $ratio times as fast, on $samples samples"
fi
