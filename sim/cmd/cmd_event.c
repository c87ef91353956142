// SPDX-License-Identifier: GPL-2.0
/* damonsim event: what an event's name asks perf for. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "event/event_name.h"
#include "event/event_verdict.h"
#include "report/json_put.h"

static const char usage[] =
	"usage: damonsim event [options] NAME...\n"
	"\n"
	"Prints what an event's name, as perf record -e takes it, asks perf "
	"for: type,\n"
	"config, config1, config2 and the rest, ready for DAMON's sysfs files; "
	"and what a\n"
	"kernel makes of it when DAMON does.  NAME is like "
	"cpu/mem-loads,ldlat=30/pp,\n"
	"ibs_op/cnt_ctl=1,period=262144/, mem_load_retired.l3_miss:pp, "
	"r20d1:pp "
	"or\n"
	"page-faults.  Several are taken together, as one context's events: "
	"who comes\n"
	"late may find its counter taken.\n"
	"\n"
	"  -m, --machine NAME    whose PMUs; --list has them.  Without it the "
	"first that\n"
	"                        knows all the names: intel-granite-rapids,\n"
	"                        amd-zen5-turin, arm-neoverse\n"
	"      --pmus DIR        read the PMUs from a folder like\n"
	"                        /sys/bus/event_source/devices instead\n"
	"      --kernel VERSION  6.12 or new (new): whose answers\n"
	"      --list            machines, their PMUs and events\n"
	"\n"
	"output\n"
	"      --damo            as entries of perf_events in a configuration\n"
	"      --numbers         type, config, config1 and config2 on a line, "
	"as "
	"perf's\n"
	"                        Python binding tells them\n"
	"      --json            one JSON object instead\n"
	"      --seed N          as every verb; there is no luck here\n"
	"  -q, --quiet           attributes only\n"
	"      --help            this text\n"
	"\n"
	"exit: 0 done; 1 a kernel refuses an event, or gets nothing of it; 2 "
	"bad usage\n";

struct args {
	const char *machine;
	const char *dir;
	bool is_6_12;
	bool list;
	bool damo;
	bool numbers;
	bool json;
	bool quiet;
};

enum {
	OPT_PMUS = 256,
	OPT_KERNEL,
	OPT_LIST,
	OPT_DAMO,
	OPT_JSON,
	OPT_NUMBERS,
	OPT_SEED
};

static const struct option options[] = {
	{ "machine", required_argument, NULL, 'm' },
	{ "pmus", required_argument, NULL, OPT_PMUS },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "damo", no_argument, NULL, OPT_DAMO },
	{ "numbers", no_argument, NULL, OPT_NUMBERS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "quiet", no_argument, NULL, 'q' },
	{ NULL, 0, NULL, 0 },
};

static bool take_option(int c, const char *arg, void *data)
{
	struct args *a = data;
	u64 seed;

	switch (c) {
	case 'm':
		a->machine = arg;
		return true;
	case OPT_PMUS:
		a->dir = arg;
		return true;
	case OPT_KERNEL:
		a->is_6_12 = !strcmp(arg, "6.12");
		return a->is_6_12 || !strcmp(arg, "new");
	case OPT_LIST:
		return a->list = true;
	case OPT_DAMO:
		return a->damo = true;
	case OPT_NUMBERS:
		return a->numbers = true;
	case OPT_JSON:
		return a->json = true;
	case OPT_SEED: /* of no luck here; every verb takes it */
		return cmd_parse_u64(arg, 0, ~0ULL, &seed);
	case 'q':
		return a->quiet = true;
	default:
		return false;
	}
}

static int parse(int argc, char **argv, struct args *a, struct cmd_error *err)
{
	int ret = cmd_options(argc, argv, ":m:q", options, take_option, a, err);

	if (ret)
		return ret;
	if (a->list && (a->json || a->damo || a->numbers))
		return cmd_fail(err, "--list prints text");
	if (a->json + a->damo + a->numbers > 1)
		return cmd_fail(err, "one of --damo, --numbers and --json");
	if (!a->list && optind == argc)
		return cmd_fail(err, "which event?  see --help");
	return CMD_OK;
}

