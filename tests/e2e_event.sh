#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# damonsim event: names by the shipped PMUs, what a kernel says of them, what is
# wrong in a name; and the same attributes as perf's own reading of it.
#
# usage: e2e_event.sh DAMONSIM
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

# Standard input is one object of which the expression holds: jq itself is
# content with nothing.
holds()
{
	jq -e -s "length == 1 and (.[0] | $1)" > /dev/null
}

# machine, name, jq expression that holds
is()
{
	"$bin" event --json -m "$1" "$2" | holds ".events[0] | $3"
	ok $? "$2 on $1: not $3"
}

# machine, name, column, words
wrong()
{
	"$bin" event -m "$1" "$2" > /dev/null 2> "$tmp/err"
	[ $? = 2 ] && grep -q ":$3: .*$4" "$tmp/err"
	ok $? "$2 on $1: $(cat "$tmp/err")"
}

intel="intel-granite-rapids"
turin=amd-zen5-turin
alder="intel-alder-lake"

# Names, terms and bits.
is $intel mem_load_retired.l3_miss:pp \
	'.type == 4 and .config == 8401 and .precise_ip == 2'
is $intel 'cpu/mem-loads,ldlat=30,freq=5000/P' \
	'.config == 461 and .config1 == 30 and .sample_freq == 5000 and
	.precise_ip == 3 and .freq'
is $intel 'cpu/ldlat=30,mem-loads/' '.config1 == 3'
is $intel r20d1:pp '.type == 4 and .config == 8401 and .precise_ip == 2'
is $intel 'cpu/event=0xd1,umask=0x20,cmask=1/u' \
	'.config == 16785617 and .exclude_kernel and .exclude_hv and
	(.exclude_user | not)'
is $turin 'ibs_op/cnt_ctl=1,period=262144/' \
	'.type == 11 and .config == 524288 and .sample_period == 262144 and
	.vaddr and .paddr'
is $turin 'cpu/event=0x1ff/' '.config == 4294967551'
is $turin page-faults '.type == 1 and .config == 2'
is $intel 'cpu/config=0x20d1,config1=7,period=50021/k' \
	'.config == 8401 and .config1 == 7 and .exclude_user'

# What a kernel makes of it.
is $turin 'ibs_op/period=100/' '.error == "EINVAL"'
is $turin ibs_op// '.error == "EINVAL"'
is $turin 'ibs_op/period=262144/u' '.error == "EINVAL"'
is $turin 'ibs_op/swfilt=1,period=262144/u' '.error == "0" and .paddr'
is $turin 'cpu/event=0x76,period=4096/pp' '.error == "0" and .paddr'
is $turin 'cpu/event=0xc1,period=4096/p' '.error == "0" and .paddr'
is $turin 'cpu/event=0x76,period=100/pp' '.error == "EINVAL"'
is $turin 'cpu/event=0x76,period=4096/ppp' '.error == "EOPNOTSUPP"'
is $turin 'cpu/event=0xc0,period=4096/p' '.error == "EOPNOTSUPP"'
is $turin 'ibs_op/period=262144,ldlat=100/' '.error == "EINVAL"'
is $intel 'cpu/mem-loads,period=1000/pp' '.lossy and .vaddr'
is $intel 'cpu/mem-loads,freq=1000/P' '.error == "EINVAL"'
is $intel 'cpu/event=0xd1,umask=0x20,period=127/ppp' '.error == "EINVAL"'
is $intel 'cpu/event=0xd1,umask=0x20,period=128/ppp' '.error == "0" and .vaddr'
is $intel 'cpu/event=0xd1,umask=0x20,period=127/pp' '.error == "0" and .vaddr'
is $alder 'cpu_core/event=0xd1,umask=0x20,period=999/pp' '.error == "ENOENT"'
is $alder 'cpu_atom/mem-stores,freq=100/pp' \
	'.error == "ENOENT" and .type == 10 and .config == 1744'
