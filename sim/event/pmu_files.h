/* SPDX-License-Identifier: GPL-2.0 */
/* The files of models/pmus, compiled in by scripts/embed.sh. */
#ifndef PMU_FILES_H
#define PMU_FILES_H

struct pmu_file {
	const char *path; /* "machine/pmu/format/name" */
	const char *text;
};

/* Sorted by path; ends with one without. */
extern const struct pmu_file pmu_files[];

#endif
