#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The shipped captures are those that their README describes.
#
# Every figure that is drawn from a capture is void when the capture changes
# unnoticed; and a capture that grows is in the history for good.

. "$(dirname "$0")/lib.sh"

dir=traces/samples
readme=$dir/README.md
max_bytes=409600
max_total=1572864

total=0
for file in "$dir"/*.data; do
	[ -e "$file" ] || {
		found $dir 1 "no captures"
		break
	}
	name=${file##*/}
	bytes=$(stat -c %s "$file")
	total=$((total + bytes))
	[ "$bytes" -le $max_bytes ] ||
		found "$file" 1 "$bytes bytes, $max_bytes are allowed"
	sum=$(sha256sum "$file" | cut -d' ' -f1)
	grep -q -E "^    $sum  $name\$" $readme ||
		found $readme 1 "not the checksum of $name: $sum"
	# The table has the size with commas.
	[ "$(sed -n "s/^| $name .*| \([0-9,]*\) |\$/\1/p" $readme |
		tr -d ,)" = "$bytes" ] ||
		found $readme 1 "not the size of $name: $bytes"
	# The name of the machine that it was taken on, in the header.
	grep -q -a capture-vm "$file" ||
		found "$file" 1 "not taken on capture-vm"
done
[ $total -le $max_total ] ||
	found $dir 1 "$total bytes of captures, $max_total are allowed"
while read -r name; do
	[ -e "$dir/$name" ] || found $readme 1 "there is no $name"
done < <(sed -n 's/^    [0-9a-f]\{64\}  //p' $readme)
lint_end
