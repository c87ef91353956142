#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What damonsim writes as perf.data, as perf itself reads it: the same samples
# as those of the capture that it was made of.
#
# Without perf nothing is checked, and that is said.
#
# usage: tests/e2e_perf_tools.sh DAMONSIM

set -u

tool=$1
if ! perf --version >/dev/null 2>&1; then
	echo "perf is not installed: what it reads was not checked"
	exit 0
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0
export PERF_CONFIG=/dev/null

is()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "FAILED: $1: found $2, expected $3"
}

same()
{
	is "$1" "$([ -s "$2" ] && cmp "$2" "$3" 2>&1 && echo same)" same
}

# run NAME COMMAND...: it succeeds; what it said is in $tmp/out.
run()
{
	local name=$1
	shift
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	is "$name: exit" $? 0
}

script()
{
	perf script --ns -i "$1" -F "$fields" 2>"$tmp/err"
}

# What perf says of memory accesses, but for a tip that it draws by lot.
mem_report()
{
	perf mem report --stdio -i "$1" 2>"$tmp/err" |
		sed '/^# (Tip:/d; s/ *$//'
}

# compare NAME CAPTURE: to perf.data, to native and back, through a pipe.
compare()
{
	local name=$1 capture=$2

	run "$name: convert" "$tool" trace convert -q "$capture" \
		-o "$tmp/x.data"
	script "$capture" >"$tmp/a"
	script "$tmp/x.data" >"$tmp/b"
	is "$name: lines" "$(wc -l <"$tmp/b")" "$(wc -l <"$tmp/a")"
	same "$name: perf script" "$tmp/a" "$tmp/b"

	"$tool" trace convert -q "$capture" -o "$tmp/x.dst"
	"$tool" trace convert -q "$tmp/x.dst" -o "$tmp/y.data"
	same "$name: by way of native" "$tmp/x.data" "$tmp/y.data"
	"$tool" trace convert -q "$tmp/y.data" -o "$tmp/y.dst"
	"$tool" trace cat "$tmp/x.dst" >"$tmp/c"
	"$tool" trace cat "$tmp/y.dst" >"$tmp/d"
	same "$name: and back" "$tmp/c" "$tmp/d"

	# From a pipe perf prints no ip of a PMU that is not the CPU's.
	fields=${fields/,ip/}
	script "$capture" >"$tmp/a"
	"$tool" trace convert -q --to perf.data "$capture" -o - |
		script - >"$tmp/b"
	same "$name: a pipe" "$tmp/a" "$tmp/b"

	for verb in "evlist -v" "report --stdio" "mem report --stdio" \
		"script --header-only"; do
		# shellcheck disable=SC2086 # words
		run "$name: perf $verb" perf $verb -i "$tmp/x.data"
		is "$name: perf $verb: said" \
			"$([ -s "$tmp/out" ] && echo some)" some
	done
}

