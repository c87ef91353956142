// SPDX-License-Identifier: GPL-2.0
/*
 * A value put into a tree is read as if the file had it: replaced, added, in
 * maps and lists that are there or not; and what cannot be put is told with the
 * place that the caller gave.
 */
#include <errno.h>

#include "config/config_schema.h"
#include "test_config.h"

#define FILE_TEXT                                                    \
	"kdamonds:\n- contexts:\n  - ops: paddr\n    addr_unit: 1\n" \
	"    targets: []\n    schemes:\n    - action: stat\n"        \
	"    - action: cold\n"

static const struct config_node where = { .file = "--set 3" };

/* One setting after another; the text and what comes of it. */
static int read_with(const char *text, const char *const (*set)[2], u32 nr,
		     struct config *cfg, struct config_error *err)
{
	struct config_tree tree;
	int ret;
	u32 i;

	memset(cfg, 0, sizeof(*cfg));
	config_error_init(err, "file", NULL);
	ck_assert_int_eq(config_tree_init(&tree, text, strlen(text), err), 0);
	for (i = 0, ret = 0; i < nr && !ret; i++)
		ret = config_tree_set(&tree, &config_root_map, set[i][0],
				      set[i][1], &where, err);
	if (!ret)
		ret = config_read_map(&config_root_map, cfg, tree.root, err);
	config_tree_fini(&tree);
	if (ret)
		config_fini(cfg);
	return ret;
}

#define C "kdamonds.0.contexts.0."

START_TEST(puts_in)
{
	static const char *const set[][2] = {
		{ "profile", "D" },
		/* In place of another, and of null. */
		{ C "addr_unit", "8" },
		{ C "targets", "[{regions: [{start: 4096, end: 8192}]}]" },
		/* Into what the file has not. */
		{ C "intervals.sample_us", "1 ms" },
		{ C "intervals.aggr_us", "20 ms" },
		{ C "schemes.1.quotas.goals.0",
		  "{metric: user_input, target_value: 5}" },
		{ C "schemes.1.quotas.goals.1.metric", "node_mem_used_bp" },
		{ C "schemes.1.quotas.goals.1.nid", "1" },
		{ C "schemes.1.quotas.goals.1.target_value", "70 %" },
		/* Behind the last, and again. */
		{ C "schemes.2.action", "pageout" },
		{ C "schemes.2.action", "hugepage" },
		/* A whole entry in place of one. */
		{ C "schemes.0", "{action: willneed}" },
		/* What was put in is there for the next. */
		{ C "targets.0.regions.1", "{start: 12288, end: 16384}" },
		{ C "targets.0.obsolete", "" },
		{ C "targets.0.obsolete", "yes" },
	};
	struct config_error err;
	struct config cfg;
	const struct config_context *ctx;

	ck_assert_msg(!read_with(FILE_TEXT "    intervals: null\n", set,
				 sizeof(set) / sizeof(set[0]), &cfg, &err),
		      "%s: %s", err.file, err.text);
	ck_assert_int_eq(cfg.profile, CONFIG_PROFILE_D);
	ctx = cfg.kdamonds[0].contexts;
	ck_assert_int_eq(ctx->ops, CONFIG_OPS_PADDR);
	ck_assert_uint_eq(ctx->addr_unit, 8);
	ck_assert_uint_eq(ctx->intervals.sample_us, 1000);
	ck_assert_uint_eq(ctx->intervals.aggr_us, 20000);
	ck_assert_uint_eq(ctx->nr_targets, 1);
	ck_assert_uint_eq(ctx->targets[0].nr_regions, 2);
	ck_assert_uint_eq(ctx->targets[0].regions[1].end, 16384);
	ck_assert(ctx->targets[0].obsolete);
	ck_assert_uint_eq(ctx->nr_schemes, 3);
	ck_assert_int_eq(ctx->schemes[0].action, CONFIG_WILLNEED);
	ck_assert_int_eq(ctx->schemes[1].action, CONFIG_COLD);
	ck_assert_int_eq(ctx->schemes[2].action, CONFIG_HUGEPAGE);
	ck_assert_uint_eq(ctx->schemes[1].quotas.nr_goals, 2);
	ck_assert_uint_eq(ctx->schemes[1].quotas.goals[1].target_value, 7000);
	ck_assert_int_eq(ctx->schemes[1].quotas.goals[1].nid, 1);
	config_fini(&cfg);
}
END_TEST

