// SPDX-License-Identifier: GPL-2.0
/*
 * A node's memory under load, see tier.h.
 *
 * From the knee k on lines queue for one server, which is free for them in the
 * part 1 - k of the time: a line takes latency * (1 - k) / (1 - busy).  That is
 * the idle latency at the knee, and with a knee of 75% twice that at 87.5% and
 * four times at 94%.  Reads and writes are busy with the same server.
 *
 * Threads that wait for lines ask for fewer when these take longer: what they
 * would ask for at another latency is busy * latency / other.  With that the
 * latency at which both agree has a closed form,
 *	next = busy * latency + (1 - k) * idle,
 * and so there is no swinging between too much and too little.  For threads
 * that ask for the same whatever it takes it has the same end, in more steps.
 * The latency moves half of the way; all of it if more was asked for than there
 * is, so that from the next step on each thread has its share of what there is:
 * as many times less as too much was asked for.
 *
 * Sources.  DRAM: idle 111 to 114 ns on Sapphire Rapids and Emerald Rapids,
 * with eight channels of DDR5 218 to 250 GB/s measured; knee at 75 to 80% of
 * the peak, beyond it two to four times the idle latency.  CXL: a card of type
 * 3 at 200 to 270 ns, 140 to 410 ns over all cards measured (Melody, ASPLOS
 * 2025; arXiv 2405.14209); eight lanes of the fifth generation deliver 20 to 30
 * GB/s.  Values stand in the middle.  That writes go at the rate of reads, and
 * that a card's knee is where that of DRAM is, are assumptions.
 */
#include <assert.h>

#include <linux/errno.h>

#include "tier.h"

#define LINE_BYTES 64
#define NS_PER_S 1000000000ull
#define PS_PER_S 1000000000000ull
#define PPM 1000000ull

/* A second for a line: longer is no memory, and products stay in 64 bits. */
#define LOADED_MAX_PS PS_PER_S

const struct tier_spec tier_dram = {
	.latency_ps = 112000,
	.read_bytes_per_s = 234000000000ull,
	.write_bytes_per_s = 234000000000ull,
	.knee_pct = 75,
};

const struct tier_spec tier_cxl = {
	.latency_ps = 235000,
	.read_bytes_per_s = 25000000000ull,
	.write_bytes_per_s = 25000000000ull,
	.knee_pct = 75,
};

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

/* a * b / c, as much as there is if that is too much. */
static u64 mul_div(u64 a, u64 b, u64 c)
{
	unsigned __int128 product = (unsigned __int128)a * b / c;

	return product > ~0ull ? ~0ull : product;
}

int tier_init(struct tier *t, const struct tier_spec *spec)
{
	if (!spec->latency_ps || !spec->read_bytes_per_s ||
	    !spec->write_bytes_per_s || !spec->knee_pct ||
	    spec->knee_pct > 100 || spec->latency_ps > LOADED_MAX_PS)
		return -EINVAL;
	*t = (struct tier){ .spec = *spec, .loaded_ps = spec->latency_ps };
	return 0;
}

/* Share of @ns in which the server was busy, saturating. */
static u64 busy_ppm(u64 bytes, u64 bytes_per_s, u64 ns)
{
	u64 could = mul_div(bytes_per_s, ns, NS_PER_S);

	return min_u64(mul_div(bytes, PPM, could ? could : 1), ~0u);
}

void tier_step(struct tier *t, u64 read_bytes, u64 write_bytes, u64 ns)
{
	const struct tier_spec *spec = &t->spec;
	u64 busy, next;

	busy = busy_ppm(read_bytes, spec->read_bytes_per_s, ns) +
	       busy_ppm(write_bytes, spec->write_bytes_per_s, ns);
	t->busy_ppm = min_u64(busy, ~0u);
	next = mul_div(t->busy_ppm, t->loaded_ps, PPM) +
	       (100 - spec->knee_pct) * spec->latency_ps / 100;
	if (next < spec->latency_ps)
		next = spec->latency_ps;
	if (t->busy_ppm <= PPM) {
		/* Away from 0, or the last picosecond would never be gone. */
		next = next < t->loaded_ps ?
			       t->loaded_ps - (t->loaded_ps - next + 1) / 2 :
			       t->loaded_ps + (next - t->loaded_ps + 1) / 2;
	}
	t->loaded_ps = min_u64(next, LOADED_MAX_PS);
}

static u64 time_ps(const struct tier *t, u64 bytes, u64 bytes_per_s,
		   u32 mlp_x16)
{
	u64 waits, flows;

	assert(mlp_x16 >= 16);
	waits = mul_div(bytes, t->loaded_ps * 16, LINE_BYTES * (u64)mlp_x16);
	/* Alone it has no more than all. */
	flows = mul_div(bytes, PS_PER_S, bytes_per_s);
	return waits > flows ? waits : flows;
}

u64 tier_read_ps(const struct tier *t, u64 bytes, u32 mlp_x16)
{
	return time_ps(t, bytes, t->spec.read_bytes_per_s, mlp_x16);
}

u64 tier_write_ps(const struct tier *t, u64 bytes, u32 mlp_x16)
{
	return time_ps(t, bytes, t->spec.write_bytes_per_s, mlp_x16);
}
