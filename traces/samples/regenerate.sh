#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Take the captures of this folder again.
#
# They are taken under a host name and in a directory that say nothing, because
# a capture holds both for good.  What differs from machine to machine is in
# README.md; times and physical addresses differ each time.
#
# usage: regenerate.sh [-o DIR] [NAME...]
#   -o DIR    where the captures go (this folder)
#   NAME      hotcold sort gcc perl whole (default: all but whole)
#
# "whole" captures the whole machine, with the name of everything that runs on
# it; take it in a machine that has nothing to hide (whole-in-qemu.sh does).
#
# Needs root: for a host name of its own, and for physical addresses.

set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=/tmp/capture

if [ "${IN_CAPTURE_VM:-}" != 1 ]; then
	out=$here
	if [ "${1:-}" = -o ]; then
		out=$(cd "$2" && pwd)
		shift 2
	fi
	[ $# -gt 0 ] || set -- hotcold sort gcc perl
	IN_CAPTURE_VM=1 SAMPLES_OUT=$out exec unshare --uts "$0" "$@"
fi

hostname capture-vm
mkdir -p $work
cp "$here"/../capture.sh "$here"/../programs/* $work
cd $work
# The guest of whole-in-qemu.sh brings hotcold along; it has no compiler.
! command -v gcc >/dev/null ||
	gcc -O2 -D_GNU_SOURCE -pthread -o hotcold hotcold.c

capture()
{
	./capture.sh --faults -f "$@"
}

# 4 MB of lines in no order, the same each time.
make_lines()
{
	awk 'BEGIN {
		r = 1
		for (i = 0; i < 120000; i++) {
			r = (r * 16807) % 2147483647
			printf "%d %x line %d\n", r % 1000, r, i
		}
	}'
}

for name; do
	case $name in
	hotcold)
		capture --level 19 -o hotcold.data -- \
			./hotcold --rate 3500 --seconds 15 >hotcold.txt
		;;
	sort)
		make_lines >lines
		capture -o sort.data -- \
			sort -S 12M --parallel=2 -o sorted lines
		;;
	gcc)
		capture -z -o gcc.data -- gcc -O2 -D_GNU_SOURCE -c hotcold.c
		;;
	perl)
		# A pipe has no index and no length: another format to read.
		# perf sends what perl prints to standard error.
		capture -o - -- perl grow.pl 5 4000 >perl.data
		;;
	whole)
		./hotcold --rate 1500 --seconds 6 --arena 32 --hot 4 \
			--warm 8 >whole.txt &
		(make_lines >lines && sort -o sorted lines) &
		capture --also cpu-clock/freq=49/ -z -a --time 5 -o whole.data
		wait # for the programs too
		;;
	*)
		echo "regenerate.sh: no capture '$name'" >&2
		exit 2
		;;
	esac
	chmod 644 "$name.data" # perf's are 600, and git keeps only the x bits
	cp "$name.data" "$SAMPLES_OUT"
	printf '%s: %s samples, %s bytes\n' "$name" \
		"$(perf script -i "$name.data" -F addr 2>/dev/null | wc -l)" \
		"$(stat -c %s "$name.data")"
done
