#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each rule of each lint finds what breaks it.
#
# A lint that cannot fail is none.  So a copy of the tree gets one violation at
# a time, and the lint must say so, at that file, in words that belong to that
# rule; what it says about the tree as it is does not count.
#
# usage: selftest.sh [LINT...]

. "$(dirname "$0")/lib.sh"

here=$PWD
tree=$lint_tmp/tree
only=" $* "
export LINT_ROOT=$tree
export HOTPATH=include/damon
nr=0

mkdir "$tree"
tree_files '*' | cpio -pdm --quiet "$tree" 2>/dev/null ||
	tree_files '*' | tar -cf - -T - | tar -xf - -C "$tree"

# catches LINT FILE WORDS: after the violation in FILE, LINT must report it;
# then the file is as before.
catches()
{
	local lint=$1 file=$2 words=$3

	nr=$((nr + 1))
	"$lint_dir/$lint.sh" >"$lint_tmp/output" 2>&1
	if [ $? -ne 1 ] || ! grep -v -x -F -f "$lint_tmp/before" \
		"$lint_tmp/output" | grep -F -e "$words" |
		grep -q -F -e "$file:"; then
		found "tests/lint/$lint.sh" 1 "does not catch '$words' in $file:" \
			"$(head -n 2 "$lint_tmp/output" | tr '\n' ' ')"
	fi
	if [ -d "$here/$file" ]; then
		return
	elif [ -e "$here/$file" ]; then
		cp -p "$here/$file" "$tree/$file"
	else
		rm -rf "${tree:?}/$file"
	fi
}

# plant FILE: the text on standard input goes in before the last line, which of
# a header is its #endif.
plant()
{
	sed '$d' "$here/$1" >"$tree/$1"
	cat >>"$tree/$1"
	tail -n 1 "$here/$1" >>"$tree/$1"
}

# change FILE SED-EXPRESSION; it must change something.
change()
{
	sed "$2" "$here/$1" >"$tree/$1"
	! cmp -s "$here/$1" "$tree/$1" ||
		found tests/lint/selftest.sh 1 "no violation made by: $2 in $1"
}

# begin LINT: run its part?  And what does it say without a violation?
begin()
{
	[ "$only" = "  " ] || [[ $only == *" $1 "* ]] || return 1
	"$lint_dir/$1.sh" >"$lint_tmp/before" 2>&1
	[ $? -le 1 ] && return
	found "tests/lint/$1.sh" 1 "cannot look:" \
		"$(head -n 1 "$lint_tmp/before")"
	return 1
}

hot=include/damon/ring.h
end_of_head='/^#define _DAMON_RING_H/'

export LINT_HEADERS=ring.h
if begin hotpath-alone; then
	plant $hot <<<'static inline u32 damon_lint(void) { return nowhere(); }'
	catches hotpath-alone $hot "does not compile alone"
	change $hot '/include <linux.types.h>/d; /include "/d; /include <linux.errno/d; /include <asm/d'
	catches hotpath-alone $hot "does not compile alone"
	plant $hot <<<'u32 damon_away(u32 x);
static inline u32 damon_lint(u32 x) { return damon_away(x); }'
	catches hotpath-alone $hot "wants from outside"
	plant $hot <<<'static inline u64 damon_lint(u64 x, u64 y) { return x / y; }'
	catches hotpath-alone $hot "(gcc -m32"
	plant $hot <<<'static inline u64 damon_lint(u64 *x) { return __atomic_load_n(x, 5); }'
	catches hotpath-alone $hot "(clang -m32"
	plant $hot <<<'struct damon_lint { float x; };'
	catches hotpath-alone $hot "floating point"
	plant $hot <<<'static inline void damon_lint(u64 x) { __auto_type y = 1.5 * x; (void)y; }'
	catches hotpath-alone $hot "does not compile alone"
	change $hot "$end_of_head a #include <string.h>"
	catches hotpath-alone $hot "does not compile alone"
fi

if begin hotpath-names; then
	plant $hot <<<'static inline s64 damon_lint(void) { return 0; }'
	catches hotpath-names $hot "'s64' is not in"
	plant $hot <<<'static inline int damon_lint(void) { return -EIO; }'
	catches hotpath-names $hot "'EIO' is not in"
	plant $hot <<<'static inline int damon_lint(local_t *x) { return x->counter; }'
	catches hotpath-names $hot "member 'counter'"
	plant $hot <<<'#define damon_lint(x) __builtin_expect(x, 1)'
	catches hotpath-names $hot "'__builtin_expect' is the compiler's"
	plant $hot <<<'#define damon_lint() smp_mb()'
	catches hotpath-names $hot "'smp_mb' is a kernel's"
	plant $hot <<<'#ifdef __KERNEL__
#endif'
	catches hotpath-names $hot "a condition"
	plant $hot <<<'#if 1
