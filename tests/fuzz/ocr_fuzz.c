/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this room parses itself: ALTO (first byte 0), page masters (1), values of fields (2). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/alto.h"
#include "ocr/fields.h"
#include "ocr/page_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(alto_page_free) struct alto_page alto = {0};
	_cleanup_(page_free) struct page page = {0};
	char text[200], out[64];
	size_t n;

	if (size == 0)
		return 0;
	if (data[0] == 0)
		alto_read((const char *)data + 1, size - 1, &alto);
	else if (data[0] == 1)
		page_in(data + 1, size - 1, 0, &page);
	else {
		n = size - 1 < sizeof text - 1 ? size - 1 : sizeof text - 1;
		memcpy(text, data + 1, n);
		text[n] = '\0';
		for (int kind = FIELD_TEXTUAL; kind <= FIELD_MONEY; kind++)
			field_normal((enum field_kind)kind, text, out);
	}
	return 0;
}
