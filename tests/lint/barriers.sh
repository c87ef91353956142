#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Every barrier of the hot path names its partner, and the partner names it back.
#
# A barrier without a partner orders nothing; one whose comment says what is
# wanted but not which accesses are ordered cannot be checked by a reader.  So
# directly above each release, acquire or ordered exchange stands
#
#	RELEASE(file:LABEL): pairs with file:LABEL.  One access before another:
#	who sees what.  Else what breaks.  Litmus: name.
#
# and the labels stand in the pair table in the head of the file.  Fences that
# stand alone are refused: no sanitizer sees them, and they have no one access
# to be paired with.
#
# docs/MEMORY-MODEL.md has the table of all pairs, made from these comments.
#
# usage: barriers.sh            look
#        barriers.sh --table    print the table
#        barriers.sh --update   write it into docs/MEMORY-MODEL.md

. "$(dirname "$0")/lib.sh"

need_tool perl
doc=docs/MEMORY-MODEL.md
begin='<!-- pairs: made by tests/lint/barriers.sh --update -->'
end='<!-- end of pairs -->'

perl -I"$lint_dir" -Msource - "$hotpath" "$lint_tmp/table" <<'END' | found_lines
use strict;
use warnings;

my ($dir, $table) = @ARGV;
my $ordered = qr/\b(smp_store_release|smp_load_acquire|
	(?:try_)?cmpxchg(?:64|_double)?(?:_acquire|_release)?|
	xchg(?:_acquire|_release)?|
	atomic(?:64|_long)?_\w+_(?:acquire|release)|
	rcu_assign_pointer|rcu_dereference)\s*\(/x;
my $fence = qr/\b(smp_[rw]?mb(?:__\w+)?|smp_mb__\w+|[rw]mb|mb|barrier|dma_[rw]?mb|
	__atomic_\w+|__sync_\w+|atomic_thread_fence|__smp_\w+|virt_[rw]?mb|
	smp_store_mb|smp_acquire__after_ctrl_dep)\s*\(/x;
my %barrier;	# label -> what is known of it
my @labels;	# in the order of the files

sub say_at { printf "%s:%d: %s\n", @_ }

opendir(my $d, $dir) or die "$dir: $!\n";
for my $file (sort grep { /\.h$/ } readdir $d) {
	my $path = "$dir/$file";
	my $raw = source::slurp($path);
	my $code = source::code($raw);
	my @comments = source::comments($raw);
	my ($base) = $file =~ /^(\w+)/;
	# The head is the first comment after the licence's.
	my $head = $comments[1] ? $comments[1][2] : '';
	my %in_head = map { $_ => 1 } $head =~ /(?:RELEASE|ACQUIRE)\((\w+:\w+)\)/g;
	my %commented;

	while ($code =~ /$fence/g) {
		say_at($path, source::line_at($code, $-[1]),
		    "$1(): a fence that no label can pair");
	}
	while ($code =~ /$ordered/g) {
		my ($name, $at) = ($1, $-[1]);
		my $line = source::line_at($code, $at);
		my ($c) = grep { $_->[1] <= $at } reverse @comments;
		my $between = $c ? substr($code, $c->[1], $at - $c->[1]) : ';';
		if ($between =~ /[;{}]/) {
			say_at($path, $line, "$name(): no comment above it");
			next;
		}
		unless ($c->[2] =~ /^\s*(RELEASE|ACQUIRE)\((\w+):(\w+)\):[ ]pairs[ ]with[ ]
		    (\w+:\w+(?:,[ ]\w+:\w+)*)\.\s+(.*)$/x) {
			say_at($path, $line, "$name(): the comment above is " .
			    "not RELEASE(file:LABEL): pairs with file:LABEL.");
			next;
		}
		my ($kind, $where, $label, $partners, $why) =
		    ($1, $2, "$2:$3", $4, $5);
		$commented{$label} = 1;
		say_at($path, $line, "$label: labels of this file are $base:...")
		    if $where ne $base;
		my $does = $name =~ /release|assign/ ? 'RELEASE' :
		    $name =~ /acquire|dereference/ ? 'ACQUIRE' : 'BOTH';
		say_at($path, $line, "$label: $name() is no \L$kind")
		    if $does ne 'BOTH' && $does ne $kind;
		say_at($path, $line, "$label: not in the pair table of the head")
		    unless $in_head{$label};
		say_at($path, $line, "$label: does not say which access " .
		    "comes before which, up to a colon")
		    unless $why =~ /^([^:]*\bbefore\b[^:]*):/;
		my $accesses = $1 // '';
		say_at($path, $line, "$label: does not say what breaks (Else ...)")
		    unless $why =~ /\bElse\s+(.*?)\.(\s|$)/;
		my $breaks = $1 // '';
		say_at($path, $line, "$label: names no litmus test (Litmus: name.)")
		    unless $why =~ /\bLitmus:\s+([\w-]+)\./;
		my $litmus = $1 // '';
		say_at($path, $line, "$label: no tests/litmus/$litmus.litmus")
		    if $litmus && -d 'tests/litmus' &&
		    !-e "tests/litmus/$litmus.litmus";
		if ($barrier{$label}) {
			say_at($path, $line, "$label: stands twice, also in " .
			    "$barrier{$label}{path}:$barrier{$label}{line}");
			next;
		}
		push @labels, $label;
		$barrier{$label} = { path => $path, line => $line,
		    kind => $kind, partners => [split /, /, $partners],
		    accesses => $accesses, breaks => $breaks,
		    litmus => $litmus, what => $name };
	}
	# A comment without its barrier, a label in the head without either.
	for my $c (@comments) {
		next unless $c->[2] =~ /^\s*(?:RELEASE|ACQUIRE)\((\w+:\w+)\)/;
		say_at($path, source::line_at($raw, $c->[0]),
		    "$1: no barrier below the comment") unless $commented{$1};
	}
	for my $label (sort keys %in_head) {
		say_at($path, 1, "$label: in the pair table, and nowhere else")
		    unless $commented{$label};
	}
}

for my $label (@labels) {
	my $b = $barrier{$label};
	for my $partner (@{$b->{partners}}) {
		my $p = $barrier{$partner};
		if (!$p) {
			say_at($b->{path}, $b->{line},
			    "$label: its partner $partner is nowhere");
			next;
		}
		say_at($b->{path}, $b->{line},
		    "$label: its partner $partner does not name it back")
		    unless grep { $_ eq $label } @{$p->{partners}};
		say_at($b->{path}, $b->{line},
		    "$label: its partner $partner is \L$p->{kind}\E as well")
		    if $p->{kind} eq $b->{kind};
	}
}

open(my $t, '>', $table) or die;
print $t "| release | orders | acquire | orders | else | litmus |\n" .
    "|---|---|---|---|---|---|\n";
for my $label (@labels) {
	my $b = $barrier{$label};
	next if $b->{kind} ne 'RELEASE';
	for my $partner (@{$b->{partners}}) {
		my $p = $barrier{$partner} or next;
		print $t "| $label, $b->{what}() | \l$b->{accesses} " .
		    "| $partner, $p->{what}() | \l$p->{accesses} " .
		    "| $b->{breaks} | $b->{litmus} |\n";
	}
}
END

case ${1:-} in
--table)
	cat "$lint_tmp/table"
	exit 0
	;;
--update)
	if ! { grep -qxF -e "$begin" "$doc" && grep -qxF -e "$end" "$doc"; }; then
		printf '%s: no lines "%s" and "%s"\n' "$doc" "$begin" "$end" >&2
		exit 2
	fi
	awk -v begin="$begin" -v end="$end" -v table="$lint_tmp/table" '
		$0 == end { skip = 0 }
		!skip
		$0 == begin {
			skip = 1
			while ((getline line < table) > 0)
				print line
		}' "$doc" >"$lint_tmp/doc"
	cat "$lint_tmp/doc" >"$doc"
	exit 0
	;;
esac

if [ -e "$doc" ]; then
	awk -v begin="$begin" -v end="$end" '
		$0 == end { on = 0 }
		on
		$0 == begin { on = 1 }' "$doc" >"$lint_tmp/written"
	cmp -s "$lint_tmp/written" "$lint_tmp/table" ||
		found "$doc" "$(awk -v begin="$begin" \
			'$0 == begin { n = NR } END { print n + 1 }' "$doc")" \
			"not the table of pairs: tests/lint/barriers.sh --update"
fi
lint_end
