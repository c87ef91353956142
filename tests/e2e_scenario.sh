#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every shipped scenario runs and accounts for each of its samples, and those
# that are there to show something show it, by the numbers of --json.
#
# usage: tests/e2e_scenario.sh DAMONSIM

set -u

tool=$1
dir=models/scenarios
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

ok()
{
	passed=$((passed + 1))
}

fail()
{
	failed=$((failed + 1))
	echo "FAILED: $*"
}

# shows NAME JQ [SET...]: what the run says is so.
shows()
{
	local file=$dir/$1.yaml expr=$2 set=() s
	shift 2
	for s; do
		set+=(--set "$s")
	done
	if ! "$tool" run -q --json --no-time "${set[@]}" "$file" \
		>"$tmp/out" 2>"$tmp/err"; then
		fail "$file $*: $(head -n 2 "$tmp/err")"
	elif ! jq -e "$expr" "$tmp/out" >/dev/null; then
		fail "$file $*: not $expr"
		jq -c '.conservation, .schemes, .monitor, .faults' "$tmp/out"
	else
		ok
	fi
}

# All of them, the long ones not to their end.
for file in "$dir"/*.yaml; do
	name=${file##*/}
	name=${name%.yaml}
	short=()
	case $name in
	config-*) short=('duration=2 s' 'machine.cpus=36') ;;
	may-*) short=('duration=2 s' 'settle=1 s' 'faults=[]') ;;
	consist-overshoot | temporal-settles) short=('duration=10 s') ;;
	esac
	shows "$name" '.conservation.holds' "${short[@]}"
done

# Share of samples with an address that gave or found an access.
seen='((.conservation.credited + .conservation.absorbed) /
	(.conservation.raised - .conservation.lost.no_addr))'
lost='.conservation.lost'
moved='([.schemes[].applied_bytes] | add)'

# The loop: the hot tenth, some of what is beside it, and no more.
shows hello '.workloads[0].bytes_on_node[0] / 536870912 | . > 0.08 and . < 0.25'

# Each fault is raised; of the process that has its memory nothing is found.
shows page-faults '.conservation.raised == 102400 and .truth.recall < 0.1'
shows page-faults '.conservation.raised == 0' \
	kdamonds.0.contexts.0.sample_control.perf_events.0.config=6

# One thread's ring for all regions, and a ring for each of four.
full="$lost.ring_full / .conservation.raised"
shows page-fault-ring "$full > 0.6 and $full < 0.75"
shows page-fault-ring "$lost.ring_full == 0" 'workloads.0.threads=4'
shows page-fault-ring "$lost.ring_full == 0" 'machine.ring_capacity=1024'

# What must be counted, by its name.
shows pebs-paddr "$lost.wrong_space == .conservation.raised"
shows pebs-paddr ".conservation.raised > 10000"
shows stale-addr "$lost.no_addr / .conservation.raised |
	. > 0.21 and . < 0.26"
shows stale-addr "$lost.no_addr / .conservation.raised |
	. > 0.14 and . < 0.16" 'faults=[]'
shows stale-addr "$lost.no_sample > 0 and $lost.kernel_addr > 0"
shows guest-and-host "$lost.guest / .conservation.raised |
	. > 0.4 and . < 0.45"
shows addr-unit "$seen > 0.99"
shows nested-report "$seen > 0.99 and .conservation.raised > .sampling.samples"

# What must not be lost.
shows stalled-tick "$seen > 0.98"
shows late-wakeup "$seen > 0.99"
for hz in 100 250 300; do
	shows late-wakeup "$seen > 0.99" machine.hz=$hz
done
shows ring-overflow "$lost.ring_full / .conservation.raised > 0.8"
shows ring-overflow "$lost.ring_full == 0" machine.ring_capacity=16384
shows nmi-storm "$lost.ring_full > 10000"
shows nmi-storm "$lost.ring_full == 0" 'faults=[]'
shows walk-stall "$lost.ring_full / .conservation.raised > 0.9 and
	.monitor.stalled_s / .simulated_s > 0.9"

# What the kernel answers.
shows create-refused '.monitor.start == "ENODEV" and .monitor.ticks == 0'
shows one-cpu-refuses '.monitor.start == "ENODEV" and .sampling.samples == 0'
shows second-context '.faults[0].result == "EBUSY" and .faults[0].struck == 8'
shows no-memory '.faults[1].result == "ENOMEM" and .sampling.samples > 170000'

# Commits, pauses and hotplug leave no hole.
shows commit-storm '.faults[0].struck == 40 and .sampling.events_created == 144'
shows commit-first-events '.sampling.samples / 22354 | . > 2.9 and . < 3.1'
shows pause '.sampling.samples / 44660 | . > 4.9 and . < 5.1'
shows deactivate '.sampling.samples / 44660 | . > 4.9 and . < 5.2'
shows pmu-taken '.sampling.samples / 44660 | . > 6.3 and . < 6.6'
shows throttled '.sampling.samples / 44660 | . > 2.3 and . < 2.8'
shows throttled '.sampling.throttled > 10000'

# By weights: the memory of the process comes to lie as they say, and stays.
shows config-b '.goals | length == 2 and all(.metric == "dest_bytes_bp" and
	.converged_s < 60 and .last_left_s == null and
	.offset_bp > -30 and .offset_bp < 30)' 'duration=90 s'
shows config-b '[.goals[].target_bp] == [7500, 2500]' 'duration=1 s' \
	'kdamonds.0.contexts.0.schemes.0.dests=[{id: 0, weight: 2},
	{id: 1, weight: 1}, {id: 0, weight: 1}]'

# Schemes and their tuners.
shows consist-bootstrap "$moved == 0" 'duration=11 s'
shows consist-bootstrap "$moved > 0" 'duration=16 s'
shows temporal-settles '.workloads[0].bytes_on_node |
	.[0] / add | . > 0.45 and . < 0.6' 'duration=20 s'
shows quota-above-memory "$moved == 536870912"
shows quota-above-memory "$moved <= 11 * 8388608" \
	'kdamonds.0.contexts.0.schemes.0.quotas.sz_bytes=8 MiB'
# What is really cold for half a second is little, and by chance.
shows blind-is-not-cold "$moved > 100000000"
shows blind-is-not-cold "$moved < 4000000" 'faults=[]'
shows tlb-blind '.schemes[0].tried_bytes == 0'
shows tlb-blind '.schemes[0].tried_bytes > 1073741824' workloads.0.huge=off

# Another seed is another run, the same is the same.
for seed in 1 2 1; do
	"$tool" run -q --json --no-time --seed $seed "$dir/hello.yaml" \
		>"$tmp/seed$seed.$passed"
	ok
done
set -- "$tmp"/seed1.*
if ! cmp -s "$1" "$2" || cmp -s "$1" "$tmp"/seed2.*; then
	fail "hello.yaml: the seed does not decide"
fi

echo "e2e scenario: $passed passed, $failed failed"
[ $failed -eq 0 ]
