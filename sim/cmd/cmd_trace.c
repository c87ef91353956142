// SPDX-License-Identifier: GPL-2.0
/* damonsim trace: look at captures, convert them, cut pieces out of them. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "report/units.h"
#include "trace/copy.h"
#include "trace/print.h"
#include "trace/select.h"

static const char usage[] =
	"usage: damonsim trace info|cat|convert|cut [options] TRACE\n"
	"\n"
	"  info      what is in it, and whether it is whole\n"
	"  cat       its records, one a line\n"
	"  convert   all of it to another format\n"
	"  cut       some of it, to a trace of its own\n"
	"\n"
	"TRACE is a native trace, a perf.data or what perf script prints; - "
	"is standard\n"
	"input.\n"
	"\n"
	"which records (cat, cut)\n"
	"      --time A:B        seconds of the trace's clock, or +A:+B from "
	"its first\n"
	"                        record; either may be left out, B is outside\n"
	"      --cpu LIST        of these CPUs, as 0-3,8\n"
	"      --pid LIST        of these processes\n"
	"      --addr A:B        samples of these addresses; B is outside\n"
	"\n"
	"output\n"
	"  -o, --output FILE     where to write (convert, cut); - for standard "
	"output\n"
	"      --to FORMAT       native or perf.data, or as FILE's name ends\n"
	"      --level N         how hard to pack, 1 to 19 (9)\n"
	"      --json            one JSON object instead of text\n"
	"      --seed N          as every verb; there is no luck here\n"
	"  -q, --quiet           no progress, no summary\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 2 bad usage or bad input\n";

#define BATCH 2048

enum act { ACT_INFO, ACT_CAT, ACT_CONVERT, ACT_CUT, NR_ACTS };

static const char *const act_names[NR_ACTS] = { "info", "cat", "convert",
						"cut" };

struct args {
	enum act act;
	const char *in, *out, *format;
	int level;
	struct select select;
	bool json, quiet;
};

enum {
	OPT_TIME = 256,
	OPT_CPU,
	OPT_PID,
	OPT_ADDR,
	OPT_TO,
	OPT_LEVEL,
	OPT_JSON,
	OPT_SEED
};

static const struct option options[] = {
	{ "time", required_argument, NULL, OPT_TIME },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "addr", required_argument, NULL, OPT_ADDR },
	{ "output", required_argument, NULL, 'o' },
	{ "to", required_argument, NULL, OPT_TO },
	{ "level", required_argument, NULL, OPT_LEVEL },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static volatile int stop;

static void on_signal(int sig)
{
	stop = 1;
}

/* One option; false if its argument is bad. */
static bool take_option(int c, const char *arg, void *data)
{
	struct args *a = data;
	u64 nr = 0;

	switch (c) {
	case OPT_TIME:
		return select_parse_time(&a->select, arg);
	case OPT_CPU:
		return !select_parse_list(&a->select.cpus, arg);
	case OPT_PID:
		return !select_parse_list(&a->select.pids, arg);
	case OPT_ADDR:
		return select_parse_addr(&a->select, arg);
	case 'o':
		return *(a->out = arg);
	case OPT_TO:
		a->format = arg;
		return true;
	case OPT_LEVEL:
		if (!cmd_parse_u64(arg, 1, 19, &nr))
			return false;
		a->level = nr;
		return true;
	case OPT_JSON:
		return a->json = true;
	case OPT_SEED: /* there is no luck here */
		return cmd_parse_u64(arg, 0, ~0ULL, &nr);
	case 'q':
		return a->quiet = true;
	default:
		return false;
	}
}

static bool selects(const struct select *s)
{
	return s->has_time || s->has_addr || s->cpus.nr || s->pids.nr;
}

