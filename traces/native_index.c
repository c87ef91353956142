// SPDX-License-Identifier: GPL-2.0
/* Where the blocks are: the chunk at the end of a trace. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "native.h"

int native_index_add(struct native_index *index, const struct native_row *row)
{
	struct native_row *grown;
	size_t max = index->max ? 2 * index->max : 64;

	if (index->nr == index->max) {
		grown = realloc(index->rows, max * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		index->rows = grown;
		index->max = max;
	}
	index->rows[index->nr++] = *row;
	return 0;
}

void native_put_index(struct native_buf *buf, const struct native_index *index)
{
	u64 offset = 0;
	size_t i;

	native_put_varint(buf, index->nr);
	for (i = 0; i < index->nr; i++) {
		const struct native_row *row = &index->rows[i];

		native_put_varint(buf, row->offset - offset);
		native_put_varint(buf, (u64)row->nr << 1 | row->key);
		native_put_varint(buf, row->first_ns);
		native_put_varint(buf, row->last_ns - row->first_ns);
		offset = row->offset;
	}
}

int native_get_index(struct native_in *in, struct native_index *index)
{
	u64 nr = native_get_varint(in), offset = 0, value;
	struct native_row row;

	while (nr-- && !in->failed) {
		offset += native_get_varint(in);
		row.offset = offset;
		value = native_get_varint(in);
		row.nr = value >> 1;
		row.key = value & 1;
		row.first_ns = native_get_varint(in);
		row.last_ns = row.first_ns + native_get_varint(in);
		if (value >> 1 > NATIVE_NR_RECORDS)
			return -EBADMSG;
		if (!in->failed && native_index_add(index, &row))
			return -ENOMEM;
	}
	return in->failed || in->cur != in->end ? -EBADMSG : 0;
}
