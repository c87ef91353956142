// SPDX-License-Identifier: GPL-2.0
/* What events see of programs, see sampler.h. */
#include <errno.h>
#include <stdlib.h>

#include "intel_event.h"
#include "run/luck.h"
#include "run/sampler.h"

struct op sampler_op(const struct workload_class *class,
		     const struct scenario_machine *m, u32 place)
{
	struct op op = class->op;
	u64 cycles;

	if (op.source != OP_FROM_MEMORY)
		return op;
	if (place >= m->nr_nodes) {
		op.source = OP_FROM_DRAM;
		op.flags |= OP_NOT_TRANSLATED;
		return op;
	}
	op.source = m->nodes[place].cxl ? OP_FROM_CXL : OP_FROM_DRAM;
	cycles = m->nodes[place].latency_ns * m->clock_mhz / 1000;
	cycles = cycles < 0xffff ? cycles : 0xffff;
	op.miss_cycles = cycles;
	if (op.tag_to_ret_cycles < cycles)
		op.tag_to_ret_cycles = cycles;
	return op;
}

static u64 mask_of(u64 flags, u64 flag)
{
	return flags & flag ? ~0ULL : 0;
}

/* What the driver filled in, of what it was asked for. */
static struct sampler_shape shape_of(const struct sampler_event *e,
				     struct perf_sample_data *data)
{
	if (!e->attr.sample_phys_addr)
		data->sample_flags &= ~(u64)PERF_SAMPLE_PHYS_ADDR;
	return (struct sampler_shape){
		.raises = true,
		.flags = data->sample_flags,
		.addr = mask_of(data->sample_flags, PERF_SAMPLE_ADDR),
		.phys_addr = mask_of(data->sample_flags, PERF_SAMPLE_PHYS_ADDR),
		.has_data_src =
			mask_of(data->sample_flags, PERF_SAMPLE_DATA_SRC),
		.data_src = data->data_src.val,
	};
}

static struct sampler_shape shape_ibs(const struct sampler_event *e,
				      const struct ibs_driver *d,
				      const struct op *op)
{
	struct perf_sample_data data = { 0 };
	struct ibs_op_knobs knobs = e->knobs;
	struct ibs_op unit;

	/* That an address is invalid is drawn for each sample. */
	knobs.invalid_paddr_ppm = 0;
	ibs_op_init(&unit, e->part, &knobs);
	ibs_op_write_ctl(&unit, e->ctl | IBS_OP_CTL_EN |
					ibs_op_ctl_of_period(e->period));
	if (!ibs_op_retire(&unit, op, 0))
		return (struct sampler_shape){ 0 };
	ibs_driver_fill(d, &unit.reg, &data);
	return shape_of(e, &data);
}

static struct sampler_shape shape_pebs(const struct sampler_event *e,
				       const struct op *op)
{
	struct perf_sample_data data = { 0 };
	struct pebs pebs = e->pebs;

	if (!pebs_matches(&pebs, op))
		return (struct sampler_shape){ 0 };
	pebs.nr_max = 1;
	pebs_write(&pebs, op, 0);
	pebs_drain(&pebs, true, &data);
	return shape_of(e, &data);
}

static struct sampler_shape shape_by(const struct sampler_event *e,
				     const struct ibs_driver *d,
				     const struct op *op)
{
	switch (e->unit) {
	case SAMPLER_IBS_OP:
		return shape_ibs(e, d, op);
	case SAMPLER_PEBS:
		return shape_pebs(e, op);
	default:
		/* A clock knows nothing of what it interrupts. */
		return (struct sampler_shape){
			.raises = e->unit == SAMPLER_CLOCK,
		};
	}
}

/* Walker's alias table of @nr weights, which are 1 together. */
static void build_alias(struct sampler_view *v, double *weight)
{
	u32 small[WORKLOAD_CLASSES_MAX], large[WORKLOAD_CLASSES_MAX];
	u32 nr_small = 0, nr_large = 0, i;

	for (i = 0; i < v->nr; i++) {
		weight[i] *= v->nr;
		if (weight[i] < 1)
			small[nr_small++] = i;
		else
			large[nr_large++] = i;
	}
	while (nr_small && nr_large) {
		u32 s = small[--nr_small], l = large[nr_large - 1];

		v->cut[s] = weight[s] * 4294967296.0;
		v->alias[s] = l;
		weight[l] -= 1 - weight[s];
		if (weight[l] < 1) {
			nr_large--;
			small[nr_small++] = l;
		}
	}
	/* What is left is 1 but for rounding. */
	while (nr_large) {
		i = large[--nr_large];
		v->cut[i] = ~0u;
		v->alias[i] = i;
	}
	while (nr_small) {
		i = small[--nr_small];
		v->cut[i] = ~0u;
		v->alias[i] = i;
	}
}

