// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as an event's name, by each shipped machine's PMUs and by one whose
 * own descriptions are bytes too: no crash, a name that is wrong is wrong
 * somewhere in it and said in words, one that is right has a verdict in words,
 * and what it asks for is asked for again by its numbers.
 *
 * Lines: the name, a format, what an event stands for.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "event/event_verdict.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

#define MACHINES_MAX 16
#define LINE_MAX_BYTES 300

static struct pmus shipped[MACHINES_MAX];
static char machine[MACHINES_MAX][PMU_NAME];
static u32 nr_machines;

static void load(void)
{
	const char *name;

	while ((name = pmus_machine_name(nr_machines))) {
		assert(nr_machines < MACHINES_MAX);
		snprintf(machine[nr_machines], PMU_NAME, "%s", name);
		assert(!pmus_machine(&shipped[nr_machines],
				     machine[nr_machines]));
		nr_machines++;
	}
}

/* The same numbers in perf's own terms are the same event. */
static void ask_again(const struct pmus *pmus, const struct event_attr *a)
{
	struct event_error err;
	struct event_attr again;
	char name[400];

	if (!a->pmu || a->type != a->pmu->type)
		return;
	snprintf(name, sizeof(name),
		 "%s/config=0x%llx,config1=%llu,config2=%llu,config3=%llu/%.*s",
		 a->pmu->name, a->config, a->config1, a->config2, a->config3,
		 a->precise_ip, "ppp");
	assert(!event_parse(&again, pmus, name, &err));
	assert(again.type == a->type && again.config == a->config &&
	       again.config1 == a->config1 && again.config2 == a->config2 &&
	       again.config3 == a->config3 &&
	       again.precise_ip == a->precise_ip);
}

/* Of one event again and again: once there is no room there is none. */
static void crowd(const struct event_attr *a, const char *of)
{
	struct event_attr list[10];
	bool fits = true, now;
	u32 i;

	for (i = 0; i < 10; i++) {
		list[i] = *a;
		now = event_fits(list, i + 1, of);
		assert(fits || !now);
		assert(i || now || a->precise_ip == 3);
		fits = now;
	}
}

static void look(const struct pmus *pmus, const char *of, const char *name)
{
	struct event_error err, err2;
	struct event_attr a, b;
	u32 kernel;
	int ret;

	memset(&a, 0x55, sizeof(a));
	memset(&b, 0xaa, sizeof(b));
	ret = event_parse(&a, pmus, name, &err);
	assert(event_parse(&b, pmus, name, &err2) == ret);
	if (ret) {
		assert(ret == -22 && *err.text && err.at <= strlen(name));
		assert(!strcmp(err.text, err2.text) && err.at == err2.at);
		return;
	}
	assert(a.config == b.config && a.type == b.type);
	assert(a.precise_ip <= 3 && !(a.has_freq && a.has_period));
	for (kernel = 0; kernel < 2; kernel++) {
		struct event_verdict v = event_verdict(&a, pmus, of, kernel);

		assert(v.why && *v.why && v.error <= 0);
		assert(!v.error || !(v.samples || v.vaddr || v.paddr));
		assert(v.samples || !(v.vaddr || v.paddr));
		if (!v.error && !kernel)
			crowd(&a, of);
	}
	ask_again(pmus, &a);
}

/* The next line of what is left, cut to what fits. */
static const u8 *line(const u8 *at, const u8 *end, char *out, size_t max)
{
	const u8 *stop = memchr(at, '\n', end - at);
	size_t sz = (stop ? stop : end) - at;

	snprintf(out, max, "%.*s", (int)sz, (const char *)at);
	return stop ? stop + 1 : end;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	struct pmu_entry format = { .name = "t" }, event = { .name = "e" };
	struct pmu own[2] = {
		{ .name = "cpu",
		  .type = 4,
		  .max_precise = 3,
		  .format = &format,
		  .nr_formats = 1,
		  .event = &event,
		  .nr_events = 1 },
		{ .name = "cpu_else", .type = 77, .event = &event },
	};
	struct pmus both = { .at = own, .nr = 2 };
	const u8 *end = data + sz;
	char name[LINE_MAX_BYTES];
	u32 i;

	if (!nr_machines)
		load();
	data = line(data, end, name, sizeof(name));
	data = line(data, end, format.text, sizeof(format.text));
	line(data, end, event.text, sizeof(event.text));
	for (i = 0; i < nr_machines; i++)
		look(&shipped[i], machine[i], name);
	look(&both, "", name);
	look(&both, "", "cpu/t=0x123456789/");
	look(&both, "", "cpu/e,t/");
	look(&both, "", "e:pp");
	snprintf(own[0].cpus, PMU_TEXT, "0-3");
	snprintf(own[1].cpus, PMU_TEXT, "4");
	own[1].nr_events = 1;
	look(&both, "intel-x", name);
	look(&both, "intel-x", "e:pp");
	return 0;
}
