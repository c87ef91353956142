// SPDX-License-Identifier: GPL-2.0
/* A run's samples as a trace, see run_samples.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/run_samples.h"
#include "report/units.h"

/* Beside those that the handler looks at: uapi/linux/perf_event.h. */
#define PERF_SAMPLE_TID (1ULL << 1)
#define PERF_SAMPLE_TIME (1ULL << 2)
#define PERF_SAMPLE_CPU (1ULL << 7)

/* Written at once. */
#define BATCH 2048

static struct trace_record record_of(const struct run_cpu *c, u64 at_ps,
				     const struct perf_sample_data *data,
				     const struct damon_running *who)
{
	struct trace_record rec = {
		.time_ns = at_ps / RUN_PS_PER_NS,
		.pid = who->tgid,
		.tid = who->tid,
		.cpu = c->nr,
		.type = TRACE_SAMPLE,
		.mode = who->guest ? TRACE_MODE_GUEST_USER :
			who->tgid  ? TRACE_MODE_USER :
				     TRACE_MODE_KERNEL,
		.has = TRACE_HAS_TIME | TRACE_HAS_TID | TRACE_HAS_CPU |
		       TRACE_HAS_HW_VALID,
	};

	if (data->sample_flags & PERF_SAMPLE_ADDR) {
		rec.addr = data->addr;
		rec.has |= TRACE_HAS_ADDR;
	}
	if (data->sample_flags & PERF_SAMPLE_PHYS_ADDR) {
		rec.phys_addr = data->phys_addr;
		rec.has |= TRACE_HAS_PHYS_ADDR;
	}
	if (data->sample_flags & PERF_SAMPLE_DATA_SRC) {
		rec.data_src = data->data_src.val;
		rec.has |= TRACE_HAS_DATA_SRC;
	}
	return rec;
}

static u32 find_event(const struct run_samples *s,
		      const struct damon_event_attr *attr)
{
	u32 i;

	for (i = 0; i < s->info.nr_events; i++)
		if (damon_event_attr_same(&s->attr[i], attr))
			break;
	return i;
}

/* Is @a to stand before @b?  An event is stopped behind its sample. */
static bool goes_before(const struct trace_record *a,
			const struct trace_record *b)
{
	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns;
	return a->type == TRACE_SAMPLE && b->type != TRACE_SAMPLE;
}

/* One more of a CPU, in its place: it is one of the last. */
static void add(struct run_samples_cpu *v, const struct trace_record *rec)
{
	struct trace_record *grown;
	u32 i, max = v->max ? 2 * v->max : 1024;

	if (v->nr == v->max) {
		grown = realloc(v->rec, max * sizeof(*grown));
		if (!grown) {
			v->nr_dropped++;
			return;
		}
		v->rec = grown;
		v->max = max;
	}
	for (i = v->nr++; i && goes_before(rec, &v->rec[i - 1]); i--)
		v->rec[i] = v->rec[i - 1];
	v->rec[i] = *rec;
}

/* A CPU raised a sample; others may be doing so. */
static void logged(void *arg, struct run_cpu *c, u64 at_ps,
		   const struct sampler_event *event,
		   const struct perf_sample_data *data,
		   const struct damon_running *who)
{
	struct run_samples *s = arg;
	struct trace_record rec = record_of(c, at_ps, data, who);

	rec.event = find_event(s, &event->attr);
	add(&s->cpu[c->nr], &rec);
}

/* Perf stopped an event on a CPU until its next tick, or lets it go on. */
static void throttled(void *arg, const struct run_cpu *c, u64 at_ps,
		      const struct sampler_event *event, bool stopped)
{
	struct run_samples *s = arg;
	const struct trace_record rec = {
		.time_ns = at_ps / RUN_PS_PER_NS,
		.cpu = c->nr,
		.event = find_event(s, &event->attr),
		.type = stopped ? TRACE_THROTTLE : TRACE_UNTHROTTLE,
		.has = TRACE_HAS_TIME | TRACE_HAS_CPU,
	};

	add(&s->cpu[c->nr], &rec);
}

