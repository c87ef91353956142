/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tables that say which keys there are, and where their values go.
 *
 * One table for reading, defaults, printing and freeing: a key that is added
 * to it is there for all four.  What looks at more than one value at a time is
 * a function beside the table (config_check.c).
 */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <string.h>

#include <linux/types.h>

#include "config/config_units.h"
#include "config/config_yaml.h"

enum config_kind {
	CONFIG_NUMBER, /* u32, u64: .dim */
	CONFIG_ID, /* s32: null is CONFIG_NO_ID */
	CONFIG_BOOL, /* bool */
	CONFIG_WORD, /* enum, bool: index into .words */
	CONFIG_TEXT, /* char *: printable ASCII or null */
	CONFIG_BOUND, /* u64 in struct config_bounds: .bound */
	CONFIG_SZ_PAIR, /* struct config_range: [min, max] or null */
	CONFIG_NR_PAIR, /* likewise, of numbers without unit */
	CONFIG_MAP, /* struct: .map */
	CONFIG_LIST, /* pointer to structs: .map, from .min to .max of them */
};

/* config_key.flags */
#define CONFIG_REQUIRED (1u << 0)
#define CONFIG_NULLABLE (1u << 1) /* map: null leaves it all zero */
#define CONFIG_COUNTS (1u << 2) /* is printed without its unit */
#define CONFIG_BARE (1u << 3) /* is printed without separators */
#define CONFIG_HEX (1u << 4) /* is printed in hexadecimal */
#define CONFIG_PLAIN (1u << 5) /* list: of values of .map's one key */

/* The two units of a bound: one with a dimension, one that is a word. */
struct config_bound {
	enum config_dim dim;
	enum config_unit unit;
	const char *word;
	enum config_unit word_unit;
};

struct config_key {
	const char *name;
	enum config_kind kind;
	u32 flags;
	u32 offset;
	u32 width;
	u32 offset_nr; /* list: of its u32 count; bound: of its unit */
	u64 def;
	u64 min;
	u64 max; /* 0: what fits */
	enum config_dim dim;
	/* A dimension that another key decides, before this one in the table */
	enum config_dim (*dim_of)(const void *obj);
	const char *const *words;
	const u32 *values; /* word: what each stands for, if not its index */
	const struct config_bound *bound;
	const struct config_map *map;
};

#define CONFIG_MAX_KEYS 32

struct config_map {
	const char *what; /* for messages */
	size_t sz;
	/* In the order of printing; ends with a key without name */
	const struct config_key *keys;
	/* After its values are set, if the file has it; -EINVAL, -ENOMEM */
	int (*check)(void *obj, const struct config_node *node,
		     struct config_error *err);
};

extern const struct config_map config_root_map;

/* Parts of it that stand in other files too. */
extern const struct config_map config_kdamond_map;
extern const char *const config_profile_words[];

/* The largest value that a number of this key may have. */
u64 config_key_max(const struct config_key *key);

/* An unsigned value or enum of 1, 4 or 8 bytes. */
u64 config_get(const void *obj, const struct config_key *key);
void config_set(void *obj, const struct config_key *key, u64 value);

/*
 * The entries of a list.  The struct's pointer has the entries' type, so that
 * it is copied and not looked at as a void pointer.
 */
static inline void *config_get_list(const void *obj,
				    const struct config_key *key, u32 *nr)
{
	void *list;

	memcpy(&list, (const char *)obj + key->offset, sizeof(list));
	memcpy(nr, (const char *)obj + key->offset_nr, sizeof(*nr));
	return list;
}

static inline void config_set_list(void *obj, const struct config_key *key,
				   void *list, u32 nr)
{
	memcpy((char *)obj + key->offset, &list, sizeof(list));
	memcpy((char *)obj + key->offset_nr, &nr, sizeof(nr));
}

/*
 * config_read.c: a mapping into @obj, which is all zero; what was read before a
 * fault stays there for config_free_map().  0, -EINVAL, -ENOMEM
 */
int config_read_map(const struct config_map *map, void *obj,
		    const struct config_node *node, struct config_error *err);
void config_free_map(const struct config_map *map, void *obj);

/* Say that a mapping has no such key, and which it has; returns -EINVAL. */
int config_unknown_key(const struct config_map *map,
		       const struct config_node *name,
		       struct config_error *err);

/*
 * config_set.c: the value at a path such as "machine.nodes.0.size" becomes what
 * @value says in YAML, in whatever of it the tree lacks.  @where: as for
 * config_tree_graft(); 0, -EINVAL, -EFBIG, -ENOMEM
 */
int config_tree_set(struct config_tree *tree, const struct config_map *map,
		    const char *path, const char *value,
		    const struct config_node *where, struct config_error *err);

/*
 * config_file.c: a whole file, or standard input for "-", which @err is named
 * after; -errno of the system.  @text is for free().
 */
int config_read_file(const char *path, char **text, size_t *sz,
		     struct config_error *err);

/* Name what is read; @err is as new then. */
void config_error_init(struct config_error *err, const char *name,
		       struct config_faults *all);

/* config_value.c: neither map nor list; 0, -EINVAL, -ENOMEM */
int config_read_value(const struct config_map *map,
		      const struct config_key *key, void *obj,
		      const struct config_node *node, struct config_error *err);

/* Say that a node is of another kind than the key needs; returns -EINVAL. */
int config_wrong_kind(const struct config_map *map,
		      const struct config_key *key,
		      const struct config_node *node, const char *expected,
		      struct config_error *err);

/* Append to a message; what does not fit is left out. */
void config_add_text(struct config_error *err, const char *text);

/* Read on behind a fault, if all are wanted: 0, or @ret. */
int config_keep(struct config_error *err, int ret);

/* config_check.c: what config_map.check points to */
int config_check_region(void *obj, const struct config_node *node,
			struct config_error *err);
int config_check_address_range(void *obj, const struct config_node *node,
			       struct config_error *err);
int config_check_intervals(void *obj, const struct config_node *node,
			   struct config_error *err);
int config_check_nr_regions(void *obj, const struct config_node *node,
			    struct config_error *err);
int config_check_sizes(void *obj, const struct config_node *node,
		       struct config_error *err);
int config_check_bounds(void *obj, const struct config_node *node,
			struct config_error *err);
int config_check_sample_filter(void *obj, const struct config_node *node,
			       struct config_error *err);
int config_check_perf_event(void *obj, const struct config_node *node,
			    struct config_error *err);
int config_check_probe_filter(void *obj, const struct config_node *node,
			      struct config_error *err);
int config_check_goal(void *obj, const struct config_node *node,
		      struct config_error *err);
int config_check_wmarks(void *obj, const struct config_node *node,
			struct config_error *err);
int config_check_filter(void *obj, const struct config_node *node,
			struct config_error *err);
int config_check_context(void *obj, const struct config_node *node,
			 struct config_error *err);

#endif
