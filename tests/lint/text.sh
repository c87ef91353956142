#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What every text file keeps to: licence, line length, white space, a short
# README, and no word of the place where it was written.
#
# Paths of somebody's machine and addresses of package servers creep in through
# logs and generated files, and hold nowhere else; so they are refused in any
# text that is shipped.

. "$(dirname "$0")/lib.sh"

need_tool perl

# Data is as it came, and the licence is its author's.
mapfile -t texts < <(tree_files '*' |
	grep -vE '^(COPYING$|traces/samples/.*\.data$|tests/(data|corpus|golden)/)')
[ ${#texts[@]} -gt 0 ] || exit 2

perl -I"$lint_dir" -Msource - "${texts[@]}" <<'END' | found_lines
use strict;
use warnings;

sub say_at { printf "%s:%d: %s\n", @_ }

# Width in columns: UTF-8 counts by character, a tab to the next eighth.
sub columns
{
	my ($line) = @_;
	utf8::decode($line);
	my $width = 0;
	for (split /(\t)/, $line) {
		$width = $_ eq "\t" ? ($width | 7) + 1 : $width + length;
	}
	return $width;
}

# The brackets keep a pattern from finding itself.
my @places = (
    [qr{(?<![\w.~-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/}, 'a path of one machine'],
    [qr{https?://[^\s"'>)]*(?:[p]ypi|[n]pmjs|[c]rates\.io|[d]ebian\.org|[p]roxy|[m]irror|[r]egistry|[a]rtifactory)}i, 'a package server'],
    [qr{(?<![\d.])(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+(?:\.\d+)?:\d+}, 'an address of a local network'],
);

for my $path (@ARGV) {
	my $text = source::slurp($path);
	next if $text =~ /\0/;
	my $source = $path =~ /\.(c|h|sh|pl|pm|cocci|litmus\.c)$/ ||
	    $path =~ m{(^|/)(Makefile|Kconfig)$} || $text =~ /^#!/;
	my @lines = split /\n/, $text, -1;
	say_at($path, scalar @lines, 'the last line has no end')
	    if @lines && pop @lines ne '';

	if ($source) {
		my $first = $lines[0] // '';
		my $line = 1;
		if ($first =~ /^#!/) {
			$first = $lines[1] // '';
			$line = 2;
		}
		my $want = $path =~ /\.c$/ ? qr{^// SPDX-License-Identifier: GPL-2\.0$} :
		    $path =~ /\.h$/ ? qr{^/\* SPDX-License-Identifier: GPL-2\.0 \*/$} :
		    qr{^# SPDX-License-Identifier: GPL-2\.0$};
		say_at($path, $line, 'not the licence line') if $first !~ $want;
	}
	my $n = 0;
	for (@lines) {
		$n++;
		say_at($path, $n, 'white space at the end') if /[ \t\r]$/;
		say_at($path, $n, columns($_) . ' columns, 80 are allowed')
		    if $path =~ /\.[ch]$/ && columns($_) > 80;
		next if /memcg/; # paths of control groups are made up
		for my $place (@places) {
			say_at($path, $n, "$place->[1]: $&") if $_ =~ $place->[0];
		}
	}
	say_at($path, 100, @lines . ' lines, 99 are allowed')
	    if $path eq 'README.md' && @lines >= 100;
}
END
lint_end
