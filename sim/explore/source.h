/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The source line of an address in this program, by what the compiler wrote
 * about it.
 */
#ifndef EXPLORE_SOURCE_H
#define EXPLORE_SOURCE_H

#include <linux/types.h>

struct sources;

/**
 * struct source_line - where code comes from.
 * @file:	its name without folders; empty if it is not known
 * @line:	from 1
 * @text:	the line itself, without what stands around it; empty if the
 *		file is not there any more
 */
struct source_line {
	char file[48];
	u32 line;
	char text[100];
};

/**
 * sources_new() - open this program's line table.
 *
 * Return: NULL if there is none.
 */
struct sources *sources_new(void);

/* Close it; NULL allowed. */
void sources_free(struct sources *s);

/**
 * source_of() - where an address comes from.
 * @s:		NULL allowed
 * @pc:		a return address
 * @out:	filled; empty if it is not known
 */
void source_of(struct sources *s, const void *pc, struct source_line *out);

#endif
