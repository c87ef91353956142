#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What run -o writes, read by other programs; its samples, replayed; a run that
# is interrupted or whose disk fills.
#
# usage: tests/e2e_run_output.sh DAMONSIM

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

# runs NAME ARG...: into $tmp/NAME.
runs()
{
	local name=$1
	shift
	"$tool" run -q --no-time -o "$tmp/$name" "$@" >"$tmp/text" 2>"$tmp/err"
	is "$name: exit" $? 0
	is "$name: nothing on standard error" "$(cat "$tmp/err")" ""
}

# The same as without, and the same however many threads play.
runs out --samples -j 1 $dir/hello.yaml
runs again --samples -j 4 $dir/hello.yaml
"$tool" run -q --no-time --json $dir/hello.yaml >"$tmp/report.json"
is "files" "$(cd "$tmp/out" && echo *)" \
	"damon.data damon.data.json report.json samples.dst trace.json trace.txt"
is "report" "$(cmp "$tmp/report.json" "$tmp/out/report.json" 2>&1)" ""
for file in damon.data damon.data.json trace.json trace.txt report.json; do
	is "threads: $file" "$(cmp "$tmp/out/$file" "$tmp/again/$file" 2>&1)" ""
done
is "threads: samples" "$("$tool" trace cat "$tmp/out/samples.dst" | cksum)" \
	"$("$tool" trace cat "$tmp/again/samples.dst" | cksum)"

# A snapshot every 100 ms from 0 on, some us late each.
is "snapshots" "$(jq '[.[0].snapshots[] | (.end_time | tonumber) -
	(.start_time | tonumber)] | length > 40 and all(. > 99e6 and . < 2e8)' \
	"$tmp/out/damon.data.json")" true
is "packed" "$(perl -MCompress::Zlib -e 'local $/; print uncompress(<>)' \
	"$tmp/out/damon.data" | cmp - "$tmp/out/damon.data.json" 2>&1)" ""
is "from 0" "$(jq -r '.[0].snapshots[0].start_time' \
	"$tmp/out/damon.data.json")" 0
is "windows" "$(jq '[.traceEvents[] | select(.name == "window")] | length' \
	"$tmp/out/trace.json")" \
	"$(jq '.[0].snapshots | length' "$tmp/out/damon.data.json")"

is "samples: in order" "$("$tool" trace cat "$tmp/out/samples.dst" |
	sort -c -s -n -k 1,1 2>&1)" ""

# The trace of samples says where it is from, and a replay finds the same.
"$tool" trace info --json "$tmp/out/samples.dst" >"$tmp/info"
is "truth" "$(jq ".truth | .blocks == 256 and .precision > 0.6 and .recall > 0.8 and
	.rank_correlation > 0 and .windows > 40" "$tmp/out/report.json")" true
is "origin" "$(jq -r '[.origin, .seed, .nr_cpus_online, .whole,
	.events[0].type, .events[0].period] | join(" ")' "$tmp/info")" \
	"damonsim run 1 4 true 11 262144"
is "command" "$(jq -r .cmdline "$tmp/info")" \
	"damonsim run -q --no-time -o $tmp/out --samples -j 1 $dir/hello.yaml"
is "machine" "$(jq -r .cpu_desc "$tmp/info")" \
	"4 at 3000 MHz, rings of 256, 2 nodes with 2.000 GiB"

# same NAME DIR: replayed as it was monitored, all that does not hang on when the
# kdamond woke up; what was raised without data is no sample of a trace.
same()
{
	sed -n '/^kdamonds:/,/^[a-jl-z]/p' "$dir/$1.yaml" | sed '1!{/^[a-z]/d}' \
		>"$tmp/k.yaml"
	"$tool" replay -q -c "$tmp/k.yaml" --json --heatmap 0x0 \
		"$tmp/$2/samples.dst" >"$tmp/replay.json" 2>"$tmp/err"
	is "$1: replay" "$?$(cat "$tmp/err")" 0
	for file in "$tmp/replay.json" "$tmp/$2/report.json"; do
		jq -c '.conservation | .raised - .lost.no_sample,
			(.lost | del(.ring_full, .no_sample)),
			.credited + .absorbed + .in_rings + .lost.ring_full' \
			"$file" >"$file.sum"
	done
	is "$1: replayed" "$(cat "$tmp/replay.json.sum")" \
		"$(cat "$tmp/$2/report.json.sum")"
}
same hello out
for name in stale-addr guest-and-host ring-overflow commit-storm \
	nested-report throttled; do
	runs $name --samples $dir/$name.yaml
done
same guest-and-host guest-and-host
same ring-overflow ring-overflow
same stale-addr stale-addr
same nested-report nested-report
same throttled throttled

# Each time that an event was stopped, and when it went on: nothing of it was
# raised between.
is "throttled: as often as was counted" "$("$tool" trace info --json \
	"$tmp/throttled/samples.dst" | jq .records.throttle)" \
	"$(jq .sampling.throttled "$tmp/throttled/report.json")"
is "throttled: no sample of a stopped event" \
	"$("$tool" trace cat "$tmp/throttled/samples.dst" | awk '
		$2 != "cpu" { next }
		/ throttle / { off[$3] = 1; nr++ }
		/ unthrottle / { off[$3] = 0 }
		/ sample / && off[$3] { bad++ }
		END { print (nr > 1000), bad + 0 }')" "1 0"

