// SPDX-License-Identifier: GPL-2.0
/*
 * docs/SCENARIO.md has each key of the tables in a row of its section, with
 * what it takes and its default, in the tables' order, and no other; so it has
 * each kind of fault with its keys.  With --print the rows as they must begin.
 */
#include "run/scenario_schema.h"
#include "test_scenario.h"

#define DOC "docs/SCENARIO.md"

static void put_number(FILE *f, const struct config_key *key)
{
	static const char *const nouns[] = {
		[CONFIG_DIM_COUNT] = "number",
		[CONFIG_DIM_BYTES] = "size",
		[CONFIG_DIM_US] = "time",
		[CONFIG_DIM_MS] = "time",
		[CONFIG_DIM_PPM] = "share",
		[CONFIG_DIM_NS] = "time",
		[CONFIG_DIM_PERCENT] = "share",
		[CONFIG_DIM_MILLI] = "number",
		[CONFIG_DIM_RATE] = "bytes a second",
	};
	char text[CONFIG_SZ_NUMBER];

	fputs(nouns[key->dim], f);
	if (key->min) {
		config_format(text, sizeof(text), key->dim, key->min);
		fprintf(f, ", from %s", text);
	}
	/* The longest time there is bounds nobody. */
	if (key->max && key->max != CONFIG_NO_BOUND / 1000) {
		config_format(text, sizeof(text), key->dim, key->max);
		fprintf(f, ", to %s", text);
	}
}

static void put_takes(FILE *f, const struct config_key *key)
{
	u32 i;

	switch (key->kind) {
	case CONFIG_NUMBER:
		put_number(f, key);
		break;
	case CONFIG_ID:
		fputs("number or null", f);
		break;
	case CONFIG_BOOL:
		fputs("on, off", f);
		break;
	case CONFIG_WORD:
		for (i = 0; key->words[i]; i++)
			fprintf(f, "%s%s", i ? ", " : "", key->words[i]);
		break;
	case CONFIG_TEXT:
		fputs("text", f);
		break;
	case CONFIG_LIST:
		fputs("list", f);
		if (key->max)
			fprintf(f, ", to %llu", key->max);
		break;
	default:
		fputs("mapping", f);
		break;
	}
}

static void put_default(FILE *f, const struct config_key *key)
{
	char text[CONFIG_SZ_NUMBER];
	u32 i;

	if (key->flags & CONFIG_REQUIRED) {
		fputs("required", f);
	} else if (key->kind == CONFIG_NUMBER && key->def != CONFIG_NO_BOUND &&
		   key->def >= key->min) {
		config_format(text, sizeof(text), key->dim, key->def);
		fputs(text, f);
	} else if (key->kind == CONFIG_BOOL) {
		fputs(key->def ? "on" : "off", f);
	} else if (key->kind == CONFIG_WORD) {
		for (i = 0; key->values && key->values[i] != key->def; i++)
			;
		fputs(key->words[key->values ? i : key->def], f);
	} else {
		fputs("-", f);
	}
}

static bool is_ours(const struct config_key *key)
{
	return key->map && key->map != &config_kdamond_map &&
	       !(key->flags & CONFIG_PLAIN);
}

/* A section for the map, then those of what is in it. */
static void put_map(FILE *f, const struct config_map *map)
{
	const struct config_key *key;

	fprintf(f, "## %c%s\n", map->what[0] - 'a' + 'A', map->what + 1);
	for (key = map->keys; key->name; key++) {
		fprintf(f, "| `%s` | ", key->name);
		put_takes(f, key);
		fputs(" | ", f);
		put_default(f, key);
		fputs(" |\n", f);
	}
	for (key = map->keys; key->name; key++) {
		if (is_ours(key))
			put_map(f, key->map);
	}
}

static void put_faults(FILE *f)
{
	static const struct {
		u32 bit;
		const char *key;
	} keys[] = {
		{ SCENARIO_HAS_EVERY, "every" },
		{ SCENARIO_HAS_FOR, "for" },
		{ SCENARIO_HAS_CPU, "cpu" },
		{ SCENARIO_HAS_PROBABILITY, "probability" },
		{ SCENARIO_HAS_RATE, "rate" },
		{ SCENARIO_HAS_VALUE, "value" },
		{ SCENARIO_HAS_ERROR, "error" },
		{ SCENARIO_HAS_SET, "set" },
	};
	u32 kind, i, nr;

	fputs("## Kinds of faults\n", f);
	for (kind = 0; kind <= SCENARIO_FAULT_LATE_WAKEUP; kind++) {
		const struct scenario_fault_rule *rule =
			&scenario_fault_rules[kind];

		fprintf(f, "| `%s` | ", scenario_fault_name(kind));
		for (i = 0, nr = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (rule->has & keys[i].bit)
				fprintf(f, "%s%s%s", nr++ ? ", " : "",
					keys[i].key,
					rule->needs & keys[i].bit ? "!" : "");
		}
		fputs(" |\n", f);
	}
}

static char *expected(void)
{
	char *text = NULL;
	size_t sz;
	FILE *f = open_memstream(&text, &sz);

	put_map(f, &scenario_root_map);
	put_faults(f);
	fclose(f);
	return text;
}

/* The next line that is a heading or a row of a key. */
static bool next_line(FILE *f, char *line, size_t sz)
{
	while (fgets(line, sz, f)) {
		if (!strcmp(line, "## Overrides\n") ||
		    !strcmp(line, "## Software events\n") ||
		    !strcmp(line, "## Presets\n"))
			continue;
		if (!strncmp(line, "## ", 3) || !strncmp(line, "| `", 3))
			return true;
	}
	return false;
}

START_TEST(every_key)
{
	FILE *doc = fopen(DOC, "r");
	char *text = expected();
	char *want, *save = NULL;
	char line[1024];

	ck_assert_ptr_nonnull(doc);
	for (want = strtok_r(text, "\n", &save); want;
	     want = strtok_r(NULL, "\n", &save)) {
		ck_assert_msg(next_line(doc, line, sizeof(line)), "no \"%s\"",
			      want);
		ck_assert_msg(!strncmp(line, want, strlen(want)),
			      "%s in place of %s", line, want);
		/* And says what it is. */
		if (line[0] == '|')
			ck_assert_msg(strlen(line) > strlen(want) + 5, "%s",
				      line);
	}
	ck_assert_msg(!next_line(doc, line, sizeof(line)), "also %s", line);
	fclose(doc);
	free(text);
}
END_TEST

static int print(void)
{
	char *text = expected();

	fputs(text, stdout);
	free(text);
	return 0;
}

int main(int argc, char **argv)
{
	Suite *suite;
	TCase *tcase;

	if (argc > 1)
		return print();
	suite = suite_create("scenario doc");
	tcase = tcase_create("all");
	tcase_add_test(tcase, every_key);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
