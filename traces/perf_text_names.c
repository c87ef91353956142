// SPDX-License-Identifier: GPL-2.0
/*
 * What a text calls by name or by half: events, and the process of a thread.
 *
 * perf prints of an event only its name; what sort it is follows for those that
 * everybody has.  By default perf prints a thread and not its process: that is
 * known where a line has both, or a record of the task was printed
 * (--show-task-events); else a thread is taken for a process.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "perf_text.h"

#define PT_NR_THREADS 65536u

#define TYPE_SOFTWARE 1u

static const struct {
	const char *name;
	u32 type;
	u64 config;
} known[] = {
	{ "cycles", PERF_TYPE_HARDWARE, 0 },
	{ "instructions", PERF_TYPE_HARDWARE, 1 },
	{ "cpu-clock", TYPE_SOFTWARE, 0 },
	{ "task-clock", TYPE_SOFTWARE, 1 },
	{ "page-faults", TYPE_SOFTWARE, 2 },
	{ "faults", TYPE_SOFTWARE, 2 },
	{ "context-switches", TYPE_SOFTWARE, 3 },
	{ "cpu-migrations", TYPE_SOFTWARE, 4 },
	{ "minor-faults", TYPE_SOFTWARE, 5 },
	{ "major-faults", TYPE_SOFTWARE, 6 },
	{ "dummy", TYPE_SOFTWARE, 9 },
};

#define NR_KNOWN (sizeof(known) / sizeof(known[0]))

static const struct {
	u32 has;
	u64 sample_type;
} fields[] = {
	{ TRACE_HAS_TIME, PERF_SAMPLE_TIME },
	{ TRACE_HAS_ADDR, PERF_SAMPLE_ADDR },
	{ TRACE_HAS_PHYS_ADDR, PERF_SAMPLE_PHYS_ADDR },
	{ TRACE_HAS_DATA_SRC, PERF_SAMPLE_DATA_SRC },
	{ TRACE_HAS_IP, PERF_SAMPLE_IP },
	{ TRACE_HAS_TID, PERF_SAMPLE_TID },
	{ TRACE_HAS_CPU, PERF_SAMPLE_CPU },
	{ TRACE_HAS_WEIGHT, PERF_SAMPLE_WEIGHT },
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

/* cycles:upp, cpu/mem-loads/P: how many p, of which P stands for the most. */
static u8 precise_ip(const char *name)
{
	const char *p = strrchr(name, '/');
	u8 nr = 0;

	p = p ? p : strrchr(name, ':');
	if (!p)
		return 0;
	p += 1 + (p[1] == ':');
	if (p[strspn(p, "ukhGHpPDSIWeb")])
		return 0; /* the name of a tracepoint */
	for (; *p; p++)
		nr += *p == 'P' ? 3 : *p == 'p';
	return nr > 3 ? 3 : nr;
}

static void set_kind(struct trace_event *event)
{
	size_t len = strcspn(event->name, "/:"), i;

	event->type = PERF_TYPE_RAW;
	event->precise_ip = precise_ip(event->name);
	for (i = 0; i < NR_KNOWN; i++) {
		if (strlen(known[i].name) != len ||
		    memcmp(known[i].name, event->name, len))
			continue;
		event->type = known[i].type;
		event->config = known[i].config;
		strcpy(event->pmu,
		       event->type == TYPE_SOFTWARE ? "software" : "cpu");
		return;
	}
	if (event->name[len] == '/' && len < sizeof(event->pmu)) {
		memcpy(event->pmu, event->name, len);
		event->pmu[len] = '\0';
	}
}

static bool is_name(const struct trace_event *event, struct pt_piece name)
{
	size_t len = name.end - name.p;

	if (len >= sizeof(event->name))
		len = sizeof(event->name) - 1;
	return !strncmp(event->name, name.p ? name.p : "", len) &&
	       !event->name[len];
}

static int grow(struct perf_text *pt)
{
	struct trace_info *info = &pt->src->info;
	u32 max = pt->max_events ? 2 * pt->max_events : 8;
	struct trace_event *events;

	if (info->nr_events < pt->max_events)
		return 0;
	events = realloc(info->events, max * sizeof(*events));
	if (!events)
		return -ENOMEM;
	info->events = events;
	pt->max_events = max;
	return 0;
}

static void add_event(struct trace_info *info, const struct pt_head *head,
		      u32 has)
{
	struct trace_event *event = &info->events[info->nr_events++];
	size_t len = head->event.end - head->event.p, i;

	*event = (struct trace_event){
		.period_or_freq = head->has_period ? head->period : 1,
	};
	if (len >= sizeof(event->name))
		len = sizeof(event->name) - 1;
	if (len)
		memcpy(event->name, head->event.p, len);
	set_kind(event);
	for (i = 0; i < NR_FIELDS; i++)
		if (has & fields[i].has)
			event->sample_type |= fields[i].sample_type;
}

long pt_event(struct perf_text *pt, const struct pt_head *head, u32 has,
	      struct trace_error *err)
{
	struct trace_info *info = &pt->src->info;
	u32 i;

	if (pt->last_event < info->nr_events &&
	    is_name(&info->events[pt->last_event], head->event))
		return pt->last_event;
	for (i = 0; i < info->nr_events; i++)
		if (is_name(&info->events[i], head->event))
			return pt->last_event = i;
	if (info->nr_events == PERF_NR_EVENTS_MAX)
		return pt_fault(pt, err,
				"found more than %u names of events, expected "
				"fewer",
				PERF_NR_EVENTS_MAX);
	if (grow(pt))
		return trace_system_fault(err, pt->line_offset, "events",
					  -ENOMEM);
	add_event(info, head, has);
	return pt->last_event = i;
}

int pt_learn_thread(struct perf_text *pt, u32 pid, u32 tid)
{
	if (!pt->threads && pid == tid)
		return 0;
	if (!pt->threads)
		pt->threads = calloc(PT_NR_THREADS, sizeof(*pt->threads));
	if (!pt->threads)
		return -ENOMEM;
	pt->threads[tid % PT_NR_THREADS] = (u64)tid << 32 | pid;
	return 0;
}

u32 pt_pid_of(const struct perf_text *pt, u32 tid)
{
	u64 row = pt->threads ? pt->threads[tid % PT_NR_THREADS] : 0;

	return row && row >> 32 == tid ? (u32)row : tid;
}
