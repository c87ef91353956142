#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Take a capture that `damonsim replay` understands, with perf.
#
# What to ask perf for depends on the machine and is easy to get subtly wrong:
# a capture without CPU numbers, without times or with periods that the PMU
# cannot count replays badly or not at all.  So the choice is made here, and the
# perf command is printed before it runs, to be looked at, changed and learnt.
#
#   IBS     every sampled op with its raw registers, so that the replay sees the
#           hardware's own valid bits.  Counts ops where the CPU can: the low
#           bits of the count are random then, and no loop beats in time with it.
#   PEBS    loads that miss the last cache, or loads by latency (--pebs-loads).
#   faults  minor page faults, which every machine has, also a virtual one.  A
#           page faults once: this shows memory that is newly used.
#
# Not here: any analysis; symbols (kptr_restrict may well hide the kernel's).

set -u

usage()
{
	cat <<'END'
usage: traces/capture.sh [options] (-a | -p PID | -- COMMAND...)

Takes a capture of memory accesses with perf, for `damonsim replay`.

what to sample with
      --auto          the best that this machine has (default)
      --ibs           AMD IBS Op
      --pebs          Intel PEBS, loads that miss the L3
      --pebs-loads    Intel PEBS, loads that take 30 cycles and more
      --faults        page faults
      --cycles        IBS: count cycles, not ops
      --l3missonly    IBS: only ops that miss the L3 (Zen 4 and later)
      --also EVENT    one more event of perf; sampled at the same rate unless it
                      names its own, as in cpu-clock/freq=99/
      --period N      sample each Nth event
      --freq N        sample N times a second and CPU
      --phys          insist on physical addresses (default: where allowed)
      --no-phys       leave them out

whom
  -a                  the whole machine
  -p PID              a running process
  -- COMMAND...       a program
      --time S        stop after S seconds; for -a and -p

output
  -o FILE             the capture (perf.data); - for standard output
  -f                  overwrite FILE
  -z                  compress it
      --level N       as hard as this, 1 to 22 (1)
      --dry-run       print the perf command only
      --help          this text

exit: perf's own; 2 bad usage, or not possible on this machine
END
}

say()
{
	printf 'capture.sh: %s\n' "$*" >&2
}

fail()
{
	say "$@"
	exit 2
}

# A tree of files in the place of /sys and /proc, for tests.
root=${CAPTURE_ROOT:-}
devices=$root/sys/bus/event_source/devices
sysctl=$root/proc/sys/kernel
uid=${CAPTURE_UID:-$(id -u)}

sampler=auto
cycles=
l3missonly=
also=()
period=
freq=
phys=auto
whole=
pid=
seconds=
out=perf.data
force=
compress=
level=1
dry_run=

# need_arg OPTION NR_LEFT: the option is followed by an argument.
need_arg()
{
	[ "$2" -ge 2 ] || fail "$1 wants an argument; see --help"
}

need_number()
{
	case $2 in
	'' | *[!0-9]* | 0) fail "$1 wants a number above 0, not '$2'" ;;
	esac
}

while [ $# -gt 0 ]; do
	case $1 in
	--auto | --ibs | --pebs | --pebs-loads | --faults)
		sampler=${1#--}
		;;
	--cycles) cycles=1 ;;
	--l3missonly) l3missonly=1 ;;
	--also)
		need_arg "$1" $#
		also+=(-e "$2")
		shift
		;;
	--period)
		need_arg "$1" $#
		need_number "$1" "$2"
		period=$2
		shift
		;;
	--freq)
		need_arg "$1" $#
		need_number "$1" "$2"
		freq=$2
		shift
		;;
	--phys) phys=yes ;;
	--no-phys) phys=no ;;
	-a) whole=1 ;;
	-p)
		need_arg "$1" $#
		need_number "$1" "$2"
		pid=$2
		shift
		;;
	--time)
		need_arg "$1" $#
		need_number "$1" "$2"
		seconds=$2
		shift
		;;
	-o)
		need_arg "$1" $#
		out=$2
		shift
		;;
	-f) force=1 ;;
	-z) compress=1 ;;
	--level)
		need_arg "$1" $#
		need_number "$1" "$2"
		compress=1
		level=$2
		shift
		;;
	--dry-run) dry_run=1 ;;
	--help)
		usage
		exit 0
		;;
	--)
		shift
		break
		;;
	*) fail "no option '$1'; see --help" ;;
	esac
	shift
