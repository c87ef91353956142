// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a scenario, behind lines that are overrides: no crash, no leak;
 * what is refused says where and what was expected; what is accepted keeps the
 * promises that the engine relies on.
 *
 *   make O=build build/fuzz/fuzz_scenario
 *   build/fuzz/fuzz_scenario -max_len=4096 -dict=tests/fuzz_scenario.dict \
 *	found tests/corpus/scenario
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "run/scenario.h"

#define MAX_SETS 4

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

static void check_machine(const struct scenario_machine *m)
{
	u32 i, j;

	assert(m->nr_cpus && m->nr_cpus <= 8192 && m->clock_mhz);
	assert(m->ring_capacity &&
	       !(m->ring_capacity & (m->ring_capacity - 1)));
	assert(m->nr_nodes && m->nr_nodes <= RAM_NODES_MAX);
	for (i = 0; i < m->nr_nodes; i++) {
		const struct scenario_node *n = &m->nodes[i];

		assert(n->name && n->sz && !(n->sz % RAM_BLOCK_BYTES));
		assert(!(n->start % RAM_BLOCK_BYTES));
		assert(n->latency_ns && n->read_bytes_per_s);
		assert(n->write_bytes_per_s && n->knee_pct);
		for (j = 0; j < i; j++)
			assert(n->start >= m->nodes[j].start + m->nodes[j].sz ||
			       m->nodes[j].start >= n->start + n->sz);
	}
}

static void check_workloads(const struct scenario *s)
{
	u32 i, j;

	for (i = 0; i < s->nr_workloads; i++) {
		const struct scenario_workload *w = &s->workloads[i];

		assert(workload_kind_find(w->kind));
		assert(w->pid && w->params.nr_threads && w->params.sz);
		assert(w->granule && !(w->granule % RAM_PAGE_BYTES));
		assert(w->start < 1ull << 47 && w->start_us < s->duration_us);
		assert(w->first_cpu < s->machine.nr_cpus);
		for (j = 0; j < w->nr_place; j++)
			assert(w->place[j].nid < s->machine.nr_nodes);
		for (j = 0; j < i; j++)
			assert(w->pid != s->workloads[j].pid &&
			       w->start != s->workloads[j].start);
	}
}

static void check_faults(const struct scenario *s)
{
	u32 i;

	for (i = 0; i < s->nr_faults; i++) {
		const struct scenario_fault *f = &s->faults[i];

		assert(f->name && scenario_fault_name(f->kind));
		assert(f->at_us < s->duration_us && f->until_us >= f->at_us);
		assert(f->cpu < (s32)s->machine.nr_cpus);
	}
}

/* Each goes on from what the one before wrote. */
static void check_commits(const struct scenario *s)
{
	const struct scenario_fault *f = NULL;
	struct config last = { 0 }, cfg;
	struct config_error err;

	while (s->config.nr_kdamonds && (f = scenario_next_commit(s, f))) {
		assert(!scenario_commit(s,
					last.nr_kdamonds ? &last : &s->config,
					f, &cfg, &err));
		config_fini(&last);
		last = cfg;
	}
	config_fini(&last);
}

/* Lines that begin with "--set " are overrides, as long as they come first. */
static u32 take_sets(char **text, char **set)
{
	u32 nr = 0;
	char *end;

	while (nr < MAX_SETS && !strncmp(*text, "--set ", 6)) {
		end = strchr(*text, '\n');
		if (!end)
			break;
		*end = '\0';
		set[nr++] = *text + 6;
		*text = end + 1;
	}
	return nr;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	char *set[MAX_SETS];
	struct config_error err;
	struct scenario s;
	char *copy = malloc(sz + 1);
	char *text = copy;
	u32 nr;
	int ret;

	assert(copy);
	memcpy(copy, data, sz);
	copy[sz] = '\0';
	nr = take_sets(&text, set);
	ret = scenario_parse(&s, text, sz - (text - copy), "fuzz",
			     (const char *const *)set, nr, &err);
	if (ret) {
		assert(err.text[0] && memchr(err.text, 0, sizeof(err.text)));
		assert(strstr(err.text, "expected"));
		assert(!strcmp(err.file, "fuzz") ||
		       !strncmp(err.file, "--set ", 6));
	} else {
		check_machine(&s.machine);
		check_workloads(&s);
		check_faults(&s);
		check_commits(&s);
		scenario_fini(&s);
	}
	free(copy);
	return 0;
}
