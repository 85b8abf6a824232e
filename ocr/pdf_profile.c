/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An sRGB display profile (ICC.1:2001-04), made of numbers: no file has to be shipped or licensed.
 */
#include <math.h>
#include <string.h>

#include "ocr/pdf_text.h"

#define CURVE_POINTS 256
#define TAGS 9

static void
put32(struct buf *b, uint32_t v)
{
	uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	buf_add(b, bytes, 4);
}

static void
put_xyz(struct buf *b, double x, double y, double z)
{
	buf_add(b, "XYZ \0\0\0\0", 8);
	put32(b, (uint32_t)(int32_t)lround(x * 65536));
	put32(b, (uint32_t)(int32_t)lround(y * 65536));
	put32(b, (uint32_t)(int32_t)lround(z * 65536));
}

static void
put_curve(struct buf *b)
{
	buf_add(b, "curv\0\0\0\0", 8);
	put32(b, CURVE_POINTS);
	for (int i = 0; i < CURVE_POINTS; i++) {
		double v = i / (CURVE_POINTS - 1.0);
		double linear = v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
		unsigned n = (unsigned)lround(linear * 65535);
		uint8_t bytes[2] = {(uint8_t)(n >> 8), (uint8_t)n};

		buf_add(b, bytes, 2);
	}
}

/* Text of a description or copyright tag, padded to four bytes. */
static void
put_label(struct buf *b, bool description)
{
	static const char text[] = "sRGB IEC61966-2.1";
	static const uint8_t zeros[80];
	size_t from = b->size;

	buf_add(b, description ? "desc\0\0\0\0" : "text\0\0\0\0", 8);
	if (description)
		put32(b, sizeof text);
	buf_add(b, description ? text : "No copyright", description ? sizeof text : 13);
	if (description)
		buf_add(b, zeros, 4 + 4 + 2 + 1 + 67);
	buf_add(b, zeros, (4 - (b->size - from) % 4) % 4);
}

static void
put_header(struct buf *b, uint32_t size)
{
	static const uint8_t zeros[48];

	put32(b, size);
	put32(b, 0);
	put32(b, 0x02100000);
	buf_add(b, "mntrRGB XYZ ", 12);
	buf_add(b, "\x07\xd0\0\x01\0\x01\0\0\0\0\0\0", 12);
	buf_add(b, "acsp", 4);
	buf_add(b, zeros, 28);
	put32(b, 0xf6d6); /* the D50 white of the connection space */
	put32(b, 0x10000);
	put32(b, 0xd32d);
	buf_add(b, zeros, 48); /* creator, reserved */
}

void
pdf_srgb_profile(struct buf *out)
{
	static const char names[TAGS][5] = {
	    "desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"};
	struct buf body = {0};
	size_t at[TAGS + 1];

	for (unsigned i = 0; i < TAGS; i++) {
		at[i] = body.size;
		if (i < 2)
			put_label(&body, i == 0);
		else if (i == 2)
			put_xyz(&body, 0.9505, 1, 1.0891);
		else if (i == 3)
			put_xyz(&body, 0.43607, 0.22249, 0.01392);
		else if (i == 4)
			put_xyz(&body, 0.38515, 0.71687, 0.09708);
		else if (i == 5)
			put_xyz(&body, 0.14307, 0.06061, 0.71410);
		else
			put_curve(&body);
	}
	at[TAGS] = body.size;
	put_header(out, (uint32_t)(128 + 4 + 12 * TAGS + body.size));
	put32(out, TAGS);
	for (unsigned i = 0; i < TAGS; i++) {
		buf_add(out, names[i], 4);
		put32(out, (uint32_t)(128 + 4 + 12 * TAGS + at[i]));
		put32(out, (uint32_t)(at[i + 1] - at[i]));
	}
	buf_add(out, body.data, body.size);
	if (body.error != 0)
		out->error = body.error;
	buf_free(&body);
}
