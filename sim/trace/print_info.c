// SPDX-License-Identifier: GPL-2.0
/* What a trace says about itself and what is in it, see print.h. */
#include <errno.h>
#include <json-c/json.h>

#include "report/units.h"
#include "trace/print.h"

static const struct {
	const char *key, *text;
} kinds[TRACE_NR_TYPES] = {
	[TRACE_SAMPLE] = { "samples", "samples" },
	[TRACE_LOST] = { "lost", "losses" },
	[TRACE_LOST_SAMPLES] = { "lost_samples", "losses of samples" },
	[TRACE_THROTTLE] = { "throttle", "throttled" },
	[TRACE_UNTHROTTLE] = { "unthrottle", "unthrottled" },
	[TRACE_MMAP] = { "mmap", "mappings" },
	[TRACE_FORK] = { "fork", "forks" },
	[TRACE_EXIT] = { "exit", "exits" },
	[TRACE_COMM] = { "comm", "names" },
	[TRACE_CPU_ONLINE] = { "cpu_online", "CPUs online" },
	[TRACE_CPU_OFFLINE] = { "cpu_offline", "CPUs offline" },
	[TRACE_ATTR] = { "attr", "changes of events" },
};

void print_count(struct print_summary *s, const struct trace_record *recs,
		 size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		s->by_type[recs[i].type]++;
		if (!(recs[i].has & TRACE_HAS_TIME))
			continue;
		if (!s->timed++ || recs[i].time_ns < s->first_ns)
			s->first_ns = recs[i].time_ns;
		if (recs[i].time_ns > s->last_ns)
			s->last_ns = recs[i].time_ns;
	}
}

static void line(FILE *f, const char *key, const char *value)
{
	if (*value)
		fprintf(f, "%-9s %s\n", key, value);
}

static void print_events(FILE *f, const struct trace_info *info)
{
	u32 i;

	for (i = 0; i < info->nr_events; i++) {
		const struct trace_event *e = &info->events[i];

		fprintf(f,
			"%-9s %s%s%s%s type %u config 0x%llx, %s %llu, "
			"precise %u, sample_type 0x%llx\n",
			i ? "" : "events", *e->name ? e->name : "(no name)",
			*e->pmu ? " (" : "", e->pmu, *e->pmu ? ")" : "",
			e->type, e->config, e->freq ? "frequency" : "period",
			e->period_or_freq, e->precise_ip, e->sample_type);
	}
}

static void print_contents(FILE *f, const struct print_summary *s,
			   const struct trace_counts *n)
{
	char a[UNITS_LEN];
	bool more = false;
	u32 i;

	fprintf(f, "%-9s %s:", "records", units_count(a, n->nr_records));
	for (i = 0; i < TRACE_NR_TYPES; i++) {
		if (!s->by_type[i])
			continue;
		fprintf(f, "%s %s %s", more ? "," : "",
			units_count(a, s->by_type[i]), kinds[i].text);
		more = true;
	}
	fputs(more ? "\n" : " none\n", f);
	if (n->nr_lost + n->nr_lost_samples)
		fprintf(f, "%-9s %s\n", "lost",
			units_count(a, n->nr_lost + n->nr_lost_samples));
	if (n->nr_skipped)
		fprintf(f, "%-9s %s of types that nobody here needs\n",
			"skipped", units_count(a, n->nr_skipped));
	if (n->nr_late)
		fprintf(f, "%-9s %s, delivered after a younger one\n", "late",
			units_count(a, n->nr_late));
	if (s->timed)
		fprintf(f, "%-9s %llu.%09llu s to %llu.%09llu s, %s\n", "time",
			s->first_ns / 1000000000, s->first_ns % 1000000000,
			s->last_ns / 1000000000, s->last_ns % 1000000000,
			units_ns(a, s->last_ns - s->first_ns));
}

/* What the bytes are spent on, in bits of a record. */
static void print_columns(FILE *f, const struct trace_source *src)
{
	u64 nr = trace_counts(src)->nr_records, sz;
	const char *name;
	bool more = false;
	u32 i;

	for (i = 0; nr && (name = trace_column(src, i, &sz)); i++) {
		if (sz * 800 / nr < 1)
			continue;
		fprintf(f, more ? ", %s %.2f" : "columns   %s %.2f", name,
			8.0 * sz / nr);
		more = true;
	}
	fputs(more ? " bits a record\n" : "", f);
}