/* Options that the act would not heed are mistakes. */
static int check(const struct args *a, struct cmd_error *err)
{
	bool writes = a->act == ACT_CONVERT || a->act == ACT_CUT;

	if (writes && !a->out)
		return cmd_fail(err, "%s wants -o FILE", act_names[a->act]);
	if (!writes && (a->out || a->format || a->level))
		return cmd_fail(err, "%s writes no trace: no -o, --to, --level",
				act_names[a->act]);
	if (a->act == ACT_CUT && !selects(&a->select))
		return cmd_fail(err, "cut wants --time, --cpu, --pid or "
				     "--addr");
	if ((a->act == ACT_INFO || a->act == ACT_CONVERT) &&
	    selects(&a->select))
		return cmd_fail(err, "%s takes all records; cut takes some",
				act_names[a->act]);
	if (a->json && a->out && !strcmp(a->out, "-"))
		return cmd_fail(err, "standard output cannot be both trace "
				     "and JSON");
	return CMD_OK;
}

static int parse(int argc, char **argv, struct args *a, struct cmd_error *err)
{
	int ret = cmd_options(argc, argv, ":o:q", options, take_option, a, err);

	if (ret)
		return ret;
	if (optind == argc)
		return cmd_fail(err, "info, cat, convert or cut?  see --help");
	while (a->act < NR_ACTS && strcmp(argv[optind], act_names[a->act]))
		a->act++;
	if (a->act == NR_ACTS)
		return cmd_fail(err,
				"'%s' is not info, cat, convert or cut; see "
				"--help",
				argv[optind]);
	if (optind + 2 != argc)
		return cmd_fail(err, optind + 1 == argc ?
					     "which trace?  see --help" :
					     "more than one trace; see --help");
	a->in = argv[optind + 1];
	return check(a, err);
}

struct progress {
	double begin_s, shown_s;
};

/* Seconds of a clock that only goes forward. */
static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* A line on standard error, a few times a second once it takes long. */
static void show_progress(void *arg, u64 nr_read, u64 sz_read)
{
	struct progress *p = arg;
	char a[UNITS_LEN], b[UNITS_LEN];
	double now;

	if (nr_read / BATCH % 32)
		return;
	now = seconds();
	if (now - p->begin_s < 1 || now - p->shown_s < 0.25)
		return;
	p->shown_s = now;
	fprintf(stderr, "\r%s records, %s read, %.1f M/s \033[K",
		units_count(a, nr_read), units_bytes(b, sz_read),
		nr_read / (now - p->begin_s) / 1e6);
}

static void hide_progress(const struct progress *p)
{
	if (p->shown_s)
		fputs("\r\033[K", stderr);
}

static int open_failed(const struct args *a, int ret,
		       const struct trace_error *why, struct cmd_error *err)
{
	if (ret == -EBADMSG)
		return cmd_fail(err, "%s: offset %llu: %s", a->in, why->offset,
				why->text);
	return cmd_fail(err, "%s: %s", a->in, strerror(-ret));
}

static int run_info(struct args *a, struct progress *p, struct cmd_error *err)
{
	static struct trace_record recs[BATCH];
	struct print_summary s = { .path = a->in };
	const struct trace_counts *counts;
	struct trace_error why = { 0 };
	struct trace_source *src;
	long nr = trace_open(&src, a->in, &why);
	int ret = 0;

	if (nr)
		return open_failed(a, nr, &why, err);
	counts = trace_counts(src);
	while (!stop && (nr = trace_read(src, recs, BATCH, &why)) > 0) {
		print_count(&s, recs, nr);
		if (p)
			show_progress(p, counts->nr_records, counts->sz_read);
	}
	if (stop)
		snprintf(s.damage, sizeof(s.damage), "interrupted");
	else if (nr < 0)
		snprintf(s.damage, sizeof(s.damage), "offset %llu: %s",
			 why.offset, why.text);
	if (p)
		hide_progress(p);
	if (a->json)
		ret = print_info_json(stdout, &s, src);
	else
		print_info(stdout, &s, src);
	trace_close(src);
	if (ret)
		return cmd_fail(err, "%s", strerror(-ret));
	return *s.damage ? cmd_fail(err, "%s: %s", a->in, s.damage) : CMD_OK;
}

static void cat_records(const struct args *a, const struct trace_info *info,
			const struct trace_record *recs, size_t nr, bool *more)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!select_wants(&a->select, &recs[i]))
			continue;
		if (!a->json) {
			print_record(stdout, info, &recs[i]);
			continue;
		}
		fputs(*more ? ",\n" : "\n", stdout);
		print_record_json(stdout, &recs[i]);
		*more = true;
	}
}

