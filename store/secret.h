/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for keys and plaintext: wiped when freed; small blocks locked (rule 12). Falls back to
 * unlocked, wiped memory when the lock limit is reached. */
#ifndef FUMIKURA_STORE_SECRET_H
#define FUMIKURA_STORE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Starts libgcrypt with secure memory, and lets jansson wipe what it frees. Once, first. */
int secret_init(void);
/* Whether the pool of secret_init() really is locked: false where the limits of the process forbid
 * it, and keys could reach the swap. */
bool secret_locked(void);
void *secret_new(size_t n); /* zeroed; NULL on no memory */
void secret_free(void *p);  /* wipes the whole block; NULL is harmless */
/* For text that came from malloc(), as json_dumps() gives: wipes and frees. */
void secret_free_text(char *text);
static inline void
secret_freep(void *p)
{
	secret_free(*(void **)p);
	*(void **)p = NULL;
}
int secret_equal(const void *a, const void *b, size_t n); /* constant time; 1 when equal */
void random_bytes(void *p, size_t n); /* from the kernel; aborts when it cannot */

#endif