#endif'
	catches hotpath-names $hot "a condition"
	change $hot "$end_of_head a #include <string.h>"
	catches hotpath-names $hot "<string.h> is not in"
	change $hot "$end_of_head a #include \"linux/types.h\""
	catches hotpath-names $hot "no sibling"
	change $hot 's/_DAMON_RING_H/_OTHER_H/'
	catches hotpath-names $hot "no guard"
	seq -f '/* %g */' 300 | plant $hot
	catches hotpath-names $hot "299 are allowed"
	seq -f '/* %g */' 40 | plant include/linux/types.h
	catches hotpath-names include/linux/types.h "40 are allowed"
	change include/linux/cache.h 's/Twin/It/'
	catches hotpath-names include/linux/cache.h "neither stub nor twin"
	names=tests/lint/kernel-names.txt
	printf 'u32 linux/types.h\n' >>"$tree/$names"
	catches hotpath-names $names "listed twice"
	printf 's8 linux/types.h\n' >>"$tree/$names"
	catches hotpath-names $names "'s8' is not used"
fi

if begin barriers; then
	change $hot 's/RELEASE(ring:A): pairs with ring:B/Pairs with ring:B/'
	catches barriers $hot "the comment above is not"
	plant $hot <<<'static inline void damon_lint(u32 *x) { smp_store_release(x, 1); }'
	catches barriers $hot "no comment above it"
	change $hot 's/^\(\t \* \)RELEASE(ring:C)/\1RELEASE(ring:A)/'
	catches barriers $hot "stands twice"
	change $hot 's/RELEASE(ring:C): pairs with ring:D/RELEASE(ring:C): pairs with ring:E/'
	catches barriers $hot "ring:E is nowhere"
	change $hot 's/RELEASE(ring:C): pairs with ring:D/RELEASE(ring:C): pairs with ring:B/'
	catches barriers $hot "does not name it back"
	change $hot 's/smp_store_release(&ring->tail/smp_load_acquire(\&ring->tail/'
	catches barriers $hot "is no release"
	change $hot 's/RELEASE(ring:C): pairs with ring:D/ACQUIRE(ring:C): pairs with ring:D/'
	catches barriers $hot "is acquire as well"
	change $hot 's/smp_store_release(&ring->tail, tail + n)/ring->tail = tail + n/'
	catches barriers $hot "no barrier below the comment"
	change $hot 's/^ \*\(.*\)RELEASE(ring:C)/ *\1RELEASE(ring:X)/'
	catches barriers $hot "not in the pair table"
	change $hot 's/^ \*\(.*\)RELEASE(ring:C)/ *\1RELEASE(ring:X)/'
	catches barriers $hot "in the pair table, and nowhere else"
	change $hot 's/ring:/gong:/g'
	catches barriers $hot "labels of this file are ring:"
	change $hot 's/  *Else a half-written one/ So a half-written one/'
	catches barriers $hot "what breaks"
	change $hot 's/Litmus: ring-publish/See ring-publish/'
	catches barriers $hot "no litmus test"
	change $hot 's/before the$/after the/; s/the slot before the/the slot, the/'
	catches barriers $hot "comes before which"
	if [ -d tests/litmus ]; then
		change $hot 's/Litmus: ring-publish/Litmus: ring-nowhere/'
		catches barriers $hot "no tests/litmus/ring-nowhere.litmus"
	fi
	for fence in 'smp_mb()' 'smp_wmb()' 'smp_rmb()' 'barrier()' \
		'__atomic_thread_fence(5)' '__sync_synchronize()'; do
		plant $hot <<<"static inline void damon_lint(void) { $fence; }"
		catches barriers $hot "a fence that no label can pair"
	done
	if [ -e docs/MEMORY-MODEL.md ]; then
		change docs/MEMORY-MODEL.md 's/^| ring:A/| ring:Z/'
		catches barriers docs/MEMORY-MODEL.md "not the table of pairs"
	fi
fi

if begin layering; then
	change sim/damon/rng.c '1a #include "replay/heat.h"'
	catches layering sim/damon/rng.c "does not see sim/replay/heat.h"
	change traces/trace.c '1a #include "damon/rng.h"'
	catches layering traces/trace.c "does not see sim/damon/rng.h"
	change traces/trace.c '1a #include "../sim/cmd/cmd.h"'
	catches layering traces/trace.c "includes ../sim"
	change traces/trace.c '1a #include "nowhere.h"'
	catches layering traces/trace.c "nowhere below"
	change $hot '1a #include "trace.h"'
	catches layering $hot "does not see traces/trace.h"
	change include/linux/cache.h '1a #include <stdlib.h>'
	catches layering include/linux/cache.h "a stand-in includes <stdlib.h>"
	mkdir "$tree/sim/newroom"
	printf '#include "trace.h"\n' >"$tree/sim/newroom/new.c"
	catches layering sim/newroom/new.c "is not in"
	rmdir "$tree/sim/newroom"
	for definition in 'static int damon_lint(int x)\n{\n\treturn x;\n}' \
		'struct damon_lint {\n\tint x;\n};' \
		'#define DAMON_LINT 1' 'int damon_lint = 1;'; do
		printf '%b\n' "$definition" >>"$tree/sim/damon/rng.c"
		catches layering sim/damon/rng.c "the prefix is include/damon's"
	done
	printf 'void f(void)\n{\n\texit(1);\n}\n' >>"$tree/sim/cmd/cmd.c"
	catches layering sim/cmd/cmd.c "only main ends"
	printf 'void f(void)\n{\n\tfputs("", stderr);\n}\n' \
		>>"$tree/sim/damon/rng.c"
	catches layering sim/damon/rng.c "only commands talk"
	printf 'void f(void)\n{\n\tprintf("");\n}\n' >>"$tree/traces/trace.c"
	catches layering traces/trace.c "is the command's to hand down"
