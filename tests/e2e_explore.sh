#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# damonsim explore as a user meets it: what it prints, what it stores and plays
# again, what it refuses, how it ends; and the posted design's weaknesses, found
# within 5 s each, which ours has not.
#
# usage: tests/e2e_explore.sh DAMONSIM
#
# The posted design is made by `make published`; without it that part is left
# out.
set -u
ours=$(realpath "$1")
theirs=${PUBLISHED:-$(dirname "$ours")/../published/damonsim}
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
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

# wanted exit code, what, arguments: output in out, errors in err
run()
{
	local want=$1 what=$2
	shift 2
	"$ours" explore "$@" >out 2>err
	local rc=$?
	[ $rc = "$want" ]
	ok $? "$what: exit $rc: $(head -c 300 err)"
}

# The last run's errors have all these words.
says()
{
	local word
	for word; do
		grep -qF -- "$word" err
		ok $? "not \"$word\": $(cat err)"
	done
	[ "$(wc -l <err)" = 1 ]
	ok $? "more than a line: $(cat err)"
}

# The last run's output is one object of which this holds.
holds()
{
	jq -e -s "length == 1 and (.[0] | $1)" out >/dev/null
	ok $? "not $1"
}

run 0 list --list
for word in nested "cpu0: push; push" stranded properties; do
	grep -qF "$word" out
	ok $? "--list without $word"
done
run 0 help --help
run 0 "a shipped scene" -m weak push-drain
grep -q '^push-drain .*weak .*holds .*all [0-9]* executions' out
ok $? "push-drain: $(cat out)"
run 0 quiet -q push-drain
[ ! -s out ]
ok $? "-q prints"
run 0 "a scene of mine" --json -m sc --seed 7 "cpu0: push / kd0: drain"
holds '.executions > 0 and .exhausted == true and .violations == [] and
	.seed == 7 and (.scenes | length) == 1 and .scenes[0].scene == "given"'
run 0 "all models" --json nested
holds '[.scenes[].model] == ["sc", "tso", "weak"] and .exhausted'
run 0 "a limit" --json -m tso --executions 100 nested-twice
holds '.exhausted == false and .violations == []'
for how in bounded pct walk guided; do
	run 0 $how --json -m weak --strategy $how --executions 300 nested
	holds '.executions > 0 and .violations == []'
done

# Same seed, same bytes, whatever the number of jobs.
for how in pct walk guided; do
	for jobs in 1 3; do
		"$ours" explore --json --strategy $how --executions 300 \
			--seed 5 -j $jobs nested two-cpus full |
			jq 'del(.. | .seconds?)' >same.$jobs
	done
	cmp -s same.1 same.3
	ok $? "$how: jobs make a difference"
done

# What is wrong is said in one line, with exit code 2.
run 2 "no such scene" nosuch
says nosuch --list
run 2 "a wrong verb" "cpu0: push
kd0: drain
nmi0: jump"
says "line 3" jump nmi0
run 2 "no acts" "cpu0:"
says "line 1"
run 2 "no such model" -m arm push-drain
says arm
run 2 "no such strategy" --strategy luck push-drain
says luck
run 2 "chance without an end" --strategy pct --time 0 push-drain
says --executions
run 2 "a folder that can not be" -o "$tmp/a/b" push-drain
says "a/b"
run 2 "a corpus that can not be" --strategy guided --executions 10 \
	--corpus "$tmp/a/b" push-drain
says "a/b"
run 2 "no such file" --replay nosuch
says nosuch
run 2 "an empty file" --replay /dev/null
says /dev/null
echo "hello" >hello
run 2 "another file" --replay hello
says "hello:1" "damonsim-explore 1"

# What would take years is said, with how many.
many="cpu0: push;push;push;push / nmi0: push / nmi0: push / nmi0: push /
	cpu1: push;push;push;push / kd0: drain;drain;drain;drain"
more="$many / cpu2: push;push;push;push / cpu3: push;push;push;push /
	nmi1: push / nmi2: push / nmi3: push / nmi3: push"
