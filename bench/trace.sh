#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The native trace next to perf.data: how many bytes, and how fast is it read?
#
# Bytes are held against `zstd -19` on the same perf.data; reading is a full
# decode of both by `damonsim trace info`, on one core, page cache warm.
#
# usage: bench/trace.sh [--json] BUILD [CAPTURE...]
#   BUILD     where damonsim was built
#   CAPTURE   perf.data files (default: the shipped ones)

set -eu

runs=5
json=
[ "${1:-}" = --json ] && json=1 && shift
tool=$1/damonsim
shift
[ $# -gt 0 ] || set -- traces/samples/*.data
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Median seconds of reading all of a trace.
seconds()
{
	local begin
	for _ in $(seq $runs); do
		begin=$EPOCHREALTIME
		taskset -c 0 "$tool" trace info -q "$1" >"$tmp/info"
		echo "$begin $EPOCHREALTIME" | awk '{ printf "%.4f\n", $2 - $1 }'
	done | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

[ "$json" ] || printf '%-14s %10s %10s %10s %10s %6s %6s %8s %8s\n' capture \
	records perf.data zstd-19 native ratio B/rec M/s perf.M/s
first=1
[ "$json" ] && echo '['
for capture; do
	name=$(basename "$capture" .data)
	zstd -q -19 <"$capture" >"$tmp/zst"
	"$tool" trace convert -q --level 19 "$capture" -o "$tmp/native.dst"
	bytes=$(stat -L -c %s "$capture")
	packed=$(stat -c %s "$tmp/zst")
	native=$(stat -c %s "$tmp/native.dst")
	"$tool" trace info --json "$tmp/native.dst" >"$tmp/json"
	records=$(sed 's/.*"nr_records":\([0-9]*\).*/\1/' "$tmp/json")
	native_s=$(seconds "$tmp/native.dst")
	perf_s=$(seconds "$capture")
	if [ "$json" ]; then
		[ $first ] || echo ,
		first=
		awk "BEGIN { printf \"{\\\"capture\\\":\\\"$name\\\",\" \
			\"\\\"records\\\":$records,\\\"perf_data\\\":$bytes,\" \
			\"\\\"zstd_19\\\":$packed,\\\"native\\\":$native,\" \
			\"\\\"ratio\\\":%.3f,\\\"native_s\\\":$native_s,\" \
			\"\\\"perf_data_s\\\":$perf_s}\", $native / $packed }"
	else
		printf '%-14s %10d %10d %10d %10d %6.3f %6.2f %8.1f %8.1f\n' \
			"$name" "$records" "$bytes" "$packed" "$native" \
			"$(awk "BEGIN { print $native / $packed }")" \
			"$(awk "BEGIN { print $native / $records }")" \
			"$(awk "BEGIN { print $records / $native_s / 1e6 }")" \
			"$(awk "BEGIN { print $records / $perf_s / 1e6 }")"
	fi
done
[ "$json" ] && echo && echo ']'
exit 0
