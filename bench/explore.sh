#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How fast the explorer is: executions a second on one core, how soon small
# scenes are exhausted, and how soon the posted design's defects are found.
#
# usage: explore.sh DAMONSIM [PUBLISHED] [RESULTS]
#
# PUBLISHED is damonsim built with the posted design (make published).  With
# RESULTS numbers go there as explore.json.
set -eu
bin=$(realpath "$1")
published=${2:+$(realpath "$2")}
out=${3:+$(realpath "$3")}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# row NAME FILTER OPTIONS...: one exploration, what jq makes of it.
row()
{
	name=$1 filter=$2
	shift 2
	"$bin" explore --json -j 1 "$@" >"$tmp/one.json" || [ $? -eq 1 ]
	jq -r "$filter" "$tmp/one.json" | sed "s/^/  $name  /"
	jq -c --arg name "$name" '{name: $name, executions, steps,
		seconds: .scenes[0].seconds, exhausted}' "$tmp/one.json" \
		>>"$tmp/rows.json"
}

rate='.scenes[0] | "\(.executions / .seconds | floor) executions/s, " +
	"\(.steps / .seconds / 1e6 * 100 | floor / 100) M steps/s"'
all='.scenes[0] | "\(.executions) executions in \(.seconds * 1000 | floor) ms" +
	if .exhausted then ", all there are" else ", not all" end'

small='cpu0: push; push / kd0: drain'
nested='ring 4 / cpu0: push / nmi0: push / nmi0: push / kd0: drain; drain'

echo "the explorer, one core"
for model in sc tso weak; do
	row "one producer, one drain, two reports, walk, $model" "$rate" \
		-m $model --strategy walk --time 2 "$small"
done
row "the same, pct, weak         " "$rate" -m weak --strategy pct --time 2 \
	"$small"
row "the same, guided, weak      " "$rate" -m weak --strategy guided --time 2 \
	"$small"
for model in sc tso weak; do
	row "nested NMIs, three reports, ring of 4, $model" "$all" -m $model \
		--strategy exhaustive --time 60 "$nested"
done

if [ -n "$published" ]; then
	echo "the posted design's defects: seconds until found, default settings"
	bin=$published
	for scene in push-drain:weak offline:sc first-event:sc faults:sc \
		refused-start:sc commit-same:sc stolen:sc hotplug-arm:sc \
		hotplug-disarm:sc pause:sc full:sc; do
		row "$scene" '.scenes[0] | "\(.seconds * 1000 | floor) ms"' \
			-m "${scene#*:}" "${scene%:*}"
		jq -r '.violations[] | "    \(.property): \(.message)"' \
			"$tmp/one.json"
	done
fi
[ -z "$out" ] || jq -s . "$tmp/rows.json" >"$out/explore.json"
