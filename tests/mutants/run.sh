#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Break the hot path in one place at a time; somebody must notice.
#
# table.txt says which line of which header becomes which, and who is to notice:
#
#   plain      the KUnit suites
#   hotpath    the same with sanitizers
#   prop       prop_quota
#   prop-match prop_match
#   nested     prop_nested: an interrupt at every instruction
#   claim      prop_claim: the same for who owns the rings
#   capacity   prop_capacity: the largest ring
#   idle       prop_idle: what may be stored to
#   stress     stress_ring with signals for NMIs
#   tsan       stress_ring under ThreadSanitizer: what only another CPU can see
#   tsan-owner stress_owner under it: what only the next owner can see
#   tsan-reader stress_reader under it: what only who reads counters can see
#   explore    prop_explore: every order of accesses that its scenes allow
#   same       nobody can: the mutant means the same, and the table says why
#
# Each mutant is built against a copy of the headers of its own.  One that does
# not build, or changes no line or several, is a fault of the table.
#
# With --generated the mutants are those of `generate`, and all of these are
# asked in turn, the cheapest first.  Who survives is shown, but for what the
# compiler makes the same code of and what equivalent.txt argues for.
#
# usage: run.sh [--jobs N] [--only ID]...
#        run.sh --generated [--jobs N] [--file HEADER] [--only ID]...
#               [--sample [N]] [--seed S] [--quick]
#
# --sample takes so many by chance, 20 in less than a minute with two jobs;
# --quick asks the KUnit suites alone.

set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
jobs=$(nproc)
only=()
generated='' quick='' file='' sample='' seed=1
while [ $# -gt 0 ]; do
	case $1 in
	--generated | --quick)
		declare "${1#--}=1"
		shift
		continue
		;;
	--jobs) jobs=${2:-1} ;;
	--only) only+=("${2:-}") ;;
	--file) file=${2:-} ;;
	--sample)
		sample=20
		if [[ ${2:-} =~ ^[0-9]+$ ]]; then
			sample=$2
			shift
		fi
		shift
		continue
		;;
	--seed) seed=${2:-} ;;
	*)
		sed -n 's/^# \(usage:\|       \)/\1/p' "$0" >&2
		exit 2
		;;
	esac
	shift 2
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$root" || exit 2

# compile OPTIONS: a test against the mutant's headers.
compile()
{
	gcc -std=gnu11 -w -D_GNU_SOURCE -pthread -I"$dir" -Iinclude \
		-Itests/include -Itests "$@" 2>"$dir/build"
}

# build SANITIZER PROGRAM
build()
{
	local sanitizer=$1 program=$2 extra=() opt=-O1

	# To compile the suites is what takes time.
	[ "$program" = test_hotpath ] && opt=-O0 && extra=(
		tests/support_kunit.c -lcheck -lsubunit -lm)
	compile "$opt" -g ${sanitizer:+-fsanitize="$sanitizer"} \
		${sanitizer:+-fno-sanitize-recover=all} -o "$dir/$program" \
		"tests/$program.c" "${extra[@]}" -lrt
}

# attempt SANITIZER PROGRAM [ARGUMENT]...: 0 it noticed, 1 it did not, 2 no build.
attempt()
{
	build "$1" "$2" || return 2
	shift
	# In a shell of its own, which keeps to itself how the program died.
	# A busy machine is no mutant: seconds are the processor's.
	if (ulimit -t "$seconds" && CK_FORK=no TSAN_OPTIONS=halt_on_error=1 \
		timeout -k 1 120 "$dir/$1" "${@:2}" \
		>"$dir/out" 2>&1 || exit 1) 2>/dev/null; then
		return 1
	fi
	return 0
}

# As attempt, with the model checker.
attempt_explore()
{
	mkdir -p "$tmp/explore"
	tests/mutants/explore.sh "$tmp/explore" "$dir" 2>"$dir/build" ||
		return 2
	if (timeout -k 1 "$seconds" "$dir/prop_explore" >"$dir/out" 2>&1 ||
		exit 1) 2>/dev/null; then
		return 1
	fi
	return 0
}

