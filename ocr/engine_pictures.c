/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tesseract hands each line from its layout to its network packed as PNG, and unpacks it there: 5 %
 * of all its work (README.md). It asks Leptonica's pixWriteMem() for that; the linker gives it this
 * one instead, which only writes the pixels down. What comes out of pixReadMem() is the same.
 */
#include <dlfcn.h>

#include <leptonica/allheaders.h>

typedef l_ok write_mem(l_uint8 **, size_t *, PIX *, l_int32);

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
