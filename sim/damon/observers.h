/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Several who want to know of one context.
 */
#ifndef OBSERVERS_H
#define OBSERVERS_H

#include "context.h"

#define OBSERVERS_MAX 8

/**
 * struct observers - who is told, in which order; all zero is nobody.
 * @at:		each with its data
 * @nr:		of @at
 */
struct observers {
	struct {
		const struct context_observer *observer;
		void *data;
	} at[OBSERVERS_MAX];
	u32 nr;
};

/* Hands on to all of them; its data is a struct observers. */
extern const struct context_observer observers_all;

/* One more; there are never more than OBSERVERS_MAX. */
void observers_add(struct observers *v, const struct context_observer *observer,
		   void *data);

#endif
