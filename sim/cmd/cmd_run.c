// SPDX-License-Identifier: GPL-2.0
/* damonsim run: a machine that is monitored, in closed loop. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "report/run_json.h"
#include "report/run_output.h"
#include "report/run_text.h"
#include "report/units.h"
#include "run/run.h"
#include "run/script.h"

/* More than one for each CPU of ours is no use, but no harm. */
#define THREADS_MAX 256
#define SETS_MAX 256

static const char usage[] =
	"usage: damonsim run [options] SCENARIO.yaml\n"
	"       damonsim run [options] --sysfs SCRIPT [SCENARIO.yaml]\n"
	"\n"
	"Runs a machine as the scenario describes it, monitored by DAMON and "
	"moved by its\n"
	"schemes; every sample goes through the kernel patch's own hot "
	"path.\n"
	"\n"
	"  -s, --set PATH=VALUE  in place of what the scenario says, e.g.\n"
	"                        duration=60s or machine.cpus=16\n"
	"  -j, --threads N       threads of this machine that play CPUs (all); "
	"the\n"
	"                        result is the same\n"
	"      --seed N          of all luck, in place of the scenario's\n"
	"      --sysfs SCRIPT    a shell script that writes to DAMON's sysfs "
	"sets "
	"the monitor\n"
	"                        up; without SCENARIO on a machine that suits "
	"it\n"
	"\n"
	"output\n"
	"      --json            one JSON object instead\n"
	"      --path            with every evaluation of every goal in it\n"
	"      --no-time         leave out what is not the same each time\n"
	"  -o, --output DIR      write what damo, ftrace's readers and "
	"Perfetto read\n"
	"      --force           even if DIR is not empty\n"
	"      --samples         and all samples, for damonsim replay and "
	"trace\n"
	"  -q, --quiet           no progress line\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 1 samples are not accounted for; 2 bad usage or bad "
	"input\n";

struct args {
	const char *path;
	const char *set[SETS_MAX];
	u32 nr_set;
	char seed[32];
	struct run_options opt;
	bool json;
	bool points;
	bool no_time;
	const char *sysfs;
	const char *output;
	bool force;
	bool samples;
	bool quiet;
	bool no_scenario;
	char cmdline[256];
};

enum {
	OPT_SEED = 256,
	OPT_JSON,
	OPT_PATH,
	OPT_NO_TIME,
	OPT_FORCE,
	OPT_SAMPLES,
	OPT_SYSFS
};

static const struct option options[] = {
	{ "set", required_argument, NULL, 's' },
	{ "threads", required_argument, NULL, 'j' },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "path", no_argument, NULL, OPT_PATH },
	{ "no-time", no_argument, NULL, OPT_NO_TIME },
	{ "output", required_argument, NULL, 'o' },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "samples", no_argument, NULL, OPT_SAMPLES },
	{ "sysfs", required_argument, NULL, OPT_SYSFS },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static volatile int stop;

static void on_signal(int sig)
{
	stop = 1;
}

static bool take_option(int c, const char *arg, void *data)
{
	struct args *a = data;
	u64 nr;

	switch (c) {
	case 's':
		if (a->nr_set + 1 >= SETS_MAX)
			return false;
		a->set[a->nr_set++] = arg;
		return true;
	case 'j':
		if (!cmd_parse_u64(arg, 1, THREADS_MAX, &nr))
			return false;
		a->opt.nr_threads = nr;
		return true;
	case OPT_SEED:
		if (!cmd_parse_u64(arg, 0, ~0ULL, &nr))
			return false;
		snprintf(a->seed, sizeof(a->seed), "seed=%llu", nr);
		return true;
	case OPT_JSON:
		return a->json = true;
	case OPT_PATH:
		return a->points = true;
	case OPT_NO_TIME:
		return a->no_time = true;
	case 'o':
		a->output = arg;
		return true;
	case OPT_FORCE:
		return a->force = true;
	case OPT_SAMPLES:
		return a->samples = true;
	case OPT_SYSFS:
		a->sysfs = arg;
		return true;
	case 'q':
		return a->quiet = true;
	default:
		return false;
	}
}

/* What was said on the command line, as far as there is room. */
static void join(char *text, size_t sz, int argc, char **argv)
{
	size_t len = snprintf(text, sz, "damonsim");
	int i;

	for (i = 0; i < argc && len < sz; i++)
		len += snprintf(text + len, sz - len, " %s", argv[i]);
}