for how in "bounded --bound 100" exhaustive; do
	begun=$SECONDS
	# shellcheck disable=SC2086 # a name and its option
	run 2 "years, $how" -m weak --strategy $how "$more"
	grep -Eq 'would take about .*(days|years).*--time' err
	ok $? "years, $how: $(cat err)"
	[ $((SECONDS - begun)) -lt 15 ]
	ok $? "years, $how: said after $((SECONDS - begun)) s"
done

# Interrupted: what was seen until then.
"$ours" explore --json -m all --time 100 -j 2 push-drain \
	"$many" >out 2>err &
pid=$!
sleep 2
kill -INT $pid
begun=$SECONDS
wait $pid
rc=$?
[ $rc = 0 ] && [ $((SECONDS - begun)) -lt 5 ]
ok $? "interrupted: exit $rc after $((SECONDS - begun)) s: $(cat err)"
holds '.executions > 0 and .exhausted == false and .violations == []'

# A stored interleaving that holds; then one of another revision.
id=$("$ours" explore --json -m sc push-drain | jq -r .hotpath)
cat >stored <<END
damonsim-explore 1
hotpath $id
model weak
scene
	cpu0: push
	kd0: drain
turns
	cpu0 x2
	kd0 x1
END
run 0 "played again" --replay stored
grep -q 'cpu0: ' out && grep -q 'all properties hold' out
ok $? "played again: no table"
run 0 "from standard input" --replay - <stored
run 0 "as JSON" --json --replay stored
holds '.same and .property == ""'
sed 's/^model weak/&\nproperty stranded\nmessage x/' stored >other
run 0 "it does not go as it says" --replay other
grep -q 'did not go' out
ok $? "a violation that is none is not noticed"
sed 's/^hotpath .*/hotpath 0123456789abcdef/' stored >other
run 2 "another revision" --replay other
says "other:2" 0123456789abcdef "$id"

if [ ! -x "$theirs" ]; then
	echo "no posted design to explore; make published"
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
	exit
fi
theirs=$(realpath "$theirs")

# id, scene, property, models: theirs breaks it so under each, ours holds
breaks()
{
	local id=$1 scene=$2 property=$3 model rc
	shift 3
	for model; do
		"$theirs" explore --json "$scene" >out 2>err
		rc=$?
		[ $rc = 1 ]
		ok $? "$id: $scene: exit $rc: $(cat err)"
		holds "[.violations[] | select(.model == \"$model\") |
			.property] | index(\"$property\") != null"
	done
	"$ours" explore --json "$scene" >out 2>err
	ok $? "$id: $scene breaks ours"
	holds '.violations == []'
}

breaks B1 push-drain stranded weak
holds '.exhausted'
"$theirs" explore --json -m tso push-drain >out 2>err
ok $? "B1: push-drain under tso"
holds '.exhausted and .violations == []'
breaks B3 offline stranded sc tso weak
breaks B4 first-event armed sc
breaks B5 faults owner sc
breaks B7 refused-start all-or-nothing sc
breaks A11 refused all-or-nothing sc
breaks B8 commit-same undisturbed sc
breaks B12 stolen armed sc
breaks B19 hotplug-arm use-after-release sc
breaks B20 pause disarmed sc

# What is stored is played again to the same end, and the same table.
"$theirs" explore -q -m weak push-drain >table
file=explore-push-drain-weak-stranded.txt
"$theirs" explore --replay $file >again
[ $? = 1 ]
ok $? "--replay of what breaks"
"$theirs" explore --replay - <$file | cmp -s again -
ok $? "--replay from standard input is another"
grep -q 'STALE' again && grep -q 'ring.h:' again
ok $? "no table: $(head -5 again)"
# All of it was printed when it was found.
[ "$(grep -cxFf again table)" -ge "$(wc -l <again)" ]
ok $? "another table than when it was found"
run 2 "the posted design's file" --replay $file
says "$file:2" revision

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
