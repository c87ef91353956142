/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys into a JSON object.
 *
 * json-c takes ownership of what is added, and NULL for JSON's null: when
 * memory is short a value is missing and nothing breaks.
 */
#ifndef JSON_PUT_H
#define JSON_PUT_H

#include <json-c/json.h>

#include <linux/types.h>

static inline void put_u64(struct json_object *o, const char *key, u64 value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

static inline void put_str(struct json_object *o, const char *key,
			   const char *value)
{
	json_object_object_add(o, key, json_object_new_string(value));
}

static inline void put_bool(struct json_object *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

static inline void put_double(struct json_object *o, const char *key,
			      double value)
{
	json_object_object_add(o, key, json_object_new_double(value));
}

#endif
