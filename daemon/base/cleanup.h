/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scope-bound release. Declare the variable with _cleanup_(fn) on the line that acquires it; fn
 * receives the variable's address, tolerates NULL or -1, and clears it. Return a guarded value with
 * TAKE_PTR / TAKE_FD.
 */
#ifndef FUMIKURA_CLEANUP_H
#define FUMIKURA_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(fn) __attribute__((cleanup(fn)))

#define TAKE_PTR(p)                                                                                \
	({                                                                                         \
		__typeof__(p) taken_ = (p);                                                        \
		(p) = NULL;                                                                        \
		taken_;                                                                            \
	})
#define TAKE_FD(fd)                                                                                \
	({                                                                                         \
		int taken_ = (fd);                                                                 \
		(fd) = -1;                                                                         \
		taken_;                                                                            \
	})

/* Makes name##p(type **) from a destructor that accepts NULL. */
#define DEFINE_CLEANUP(type, fn)                                                                   \
	static inline void fn##p(type *p)                                                          \
	{                                                                                          \
		if (*p != NULL)                                                                    \
			fn(*p);                                                                    \
		*p = NULL;                                                                         \
	}

static inline void
freep(void *p)
{
	free(*(void **)p);
	*(void **)p = NULL;
}

static inline void
closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

#endif
