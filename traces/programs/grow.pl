#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
#
# A program to capture: an interpreter's heap that grows in rounds.
#
# Each round adds records, looks some of them up and drops a part again, with a
# pause after it, so that a capture shows steps.  Small objects of many sizes:
# the malloc() behind them mixes rounds within pages, unlike an arena does.
#
# usage: grow.pl [ROUNDS [RECORDS]]

use strict;
use warnings;

my $rounds = shift // 6;
my $records = shift // 4000;
my $random = 1;

# The own generator, because perl's differs between versions.
sub draw
{
	$random = ($random * 1103515245 + 12345) & 0x7fffffff;
	return ($random >> 8) % $_[0];
}

my %heap;
for my $round (1 .. $rounds) {
	for my $i (1 .. $records) {
		$heap{"$round.$i"} = [map { 'x' x draw(60) } 1 .. 3];
	}
	my $sum = 0;
	$sum += length($_->[0]) for values %heap;
	delete @heap{grep { draw(4) == 0 } sort keys %heap};
	printf "round %d: %d records, %d bytes\n", $round, scalar(keys %heap),
	    $sum;
	select(undef, undef, undef, 0.2);
}
