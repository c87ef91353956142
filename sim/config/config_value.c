// SPDX-License-Identifier: GPL-2.0
/*
 * One value of a file into one field of a struct, by its key's entry.
 *
 * Every refusal names the key, what stands there, and what could: the reader
 * of the message has the file open, not this program's documentation.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_schema.h"

/* Longer than any path that the kernel takes. */
#define MAX_TEXT 4096

/* A number before its word; the longest has 26 characters. */
#define MAX_AMOUNT 64

static void *field(void *obj, u32 offset)
{
	return (char *)obj + offset;
}

void config_add_text(struct config_error *err, const char *text)
{
	size_t sz = strlen(err->text);

	snprintf(err->text + sz, sizeof(err->text) - sz, "%s", text);
}

int config_wrong_kind(const struct config_map *map,
		      const struct config_key *key,
		      const struct config_node *node, const char *expected,
		      struct config_error *err)
{
	return config_fault(err, node, "%s in %s is %s; expected %s", key->name,
			    map->what, config_node_noun(node), expected);
}

static int bad_value(const struct config_map *map, const struct config_key *key,
		     const struct config_node *node, const char *why,
		     const char *expected, struct config_error *err)
{
	struct config_quote quote;

	return config_fault(err, node, "%s in %s: \"%s\" %s; expected %s",
			    key->name, map->what,
			    config_quote(&quote, node->text), why, expected);
}

static int out_of_bounds(const struct config_map *map,
			 const struct config_key *key,
			 const struct config_node *node, enum config_dim dim,
			 bool low, struct config_error *err)
{
	char bound[CONFIG_SZ_NUMBER];
	char expected[CONFIG_SZ_NUMBER + 16];

	config_format(bound, sizeof(bound), dim,
		      low ? key->min : config_key_max(key));
	snprintf(expected, sizeof(expected), "at %s %s", low ? "least" : "most",
		 bound);
	return bad_value(map, key, node, low ? "is too small" : "is too large",
			 expected, err);
}

static int read_number(const struct config_map *map,
		       const struct config_key *key, void *obj,
		       const struct config_node *node, struct config_error *err)
{
	enum config_dim dim = key->dim_of ? key->dim_of(obj) : key->dim;
	const char *expected = config_dim_example(dim);
	const char *why;
	u64 value;

	if (node->kind != CONFIG_NODE_SCALAR || config_node_is_null(node))
		return config_wrong_kind(map, key, node, expected, err);
	if (config_number(node->text, dim, &value, &why))
		return bad_value(map, key, node, why, expected, err);
	if (value == CONFIG_NO_BOUND)
		value = config_key_max(key);
	/* The default stays in its place if more faults are looked for. */
	if (value < key->min)
		return config_keep(err, out_of_bounds(map, key, node, dim, true,
						      err));
	if (value > config_key_max(key))
		return config_keep(err, out_of_bounds(map, key, node, dim,
						      false, err));
	config_set(obj, key, value);
	return 0;
}

static int read_id(const struct config_map *map, const struct config_key *key,
		   void *obj, const struct config_node *node,
		   struct config_error *err)
{
	const char *expected = key->min ? "a whole number above 0, or null" :
					  "a whole number from 0, or null";
	const char *why = "is out of range";
	s64 value;

	if (node->kind != CONFIG_NODE_SCALAR)
		return config_wrong_kind(map, key, node, expected, err);
	if (config_node_is_null(node))
		return 0;
	if (config_integer(node->text, &value, &why))
		return bad_value(map, key, node, why, expected, err);
	if (value == CONFIG_NO_ID)
		return 0;
	if (value < (s64)key->min || value > INT_MAX)
		return bad_value(map, key, node, why, expected, err);
	config_set(obj, key, (u32)value);
	return 0;
}

static int read_bool(const struct config_map *map, const struct config_key *key,
		     void *obj, const struct config_node *node,
		     struct config_error *err)
{
	static const char *const words[] = {
		"false", "true", "no", "yes", "n", "y", "off", "on", "0", "1"
	};
	u32 i;

	if (node->kind != CONFIG_NODE_SCALAR || config_node_is_null(node))
		return config_wrong_kind(map, key, node, "true or false", err);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcasecmp(node->text, words[i])) {
			config_set(obj, key, i & 1);
			return 0;
		}
	}
	return bad_value(map, key, node, "is neither", "true or false", err);
}

static int read_word(const struct config_map *map, const struct config_key *key,
		     void *obj, const struct config_node *node,
		     struct config_error *err)
{
	u32 i;

	if (node->kind == CONFIG_NODE_SCALAR) {
		for (i = 0; key->words[i]; i++) {
			if (!strcmp(node->text, key->words[i])) {
				config_set(obj, key,
					   key->values ? key->values[i] : i);
				return 0;
			}
		}
	}
	if (node->kind != CONFIG_NODE_SCALAR || config_node_is_null(node))
		config_wrong_kind(map, key, node, "", err);
	else
		bad_value(map, key, node, "is not known", "", err);
	for (i = 0; key->words[i]; i++) {
		config_add_text(err, i ? ", " : "");
		config_add_text(err, key->words[i]);
	}
	return -EINVAL;
}

