// SPDX-License-Identifier: GPL-2.0
/* Line tables, read by elfutils. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwfl.h>

#include "explore/source.h"

struct sources {
	Dwfl *dwfl;
};

struct sources *sources_new(void)
{
	static char *no_path;
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.debuginfo_path = &no_path,
	};
	struct sources *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dwfl = dwfl_begin(&callbacks);
	if (!s->dwfl || dwfl_linux_proc_report(s->dwfl, getpid()) ||
	    dwfl_report_end(s->dwfl, NULL, NULL)) {
		sources_free(s);
		return NULL;
	}
	return s;
}

void sources_free(struct sources *s)
{
	if (!s)
		return;
	if (s->dwfl)
		dwfl_end(s->dwfl);
	free(s);
}

/* The line without its indentation, and without the end of a macro. */
static void read_text(const char *path, u32 line, char *out, size_t sz)
{
	FILE *f = fopen(path, "r");
	char buffer[400];
	char *at;
	u32 i;

	out[0] = '\0';
	if (!f)
		return;
	for (i = 0; i < line; i++)
		if (!fgets(buffer, sizeof(buffer), f))
			goto close;
	for (at = buffer; isspace((unsigned char)*at); at++)
		;
	at[strcspn(at, "\n\\")] = '\0';
	snprintf(out, sz, "%.99s", at);
close:
	fclose(f);
}

void source_of(struct sources *s, const void *pc, struct source_line *out)
{
	/* The call's last byte, not what it returns to. */
	Dwarf_Addr at = (Dwarf_Addr)(unsigned long)pc - 1;
	Dwfl_Module *module = s && pc ? dwfl_addrmodule(s->dwfl, at) : NULL;
	Dwfl_Line *line = module ? dwfl_module_getsrc(module, at) : NULL;
	const char *path, *slash, *folder;
	char whole[4096];
	int number;

	memset(out, 0, sizeof(*out));
	if (!line)
		return;
	path = dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL);
	if (!path)
		return;
	slash = strrchr(path, '/');
	snprintf(out->file, sizeof(out->file), "%s", slash ? slash + 1 : path);
	out->line = number;
	/* From where it was compiled, not from where this runs. */
	folder = dwfl_line_comp_dir(line);
	snprintf(whole, sizeof(whole), "%s%s%s",
		 path[0] != '/' && folder ? folder : "",
		 path[0] != '/' && folder ? "/" : "", path);
	read_text(whole, number, out->text, sizeof(out->text));
}