static int run_cat(struct args *a, struct cmd_error *err)
{
	static struct trace_record recs[BATCH];
	struct trace_error why = { 0 };
	struct trace_source *src;
	long nr = copy_open(&src, a->in, &a->select, &why);
	bool more = false;
	size_t i;

	if (nr)
		return open_failed(a, nr, &why, err);
	if (a->json)
		fputs("{\"records\":[", stdout);
	while (!stop && !ferror(stdout) &&
	       (nr = trace_read(src, recs, BATCH, &why)) > 0) {
		for (i = 0; i < nr && (a->select.relative_first ||
				       a->select.relative_last);
		     i++)
			if (recs[i].has & TRACE_HAS_TIME)
				select_set_begin(&a->select, recs[i].time_ns);
		cat_records(a, trace_info(src), recs, nr, &more);
	}
	if (a->json)
		fputs("\n]}\n", stdout);
	trace_close(src);
	if (stop)
		return cmd_fail(err, "interrupted");
	if (nr < 0)
		return cmd_fail(err, "%s: offset %llu: %s", a->in, why.offset,
				why.text);
	return CMD_OK;
}

/* Where the trace itself goes to standard output, nothing else does. */
static void print_copy(const struct args *a, const struct copy *c)
{
	char n[UNITS_LEN], m[UNITS_LEN], sz[UNITS_LEN];

	if (a->json)
		printf("{\"nr_read\":%llu,\"nr_written\":%llu,"
		       "\"sz_read\":%llu,\"sz_written\":%llu,"
		       "\"interrupted\":%s}\n",
		       c->nr_read, c->nr_written, c->sz_read, c->sz_written,
		       c->interrupted ? "true" : "false");
	else if (!a->quiet)
		fprintf(strcmp(c->out, "-") ? stdout : stderr,
			"%s of %s records in %s bytes, %.2f a record; of the "
			"input's bytes %.1f %%\n",
			units_count(n, c->nr_written),
			units_count(m, c->nr_read),
			units_count(sz, c->sz_written),
			(double)c->sz_written /
				(c->nr_written ? c->nr_written : 1),
			100.0 * c->sz_written / (c->sz_read ? c->sz_read : 1));
	if (c->nr_skipped)
		fprintf(stderr,
			"%s of them are of a kind that the format has no "
			"place for, and are left out\n",
			units_count(n, c->nr_skipped));
}

static int run_copy(struct args *a, struct progress *p, struct cmd_error *err)
{
	struct copy c = {
		.in = a->in,
		.out = a->out,
		.format = a->format,
		.level = a->level,
		.select = &a->select,
		.stop = &stop,
		.progress = p ? show_progress : NULL,
		.progress_arg = p,
	};
	int ret = copy_run(&c);

	if (p)
		hide_progress(p);
	if (ret)
		return cmd_fail(err, "%s", c.error);
	print_copy(a, &c);
	if (c.interrupted)
		return cmd_fail(err,
				"interrupted: %s has %llu records of what "
				"was read so far",
				c.out, c.nr_written);
	return CMD_OK;
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESETHAND };
	struct progress progress = { .begin_s = seconds() }, *p = NULL;
	struct args a = { .act = ACT_INFO };
	int ret;

	ret = parse(argc, argv, &a, err);
	if (!ret) {
		if (!a.quiet && isatty(STDERR_FILENO))
			p = &progress;
		sigaction(SIGINT, &act, NULL);
		sigaction(SIGTERM, &act, NULL);
		/* A file that gets too long is a full disk, and said so. */
		signal(SIGXFSZ, SIG_IGN);
		if (a.act == ACT_INFO)
			ret = run_info(&a, p, err);
		else if (a.act == ACT_CAT)
			ret = run_cat(&a, err);
		else
			ret = run_copy(&a, p, err);
	}
	select_fini(&a.select);
	return ret;
}

const struct cmd cmd_trace = {
	.name = "trace",
	.summary = "look at captures, convert them, cut pieces out of them",
	.usage = usage,
	.run = run,
};
