#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# `damonsim trace` as its users run it: what comes out of each act, exit codes,
# messages, pipes, signals, a full disk.
#
# usage: tests/e2e_trace.sh DAMONSIM

set -u

tool=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

# expect NAME EXIT PATTERN COMMAND...: exit code, and a line that matches.
expect()
{
	local name=$1 code=$2 pattern=$3 got
	shift 3
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ $got -eq "$code" ] && cat "$tmp/out" "$tmp/err" | grep -q -- "$pattern"
	then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $name: exit $got, expected $code with /$pattern/; it said:"
	head -n 5 "$tmp/out" "$tmp/err"
}

is()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $1: found $2, expected $3"
}

json()
{
	grep -o "\"$1\":[^,}]*" "$tmp/out" | head -n 1 | cut -d: -f2
}

# Every shipped capture: the same records, and the same replay.
for capture in traces/samples/*.data; do
	name=$(basename "$capture" .data)
	native=$tmp/$name.dst
	expect "$name: convert" 0 'records in' \
		"$tool" trace convert "$capture" -o "$native"
	"$tool" trace cat "$capture" >"$tmp/a"
	"$tool" trace cat "$native" >"$tmp/b"
	is "$name: records" "$(cmp "$tmp/a" "$tmp/b" && echo same)" same
	"$tool" replay "$capture" | sed "s,$capture,CAPTURE," >"$tmp/a"
	"$tool" replay "$native" | sed "s,$native,CAPTURE," |
		sed 's/(native)/(perf.data)/' >"$tmp/b"
	grep -v '^capture' "$tmp/a" >"$tmp/c"
	grep -v '^capture' "$tmp/b" >"$tmp/d"
	is "$name: replay" "$(cmp "$tmp/c" "$tmp/d" && echo same)" same
	expect "$name: info" 0 'every checksum is right' \
		"$tool" trace info "$native"
	is "$name: origin" "$(grep -c '^origin    perf.data' "$tmp/out")" 1
done

capture=traces/samples/hotcold.data
native=$tmp/hotcold.dst
expect "info of perf.data" 0 '52,567 samples' "$tool" trace info "$capture"
expect "info as JSON" 0 '"samples":52567' "$tool" trace info --json "$native"
is "JSON: whole" "$(json whole)" true
is "JSON: one line" "$(wc -l <"$tmp/out")" 1
expect "cat as JSON" 0 '"type":"sample"' "$tool" trace cat --json "$native"
if command -v python3 >/dev/null; then
	is "cat as JSON: parses" \
		"$(python3 -c 'import json, sys
print(len(json.load(open(sys.argv[1]))["records"]))' "$tmp/out")" \
		"$("$tool" trace cat "$native" | wc -l)"
fi

# Streams both ways.
"$tool" trace convert - -o - <"$capture" 2>"$tmp/err" |
	"$tool" trace cat - >"$tmp/b"
"$tool" trace cat "$capture" >"$tmp/a"
is "pipes" "$(cmp "$tmp/a" "$tmp/b" && echo same)" same
is "pipes: summary beside" "$(grep -c 'records in' "$tmp/err")" 1
# shellcheck disable=SC2002 # a pipe is what is tested
cat "$native" | "$tool" replay --json - >"$tmp/out"
is "replay of a pipe" "$(json holds)" true

# Level: harder is smaller.
"$tool" trace convert -q --level 1 "$capture" -o "$tmp/1.dst"
"$tool" trace convert -q --level 19 "$capture" -o "$tmp/19.dst"
is "level" "$([ "$(stat -c %s "$tmp/1.dst")" -gt \
	"$(stat -c %s "$tmp/19.dst")" ] && echo smaller)" smaller

# Cuts are what cat selects, whatever the format they come from.
cut_is()
{
	local name=$1
	shift
	"$tool" trace cat "$@" "$capture" >"$tmp/a"
	for from in "$capture" "$native"; do
		"$tool" trace cut -q "$@" "$from" -o "$tmp/cut.dst" ||
			echo failed >>"$tmp/a"
		"$tool" trace cat "$tmp/cut.dst" >"$tmp/b"
		is "$name: $from" "$(cmp "$tmp/a" "$tmp/b" && echo same)" same
	done
	is "$name: some" "$([ -s "$tmp/a" ] && echo some)" some
}
begin=$("$tool" trace cat "$capture" | awk '$4 ~ /\// { print int($1); exit }')
cut_is "cut by time" --time "$((begin + 3)):$((begin + 5)).25"
cut_is "cut by time from the first" --time +1.5:+2
cut_is "cut to an end" --time ":$((begin + 2))"
cut_is "cut by CPU" --cpu 0,2-3
cut_is "cut by address" --addr 0x7fe362c00000:0x7fe363400000
cut_is "cut by all" --addr 0x7fe362400000:0x7fe366400000 --time +2:+12 --cpu 0-7
pid=$("$tool" trace cat "$capture" | grep -m1 sample | sed 's/.* \([0-9]*\)\/.*/\1/')
cut_is "cut by process" --pid "$pid"
"$tool" trace cat --addr 0x7fe362c00000:0x7fe363400000 "$capture" |
	awk '/ sample / { for (i = 1; i < NF; i++) if ($i == "addr")
		if ($(i + 1) < "0x7fe362c00000" || $(i + 1) >= "0x7fe363400000")
			bad++ } END { print bad + 0 }' >"$tmp/out"
