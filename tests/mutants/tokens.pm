# SPDX-License-Identifier: GPL-2.0
#
# A header's tokens, and what belongs together among them, for `generate`.
#
# Tokens are named by their numbers; a number beside the first or the last one
# is no token and reads as nothing.

package tokens;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw($text @tokens @match $type from to is span tokenize is_cast
	is_operand operand arguments);
# The header; [token, where it begins]; for a bracket, the one that fits it.
our ($text, @tokens, @match);
our $type = qr/^(?:u8|u16|u32|u64|int|long|bool|void|unsigned|const|struct|
		enum|static|inline|size_t|local_t)$/x;

sub from { $tokens[$_[0]][1] }
sub to { $tokens[$_[0]][1] + length $tokens[$_[0]][0] }
sub is { $_[0] >= 0 && $_[0] < @tokens ? $tokens[$_[0]][0] : '' }
sub span { substr($text, from($_[0]), to($_[1]) - from($_[0])) }

sub tokenize
{
	my ($code) = @_;
	my @open;
	@tokens = @match = ();
	while ($code =~ m{
		\G(?:(\s+) | ([A-Za-z_]\w*) | (\d\w*) | ("[^"]*") |
		(<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|
		 \|=|&=|\#\#|.))}gxs) {
		next if defined $1;
		my $t = $2 // $3 // $4 // $5;
		push @tokens, [$t, $-[0]];
		my $i = $#tokens;
		push @open, $i if $t =~ /^[(\[\{]$/;
		if ($t =~ /^[)\]\}]$/) {
			my $o = pop @open;
			@match[$o, $i] = ($i, $o);
		}
	}
}

# Is the parenthesis that closes at $i a cast?
sub is_cast
{
	my ($i) = @_;
	return is($i) eq ')' && defined $match[$i] &&
	    is($match[$i] + 1) =~ $type &&
	    is($match[$i] - 1) !~ /^(?:\w+|\)|\])$/;
}

sub is_operand
{
	my ($i) = @_;
	return 0 if is($i) =~ $type || is($i - 1) =~ /^(?:struct|enum)$/ ||
	    is($i) eq 'return' || is_cast($i);
	return is($i) =~ /^(?:\w+|\)|\])$/;
}

# Where the operand that ends before, or begins behind, the operator ends.
sub operand
{
	my ($i, $step, $stop) = @_;
	my ($open, $close) = $step < 0 ? (qr/^[)\]\}]$/, qr/^[(\[\{]$/) :
	    (qr/^[(\[\{]$/, qr/^[)\]\}]$/);
	for ($i += $step; ; $i += $step) {
		return $i - $step if is($i) =~ $close || is($i) eq '' ||
		    is($i) =~ /^(?:[,;?:]|\|\||[-+|&]?=|return|case)$/ ||
		    is($i) =~ $stop;
		$i = $match[$i] if is($i) =~ $open;
	}
}

# The arguments of the call whose parenthesis opens at $i.
sub arguments
{
	my ($i) = @_;
	my ($end, $from, @args) = ($match[$i], $i + 1);
	return () if $end == $i + 1;
	for (my $j = $from; $j <= $end; $j++) {
		if ($j == $end || is($j) eq ',') {
			push @args, [$from, $j - 1];
			$from = $j + 1;
		} elsif (defined $match[$j] && $match[$j] > $j) {
			$j = $match[$j];
		}
	}
	return @args;
}

1;