fi

if begin text; then
	printf 'x\n%.0s' {1..100} >"$tree/README.md"
	catches text README.md "99 are allowed"
	printf 'int x; \n' >>"$tree/traces/trace.c"
	catches text traces/trace.c "white space at the end"
	printf '\t/* %070d */\n' 0 >>"$tree/traces/trace.c"
	catches text traces/trace.c "84 columns"
	change traces/trace.c 1d
	catches text traces/trace.c "not the licence line"
	change traces/trace.h '1s/.*/\/\/ SPDX-License-Identifier: GPL-2.0/'
	catches text traces/trace.h "not the licence line"
	change traces/capture.sh 2d
	catches text traces/capture.sh "not the licence line"
	printf 'x' >>"$tree/README.md"
	catches text README.md "the last line has no end"
	printf 'see /%s/main/x\n' work >>"$tree/README.md"
	catches text README.md "a path of one machine"
	printf 'in /%s/me/x\n' home >>"$tree/CHANGELOG.md"
	catches text CHANGELOG.md "a path of one machine"
	printf 'https://files.%s.org/x\n' pypi >>"$tree/README.md"
	catches text README.md "a package server"
	printf 'http://deb.%s.org/debian\n' debian >>"$tree/README.md"
	catches text README.md "a package server"
	printf 'at 10.%d.1.2:8080\n' 3 >>"$tree/README.md"
	catches text README.md "an address of a local network"
fi

if begin style; then
	printf 'int  f( int x ){return x ;}\n' >>"$tree/traces/trace.c"
	catches style traces/trace.c "not as clang-format has it"
fi

if begin shell; then
	# shellcheck disable=SC2016
	change traces/capture.sh '/^set -u/a rm $1/*'
	catches shell traces/capture.sh "SC2086"
	chmod -x "$tree/traces/capture.sh"
	catches shell traces/capture.sh "cannot be run"
fi

# It asks the program that was built; a stand-in for it says more or less.
if DAMONSIM=$(realpath "${DAMONSIM:-build/damonsim}") && export DAMONSIM &&
	[ -x "$DAMONSIM" ] && begin cli; then
	page=docs/damonsim.1
	change $page 's/^damonsim replay \[/damonsim replay now [/'
	catches cli $page "SYNOPSIS lacks: damonsim replay"
	change $page 's/^\.SH REPLAY/.SH OTHER/'
	catches cli $page "no section REPLAY"
	change $page '/fB\\-\\-ring/s/ring/rung/'
	catches cli $page "lacks the option: --ring N"
	change $page '/fB\\-\\-ring/s/ring/rung/'
	catches cli $page "has what --help has not: --rung N"
	change $page 's/^damonsim replay.*/&\ndamonsim nonsense/'
	catches cli $page "no verb 'nonsense'"
fi

if begin samples; then
	sample=traces/samples/perl.data
	printf 'x' >>"$tree/$sample"
	catches samples traces/samples/README.md "not the checksum of perl.data"
	printf 'x' >>"$tree/$sample"
	catches samples traces/samples/README.md "not the size of perl.data"
	head -c 500000 /dev/zero >>"$tree/$sample"
	catches samples $sample "409600 are allowed"
	sed 's/capture-vm/somewhere!/g' "$here/$sample" >"$tree/$sample"
	catches samples $sample "not taken on capture-vm"
	rm "$tree/$sample"
	catches samples traces/samples/README.md "there is no perl.data"
	cp "$here/$sample" "$tree/$sample"
	for i in 1 2 3 4; do
		cp "$here/traces/samples/hotcold.data" \
			"$tree/traces/samples/more$i.data"
	done
	catches samples traces/samples "1572864 are allowed"
	rm -f "$tree"/traces/samples/more*.data
fi

if begin capture; then
	change traces/capture.sh 's/262144/262145/'
	catches capture traces/capture.sh "perf record -c 262145"
	change traces/capture.sh 's/need 0 "the whole/need 9 "the whole/'
	catches capture traces/capture.sh "does not say"
	change traces/capture.sh 's/exit 2/exit 3/'
	catches capture traces/capture.sh "not 2"
fi

printf '%d violations planted\n' $nr
lint_end
