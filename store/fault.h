/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage found by verify and doctor: a stable code, where it is, and what it means in Japanese and
 * English. */
#ifndef FUMIKURA_STORE_FAULT_H
#define FUMIKURA_STORE_FAULT_H

#include <jansson.h>
#include <stdbool.h>

#define FAULTS_MAX 10000 /* named one by one; beyond it only counted */

struct faults {
	json_t *list; /* [{code,where,ja,en,detail}] */
	unsigned long count;
};

/*
 * Whether what could not be opened or read (negative errno) is not as it was written. Anything else
 * says nothing of it: no space, no memory, a lock, a disk that cannot be read or written just now.
 */
bool fault_is_damage(int r);

/* What to call an object, or a file of keys, that could not be read for that negative errno. */
const char *fault_of_object(int r);
const char *fault_of_key(int r);

void faults_init(struct faults *faults);
/* fault_fn of eventlog.h and catalogue.h: ctx is struct faults. where may be NULL. */
void faults_add(void *ctx, const char *code, const char *where, const char *detail);

#endif
