// SPDX-License-Identifier: GPL-2.0
/*
 * The largest ring there may be is a ring: its memory is one small file mapped
 * over and over, so that 1.5 GiB of addresses cost next to nothing.
 *
 * Slots lie upon each other there, so what is in them means nothing; that none
 * is asked for behind the last one is seen by where the mapping ends.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <damon/ring.h>

#define PIECE_SZ (8UL << 20)

int main(void)
{
	u32 capacity = DAMON_RING_CAPACITY_MAX;
	size_t sz = damon_ring_size(capacity), at;
	int fd = memfd_create("ring", 0), err;
	char *memory;

	if (fd < 0 || ftruncate(fd, PIECE_SZ))
		return 2;
	/* One piece more, which nobody may touch. */
	sz = (sz + PIECE_SZ - 1) / PIECE_SZ * PIECE_SZ;
	memory = mmap(NULL, sz + PIECE_SZ, PROT_NONE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return 2;
	for (at = 0; at < sz; at += PIECE_SZ)
		if (mmap(memory + at, PIECE_SZ, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED)
			return 2;
	err = damon_ring_init((struct damon_ring *)memory, capacity);
	if (err) {
		printf("prop_capacity: %u slots are refused\n", capacity);
		return 1;
	}
	printf("prop_capacity: %u slots in %zu bytes\n", capacity, sz);
	return 0;
}