static void list_pmus(const struct pmus *pmus, const char *of)
{
	u32 i, j;

	for (i = 0; i < pmus->nr; i++) {
		const struct pmu *p = &pmus->at[i];

		printf("%s  %s, type %u:", of, p->name, p->type);
		for (j = 0; j < p->nr_formats; j++)
			printf(" %s", p->format[j].name);
		printf("\n");
		for (j = 0; j < p->nr_events; j++)
			printf("    %s\n", p->event[j].name);
	}
}

static int list(const struct args *a, struct cmd_error *err)
{
	struct pmu_error why;
	struct pmus pmus;
	const char *name;
	u32 i;

	if (a->dir) {
		if (pmus_read(&pmus, a->dir, &why))
			return cmd_fail(err, "%s", why.text);
		list_pmus(&pmus, "");
		pmus_fini(&pmus);
		return CMD_OK;
	}
	for (i = 0; (name = pmus_machine_name(i)); i++) {
		char copy[PMU_NAME];

		snprintf(copy, sizeof(copy), "%s", name);
		if (pmus_machine(&pmus, copy))
			return cmd_fail(err, "%s", strerror(ENOMEM));
		printf("%s\n", copy);
		list_pmus(&pmus, "");
		pmus_fini(&pmus);
	}
	return CMD_OK;
}

static const char *yes(bool so)
{
	return so ? "yes" : "no";
}

static void print_damo(const struct event_attr *e)
{
	printf("- {type: %u, config: 0x%llx, config1: 0x%llx, config2: "
	       "0x%llx,\n"
	       "   freq: %s, sample_freq: %llu, sample_period: %llu,\n"
	       "   precise_ip: %u, wakeup_events: 1, exclude_kernel: %s, "
	       "exclude_hv: %s}\n",
	       e->type, e->config, e->config1, e->config2, yes(e->has_freq),
	       e->sample_freq, e->sample_period, e->precise_ip,
	       yes(e->exclude_kernel), yes(e->exclude_hv));
}

static void print_text(const char *name, const struct event_attr *e,
		       const struct event_verdict *v, const struct args *a)
{
	printf("%s\n  type %u  config 0x%llx  config1 0x%llx  config2 0x%llx",
	       name, e->type, e->config, e->config1, e->config2);
	if (e->config3)
		printf("  config3 0x%llx", e->config3);
	printf("\n  precise_ip %u", e->precise_ip);
	if (e->has_freq)
		printf("  sample_freq %llu", e->sample_freq);
	if (e->has_period)
		printf("  sample_period %llu", e->sample_period);
	if (e->exclude_user)
		printf("  exclude_user");
	if (e->exclude_kernel)
		printf("  exclude_kernel");
	if (e->exclude_hv)
		printf("  exclude_hv");
	if (e->exclude_host)
		printf("  exclude_host");
	if (e->exclude_guest)
		printf("  exclude_guest");
	if (e->exclude_idle)
		printf("  exclude_idle");
	printf("\n");
	if (a->quiet)
		return;
	if (v->error)
		printf("  refused, %s: %s\n", strerrorname_np(-v->error),
		       v->why);
	else if (!v->samples)
		printf("  silent: %s\n", v->why);
	else
		printf("  vaddr contexts: %s; paddr contexts: %s; %s\n",
		       yes(v->vaddr), yes(v->paddr), v->why);
}

static struct json_object *json_of(const char *name, const struct event_attr *e,
				   const struct event_verdict *v)
{
	struct json_object *o = json_object_new_object();

	put_str(o, "name", name);
	put_u64(o, "type", e->type);
	put_u64(o, "config", e->config);
	put_u64(o, "config1", e->config1);
	put_u64(o, "config2", e->config2);
	put_u64(o, "config3", e->config3);
	put_u64(o, "precise_ip", e->precise_ip);
	put_bool(o, "freq", e->has_freq);
	put_u64(o, "sample_freq", e->sample_freq);
	put_u64(o, "sample_period", e->sample_period);
	put_bool(o, "exclude_user", e->exclude_user);
	put_bool(o, "exclude_kernel", e->exclude_kernel);
	put_bool(o, "exclude_hv", e->exclude_hv);
	put_bool(o, "exclude_host", e->exclude_host);
	put_bool(o, "exclude_guest", e->exclude_guest);
	put_bool(o, "exclude_idle", e->exclude_idle);
	put_str(o, "error", v->error ? strerrorname_np(-v->error) : "0");
	put_bool(o, "samples", v->samples);
	put_bool(o, "vaddr", v->vaddr);
	put_bool(o, "paddr", v->paddr);
	put_bool(o, "lossy", v->lossy);
	put_str(o, "why", v->why);
	return o;
}

