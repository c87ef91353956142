#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# damonsim run --sysfs: the published set-up scripts are the shipped scenarios,
# time passes while a script sleeps, and what the kernel refuses is said.
#
# usage: e2e_run_sysfs.sh DAMONSIM
set -u
bin=$(realpath "$1")
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

ok()
{
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		echo "FAILED: $2"
		failed=$((failed + 1))
	fi
}

run()
{
	"$bin" run -q --json --no-time "$@"
}

# The same monitor, said in two ways, finds the same.
for x in a b; do
	run -s duration=6s models/scenarios/config-$x.yaml > "$tmp/yaml"
	run -s duration=6s --sysfs models/scenarios/config-$x.sh \
		models/scenarios/config-$x.yaml > "$tmp/sysfs" 2> "$tmp/err"
	cmp -s "$tmp/yaml" "$tmp/sysfs"
	ok $? "config-$x.sh is not config-$x.yaml"
	[ ! -s "$tmp/err" ]
	ok $? "config-$x.sh: the kernel refuses something"
done

# Without a scenario the machine is the one it was shown on.
run -s duration=2s --sysfs models/scenarios/config-a.sh > "$tmp/out"
jq -e '.conservation.holds and .conservation.raised > 100000' "$tmp/out" \
	> /dev/null
ok $? "a machine that suits config-a.sh"

# While it sleeps time passes, and what it reads is what happened.
sed 's|^echo on > 0/state|&\
sleep 3\
echo update_schemes_stats > 0/state\
cat 0/contexts/0/schemes/0/stats/sz_applied\
echo off > 0/state\
sleep 1|' models/scenarios/config-a.sh > "$tmp/sleep.sh"
"$bin" run -q --sysfs "$tmp/sleep.sh" models/scenarios/config-a.yaml \
	-s duration=8s > "$tmp/out" 2> "$tmp/err"
ok $? "a script that sleeps"
applied=$(head -n 1 "$tmp/out")
[ "$applied" -gt 1000000000 ] 2> /dev/null
ok $? "after 3 s something was migrated, not $applied bytes"
[ ! -s "$tmp/err" ]
ok $? "a script that sleeps: nothing is refused"

# Files say what runs, and the end is told.
sed 's|^echo on > 0/state|&\
cat 0/pid\
sleep 1\
echo off > 0/state\
cat 0/pid\
sleep 1\
echo commit > 0/state|' models/scenarios/config-a.sh | sed '/^set -e/d' \
	> "$tmp/off.sh"
"$bin" run -q --sysfs "$tmp/off.sh" models/scenarios/config-a.yaml \
	-s duration=3s > "$tmp/out" 2> "$tmp/err"
ok $? "a script that switches off"
[ "$(head -n 2 "$tmp/out" | tr '\n' ' ')" = "1 -1 " ]
ok $? "pids: $(head -n 2 "$tmp/out" | tr '\n' ' ')"
grep -q '^monitor .* ticks.*; switched off in the end$' "$tmp/out"
ok $? "switched off: $(grep '^monitor' "$tmp/out")"
grep -q "^$tmp/off.sh:[0-9]*: echo: .*(ECANCELED)\$" "$tmp/err"
ok $? "a commit to nobody: $(cat "$tmp/err")"

# Goals are taken alone; all else that was written waits for a commit.
intervals=0/contexts/0/monitoring_attrs/intervals
sed "s|^echo on > 0/state|&\\
echo 10000 > $intervals/sample_us\\
echo 8000 > 0/contexts/0/schemes/0/quotas/goals/0/target_value\\
sleep 1\\
echo commit_schemes_quota_goals > 0/state\\
echo update_tuned_intervals > 0/state\\
cat $intervals/sample_us\\
sleep 2|" models/scenarios/config-a.sh > "$tmp/goals.sh"
"$bin" run -q --sysfs "$tmp/goals.sh" models/scenarios/config-a.yaml \
	-s duration=4s > "$tmp/out" 2> "$tmp/err"
ok $? "a script that commits goals"
[ "$(head -n 1 "$tmp/out")" = 5000 ]
ok $? "goals alone: the interval is $(head -n 1 "$tmp/out")"
grep -q 'of node 0, target 80.00 %' "$tmp/out"
ok $? "goals alone: the goal is another"

# Refused as the kernel refuses, with the line, and the run goes on.
sed 's|^echo on > 0/state|&\
echo on > 0/state\
echo 7 > 0/nothing|' models/scenarios/config-a.sh | sed '/^set -e/d' \
	> "$tmp/twice.sh"
"$bin" run -q --sysfs "$tmp/twice.sh" models/scenarios/config-a.yaml \
	-s duration=1s > /dev/null 2> "$tmp/err"
ok $? "a script with failures"
line=$(grep -n '^echo on' "$tmp/twice.sh" | sed -n '2s/:.*//p')
grep -q ":$line: .*[Bb]usy" "$tmp/err"
ok $? "on twice is busy"
grep -q ":$((line + 1)): .*No such file" "$tmp/err"
ok $? "there is no such file"

# What is no shell that is understood ends it.
echo 'while true; do :; done' > "$tmp/bad.sh"
"$bin" run -q --sysfs "$tmp/bad.sh" > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q 'bad.sh:1' "$tmp/err"
ok $? "a script that is not understood"
"$bin" run -q --sysfs "$tmp/none.sh" > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q 'none.sh' "$tmp/err"
ok $? "a script that is not there"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
