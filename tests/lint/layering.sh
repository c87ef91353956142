#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A folder sees only the folders below it (layers.txt).
#
# The compiler's -I hold this for the top folders; here it is held for the rooms
# of sim/ too, and for the words that tell which world a line is in: functions,
# types and constants named damon_ are defined in include/damon and kernel/
# alone.  Errors are printed, and processes ended, where the command line is.

. "$(dirname "$0")/lib.sh"

need_tool perl
layers=tests/lint/layers.txt
[ -f "$layers" ] || layers=$lint_dir/layers.txt

mapfile -t sources < <(tree_files '*.c' '*.h' | grep -E '^(include|traces|sim|models|bench|tests|kernel)/')
[ ${#sources[@]} -gt 0 ] || exit 2

perl -I"$lint_dir" -Msource - "$layers" "${sources[@]}" <<'END' | found_lines
use strict;
use warnings;

my $layers = shift @ARGV;
my (%sees, %exists);
sub say_at { printf "%s:%d: %s\n", @_ }

for (split /\n/, source::slurp($layers)) {
	next if /^#/ || !/\S/;
	my ($folder, $below) = /^(\S+):\s*(.*)$/ or die "$layers: $_\n";
	push @{$sees{$folder}}, split ' ', $below;
}
$exists{$_} = 1 for @ARGV;

# Where an include goes, as the -I of the Makefile look for it.
sub resolve
{
	my ($folder, $name, $quoted) = @_;
	my @where = ('include', 'traces', 'sim', 'models', 'tests/include',
	    'tests', 'bench');
	unshift @where, $folder if $quoted;
	for (@where) {
		return "$_/$name" if $exists{"$_/$name"};
	}
	return undef;
}

for my $path (@ARGV) {
	my ($folder) = $path =~ m{^(.*)/[^/]+$};
	my $raw = source::slurp($path);
	my $code = source::code($raw);
	my $stand_in = $folder =~ m{^include/(linux|asm)$};
	my $program = $path =~ m{^traces/programs/};
	my $top = $folder =~ m{^(tests|bench|kernel)\b};

	my $n = 0;
	for (split /\n/, $raw) {
		$n++;
		next unless /^\s*#\s*include\s*(["<])([^">]+)[">]/;
		my ($quoted, $name) = ($1 eq '"', $2);
		if ($name =~ m{\.\./} || $name =~ m{\.c$}) {
			say_at($path, $n, "includes $name");
			next;
		}
		my $target = resolve($folder, $name, $quoted);
		if (!$target) {
			say_at($path, $n, "\"$name\" is nowhere below")
			    if $quoted && !$top;
			say_at($path, $n, "a stand-in includes <$name>")
			    if $stand_in && $name !~
			    m{^(std(bool|def|arg|int)\.h|asm-generic/errno\.h)$};
			next;
		}
		next if $top;
		my ($where) = $target =~ m{^(.*)/[^/]+$};
		next if $where eq $folder;
		next if $where =~ m{^include/(linux|asm)$} && !$program;
		if ($stand_in || $program || !$sees{$folder}) {
			say_at($path, $n, $sees{$folder} || $stand_in ||
			    $program ? "includes $target" :
			    "$folder is not in $layers");
			next;
		}
		say_at($path, $n, "$folder does not see $target ($layers)")
		    unless grep { $_ eq $where || $_ eq $target }
		    @{$sees{$folder}};
	}

	# Whose prefix it is: also of what takes that folder's place in a build.
	unless ($folder =~
		m{^(include/damon|kernel|tests/variants/[a-z]+-run)\b}) {
		my @definitions = (
		    qr/^(?!return\b|else\b)[A-Za-z_][\w\s\*]*?\b(damon_\w+)\s*\([^;{}]*\)\s*\{/m,
		    qr/^\s*(?:typedef\s+)?(?:struct|union|enum)\s+(damon_\w+)\s*\{/m,
		    qr/^\s*#\s*define\s+((?:damon|DAMON)_\w+)/m,
		    qr/^(?:static\s+|const\s+)*(?:struct\s+)?\w[\w\s\*]*?\b(damon_\w+)(?:\[[^]]*\])?\s*(?:=|;)/m);
		for my $re (@definitions) {
			while ($code =~ /$re/g) {
				my ($name, $at) = ($1, $-[1]);
				# A forward declaration defines nothing.
				next if $& =~ /^\s*(?:extern\s|struct\s+\w+\s*;)/;
				say_at($path, source::line_at($code, $at),
				    "$name: the prefix is include/damon's");
			}
		}
	}

	next if $top || $program;
	while ($code =~ /\b(exit|_exit|_Exit|abort|quick_exit)\s*\(/g) {
		say_at($path, source::line_at($code, $-[0]),
		    "$1(): only main ends the program")
		    unless $path eq 'sim/cmd/main.c';
	}
	while ($code =~ /\b(stderr|perror|STDERR_FILENO|err\(|errx\(|warnx?\()/g) {
		my $word = $1;
		say_at($path, source::line_at($code, $-[0]),
		    "$word: only commands talk to the user")
		    unless $folder eq 'sim/cmd';
	}
	while ($folder !~ m{^sim/cmd$} && $code =~ /\b(printf|puts|putchar)\s*\(/g) {
		say_at($path, source::line_at($code, $-[0]),
		    "$1(): standard output is the command's to hand down");
	}
}
END
lint_end
