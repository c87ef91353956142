// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a configuration: no crash, no leak, and of what is accepted,
 * the print is accepted again and prints the same.  Of what is not, all that
 * can be found at once begins with what is found alone.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined \
 *	-fno-sanitize-recover=all -D_GNU_SOURCE -Isim -Itraces -Iinclude \
 *	tests/fuzz_config.c sim/config/[a-z]*.c -lyaml -o fuzz_config
 *   ./fuzz_config -max_len=4096 -dict=tests/fuzz_config.dict \
 *	found tests/corpus/config
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_notes.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz);

static char *print_whole(const struct config *cfg, size_t *sz)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, sz);
	int ret;

	assert(file);
	ret = config_print(file, cfg);
	assert(!ret);
	fclose(file);
	return text;
}

/* Return: 0 if nothing was refused. */
static int look_at_all(const char *text, size_t sz,
		       const struct config_error *alone)
{
	static struct config_faults all;
	struct config_notes notes;
	struct config_error err;
	struct config cfg;
	u32 line, column, i;
	int ret;

	ret = config_parse_all(&cfg, text, sz, "fuzz", &err, &all);
	if (all.nr) {
		assert(!strcmp(all.at[0].text, alone->text));
		assert(all.at[0].line == alone->line);
		assert(all.nr == CONFIG_FAULTS_MAX || !all.nr_more);
	}
	if (!ret) {
		ret = all.nr;
		assert(!config_notes(&notes, &cfg));
		for (i = 0; i < notes.nr && i < 1000; i++) {
			config_where(&all, notes.at[i].place, &line, &column);
			assert(line && column && notes.at[i].text[0]);
		}
		config_notes_fini(&notes);
		config_fini(&cfg);
	}
	config_faults_fini(&all);
	return ret;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t sz)
{
	struct config_core_pattern core;
	struct config_error err;
	const struct config_context *ctx;
	struct config cfg, again;
	size_t sz_text, sz_again;
	char *text, *text_again;
	int ret;
	u32 i;

	ret = config_parse(&cfg, (const char *)data, sz, "fuzz", &err);
	assert(!look_at_all((const char *)data, sz, &err) == !ret);
	if (ret) {
		/* Where and what, whatever it was. */
		assert(err.text[0] && memchr(err.text, 0, sizeof(err.text)));
		assert(strstr(err.text, "expected"));
		return 0;
	}
	ctx = &cfg.kdamonds[0].contexts[0];
	for (i = 0; i < ctx->nr_schemes; i++) {
		config_pattern_to_core(&ctx->schemes[i].pattern,
				       &ctx->intervals, &core);
		assert(core.min_sz <= core.max_sz);
		assert(core.min_nr_accesses <= core.max_nr_accesses);
		assert(core.min_age <= core.max_age);
	}
	text = print_whole(&cfg, &sz_text);
	ret = config_parse(&again, text, sz_text, "print", &err);
	assert(!ret);
	text_again = print_whole(&again, &sz_again);
	assert(sz_text == sz_again && !memcmp(text, text_again, sz_text));
	free(text_again);
	free(text);
	config_fini(&again);
	config_fini(&cfg);
	return 0;
}