done
# What is left in $@ is the command.

nr_whom=0
[ -n "$whole" ] && nr_whom=$((nr_whom + 1))
[ -n "$pid" ] && nr_whom=$((nr_whom + 1))
[ $# -gt 0 ] && nr_whom=$((nr_whom + 1))
[ $nr_whom -eq 1 ] || fail "one of -a, -p PID and -- COMMAND; see --help"
[ -z "$period" ] || [ -z "$freq" ] || fail "--period or --freq, not both"
[ -z "$seconds" ] || [ $# -eq 0 ] ||
	fail "--time is for -a and -p; a command ends by itself"

read_number()
{
	local value=

	[ -r "$1" ] && read -r value <"$1"
	printf '%s\n' "${value:-$2}"
}

# --- what there is to sample with -------------------------------------------

has_ibs()
{
	[ -d "$devices/ibs_op" ]
}

# The PMU of the cores that take precise memory samples; hybrid CPUs have two.
core_pmu()
{
	local pmu

	for pmu in cpu cpu_core; do
		[ "$(read_number "$devices/$pmu/caps/max_precise" 0)" -ge 2 ] ||
			continue
		grep -q GenuineIntel "$root/proc/cpuinfo" || continue
		printf '%s\n' "$pmu"
		return
	done
	return 1
}

if [ "$sampler" = auto ]; then
	if has_ibs; then
		sampler=ibs
	elif core_pmu >/dev/null; then
		sampler=pebs
	else
		sampler=faults
		say "neither IBS nor PEBS here (a virtual machine?): page faults"
	fi
fi
if [ "$sampler" != ibs ] && [ -n "$cycles$l3missonly" ]; then
	fail "--cycles and --l3missonly are for IBS, and this is $sampler"
fi

# --- what is allowed --------------------------------------------------------

paranoid=$(read_number "$sysctl/perf_event_paranoid" 2)
user_only=

# may LEVEL WHAT: root may; others if perf_event_paranoid is at most LEVEL.
may()
{
	[ "$uid" -eq 0 ] || [ "$paranoid" -le "$1" ]
}

need()
{
	may "$1" && return
	say "$2 needs root, or kernel.perf_event_paranoid of $1 at most" \
		"(it is $paranoid):"
	fail "  sudo sysctl kernel.perf_event_paranoid=$1"
}

need 2 "perf"
[ -z "$whole" ] || need 0 "the whole machine (-a)"
[ $phys != yes ] || need 1 "--phys"
if ! may 1; then
	user_only=1
	[ $phys = no ] || say "no physical addresses, and no kernel: that needs" \
		"root or kernel.perf_event_paranoid of 1 at most"
	phys=no
fi

# --- the event --------------------------------------------------------------

ibs_event()
{
	local terms=

	has_ibs || fail "no IBS here: $devices/ibs_op is missing"
	if [ -z "$cycles" ] && [ -e "$devices/ibs_op/format/cnt_ctl" ]; then
		terms=cnt_ctl=1
	fi
	if [ -n "$l3missonly" ]; then
		[ -e "$devices/ibs_op/format/l3missonly" ] ||
			fail "this CPU's IBS has no l3missonly"
		terms=${terms:+$terms,}l3missonly=1
	fi
	if [ -n "$user_only" ]; then
		# IBS samples all modes; newer kernels drop what is not asked for.
		[ -e "$devices/ibs_op/format/swfilt" ] ||
			need 1 "IBS on this kernel"
		terms=${terms:+$terms,}swfilt=1
	fi
	# The hardware counts in steps of 16; older kernels refuse other periods.
	if [ -n "$period" ] && [ $((period % 16)) -ne 0 ]; then
		fail "--period $period: IBS wants a multiple of 16"
	fi
	event=ibs_op/$terms/${user_only:+u}
	[ -n "$freq" ] || period=${period:-262144}
	fields=(-R -W)
}

pebs_event()
{
	local pmu

	pmu=$(core_pmu) || fail "no PEBS here: an Intel CPU with max_precise" \
		"of 2 and more is needed, and a virtual machine rarely has it"
	fields=(-W)
	if [ "$sampler" = pebs ]; then
		event=$pmu/event=0xd1,umask=0x20,name=l3_miss/pp$user
		[ -n "$period" ] || freq=${freq:-5003}
		return
	fi
	[ -e "$devices/$pmu/events/mem-loads" ] ||
		fail "the PMU $pmu has no event mem-loads"
	event=$pmu/mem-loads,ldlat=30/P$user
	# Sapphire Rapids and its kin want a helper as the leader of the group.
	if [ -e "$devices/$pmu/events/mem-loads-aux" ]; then
		event="{$pmu/mem-loads-aux/$user,$event}"
	fi
	[ -n "$freq" ] || period=${period:-10007}
}

user=${user_only:+u}
fields=()
case $sampler in
ibs) ibs_event ;;
pebs | pebs-loads) pebs_event ;;
faults)
	event=minor-faults${user:+:$user}
	[ -n "$freq" ] || period=${period:-1}
	;;
