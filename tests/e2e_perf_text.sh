#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Next to the real perf: the text that it prints, with whatever fields, is read
# here as the capture that it was printed from.  Without perf there is nothing
# to do.
#
# usage: tests/e2e_perf_text.sh DAMONSIM

set -u

tool=$1
if ! perf --version >/dev/null 2>&1; then
	echo "skipped: no perf here"
	exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

is()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $1: found $2, expected $3"
}

some()
{
	is "$1" "$([ -s "$2" ] && echo some)" some
}

script()
{
	perf script -i "$@" 2>/dev/null
}

# One field of all samples, as `trace cat` shows it.
field()
{
	"$tool" trace cat "$1" | sed -n "s/.* sample .* $2 \\([^ ]*\\).*/\\1/p"
}

# text_is NAME CAPTURE FIELDS OPTION...: all samples of the text, each of them
# accounted for in a replay, with these fields as the capture has them.
text_is()
{
	local name=$1 original=$2 what=$3
	shift 3
	script "$original" "$@" >"$tmp/text"
	some "$name" "$tmp/text"
	"$tool" replay --json - <"$tmp/text" >"$tmp/json"
	is "$name: conserved" "$(grep -o '"holds":[a-z]*' "$tmp/json")" \
		'"holds":true'
	is "$name: raised" \
		"$(grep -o '"raised":[0-9]*' "$tmp/json" | head -n 1)" \
		"\"raised\":$("$tool" trace cat "$original" | grep -c ' sample ')"
	for k in $what; do
		field "$original" "$k" >"$tmp/a"
		field "$tmp/text" "$k" >"$tmp/b"
		some "$name: $k" "$tmp/a"
		is "$name: $k" "$(cmp "$tmp/a" "$tmp/b" 2>&1 && echo same)" same
	done
}

for capture in traces/samples/*.data; do
	name=$(basename "$capture")
	text_is "$name, all" "$capture" "addr ip phys src" \
		-F +addr,+phys_addr,+data_src --ns
	text_is "$name, other records" "$capture" addr -F +addr \
		--show-mmap-events --show-task-events --show-lost-events
	text_is "$name, header" "$capture" "addr ip" --header \
		-F pid,tid,time,addr,ip
	text_is "$name, numbers alone" "$capture" "addr ip phys" \
		-F addr,ip,phys_addr
	text_is "$name, comm" "$capture" addr -F comm,addr
	text_is "$name, misc" "$capture" addr \
		-F comm,pid,tid,cpu,misc,time,period,event,addr,sym,ip,dso
	text_is "$name, as ever" "$capture" ip
done

# With latencies, and samples that have no address: to perf.data and back.
ibs=tests/corpus/perf_text/ibs
"$tool" trace convert -q --to perf.data $ibs -o "$tmp/ibs.data"
text_is "ibs" "$tmp/ibs.data" "addr ip phys src weight" \
	-F +addr,+phys_addr,+data_src,+weight --ns
is "ibs: weights" "$(field "$tmp/ibs.data" weight | md5sum)" \
	"$(field $ibs weight | md5sum)"

# Captures of one's own, where the kernel allows it.
record()
{
	perf record -q -o "$tmp/own.data" "$@" -- ls -R /usr/share \
		>/dev/null 2>&1 && [ -s "$tmp/own.data" ]
}

if record -e page-faults -c 1 -d --phys-data -W; then
	text_is "own" "$tmp/own.data" "addr ip src weight" \
		-F +addr,+phys_addr,+data_src,+weight --ns
	text_is "own, lines of source" "$tmp/own.data" "addr ip" \
		-F +addr,+srcline
fi
if record -g -e page-faults -c 1 -d; then
	text_is "own callchains" "$tmp/own.data" addr -F +addr
	text_is "own callchains, not shown" "$tmp/own.data" "addr ip" \
		-G -F +addr
fi
if record -e page-faults,cpu-clock -d --phys-data -a; then
	text_is "own, two events" "$tmp/own.data" "addr ip" \
		-F +addr,+phys_addr --ns
fi

# What cannot be told is not guessed.
script traces/samples/sort.data -F phys_addr |
	"$tool" replay - >"$tmp/out" 2>"$tmp/err"
is "one number: exit" $? 2
is "one number: told" "$(grep -c 'print them with -F' "$tmp/err")" 1

# Cut in a line: told which, and what was before it is there.
script traces/samples/sort.data -F +addr | head -c 100050 >"$tmp/cut"
"$tool" replay --keep-going "$tmp/cut" >"$tmp/out" 2>"$tmp/err"
is "cut: exit" $? 2
is "cut: told" "$(cat "$tmp/out" "$tmp/err" |
	grep -m1 -c "line $(($(wc -l <"$tmp/cut") + 1)): found the end")" 1
is "cut: what was before" \
	"$("$tool" trace cat "$tmp/cut" 2>/dev/null | grep -c ' sample ')" \
	"$(wc -l <"$tmp/cut")"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
