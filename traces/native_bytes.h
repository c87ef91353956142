/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A column of small symbols, each in a byte: one value, packed several to a
 * byte, as it is or by zstd, whichever is shortest.
 *
 * zstd spends a whole bit on a symbol at least; of a column of two or four
 * symbols several are put into one byte first, and it spends that on all of
 * them.
 *
 * Private to this folder.
 */
#ifndef NATIVE_BYTES_H
#define NATIVE_BYTES_H

#include "native_ints.h"

enum bytes_method {
	BYTES_CONST, /* all are the one byte that follows */
	BYTES_RAW,
	BYTES_ZSTD,
};

/*
 * @scratch has room for ZSTD_compressBound(@nr) + @nr bytes.
 */
void bytes_write(struct native_buf *buf, const u8 *symbols, size_t nr,
		 u8 *scratch, ZSTD_CCtx *zstd, int level);

/*
 * Read a column of at most @nr_max symbols to @room, which has 8 bytes more.
 * @constant: if not NULL, set if all are one symbol, which is put there once.
 * Return: 0 and how many in *@nr; -EBADMSG; -ENOMEM.
 */
int bytes_read(struct native_in *in, u8 *room, size_t nr_max, size_t *nr,
	       bool *constant, ZSTD_DCtx *zstd);

#endif
