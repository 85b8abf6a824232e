/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines: from its layout to its network Tesseract hands each packed as PNG, and unpacks it there, 5
 * % of all its work (MEASURED.md). It asks Leptonica's pixWriteMem() for that; this one only writes
 * the pixels down, and pixReadMem() understands both.
 *
 * Threads: each step of the network is a parallel region, of which the library of OpenMP makes a
 * team and asks the kernel to wake it, 130,000 times a page, also when one thread is all it may
 * have. Here a region is what the compiler made of it, called once: there is one thread to a
 * worker. Whatever libtesseract asks of that library has to be here, or be harmless:
 * tests/unit/ocr_library_test.c.
 */
#include <dlfcn.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/engine_library.h"

/* As the compiler calls them; no header has them. */
void GOMP_parallel(void (*region)(void *), void *data, unsigned threads, unsigned flags);
void GOMP_parallel_sections(
    void (*region)(void *), void *data, unsigned threads, unsigned count, unsigned flags);
unsigned GOMP_sections_next(void);
void GOMP_sections_end_nowait(void);

typedef l_ok write_mem(l_uint8 **, size_t *, PIX *, l_int32);

/* Sections of the region that this thread is in. */
static _Thread_local struct {
	unsigned next, count;
} sections;

void
engine_library_hold(void)
{
}

l_ok
pixWriteMem(l_uint8 **pdata, size_t *psize, PIX *pix, l_int32 format)
{
	write_mem *theirs;
	l_uint32 *data = NULL;

	if (format == IFF_PNG && pdata != NULL && psize != NULL && pix != NULL) {
		if (pixSerializeToMemory(pix, &data, psize) != 0)
			return 1;
		*pdata = (l_uint8 *)data;
		return 0;
	}
	*(void **)&theirs = dlsym(RTLD_NEXT, "pixWriteMem");
	return theirs == NULL ? 1 : theirs(pdata, psize, pix, format);
}

void
GOMP_parallel(void (*region)(void *), void *data, unsigned threads, unsigned flags)
{
	region(data);
}

void
GOMP_parallel_sections(
    void (*region)(void *), void *data, unsigned threads, unsigned count, unsigned flags)
{
	const unsigned next = sections.next, outer = sections.count;

	sections.next = 1;
	sections.count = count;
	region(data);
	sections.next = next;
	sections.count = outer;
}

/* The next section of the region, 0: none is left. */
unsigned
GOMP_sections_next(void)
{
	return sections.next <= sections.count ? sections.next++ : 0;
}

void
GOMP_sections_end_nowait(void)
{
}
