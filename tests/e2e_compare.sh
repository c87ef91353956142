#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs side by side, and files that are no runs.
#
# usage: tests/e2e_compare.sh DAMONSIM

set -u

tool=$1
dir=models/scenarios
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

"$tool" run -q --json -s 'duration=15 s' $dir/temporal-settles.yaml \
	>"$tmp/a.json"
"$tool" run -q --json -s 'duration=15 s' --seed 7 $dir/temporal-settles.yaml \
	>"$tmp/b.json"
"$tool" run -q --json $dir/ring-overflow.yaml >"$tmp/c.json"

# value FIELD ROW: that figure of each run.
value()
{
	jq -c --arg name "$1" '.rows[] | select(.name == $name) | .values' \
		"$tmp/out.json"
}

"$tool" compare --json "$tmp/a.json" "$tmp/b.json" "$tmp/c.json" \
	>"$tmp/out.json" 2>"$tmp/err"
is "exit" "$?$(cat "$tmp/err")" 0
is "runs" "$(jq -c '[.runs[] | .seed, (.set | length)]' "$tmp/out.json")" \
	"[1,1,7,1,1,0]"
is "differ" "$(jq -c .differ "$tmp/out.json")" '["scenario","set","seed"]'

# Each figure is the run's own, in its own column.
row()
{
	is "$1" "$(value "$1")" "$(jq -sc "[.[] | ($2)]" "$tmp/a.json" \
		"$tmp/b.json" "$tmp/c.json")"
}
row "samples" .conservation.raised
row "lost: ring_full" .conservation.lost.ring_full
row "reached a region" .credited_fraction
row "truth: precision" .truth.precision
row "truth: recall" .truth.recall
row "truth: rank correlation" .truth.rank_correlation
row "scheme 0, node 0: converged at" '.goals[0].converged_s'
row "scheme 0, node 0: mean" '.goals[0].mean_bp'
row "scheme 1, node 1: offset" '.goals[1].offset_bp'
row "scheme 1, node 1: stddev" '.goals[1].stddev_bp'
row "scheme 1, node 1: overshoot" '.goals[1].overshoot_bp'
row "kdamond busy" .monitor.kdamond_s
row "interrupts, of all CPUs" .sampling.nmi_share_of_cpus
row "workload 0, hotset: throughput" '.workloads[] |
	select(.pattern == "hotset") | .bytes_per_s'
row "migrated" 'if (.schemes | length) > 0 then
	[.schemes[].applied_bytes_per_s] | add else null end'
is "no row without a figure" "$(jq '[.rows[] | select(.values | all(. == null
	or . == 0)) | .name] | map(select(startswith("lost"))) | length' \
	"$tmp/out.json")" 0

# As text: who is who, and in what they differ.
"$tool" compare "$tmp/a.json" "$tmp/b.json" >"$tmp/text"
is "text: exit" $? 0
is "text: who" "$(sed -n 2p "$tmp/text")" \
	"B  $tmp/b.json: $dir/temporal-settles.yaml, seed 7, with [\"duration=15 s\"]"
is "text: differ" "$(grep '^They' "$tmp/text")" "They differ in: seed"
is "text: figures" "$(grep -cE \
	'^(samples|migrated|scheme 0, node 0: mean) .* [0-9]' "$tmp/text")" 3
cp "$tmp/a.json" "$tmp/same.json"
"$tool" compare "$tmp/a.json" - <"$tmp/same.json" >"$tmp/text"
is "same" "$(grep -c '^Scenario and seed are the same' "$tmp/text")" 1
is "same: no change" "$(grep -cE '[-+][0-9.]+ %$|times' "$tmp/text")" 0

# Two stretches of a goal have rows of their own.
jq '.goals = [.goals[0], (.goals[0] | .mean_bp = 1234)]' "$tmp/a.json" \
	>"$tmp/d.json"
"$tool" compare --json "$tmp/a.json" "$tmp/d.json" >"$tmp/out.json"
is "stretch" "$(value 'scheme 0, node 0, stretch 2: mean')" "[null,1234]"

# refuses NAME TEXT: the file $tmp/NAME, by name and with what was expected.
refuses()
{
	"$tool" compare "$tmp/a.json" "$tmp/$1" >"$tmp/text" 2>"$tmp/err"
	is "$1: exit" $? 2
	is "$1: nothing printed" "$(cat "$tmp/text")" ""
	is "$1: told" "$(cat "$tmp/err")" "damonsim compare: $tmp/$1: $2"
}
expected="expected what damonsim run --json prints"
refuses nowhere "No such file or directory"
: >"$tmp/empty"
refuses empty "the JSON ends in the middle; $expected"
head -c 300 "$tmp/a.json" >"$tmp/cut"
refuses cut "the JSON ends in the middle; $expected"
cat "$tmp/a.json" "$tmp/a.json" >"$tmp/twice"
refuses twice "byte $(($(wc -c <"$tmp/a.json"))): something after the object; $expected"
echo '{"seed": tru}' >"$tmp/broken"
"$tool" compare "$tmp/broken" "$tmp/a.json" 2>"$tmp/err"
is "broken: exit" $? 2
is "broken: told" "$(grep -cE "broken: byte [0-9]+: .*; $expected\$" \
	"$tmp/err")" 1
echo '[]' >"$tmp/list"
refuses list "no object; $expected"
"$tool" replay -q --json --heatmap 0x0 traces/samples/hotcold.data \
	>"$tmp/replay"
refuses replay "no number \"simulated_s\" in it; $expected"
jq '.goals = {}' "$tmp/a.json" >"$tmp/goals"
refuses goals "no list \"goals\" in it; $expected"

# What is in a run's JSON but not as it should be is a figure less.
jq '.goals = [1, null, {}, {"drift_bp_per_hour": ["a"]}] | .schemes = [[]] |
	.workloads = [{"pattern": 3, "bytes_per_s": -1}] | .truth = 7 |
	.conservation = {"raised": -1e300, "lost": [2]} |
	.sampling = {"nmi_share_of_cpus": "x"}' "$tmp/a.json" >"$tmp/odd"
"$tool" compare "$tmp/odd" "$tmp/odd" >"$tmp/text" 2>"$tmp/err"
is "odd: exit" "$?$(cat "$tmp/err")" 0

"$tool" compare "$tmp/a.json" >/dev/null 2>"$tmp/err"
is "one: exit" $? 2
is "one: told" "$(cat "$tmp/err")" \
	"damonsim compare: two runs or more; see --help"

echo "e2e compare: $passed passed, $failed failed"
[ $failed -eq 0 ]
