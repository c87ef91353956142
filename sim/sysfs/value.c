// SPDX-License-Identifier: GPL-2.0
/*
 * Values as the kernel reads and shows them.
 *
 * Numbers are of base 16 behind 0x, of base 8 behind 0, else decimal, with a
 * plus sign if one likes, and with one new line behind: no other white space.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sysfs/tree.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return INT_MAX;
}

static int parse_digits(const char *text, u64 *out)
{
	u32 base = 10;
	u64 value = 0;
	bool over = false;

	if (text[0] == '0') {
		base = 8;
		if ((text[1] == 'x' || text[1] == 'X') && digit(text[2]) < 16) {
			base = 16;
			text += 2;
		}
	}
	if (digit(*text) >= base)
		return -EINVAL;
	for (; digit(*text) < base; text++)
		over |= __builtin_mul_overflow(value, base, &value) ||
			__builtin_add_overflow(value, digit(*text), &value);
	/* Too large counts before what stands behind. */
	if (over)
		return -ERANGE;
	if (*text == '\n')
		text++;
	*out = value;
	return *text ? -EINVAL : 0;
}

static int parse_unsigned(const char *text, u32 width, u64 *out)
{
	u64 value;
	int err = parse_digits(text + (*text == '+'), &value);

	if (err)
		return err;
	if (width == sizeof(u32) && value > UINT_MAX)
		return -ERANGE;
	*out = value;
	return 0;
}

/* A negative number is kept as 64 bits. */
static int parse_int(const char *text, u64 *out)
{
	bool minus = *text == '-';
	u64 value;
	int err = parse_digits(text + (minus || *text == '+'), &value);

	if (err)
		return err;
	if (value > (u64)INT_MAX + minus)
		return -ERANGE;
	*out = minus ? -value : value;
	return 0;
}

static int parse_bool(const char *text, u64 *out)
{
	if (*text && strchr("yYtT1", *text)) {
		*out = true;
		return 0;
	}
	if (*text && strchr("nNfF0", *text)) {
		*out = false;
		return 0;
	}
	if ((*text != 'o' && *text != 'O') || !text[1] ||
	    !strchr("nNfF", text[1]))
		return -EINVAL;
	*out = text[1] == 'n' || text[1] == 'N';
	return 0;
}

static bool is_word(const char *text, const char *word)
{
	size_t sz = strlen(word);

	return !strncmp(text, word, sz) &&
	       (!text[sz] || (text[sz] == '\n' && !text[sz + 1]));
}

static int parse_word(const struct sysfs_tree *tree,
		      const struct sysfs_file *file, const char *text, u64 *out)
{
	u32 refused = file->refused;
	u32 i;

	if (tree->host->profile == CONFIG_PROFILE_D)
		refused |= file->refused_d;
	for (i = 0; file->words[i]; i++) {
		if (!is_word(text, file->words[i]) || refused >> i & 1)
			continue;
		*out = i;
		return 0;
	}
	return -EINVAL;
}

static int store_text(struct sysfs_value *value, const char *text)
{
	size_t sz = strlen(text);
	char *copy;

	if (sz && text[sz - 1] == '\n')
		sz--;
	copy = strndup(text, sz);
	if (!copy)
		return -ENOMEM;
	free(value->text);
	value->text = copy;
	return 0;
}

static int store_nr(struct sysfs_tree *tree, const struct sysfs_at *at,
		    const char *text)
{
	struct sysfs_node *node = at->node;
	u64 nr;
	u32 i;
	int err = parse_int(text, &nr);

	if (err)
		return err;
	if (nr > at->list->max)
		return -EINVAL;
	/* Only kdamonds have a state. */
	for (i = 0; node == &tree->admin.subs[0] && i < node->nr; i++)
		if (*sysfs_state(&node->entries[i]) == SYSFS_RUNNING)
			return -EBUSY;
	return sysfs_set_nr(tree, node, nr);
}

static int store_state(struct sysfs_tree *tree, struct sysfs_node *node,
		       const char *text)
{
	char word[64];
	size_t sz = strlen(text);

	if (sz && text[sz - 1] == '\n')
		sz--;
	if (sz >= sizeof(word))
		return -EINVAL;
	memcpy(word, text, sz);
	word[sz] = '\0';
	return sysfs_store_state(tree, node, word);
}

int sysfs_store(struct sysfs_tree *tree, const struct sysfs_at *at,
		const char *text)
{
	const struct sysfs_file *file = at->file;
	struct sysfs_value *value;
	u64 number = 0;
	int err;

	if (at->list)
		return store_nr(tree, at, text);
	if (!file)
		return -EISDIR;
	if (file->flags & SYSFS_READ_ONLY)
		return -EACCES;
	value = &at->node->values[file - at->node->dir->files];
	switch (file->kind) {
	case SYSFS_STATE:
		return store_state(tree, at->node, text);
	case SYSFS_TEXT:
		return store_text(value, text);
	case SYSFS_INT:
		err = parse_int(text, &number);
		break;
	case SYSFS_BOOL:
		err = parse_bool(text, &number);
		break;
	case SYSFS_WORD:
		err = parse_word(tree, file, text, &number);
		break;
	default:
		err = parse_unsigned(text, file->width, &number);
		break;
	}
	if (err)
		return file->flags & SYSFS_EINVAL ? -EINVAL : err;
	if ((file->flags & SYSFS_NOT_0) && !number)
		return -EINVAL;
	value->number = number;
	return 0;
}

int sysfs_show(struct sysfs_tree *tree, const struct sysfs_at *at, FILE *out)
{
	const struct sysfs_file *file = at->file;
	const struct sysfs_value *value;

	if (at->list) {
		fprintf(out, "%u\n", at->node->nr);
		return 0;
	}
	if (!file)
		return -EISDIR;
	value = &at->node->values[file - at->node->dir->files];
	switch (file->kind) {
	case SYSFS_STATE:
		fputs(value->number == SYSFS_RUNNING ? "on\n" : "off\n", out);
		break;
	case SYSFS_OPERATIONS:
		fputs("vaddr\nfvaddr\npaddr\n", out);
		break;
	case SYSFS_TEXT:
		fprintf(out, "%s\n", value->text ? value->text : "");
		break;
	case SYSFS_WORD:
		fprintf(out, "%s\n", file->words[value->number]);
		break;
	case SYSFS_INT:
		fprintf(out, "%d\n", (int)value->number);
		break;
	case SYSFS_BOOL:
		if (file->flags & SYSFS_DIGIT)
			fprintf(out, "%d\n", !!value->number);
		else
			fputs(value->number ? "Y\n" : "N\n", out);
		break;
	default:
		fprintf(out, file->flags & SYSFS_HEX ? "0x%llx\n" : "%llu\n",
			(unsigned long long)value->number);
		break;
	}
	return 0;
}