esac
# The kernel lowers this rate by itself when interrupts take long.
max_rate=$(read_number "$sysctl/perf_event_max_sample_rate" 100000)
if [ -n "$freq" ] && [ "$freq" -gt "$max_rate" ]; then
	fail "$freq samples a second: kernel.perf_event_max_sample_rate is" \
		"$max_rate; --freq or --period"
fi

# --- the command ------------------------------------------------------------

cmd=(perf record)
if [ -n "$freq" ]; then
	cmd+=(-F "$freq")
else
	cmd+=(-c "$period")
fi
cmd+=(-e "$event" "${also[@]}" -d)
[ $phys = no ] || cmd+=(--phys-data)
cmd+=("${fields[@]}" --sample-cpu -T)
[ -z "$compress" ] || cmd+=("--compression-level=$level")
cmd+=(-o "$out")
[ -z "$whole" ] || cmd+=(-a)
[ -z "$pid" ] || cmd+=(-p "$pid")
if [ $# -gt 0 ]; then
	cmd+=(-- "$@")
elif [ -n "$seconds" ]; then
	cmd+=(-- sleep "$seconds")
fi

# The command as it could be typed.
printable=
for word in "${cmd[@]}"; do
	case $word in
	*[!A-Za-z0-9_./:=,@%+-]*) word="'${word//\'/\'\\\'\'}'" ;;
	esac
	printable+="${printable:+ }$word"
done
if [ -n "$dry_run" ]; then
	printf '%s\n' "$printable"
	exit 0
fi

command -v perf >/dev/null ||
	fail "no perf (Debian: apt-get install linux-perf)"
if [ -n "$compress" ] && perf version --build-options 2>&1 |
	grep -qi 'zstd.*OFF'; then
	fail "this perf cannot compress (-z)"
fi
if [ "$out" = - ]; then
	[ ! -t 1 ] || fail "-o -: standard output is a terminal"
elif [ -e "$out" ] && [ -z "$force" ]; then
	fail "$out exists; -f overwrites it"
fi

printf '%s\n' "$printable" >&2
# An interrupt ends the capture, not this script.
trap : INT
"${cmd[@]}"
ret=$?
# perf gives back how its command ended; a signal ends -a and -p.
[ $# -gt 0 ] || [ $ret -lt 128 ] || ret=0
if [ "$out" != - ]; then
	[ -s "$out" ] || exit $((ret ? ret : 2))
	printf 'replay it with:  build/damonsim replay %s\n' "$out" >&2
fi
exit $ret
