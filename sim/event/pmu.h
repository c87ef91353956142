/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The PMUs of a machine, as their description files tell: what their terms mean
 * in bits, and which events have a name.
 *
 * The files are those of /sys/bus/event_source/devices; some machines' are
 * compiled in, others are read from a folder that looks like it.
 *
 * Not here: names as users write them (event_name.h).
 */
#ifndef PMU_H
#define PMU_H

#include <linux/types.h>

#define PMU_NAME 64
#define PMU_TEXT 256

/* A file of a PMU: a term's bits, or what an event stands for. */
struct pmu_entry {
	char name[PMU_NAME];
	char text[PMU_TEXT];
};

/**
 * struct pmu - one PMU.
 * @name:	as its folder is called
 * @type:	perf_event_attr.type
 * @max_precise: greatest precise_ip
 * @cpus:	that have it, as text; "": all
 * @format:	terms
 * @nr_formats:	of @format
 * @event:	named events
 * @nr_events:	of @event
 */
struct pmu {
	char name[PMU_NAME];
	u32 type;
	u32 max_precise;
	char cpus[PMU_TEXT];
	struct pmu_entry *format;
	u32 nr_formats;
	struct pmu_entry *event;
	u32 nr_events;
};

/**
 * struct pmus - a machine's.
 * @at:		each
 * @nr:		of them
 */
struct pmus {
	struct pmu *at;
	u32 nr;
};

/* What is wrong, in words. */
struct pmu_error {
	char text[400];
};

/**
 * pmus_machine() - a machine that is compiled in.
 * @pmus:	filled on success, then for pmus_fini()
 * @machine:	"intel-granite-rapids"
 *
 * Return: 0; -ENOENT; -ENOMEM.
 */
int pmus_machine(struct pmus *pmus, const char *machine);

/* The names of those machines, one after the other; NULL at the end. */
const char *pmus_machine_name(u32 nr);

/**
 * pmus_read() - PMUs from a folder.
 * @pmus:	filled on success, then for pmus_fini()
 * @dir:	with a folder for each PMU
 * @err:	filled on failure
 *
 * Return: 0; -EINVAL for what a file says; -ENOMEM; -errno of the system.
 */
int pmus_read(struct pmus *pmus, const char *dir, struct pmu_error *err);

void pmus_fini(struct pmus *pmus);

const struct pmu *pmus_find(const struct pmus *pmus, const char *name);

/* A core's own PMU: "cpu"; where cores differ "cpu_core" and the like. */
bool pmu_is_core(const struct pmu *pmu);

/* A PMU of other CPUs than these, where cores differ; NULL. */
const struct pmu *pmus_elsewhere(const struct pmus *pmus,
				 const struct pmu *pmu);

/* A term or an event by name, or NULL. */
const struct pmu_entry *pmu_format(const struct pmu *pmu, const char *name);
const struct pmu_entry *pmu_event(const struct pmu *pmu, const char *name);

#endif
