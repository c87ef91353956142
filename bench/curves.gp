# SPDX-License-Identifier: GPL-2.0
#
# Cost of a tick as the work grows: one panel a curve, ours and the published
# design.  Called with -e "data='curves.tsv'; out='curves'; title='...'".
# A panel's slopes stand in the comment above its numbers.

slope(i, k) = system(sprintf("grep slopes '%s' | sed -n %dp | awk '{ print $(NF - %d) }'", data, i + 1, k))
name(i) = system(sprintf("grep slopes '%s' | sed -n %dp | sed 's/^# \\([^:]*\\):.*/\\1/'", data, i + 1))
unit(i) = system(sprintf("grep slopes '%s' | sed -n %dp | sed 's/.*x in \\([^,]*\\), ns.*/\\1/'", data, i + 1))

do for [form in "svg png"] {
	if (form eq "svg") {
		set terminal svg size 1000,760 font "sans,13" background "white"
	} else {
		set terminal pngcairo size 1000,760 font "sans,11"
	}
	set output out . "." . form
	set multiplot layout 2,2 title title
	set logscale xy
	set grid ls 1 lc rgb "#dddddd"
	set key top left
	set ylabel "microseconds a tick"
	do for [i = 0:3] {
		set title "by " . name(i)
		set xlabel name(i) . " (" . unit(i) . ")"
		plot data index i using 1:($2/1000) with linespoints lw 2 \
			pt 7 lc rgb "#1b6ca8" \
			title "damonsim, x^{" . slope(i, 1) . "}", \
		     data index i using 1:($3/1000) with linespoints lw 2 \
			pt 5 lc rgb "#c8553d" \
			title "published, x^{" . slope(i, 0) . "}"
	}
	unset multiplot
	set output
}
