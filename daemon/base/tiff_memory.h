/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libtiff reading from memory, for the two rooms that link it and read TIFFs (import, ocr). No
 * other room may call it: the link line says so. */
#ifndef FUMIKURA_TIFF_MEMORY_H
#define FUMIKURA_TIFF_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <tiffio.h>

struct tiff_memory {
	const uint8_t *data;
	size_t size, at; /* at: of the next read */
};

/* Opens for reading, mapped: nothing is copied, and memory must outlive the TIFF. options say who
 * hears of errors. NULL: no TIFF, or no memory. */
TIFF *tiff_memory_open(struct tiff_memory *memory, TIFFOpenOptions *options);

/* Usable as _cleanup_(tiff_closep). */
void tiff_closep(TIFF **tiff);

#endif
