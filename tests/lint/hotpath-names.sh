#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The hot path uses of the kernel what kernel-names.txt lists, and nothing else.
#
# What it may use must be few and known, because each name is a promise that two
# worlds keep.  Names from outside can only come from what is included, and
# hotpath-alone.sh compiles with nothing to include but the stand-ins and the
# compiler's own headers.  So here it is enough to ask those files what they
# define - macros from the preprocessor; types, functions, tags and enumerators
# from the text at file scope - and to hold each identifier of the hot path
# against that: defined outside, and not in the list, is a finding.  So is what
# begins with two underscores, which is how a compiler's own names look, and a
# member that no struct of the hot path declares.
#
# Further: only listed headers and siblings are included; no condition of the
# preprocessor but the guard, since both worlds read the same; the files keep
# their size; the list and the stand-ins hold nothing that is not used.

. "$(dirname "$0")/lib.sh"

need_tool gcc
need_tool perl

list=tests/lint/kernel-names.txt
[ -f "$list" ] || list=$lint_dir/kernel-names.txt

# Everything that there is to include: listed headers, in a unit of their own.
awk '!/^#/ && NF { print "#include <" $2 ">" }' "$list" | sort -u \
	>"$lint_tmp/outside.c"
mkdir "$lint_tmp/system"
ln -s /usr/include/asm-generic "$lint_tmp/system/asm-generic"

outside()
{
	gcc -std=gnu11 -ffreestanding -nostdinc -Iinclude \
		-isystem "$(gcc -print-file-name=include)" \
		-isystem "$lint_tmp/system" "$@" "$lint_tmp/outside.c"
}

outside -E -P >"$lint_tmp/outside.i" 2>"$lint_tmp/messages" || {
	found "$list" 1 "$(grep -m1 error "$lint_tmp/messages")"
	lint_end
}
outside -E -dM >"$lint_tmp/outside.m"

perl -I"$lint_dir" -Msource - "$lint_tmp/outside.i" "$lint_tmp/outside.m" \
	"$list" "$hotpath" <<'END' | found_lines
use strict;
use warnings;

my ($text_path, $macro_path, $list, $dir) = @ARGV;
my %keyword = map { $_ => 1 } qw(
	auto break case char const continue default do else enum extern for
	goto if inline int long register return short signed sizeof static
	struct switch typedef union unsigned void volatile while asm typeof
	defined define undef include ifndef endif);

sub say_at { printf "%s:%d: %s\n", @_ }

# What is allowed: name, header that has it, line.
my (%allowed, %header, %used);
my $nr = 0;
for (split /\n/, source::slurp($list)) {
	$nr++;
	next if /^#/ || !/\S/;
	my ($name, $file) = split;
	say_at($list, $nr, "$name is listed twice") if $allowed{$name};
	$allowed{$name} = $nr;
	$header{$file} = 1;
}

# What is defined outside.  Bodies and parameters hold no names of file scope.
my %outside;
my $text = source::code(source::slurp($text_path));
1 while $text =~ s/\(([^()]*)\)/\x01/s;
1 while $text =~ s/\x01\s*\{[^{}]*\}/;/s ||
	$text =~ s/(\x01\s*\{(?:[^{}]|\{[^{}]*\})*)\{[^{}]*\}/$1/s;
my %member;
while ($text =~ /\{([^{}]*)\}/g) {
	my $body = $1;
	next if $body !~ /;/;	# enumerators are names of file scope
	$member{$_} = 1 for $body =~ /(\w+)\s*(?::[^;,]*)?(?:\[[^]]*\]\s*)*[;,]/g;
}
$outside{$_} = 1 for $text =~ /\b([A-Za-z_]\w*)\b/g;
delete @outside{keys %member};
for (split /\n/, source::slurp($macro_path)) {
	$outside{$1} = 1 if /^#define (\w+)/;
}

opendir(my $d, $dir) or die "$dir: $!\n";
my @files = sort grep { /\.h$/ } readdir $d;
my %code;
my %own_member;
for my $file (@files) {
	my $raw = source::slurp("$dir/$file");
	$code{$file} = source::code($raw);
	# In a struct: name, then [ ] or : width, then ; or , - or (*name)(...).
	while ($code{$file} =~
	    /\b(?:struct|union)\s*\w*\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g) {
		my $body = $1;
		$own_member{$_} = 1 for $body =~ /\(\*(\w+)\)\s*\(/g;
		1 while $body =~ s/\([^()]*\)//;
		$own_member{$_} = 1 for $body =~
		    /(\w+)\s*(?::\s*\d+\s*)?(?:\[[^]]*\]\s*)*(?:____\w+\s*)?[;,]/g;
	}

	my $lines = () = $raw =~ /\n/g;
	say_at("$dir/$file", 300, "$lines lines, 299 are allowed")
	    if $lines >= 300;
}

for my $file (@files) {
	my $path = "$dir/$file";
	my $raw = source::slurp($path);
	my $code = $code{$file};
	my $guard = "_DAMON_" . (uc $file) =~ s/\W/_/gr;

	# The preprocessor's lines, from the text: includes have strings.
	my $n = 0;
	for (split /\n/, $raw) {
		$n++;
		if (/^\s*#\s*(if\w*|elif|else)\b\s*(.*)/) {
			say_at($path, $n, "a condition: #$1 $2")
			    unless $1 eq 'ifndef' && $2 eq $guard;
		}
		next unless /^\s*#\s*include\s*(["<])([^">]+)[">]/;
		if ($1 eq '"') {
			say_at($path, $n, "\"$2\" is no sibling")
			    unless $code{$2};
		} else {
			say_at($path, $n, "<$2> is not in $list")
			    unless $header{$2};
		}
	}
	say_at($path, 1, "no guard $guard") unless $raw =~ /^#ifndef $guard$/m;
	$code =~ s/^(\s*#\s*include\b[^\n]*)/source::blank($1)/gme;

	while ($code =~ /(->\s*|\.\s*)?\b([A-Za-z_]\w*)\b/g) {
		my ($access, $name, $at) = ($1, $2, $-[2]);
		next if $keyword{$name} || $name eq $guard;
		if ($allowed{$name}) {
			$used{$name} = 1;
			next;
		}
		my $line = source::line_at($code, $at);
		if ($access) {
			say_at($path, $line, "member '$name' is no struct's of " .
			    "the hot path, and not in $list")
			    unless $own_member{$name};
		} elsif ($outside{$name}) {
			say_at($path, $line, "'$name' is not in $list");
		} elsif ($name =~ /^__/ && $name !~ /^__damon_|^__VA_ARGS__$/) {
			say_at($path, $line, "'$name' is the compiler's, " .
			    "and not in $list");
		} elsif ($name =~ /^(smp_|atomic_|local_|raw_|this_cpu_|rcu_|spin_|k[mz]alloc|pr_|print)/) {
			say_at($path, $line, "'$name' is a kernel's, and " .
			    "not in $list");
		}
	}
}
for my $name (sort keys %allowed) {
	say_at($list, $allowed{$name}, "'$name' is not used")
	    unless $used{$name};
}
END

# The stand-ins: short, and they say what they are.
for file in include/linux/*.h include/asm/*.h; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 40 ] || found "$file" 41 "$lines lines, 40 are allowed"
	head -n 5 "$file" | grep -qiE '\b(stub|twin)\b' ||
		found "$file" 2 "the head says neither stub nor twin"
done
lint_end