/* clang-format off */
static const struct {
	const char *path;
	const char *value;
	const char *says;
} refused[] = {
	{ "", "1", "unknown key \"\" in the configuration" },
	{ "kdamond", "1", "unknown key \"kdamond\" in the configuration; "
	  "expected kdamonds?" },
	{ "kdamonds.", "1", "\"\" as an entry of kdamonds" },
	{ "kdamonds.x", "1", "\"x\" as an entry of kdamonds; expected an "
	  "index from 0 to 1" },
	{ "kdamonds.2", "1", "expected an index from 0 to 1" },
	{ "kdamonds.-1", "1", "expected an index from 0 to 1" },
	{ "kdamonds.max", "1", "expected an index from 0 to 1" },
	{ "kdamonds.00", "1", "expected an index from 0 to 1" },
	{ "kdamonds.99999999999999999999", "1", "expected an index" },
	{ C "ops.x", "1", "ops in a context has no keys" },
	{ C "nr_region.min", "1", "expected nr_regions?" },
	{ C "nr_regions.max.", "1", "has no keys" },
	{ C "nr_regionsnr_regionsnr_regionsnr_regionsnr_regionsnr_regions"
	  "nr_regions", "1", "unknown key" },
	/* 63 and 64 letters */
	{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg",
	  "1",
	  "unknown key" },
	{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg",
	  "1",
	  "unknown key" },
	{ C "schemes.0.action", "nothing", "\"nothing\" is not known" },
	{ C "addr_unit", "[1]", "is a list; expected a size" },
	{ C "addr_unit", "[1", "expected YAML or JSON" },
	{ C "addr_unit", " ", "empty; expected" },
	{ C "addr_unit", "*a", "an alias" },
	{ C "targets.0", "5", "targets in a context is a single value" },
	{ C "targets.0.pid", "-5", "expected a whole number above 0" },
};
/* clang-format on */

START_TEST(refuses)
{
	const char *const set[][2] = {
		{ refused[_i].path, refused[_i].value },
	};
	struct config_error err;
	struct config cfg;

	ck_assert_int_eq(read_with(FILE_TEXT, set, 1, &cfg, &err), -EINVAL);
	ck_assert_msg(strstr(err.text, refused[_i].says), "%s: %s",
		      refused[_i].path, err.text);
	ck_assert_msg(strstr(err.text, "expected"), "%s", err.text);
	ck_assert_str_eq(err.file, "--set 3");
	ck_assert_uint_eq(err.line, 0);
}
END_TEST

/* What the file has there is of another kind than the path goes through. */
START_TEST(wrong_way)
{
	static const char *const set[][2] = { { C "nr_regions.min", "4" } };
	static const char *const texts[] = {
		"kdamonds: 5\n",
		"kdamonds: [5]\n",
		"kdamonds: [{contexts: {}}]\n",
		"kdamonds: [{contexts: [{ops: paddr, nr_regions: []}]}]\n",
	};
	struct config_error err;
	struct config cfg;

	ck_assert_int_eq(read_with(texts[_i], set, 1, &cfg, &err), -EINVAL);
	ck_assert_msg(strstr(err.text, "leads through"), "%s", err.text);
	ck_assert_str_eq(err.file, "--set 3");
}
END_TEST

/* A fault of the file's own is still told with its line. */
START_TEST(file_fault)
{
	static const char *const set[][2] = { { C "nr_regions.min", "4" } };
	struct config_error err;
	struct config cfg;

	ck_assert_int_eq(read_with(FILE_TEXT "    pause: 7\n", set, 1, &cfg,
				   &err),
			 -EINVAL);
	ck_assert_str_eq(err.file, "file");
	ck_assert_uint_eq(err.line, 9);
}
END_TEST

