// SPDX-License-Identifier: GPL-2.0
/*
 * A chunk's head and its checksum, CRC-32C, which no change of up to 32 bits in
 * a row gets past.  It covers the head as well as the payload; the head has one
 * of its own besides, so that the size in it is believed before as many bytes
 * are asked for.
 *
 *	 0	"DST" and the kind
 *	 4	CRC of bytes 8 to 47
 *	 8	CRC of the payload
 *	12	size of the payload
 *	16	records
 *	20	0
 *	24	records in the trace before these
 *	32	least time, ns
 *	40	greatest time
 */
#include <pthread.h>
#include <string.h>

#include "native.h"

const u8 native_magic[NATIVE_SZ_MAGIC] = { 0x89, 'D',  'S', 'T',
					   '\r', '\n', 26,  '\n' };

/* Reflected 0x1edc6f41, for eight bytes at a time. */
static u32 table[8][256];

static void make_table(void)
{
	u32 i, k, crc;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
		table[0][i] = crc;
	}
	for (i = 0; i < 256; i++)
		for (k = 1; k < 8; k++)
			table[k][i] = table[k - 1][i] >> 8 ^
				      table[0][table[k - 1][i] & 255];
}

#ifdef __x86_64__
/* The processor's own: the polynomial was taken for that. */
__attribute__((target("sse4.2"))) static u32 crc_sse42(u32 crc, const u8 *p,
						       size_t len)
{
	u64 wide = ~crc, word;

	for (; len >= 8; len -= 8, p += 8) {
		memcpy(&word, p, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = wide;
	while (len--)
		crc = __builtin_ia32_crc32qi(crc, *p++);
	return ~crc;
}
#endif

u32 native_crc(u32 crc, const void *p, size_t len)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return crc_sse42(crc, p, len);
#endif
	return native_crc_table(crc, p, len);
}

u32 native_crc_table(u32 crc, const void *data, size_t len)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const u8 *p = data;

	pthread_once(&once, make_table);
	crc = ~crc;
	for (; len >= 8; len -= 8, p += 8) {
		u64 word = native_le64(p) ^ crc;

		crc = table[7][word & 255] ^ table[6][word >> 8 & 255] ^
		      table[5][word >> 16 & 255] ^ table[4][word >> 24 & 255] ^
		      table[3][word >> 32 & 255] ^ table[2][word >> 40 & 255] ^
		      table[1][word >> 48 & 255] ^ table[0][word >> 56];
	}
	while (len--)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 255];
	return ~crc;
}

void native_put_chunk(u8 head[NATIVE_SZ_CHUNK],
		      const struct native_chunk *chunk, const u8 *payload)
{
	memset(head, 0, NATIVE_SZ_CHUNK);
	memcpy(head, "DST", 3);
	head[3] = chunk->kind;
	native_set_le32(head + 8, native_crc(0, payload, chunk->sz_payload));
	native_set_le32(head + 12, chunk->sz_payload);
	native_set_le32(head + 16, chunk->nr);
	native_set_le64(head + 24, chunk->seq);
	native_set_le64(head + 32, chunk->first_ns);
	native_set_le64(head + 40, chunk->last_ns);
	/* Over the kind as well: it stands for what the rest means. */
	native_set_le32(head + 4, native_crc(native_crc(0, head, 4), head + 8,
					     NATIVE_SZ_CHUNK - 8));
}

int native_get_chunk(struct native_chunk *chunk, const u8 head[NATIVE_SZ_CHUNK],
		     const u8 *payload, u64 offset, struct trace_error *err)
{
	u32 crc = native_crc(native_crc(0, head, 4), head + 8,
			     NATIVE_SZ_CHUNK - 8);

	if (memcmp(head, "DST", 3) || crc != native_le32(head + 4))
		return trace_fault(err, offset,
				   "found %02x %02x %02x %02x with checksum "
				   "%08x, expected a chunk's head (\"DST\") "
				   "with %08x",
				   head[0], head[1], head[2], head[3],
				   native_le32(head + 4), crc);
	*chunk = (struct native_chunk){
		.kind = head[3],
		.sz_payload = native_le32(head + 12),
		.nr = native_le32(head + 16),
		.seq = native_le64(head + 24),
		.first_ns = native_le64(head + 32),
		.last_ns = native_le64(head + 40),
	};
	if (chunk->sz_payload > NATIVE_SZ_PAYLOAD_MAX)
		return trace_fault(err, offset,
				   "found a chunk of %u bytes, expected at "
				   "most %u",
				   chunk->sz_payload, NATIVE_SZ_PAYLOAD_MAX);
	if (!payload)
		return 0;
	crc = native_crc(0, payload, chunk->sz_payload);
	if (crc != native_le32(head + 8))
		return trace_fault(err, offset,
				   "found a damaged chunk of %u bytes: its "
				   "checksum is %08x, expected %08x",
				   chunk->sz_payload, crc,
				   native_le32(head + 8));
	return 0;
}