for capture in traces/samples/*.data; do
	fields=comm,pid,tid,cpu,time,event,ip,addr,phys_addr
	compare "$(basename "$capture")" "$capture"
done

# A PMU that says where each access was served and how long it took.
perl -e '
sub record {
	my ($type, $misc, $body) = @_;
	return pack("LSS", $type, $misc, 8 + length $body) . $body;
}
# TID, TIME, CPU, IDENTIFIER
sub trailer { pack("LLQQQ", @_[0, 0], $_[1], 0, 7) }
sub string { pack("L", 64) . pack("a64", $_[0]) }

# IP TID TIME ADDR CPU WEIGHT DATA_SRC IDENTIFIER PHYS_ADDR
my $type = 0x8f | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 19;
my $attr = pack("LLQQQQQ", 11, 128, 0, 4000, $type, 0,
	1 << 8 | 1 << 9 | 1 << 13 | 1 << 18 | 2 << 15) .
	"\0" x 80;
# L1, L2, L3, memory of this node and of another, nothing known; stores
my @sources = (0x68100142, 0x68100442, 0x68080842, 0x1668101042,
	0x2168402042, 0x1e05080021, 0x68100144);
my $data = "";
for my $pid (700, 701) {
	$data .= record(3, 2, pack("LLa8", $pid, $pid, "app$pid") .
		trailer($pid, 0));
	$data .= record(1, 2, pack("LLQQQa8", $pid, $pid, 0x1000,
		0x7ffffffff000 - 0x1000, 0, "//anon") . trailer($pid, 0));
}
my $seed = 1;
for my $i (1 .. 5000) {
	$seed = ($seed * 1103515245 + 12345) & 0x7fffffff;
	my $r = $seed >> 8;
	my $addr = 0x7f0000000000 + $r * 64;
	my $source = $sources[$r % @sources];
	$data .= record(9, 2, pack("QQLLQQQQQQ", 7,
		0x401000 + $r % 20 * 4, 700 + $r % 2, 700 + $r % 2,
		1000000 * $i + $r % 1000, $addr, $r % 4, $r % 900, $source,
		$r % 5 ? $r * 64 : 0));
	$data .= record(2, 0, pack("QQ", 7, 3) . trailer(0, 1000000 * $i + 1e3))
		if $i % 1000 == 0;
}
my $at = 104 + 144 + 8;
my @features = (string("host"), string("x86_64"),
	pack("LL", 1, 128) . $attr . pack("L", 1) . string("ibs_op//") .
	pack("Q", 7), pack("LL", 1, 11) . string("ibs_op"));
my $end = $at + length($data);
my $offset = $end + 16 * @features;
print pack("a8QQQQQQQQQQQQ", "PERFILE2", 104, 144, 104, 144, $at,
	length $data, 0, 0, 1 << 3 | 1 << 6 | 1 << 12 | 1 << 16, 0, 0, 0);
print $attr, pack("QQ", 104 + 144, 8), pack("Q", 7), $data;
for (@features) {
	print pack("QQ", $offset, length);
	$offset += length;
}
print @features;
' >"$tmp/ibs.data"
fields=comm,pid,tid,cpu,time,event,ip,addr,phys_addr,weight,data_src
compare ibs "$tmp/ibs.data"
is "ibs: samples" "$(wc -l <"$tmp/a")" 5000
mem_report "$tmp/ibs.data" >"$tmp/a"
mem_report "$tmp/x.data" >"$tmp/b"
same "ibs: perf mem report" "$tmp/a" "$tmp/b"
for served in 'L1 hit ' 'L3 hit ' 'Local RAM' 'Remote RAM (1 hop) hit'; do
	is "ibs: $served" "$(grep -q "$served" "$tmp/b" && echo some)" some
done
run "ibs: evlist" perf evlist -v -i "$tmp/x.data"
is "ibs: event" "$(grep -c '^ibs_op//: type: 11, .*precise_ip: 2' \
	"$tmp/out")" 1
run "ibs: lost" perf report --stats -i "$tmp/x.data"
is "ibs: losses" "$(awk '$1 == "LOST" { print $3 }' "$tmp/out")" 5

# Processes that only samples tell of have a name and a place all the same.
"$tool" trace cut -q --time 2.5: "$tmp/ibs.data" -o "$tmp/cut.data"
is "cut: samples" "$(perf script -i "$tmp/cut.data" -F pid 2>/dev/null |
	wc -l)" 2501
run "cut: perf mem report" perf mem report --stdio -i "$tmp/cut.data"
run "cut: perf script" perf script --show-task-events --show-mmap-events \
	-F comm,tid,event -i "$tmp/cut.data"
is "cut: names" "$(grep -c 'PERF_RECORD_COMM: :70[01]:70[01]/70[01]' \
	"$tmp/out")" 2
is "cut: places" "$(grep -c 'PERF_RECORD_MMAP 70[01]/70[01]' "$tmp/out")" 2

# A disk that is full: perf reads what was saved.
(
	ulimit -f 400
	exec "$tool" trace convert -q "$tmp/ibs.data" -o "$tmp/full.data" \
		2>"$tmp/err"
)
is "full disk: exit" $? 2
saved=$(sed -n 's/.*saved are \([0-9]*\) .*/\1/p' "$tmp/err")
is "full disk: some" "$([ "${saved:-0}" -gt 1000 ] && echo some)" some
lines=$(perf script -i "$tmp/full.data" -F pid,time 2>/dev/null | wc -l)
is "full disk: read" "$([ "$lines" -gt 1000 ] &&
	[ "$lines" -le "${saved:-0}" ] && echo some)" some

# A writer that is killed leaves what it had put.
(
	cat traces/samples/hotcold.data
	sleep 3
) | timeout -s KILL 2 "$tool" trace convert -q - -o "$tmp/killed.data"
lines=$(perf script -i "$tmp/killed.data" -F pid,time 2>/dev/null | wc -l)
is "killed: read" "$([ "$lines" -gt 10000 ] && echo some)" some

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
