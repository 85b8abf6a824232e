/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libtiff's view of a block of memory. Knows nothing of pages. */
#include "tiff_memory.h"

#include <stdio.h>
#include <string.h>

static tmsize_t
memory_read(thandle_t handle, void *out, tmsize_t n)
{
	struct tiff_memory *m = handle;
	size_t left = m->size - m->at;

	if (n < 0)
		return -1;
	if ((size_t)n > left)
		n = (tmsize_t)left;
	if (n > 0) /* of an empty file there is no data to point to */
		memcpy(out, m->data + m->at, (size_t)n);
	m->at += (size_t)n;
	return n;
}

static tmsize_t
memory_write(thandle_t handle, void *data, tmsize_t n)
{
	return 0;
}

static toff_t
memory_seek(thandle_t handle, toff_t offset, int whence)
{
	struct tiff_memory *m = handle;

	if (whence == SEEK_CUR)
		offset += m->at;
	else if (whence == SEEK_END)
		offset += m->size;
	m->at = offset > m->size ? m->size : (size_t)offset;
	return m->at;
}

static int
memory_close(thandle_t handle)
{
	return 0;
}

static toff_t
memory_size(thandle_t handle)
{
	return ((struct tiff_memory *)handle)->size;
}

static int
memory_map(thandle_t handle, void **base, toff_t *size)
{
	struct tiff_memory *m = handle;

	*base = (void *)(uintptr_t)m->data;
	*size = m->size;
	return 1;
}

static void
memory_unmap(thandle_t handle, void *base, toff_t size)
{
}

TIFF *
tiff_memory_open(struct tiff_memory *m, TIFFOpenOptions *options)
{
	return TIFFClientOpenExt("memory", "r", m, memory_read, memory_write, memory_seek,
	    memory_close, memory_size, memory_map, memory_unmap, options);
}

void
tiff_closep(TIFF **tiff)
{
	if (*tiff != NULL)
		TIFFClose(*tiff);
	*tiff = NULL;
}
