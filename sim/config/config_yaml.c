// SPDX-License-Identifier: GPL-2.0
/*
 * From libyaml's events to a tree with line marks.
 *
 * Events and not libyaml's own document, because its loader expands what it is
 * told to and recurses as deep as the text does.  Here every bound is ours:
 * bytes, depth, number of nodes.  Anchors, aliases and tags are refused, so
 * that the tree is no larger than the text and a value means what it looks
 * like.
 *
 * Nodes come from chunks that are freed together: there is no order in which
 * a half-built tree would have to be taken apart.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "config/config_yaml.h"

/* Each can become a struct of some hundred bytes. */
#define MAX_NODES (1u << 18)

/* damo's deepest key is at 9. */
#define MAX_DEPTH 24

#define CHUNK_SZ 16384

struct config_chunk {
	struct config_chunk *next;
	size_t sz_used;
	size_t sz;
	char data[] __attribute__((aligned(8)));
};

/* A list or map that is being read. */
struct level {
	struct config_node *node;
	struct config_node **tail;
	struct config_node *key; /* map: waits for its value */
};

struct builder {
	struct config_tree *tree;
	struct config_error *err;
	u32 nr_nodes;
	u32 depth;
	struct level level[MAX_DEPTH];
};

void *config_tree_alloc(struct config_tree *tree, size_t sz)
{
	struct config_chunk *chunk = tree->chunks;
	size_t sz_chunk;
	void *mem;

	sz = (sz + 7) & ~(size_t)7;
	if (!chunk || chunk->sz - chunk->sz_used < sz) {
		sz_chunk = sz > CHUNK_SZ ? sz : CHUNK_SZ;
		chunk = malloc(sizeof(*chunk) + sz_chunk);
		if (!chunk)
			return NULL;
		chunk->next = tree->chunks;
		chunk->sz_used = 0;
		chunk->sz = sz_chunk;
		tree->chunks = chunk;
	}
	mem = chunk->data + chunk->sz_used;
	chunk->sz_used += sz;
	return mem;
}

void config_tree_fini(struct config_tree *tree)
{
	struct config_chunk *next;

	while (tree->chunks) {
		next = tree->chunks->next;
		free(tree->chunks);
		tree->chunks = next;
	}
	tree->root = NULL;
}

static int fault_at(struct config_error *err, const yaml_mark_t *mark,
		    const char *what)
{
	struct config_node place = { .line = mark->line + 1,
				     .column = mark->column + 1 };

	return config_fault(err, &place, "%s", what);
}

/* Where a list, map or scalar that begins with @event goes. */
static int add_node(struct builder *b, enum config_node_kind kind,
		    const yaml_event_t *event, struct config_node **out)
{
	struct level *top = b->depth ? &b->level[b->depth - 1] : NULL;
	struct config_node *node;

	if (b->nr_nodes == MAX_NODES) {
		fault_at(b->err, &event->start_mark,
			 "too many values; expected at most 262,144");
		return -EFBIG;
	}
	b->nr_nodes++;
	node = config_tree_alloc(b->tree, sizeof(*node));
	if (!node)
		return config_nomem(b->err);
	*node = (struct config_node){ .kind = kind,
				      .line = event->start_mark.line + 1,
				      .column = event->start_mark.column + 1 };
	*out = node;
	if (!top) {
		b->tree->root = node;
		return 0;
	}
	if (top->node->kind == CONFIG_NODE_MAP && !top->key) {
		if (kind != CONFIG_NODE_SCALAR)
			return config_fault(b->err, node,
					    "%s as a key; expected a name",
					    config_node_noun(node));
		top->key = node;
		return 0;
	}
	node->key = top->key;
	top->key = NULL;
	top->node->nr++;
	*top->tail = node;
	top->tail = &node->next;
	return 0;
}

static int add_scalar(struct builder *b, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t sz = event->data.scalar.length;
	struct config_node *node;
	char *text;
	int ret;

	ret = add_node(b, CONFIG_NODE_SCALAR, event, &node);
	if (ret)
		return ret;
	if (memchr(value, '\0', sz))
		return config_fault(b->err, node,
				    "a zero character; expected text");
	text = config_tree_alloc(b->tree, sz + 1);
	if (!text)
		return config_nomem(b->err);
	memcpy(text, value, sz);
	text[sz] = '\0';
	node->text = text;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	return 0;
}

static int add_level(struct builder *b, enum config_node_kind kind,
		     const yaml_event_t *event)
{
	struct config_node *node;
	int ret;

	if (b->depth == MAX_DEPTH)
		return fault_at(b->err, &event->start_mark,
				"nested too deep; expected at most 24 levels");
	ret = add_node(b, kind, event, &node);
	if (ret)
		return ret;
	b->level[b->depth++] =
		(struct level){ .node = node, .tail = &node->first };
	return 0;
}

