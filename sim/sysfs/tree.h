/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DAMON's directories and files: the table of what there is, and a tree of it.
 *
 * One table for creating, reading, writing, collecting and printing; the value
 * of a file goes to @offset of the struct that its entry stands for.
 */
#ifndef SYSFS_TREE_H
#define SYSFS_TREE_H

#include <stddef.h>

#include "config/config.h"
#include "sysfs/sysfs.h"

enum sysfs_kind {
	SYSFS_UNSIGNED, /* of @width bytes */
	SYSFS_INT,
	SYSFS_BOOL,
	SYSFS_WORD,
	SYSFS_TEXT,
	SYSFS_STATE,
	SYSFS_OPERATIONS, /* those that there are */
};

/* sysfs_file.flags; the first also of directories and lists */
#define SYSFS_NOT_D (1u << 0) /* 6.12 has it not */
#define SYSFS_READ_ONLY (1u << 1)
#define SYSFS_EINVAL (1u << 2) /* also for what is out of range */
#define SYSFS_HEX (1u << 3)
#define SYSFS_DIGIT (1u << 4) /* bool: shown as 0 and 1 */
#define SYSFS_NOT_0 (1u << 5)
#define SYSFS_TO_32_BITS (1u << 6) /* cut when it is collected */
#define SYSFS_NOWHERE (1u << 7) /* not collected */
/* Which update fills it in */
#define SYSFS_OF_STATS (1u << 8)
#define SYSFS_OF_QUOTAS (1u << 9)
#define SYSFS_OF_INTERVALS (1u << 10)
#define SYSFS_OF_ON (1u << 11)

struct sysfs_file {
	const char *name;
	enum sysfs_kind kind;
	u32 flags;
	u32 offset;
	u32 width;
	u64 def;
	const char *const *words;
	u32 refused; /* bit for each word */
	u32 refused_d;
};

struct sysfs_dir;

/* A directory with files of the same struct. */
struct sysfs_sub {
	const char *name;
	const struct sysfs_dir *dir;
	u32 flags;
};

/* nr_@name, and directories 0, 1, ... of a struct each. */
struct sysfs_list {
	const char *nr_name;
	const struct sysfs_dir *dir;
	u64 max;
	u32 flags;
	size_t sz; /* 0: nothing of it is modelled */
	u32 offset;
	u32 offset_nr;
	bool is_alias; /* of another list, which is the one to print */
	/* Of an entry, once collected; -errno */
	int (*collected)(void *entry);
	/* Before printing a copy, back into what the files hold */
	void (*print)(void *entry, const struct config_context *ctx);
};

struct sysfs_dir {
	const struct sysfs_file *files; /* end without name, or NULL */
	const struct sysfs_sub *subs; /* end without name, or NULL */
	const struct sysfs_list *list; /* or NULL */
};

extern const struct sysfs_dir sysfs_admin_dir;

struct sysfs_value {
	u64 number;
	char *text;
};

struct sysfs_node {
	const struct sysfs_dir *dir;
	struct sysfs_value *values; /* one for each file */
	struct sysfs_node *subs; /* one for each */
	struct sysfs_node *entries;
	u32 nr;
};

/* values of a state file */
enum { SYSFS_NEVER, SYSFS_STOPPED, SYSFS_RUNNING };

#define SYSFS_NO_OWNER (~0u)

struct sysfs_tree {
	struct sysfs_node admin;
	const struct sysfs_host *host;
	u32 nr_nodes;
	u32 perf_owner; /* kdamond that has the events, or SYSFS_NO_OWNER */
	/* Of the command that writes */
	u64 at_us;
	u32 line;
};

/* A file, the count of a list, or a directory: then both are NULL. */
struct sysfs_at {
	struct sysfs_node *node;
	const struct sysfs_file *file;
	const struct sysfs_list *list;
};

/* tree.c: 0, -ENOMEM; -ENOENT, -ENOTDIR; @path is below the root */
int sysfs_tree_init(struct sysfs_tree *tree, const struct sysfs_host *host);
void sysfs_tree_fini(struct sysfs_tree *tree);
int sysfs_find(struct sysfs_tree *tree, const char *path, struct sysfs_at *at);
int sysfs_set_nr(struct sysfs_tree *tree, struct sysfs_node *node, u64 nr);
bool sysfs_has(const struct sysfs_tree *tree, u32 flags);

/* value.c: what a write and a read come to; 0, -errno */
int sysfs_store(struct sysfs_tree *tree, const struct sysfs_at *at,
		const char *text);
int sysfs_show(struct sysfs_tree *tree, const struct sysfs_at *at, FILE *out);

/* state.c: a word written to a state file */
int sysfs_store_state(struct sysfs_tree *tree, struct sysfs_node *kdamond,
		      const char *word);

/* collect.c: all files below a directory into its struct, and results back */
int sysfs_collect(const struct sysfs_tree *tree, const struct sysfs_node *node,
		  void *obj);
void sysfs_put_back(struct sysfs_node *node, const void *obj, u32 flags);
u64 sysfs_get(const void *obj, const struct sysfs_file *file);

/* Where a state is in its kdamond's values. */
static inline u64 *sysfs_state(struct sysfs_node *kdamond)
{
	return &kdamond->values[0].number;
}

#endif