static int know_event(struct run_samples *s, const struct damon_event_attr *a,
		      const struct run *r)
{
	struct trace_info *info = &s->info;
	struct trace_event *events;
	struct damon_event_attr *attr;
	u32 nr = info->nr_events;
	enum scenario_pmu pmu = r->s->machine.pmu;
	bool pebs =
		pmu == SCENARIO_PMU_PEBS_SPR || pmu == SCENARIO_PMU_PEBS_GNR;

	if (find_event(s, a) < nr)
		return 0;
	attr = realloc(s->attr, (nr + 1) * sizeof(*attr));
	if (!attr)
		return -ENOMEM;
	s->attr = attr;
	events = realloc(info->events, (nr + 1) * sizeof(*events));
	if (!events)
		return -ENOMEM;
	info->events = events;
	attr[nr] = *a;
	events[nr] = (struct trace_event){
		.type = a->type,
		.config = a->config,
		.config1 = a->config1,
		.config2 = a->config2,
		.period_or_freq = a->freq ? a->sample_freq : a->sample_period,
		.freq = a->freq,
		.precise_ip = a->precise_ip,
		.sample_type =
			PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU |
			PERF_SAMPLE_ADDR | PERF_SAMPLE_DATA_SRC |
			(a->sample_phys_addr ? PERF_SAMPLE_PHYS_ADDR : 0),
	};
	snprintf(events[nr].pmu, sizeof(events[nr].pmu), "%s",
		 pebs ? "cpu" : "ibs_op");
	snprintf(events[nr].name, sizeof(events[nr].name), "%s//",
		 events[nr].pmu);
	info->nr_events++;
	return 0;
}

/* All events that may raise samples until this is called again. */
static int know_events(struct run_samples *s, const struct run *r)
{
	u32 i;
	int err = 0;

	for (i = 0; i < r->m.substrate.nr_events && !err; i++)
		err = know_event(s, &r->m.substrate.event[i]->attr, r);
	for (i = 0; i < r->faults.nr && !err; i++)
		if (r->faults.fault[i].storm_event)
			err = know_event(
				s, &r->faults.fault[i].storm_event->attr, r);
	return err;
}

static void describe(struct run_samples *s, const struct run *r,
		     const char *cmdline)
{
	const struct scenario_machine *m = &r->s->machine;
	struct trace_info *info = &s->info;
	char bytes[UNITS_LEN];
	u32 i;

	for (i = 0; i < r->m.ram.nr_nodes; i++)
		info->total_mem_bytes += r->m.ram.node[i].sz;
	snprintf(info->origin, sizeof(info->origin), "damonsim run");
	snprintf(info->cmdline, sizeof(info->cmdline), "%s", cmdline);
	snprintf(info->hostname, sizeof(info->hostname), "simulated");
	snprintf(info->arch, sizeof(info->arch), "x86_64");
	snprintf(info->cpu_desc, sizeof(info->cpu_desc),
		 "%u at %u MHz, rings of %u, %u nodes with %s", m->nr_cpus,
		 m->clock_mhz, m->ring_capacity, r->m.ram.nr_nodes,
		 units_bytes(bytes, info->total_mem_bytes));
	info->nr_cpus_online = m->nr_cpus;
	info->seed = r->s->seed;
	info->has_seed = true;
}

