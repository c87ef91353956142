// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data as a sink: what perf script, perf report and perf mem read.
 *
 * What comes back from it is what went in, but for what the format has no place
 * for:
 *
 *   CPUs that went and came, changed events: not written, and counted
 *   samples that were late: the reader puts them back in order, within rounds
 *   a physical address of 0, a time of 0 or -1 of no sample: as not captured
 *   HW_VALID of another PMU than ibs_op: left out
 *   modes above GUEST_USER, an event's fields beside ours: left out
 *   through a pipe: see perf_write_kinds.c
 *
 * A file whose writer died is read up to what it had put, but for one of ibs_op
 * with HW_VALID: which PMU it was stands at the end, and nobody should guess.
 * Where a disk is full, the end is written over what is cut back.
 *
 * Not here: compression, aux data, what records do not know, like names of
 * files.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "perf_write.h"
#include "source.h"

#define SZ_PIDS ((1u << 22) / 8)

static int no_memory(struct trace_sink *sink, struct trace_error *err)
{
	trace_fault(err, sink->sz_saved,
		    "out of memory; saved are %llu records in %llu bytes",
		    sink->nr_saved, sink->sz_saved);
	return -ENOMEM;
}

static int flush(struct perf_writer *w, struct trace_error *err)
{
	int ret = sink_put(w->sink, w->buf, w->len, err);

	w->len = 0;
	if (ret)
		return ret;
	w->sink->sz_saved = w->sink->offset;
	w->sink->nr_saved = w->nr_put;
	return w->pipe || !w->head_done ? 0 : pw_put_size(w, err);
}

int pw_room(struct perf_writer *w, size_t len, struct trace_error *err)
{
	return len <= PW_SZ_BUF - w->len ? 0 : flush(w, err);
}

static int perf_sink_open(struct trace_sink *sink, struct trace_error *err)
{
	struct perf_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return no_memory(sink, err);
	sink->priv = w;
	w->sink = sink;
	w->pipe = !sink->seekable;
	w->first_ns = ~0ull;
	w->pids = calloc(1, SZ_PIDS);
	return w->pids ? 0 : no_memory(sink, err);
}

/* Only with the first records is it known which events there are. */
static int begin(struct perf_writer *w, const struct trace_record *recs,
		 size_t nr, struct trace_error *err)
{
	u32 nr_events = w->sink->info->nr_events;
	int ret;

	if (w->head_done)
		return pw_declare(w, recs, nr, err);
	w->max_kinds = nr_events <= 1 ? PW_NR_KINDS_EVENT : PW_NR_KINDS_MAX;
	w->kinds = calloc(w->max_kinds, sizeof(*w->kinds));
	if (!w->kinds)
		return no_memory(w->sink, err);
	ret = pw_declare(w, recs, nr, err);
	return ret ? ret : pw_head(w, err);
}

static int perf_sink_write(struct trace_sink *sink,
			   const struct trace_record *recs, size_t nr,
			   struct trace_error *err)
{
	struct perf_writer *w = sink->priv;
	int ret = begin(w, recs, nr, err);

	for (; nr && !ret; nr--, recs++)
		ret = pw_record(w, recs, err);
	/* Whoever reads a stream waits for it. */
	return ret || !w->pipe ? ret : flush(w, err);
}

/* After a failure, which cut the file back to what is saved. */
static void end_what_is_saved(struct perf_writer *w)
{
	struct trace_sink *sink = w->sink;
	struct trace_error unsaid;

	if (!w->head_done || w->pipe || !sink->seekable ||
	    lseek(sink->fd, (off_t)sink->sz_saved, SEEK_SET) < 0)
		return;
	sink->offset = sink->sz_saved;
	pw_end(w, &unsaid);
}

static int perf_sink_close(struct trace_sink *sink, struct trace_error *err)
{
	struct perf_writer *w = sink->priv;
	int ret = sink->err;

	if (!w)
		return ret;
	if (ret)
		end_what_is_saved(w);
	else
		ret = begin(w, NULL, 0, err);
	if (!ret)
		ret = pw_round(w, err);
	if (!ret)
		ret = flush(w, err);
	if (!ret && !w->pipe)
		ret = pw_end(w, err);
	if (!ret)
		sink->sz_saved = sink->offset;
	free(w->kinds);
	free(w->pids);
	free(w);
	return ret;
}

const struct sink_ops perf_data_sink_ops = {
	.name = "perf.data",
	.suffix = ".data",
	.open = perf_sink_open,
	.write = perf_sink_write,
	.close = perf_sink_close,
};
