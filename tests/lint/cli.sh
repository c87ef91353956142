#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The manual page and --help say the same.
#
# For each verb: the usage line stands in the SYNOPSIS, there is a section for
# it, and both name the same options with the same arguments.  What the texts
# say about an option is theirs.
#
# DAMONSIM is the program to ask (build/damonsim).

. "$(dirname "$0")/lib.sh"

need_tool perl
page=docs/damonsim.1
damonsim=${DAMONSIM:-build/damonsim}
if [ ! -x "$damonsim" ] || [ ! -e $page ]; then
	printf '%s: no %s\n' "$0" "$damonsim or no $page" >&2
	exit 2
fi

# The page as plain words: no font changes, no escapes.
sed 's/\\f[BRIP]//g; s/\\-/-/g; s/\\e/\\/g' $page >"$lint_tmp/page"

# Lines of the SYNOPSIS, and of the section of a verb.
section()
{
	awk -v want="$1" '
		/^\.SH / { on = ($0 == ".SH " want); next }
		on && !/^\.(nf|fi)$/' "$lint_tmp/page"
}

line_of()
{
	grep -nx -m1 -F -e "$1" "$lint_tmp/page" | cut -d: -f1
}

verbs=$("$damonsim" --help |
	awk '/^verbs:/ { on = 1; next } !NF { on = 0 } on { print $1 }')
[ -n "$verbs" ] || found "$page" 1 "damonsim --help lists no verbs"

section SYNOPSIS >"$lint_tmp/synopsis"
synopsis_at=$(line_of ".SH SYNOPSIS")
while read -r _ verb _; do
	[ "$verb" = VERB ] || grep -qx -F -e "$verb" <<<"$verbs" ||
		found $page "${synopsis_at:-1}" "no verb '$verb' in --help"
done <"$lint_tmp/synopsis"

for verb in $verbs; do
	"$damonsim" "$verb" --help >"$lint_tmp/help"
	usage=$(sed -n '1s/^usage: //p' "$lint_tmp/help")
	grep -qx -F -e "$usage" "$lint_tmp/synopsis" ||
		found $page "${synopsis_at:-1}" "SYNOPSIS lacks: $usage"
	title=$(tr '[:lower:]' '[:upper:]' <<<"$verb")
	at=$(line_of ".SH $title")
	[ -n "$at" ] || {
		found $page 1 "no section $title"
		continue
	}
	# An option's line: "  -q, --quiet   text", or "      --seed N   text".
	sed -n 's/^ \{2,6\}\(-[^ ].*\)$/\1/p' "$lint_tmp/help" |
		sed 's/  .*//' | sort >"$lint_tmp/help_options"
	section "$title" | awk 'tag { print; tag = 0 } /^\.TP/ { tag = 1 }' |
		grep '^-' | sort >"$lint_tmp/page_options"
	while read -r option; do
		found $page "$at" "$title lacks the option: $option"
	done < <(comm -23 "$lint_tmp/help_options" "$lint_tmp/page_options")
	while read -r option; do
		found $page "$at" "$title has what --help has not: $option"
	done < <(comm -13 "$lint_tmp/help_options" "$lint_tmp/page_options")
done
lint_end