# ask KILLER: as attempt.
seconds=10
ask()
{
	case $1 in
	plain) seconds=4 attempt '' test_hotpath ;;
	hotpath) attempt address,undefined test_hotpath ;;
	prop) attempt '' prop_quota 1000000 ;;
	prop-match) attempt '' prop_match 2000 ;;
	nested) attempt '' prop_nested ;;
	claim) attempt '' prop_claim ;;
	capacity) attempt '' prop_capacity ;;
	idle) attempt '' prop_idle ;;
	stress) seconds=40 attempt '' stress_ring --seconds 2 ;;
	tsan) seconds=40 attempt thread stress_ring --seconds 4 ;;
	tsan-owner) seconds=40 attempt thread stress_owner --seconds 4 ;;
	tsan-reader) seconds=40 attempt thread stress_reader --seconds 2 ;;
	explore) attempt_explore ;;
	*)
		echo "no such killer" >"$dir/build"
		return 2
		;;
	esac
}

# Whose programs see a header, the cheapest first.
killers()
{
	echo plain same-code hotpath
	[ ! "$quick" ] || return
	case $1 in
	quota.h) echo prop ;;
	match.h | snapshot.h) echo prop-match ;;
	report.h) echo prop-match nested tsan tsan-owner ;;
	ring.h) echo capacity idle nested explore tsan-reader tsan tsan-owner ;;
	stats.h | handler.h | sample.h) echo nested tsan-reader ;;
	tick.h) echo idle tsan-reader ;;
	owner.h) echo claim explore tsan-owner ;;
	events.h | event.h) echo tsan-owner ;;
	esac
}

# object_code NAME: that of the suites, with each access and its order to see.
object_code()
{
	compile -O2 -fsanitize=thread -S -o "$dir/$1.s" tests/test_hotpath.c &&
		compile -O2 -fsanitize=thread -S -o - \
			tests/stress_ring.c >>"$dir/$1.s"
}

# entry ID FILE KILLER: the two files "old" and "new" of its directory.
entry()
{
	local id=$1 header=$2 killer=$3 dir=$tmp/$1 begun_ms verdict

	begun_ms=$(date +%s%3N)
	cp -r include/damon "$dir/damon"
	if ! perl -0 -e '
		my ($path, $old, $new) = @ARGV;
		sub slurp { open(my $f, "<", $_[0]) or die; <$f> }
		my ($text, $from, $to) = map { slurp($_) } @ARGV;
		my $n = () = $text =~ /^\Q$from\E/mg;
		exit 1 if $n != 1;
		$text =~ s/^\Q$from\E/$to/m;
		open(my $f, ">", $path) or die;
		print $f $text;' "$dir/damon/$header" "$dir/old" "$dir/new"
	then
		echo "$id|$killer|INVALID: not one such line|"
		return
	fi
	ask "${killer/same/hotpath}"
	case $?$killer in
	0same) verdict="INVALID: it is not the same" ;;
	1same) verdict=same ;;
	0*) verdict=killed ;;
	1*) verdict=SURVIVED ;;
	*) verdict="INVALID: $(head -n 1 "$dir/build")" ;;
	esac
	echo "$id|$killer|$verdict|$(($(date +%s%3N) - begun_ms)) ms"
	rm -rf "$dir"
}

# mutant ID: one of `generate`.
mutant()
{
	local id=$1 dir killer verdict=SURVIVED argued='' begun_ms by=-

	begun_ms=$(date +%s%3N)
	dir=$(mktemp -d "$tmp/XXXXXX")
	cp -r include/damon "$dir/damon"
	"$here/generate" --one "$id" >"$dir/damon/${id%%:*}" || {
		echo "$id|-|INVALID: no such mutant|"
		return
	}
	grep -q "^$id " "$tmp/equivalent" && argued=1
	for killer in $(killers "${id%%:*}"); do
		if [ "$killer" = same-code ]; then
			# What is argued for stays argued for with any compiler.
			[ ! "$argued" ] || continue
			object_code mutant
			! cmp -s "$dir/mutant.s" "$tmp/control/original.s" || {
				verdict=same-code
				break
			}
			continue
		fi
		ask "$killer"
		case $? in
		0) verdict=killed by=$killer ;;
		2)
			# Later ones may lack a library.
			[ "$killer" = plain ] || continue
			verdict=uncompiled
			;;
		*) continue ;;
		esac
		break
	done
	[ ! "$argued" ] || case $verdict in
	SURVIVED) verdict=same ;;
	*) verdict="INVALID: equivalent.txt says it is the same ($verdict)" ;;
	esac
	echo "$id|$by|$verdict|$(($(date +%s%3N) - begun_ms)) ms"
	rm -rf "$dir"
}

