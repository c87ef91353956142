#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The files below a folder as a table in C, so that a binary finds them wherever
# it is moved to.
#
# usage: scripts/embed.sh FOLDER NAME > FILE.c
set -eu
folder=$1
name=$2
printf '/* Made by scripts/embed.sh of %s. */\n#include "pmu_files.h"\n\n' \
	"$folder"
printf 'const struct pmu_file %s[] = {\n' "$name"
(cd "$folder" && find . -mindepth 2 -type f) | LC_ALL=C sort |
	while read -r f; do
		printf '\t{ "%s", "%s" },\n' "${f#./}" \
			"$(tr -d '\n' < "$folder/$f" | sed 's/[\\"]/\\&/g')"
	done
printf '\t{ 0 }\n};\n'
