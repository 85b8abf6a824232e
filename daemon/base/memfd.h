/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sealed memory files: the only way bulk data travels between rooms. A sender fills and seals; a
 * receiver trusts nothing: it checks all four seals (write, grow, shrink, seal) and the size before
 * it maps, so no peer can change bytes under it.
 */
#ifndef FUMIKURA_MEMFD_H
#define FUMIKURA_MEMFD_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

/* Largest payload any room accepts in one descriptor: A3 at 600 dpi, 24 bit, raw, plus headers. */
#define MEMFD_MAX ((size_t)256 << 20)

struct memview {
	const uint8_t *data; /* NULL when size is 0 */
	size_t size;
};

/* New descriptor (caller owns; close-on-exec) holding a copy of data, sealed. -ENOMEM, -EFBIG over
 * MEMFD_MAX, other -errno. */
int memfd_new_sealed(const char *name, const void *data, size_t size);

/* New writable, unsealed descriptor to fill with write(2) or mmap; then memfd_seal(). Caller owns.
 */
int memfd_new(const char *name);

/* Adds all four seals. The descriptor stays owned by the caller. */
int memfd_seal(int fd);

/*
 * Maps a descriptor received from a peer. Borrowed: fd stays the caller's and may be closed after.
 * -EPERM when any seal is missing, it is not a memory file or not open for reading, -EFBIG when
 * larger than max; what else fails is ours. ret is unmapped by memview_free().
 */
int memfd_view(int fd, size_t max, struct memview *ret);

/* Unmaps; harmless on a zeroed view. Usable as _cleanup_(memview_free). */
void memview_free(struct memview *view);

#endif