static int parse(int argc, char **argv, struct args *a, struct cmd_error *err)
{
	int ret = cmd_options(argc, argv, ":s:j:o:q", options, take_option, a,
			      err);

	if (ret)
		return ret;
	if (optind + 1 != argc && !(a->sysfs && optind == argc))
		return cmd_fail(err,
				optind == argc ?
					"which scenario?  see --help" :
					"more than one scenario; see --help");
	a->opt.set = a->set;
	a->opt.nr_set = a->nr_set;
	if (*a->seed)
		a->set[a->nr_set++] = a->seed;
	a->path = argv[optind] ? argv[optind] : a->sysfs;
	a->no_scenario = !argv[optind];
	if ((a->samples || a->force) && !a->output)
		return cmd_fail(err, "'--%s' goes with -o",
				a->samples ? "samples" : "force");
	join(a->cmdline, sizeof(a->cmdline), argc, argv);
	return CMD_OK;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct progress {
	double begin_s;
	double shown_s;
	u32 calls;
};

/* A line on standard error, a few times a second once it takes long. */
static void show_progress(void *arg, const struct run *r)
{
	struct progress *p = arg;
	char a[UNITS_LEN], b[UNITS_LEN];
	double now, rate, left;

	/* A clock is not looked at each time. */
	if (++p->calls % 256)
		return;
	now = seconds();
	if (now - p->begin_s < 1 || now - p->shown_s < 0.25)
		return;
	p->shown_s = now;
	rate = run_us(r) / 1e6 / (now - p->begin_s);
	left = (r->s->duration_us - run_us(r)) / 1e6 / rate;
	fprintf(stderr, "\r%s of %s, %.0f times real time, %.0f s left \033[K",
		units_ns(a, run_us(r) * 1000),
		units_ns(b, r->s->duration_us * 1000), rate, left);
}

static int print(const struct args *a, const struct run *r, double wall_s,
		 struct cmd_error *err)
{
	struct damon_balance b;
	int ret = 0;

	if (a->json)
		ret = run_json(stdout, r, a->no_time ? -1 : wall_s, a->points);
	else
		run_text(stdout, r, wall_s);
	if (ret)
		return cmd_fail(err, "%s", strerror(-ret));
	run_balance(r, &b);
	if (damon_balance_holds(&b))
		return CMD_OK;
	cmd_fail(err, "samples are not accounted for: %lu were raised",
		 b.raised);
	return CMD_FOUND;
}

/* What a script did that the kernel refused: to standard error, as a shell. */
static void print_failures(const struct sysfs_log *log)
{
	u32 i;

	for (i = 0; i < log->nr; i++)
		fprintf(stderr, "%s\n", log->at[i].text);
}

/* A script sets the monitor up; else the scenario has it. */
static int go_script(const struct args *a, struct run *r, struct cmd_error *err)
{
	struct script script = { .run = r };
	struct config_error fault = { 0 };
	struct sysfs_log log = { 0 };
	int gone = script_go(&script, a->sysfs, a->json ? stderr : stdout, &log,
			     &fault);

	print_failures(&log);
	sysfs_log_fini(&log);
	if (gone < 0 && *fault.text)
		cmd_fail(err, "%s:%u: %s", fault.file, fault.line, fault.text);
	return gone;
}

/* Run it; @r is freed by the caller if this is not an error of the run. */
static int go(const struct args *a, struct run *r, double wall_from_s,
	      double *wall_s, struct cmd_error *err)
{
	int gone = a->sysfs ? go_script(a, r, err) : run_go(r), ret;

	*wall_s = seconds() - wall_from_s;
	if (a->opt.progress)
		fputs("\r\033[K", stderr);
	if (gone < 0 && *err->text)
		return CMD_BAD;
	if (gone < 0)
		return cmd_fail(err, "%s: %s", a->path, strerror(-gone));
	ret = print(a, r, *wall_s, err);
	if (gone == RUN_STOPPED && !ret)
		ret = cmd_fail(err, "interrupted at %.3f s of %.3f s",
			       run_us(r) / 1e6, r->s->duration_us / 1e6);
	return ret;
}

static int run_scenario(struct args *a, const struct scenario *s,
			struct cmd_error *err)
{
	struct run_output output = { .with_samples = a->samples,
				     .cmdline = a->cmdline };
	double begin_s = seconds(), wall_s = 0;
	struct output_error lost;
	bool ran = false;
	char why[400];
	struct run r;
	int ret;

	a->opt.name = a->path;
	if (a->output &&
	    run_output_prepare(&output, a->output, a->force, &a->opt, &lost))
		return cmd_fail(err, "%s", lost.text);
	ret = run_init(&r, s, &a->opt, why, sizeof(why));
	if (ret) {
		ret = cmd_fail(err, "%s: %s", a->path, why);
	} else {
		ret = go(a, &r, begin_s, &wall_s, err);
		ran = true;
	}
	if (run_output_finish(&output, ran ? &r : NULL,
			      a->no_time ? -1 : wall_s, a->points, &lost))
		ret = cmd_fail(err, "%s: %s", a->output, lost.text);
	if (ran)
		run_fini(&r);
	return ret;
}

/* The scenario that was said, or one that suits the script. */
static int load(const struct args *a, struct scenario *s,
		struct config_error *fault)
{
	char text[1024];
	int ret;

	if (!a->no_scenario)
		return scenario_load(s, a->path, a->set, a->nr_set, fault);
	ret = script_default(a->sysfs, text, sizeof(text), fault);
	return ret ? ret :
		     scenario_parse(s, text, strlen(text), "the machine",
				    a->set, a->nr_set, fault);
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct args a = {
		.opt = { .nr_threads = cpus < 1		  ? 1 :
				       cpus > THREADS_MAX ? THREADS_MAX :
							    cpus,
			 .stop = &stop },
	};
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESETHAND };
	struct progress progress = { .begin_s = seconds() };
	struct config_error fault = { 0 };
	struct scenario s;
	int ret;

	ret = parse(argc, argv, &a, err);
	if (ret)
		return ret;
	ret = load(&a, &s, &fault);
	if (ret && fault.line)
		return cmd_fail(err, "%s:%u:%u: %s", fault.file, fault.line,
				fault.column, fault.text);
	if (ret)
		return cmd_fail(err, "%s: %s", fault.file, fault.text);
	if (!a.quiet && isatty(STDERR_FILENO)) {
		a.opt.progress = show_progress;
		a.opt.progress_arg = &progress;
	}
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	ret = run_scenario(&a, &s, err);
	scenario_fini(&s);
	return ret;
}

const struct cmd cmd_run = {
	.name = "run",
	.summary = "run a machine under DAMON, in closed loop",
	.usage = usage,
	.run = run,
};
