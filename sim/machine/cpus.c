// SPDX-License-Identifier: GPL-2.0
/* The CPUs of a machine, see cpus.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/cpus.h"

int cpus_init(struct cpus *cpus, u32 capacity)
{
	if (!capacity || capacity & (capacity - 1) ||
	    capacity > DAMON_RING_CAPACITY_MAX)
		return -EINVAL;
	*cpus = (struct cpus){ .capacity = capacity };
	return 0;
}

static void cpu_free(struct cpu *cpu)
{
	if (cpu)
		free(cpu->ring);
	free(cpu);
}

void cpus_fini(struct cpus *cpus)
{
	u32 i;

	for (i = 0; i < cpus->nr; i++)
		cpu_free(cpus->cpu[i]);
	free(cpus->cpu);
	*cpus = (struct cpus){ 0 };
}

/* A CPU whose ring has cache lines of its own. */
static struct cpu *cpu_new(u32 capacity)
{
	size_t sz = damon_ring_size(capacity);
	struct cpu *cpu = calloc(1, sizeof(*cpu));

	if (!cpu)
		return NULL;
	sz = (sz + SMP_CACHE_BYTES - 1) / SMP_CACHE_BYTES * SMP_CACHE_BYTES;
	cpu->ring = aligned_alloc(SMP_CACHE_BYTES, sz);
	if (!cpu->ring || damon_ring_init(cpu->ring, capacity)) {
		cpu_free(cpu);
		return NULL;
	}
	return cpu;
}

int cpus_add(struct cpus *cpus, u32 nr, struct cpu **out)
{
	struct cpu **grown;

	if (nr >= CPUS_MAX)
		return -ERANGE;
	if (nr >= cpus->nr) {
		grown = realloc(cpus->cpu, (nr + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		memset(&grown[cpus->nr], 0,
		       (nr + 1 - cpus->nr) * sizeof(*grown));
		cpus->cpu = grown;
		cpus->nr = nr + 1;
	}
	cpus->cpu[nr] = cpu_new(cpus->capacity);
	if (!cpus->cpu[nr])
		return -ENOMEM;
	*out = cpus->cpu[nr];
	return 0;
}
