#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Each header of the hot path stands alone, and asks nothing of a C library.
#
# Every header is compiled as the only one of a freestanding unit, by each
# compiler, for 64 and 32 bits, at -O2, -Os and -O0.  The compiler's own headers
# and the stand-ins are all there is to include.  Then the bodies of all static
# inline functions are kept and the object must have no undefined symbol: no
# call into a library, neither written nor made up by the compiler (a 64-bit
# division, an atomic operation).  The four that a compiler may always make up,
# memcpy and its like, a kernel has.  Without floating-point registers, because a kernel has none.
#
# -O0 is for the inlining that does not happen: what is undefined there was only
# optimised away elsewhere.

. "$(dirname "$0")/lib.sh"

need_tool gcc
need_tool nm
need_tool perl

# The one directory of the system that a stand-in may look into: plain numbers.
mkdir "$lint_tmp/system"
ln -s /usr/include/asm-generic "$lint_tmp/system/asm-generic"
ln -s "$(cd "$hotpath" && pwd)" "$lint_tmp/damon"

# own_headers COMPILER: where the compiler has its stddef.h.
own_headers()
{
	case $1 in
	*clang*) printf '%s/include\n' "$($1 -print-resource-dir)" ;;
	*) $1 -print-file-name=include ;;
	esac
}

# compile WHO HEADER UNIT OUT FLAG...
compile()
{
	local who=$1 header=$2 unit=$3 out=$4

	shift 4
	"$who" -std=gnu11 -ffreestanding -nostdinc -Wall -Wextra -Werror \
		-Wno-unused-function -Wno-sign-compare -Wno-unused-parameter \
		-isystem "$(own_headers "$who")" -Iinclude -I"$lint_tmp" \
		-isystem "$lint_tmp/system" "$@" \
		-c -o "$out" "$unit" 2>"$lint_tmp/messages" && return
	found "$hotpath/$header" 1 "does not compile alone ($who $*):" \
		"$(grep -m1 -E 'error|warning' "$lint_tmp/messages")"
	return 1
}

# check_symbols WHO HEADER OBJECT FLAG...
check_symbols()
{
	local who=$1 header=$2 undefined

	undefined=$(nm -u "$3" | awk '{ print $NF }' |
		grep -v -x -E 'mem(cpy|move|set|cmp)' | tr '\n' ' ')
	shift 3
	[ -z "$undefined" ] || found "$hotpath/$header" 1 \
		"wants from outside ($who $*): $undefined"
}

# unit_with_bodies HEADER: a unit that takes the address of each function, so
# that every compiler emits its body.
unit_with_bodies()
{
	perl -I"$lint_dir" -Msource -e '
		my ($header) = @ARGV;
		my $code = source::code(source::slurp($header));
		print "#include <damon/" . ($header =~ s{.*/}{}r) . ">\n";
		print "void *const damon_lint_bodies[] = {\n";
		while ($code =~ /^static\s+inline\b[^;{}]*?(\w+)\s*\([^;{}]*\)\s*\{/gm) {
			print "\t(void *)$1,\n";
		}
		print "};\n";' "$hotpath/$1"
}

# check WHO HEADER FLAG...
check()
{
	local who=$1 header=$2

	shift 2
	compile "$who" "$header" "$lint_tmp/bodies.c" "$lint_tmp/unit.o" "$@" &&
		check_symbols "$who" "$header" "$lint_tmp/unit.o" "$@"
}

# LINT_HEADERS names a few, for the self-test.
headers=${LINT_HEADERS:-$(cd "$hotpath" && ls -- *.h)}
[ -n "$headers" ] || found "$hotpath" 1 "no headers"
for header in $headers; do
	printf '#include <damon/%s>\n' "$header" >"$lint_tmp/alone.c"
	unit_with_bodies "$header" >"$lint_tmp/bodies.c"
	for who in gcc clang; do
		command -v $who >/dev/null || continue
		compile $who "$header" "$lint_tmp/alone.c" /dev/null -O2 ||
			continue
		for bits in -m64 -m32; do
			for opt in -O2 -Os -O0; do
				check $who "$header" $bits $opt \
					-mgeneral-regs-only -fno-pic
			done
		done
	done
	if command -v aarch64-linux-gnu-gcc >/dev/null; then
		check aarch64-linux-gnu-gcc "$header" -O2 \
			-mgeneral-regs-only -mno-outline-atomics
	fi
	perl -I"$lint_dir" -Msource -e '
		my $code = source::code(source::slurp($ARGV[0]));
		while ($code =~ /\b(float|double|long\s+double|_Float\w+)\b/g) {
			printf "%s:%d: floating point: %s\n", $ARGV[0],
			    source::line_at($code, $-[0]), $1;
		}' "$hotpath/$header" | found_lines
done
lint_end