/* Shapes of a sort on all nodes.  Return: any of them is raised. */
static bool build_shapes(struct sampler_event *e, struct sampler_view *v,
			 const struct workload_class *class,
			 const struct scenario_machine *m,
			 const struct ibs_driver *d, bool *all)
{
	bool any = false;
	struct op op;
	u32 place;

	for (place = 0; place < SAMPLER_PLACES; place++) {
		struct sampler_shape *shape = &v->shape[v->nr][place];

		op = sampler_op(class, m,
				place < m->nr_nodes ? place : SAMPLER_NOWHERE);
		*shape = shape_by(e, d, &op);
		if (place < m->nr_nodes)
			any |= shape->raises;
		*all &= shape->raises;
	}
	return any;
}

static void build_view(struct sampler_event *e, struct sampler_view *v,
		       const struct workload *w,
		       const struct scenario_machine *m,
		       const struct ibs_driver *d)
{
	double weight[WORKLOAD_CLASSES_MAX], sum = 0;
	u32 i;

	v->tells_all = true;
	for (i = 0; i < w->nr_classes; i++) {
		const struct workload_class *class = &w->classes[i];
		bool all = true;
		bool any = build_shapes(e, v, class, m, d, &all);

		v->guest |= class->op.flags & OP_GUEST;
		/* IBS tags what its filters refuse then, and counts it. */
		if (!any && e->unit != SAMPLER_IBS_OP)
			continue;
		weight[v->nr] =
			e->by_clock ? class->cycle_share : class->per_unit;
		if (weight[v->nr] <= 0)
			continue;
		v->tells_all &= all;
		sum += weight[v->nr];
		v->class[v->nr] = i;
		/* What is sampled by a unit is told of when it retires. */
		if (e->unit != SAMPLER_CLOCK)
			v->ret_ps[v->nr] = class->op.tag_to_ret_cycles *
					   e->clock_fs / 1000;
		v->nr++;
	}
	for (i = 0; i < v->nr; i++)
		weight[i] /= sum;
	build_alias(v, weight);
	if (!e->by_clock)
		v->per_unit = sum * (1u << SAMPLER_COUNT_SHIFT);
}

static int build_views(struct sampler_event *e, const struct scenario *s,
		       const struct workload *const *w, u32 nr)
{
	struct ibs_driver d;
	u32 i;

	e->view = calloc(nr ? nr : 1, sizeof(*e->view));
	if (!e->view)
		return -ENOMEM;
	e->nr_views = nr;
	if (s->machine.kernel == SCENARIO_KERNEL_6_12)
		ibs_driver_init_6_12(&d, e->part);
	else
		ibs_driver_init_new(&d, e->part);
	for (i = 0; i < nr; i++)
		build_view(e, &e->view[i], w[i], &s->machine, &d);
	return 0;
}

int sampler_event_new(struct sampler_event **out,
		      const struct damon_event_attr *attr,
		      const struct scenario *s, const struct workload *const *w,
		      u32 nr)
{
	struct sampler_event *e = calloc(1, sizeof(*e));
	int err;

	if (!e)
		return -ENOMEM;
	e->attr = *attr;
	e->clock_fs = 1000000000ULL / s->machine.clock_mhz;
	err = sampler_event_ask(e, s);
	if (!err)
		err = build_views(e, s, w, nr);
	if (err) {
		sampler_event_free(e);
		return err;
	}
	*out = e;
	return 0;
}

void sampler_event_free(struct sampler_event *e)
{
	if (e)
		free(e->view);
	free(e);
}

void sampler_init(struct sampler *s, const struct sampler_event *e, u32 cpu)
{
	*s = (struct sampler){
		.event = e,
		.cpu = cpu,
		.pebs = e->pebs,
		.freq = { .freq = e->attr.sample_freq, .period = e->period },
	};
	perf_sw_init(&s->sw);
}

void sampler_reload(struct sampler *s, u32 luck)
{
	const struct sampler_event *e = s->event;
	u64 period = e->by_freq ? s->freq.period : e->period;

	if (e->by_clock && !e->by_freq) {
		s->left = e->period_ps;
		return;
	}
	if (e->unit == SAMPLER_IBS_OP) {
		/* The register has no room for the low four bits. */
		period &= ~0xfULL;
		period = period ? period : 0x10;
	}
	if (e->by_clock) {
		s->left = (unsigned __int128)period * e->clock_fs / 1000;
		return;
	}
	if (e->random_ops && period > e->random_ops)
		period -= 1 + luck_below(luck, e->random_ops);
	if (e->unit == SAMPLER_PEBS)
		period = intel_period(e->attr.precise_ip, period) + 1 +
			 (s->pebs.knobs.arm_max ? luck % s->pebs.knobs.arm_max :
						  0);
	s->left = period << SAMPLER_COUNT_SHIFT;
}