int run_samples_open(struct run_samples *s, const char *dir, struct run *r,
		     const char *cmdline)
{
	struct trace_error err = { 0 };
	char path[512];
	int ret;

	*s = (struct run_samples){ .nr_cpus = r->m.nr_cpus };
	if (snprintf(path, sizeof(path), "%s/samples.dst", dir) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	describe(s, r, cmdline);
	s->cpu = calloc(s->nr_cpus, sizeof(*s->cpu));
	s->heap = calloc(s->nr_cpus, sizeof(*s->heap));
	ret = s->cpu && s->heap ? know_events(s, r) : -ENOMEM;
	if (!ret)
		ret = trace_sink_open(&s->sink, "native", path, &s->info, &err);
	if (ret) {
		free(s->cpu);
		free(s->heap);
		free(s->attr);
		free(s->info.events);
		*s = (struct run_samples){ 0 };
		return ret;
	}
	/* Harder takes half as long again and saves nothing. */
	trace_sink_set_level(s->sink, 1);
	r->m.env.logged = logged;
	r->m.env.throttled = throttled;
	r->m.env.logged_arg = s;
	return 0;
}

static void put(struct run_samples *s, const struct trace_record *rec, u32 nr)
{
	struct trace_error err;

	if (!s->err)
		s->err = trace_sink_write(s->sink, rec, nr, &err);
}

/* A process's threads with their names, and what it has mapped. */
static void put_program(struct run_samples *s, const struct program *p)
{
	struct trace_record rec = {
		.pid = p->spec->pid,
		.type = TRACE_COMM,
		.has = TRACE_HAS_TIME | TRACE_HAS_TID,
	};
	struct range map[3];
	u32 i;

	trace_set_comm(&rec, p->spec->kind, strlen(p->spec->kind));
	for (i = 0; i < p->nr_threads; i++) {
		rec.tid = p->thread[i].tid;
		put(s, &rec, 1);
	}
	run_mappings(p, map);
	for (i = 0; i < 3; i++) {
		rec.tid = rec.pid;
		rec.type = TRACE_MMAP;
		rec.has |= TRACE_HAS_ADDR;
		rec.addr = map[i].start;
		rec.phys_addr = 0;
		rec.nr = map[i].end - map[i].start;
		put(s, &rec, 1);
	}
}

/* Whose next sample is earlier; at the same time the lower CPU's. */
static bool before(const struct run_samples *s, u32 a, u32 b)
{
	u64 at_a = s->cpu[a].rec[s->cpu[a].at].time_ns;
	u64 at_b = s->cpu[b].rec[s->cpu[b].at].time_ns;

	return at_a < at_b || (at_a == at_b && a < b);
}

static void sift_down(struct run_samples *s, u32 nr, u32 i)
{
	u32 child, cpu = s->heap[i];

	while ((child = 2 * i + 1) < nr) {
		if (child + 1 < nr &&
		    before(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!before(s, s->heap[child], cpu))
			break;
		s->heap[i] = s->heap[child];
		i = child;
	}
	s->heap[i] = cpu;
}

/* What all CPUs hold, in the order of time. */
static void merge(struct run_samples *s)
{
	struct trace_record batch[BATCH];
	u32 i, nr = 0, nr_batch = 0;

	for (i = 0; i < s->nr_cpus; i++) {
		s->cpu[i].at = 0;
		if (s->cpu[i].nr)
			s->heap[nr++] = i;
	}
	for (i = nr / 2; i-- > 0;)
		sift_down(s, nr, i);
	while (nr) {
		struct run_samples_cpu *v = &s->cpu[s->heap[0]];

		batch[nr_batch++] = v->rec[v->at++];
		if (v->at == v->nr) {
			v->nr = 0;
			s->heap[0] = s->heap[--nr];
		}
		if (nr)
			sift_down(s, nr, 0);
		if (nr_batch < BATCH && nr)
			continue;
		put(s, batch, nr_batch);
		nr_batch = 0;
	}
}

void run_samples_take(struct run_samples *s, struct run *r)
{
	u32 i;
	int err;

	err = know_events(s, r);
	s->err = s->err ? s->err : err;
	/* Every record is of an event: without one there is no record. */
	for (i = 0; i < r->m.nr_programs && s->info.nr_events && !s->began; i++)
		put_program(s, &r->m.program[i]);
	s->began = s->info.nr_events;
	merge(s);
	for (i = 0; i < s->nr_cpus && !s->err; i++)
		if (s->cpu[i].nr_dropped)
			s->err = -ENOMEM;
	if (!s->err)
		return;
	r->m.env.logged = NULL;
	r->m.env.throttled = NULL;
}

int run_samples_close(struct run_samples *s, struct run *r,
		      struct output_error *err)
{
	struct trace_error why = { 0 };
	size_t len = strlen(err->text);
	u32 i;
	int ret;

	if (r)
		run_samples_take(s, r);
	ret = trace_sink_close(s->sink, NULL, &why);
	if (!ret && s->err) {
		ret = s->err;
		snprintf(why.text, sizeof(why.text),
			 "%s; what came before is saved", strerror(-ret));
	}
	if (ret)
		snprintf(err->text + len, sizeof(err->text) - len,
			 "%ssamples.dst: %s", len ? "; " : "", why.text);
	for (i = 0; i < s->nr_cpus; i++)
		free(s->cpu[i].rec);
	free(s->cpu);
	free(s->heap);
	free(s->attr);
	free(s->info.events);
	*s = (struct run_samples){ 0 };
	return ret;
}
