// SPDX-License-Identifier: GPL-2.0
/* Interleavings, written and read. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "explore/trial.h"

#define MAGIC "damonsim-explore 1"

const char *const trial_model_names[] = { "sc", "tso", "weak", NULL };

void trial_agent_name(const struct scene *s, u32 agent, char *out)
{
	if (engine_is_queue(agent))
		snprintf(out, 24, "queue%u", agent - ENGINE_ACTORS_MAX);
	else
		snprintf(out, 24, "%s", s->actor[agent].name);
}

/* Every line of a text, a tab before it. */
static void write_indented(FILE *out, const char *text)
{
	size_t n;

	while (*text) {
		n = strcspn(text, "\n/");
		while (n && *text == ' ') {
			text++;
			n--;
		}
		if (n)
			fprintf(out, "\t%.*s\n", (int)n, text);
		text += n;
		text += *text != '\0';
	}
}

int trial_write(const struct trial *t, FILE *out)
{
	char name[24];
	u32 i, end;

	fprintf(out, "%s\nhotpath %s\nmodel %s\n", MAGIC, hotpath_id,
		trial_model_names[t->model]);
	if (t->races_pass)
		fputs("races pass\n", out);
	if (t->property[0])
		fprintf(out, "property %s\nmessage %s\n", t->property,
			t->message);
	fputs("scene\n", out);
	write_indented(out, t->text);
	fputs("turns\n", out);
	for (i = 0; i < t->nr; i = end) {
		u32 j;

		for (end = i; end < t->nr; end++)
			if (t->turn[end].agent != t->turn[i].agent)
				break;
		trial_agent_name(&t->scene, t->turn[i].agent, name);
		fprintf(out, "\t%s x%u", name, end - i);
		for (j = i; j < end; j++)
			if (t->turn[j].choice)
				fprintf(out, " %u=%u", j - i + 1,
					t->turn[j].choice);
		fputc('\n', out);
	}
	return ferror(out) ? -EIO : 0;
}

struct reader {
	struct trial *t;
	struct scene_error *err;
	u32 line;
	u32 scene_line;
	enum { HEAD, SCENE, TURNS } part;
};

static int refuse(struct reader *r, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct reader *r, const char *format, ...)
{
	va_list args;

	r->err->line = r->line;
	va_start(args, format);
	vsnprintf(r->err->text, sizeof(r->err->text), format, args);
	va_end(args);
	return -EINVAL;
}

static int read_scene(struct reader *r)
{
	int err = scene_read(&r->t->scene, r->t->text, r->err);

	if (err)
		r->err->line += r->scene_line;
	return err;
}

static int read_head(struct reader *r, const char *line)
{
	struct trial *t = r->t;
	u32 i;

	if (!strcmp(line, "scene")) {
		r->part = SCENE;
		r->scene_line = r->line;
		return 0;
	}
	if (!strcmp(line, "races pass")) {
		t->races_pass = true;
		return 0;
	}
	if (!strncmp(line, "property ", 9)) {
		snprintf(t->property, sizeof(t->property), "%.31s", line + 9);
		return 0;
	}
	if (!strncmp(line, "message ", 8)) {
		snprintf(t->message, sizeof(t->message), "%.199s", line + 8);
		return 0;
	}
	if (!strncmp(line, "hotpath ", 8)) {
		if (!strcmp(line + 8, hotpath_id))
			return 0;
		refuse(r, "of revision %.20s of the hot path, this is %s",
		       line + 8, hotpath_id);
		return -ESTALE;
	}
	for (i = 0; !strncmp(line, "model ", 6) && trial_model_names[i]; i++) {
		if (strcmp(line + 6, trial_model_names[i]))
			continue;
		t->model = i;
		return 0;
	}
	return refuse(r,
		      "\"%.40s\", expected hotpath, model, races pass, "
		      "property, message or scene",
		      line);
}

static int agent_of(struct reader *r, const char *name, size_t n, u32 *agent)
{
	const struct scene *s = &r->t->scene;
	u32 i;

	for (i = 0; i < s->nr_actors; i++) {
		if (strlen(s->actor[i].name) == n &&
		    !strncmp(s->actor[i].name, name, n)) {
			*agent = i;
			return 0;
		}
	}
	if (n == 6 && !strncmp(name, "queue", 5) && name[5] >= '0' &&
	    name[5] < '0' + MEMORY_CPUS_MAX) {
		*agent = ENGINE_ACTORS_MAX + name[5] - '0';
		return 0;
	}
	return refuse(r, "\"%.*s\" is no actor of the scene",
		      (int)(n < 40 ? n : 40), name);
}

static int read_choices(struct reader *r, const char *at, u32 first, u32 nr)
{
	unsigned long which, choice;
	char *end;

	while (*at == ' ') {
		which = strtoul(at + 1, &end, 10);
		if (*end != '=' || !which || which > nr)
			return refuse(r,
				      "expected TURN=CHOICE, TURN from 1 to "
				      "%u",
				      nr);
		choice = strtoul(end + 1, &end, 10);
		if (choice > 255)
			return refuse(r, "expected a choice below 256");
		r->t->turn[first + which - 1].choice = choice;
		at = end;
	}
	return *at ? refuse(r, "\"%.20s\" behind the turns", at) : 0;
}

static int read_turns(struct reader *r, const char *line)
{
	struct trial *t = r->t;
	size_t n = strcspn(line, " ");
	unsigned long nr;
	u32 agent = 0, i;
	char *end;
	int err = agent_of(r, line, n, &agent);

	if (err)
		return err;
	if (line[n] != ' ' || line[n + 1] != 'x')
		return refuse(r, "expected how many turns, as x3");
	nr = strtoul(line + n + 2, &end, 10);
	if (!nr || nr > ENGINE_STEPS_MAX - t->nr)
		return refuse(r, "expected 1 turn or more, %u in all at most",
			      ENGINE_STEPS_MAX);
	for (i = 0; i < nr; i++)
		t->turn[t->nr + i] = (struct engine_turn){ .agent = agent };
	err = read_choices(r, end, t->nr, nr);
	t->nr += nr;
	return err;
}

static int read_line(struct reader *r, const char *line)
{
	struct trial *t = r->t;
	size_t used = strlen(t->text);

	if (r->line == 1)
		return strcmp(line, MAGIC) ?
			       refuse(r, "expected \"%s\"", MAGIC) :
			       0;
	if (r->part == SCENE && !strcmp(line, "turns")) {
		r->part = TURNS;
		return read_scene(r);
	}
	if (r->part == HEAD)
		return *line ? read_head(r, line) : 0;
	line += strspn(line, " \t");
	if (r->part == TURNS)
		return *line ? read_turns(r, line) : 0;
	if (used + strlen(line) + 2 > sizeof(t->text))
		return refuse(r, "a scene longer than %zu bytes",
			      sizeof(t->text));
	sprintf(t->text + used, "%s\n", line);
	return 0;
}

int trial_read(struct trial *t, const char *text, struct scene_error *err)
{
	struct reader r = { .t = t, .err = err };
	char line[512];
	size_t n;
	int ret;

	memset(t, 0, sizeof(*t));
	do {
		n = strcspn(text, "\n");
		r.line++;
		if (n >= sizeof(line))
			return refuse(&r, "a line longer than %zu bytes",
				      sizeof(line) - 1);
		memcpy(line, text, n);
		line[n] = '\0';
		ret = read_line(&r, line);
		if (ret)
			return ret;
		text += n;
	} while (*text++);
	return r.part == TURNS ? 0 : refuse(&r, "expected the turns");
}
