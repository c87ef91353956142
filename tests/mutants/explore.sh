#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Build prop_explore against other headers, for run.sh.
#
# What does not see the hot path is built once, into OBJECTS; the rest in DIR,
# which has the headers as DIR/damon.
#
# usage: explore.sh OBJECTS DIR

set -eu

objects=$1 dir=$2
gcc=(gcc -std=gnu11 -w -D_GNU_SOURCE -O1 -pthread)

sees_hot_path()
{
	case $1 in
	*/stage.c | */verbs.c | */life.c | */pmu.c | */properties.c | \
		*/table.c | */explore.c | */shrink.c) ;;
	*) return 1 ;;
	esac
}

mine=() once=()
for file in sim/explore/*.c; do
	case $file in
	*/litmus* | */hot.c | */suite.c) continue ;;
	esac
	if sees_hot_path "$file"; then
		mine+=("$file")
	else
		once+=("$file")
	fi
done

# Two may begin at once: the one that ends last has done the same.
if [ ! -e "$objects/done" ]; then
	work=$(mktemp -d "$objects/XXXXXX")
	for file in "${once[@]}"; do
		"${gcc[@]}" -Isim -Iinclude -c -o "$work/$(basename "$file" .c).o" \
			"$file"
	done
	mv -f "$work"/*.o "$objects"
	touch "$objects/done"
fi

"${gcc[@]}" -O2 -fsanitize=thread -Isim/explore/include -I"$dir" -Isim \
	-Iinclude -c -o "$dir/hot.tsan.o" sim/explore/hot.c
nm -u "$dir/hot.tsan.o" |
	sed -n 's/^ *U __\(tsan_.*\)/__\1 explore_\1/p' >"$dir/names"
objcopy --redefine-syms="$dir/names" "$dir/hot.tsan.o" "$dir/hot.o"
echo 'const char hotpath_id[] = "mutant";' >"$dir/id.c"
"${gcc[@]}" -I"$dir" -Isim -Iinclude -Itests -o "$dir/prop_explore" \
	tests/prop_explore.c "${mine[@]}" "$dir/id.c" "$dir/hot.o" \
	"$objects"/*.o -ldw -lm