# Every loss is told by its cause, and they add up.
told()
{
	sed -n "s/.*damon_perf_lost_$2: .*nr=//p" "$tmp/$1/trace.txt" |
		awk '{ n += $1 } END { print n + 0 }'
}
for name in out ring-overflow guest-and-host stale-addr; do
	for cause in no_addr ring_full guest no_sample kernel_addr; do
		is "$name: lost $cause" "$(told $name $cause)" \
			"$(jq .conservation.lost.$cause "$tmp/$name/report.json")"
	done
done
is "some were lost" "$(($(told ring-overflow ring_full) > 0))" 1

# A fault is a mark, and a commit that brings schemes brings their rows.
is "marks" "$(jq '[.traceEvents[] | select(.ph == "i" and
	.name == "commit")] | length > 10' "$tmp/commit-storm/trace.json")" true

# A run may end while something is still wrong.
runs deactivate -s 'duration=3 s' $dir/deactivate.yaml

# Without events there are no samples, and that is a trace too.
runs refused --samples $dir/create-refused.yaml
is "refused: trace" "$("$tool" trace info --json "$tmp/refused/samples.dst" |
	jq -c '[.nr_records, .whole]')" "[0,true]"

# Goals under the kernel's own name.
runs goal -s 'duration=20 s' $dir/temporal-settles.yaml
is "goals" "$(sed -nE 's/.*damos_node_eligible_mem_bp: (context_idx=0 scheme_idx=[01] nid=[01] target_value=5000) current_value=[0-9]+$/\1/p' \
	"$tmp/goal/trace.txt" | sort | uniq -c | awk '{ print ($1 > 5), $3, $4 }')" \
	"1 scheme_idx=0 nid=0
1 scheme_idx=1 nid=1"

# Only into an empty directory, and only what belongs together.
"$tool" run -q -o "$tmp/out" $dir/hello.yaml >/dev/null 2>"$tmp/err"
is "not empty: exit" $? 2
is "not empty: told" "$(grep -c 'not empty; --force' "$tmp/err")" 1
runs out --force $dir/hello.yaml
is "force: nothing old" "$([ -e "$tmp/out/samples.dst" ]; echo $?)" 1
"$tool" run -q --samples $dir/hello.yaml >/dev/null 2>"$tmp/err"
is "samples alone: exit" $? 2
is "samples alone: told" "$(cat "$tmp/err")" \
	"damonsim run: '--samples' goes with -o"

# Told to end, it has what there was so far.
for sig in INT TERM; do
	# Signals that a shell's background jobs ignore are taken all the same.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$tool" run -q --samples \
		-s 'duration=10 h' -o "$tmp/ended$sig" $dir/hello.yaml \
		>"$tmp/text" 2>"$tmp/err" &
	pid=$!
	for _ in {1..100}; do
		[ -s "$tmp/ended$sig/trace.txt" ] && break
		sleep 0.1
	done
	kill -$sig $pid
	wait $pid
	is "$sig: exit" $? 2
	is "$sig: told" "$(grep -cE \
		'^damonsim run: interrupted at [0-9.]+ s of 36000.000 s$' \
		"$tmp/err")" 1
	is "$sig: said in the text" "$(grep -c INTERRUPTED "$tmp/text")" 1
	is "$sig: accounted for" "$(grep -c 'lost: holds' "$tmp/text")" 1
	is "$sig: said in the report" \
		"$(jq .interrupted "$tmp/ended$sig/report.json")" true
	is "$sig: whole" "$(jq -s length "$tmp/ended$sig"/*.json)" 3
	is "$sig: all samples" "$("$tool" trace info --json \
		"$tmp/ended$sig/samples.dst" | jq .nr_samples)" \
		"$(jq .conservation.raised "$tmp/ended$sig/report.json")"
	rm -r "$tmp/ended$sig"
done

# The disk fills: told, with what is saved, and what is saved can be read.
(
	trap '' XFSZ
	ulimit -f 400
	"$tool" run -q --samples -s 'duration=20 s' -o "$tmp/full" \
		$dir/hello.yaml >"$tmp/text" 2>"$tmp/err"
)
is "full: exit" $? 2
is "full: ran to its end" "$(grep -c 'lost: holds' "$tmp/text")" 1
is "full: snapshots told" "$(sed -n \
	's/.*damon.data.json: .*; the first \([0-9]*\) snapshots are.*/\1/p' \
	"$tmp/err")" \
	"$(jq '.[0].snapshots | length' "$tmp/full/damon.data.json")"
is "full: lines told" "$(grep -c 'trace.txt: .* lines are saved' \
	"$tmp/err")" 1
saved=$(sed -n 's/.*samples.dst: .* \([0-9]*\) records in .*/\1/p' "$tmp/err")
is "full: samples told" "$((${saved:-0} > 60000))" 1
is "full: samples saved" "$("$tool" trace info --json "$tmp/full/samples.dst" \
	2>/dev/null | jq .nr_records)" "$saved"

echo "e2e run output: $passed passed, $failed failed"
[ $failed -eq 0 ]