void print_info(FILE *f, const struct print_summary *s,
		const struct trace_source *src)
{
	const struct trace_counts *counts = trace_counts(src);
	const struct trace_info *info = trace_info(src);
	char a[UNITS_LEN], b[UNITS_LEN];

	fprintf(f, "%-9s %s\n", "trace", s->path);
	fprintf(f, "%-9s %s%s%s\n", "format", info->format,
		info->compressed ? ", compressed" : "",
		info->byte_swapped ? ", of the other byte order" : "");
	line(f, "origin", info->origin);
	line(f, "command", info->cmdline);
	if (info->has_seed)
		fprintf(f, "%-9s %llu\n", "seed", info->seed);
	line(f, "host", info->hostname);
	line(f, "kernel", info->os_release);
	line(f, "machine", info->arch);
	line(f, "processor", info->cpu_desc);
	if (info->nr_cpus_online)
		fprintf(f, "%-9s %u online\n", "CPUs", info->nr_cpus_online);
	if (info->total_mem_bytes)
		fprintf(f, "%-9s %s\n", "memory",
			units_bytes(a, info->total_mem_bytes));
	print_events(f, info);
	print_contents(f, s, counts);
	fprintf(f, "%-9s %s", "bytes", units_count(a, counts->sz_read));
	if (counts->nr_records)
		fprintf(f, ", %.2f a record",
			(double)counts->sz_read / counts->nr_records);
	if (counts->nr_blocks)
		fprintf(f, ", in %s blocks", units_count(b, counts->nr_blocks));
	fputc('\n', f);
	print_columns(f, src);
	fprintf(f, "%-9s %s\n", "integrity",
		*s->damage	  ? "DAMAGED, these are the records before" :
		counts->nr_blocks ? "whole, every checksum is right" :
				    "whole");
}

static void put_u64(struct json_object *o, const char *key, u64 value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

static void put_str(struct json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

static struct json_object *events_json(const struct trace_info *info)
{
	struct json_object *events = json_object_new_array(), *o;
	u32 i;

	for (i = 0; i < info->nr_events; i++) {
		const struct trace_event *e = &info->events[i];

		o = json_object_new_object();
		put_str(o, "name", e->name);
		put_str(o, "pmu", e->pmu);
		put_u64(o, "type", e->type);
		put_u64(o, "config", e->config);
		put_u64(o, "config1", e->config1);
		put_u64(o, "config2", e->config2);
		put_u64(o, e->freq ? "freq" : "period", e->period_or_freq);
		put_u64(o, "precise_ip", e->precise_ip);
		put_u64(o, "sample_type", e->sample_type);
		json_object_array_add(events, o);
	}
	return events;
}

int print_info_json(FILE *f, const struct print_summary *s,
		    const struct trace_source *src)
{
	const struct trace_counts *counts = trace_counts(src);
	const struct trace_info *info = trace_info(src);
	struct json_object *o = json_object_new_object();
	struct json_object *records = json_object_new_object();
	struct json_object *columns = json_object_new_object();
	const char *text, *name;
	u64 sz;
	u32 i;

	put_str(o, "path", s->path);
	put_str(o, "format", info->format);
	put_str(o, "origin", info->origin);
	put_str(o, "cmdline", info->cmdline);
	if (info->has_seed)
		put_u64(o, "seed", info->seed);
	put_str(o, "hostname", info->hostname);
	put_str(o, "os_release", info->os_release);
	put_str(o, "arch", info->arch);
	put_str(o, "cpu_desc", info->cpu_desc);
	put_str(o, "cpuid", info->cpuid);
	put_u64(o, "nr_cpus_online", info->nr_cpus_online);
	put_u64(o, "total_mem_bytes", info->total_mem_bytes);
	json_object_object_add(o, "events", events_json(info));
	for (i = 0; i < TRACE_NR_TYPES; i++)
		put_u64(records, kinds[i].key, s->by_type[i]);
	json_object_object_add(o, "records", records);
	put_u64(o, "nr_records", counts->nr_records);
	put_u64(o, "nr_samples", counts->nr_samples);
	put_u64(o, "nr_lost", counts->nr_lost);
	put_u64(o, "nr_lost_samples", counts->nr_lost_samples);
	put_u64(o, "nr_skipped", counts->nr_skipped);
	put_u64(o, "nr_late", counts->nr_late);
	put_u64(o, "nr_blocks", counts->nr_blocks);
	if (s->timed) {
		put_u64(o, "first_ns", s->first_ns);
		put_u64(o, "last_ns", s->last_ns);
	}
	put_u64(o, "bytes", counts->sz_read);
	json_object_object_add(o, "whole",
			       json_object_new_boolean(!*s->damage));
	if (*s->damage)
		put_str(o, "damage", s->damage);
	for (i = 0; (name = trace_column(src, i, &sz)); i++)
		put_u64(columns, name, sz);
	json_object_object_add(o, "columns", columns);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN);
	if (text)
		fprintf(f, "%s\n", text);
	json_object_put(o);
	return text ? 0 : -ENOMEM;
}
