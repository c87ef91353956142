#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a simulated sample costs in closed loop: over threads of ours, CPUs of the
# machine, and its memory. One thread's cost is 1, all others are ratios of it.
#
# usage: closed_loop.sh DAMONSIM [RESULTS]
#
# With RESULTS numbers go there as closed_loop.json, and where the time goes as
# closed_loop.profile, if perf can tell.
set -eu
bin=$(realpath "$1")
out=${2:+$(realpath "$2")}
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Simulated seconds: enough that building the machine does not count.
seconds=${SECONDS_SIMULATED:-60}
rounds=${ROUNDS:-3}

# cpus, GiB each: every CPU runs a thread, nothing is migrated.
scenario()
{
	cat <<-END
	duration: ${seconds} s
	machine:
	  pmu: ibs_zen5
	  cpus: $1
	  clock_mhz: 3700
	  nodes:
	  - {name: dram, size: $(($1 * $2)) GiB}
	workloads:
	- {pattern: memcpy, threads: $1, size: $2 GiB, start: 100 TiB, huge: on,
	   scattered: on}
	kdamonds:
	- contexts:
	  - ops: paddr
	    targets:
	    - regions:
	      - {start: 0, end: $(($1 * $2)) GiB}
	    intervals: {sample_us: 5 ms, aggr_us: 100 ms, ops_update_us: 1 s}
	    nr_regions: {min: 10, max: 1000}
	    sample_control:
	      perf_events:
	      - {type: 11, config: 0, freq: off, sample_period: 262144,
	         sample_phys_addr: on, exclude_kernel: off, exclude_hv: off}
	END
}

# threads, file: nanoseconds of wall time a sample, the least of the rounds, so
# that what else runs here counts least; and times real time.
measure()
{
	i=0
	while [ $i -lt "$rounds" ]; do
		"$bin" run -q --json -j "$1" "$2"
		i=$((i + 1))
	done | jq -s -r 'map({ns: (.wall_s * 1e9 / .conservation.raised),
		speed: (.simulated_s / .wall_s)}) | min_by(.ns) |
		"\(.ns) \(.speed)"'
}

row()
{
	measure "$2" "$3" > "$tmp/now"
	read -r ns speed < "$tmp/now"
	base=${base:-$ns}
	printf '%-34s %8.1f ns %8.2f %8.0f times real time\n' "$1" "$ns" \
		"$(echo "$ns $base" | awk '{ print $1 / $2 }')" "$speed"
	printf '{"what": "%s", "threads": %s, "ns_per_sample": %s, "speed": %s}\n' \
		"$1" "$2" "$ns" "$speed" >> "$tmp/rows"
}

printf '%-34s %11s %8s\n' "closed loop" "a sample" "ratio"
base=
scenario 32 4 > "$tmp/s.yaml"
for j in 1 2 4; do
	[ "$j" -le "$(nproc)" ] && row "32 CPUs, 128 GiB, $j threads" "$j" \
		"$tmp/s.yaml"
done
for c in 1 8 144; do
	scenario "$c" 1 > "$tmp/s.yaml"
	row "$c CPUs, $c GiB, 1 thread" 1 "$tmp/s.yaml"
done
for g in 1 32; do
	scenario 32 "$g" > "$tmp/s.yaml"
	row "32 CPUs, $((32 * g)) GiB, 1 thread" 1 "$tmp/s.yaml"
done
sed "s/^duration:.*/duration: $((4 * seconds)) s/" \
	models/scenarios/config-a.yaml > "$tmp/a.yaml"
row "Configuration A, $(nproc) threads" "$(nproc)" "$tmp/a.yaml"
sed "s/^duration:.*/duration: $seconds s/" \
	models/scenarios/config-b.yaml > "$tmp/b.yaml"
row "Configuration B, $(nproc) threads" "$(nproc)" "$tmp/b.yaml"

[ -n "$out" ] || exit 0
jq -s '{rows: .}' "$tmp/rows" > "$out/closed_loop.json"
if perf record -q -o "$tmp/perf" -F 999 "$bin" run -q --json -j 1 \
	"$tmp/a.yaml" > /dev/null 2>&1; then
	perf report -i "$tmp/perf" --stdio --no-children 2> /dev/null |
		grep '%' | head -n 24 > "$out/closed_loop.profile"
fi
