/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decoders: each takes a whole file in memory and puts its pages into the sink. Errors as
 * import_sink.h has them. */
#ifndef FUMIKURA_IMPORT_DECODE_H
#define FUMIKURA_IMPORT_DECODE_H

#include "import_sink.h"

/* By content: PDF, TIFF, JPEG, PNG; IMPORT_UNSUPPORTED for anything else, IMPORT_EMPTY for nothing.
 */
int import_decode(const uint8_t *data, size_t size, struct import_sink *sink);

int import_pdf(const uint8_t *data, size_t size, struct import_sink *sink);
int import_tiff(const uint8_t *data, size_t size, struct import_sink *sink);
int import_jpeg(const uint8_t *data, size_t size, struct import_sink *sink);
int import_png(const uint8_t *data, size_t size, struct import_sink *sink);

/* What a JPEG's markers say beside the picture (ITU T.81 annex B, Exif 2.3). */
struct jpeg_notes {
	uint32_t width, height;
	unsigned bits, components, orientation; /* orientation 0: not told */
	double dpi_x, dpi_y;                    /* 0: not told */
	bool adobe;                             /* has Adobe's marker: inks are stored inverted */
	bool whole;                             /* ends with EOI */
};
/* IMPORT_CORRUPT when the markers are broken or no frame comes. */
int jpeg_read_notes(const uint8_t *data, size_t size, struct jpeg_notes *ret);

#endif
