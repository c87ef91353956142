// SPDX-License-Identifier: GPL-2.0
/* damonsim replay: what would DAMON have concluded from this capture? */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "replay/replay.h"
#include "report/replay_output.h"
#include "report/replay_json.h"
#include "report/replay_text.h"
#include "report/units.h"

static const char usage[] =
	"usage: damonsim replay [options] CAPTURE\n"
	"\n"
	"Plays a capture of perf through the validity check, rings and match "
	"of the\n"
	"kernel patch into DAMON's monitor, and prints what it concludes.  "
	"CAPTURE is a\n"
	"perf.data file, a native trace or what perf script prints; - is "
	"standard\n"
	"input.\n"
	"\n"
	"what to monitor (without any of these: chosen from the capture)\n"
	"  -c, --config FILE     as this damo configuration says (YAML or "
	"JSON)\n"
	"  -p, --pid PID         the memory of this process\n"
	"      --phys            physical memory\n"
	"\n"
	"how\n"
	"      --ring N          slots of each CPU's ring, a power of two "
	"(256)\n"
	"      --driver-phys     believe only physical addresses that a PMU "
	"driver gave,\n"
	"                        not those that perf looked up afterwards\n"
	"      --seed N          of the monitor's random numbers (1)\n"
	"      --keep-going      where the capture is damaged, report what "
	"came before\n"
	"\n"
	"output\n"
	"      --heatmap COLSxROWS  size of the heat map (80x24), 0x0 for "
	"none\n"
	"      --color WHEN      auto, always or never\n"
	"      --regions         list every region of the latest window\n"
	"      --json            one JSON object instead\n"
	"  -o, --output DIR      write what damo, ftrace's readers and "
	"Perfetto read\n"
	"      --force           even if DIR is not empty\n"
	"  -q, --quiet           no progress line\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 1 samples are not accounted for; 2 bad usage or bad "
	"input\n";

/* Everything that the command line says. */
struct args {
	struct replay_options opt;
	struct replay_text text;
	const char *output;
	bool force;
	bool json;
	bool quiet;
};

enum {
	OPT_PHYS = 256,
	OPT_RING,
	OPT_DRIVER_PHYS,
	OPT_SEED,
	OPT_KEEP_GOING,
	OPT_HEATMAP,
	OPT_COLOR,
	OPT_REGIONS,
	OPT_JSON,
	OPT_FORCE
};

static const struct option options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "pid", required_argument, NULL, 'p' },
	{ "phys", no_argument, NULL, OPT_PHYS },
	{ "ring", required_argument, NULL, OPT_RING },
	{ "driver-phys", no_argument, NULL, OPT_DRIVER_PHYS },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
	{ "heatmap", required_argument, NULL, OPT_HEATMAP },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "regions", no_argument, NULL, OPT_REGIONS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "output", required_argument, NULL, 'o' },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static volatile int stop;

static void on_signal(int sig)
{
	stop = 1;
}

static bool parse_heatmap(const char *text, struct replay_text *how)
{
	char cols[8], *x = strchr(text, 'x');
	u64 c, r;

	if (!x || x - text >= (long)sizeof(cols))
		return false;
	memcpy(cols, text, x - text);
	cols[x - text] = '\0';
	if (!cmd_parse_u64(cols, 0, 200, &c) ||
	    !cmd_parse_u64(x + 1, 0, 200, &r) || !c != !r)
		return false;
	how->cols = c;
	how->rows = r;
	return true;
}

static bool parse_color(const char *text, bool *color)
{
	if (!strcmp(text, "always"))
		*color = true;
	else if (!strcmp(text, "never"))
		*color = false;
	else
		return !strcmp(text, "auto");
	return true;
}

static bool parse_ring(const char *text, u32 *capacity)
{
	u64 nr;

	if (!cmd_parse_u64(text, 1, 1u << 20, &nr) || nr & (nr - 1))
		return false;
	*capacity = nr;
	return true;
}

/* One option; false if its argument is bad. */
static bool take_option(int c, const char *arg, void *data)
{
	struct args *a = data;
	u64 nr = 0;

	switch (c) {
	case 'c':
		a->opt.config_path = arg;
		return true;
	case 'p':
		a->opt.has_pid = cmd_parse_u64(arg, 0, ~0u, &nr);
		a->opt.pid = nr;
		return a->opt.has_pid;
	case OPT_PHYS:
		return a->opt.phys = true;
	case OPT_RING:
		return parse_ring(arg, &a->opt.ring_capacity);
	case OPT_DRIVER_PHYS:
		return a->opt.driver_phys = true;
	case OPT_SEED:
		return cmd_parse_u64(arg, 0, ~0ULL, &a->opt.seed);
	case OPT_KEEP_GOING:
		return a->opt.keep_going = true;
	case OPT_HEATMAP:
		return parse_heatmap(arg, &a->text);
	case OPT_COLOR:
		return parse_color(arg, &a->text.color);
	case OPT_REGIONS:
		return a->text.all_regions = true;
	case OPT_JSON:
		return a->json = true;
	case 'o':
		a->output = arg;
		return true;
	case OPT_FORCE:
		return a->force = true;
	case 'q':
		return a->quiet = true;
	default:
		return false;
	}
}

