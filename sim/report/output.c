// SPDX-License-Identifier: GPL-2.0
/* The directory of results, see output.h. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/output.h"
#include "report/units.h"

static int fail(struct output_error *err, int ret, const char *fmt,
		const char *what)
{
	snprintf(err->text, sizeof(err->text), fmt, what, strerror(-ret));
	return ret;
}

/* Return: 0; -ENOTEMPTY; -errno if it cannot be looked into. */
static int check_empty(const char *path, bool force)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	int err = 0;

	if (!dir)
		return -errno;
	while (!force && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") && strcmp(e->d_name, ".."))
			err = -ENOTEMPTY;
	closedir(dir);
	return err;
}

/* What is left of an earlier run must not look like a result of this one. */
static void forget_old(const char *dir)
{
	static const char *const names[] = { "damon.data.json", "damon.data",
					     "trace.txt",	"trace.json",
					     "report.json",	"samples.dst" };
	char path[512];
	u32 i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (snprintf(path, sizeof(path), "%s/%s", dir, names[i]) <
		    (int)sizeof(path))
			unlink(path);
}

int output_begin(struct output *o, const struct context *ctx,
		 struct observers *observers, u64 begin_ns)
{
	int err;

	/* A second pass over a capture begins anew. */
	if (o->open)
		output_finish(o, NULL, NULL, &(struct output_error){ 0 });
	o->open = true;
	o->ftrace.file = o->chrome.file = (struct outfile){ .fd = -1 };
	forget_old(o->dir);
	err = records_open(&o->records, o->dir, ctx, begin_ns);
	if (!err)
		err = ftrace_open(&o->ftrace, o->dir);
	if (!err)
		err = chrome_open(&o->chrome, o->dir, ctx, begin_ns);
	if (err)
		return err;
	observers_add(observers, &records_observer, &o->records);
	observers_add(observers, &ftrace_observer, &o->ftrace);
	observers_add(observers, &chrome_observer, &o->chrome);
	return 0;
}

void output_set_now(struct output *o, u64 now_ns)
{
	o->records.end_ns = o->ftrace.now_ns = o->chrome.now_ns = now_ns;
}

static u32 fill_max(const struct cpus *cpus)
{
	u32 i, max = 0;

	for (i = 0; i < cpus->nr; i++)
		if (cpus->cpu[i] && cpus->cpu[i]->fill_max > max)
			max = cpus->cpu[i]->fill_max;
	return max;
}

void output_window(struct output *o, const struct context *ctx,
		   const struct cpus *cpus, const struct damon_balance *b)
{
	chrome_window(&o->chrome, ctx, b, fill_max(cpus));
}

int output_prepare(struct output *o, const char *dir, bool force,
		   struct output_error *err)
{
	int ret;

	*o = (struct output){ .dir = dir };
	if (mkdir(dir, 0777) && errno != EEXIST)
		return fail(err, -errno, "%s: %s", dir);
	ret = check_empty(dir, force);
	if (ret == -ENOTEMPTY)
		return fail(err, ret,
			    "%s: %s; --force writes over what is in it", dir);
	if (ret)
		return fail(err, ret, "%s: %s", dir);
	return 0;
}

static int write_report(const struct output *o,
			int (*report)(FILE *f, void *arg), void *arg)
{
	char path[512];
	FILE *f;
	int err;

	snprintf(path, sizeof(path), "%s/report.json", o->dir);
	f = fopen(path, "we");
	if (!f)
		return -errno;
	errno = 0;
	err = report(f, arg);
	/* Which says no more than that. */
	if (ferror(f) || err == -EIO)
		err = errno ? -errno : -EIO;
	if (fclose(f) && !err)
		err = -errno;
	if (err)
		unlink(path);
	return err;
}

/* Say what is not whole, and how far it goes. */
static void tell(struct output_error *err, const char *what, int ret, u64 saved,
		 const char *noun)
{
	char nr[UNITS_LEN];
	size_t len = strlen(err->text);

	if (saved)
		snprintf(err->text + len, sizeof(err->text) - len,
			 "%s%s: %s; the first %s %s are saved", len ? "; " : "",
			 what, strerror(-ret), units_count(nr, saved), noun);
	else
		snprintf(err->text + len, sizeof(err->text) - len,
			 "%s%s: %s; nothing of it is saved", len ? "; " : "",
			 what, strerror(-ret));
}

int output_finish(struct output *o, int (*report)(FILE *f, void *arg),
		  void *arg, struct output_error *err)
{
	int ret = 0, next;
	u64 saved = 0;

	*err->text = '\0';
	if (!o->open)
		return 0;
	o->open = false;
	next = records_close(&o->records, &saved);
	if (next)
		tell(err, "damon.data.json", ret = next, saved, "snapshots");
	next = records_compress(o->dir);
	if (next && next != -ENOENT)
		tell(err, "damon.data", ret = next, 0, "");
	next = ftrace_close(&o->ftrace, &saved);
	if (next)
		tell(err, "trace.txt", ret = next, saved, "lines");
	next = chrome_close(&o->chrome);
	if (next)
		tell(err, "trace.json", ret = next, o->chrome.file.nr_marks,
		     "events");
	next = report ? write_report(o, report, arg) : 0;
	if (next)
		tell(err, "report.json", ret = next, 0, "bytes");
	return ret;
}
