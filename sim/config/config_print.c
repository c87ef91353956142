// SPDX-License-Identifier: GPL-2.0
/*
 * A configuration as damo would write it, by the tables that read it.
 *
 * Exactness comes first: where damo rounds to three digits, the same amount
 * stands here in smaller units, which damo reads as well.  What another reader
 * of YAML could take for something else (a comma in a number, off, N) is in
 * quotes.
 */
#include <errno.h>
#include <string.h>

#include "config/config_schema.h"

static void print_map(FILE *file, const struct config_map *map, const void *obj,
		      u32 indent);

static const void *field(const void *obj, u32 offset)
{
	return (const char *)obj + offset;
}

static void print_number(FILE *file, const struct config_key *key, u64 value)
{
	bool is_time = key->dim == CONFIG_DIM_US || key->dim == CONFIG_DIM_MS;
	enum config_dim dim = key->dim;
	char text[CONFIG_SZ_NUMBER];

	if (key->flags & CONFIG_HEX) {
		fprintf(file, "0x%llx", value);
		return;
	}
	if (key->flags & CONFIG_BARE) {
		fprintf(file, "%llu", value);
		return;
	}
	/* The longest time of a key is below the largest number. */
	if (is_time && value == config_key_max(key))
		value = CONFIG_NO_BOUND;
	if (key->flags & CONFIG_COUNTS)
		dim = CONFIG_DIM_COUNT;
	config_format(text, sizeof(text), dim, value);
	fprintf(file, dim == CONFIG_DIM_COUNT ? "'%s'" : "%s", text);
}

static void print_id(FILE *file, const struct config_key *key, const void *obj)
{
	s32 value = (s32)config_get(obj, key);

	if (value == CONFIG_NO_ID)
		fputs("null", file);
	else
		fprintf(file, "%d", value);
}

/* In single quotes, where only they have a meaning. */
static void print_text(FILE *file, const char *text)
{
	if (!text) {
		fputs("null", file);
		return;
	}
	fputc('\'', file);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', file);
		fputc(*text, file);
	}
	fputc('\'', file);
}

static void print_bound(FILE *file, const struct config_key *key,
			const void *obj)
{
	const struct config_bound *bound = key->bound;
	enum config_unit unit;
	u64 value = config_get(obj, key);
	char text[CONFIG_SZ_NUMBER];

	memcpy(&unit, field(obj, key->offset_nr), sizeof(unit));
	if (unit != bound->word_unit) {
		config_format(text, sizeof(text), bound->dim, value);
		fputs(text, file);
		return;
	}
	/* damo takes "max" for a number without a unit here. */
	if (value == CONFIG_NO_BOUND)
		snprintf(text, sizeof(text), "%llu", value);
	else
		config_format(text, sizeof(text), CONFIG_DIM_COUNT, value);
	fprintf(file, "%s %s", text, bound->word);
}

static void print_pair(FILE *file, enum config_dim dim,
		       const struct config_range *range)
{
	char min[CONFIG_SZ_NUMBER];
	char max[CONFIG_SZ_NUMBER];

	if (!range->max) {
		fputs("null", file);
		return;
	}
	config_format(min, sizeof(min), dim, range->min);
	config_format(max, sizeof(max), dim, range->max);
	fprintf(file, "['%s', '%s']", min, max);
}

static bool is_zero(const void *obj, size_t sz)
{
	const char *p = obj;

	while (sz && !p[sz - 1])
		sz--;
	return !sz;
}

/* As damo indents: an entry's dash stands below the first letter of its key. */
static void print_list(FILE *file, const struct config_key *key,
		       const void *obj, u32 indent)
{
	const char *entry;
	u32 nr;

	entry = config_get_list(obj, key, &nr);
	if (!nr) {
		fputs(" []\n", file);
		return;
	}
	fputc('\n', file);
	for (; nr; nr--, entry += key->map->sz) {
		fprintf(file, "%*s- ", indent, "");
		print_map(file, key->map, entry, indent + 2);
	}
}

static void print_value(FILE *file, const struct config_key *key,
			const void *obj)
{
	const char *word;

	switch (key->kind) {
	case CONFIG_NUMBER:
		print_number(file, key, config_get(obj, key));
		break;
	case CONFIG_ID:
		print_id(file, key, obj);
		break;
	case CONFIG_BOOL:
		fputs(config_get(obj, key) ? "true" : "false", file);
		break;
	case CONFIG_WORD:
		word = key->words[config_get(obj, key)];
		/* One letter, on and off: a bool to YAML before 1.2. */
		fprintf(file, strlen(word) < 4 ? "'%s'" : "%s", word);
		break;
	case CONFIG_TEXT:
		print_text(file, *(char *const *)field(obj, key->offset));
		break;
	case CONFIG_BOUND:
		print_bound(file, key, obj);
		break;
	case CONFIG_SZ_PAIR:
		print_pair(file, CONFIG_DIM_BYTES, field(obj, key->offset));
		break;
	case CONFIG_NR_PAIR:
		print_pair(file, CONFIG_DIM_COUNT, field(obj, key->offset));
		break;
	default:
		fputs("null", file);
		break;
	}
}

/* The cursor stands where the first key goes; the others go below it. */
static void print_map(FILE *file, const struct config_map *map, const void *obj,
		      u32 indent)
{
	const struct config_key *key;
	const void *inner;

	for (key = map->keys; key->name; key++) {
		if (key != map->keys)
			fprintf(file, "%*s", indent, "");
		fprintf(file, "%s:", key->name);
		inner = field(obj, key->offset);
		if (key->kind == CONFIG_LIST) {
			print_list(file, key, obj, indent);
		} else if (key->kind == CONFIG_MAP &&
			   !(key->flags & CONFIG_NULLABLE &&
			     is_zero(inner, key->map->sz))) {
			fprintf(file, "\n%*s", indent + 2, "");
			print_map(file, key->map, inner, indent + 2);
		} else {
			fputc(' ', file);
			print_value(file, key, obj);
			fputc('\n', file);
		}
	}
}

int config_print(FILE *file, const struct config *cfg)
{
	print_map(file, &config_root_map, cfg, 0);
	return fflush(file) || ferror(file) ? -EIO : 0;
}
