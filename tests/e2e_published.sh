#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The posted design next to ours on the same machines: each known weakness that
# concerns runs shows there and is absent here, and the posted ring keeps of a
# rate what arithmetic says it keeps.
#
# usage: tests/e2e_published.sh DAMONSIM
#
# The other one is made by `make published`; without it nothing is tested.
# jq's own variables stand in the expressions.
# shellcheck disable=SC2016
set -u
ours=$(realpath "$1")
theirs=${PUBLISHED:-$(dirname "$ours")/../published/damonsim}
cd "$(dirname "$0")/.." || exit 1
if [ ! -x "$theirs" ]; then
	echo "skipped: no posted design to run; make published"
	exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0
failed=0

# id, scenario, what holds of ours ($o) and of theirs ($t)
differ()
{
	local file=models/scenarios/$2.yaml
	"$ours" run -q --json --no-time "$file" > "$tmp/o"
	"$theirs" run -q --json --no-time "$file" > "$tmp/t"
	if jq -e -n --slurpfile a "$tmp/o" --slurpfile b "$tmp/t" \
		"\$a[0] as \$o | \$b[0] as \$t |
		def kept: .conservation | (.credited + .absorbed) /
			(.raised - .lost.no_addr - .in_rings + 0.001);
		(\$o.conservation.holds and \$t.conservation.holds) and ($3)" \
		> /dev/null; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1, $2: not $3"
	fi
}

# Addresses whose flags are clear are believed.
differ A8-B16 stale-addr \
	'$o.conservation.lost.no_addr > 20000 and $t.conservation.lost.no_addr == 0
	and ($t.conservation | .credited + .absorbed) >
	1.2 * ($o.conservation | .credited + .absorbed)'
# The first event by a commit is never armed, and nothing is seen from then on.
differ B4 commit-first-events \
	'$o.conservation.raised > 50000 and $t.conservation.raised == 0'
# Creation that fails is not told.
differ B7 create-refused \
	'$o.monitor.start != "0" and $t.monitor.start == "0" and
	$t.conservation.raised == 0'
# An unrelated commit makes all events anew.
differ B8 commit-storm \
	'$t.sampling.events_created > 3 * $o.sampling.events_created'
# After a tick that comes late most of what the ring holds is too old.
differ B9 stalled-tick '($o | kept) > 0.98 and ($t | kept) < 0.4 and
	$t.conservation.lost.stale > 40000 and $o.conservation.lost.stale == 0'
differ B11 late-wakeup '($o | kept) > ($t | kept) + 0.02'
# Whoever loses the PMU stays blind.
differ B12 pmu-taken \
	'$t.conservation.raised < 0.95 * $o.conservation.raised'
# In a pause, and while all schemes sleep, interrupts go on.
differ B20 pause '$t.conservation.raised > 1.3 * $o.conservation.raised and
	$o.conservation.lost.ring_full == 0 and
	$t.conservation.lost.ring_full > 50000'
differ B20 deactivate \
	'$t.conservation.raised > 1.2 * $o.conservation.raised'
# A guest's addresses are taken for the host's.
differ B17 guest-and-host \
	'$o.conservation.lost.guest > 0 and $t.conservation.lost.guest == 0'

# Share of one CPU's samples that is credited: per second, interval and period
# in microseconds, and the arithmetic of the posted design: 255 slots, oldest
# kept, nothing older than the interval.  A jiffy is a millisecond here, and
# what is a part of one too old is not seen to be.
keeps()
{
	local late=$(($3 - $2)) got
	cat > "$tmp/s.yaml" <<-END
	duration: 8 s
	machine:
	  pmu: ibs_zen5
	  cpus: 1
	  hz: 1000
	  clock_mhz: 4000
	  wakeup: 0
	  pmu_knobs: {nmi: 0}
	  nodes: [{name: dram, size: 1 GiB}]
	workloads:
	- {pattern: hotset, size: 64 MiB, hot: 100 %, hot_access: 100 %}
	kdamonds:
	- contexts:
	  - ops: paddr
	    targets: [{regions: [{start: 0, end: 1 GiB}]}]
	    intervals: {sample_us: $2 us, aggr_us: $((4 * $2)) us,
	                ops_update_us: 1 s}
	    nr_regions: {min: 10, max: 100}
	    sample_control:
	      perf_events:
	      - {type: 11, config: 0, freq: off,
	         sample_period: $((4000000000 * 85 / 100 / $1 / 16 * 16)),
	         sample_phys_addr: on, exclude_kernel: off, exclude_hv: off}
	END
	[ $late = 0 ] || echo "faults: [{fault: late_wakeup, for: $late us}]" \
		>> "$tmp/s.yaml"
	got=$("$theirs" run -q --json --no-time "$tmp/s.yaml" |
		jq '.conservation | (.credited + .absorbed) /
			(.raised - .lost.no_addr - .in_rings)')
	if awk -v got="$got" -v want="$4" -v jiffy="$(echo "$3" |
		awk '{ print 1000 / $1 }')" 'BEGIN {
			exit !(got >= want - 0.03 && got <= want + jiffy + 0.03) }'; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1/s, $2 us, every $3 us: $got, not $4"
	fi
}

row()
{
	keeps "$1" 5000 5000 "$2"
	keeps "$1" 5000 5500 "$3"
	keeps "$1" 5000 20000 "$4"
	keeps "$1" 5000 70000 "$5"
	keeps "$1" 100000 100000 "$6"
	keeps "$1" 100000 105000 "$7"
	keeps "$1" 1000000 1000000 "$8"
}

row 1000 1.00 0.91 0.25 0.07 1.00 0.95 0.26
row 4000 1.00 0.91 0.25 0.00 0.64 0.56 0.06
row 5003 1.00 0.91 0.25 0.00 0.51 0.44 0.05
row 13000 1.00 0.91 0.23 0.00 0.20 0.14 0.02

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
