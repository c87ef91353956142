#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What replay -o writes, read by other programs: zlib, JSON, ftrace's lines.
#
# usage: tests/e2e_output.sh DAMONSIM

set -u

tool=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
capture=traces/samples/hotcold.data

is()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $1: found $2, expected $3"
}

cat >"$tmp/config.yaml" <<END
kdamonds:
- contexts:
  - ops: vaddr
    targets: [{pid: $("$tool" replay $capture | sed -n \
	's/.*: process \([0-9]*\),.*/\1/p' | head -n 1)}]
    intervals: {sample_us: 25 ms, aggr_us: 500 ms, ops_update_us: 1 s}
    schemes:
    - action: migrate_hot
      target_nid: 1
      access_pattern:
        sz_bytes: {min: 4 KiB, max: max}
        nr_accesses: {min: 20 %, max: 100 %}
        age: {min: 0 ns, max: max}
      quotas: {sz_bytes: 2 MiB, reset_interval_ms: 1 s}
END

"$tool" replay -c "$tmp/config.yaml" -o "$tmp/out" --ring 16 $capture \
	>"$tmp/text" 2>"$tmp/err"
is "exit" $? 0
is "nothing on standard error" "$(wc -c <"$tmp/err")" 0
is "files" "$(cd "$tmp/out" && echo *)" \
	"damon.data damon.data.json report.json trace.json trace.txt"

# perl's own modules: nothing to be installed.
perl -MJSON::PP -MCompress::Zlib -e '
	sub slurp { local (@ARGV, $/) = @_; <> }
	my $text = slurp("$ARGV[0]/damon.data.json");
	my $packed = slurp("$ARGV[0]/damon.data");
	my $records = decode_json($text);
	my $trace = decode_json(slurp("$ARGV[0]/trace.json"));
	my $report = decode_json(slurp("$ARGV[0]/report.json"));
	my ($bad, $last) = (0, 0);
	for my $s (@{$records->[0]{snapshots}}) {
		$bad++ if $s->{start_time} < $last;
		$bad++ if $s->{end_time} <= $s->{start_time};
		$last = $s->{end_time};
		my ($at, $sz) = (0, 0);
		for my $r (@{$s->{regions}}) {
			my ($a, $b) = map { s/,//gr } $r->{start}, $r->{end};
			$bad++ if $a < $at || $b <= $a;
			$at = $b;
			$sz += $b - $a;
		}
		$bad++ if $sz != $s->{total_bytes};
	}
	my @kinds = sort map { $_->{ph} } @{$trace->{traceEvents}};
	my %kinds = map { $_ => 1 } @kinds;
	print join(" ", uncompress($packed) eq $text ? "same" : "differs",
		   scalar @$records, scalar @{$records->[0]{snapshots}}, $bad,
		   join("", sort keys %kinds), $report->{seed}), "\n";
' "$tmp/out" >"$tmp/read" 2>&1
windows=$(sed -n 's/.* ticks, \([0-9]*\) windows.*/\1/p' "$tmp/text")
is "read by others" "$(cat "$tmp/read")" "same 1 $windows 0 CMXi 1"

# Every line is an event of DAMON, in the order of time.
trace=$tmp/out/trace.txt
line='^ *kdamond\.0-1 +\[[0-9]{3}\] \.{5} +[0-9]+\.[0-9]{6}: damo[ns]_?[a-z_]+: '
is "lines" "$(grep -v '^#' "$trace" | grep -vcE "$line")" 0
is "order" "$(grep -v '^#' "$trace" | awk '$4 + 0 < last { n++ }
	{ last = $4 + 0 } END { print n + 0 }')" 0
is "one line for each region and window" \
	"$(grep -c ': damon_aggregated: target_id=0 nr_regions=[0-9]* [0-9]*-[0-9]*: [0-9]* [0-9]*$' "$trace")" \
	"$(grep -o '"nr_accesses"' "$tmp/out/damon.data.json" | wc -l)"
is "applied as often as the report says" \
	"$(grep -c ': damos_before_apply: ctx_idx=0 scheme_idx=0 target_idx=0' "$trace")" \
	"$(grep -o '"nr_tried":[0-9]*' "$tmp/out/report.json" | cut -d: -f2)"

# Every loss is told by its cause, and they add up.
for cause in ring_full no_region no_target null_addr; do
	is "lost: $cause" \
		"$(sed -n "s/.*damon_perf_lost_$cause: .*nr=//p" "$trace" |
			awk '{ n += $1 } END { print n + 0 }')" \
		"$(grep -o "\"$cause\":[0-9]*" "$tmp/out/report.json" |
			cut -d: -f2)"
done
is "some were lost" \
	"$(sed -n 's/.*damon_perf_lost_ring_full: cpu=[0-9]* nr=//p' "$trace" |
		head -n 1 | grep -c '[1-9]')" 1

"$tool" replay -o "$tmp/out" $capture >"$tmp/text" 2>"$tmp/err"
is "not empty: exit" $? 2
is "not empty: told" "$(grep -c 'not empty; --force' "$tmp/err")" 1
"$tool" replay -o "$tmp/out" --force $capture >"$tmp/text" 2>"$tmp/err"
is "force: exit" $? 0

# Nothing of an earlier run is left beside what a later one has.
: >"$tmp/file"
"$tool" replay -o "$tmp/file" $capture >/dev/null 2>"$tmp/err"
is "a file: exit" $? 2
is "a file: told" "$(grep -c 'file: Not a directory' "$tmp/err")" 1
head -c 200000 $capture >"$tmp/cut.data"
"$tool" replay -o "$tmp/out" --force "$tmp/cut.data" >/dev/null 2>"$tmp/err"
is "cut: exit" $? 2
is "cut: files" "$(cd "$tmp/out" && echo *)" \
	"damon.data damon.data.json trace.json trace.txt"

# Told to end, it has what there was so far.
mkfifo "$tmp/fifo"
{
	cat "$tmp/cut.data"
	exec sleep 60
} >"$tmp/fifo" &
writer=$!
"$tool" replay -q -o "$tmp/ended" - <"$tmp/fifo" >/dev/null 2>"$tmp/err" &
pid=$!
for _ in {1..100}; do
	[ -e "$tmp/ended" ] && break
	sleep 0.1
done
sleep 0.5
kill -TERM $pid
kill $writer
wait $pid
is "ended: exit" $? 2
wait $writer 2>/dev/null
is "ended: told" "$(cat "$tmp/err")" "damonsim replay: interrupted"
is "ended: whole" "$(perl -MJSON::PP -e '
	for (@ARGV) { local (@ARGV, $/) = $_; decode_json(<>); print "." }' \
	"$tmp"/ended/*.json)" "..."

# The disk fills: told, with what is saved, and what is saved can be read.
(
	trap '' XFSZ
	ulimit -f 40
	"$tool" replay -c "$tmp/config.yaml" -o "$tmp/full" $capture \
		>/dev/null 2>"$tmp/err"
)
is "full: exit" $? 2
saved=$(sed -n \
	's/.*damon.data.json: .*; the first \([0-9]*\) snapshots are.*/\1/p' \
	"$tmp/err")
is "full: told" "$(grep -c 'trace.txt: .* lines are saved' "$tmp/err")" 1
is "full: saved" "$(perl -MJSON::PP -e '
	local $/;
	print scalar @{decode_json(<>)->[0]{snapshots}}' \
	"$tmp/full/damon.data.json")" "$saved"
is "full: whole lines" "$(tail -c 1 "$tmp/full/trace.txt" | wc -l)" 1

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