static int parse(int argc, char **argv, struct args *a, struct cmd_error *err)
{
	int ret = cmd_options(argc, argv, ":c:p:o:q", options, take_option, a,
			      err);

	if (ret)
		return ret;
	if (optind + 1 != argc)
		return cmd_fail(err,
				optind == argc ?
					"which capture?  see --help" :
					"more than one capture; see --help");
	a->opt.path = argv[optind];
	if (!!a->opt.config_path + a->opt.has_pid + a->opt.phys > 1)
		return cmd_fail(
			err, "--config, --pid and --phys exclude each other");
	if (a->opt.config_path && !strcmp(a->opt.config_path, "-") &&
	    !strcmp(a->opt.path, "-"))
		return cmd_fail(err, "standard input cannot be both capture "
				     "and configuration");
	return CMD_OK;
}

/* Seconds of a clock that only goes forward. */
static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct progress {
	double begin_s;
	double shown_s;
};

/* A line on standard error, a few times a second once it takes long. */
static void show_progress(void *arg, const struct replay *r)
{
	struct progress *p = arg;
	char a[UNITS_LEN], b[UNITS_LEN];
	double now = seconds();

	if (now - p->begin_s < 1 || now - p->shown_s < 0.25)
		return;
	p->shown_s = now;
	fprintf(stderr, "\r%s samples, %s of the capture, %.1f M/s \033[K",
		units_count(a, trace_counts(r->src)->nr_samples),
		units_ns(b, r->end_ns - r->begin_ns),
		trace_counts(r->src)->nr_samples / (now - p->begin_s) / 1e6);
}

static int print(const struct args *a, const struct replay *r,
		 struct cmd_error *err)
{
	struct damon_balance b;
	int ret;

	if (a->json)
		ret = replay_json(stdout, r, a->text.cols, a->text.rows);
	else
		ret = replay_text(stdout, r, &a->text);
	if (ret)
		return cmd_fail(err, "%s", strerror(-ret));
	if (*r->damage)
		return cmd_fail(err, "%s: %s", r->opt.path, r->damage);
	if (r->interrupted)
		return cmd_fail(err, "interrupted");
	replay_balance(r, &b);
	if (!damon_balance_holds(&b) ||
	    b.raised != trace_counts(r->src)->nr_samples) {
		cmd_fail(err,
			 "samples are not accounted for: %lu raised, %llu in "
			 "the capture",
			 b.raised, trace_counts(r->src)->nr_samples);
		return CMD_FOUND;
	}
	return CMD_OK;
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	struct args a = {
		.opt = { .ring_capacity = REPLAY_RING_CAPACITY,
			 .seed = 1,
			 .stop = &stop },
		.text = { .cols = 80,
			  .rows = 24,
			  .nr_areas = 10,
			  .color = isatty(STDOUT_FILENO) },
	};
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESETHAND };
	struct progress progress = { .begin_s = seconds() };
	struct replay_error why;
	struct output_error lost;
	struct replay_output output = { 0 };
	struct replay r;
	bool ok;
	int ret;

	ret = parse(argc, argv, &a, err);
	if (ret)
		return ret;
	if (a.output &&
	    replay_output_prepare(&output, a.output, a.force, &a.opt, &lost))
		return cmd_fail(err, "%s", lost.text);
	if (!a.quiet && isatty(STDERR_FILENO)) {
		a.opt.progress = show_progress;
		a.opt.progress_arg = &progress;
	}
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	ret = replay_run(&r, &a.opt, &why);
	if (progress.shown_s)
		fputs("\r\033[K", stderr);
	ok = !ret;
	ret = ok ? print(&a, &r, err) : cmd_fail(err, "%s", why.text);
	if (replay_output_finish(&output, ok ? &r : NULL, a.text.cols,
				 a.text.rows, &lost))
		ret = cmd_fail(err, "%s: %s", a.output, lost.text);
	replay_fini(&r);
	return ret;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.summary = "play a capture of perf through the hot path into DAMON",
	.usage = usage,
	.run = run,
};
