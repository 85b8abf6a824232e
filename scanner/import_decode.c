/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the decoder by the file's first bytes; names and extensions are not asked. */
#include "import_decode.h"

#include <string.h>

#define HEAD_WINDOW 1024 /* PDF readers bear so much before the header */

typedef int (*decoder)(const uint8_t *data, size_t size, struct import_sink *sink);

static const struct {
	const char *magic;
	size_t length;
	decoder decode;
} formats[] = {
    {"II*\0", 4, import_tiff},
    {"MM\0*", 4, import_tiff},
    {"II+\0", 4, import_tiff}, /* BigTIFF */
    {"MM\0+", 4, import_tiff},
    {"\xff\xd8\xff", 3, import_jpeg},
    {"\x89PNG\r\n\x1a\n", 8, import_png},
    {"%PDF-", 5, import_pdf},
};

int
import_decode(const uint8_t *data, size_t size, struct import_sink *sink)
{
	size_t head = size < HEAD_WINDOW ? size : HEAD_WINDOW;
	int r;

	if (size == 0)
		return IMPORT_EMPTY;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (size >= formats[i].length &&
		    memcmp(data, formats[i].magic, formats[i].length) == 0) {
			r = formats[i].decode(data, size, sink);
			import_sink_clear(sink);
			return r;
		}
	if (memmem(data, head, "%PDF-", 5) == NULL)
		return IMPORT_UNSUPPORTED;
	r = import_pdf(data, size, sink);
	import_sink_clear(sink);
	return r;
}
