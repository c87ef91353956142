// SPDX-License-Identifier: GPL-2.0
/* Description files of PMUs, see pmu.h. */
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/pmu.h"
#include "event/pmu_files.h"

/* Longer than any file that is of use here. */
#define FILE_MAX 4096

static int add_entry(struct pmu_entry **list, u32 *nr, const char *name,
		     const char *text)
{
	struct pmu_entry *grown;

	if (strlen(name) >= PMU_NAME || strlen(text) >= PMU_TEXT)
		return -ENAMETOOLONG;
	grown = realloc(*list, (*nr + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*list = grown;
	grown += (*nr)++;
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	snprintf(grown->text, sizeof(grown->text), "%s", text);
	return 0;
}

static struct pmu *get(struct pmus *pmus, const char *name)
{
	struct pmu *grown;
	u32 i;

	for (i = 0; i < pmus->nr; i++)
		if (!strcmp(pmus->at[i].name, name))
			return &pmus->at[i];
	grown = realloc(pmus->at, (pmus->nr + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	pmus->at = grown;
	grown += pmus->nr++;
	*grown = (struct pmu){ 0 };
	snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown;
}

static bool number(const char *text, u32 *out)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	*out = value;
	return end != text && (!*end || *end == '\n') && value <= ~0u;
}

/* One file: @rest is "type", "format/NAME" and so on. */
static int take(struct pmus *pmus, const char *name, const char *rest,
		const char *text)
{
	struct pmu *pmu = strlen(name) < PMU_NAME ? get(pmus, name) : NULL;
	const char *of = strchr(rest, '/');

	if (!pmu)
		return strlen(name) < PMU_NAME ? -ENOMEM : -ENAMETOOLONG;
	if (!strcmp(rest, "type"))
		return number(text, &pmu->type) ? 0 : -EINVAL;
	if (!strcmp(rest, "caps/max_precise"))
		return number(text, &pmu->max_precise) ? 0 : -EINVAL;
	if (!strcmp(rest, "cpus") && strlen(text) >= PMU_TEXT)
		return -ENAMETOOLONG;
	if (!strcmp(rest, "cpus"))
		snprintf(pmu->cpus, sizeof(pmu->cpus), "%.*s",
			 (int)strcspn(text, "\n"), text);
	if (!of)
		return 0;
	if (!strncmp(rest, "format/", 7))
		return add_entry(&pmu->format, &pmu->nr_formats, of + 1, text);
	/* Scales and units stand beside events, and are none. */
	if (!strncmp(rest, "events/", 7) && !strstr(of, ".scale") &&
	    !strstr(of, ".unit") && !strstr(of, ".snapshot"))
		return add_entry(&pmu->event, &pmu->nr_events, of + 1, text);
	return 0;
}

int pmus_machine(struct pmus *pmus, const char *machine)
{
	size_t len = strlen(machine);
	char name[PMU_NAME];
	const char *slash;
	u32 i;
	int err = 0;

	*pmus = (struct pmus){ 0 };
	for (i = 0; pmu_files[i].path && !err; i++) {
		const char *path = pmu_files[i].path;

		if (strncmp(path, machine, len) || path[len] != '/')
			continue;
		path += len + 1;
		slash = strchr(path, '/');
		snprintf(name, sizeof(name), "%.*s", (int)(slash - path), path);
		err = take(pmus, name, slash + 1, pmu_files[i].text);
	}
	if (!err && !pmus->nr)
		err = -ENOENT;
	if (err)
		pmus_fini(pmus);
	return err;
}

const char *pmus_machine_name(u32 nr)
{
	static char name[PMU_NAME];
	size_t len = 0;
	u32 i;

	for (i = 0; pmu_files[i].path; i++) {
		const char *path = pmu_files[i].path;

		if (i && !strncmp(path, pmu_files[i - 1].path, len) &&
		    path[len] == '/')
			continue;
		len = strchr(path, '/') - path;
		if (nr--)
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		return name;
	}
	return NULL;
}

static int read_file(struct pmus *pmus, const char *pmu, const char *path,
		     const char *rest, struct pmu_error *err)
{
	char text[FILE_MAX];
	FILE *f = fopen(path, "r");
	size_t sz;
	int ret;

	/* What may not be read is not described. */
	if (!f)
		return errno == EACCES ? 0 : -errno;
	sz = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[sz] = '\0';
	text[strcspn(text, "\n")] = '\0';
	ret = take(pmus, pmu, rest, text);
	if (ret == -ENAMETOOLONG)
		snprintf(err->text, sizeof(err->text),
			 "%.200s: longer than any; expected a name below %u "
			 "and a text below %u bytes",
			 path, PMU_NAME, PMU_TEXT);
	if (ret == -EINVAL)
		snprintf(err->text, sizeof(err->text),
			 "%.200s: \"%.40s\"; expected a number", path, text);
	return ret;
}

/* All of a folder of a PMU: "format", "events". */
static int read_folder(struct pmus *pmus, const char *dir, const char *pmu,
		       const char *folder, struct pmu_error *err)
{
	char path[2048], rest[512];
	struct dirent *entry;
	int ret = 0;
	DIR *d;

	snprintf(path, sizeof(path), "%s/%s/%s", dir, pmu, folder);
	d = opendir(path);
	if (!d)
		return 0;
	while (!ret && (entry = readdir(d))) {
		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/%s/%s", dir, pmu, folder,
			 entry->d_name);
		snprintf(rest, sizeof(rest), "%s/%s", folder, entry->d_name);
		ret = read_file(pmus, pmu, path, rest, err);
	}
	closedir(d);
	return ret;
}

static int read_pmu(struct pmus *pmus, const char *dir, const char *name,
		    struct pmu_error *err)
{
	char path[2048];
	int ret;

	snprintf(path, sizeof(path), "%s/%s/type", dir, name);
	ret = read_file(pmus, name, path, "type", err);
	if (ret == -ENOENT || ret == -ENOTDIR)
		return 0;
	snprintf(path, sizeof(path), "%s/%s/caps/max_precise", dir, name);
	if (!ret)
		ret = read_file(pmus, name, path, "caps/max_precise", err);
	snprintf(path, sizeof(path), "%s/%s/cpus", dir, name);
	if (!ret || ret == -ENOENT)
		ret = read_file(pmus, name, path, "cpus", err);
	if (ret == -ENOENT)
		ret = 0;
	if (!ret)
		ret = read_folder(pmus, dir, name, "format", err);
	if (!ret)
		ret = read_folder(pmus, dir, name, "events", err);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	/* Of a PMU and of an entry the name comes first. */
	return strcmp(a, b);
}

/* A folder's order is the file system's, and no two agree. */
static void sort(struct pmus *pmus)
{
	u32 i;

	static_assert(!offsetof(struct pmu, name) &&
			      !offsetof(struct pmu_entry, name),
		      "by_name");
	for (i = 0; i < pmus->nr; i++) {
		struct pmu *p = &pmus->at[i];

		if (p->nr_formats)
			qsort(p->format, p->nr_formats, sizeof(*p->format),
			      by_name);
		if (p->nr_events)
			qsort(p->event, p->nr_events, sizeof(*p->event),
			      by_name);
	}
	if (pmus->nr)
		qsort(pmus->at, pmus->nr, sizeof(*pmus->at), by_name);
}

int pmus_read(struct pmus *pmus, const char *dir, struct pmu_error *err)
{
	struct dirent *entry;
	DIR *d = opendir(dir);
	int ret = 0;

	*pmus = (struct pmus){ 0 };
	*err->text = '\0';
	if (!d) {
		ret = -errno;
		snprintf(err->text, sizeof(err->text), "%s: %s", dir,
			 strerror(errno));
		return ret;
	}
	while (!ret && (entry = readdir(d)))
		if (*entry->d_name != '.')
			ret = read_pmu(pmus, dir, entry->d_name, err);
	closedir(d);
	sort(pmus);
	if (!ret && !pmus->nr) {
		ret = -EINVAL;
		snprintf(err->text, sizeof(err->text),
			 "%s: no PMU in there; expected folders with a file "
			 "\"type\"",
			 dir);
	}
	if (ret) {
		if (!*err->text)
			snprintf(err->text, sizeof(err->text), "%s: %s", dir,
				 strerror(-ret));
		pmus_fini(pmus);
	}
	return ret;
}

void pmus_fini(struct pmus *pmus)
{
	u32 i;

	for (i = 0; i < pmus->nr; i++) {
		free(pmus->at[i].format);
		free(pmus->at[i].event);
	}
	free(pmus->at);
	*pmus = (struct pmus){ 0 };
}

const struct pmu *pmus_find(const struct pmus *pmus, const char *name)
{
	u32 i;

	for (i = 0; i < pmus->nr; i++)
		if (!strcmp(pmus->at[i].name, name))
			return &pmus->at[i];
	return NULL;
}

bool pmu_is_core(const struct pmu *pmu)
{
	return !strcmp(pmu->name, "cpu") || !strncmp(pmu->name, "cpu_", 4);
}

const struct pmu *pmus_elsewhere(const struct pmus *pmus, const struct pmu *pmu)
{
	u32 i;

	for (i = 0; i < pmus->nr && *pmu->cpus; i++)
		if (*pmus->at[i].cpus &&
		    strcmp(pmus->at[i].cpus, pmu->cpus) != 0)
			return &pmus->at[i];
	return NULL;
}

static const struct pmu_entry *find(const struct pmu_entry *list, u32 nr,
				    const char *name)
{
	u32 i;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

const struct pmu_entry *pmu_format(const struct pmu *pmu, const char *name)
{
	return find(pmu->format, pmu->nr_formats, name);
}

const struct pmu_entry *pmu_event(const struct pmu *pmu, const char *name)
{
	return find(pmu->event, pmu->nr_events, name);
}