is "cut by address: inside" "$(cat "$tmp/out")" 0

expect "no act" 2 'info, cat, convert or cut' "$tool" trace
expect "unknown act" 2 "'fly' is not" "$tool" trace fly x
expect "no trace" 2 'which trace' "$tool" trace info
expect "two traces" 2 'more than one' "$tool" trace info a b
expect "help" 0 'usage: damonsim trace' "$tool" trace --help
expect "unknown option" 2 "no option '--fast'" "$tool" trace info --fast x
expect "no output" 2 'convert wants -o' "$tool" trace convert "$capture"
expect "output of info" 2 'writes no trace' "$tool" trace info -o x "$capture"
expect "nothing to cut by" 2 'cut wants' "$tool" trace cut x -o y
expect "convert does not cut" 2 'takes all' \
	"$tool" trace convert --cpu 1 x -o y
expect "bad time" 2 "no argument for '--time'" "$tool" trace cat --time 5 x
expect "backward time" 2 'no argument' "$tool" trace cat --time 5:4 x
expect "bad list" 2 'no argument' "$tool" trace cat --cpu 1- x
expect "bad address" 2 'no argument' "$tool" trace cat --addr 0x:5 x
expect "bad level" 2 'no argument' "$tool" trace convert --level 99 x -o y
expect "bad format" 2 "no format 'elf'" \
	"$tool" trace convert --to elf "$capture" -o "$tmp/x"
expect "over its input" 2 'is the input too' \
	"$tool" trace convert "$native" -o "$native"
expect "and it is untouched" 0 whole "$tool" trace info "$native"
expect "no such file" 2 'No such file' "$tool" trace info "$tmp/none"
expect "not a trace" 2 'offset 0' "$tool" trace info README.md

# Damage: told, and what comes before it is there.
head -c 100000 "$native" >"$tmp/cut.dst"
expect "cut off" 2 'offset [0-9]*: found the end' \
	"$tool" trace info "$tmp/cut.dst"
is "cut off: told" "$(grep -c 'integrity DAMAGED' "$tmp/out")" 1
expect "from the future" 2 'version 9.*newer' "$tool" trace info \
	<(printf '\x89DST\r\n\x1a\n\x09\0\0\0\xf6\xff\xff\xff')

# A full disk: told, with what was saved, and that can be read.
expect "full device" 2 'No space left on device; saved are 0 records' \
	"$tool" trace convert "$capture" -o /dev/full
for _ in 1 2 3; do cat "$tmp/a"; done >/dev/null
expect "file too large" 2 'File too large; saved are' \
	bash -c "ulimit -f 100; exec '$tool' trace convert '$capture' \
		-o '$tmp/large.dst'"
expect "full disk: cat" 2 'write failed' \
	sh -c "'$tool' trace cat '$capture' >/dev/full"

# Interrupted while it waits for more: what came so far is a whole trace.
(
	cat traces/samples/perl.data
	sleep 4
) | timeout --preserve-status -s INT 2 \
	"$tool" trace convert - -o "$tmp/int.dst" >"$tmp/out" 2>"$tmp/err"
is "interrupted: exit" $? 2
is "interrupted: told" "$(grep -c interrupted "$tmp/err")" 1
expect "interrupted: whole" 0 'every checksum' "$tool" trace info "$tmp/int.dst"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
