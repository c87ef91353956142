#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The command as its users run it: exit codes, messages, standard input, signals.
#
# usage: tests/e2e_replay.sh DAMONSIM

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

# The first value of this name in the JSON that was printed last.
json()
{
	grep -o "\"$1\":[^,}]*" "$tmp/out" | head -n 1 | cut -d: -f2
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

# Each shipped capture: the count that its README has, and nothing unaccounted.
while IFS='|' read -r file count; do
	capture=traces/samples/$file
	expect "$file" 0 '"holds":true' "$tool" replay --json "$capture"
	is "$file: samples" "$(json raised)" "$count"
	is "$file: standard error" "$(wc -c <"$tmp/err")" 0
done < <(sed -n 's/^| \([a-z]*\.data\) |.*| \([0-9,]*\) | [0-9,]* |$/\1|\2/p' \
	traces/samples/README.md | tr -d ,)
[ "$passed" -ge 6 ] || failed=$((failed + 1))

capture=traces/samples/hotcold.data
expect "text" 0 'raised = credited + absorbed + lost: holds' \
	"$tool" replay "$capture"
cp "$tmp/out" "$tmp/first"
expect "same again" 0 holds "$tool" replay "$capture"
is "same bytes" "$(cmp "$tmp/first" "$tmp/out" && echo same)" same
"$tool" replay --json - <"$capture" >"$tmp/out"
is "standard input" "$(json holds)" true
# shellcheck disable=SC2002 # a pipe is what is tested
cat "$capture" | "$tool" replay --json - >"$tmp/out"
is "a pipe" "$(json holds)" true
mkfifo "$tmp/fifo"
cat "$capture" >"$tmp/fifo" &
"$tool" replay --json "$tmp/fifo" >"$tmp/out"
is "a FIFO" "$(json holds)" true

expect "no verb" 2 'usage: damonsim VERB' "$tool"
expect "help" 0 'replay ' "$tool" --help
expect "unknown verb" 2 "no verb 'fly'" "$tool" fly
expect "verb's help" 0 'usage: damonsim replay' "$tool" replay --help
expect "no capture" 2 'which capture' "$tool" replay
expect "two captures" 2 'more than one' "$tool" replay a b
expect "unknown option" 2 "no option '--fast'" "$tool" replay --fast x
expect "missing argument" 2 'wants an argument' "$tool" replay --ring
expect "bad ring" 2 "'100' is no argument" "$tool" replay --ring 100 x
expect "bad pid" 2 "'-1' is no argument" "$tool" replay --pid -1 x
expect "bad heatmap" 2 "'80' is no argument" "$tool" replay --heatmap 80 x
expect "contradiction" 2 'exclude each other' \
	"$tool" replay --phys --pid 1 "$capture"
expect "no such file" 2 'No such file' "$tool" replay "$tmp/none"
expect "a directory" 2 "$tmp" "$tool" replay "$tmp"
expect "no such configuration" 2 'No such file' \
	"$tool" replay -c "$tmp/none" "$capture"
expect "not a capture" 2 'offset 0' "$tool" replay README.md
expect "nothing" 2 'offset 0' "$tool" replay /dev/null

head -c 100000 "$capture" >"$tmp/cut"
expect "cut off" 2 'offset [0-9]' "$tool" replay "$tmp/cut"
is "cut off: nothing on standard output" "$(wc -c <"$tmp/out")" 0
expect "cut off, keep going" 2 'DAMAGED' "$tool" replay --keep-going "$tmp/cut"
is "cut off: accounted" "$(grep -c 'lost: holds' "$tmp/out")" 1

expect "full disk" 2 'write failed' sh -c "'$tool' replay '$capture' >/dev/full"

# Interrupted while it waits for more: what came so far is reported.
(
	cat traces/samples/perl.data
	sleep 6
) | timeout --preserve-status -s INT 3 \
	"$tool" replay --json - >"$tmp/out" 2>"$tmp/err"
is "interrupted: exit" $? 2
is "interrupted: told" "$(json interrupted)" true
is "interrupted: accounted" "$(json holds)" true

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