/* Each name; *@found: one of them is refused, or gives nothing. */
static int names(const struct args *a, const struct pmus *pmus, int nr,
		 char **name, bool *found, struct cmd_error *err)
{
	struct json_object *o = json_object_new_object();
	struct json_object *events = json_object_new_array();
	static const char taken[] =
		"made, but events before it have the counters that it could "
		"use: perf puts it in an error state and tells nobody";
	const char *machine = a->dir ? "" : a->machine;
	struct event_attr e, made[EVENT_FITS_MAX];
	struct event_verdict v;
	struct event_error why;
	u32 nr_made = 0;
	int i;

	json_object_object_add(o, "events", events);
	for (i = 0; i < nr; i++) {
		if (event_parse(&e, pmus, name[i], &why)) {
			json_object_put(o);
			return cmd_fail(err, "%s:%u: %s", name[i], why.at + 1,
					why.text);
		}
		v = event_verdict(&e, pmus, machine, a->is_6_12);
		if (!v.error && nr_made < EVENT_FITS_MAX) {
			made[nr_made++] = e;
			if (!event_fits(made, nr_made, machine))
				v = (struct event_verdict){ .why = taken };
		}
		*found |= v.error || !(v.vaddr || v.paddr);
		if (a->damo &&
		    (e.exclude_user || e.exclude_host || e.exclude_guest ||
		     e.exclude_idle || e.config3)) {
			json_object_put(o);
			return cmd_fail(
				err,
				"%s: DAMON's events have no exclude_user, "
				"exclude_host, exclude_guest, "
				"exclude_idle and config3",
				name[i]);
		}
		if (a->json)
			json_object_array_add(events, json_of(name[i], &e, &v));
		else if (a->damo)
			print_damo(&e);
		else if (a->numbers)
			printf("%u 0x%llx 0x%llx 0x%llx\n", e.type, e.config,
			       e.config1, e.config2);
		else
			print_text(name[i], &e, &v, a);
	}
	if (a->json)
		printf("%s\n", json_object_to_json_string_ext(
				       o, JSON_C_TO_STRING_PRETTY));
	json_object_put(o);
	return CMD_OK;
}

static bool knows_all(const char *machine, int nr, char **name)
{
	struct event_error why;
	struct event_attr e;
	struct pmus pmus;
	bool knows = true;
	int i;

	if (pmus_machine(&pmus, machine))
		return false;
	for (i = 0; i < nr && knows; i++)
		knows = !event_parse(&e, &pmus, name[i], &why);
	pmus_fini(&pmus);
	return knows;
}

/* Nobody said which: ibs_op is not looked for on Intel's. */
static const char *choose_machine(int nr, char **name)
{
	static const char *const machines[] = { "intel-granite-rapids",
						"amd-zen5-turin",
						"arm-neoverse" };
	u32 i;

	for (i = 0; i < sizeof(machines) / sizeof(*machines); i++)
		if (knows_all(machines[i], nr, name))
			return machines[i];
	return machines[0];
}

static int run(int argc, char **argv, struct cmd_error *err)
{
	struct args a = { 0 };
	struct pmu_error why;
	struct pmus pmus;
	bool found = false;
	int ret = parse(argc, argv, &a, err);

	if (ret)
		return ret;
	if (a.list)
		return list(&a, err);
	if (!a.machine)
		a.machine = choose_machine(argc - optind, argv + optind);
	if (a.dir && pmus_read(&pmus, a.dir, &why))
		return cmd_fail(err, "%s", why.text);
	ret = a.dir ? 0 : pmus_machine(&pmus, a.machine);
	if (ret)
		return cmd_fail(err,
				ret == -ENOENT ?
					"no machine '%s'; --list has them" :
					"%s: out of memory",
				a.machine);
	ret = names(&a, &pmus, argc - optind, argv + optind, &found, err);
	pmus_fini(&pmus);
	return ret ? ret : found ? CMD_FOUND : CMD_OK;
}

const struct cmd cmd_event = {
	.name = "event",
	.summary = "what an event's name asks perf for, and what comes of it",
	.usage = usage,
	.run = run,
};
