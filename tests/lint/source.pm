# SPDX-License-Identifier: GPL-2.0
#
# C source for lints: without comments and strings, every line where it was.
#
# A lint looks for names; a name in a comment or a string is none.  Blanks take
# their place, so that positions still tell the line.

package source;

use strict;
use warnings;

sub slurp
{
	my ($path) = @_;
	open(my $f, '<', $path) or die "$path: $!\n";
	local $/;
	my $text = <$f>;
	return defined $text ? $text : '';
}

sub blank
{
	my ($text) = @_;
	$text =~ s/[^\n]/ /g;
	return $text;
}

# Code alone; a string keeps its quotes.
sub code
{
	my ($text) = @_;
	$text =~ s{
		(/\*.*?\*/ | //[^\n]*)			# a comment
		| ("(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*')
	}{
		defined $1 ? blank($1) :
			substr($2, 0, 1) . blank(substr($2, 1, -1)) .
			substr($2, -1)
	}gsex;
	return $text;
}

sub line_at
{
	my ($text, $pos) = @_;
	return 1 + (substr($text, 0, $pos) =~ tr/\n//);
}

# All comments: [start, end, text without the stars, on one line].
sub comments
{
	my ($text) = @_;
	my @out;
	# Strings are stepped over, so that none is taken for a comment.
	while ($text =~ m{(/\*.*?\*/)|"(?:\\.|[^"\\\n])*"}gs) {
		next unless defined $1;
		my ($start, $end, $body) = ($-[1], $+[1], $1);
		$body =~ s{^/\*+|\*/$}{}g;
		$body =~ s/^\s*\*[ \t]?/ /gm;
		$body =~ s/\s+/ /g;
		push @out, [$start, $end, $body];
	}
	return @out;
}

1;