static int read_text(const struct config_map *map, const struct config_key *key,
		     void *obj, const struct config_node *node,
		     struct config_error *err)
{
	char **out = field(obj, key->offset);
	const char *p;

	if (node->kind != CONFIG_NODE_SCALAR)
		return config_wrong_kind(map, key, node, "text or null", err);
	if (config_node_is_null(node))
		return 0;
	for (p = node->text; *p; p++) {
		if (*p < ' ' || *p > '~')
			return bad_value(map, key, node, "is not plain text",
					 "printable ASCII", err);
	}
	if (p - node->text >= MAX_TEXT)
		return bad_value(map, key, node, "is too long",
				 "at most 4095 characters", err);
	*out = strdup(node->text);
	return *out ? 0 : config_nomem(err);
}

/* "5 samples": the number before the word that is this bound's other unit. */
static bool split_word(const char *text, const char *word, char *amount)
{
	size_t sz = strlen(text), sz_word = strlen(word);

	if (sz < sz_word || strcmp(text + sz - sz_word, word))
		return false;
	sz -= sz_word;
	if (sz >= MAX_AMOUNT)
		return false;
	memcpy(amount, text, sz);
	amount[sz] = '\0';
	return true;
}

static int read_bound(const struct config_map *map,
		      const struct config_key *key, void *obj,
		      const struct config_node *node, struct config_error *err)
{
	const struct config_bound *bound = key->bound;
	enum config_unit *unit = field(obj, key->offset_nr);
	enum config_unit unit_here = CONFIG_UNIT_UNSET;
	enum config_dim dim = bound->dim;
	const char *expected = "";
	char either[128];
	char amount[MAX_AMOUNT];
	const char *text = node->text;
	const char *why;
	u64 value;

	snprintf(either, sizeof(either), "%s, or 2 %s",
		 config_dim_example(bound->dim), bound->word);
	expected = either;
	if (node->kind != CONFIG_NODE_SCALAR || config_node_is_null(node))
		return config_wrong_kind(map, key, node, expected, err);
	if (split_word(text, bound->word, amount)) {
		unit_here = bound->word_unit;
		dim = CONFIG_DIM_COUNT;
		text = amount;
	} else if (strcmp(text, "min") && strcmp(text, "max")) {
		unit_here = bound->unit;
	}
	if (config_number(text, dim, &value, &why))
		return bad_value(map, key, node, why, expected, err);
	if (dim == CONFIG_DIM_COUNT && value > UINT_MAX &&
	    value != CONFIG_NO_BOUND)
		return bad_value(map, key, node, "is too large",
				 "at most 4,294,967,295, or max", err);
	if (unit_here && *unit && unit_here != *unit)
		return bad_value(map, key, node, "is in another unit than min",
				 "the same unit", err);
	if (unit_here)
		*unit = unit_here;
	config_set(obj, key, value);
	return 0;
}

static int read_pair(const struct config_map *map, const struct config_key *key,
		     void *obj, enum config_dim dim,
		     const struct config_node *node, struct config_error *err)
{
	const char *expected = dim == CONFIG_DIM_BYTES ?
				       "a list of two sizes, or null" :
				       "a list of two numbers, or null";
	struct config_range *range = field(obj, key->offset);
	const struct config_node *item;
	const char *why;
	u64 *out = &range->min;

	if (config_node_is_null(node))
		return 0;
	if (node->kind != CONFIG_NODE_LIST || node->nr != 2)
		return config_wrong_kind(map, key, node, expected, err);
	for (item = node->first; item; item = item->next, out = &range->max) {
		if (item->kind != CONFIG_NODE_SCALAR)
			return config_wrong_kind(map, key, item,
						 config_dim_example(dim), err);
		if (config_number(item->text, dim, out, &why))
			return bad_value(map, key, item, why,
					 config_dim_example(dim), err);
	}
	return 0;
}

int config_read_value(const struct config_map *map,
		      const struct config_key *key, void *obj,
		      const struct config_node *node, struct config_error *err)
{
	switch (key->kind) {
	case CONFIG_NUMBER:
		return read_number(map, key, obj, node, err);
	case CONFIG_ID:
		return read_id(map, key, obj, node, err);
	case CONFIG_BOOL:
		return read_bool(map, key, obj, node, err);
	case CONFIG_WORD:
		return read_word(map, key, obj, node, err);
	case CONFIG_TEXT:
		return read_text(map, key, obj, node, err);
	case CONFIG_BOUND:
		return read_bound(map, key, obj, node, err);
	case CONFIG_SZ_PAIR:
		return read_pair(map, key, obj, CONFIG_DIM_BYTES, node, err);
	case CONFIG_NR_PAIR:
		return read_pair(map, key, obj, CONFIG_DIM_COUNT, node, err);
	default:
		return -EINVAL;
	}
}
