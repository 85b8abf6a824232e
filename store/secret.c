/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for keys and plaintext. Small blocks come from libgcrypt's locked pool; larger ones (page
 * images) and those that the pool cannot hold come from the heap. Both are wiped when freed.
 */
#include "secret.h"

#include <errno.h>
#include <gcrypt.h>
#include <jansson.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SECRET_POOL (2u << 20) /* bytes of locked memory */
#define SECRET_LOCKED_MAX                                                                          \
	((size_t)256 << 10) /* a full ring of keys; larger blocks are page data                    \
			     */

#define SECRET_ALIGN 16 /* of what callers get; the pool gives 8 */

/* Lies right before the memory that the caller gets. */
struct block {
	void *base;
	size_t size, locked;
};

static bool not_locked; /* libgcrypt says it once, when its pool is made */

bool
secret_locked(void)
{
	return !not_locked;
}

/* JSON carries tokens, passwords, names and texts: its memory is wiped like the rest. Plain
 * malloc() underneath, so that what json_dumps() returns may be given to free(). */
static void
free_wiped(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void
secret_free_text(char *text)
{
	free_wiped(text);
}

int
secret_init(void)
{
	json_set_alloc_funcs(malloc, free_wiped);
	if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
		return 0;
	if (gcry_check_version("1.10.0") == NULL)
		return -ENOPKG;
	gcry_control(GCRYCTL_DISABLE_SECMEM_WARN);
	not_locked = gcry_control(GCRYCTL_INIT_SECMEM, SECRET_POOL, 0) != 0;
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	return 0;
}

void *
secret_new(size_t n)
{
	struct block *block;
	void *base = NULL;
	size_t size, locked = 0;
	uintptr_t data;

	if (__builtin_add_overflow(n, sizeof(*block) + SECRET_ALIGN, &size))
		return NULL;
	if (n <= SECRET_LOCKED_MAX) {
		base = gcry_calloc_secure(1, size);
		locked = base != NULL;
	}
	if (base == NULL)
		base = calloc(1, size);
	if (base == NULL)
		return NULL;
	data =
	    ((uintptr_t)base + sizeof(*block) + SECRET_ALIGN - 1) & ~(uintptr_t)(SECRET_ALIGN - 1);
	block = (struct block *)data - 1;
	*block = (struct block){base, n, locked};
	return (void *)data;
}

void
secret_free(void *p)
{
	struct block block;

	if (p == NULL)
		return;
	block = ((struct block *)p)[-1];
	explicit_bzero(p, block.size);
	if (block.locked)
		gcry_free(block.base);
	else
		free(block.base);
}

int
secret_equal(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t difference = 0;

	for (size_t i = 0; i < n; i++)
		difference |= x[i] ^ y[i];
	return difference == 0;
}

void
random_bytes(void *p, size_t n)
{
	uint8_t *to = p;

	while (n > 0) {
		ssize_t got = getrandom(to, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		to += got;
		n -= (size_t)got;
	}
}
