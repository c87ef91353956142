// SPDX-License-Identifier: GPL-2.0
/*
 * The units of each dimension: damo's, and those that machines are told in.
 */
#include "config/config_dims.h"

#define US_NS 1000ull
#define MS_NS (1000 * US_NS)
#define S_NS (1000 * MS_NS)
#define MIN_NS (60 * S_NS)
#define HOUR_NS (60 * MIN_NS)
#define DAY_NS (24 * HOUR_NS)

/* clang-format off */
static const struct config_unit_worth size_units[] = {
	{ "B", 1 },
	{ "K", 1ull << 10 }, { "KB", 1ull << 10 }, { "KiB", 1ull << 10 },
	{ "M", 1ull << 20 }, { "MB", 1ull << 20 }, { "MiB", 1ull << 20 },
	{ "G", 1ull << 30 }, { "GB", 1ull << 30 }, { "GiB", 1ull << 30 },
	{ "T", 1ull << 40 }, { "TB", 1ull << 40 }, { "TiB", 1ull << 40 },
	{ "P", 1ull << 50 }, { "PB", 1ull << 50 }, { "PiB", 1ull << 50 },
	{ "E", 1ull << 60 }, { "EB", 1ull << 60 }, { "EiB", 1ull << 60 },
	{ 0 }
};

/* Largest first: the order in which they are written. */
const struct config_unit_worth config_time_units[] = {
	{ "d", DAY_NS }, { "h", HOUR_NS }, { "m", MIN_NS }, { "s", S_NS },
	{ "ms", MS_NS }, { "us", US_NS }, { "ns", 1 },
	{ 0 }
};

static const struct config_unit_worth no_units[] = { { 0 } };
static const struct config_unit_worth bp_units[] = { { "%", 100 }, { 0 } };
static const struct config_unit_worth permil_units[] = { { "%", 10 }, { 0 } };
static const struct config_unit_worth ppm_units[] = { { "%", 10000 }, { 0 } };
static const struct config_unit_worth percent_units[] = { { "%", 1 }, { 0 } };

/* Bandwidths are told in powers of ten; largest first. */
const struct config_unit_worth config_rate_units[] = {
	{ "TB/s", 1000000000000ull }, { "GB/s", 1000000000 },
	{ "MB/s", 1000000 }, { "kB/s", 1000 }, { "B/s", 1 },
	{ "GiB/s", 1ull << 30 }, { "MiB/s", 1ull << 20 },
	{ "KiB/s", 1ull << 10 },
	{ 0 }
};

const struct config_dim_units config_dims[CONFIG_NR_DIMS] = {
	[CONFIG_DIM_COUNT] = {
		no_units, 1, 1, false, false,
		"a whole number such as 10 or 1,000",
		"is less than 1",
		"is no whole number",
		false,
	},
	[CONFIG_DIM_BYTES] = {
		size_units, 1, 1, false, false,
		"a size such as 4096, 512M or 512.000 MiB",
		"is less than a byte",
		"has no known unit (B, K, M, G, T, P, E, with B or iB)",
		false,
	},
	[CONFIG_DIM_US] = {
		config_time_units, US_NS, US_NS, true, false,
		"a time such as 5 ms, 1s or 1 m 10.5 s",
		"is less than a microsecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
		false,
	},
	[CONFIG_DIM_MS] = {
		config_time_units, MS_NS, MS_NS, true, false,
		"a time such as 5 ms, 1s or 1 m 10.5 s",
		"is less than a millisecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
		false,
	},
	[CONFIG_DIM_BP] = {
		bp_units, 1, 1, false, false,
		"a share such as 4 % or 400 (of 10,000)",
		"is less than 0.01 %",
		"has no known unit (%)",
		false,
	},
	[CONFIG_DIM_PERMIL] = {
		permil_units, 1, 1, false, false,
		"a share such as 5 % or 50 (of 1,000)",
		"is less than 0.1 %",
		"has no known unit (%)",
		false,
	},
	[CONFIG_DIM_PPM] = {
		ppm_units, 10000, 1, false, true,
		"a share such as 5 %",
		"is less than 0.0001 %",
		"has no known unit (%)",
		false,
	},
	[CONFIG_DIM_NS] = {
		config_time_units, 1, 1, true, false,
		"a time such as 90 ns or 2.5 us",
		"is finer than a nanosecond",
		"has no known unit (ns, us, ms, s, m, h, d)",
		true,
	},
	[CONFIG_DIM_PERCENT] = {
		percent_units, 1, 1, false, false,
		"a share in whole per cent such as 50 % or 50",
		"is finer than 1 %",
		"has no known unit (%)",
		true,
	},
	[CONFIG_DIM_MILLI] = {
		no_units, 1000, 1, false, false,
		"a number such as 0.99",
		"is finer than 0.001",
		"is no number without a unit",
		true,
	},
	[CONFIG_DIM_RATE] = {
		config_rate_units, 1, 1, false, false,
		"bytes a second such as 36 GB/s or 512 MiB/s",
		"is finer than a byte a second",
		"has no known unit (B/s, kB/s, MB/s, GB/s, TB/s, KiB/s, "
		"MiB/s, GiB/s)",
		true,
	},
};
/* clang-format on */
