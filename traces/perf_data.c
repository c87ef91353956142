// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data: what perf record writes, into a file or a pipe, of either byte
 * order, compressed or not.
 *
 * Records come from the input's window or, while a compressed record lasts,
 * from the one that it unpacks to; they go to the order, and out when their
 * round has ended.  Nothing is kept but what waits for that.
 *
 * Not here: directories of several files (perf record --threads), which are
 * refused; aux data, which is passed over.
 */
#include <errno.h>
#include <stdlib.h>

#include "perf_data.h"

static const u8 magic_little[] = { 'P', 'E', 'R', 'F', 'I', 'L', 'E', '2' };
static const u8 magic_big[] = { '2', 'E', 'L', 'I', 'F', 'R', 'E', 'P' };

static bool perf_probe(const u8 *head, size_t len)
{
	return len >= 8 &&
	       (!memcmp(head, magic_little, 8) || !memcmp(head, magic_big, 8));
}

static int perf_open(struct trace_source *src, struct trace_error *err)
{
	struct input *in = &src->in;
	struct perf_data *pd;
	bool big = *in->cur == magic_big[0];
	int ret;

	if (input_left(in) < PERF_SZ_PIPE_HEADER)
		return trace_fault(err, input_left(in),
				   "found the end of the input, expected the "
				   "size of perf.data's header");
	pd = calloc(1, sizeof(*pd));
	if (!pd)
		return trace_system_fault(err, 0, "open", -ENOMEM);
	src->priv = pd;
	pd->src = src;
	pd->swap = big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	pd->pipe = get_u64(in->cur + PERF_FILE_SIZE, pd->swap) ==
		   PERF_SZ_PIPE_HEADER;
	pd->data_end = INPUT_NO_LIMIT;
	order_init(&pd->order, ORDER_NR_CHUNKS);
	src->info.format = pd->pipe ? "perf.data (pipe)" : "perf.data";
	src->info.byte_swapped = pd->swap;
	ret = pd->pipe ? perf_pipe_head(pd, err) : perf_file_head(pd, err);
	src->info.compressed = pd->compression;
	return ret;
}

/* Nothing follows: is that where the capture may end? */
static int at_end(struct perf_data *pd, size_t need, struct trace_error *err)
{
	struct input *in = &pd->src->in;
	size_t left = input_left(in);

	if (left)
		return trace_fault(
			err, input_offset(in),
			"found %zu bytes before the end of the data, "
			"expected a record of at least %zu",
			left, need);
	if (pd->data_end != INPUT_NO_LIMIT && in->end_offset < pd->data_end)
		return trace_fault(err, in->end_offset,
				   "found the end of the input, expected data "
				   "up to %llu",
				   pd->data_end);
	if (perf_zstd_rest(pd))
		return trace_fault(err, pd->record_offset,
				   "found %zu bytes of a record in the last "
				   "compressed ones, expected all of it",
				   perf_zstd_rest(pd));
	return 0;
}

/* Return: as perf_walk(), or 0 at the end. */
static int walk_input(struct perf_data *pd, struct trace_error *err)
{
	struct input *in = &pd->src->in;
	struct perf_span span = { .cur = in->cur, .end = in->end };
	size_t need;
	int ret, filled;

	ret = perf_walk(pd, &span, in->end_offset, &need, err);
	in->cur = span.cur;
	if (span.skip) {
		filled = input_skip(in, span.skip);
		if (!filled)
			return trace_fault(
				err, pd->record_offset,
				"found %llu bytes behind a record to "
				"pass over, expected the input to "
				"hold them",
				span.skip);
	} else if (ret == WALK_MORE) {
		filled = input_fill(in, need);
		if (!filled)
			return at_end(pd, need, err);
	} else {
		return ret;
	}
	if (filled < 0)
		return trace_system_fault(err, input_offset(in), "read",
					  filled);
	return ret;
}

/* Return: WALK_MORE if the input is to go on, or as perf_walk(). */
static int walk_packed(struct perf_data *pd, struct perf_span *span,
		       struct trace_error *err)
{
	size_t need;
	int ret;

	ret = perf_walk(pd, span, INPUT_NO_LIMIT, &need, err);
	if (ret != WALK_MORE)
		return ret;
	ret = perf_zstd_more(pd, err);
	return ret < 0 ? ret : WALK_MORE;
}

/* Return: 1 when the order has records to take, 0 at the end, -errno. */
static int step(struct perf_data *pd, struct trace_error *err)
{
	struct perf_span *packed;
	int ret;

	do {
		packed = perf_zstd_span(pd);
		ret = packed ? walk_packed(pd, packed, err) :
			       walk_input(pd, err);
	} while (ret == WALK_MORE || ret == WALK_PACKED);
	return ret == WALK_RELEASED ? 1 : ret;
}

static long perf_read(struct trace_source *src, struct trace_record *recs,
		      size_t nr, struct trace_error *err)
{
	struct perf_data *pd = src->priv;
	size_t done;
	int ret;

	for (;;) {
		done = order_take(&pd->order, recs, nr);
		src->counts.nr_late = pd->order.nr_late;
		if (done)
			return done;
		if (pd->ended)
			break;
		ret = step(pd, &pd->error);
		if (ret > 0)
			continue;
		pd->status = ret;
		pd->ended = true;
		order_release_all(&pd->order);
	}
	if (pd->status)
		*err = pd->error;
	return pd->status;
}

static void perf_close(struct trace_source *src)
{
	struct perf_data *pd = src->priv;

	if (!pd)
		return;
	perf_zstd_free(pd);
	order_fini(&pd->order);
	free(pd->ids.ids);
	free(pd->pmus);
	free(pd->layouts);
	free(src->info.events);
	free(pd);
}

const struct trace_ops perf_data_ops = {
	.name = "perf.data, file or pipe format (\"PERFILE2\")",
	.probe = perf_probe,
	.open = perf_open,
	.read = perf_read,
	.close = perf_close,
};