/* clang-format off */
static const struct {
	enum config_dim dim;
	const char *text;
	u64 value;
	const char *why; /* or NULL */
} numbers[] = {
	{ CONFIG_DIM_NS, "90", 90, NULL },
	{ CONFIG_DIM_NS, "90 ns", 90, NULL },
	{ CONFIG_DIM_NS, "2.5 us", 2500, NULL },
	{ CONFIG_DIM_NS, "1 us 1 ns", 1001, NULL },
	{ CONFIG_DIM_NS, "0.5 ns", 0, "finer than a nanosecond" },
	{ CONFIG_DIM_NS, "1.0005 us", 0, "finer than a nanosecond" },
	{ CONFIG_DIM_PERCENT, "50 %", 50, NULL },
	{ CONFIG_DIM_PERCENT, "50", 50, NULL },
	{ CONFIG_DIM_PERCENT, "50.0 %", 50, NULL },
	{ CONFIG_DIM_PERCENT, "0.5 %", 0, "finer than 1 %" },
	{ CONFIG_DIM_PERCENT, "12.5 %", 0, "finer than 1 %" },
	{ CONFIG_DIM_PERCENT, "5 ms", 0, "no known unit" },
	{ CONFIG_DIM_MILLI, "0.99", 990, NULL },
	{ CONFIG_DIM_MILLI, "1", 1000, NULL },
	{ CONFIG_DIM_MILLI, "2.001", 2001, NULL },
	{ CONFIG_DIM_MILLI, "0.0005", 0, "finer than 0.001" },
	{ CONFIG_DIM_MILLI, "1 %", 0, "without a unit" },
	{ CONFIG_DIM_RATE, "36 GB/s", 36000000000, NULL },
	{ CONFIG_DIM_RATE, "36.5 GB/s", 36500000000, NULL },
	{ CONFIG_DIM_RATE, "1 GiB/s", 1073741824, NULL },
	{ CONFIG_DIM_RATE, "7", 7, NULL },
	{ CONFIG_DIM_RATE, "2 TB/s", 2000000000000, NULL },
	{ CONFIG_DIM_RATE, "1.0000000001 GB/s", 0, "finer than a byte" },
	{ CONFIG_DIM_RATE, "36 GB", 0, "no known unit" },
};
/* clang-format on */

START_TEST(dimensions)
{
	char text[CONFIG_SZ_NUMBER];
	const char *why = "";
	u64 value = 0;
	int ret;

	ret = config_number(numbers[_i].text, numbers[_i].dim, &value, &why);
	if (numbers[_i].why) {
		ck_assert_msg(ret == -EINVAL, "%s: %llu", numbers[_i].text,
			      value);
		ck_assert_msg(strstr(why, numbers[_i].why), "%s: %s",
			      numbers[_i].text, why);
		return;
	}
	ck_assert_msg(!ret, "%s: %s", numbers[_i].text, why);
	ck_assert_uint_eq(value, numbers[_i].value);
	config_format(text, sizeof(text), numbers[_i].dim, value);
	value = ~value;
	ck_assert_int_eq(config_number(text, numbers[_i].dim, &value, &why), 0);
	ck_assert_msg(value == numbers[_i].value, "%s: %s", numbers[_i].text,
		      text);
}
END_TEST

/* And as people write them. */
START_TEST(spellings)
{
	static const struct {
		enum config_dim dim;
		u64 value;
		const char *text;
	} spelt[] = {
		{ CONFIG_DIM_NS, 2500, "2 us 500 ns" },
		{ CONFIG_DIM_PERCENT, 75, "75 %" },
		{ CONFIG_DIM_MILLI, 990, "0.99" },
		{ CONFIG_DIM_MILLI, 1005, "1.005" },
		{ CONFIG_DIM_MILLI, 400, "0.4" },
		{ CONFIG_DIM_MILLI, 2000, "2" },
		{ CONFIG_DIM_RATE, 36000000000, "36 GB/s" },
		{ CONFIG_DIM_RATE, 36500000000, "36,500 MB/s" },
		{ CONFIG_DIM_RATE, 1001, "1,001 B/s" },
		{ CONFIG_DIM_RATE, 0, "0 B/s" },
	};
	char text[CONFIG_SZ_NUMBER];
	u32 i;

	for (i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		config_format(text, sizeof(text), spelt[i].dim, spelt[i].value);
		ck_assert_str_eq(text, spelt[i].text);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config set");
	TCase *tcase = tcase_create("all");

	tcase_add_test(tcase, puts_in);
	tcase_add_loop_test(tcase, refuses, 0,
			    sizeof(refused) / sizeof(refused[0]));
	tcase_add_loop_test(tcase, wrong_way, 0, 4);
	tcase_add_test(tcase, file_fault);
	tcase_add_loop_test(tcase, dimensions, 0,
			    sizeof(numbers) / sizeof(numbers[0]));
	tcase_add_test(tcase, spellings);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