is $alder 'software/config=2,freq=9/' '.error == "0" and .vaddr'
is $intel 'software/config=12,freq=9/' '.error == "ENOENT"'
is $intel 'cpu/mem-loads,freq=1000/pp' '(.lossy | not) and (.paddr | not)'
is $intel 'cpu/instructions,freq=1000/pp' '(.vaddr | not) and .samples'
is $intel r20d1:pp '.error == "EINVAL"'
is $intel r20d1 '.error == "0" and (.samples | not)'
is $intel 'cpu/event=0xcd,umask=4,freq=100/pp' '.samples and (.vaddr | not)'
is intel-sapphire-rapids 'cpu/mem-loads,freq=5000/P' '.error == "ENODATA"'
is intel-sapphire-rapids 'cpu/mem-stores,freq=5000/pp' '.error == "0" and .vaddr'
is $intel 'software/config=2,period=1/' '.vaddr and (.paddr | not)'
is arm-neoverse 'arm_spe_0/ts_enable=1,freq=1000/' '.error == "EINVAL"'
is $intel 'cpu/mem-loads,freq=200000/pp' '.error == "EINVAL"'
"$bin" event --json --kernel 6.12 -m $turin 'ibs_op/period=262152/' |
	holds '.events[0].error == "EINVAL"'
ok $? "6.12 takes multiples of 16 only"
"$bin" event --json --kernel new -m $turin 'ibs_op/period=262152/' |
	holds '.events[0].error == "0"'
ok $? "newer kernels drop the low bits"

# What is wrong is said where.
wrong $intel 'cpu/mem-loads,ldlt=3/' 15 'ldlat?'
wrong $intel 'cpu/umask=0x1ff/' 5 'at most 0xff'
wrong $intel 'cpu/mem-loads' 14 'second slash'
wrong $intel 'cpv/mem-loads/' 1 'cpu?'
wrong $intel mem-load 1 'mem-loads?'
wrong $intel r20d1:px 8 "no modifier 'x'"
wrong $intel cycles:pppp 11 'three p'
wrong $intel 'cpu/event=,umask=1/' 5 'expected a number'
wrong $intel 'cpu/event=1,/' 13 'behind a comma'
wrong $intel r12345678901234567 1 '64 bits'
wrong amd-zen4 'ibs_op/ldlat=200/' 8 'no term'
wrong $intel '' 1 'expected an event'
"$bin" event -m none cycles > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q "no machine 'none'" "$tmp/err"
ok $? "a machine that there is not"
"$bin" event --pmus "$tmp" cycles > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q 'no PMU in there' "$tmp/err"
ok $? "a folder without PMUs"

# Without a machine, one that knows the names: PMUs are not Intel's alone.
"$bin" event --numbers ibs_op/cnt_ctl=1/ page-faults > "$tmp/out"
[ "$(head -n 1 "$tmp/out")" = "11 0x80000 0x0 0x0" ]
ok $? "ibs_op without a machine: $(head -n 1 "$tmp/out")"
"$bin" event --numbers arm_spe_0// > "$tmp/out"
grep -q '^9 ' "$tmp/out"
ok $? "arm_spe_0 without a machine"
"$bin" event ibs_op// mem_load_retired.l3_miss:pp 2> "$tmp/err"
[ $? = 2 ] && grep -q 'no PMU "ibs_op"' "$tmp/err"
ok $? "no machine has both"

# Several are one context's: who comes late finds its counter taken.
"$bin" event --json -m $turin 'ibs_op/period=262144/' page-faults \
	'cpu/event=0x76,period=4096/pp' 'cpu/event=0x76,freq=9/' |
	holds '[.events[].samples] == [true, false, false, true]'
ok $? "IBS has room for one"
"$bin" event --json 'cpu/mem-stores,freq=9/pp' 'cpu/mem-loads,freq=9/pp' \
	'cpu/mem-stores,freq=9/pp' |
	holds '[.events[].samples] == [true, true, false]'
