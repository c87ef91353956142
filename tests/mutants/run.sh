#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Break the hot path in one place at a time; somebody must notice.
#
# table.txt says which line of which header becomes which, and who is to notice:
#
#   hotpath    the KUnit suites, with sanitizers
#   prop       prop_quota
#   tsan       stress_ring under ThreadSanitizer: what only another CPU can see
#   tsan-owner stress_owner under it: what only the next owner can see
#   same       nobody can: the mutant means the same, and the table says why
#
# Each mutant is built against a copy of the headers of its own.  One that does
# not build, or changes no line or several, is a fault of the table.
#
# usage: run.sh [--jobs N] [--only ID]...

set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
jobs=$(nproc)
only=()
while [ $# -gt 0 ]; do
	case $1 in
	--jobs) jobs=$2 ;;
	--only) only+=("$2") ;;
	*)
		sed -n 's/^# usage: /usage: /p' "$0" >&2
		exit 2
		;;
	esac
	shift 2
done
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$root" || exit 2

# build SANITIZER PROGRAM: one of the tests against the mutant's headers.
build()
{
	local extra=()

	[ "$2" = test_hotpath ] && extra=(tests/support_kunit.c -lcheck
		-lsubunit -lm)
	gcc -std=gnu11 -g -O1 -w -D_GNU_SOURCE ${1:+-fsanitize="$1"} \
		${1:+-fno-sanitize-recover=all} -pthread -I"$dir" -Iinclude \
		-Itests/include -Itests -o "$dir/$2" "tests/$2.c" \
		"${extra[@]}" -lrt 2>"$dir/build"
}

# attempt SANITIZER PROGRAM [ARGUMENT]...: 0 it noticed, 1 it did not, 2 no build.
attempt()
{
	build "$1" "$2" || return 2
	shift
	# In a shell of its own, which keeps to itself how the program died.
	if (CK_DEFAULT_TIMEOUT=5 TSAN_OPTIONS=halt_on_error=1 \
		timeout 10 "$dir/$1" "${@:2}" \
		>"$dir/out" 2>&1 || exit 1) 2>/dev/null; then
		return 1
	fi
	return 0
}

false_killer()
{
	echo "no such killer" >"$dir/build"
	return 2
}

# mutant ID FILE KILLER: the two files "old" and "new" of its directory.
mutant()
{
	local id=$1 file=$2 killer=$3 dir=$tmp/$1 begun_ms verdict

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
		print $f $text;' "$dir/damon/$file" "$dir/old" "$dir/new"
	then
		echo "$id|$file|$killer|INVALID: not one such line|"
		return
	fi
	case $killer in
	hotpath | same) attempt address,undefined test_hotpath ;;
	prop) attempt '' prop_quota 1000000 ;;
	tsan) attempt thread stress_ring --seconds 4 ;;
	tsan-owner) attempt thread stress_owner --seconds 4 ;;
	*) false_killer ;;
	esac
	case $? in
	0) verdict=killed ;;
	1) verdict=SURVIVED ;;
	*) verdict="INVALID: $(head -n 1 "$dir/build")" ;;
	esac
	if [ "$killer" = same ]; then
		case $verdict in
		SURVIVED) verdict=same ;;
		killed) verdict="INVALID: it is not the same" ;;
		esac
	fi
	echo "$id|$file|$killer|$verdict|$(($(date +%s%3N) - begun_ms)) ms"
}

# Cut the table: "id file killer what", then lines after "-" and after "+".
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

# The headers as they are: if these are "killed", no verdict means anything.
control()
{
	local dir=$tmp/control

	mkdir "$dir"
	cp -r include/damon "$dir/damon"
	attempt address,undefined test_hotpath
	[ $? -eq 1 ] || return 1
	attempt '' prop_quota 1000000
	[ $? -eq 1 ] || return 1
	attempt thread stress_ring --seconds 2
	[ $? -eq 1 ] || return 1
	attempt thread stress_owner --seconds 2
	[ $? -eq 1 ]
}
if ! control; then
	echo "the tests fail without a mutant"
	head -n 5 "$tmp/control/build" "$tmp/control/out"
	exit 1
fi

while read -r id file killer; do
	[ ${#only[@]} -eq 0 ] || [[ " ${only[*]} " = *" $id "* ]] || continue
	while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
		wait -n
	done
	mutant "$id" "$file" "$killer" >"$tmp/$id.result" &
done <"$tmp/list"
wait

cat "$tmp"/*.result | sort | awk -F'|' '
	{ printf "%-24s %-10s %-10s %s %s\n", $1, $2, $3, $4, $5 }
	$4 == "killed" { killed++ }
	$4 == "SURVIVED" { survived++ }
	$4 == "same" { same++ }
	/INVALID/ { invalid++ }
	END {
		printf "%d killed, %d survived, %d mean the same, %d invalid\n",
			killed, survived, same, invalid
		exit survived + invalid > 0
	}'
