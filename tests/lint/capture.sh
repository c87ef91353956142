#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# traces/capture.sh asks perf for the right thing on machines that are not here.
#
# Machines are made of a few files in the shape of /sys and /proc.  What is held
# against each is the printed perf command, or the refusal.

. "$(dirname "$0")/lib.sh"

capture=traces/capture.sh
machine=

# new_machine [FILE=TEXT...]: files below a root of its own.
new_machine()
{
	local spec

	machine=$(mktemp -d -p "$lint_tmp")
	mkdir -p "$machine/sys/bus/event_source/devices" \
		"$machine/proc/sys/kernel"
	: >"$machine/proc/cpuinfo"
	for spec; do
		mkdir -p "$machine/$(dirname "${spec%%=*}")"
		printf '%s\n' "${spec#*=}" >"$machine/${spec%%=*}"
	done
}

ask()
{
	CAPTURE_ROOT=$machine CAPTURE_UID=${uid:-0} $capture --dry-run "$@" \
		2>"$lint_tmp/said"
}

# wants COMMAND ARG...: asked with ARG, this perf command is printed.
wants()
{
	local want=$1 got

	shift
	got=$(ask "$@")
	[ "$got" = "$want" ] ||
		found $capture 1 "with $*: $got $(cat "$lint_tmp/said"), not: $want"
}

# refuses WORDS ARG...: asked with ARG, exit code 2 and a message with WORDS.
refuses()
{
	local words=$1 ret

	shift
	ask "$@" >/dev/null
	ret=$?
	[ $ret -eq 2 ] || found $capture 1 "with $*: exit $ret, not 2"
	grep -q -F -e "$words" "$lint_tmp/said" ||
		found $capture 1 "with $*: does not say '$words' but" \
			"$(cat "$lint_tmp/said")"
}

devices=sys/bus/event_source/devices
paranoid=proc/sys/kernel/perf_event_paranoid
tail="-d --phys-data --sample-cpu -T -o perf.data"
itail="-d --phys-data -R -W --sample-cpu -T -o perf.data"
ptail="-d --phys-data -W --sample-cpu -T -o perf.data"

# Neither IBS nor PEBS.
new_machine
wants "perf record -c 1 -e minor-faults $tail -- ./a 'b c'" -- ./a 'b c'
wants "perf record -c 1 -e minor-faults -e cs $tail -a -- sleep 3" \
	--also cs -a --time 3
wants "perf record -F 99 -e minor-faults $tail -p 7" --freq 99 -p 7
wants "perf record -c 1 -e minor-faults -d --sample-cpu -T -o - -- a" \
	--no-phys -o - -- a
wants "perf record -c 1 -e minor-faults -d --phys-data --sample-cpu -T --compression-level=9 -o x -- a" \
	--level 9 -o x -- a
refuses "no IBS here" --ibs -- a
refuses "no PEBS here" --pebs -- a
refuses "are for IBS" --l3missonly -- a
refuses "one of -a" -a -p 3
refuses "one of -a" --auto
refuses "not both" --freq 9 --period 9 -- a
refuses "wants an argument" -o
refuses "wants a number" --period 0 -- a
refuses "no option" --nonsense -- a
refuses "--time is for" --time 3 -- a

# Zen 3: no l3missonly.  Zen 1 and before could be without cnt_ctl.
new_machine $devices/ibs_op/format/cnt_ctl=config:19
wants "perf record -c 262144 -e ibs_op/cnt_ctl=1/ $itail -a" -a
wants "perf record -c 4096 -e ibs_op// $itail -a" --cycles --period 4096 -a
wants "perf record -F 999 -e ibs_op/cnt_ctl=1/ $itail -a" --freq 999 -a
wants "perf record -c 1 -e minor-faults $tail -a" --faults -a
refuses "no l3missonly" --l3missonly -a
refuses "multiple of 16" --period 1000 -a
new_machine $devices/ibs_op/type=8
wants "perf record -c 262144 -e ibs_op// $itail -a" -a

# Zen 4, and a kernel that filters by mode.
new_machine $devices/ibs_op/format/cnt_ctl=config:19 \
	$devices/ibs_op/format/l3missonly=config:16 $paranoid=2
wants "perf record -c 262144 -e ibs_op/cnt_ctl=1,l3missonly=1/ $itail -a" \
	--l3missonly -a
uid=1000 refuses "IBS on this kernel needs root" -- a
uid=1000 refuses "perf_event_paranoid=0" -a
: >"$machine/$devices/ibs_op/format/swfilt"
uid=1000 wants "perf record -c 262144 -e ibs_op/cnt_ctl=1,swfilt=1/u -d -R -W --sample-cpu -T -o perf.data -- a" \
	-- a
uid=1000 refuses "perf_event_paranoid=1" --phys -- a

# Intel: a server core, a hybrid one, Sapphire Rapids, a guest without PEBS.
new_machine $devices/cpu/caps/max_precise=3 \
	$devices/cpu/events/mem-loads=event=0xcd,umask=0x1,ldlat=3 \
	proc/cpuinfo="vendor_id : GenuineIntel"
wants "perf record -F 5003 -e cpu/event=0xd1,umask=0x20,name=l3_miss/pp $ptail -a" \
	-a
wants "perf record -c 10007 -e cpu/mem-loads,ldlat=30/P $ptail -a" \
	--pebs-loads -a
printf '2\n' >"$machine/$paranoid"
uid=1000 wants "perf record -F 5003 -e cpu/event=0xd1,umask=0x20,name=l3_miss/ppu -d -W --sample-cpu -T -o perf.data -- a" \
	-- a
printf '1\n' >"$machine/$paranoid"
uid=1000 wants "perf record -F 5003 -e cpu/event=0xd1,umask=0x20,name=l3_miss/pp $ptail -p 5" \
	-p 5
printf '4\n' >"$machine/$paranoid"
uid=1000 refuses "perf_event_paranoid=2" -- a
printf '600\n' >"$machine/proc/sys/kernel/perf_event_max_sample_rate"
refuses "max_sample_rate is 600" -a
: >"$machine/$devices/cpu/events/mem-loads-aux"
wants "perf record -c 10007 -e '{cpu/mem-loads-aux/,cpu/mem-loads,ldlat=30/P}' $ptail -a" \
	--pebs-loads -a
new_machine $devices/cpu_core/caps/max_precise=3 \
	proc/cpuinfo="vendor_id : GenuineIntel"
wants "perf record -F 5003 -e cpu_core/event=0xd1,umask=0x20,name=l3_miss/pp $ptail -a" \
	-a
new_machine $devices/cpu/caps/max_precise=0 \
	proc/cpuinfo="vendor_id : GenuineIntel"
wants "perf record -c 1 -e minor-faults $tail -a" -a
lint_end
