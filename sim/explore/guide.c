// SPDX-License-Identifier: GPL-2.0
/* A small evolutionary search over strings of decisions. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explore/drive.h"
#include "explore/guide.h"

#define STRING_MAX 512
#define STRINGS_MAX 4096
#define PAIRS (1u << 16)

struct string {
	u32 nr;
	bool is_new;
	u8 byte[STRING_MAX];
};

struct guide {
	const char *corpus;
	u64 random;
	struct drive drive;
	struct string now;
	u32 nr_strings;
	u32 next; /* of the corpus, still to be played as it is */
	struct string *string[STRINGS_MAX];
	u32 covered;
	u8 pair[PAIRS / 8];
};

static u64 draw(struct guide *g)
{
	u64 z = g->random += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

static u32 below(struct guide *g, u32 n)
{
	return (draw(g) >> 32) * n >> 32;
}

static int add(struct guide *g, const struct string *s)
{
	struct string *copy;

	if (g->nr_strings == STRINGS_MAX)
		return 0;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *s;
	g->string[g->nr_strings++] = copy;
	return 0;
}

static int load_file(struct guide *g, const char *name)
{
	struct string s = { 0 };
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", g->corpus, name);
	f = fopen(path, "rb");
	if (!f)
		return -EIO;
	s.nr = fread(s.byte, 1, sizeof(s.byte), f);
	fclose(f);
	return add(g, &s);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load(struct guide *g)
{
	struct dirent **entry;
	int nr, i, err = 0;

	if (mkdir(g->corpus, 0777) && errno != EEXIST)
		return -EIO;
	nr = scandir(g->corpus, &entry, NULL, by_name);
	if (nr < 0)
		return -EIO;
	for (i = 0; i < nr; i++) {
		if (entry[i]->d_name[0] != '.' && !err)
			err = load_file(g, entry[i]->d_name);
		free(entry[i]);
	}
	free(entry);
	return err;
}

int guide_new(struct guide **out, const char *corpus, u64 seed)
{
	struct guide *g = calloc(1, sizeof(*g));
	int err;

	if (!g)
		return -ENOMEM;
	g->corpus = corpus;
	g->random = seed;
	err = corpus ? load(g) : 0;
	if (err) {
		guide_free(g);
		return err;
	}
	*out = g;
	return 0;
}

void guide_free(struct guide *g)
{
	while (g->nr_strings)
		free(g->string[--g->nr_strings]);
	free(g);
}

/* One change: a byte, a piece left out, a piece of another string. */
static void alter(struct guide *g, struct string *s)
{
	const struct string *other = g->string[below(g, g->nr_strings)];
	u32 at = s->nr ? below(g, s->nr) : 0, n;

	switch (below(g, 5)) {
	case 0:
		s->byte[at] = draw(g);
		break;
	case 1: /* A decision, where there was none. */
		s->byte[at] = 128 + below(g, 128);
		break;
	case 2:
		s->byte[at] = 0;
		break;
	case 3:
		n = 1 + below(g, 8);
		if (at + n < s->nr) {
			memmove(s->byte + at, s->byte + at + n, s->nr - at - n);
			s->nr -= n;
		}
		break;
	default:
		if (at < other->nr) {
			memcpy(s->byte + at, other->byte + at, other->nr - at);
			s->nr = other->nr;
		}
	}
	if (s->nr <= at && at < STRING_MAX)
		s->nr = at + 1;
}

void guide_drive(struct guide *g, struct engine *e)
{
	u32 changes, i;

	if (g->next < g->nr_strings && !g->string[g->next]->is_new) {
		g->now = *g->string[g->next++];
	} else if (!g->nr_strings || !below(g, 16)) {
		memset(&g->now, 0, sizeof(g->now));
		g->now.nr = 1 + below(g, STRING_MAX);
		for (i = 0; i < g->now.nr; i++)
			g->now.byte[i] = below(g, 4) ? 0 : draw(g);
	} else {
		g->now = *g->string[below(g, g->nr_strings)];
		changes = 1 + below(g, 4);
		while (changes--)
			alter(g, &g->now);
	}
	g->drive.bytes = g->now.byte;
	g->drive.nr_bytes = g->now.nr;
	drive_bytes(&g->drive, e);
}

/* Where a step stands in the code, in what way. */
static u64 place(const struct engine_step *s)
{
	return (u64)s->op.pc * 64 + s->op.kind * 4 + (s->choice ? 1 : 0);
}

void guide_learn(struct guide *g, const struct engine *e)
{
	bool is_new = false;
	u64 pair;
	u32 i;

	for (i = 1; i < e->nr_steps; i++) {
		const struct engine_step *a = &e->step[i - 1];
		const struct engine_step *b = &e->step[i];

		if (a->agent == b->agent && !b->choice)
			continue;
		pair = place(a) * 0x9e3779b97f4a7c15ull ^
		       place(b) * 0xbf58476d1ce4e5b9ull;
		pair = (pair ^ pair >> 29) % PAIRS;
		if (g->pair[pair / 8] >> pair % 8 & 1)
			continue;
		g->pair[pair / 8] |= 1u << pair % 8;
		g->covered++;
		is_new = true;
	}
	if (!is_new || g->next < g->nr_strings)
		return;
	g->now.is_new = true;
	/* Without memory it is just not kept. */
	if (!add(g, &g->now))
		g->next = g->nr_strings;
}

u32 guide_covered(const struct guide *g)
{
	return g->covered;
}

static u64 hash(const struct string *s)
{
	u64 h = 0xcbf29ce484222325ull;
	u32 i;

	for (i = 0; i < s->nr; i++)
		h = (h ^ s->byte[i]) * 0x100000001b3ull;
	return h;
}

int guide_save(struct guide *g)
{
	char path[4096];
	u32 i;

	for (i = 0; i < g->nr_strings && g->corpus; i++) {
		const struct string *s = g->string[i];
		FILE *f;
		bool ok;

		if (!s->is_new)
			continue;
		snprintf(path, sizeof(path), "%s/%016llx", g->corpus,
			 (unsigned long long)hash(s));
		f = fopen(path, "wb");
		if (!f)
			return -EIO;
		ok = fwrite(s->byte, 1, s->nr, f) == s->nr;
		if (fclose(f) || !ok)
			return -EIO;
	}
	return 0;
}