/* What would let a value mean something else than it looks like. */
static int refuse_magic(struct builder *b, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL;
	const yaml_char_t *tag = NULL;

	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return fault_at(b->err, &event->start_mark,
				"an alias (*); expected the value itself");
	case YAML_SCALAR_EVENT:
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
		break;
	default:
		break;
	}
	if (anchor)
		return fault_at(b->err, &event->start_mark,
				"an anchor (&); expected a value without");
	if (tag)
		return fault_at(b->err, &event->start_mark,
				"a tag (!); expected a value without");
	return 0;
}

static int add_event(struct builder *b, const yaml_event_t *event)
{
	int ret;

	ret = refuse_magic(b, event);
	if (ret)
		return ret;
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->tree->root)
			return fault_at(b->err, &event->start_mark,
					"a second document; expected one");
		return 0;
	case YAML_SCALAR_EVENT:
		return add_scalar(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return add_level(b, CONFIG_NODE_LIST, event);
	case YAML_MAPPING_START_EVENT:
		return add_level(b, CONFIG_NODE_MAP, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return 0;
	default:
		return 0;
	}
}

/* libyaml counts lines of what it could decode only: here, its bytes. */
static int reader_fault(struct config_error *err, const yaml_parser_t *parser,
			const char *text, size_t sz)
{
	struct config_node place = { .line = 1, .column = 1 };
	size_t i;

	for (i = 0; i < sz && i < parser->problem_offset; i++) {
		/* One column a character, not one a byte. */
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			place.column++;
		if (text[i] == '\n') {
			place.line++;
			place.column = 1;
		}
	}
	return config_fault(err, &place, "%s; expected UTF-8 text",
			    parser->problem ? parser->problem : "unreadable");
}

static int parser_fault(struct config_error *err, const yaml_parser_t *parser,
			const char *text, size_t sz)
{
	switch (parser->error) {
	case YAML_MEMORY_ERROR:
		return config_nomem(err);
	case YAML_READER_ERROR:
		return reader_fault(err, parser, text, sz);
	default:
		fault_at(err, &parser->problem_mark, "");
		snprintf(err->text, sizeof(err->text),
			 "%s%s%s; expected YAML or JSON",
			 parser->context ? parser->context : "",
			 parser->context ? ": " : "",
			 parser->problem ? parser->problem : "not readable");
		return -EINVAL;
	}
}

int config_tree_init(struct config_tree *tree, const char *text, size_t sz,
		     struct config_error *err)
{
	struct builder b = { .tree = tree, .err = err };
	yaml_event_type_t type = YAML_NO_EVENT;
	yaml_parser_t parser;
	yaml_event_t event;
	int ret = 0;

	*tree = (struct config_tree){ 0 };
	if (sz > CONFIG_MAX_SZ) {
		config_fault(err, NULL,
			     "larger than 16 MiB; expected a configuration");
		return -EFBIG;
	}
	if (!yaml_parser_initialize(&parser))
		return config_nomem(err);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, sz);
	while (!ret && type != YAML_STREAM_END_EVENT) {
		if (!yaml_parser_parse(&parser, &event)) {
			ret = parser_fault(err, &parser, text, sz);
			break;
		}
		type = event.type;
		ret = add_event(&b, &event);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	if (!ret && !tree->root)
		ret = config_fault(err, NULL,
				   "empty; expected a mapping with keys");
	if (ret)
		config_tree_fini(tree);
	return ret;
}

static void stamp(struct config_node *node, const struct config_node *where)
{
	for (; node; node = node->next) {
		node->file = where->file;
		node->line = where->line;
		node->column = where->column;
		/* An entry's key is a node that nothing else leads to. */
		if (node->key)
			stamp((struct config_node *)node->key, where);
		if (node->kind != CONFIG_NODE_SCALAR)
			stamp(node->first, where);
	}
}

int config_tree_graft(struct config_tree *tree, const char *text, size_t sz,
		      const struct config_node *where, struct config_node **out,
		      struct config_error *err)
{
	struct config_tree twig;
	struct config_chunk *last;
	int ret;

	ret = config_tree_init(&twig, text, sz, err);
	if (ret) {
		config_node_place(err, where);
		return ret;
	}
	for (last = twig.chunks; last->next; last = last->next)
		;
	last->next = tree->chunks;
	tree->chunks = twig.chunks;
	stamp(twig.root, where);
	*out = twig.root;
	return 0;
}