wait_for_room()
{
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
}

# control KILLER: with the headers as they are it has nothing to notice.
control()
{
	local dir=$tmp/control-$1

	mkdir "$dir"
	cp -r include/damon "$dir/damon"
	ask "$1"
	[ $? -eq 1 ] && return
	echo "$1 fails without a mutant"
	head -n 5 "$dir/build" "$dir/out"
} >"$tmp/$1.control" 2>&1

# If these are "killed", no verdict means anything.
killers='plain hotpath prop prop-match capacity idle nested claim explore stress
	tsan tsan-owner tsan-reader'
[ ! "$quick" ] || killers='plain hotpath'
dir=$tmp/control
mkdir "$dir"
cp -r include/damon "$dir/damon"
[ ! "$generated" ] || object_code original
for killer in $killers; do
	wait_for_room
	control "$killer" &
done
wait
cat "$tmp"/*.control
[ -z "$(cat "$tmp"/*.control)" ] || exit 1

is_asked_for()
{
	[ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " = *" $1 "* ]]
}

# Each writes its own, so that a line is a whole line.
run_generated()
{
	local id nr=0

	grep -E '^[a-z]+\.h:' "$here/equivalent.txt" >"$tmp/equivalent"
	"$here/generate" ${file:+--file "$file"} --list >"$tmp/all" || exit 2
	# An argument about what is not there any more is stale.
	awk -v file="$file" '
		NR == FNR { known[$1]; next }
		!($1 in known) && (!file || index($1, file ":") == 1) {
			print $1 "|-|INVALID: no such mutant|"
		}' "$tmp/all" "$tmp/equivalent" >"$tmp/stale.result"
	if [ "$sample" ]; then
		perl -e 'srand(shift); my $n = shift; my @all = <>;
			print splice(@all, rand @all, 1)
			    while @all && $n--;' \
			"$seed" "$sample" "$tmp/all" >"$tmp/list"
	else
		cp "$tmp/all" "$tmp/list"
	fi
	while read -r id; do
		is_asked_for "$id" || continue
		wait_for_room
		nr=$((nr + 1))
		mutant "$id" >"$tmp/$nr.result" &
	done <"$tmp/list"
	wait
}

# Cut the table: "id file killer what", then lines after "-" and after "+".
run_table()
{
	local id header killer

	awk -v tmp="$tmp" '
		/^#/ { next }
		/^[a-z]/ {
			dir = tmp "/" $1
			system("mkdir " dir)
			printf "" >(dir "/old")
			printf "" >(dir "/new")
			sub(/:$/, "", $3)
			print $1, $2, $3
			next
		}
		/^-/ { print substr($0, 2) >(dir "/old") }
		/^[+]/ { print substr($0, 2) >(dir "/new") }
	' "$here/table.txt" >"$tmp/list"
	while read -r id header killer; do
		is_asked_for "$id" || continue
		wait_for_room
		entry "$id" "$header" "$killer" >"$tmp/$id.result" &
	done <"$tmp/list"
	wait
}

if [ "$generated" ]; then
	run_generated
	cat "$tmp"/*.result | grep -E '\|(SURVIVED|INVALID)' |
		while IFS='|' read -r id _; do
			"$here/generate" --diff "$id"
		done
else
	run_table
fi

cat "$tmp"/*.result | sort | awk -F'|' -v generated="$generated" '
	!generated || $3 ~ /SURVIVED|INVALID/ {
		printf "%-28s %-10s %s %s\n", $1, $2, $3, $4
	}
	{ n[$3 ~ /INVALID/ ? "INVALID" : $3]++ }
	$3 == "killed" { by[$2]++ }
	END {
		printf "%d mutants: %d killed", NR, n["killed"]
		for (killer in by)
			printf "%s%d by %s", seen++ ? ", " : " (",
				by[killer], killer
		printf "%s, %d survived, %d mean the same", seen ? ")" : "",
			n["SURVIVED"], n["same"]
		if (generated)
			printf ", %d are the same code, %d do not compile",
				n["same-code"], n["uncompiled"]
		printf ", %d invalid\n", n["INVALID"]
		exit n["SURVIVED"] + n["INVALID"] > 0
	}'
