// SPDX-License-Identifier: GPL-2.0
/*
 * A configuration drawn at random, printed as JSON, is JSON, and means what its
 * YAML means; what YAML says of types, JSON says too.
 */
#include <errno.h>
#include <json-c/json.h>

#include "report/config_json.h"
#include "test_config.h"
#include "test_config_draw.h"

static char *json_whole(const struct config *cfg, size_t *sz)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, sz);

	ck_assert(file);
	ck_assert_int_eq(config_json(file, cfg), 0);
	fclose(file);
	return text;
}

START_TEST(means_the_same)
{
	struct config cfg, again;
	struct config_error err;
	char *yaml, *json, *text;
	struct json_object *o;
	size_t sz;
	u32 i;

	for (i = 0; i < 50; i++) {
		draw_seed(_i, i);
		draw_config(&cfg);
		yaml = print_whole(&cfg, &sz);
		json = json_whole(&cfg, &sz);
		o = json_tokener_parse(json);
		ck_assert_msg(o, "%s", json);
		json_object_put(o);
		ck_assert_msg(!config_parse(&again, json, sz, "json", &err),
			      "%s in %s", err.text, json);
		text = print_whole(&again, &sz);
		ck_assert_str_eq(text, yaml);
		free(text);
		free(json);
		free(yaml);
		config_fini(&again);
		config_fini(&cfg);
	}
}
END_TEST

/* Quotes make a text of what would be a number, a truth or nothing. */
START_TEST(keeps_types)
{
	static const char text[] =
		"kdamonds: [{contexts: [{ops: paddr, pause: true, schemes: "
		"[{action: stat, filters: [{filter_type: memcg, memcg_path: "
		"'true'}, {filter_type: memcg, memcg_path: 'null'}, "
		"{filter_type: memcg, memcg_path: '12'}]}]}]}]\n";
	struct config_error err;
	struct config cfg;
	size_t sz;
	char *json;

	ck_assert_msg(!config_parse(&cfg, text, sizeof(text) - 1, "", &err),
		      "%s", err.text);
	json = json_whole(&cfg, &sz);
	ck_assert_ptr_nonnull(strstr(json, "\"pause\":true"));
	ck_assert_ptr_nonnull(strstr(json, "\"pid\":null"));
	ck_assert_ptr_nonnull(strstr(json, "\"refresh_ms\":0"));
	ck_assert_ptr_nonnull(strstr(json, "\"state\":\"off\""));
	ck_assert_ptr_nonnull(strstr(json, "\"memcg_path\":\"true\""));
	ck_assert_ptr_nonnull(strstr(json, "\"memcg_path\":\"null\""));
	ck_assert_ptr_nonnull(strstr(json, "\"memcg_path\":\"12\""));
	free(json);
	config_fini(&cfg);
}
END_TEST

/* A disk that takes nothing is told of. */
START_TEST(full)
{
	static const char text[] = "kdamonds: [{contexts: [{ops: paddr}]}]\n";
	FILE *file = fopen("/dev/full", "we");
	struct config_error err;
	struct config cfg;

	ck_assert_ptr_nonnull(file);
	ck_assert(!config_parse(&cfg, text, sizeof(text) - 1, "", &err));
	ck_assert_int_eq(config_json(file, &cfg), -EIO);
	fclose(file);
	config_fini(&cfg);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config json");
	TCase *tcase = tcase_create("config json");

	tcase_add_loop_test(tcase, means_the_same, 0, 10);
	tcase_add_test(tcase, keeps_types);
	tcase_add_test(tcase, full);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