ok $? "mem-stores has counter 0"
wrong $alder mem-loads 1 'cpu_atom/mem-loads/'
wrong $alder mem_load_retired.l3_mis 1 'l3_miss?'
[ "$("$bin" event --numbers r20d1:pp 'cpu/mem-loads,ldlat=30/')" = \
	"4 0x20d1 0x0 0x0
4 0x1cd 0x1e 0x0" ]
ok $? "four numbers on a line"
# A description that is cut would be another event; names have no order.
for n in 3 1 2; do
	mkdir -p "$tmp/long/p$n/events"
	echo $n > "$tmp/long/p$n/type"
	echo event=$n > "$tmp/long/p$n/events/b"
	echo event=$n > "$tmp/long/p$n/events/a"
done
[ "$("$bin" event --list --pmus "$tmp/long" | tr -d ' \n')" = \
	"p1,type1:abp2,type2:abp3,type3:ab" ]
ok $? "PMUs and events by name"
printf 'config=0x%0300d\n' 1 > "$tmp/long/p2/events/a"
"$bin" event --list --pmus "$tmp/long" > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q 'p2/events/a: longer than any' "$tmp/err"
ok $? "a description longer than any: $(cat "$tmp/err")"
mkdir -p "$tmp/hybrid/cpu_core/events" "$tmp/hybrid/cpu_atom"
echo 4 > "$tmp/hybrid/cpu_core/type"
echo 0-3 > "$tmp/hybrid/cpu_core/cpus"
echo event=0xd1 > "$tmp/hybrid/cpu_core/events/x"
mkdir "$tmp/hybrid/cpu_core/format"
echo config:0-7 > "$tmp/hybrid/cpu_core/format/event"
echo 9 > "$tmp/hybrid/cpu_atom/type"
echo 4-7 > "$tmp/hybrid/cpu_atom/cpus"
"$bin" event --json --pmus "$tmp/hybrid" 'cpu_core/x,freq=9/' |
	holds '.events[0].error == "ENOENT"'
ok $? "a folder of two sorts of cores"
echo 0-3 > "$tmp/hybrid/cpu_atom/cpus"
"$bin" event --json --pmus "$tmp/hybrid" 'cpu_core/x,freq=9/' |
	holds '.events[0].error == "0"'
ok $? "a folder of one sort of cores with two PMUs"

# What is printed for a configuration is taken by it.
{
	printf 'kdamonds:\n- contexts:\n  - ops: vaddr\n'
	printf '    targets: [{pid: 1}]\n    sample_control:\n      perf_events:\n'
	"$bin" event --damo 'cpu/mem-loads,ldlat=30,freq=5000/P' | sed 's/^/      /'
} > "$tmp/c.yaml"
"$bin" config show "$tmp/c.yaml" | grep -q 'config1: "\{0,1\}0x1e'
ok $? "an entry of a configuration"

"$bin" event --damo page-faults:k > /dev/null 2> "$tmp/err"
[ $? = 2 ] && grep -q 'no exclude_user' "$tmp/err"
ok $? "what a configuration has no place for"

# A folder of sysfs's own shape, and the kernel's own, if it has one.
mkdir -p "$tmp/pmus/cpu/format" "$tmp/pmus/cpu/events"
echo 4 > "$tmp/pmus/cpu/type"
echo config:0-7,32-35 > "$tmp/pmus/cpu/format/event"
echo event=0x1c2 > "$tmp/pmus/cpu/events/foo"
"$bin" event --json --pmus "$tmp/pmus" foo |
	holds '.events[0].config == 4294967490'
ok $? "a folder of PMUs"

# perf's own reading of names that need no PMU of the machine.
if command -v perf > /dev/null; then
	for e in page-faults:u r20d1:kpp cpu-clock:k faults:h r1cd:uk cs; do
		perf record -vv -o /dev/null -e $e -- true 2>&1 |
			sed -n '/^perf_event_attr/,/^---/p' |
			awk '/^perf_event_attr/ && n++ { exit }
				$1 ~ /^(type|config|precise_ip|exclude_(user|kernel|hv))$/ {
					print $1, $2 }' | sort > "$tmp/perf"
		"$bin" event --json $e | jq -r '.events[0] | "type \(.type)",
			(select(.config > 0) | "config \(.config)"),
			(select(.precise_ip > 0) | "precise_ip \(.precise_ip)"),
			(select(.exclude_user) | "exclude_user 1"),
			(select(.exclude_kernel) | "exclude_kernel 1"),
			(select(.exclude_hv) | "exclude_hv 1")' | sort \
			> "$tmp/ours"
		[ -s "$tmp/perf" ] || continue
		# perf prints config in hexadecimal.
		grep -v '^config' "$tmp/perf" > "$tmp/p2"
		sed -i '/^config/d' "$tmp/ours"
		grep '^config' "$tmp/perf" | while read -r _ v; do
			echo "config $((v))"
		done >> "$tmp/p2"
		"$bin" event --json $e | jq -r '.events[0] |
			select(.config > 0) | "config \(.config)"' >> "$tmp/ours"
		sort "$tmp/p2" > "$tmp/a"
		sort "$tmp/ours" > "$tmp/b"
		cmp -s "$tmp/a" "$tmp/b"
		ok $? "$e is not what perf reads: $(diff "$tmp/a" "$tmp/b")"
	done
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
