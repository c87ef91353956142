#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All benchmarks, and their results with machine and commit beside them.
#
# The table goes to standard output too.  What is written: table.txt,
# bench.json, curves.tsv, curves.svg, curves.png, closed_loop.json and
# closed_loop.profile, in bench/results/MACHINE.
#
# usage: bench/run.sh BUILD [CAPTURE]
#   BUILD     where bench, damonsim and hotcold were built
#   CAPTURE   what replay.sh reads; without one it takes its own
#   QUICK=1   fewer rounds and rows, nothing written: to see that it works

set -eu

build=$1
shift
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
quick=${QUICK:+--quick}

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
machine=$(printf '%s, %d CPUs' "$cpu" "$(nproc)" | tr -cs 'A-Za-z0-9\n' - |
	tr '[:upper:]' '[:lower:]' | sed 's/-*$//')
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit=$commit+changes
compiler=$(${CC:-cc} --version | head -n 1)

{
	echo "machine   $cpu, $(nproc) CPUs, Linux $(uname -r)"
	echo "commit    $commit"
	echo "compiler  $compiler"
	echo
	"$build/bench" ${quick:+"$quick"} --json "$tmp/bench.json" \
		--curves "$tmp/curves.tsv"
	echo
	echo "replay next to perf script"
	bench/replay.sh --json "$build" "$@" >"$tmp/replay.json"
	tr -d '{}"' <"$tmp/replay.json" | tr , '\n' | sed 's/^ */  /'
	echo
	echo "the native trace next to perf.data and zstd -19"
	bench/trace.sh "$build"
	echo
	if [ -n "$quick" ]; then
		export SECONDS_SIMULATED=5 ROUNDS=1
	fi
	bench/closed_loop.sh "$build/damonsim" "$tmp"
	echo
	bench/explore.sh "$build/damonsim" "$build/published/damonsim" "$tmp"
} | tee "$tmp/table.txt"

gnuplot -e "data='$tmp/curves.tsv'; out='$tmp/curves'" \
	-e "title='Cost of a tick as the work grows ($commit)'" bench/curves.gp
[ -z "$quick" ] || exit 0

results=bench/results/$machine
mkdir -p "$results"
# One object: what the rivals gave, with the rest before it.
sed "1s|^{|{\"machine\": \"$cpu\", \"cpus\": $(nproc), \"commit\": \"$commit\", \
\"replay\": $(cat "$tmp/replay.json"), |" "$tmp/bench.json" >"$results/bench.json"
cp "$tmp/table.txt" "$tmp/curves.tsv" "$tmp/curves.svg" "$tmp/curves.png" \
	"$tmp"/closed_loop.* "$tmp/explore.json" "$results/"
echo
echo "written to $results"
