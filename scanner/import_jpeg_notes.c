/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks a JPEG's markers up to the first scan. Decodes nothing. */
#include <string.h>

#include "import_decode.h"

static unsigned
be16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t
exif_number(const uint8_t *p, size_t n, bool little)
{
	uint32_t value = 0;

	for (size_t i = 0; i < n; i++)
		value |= (uint32_t)p[i] << 8 * (little ? i : n - 1 - i);
	return value;
}

struct exif {
	const uint8_t *data;
	size_t size;
	bool little;
};

/* A RATIONAL lies elsewhere, at the entry's offset. */
static double
exif_rational(const struct exif *e, size_t entry)
{
	size_t at = exif_number(e->data + entry + 8, 4, e->little);
	double over, under;

	if (at > e->size || e->size - at < 8)
		return 0;
	over = exif_number(e->data + at, 4, e->little);
	under = exif_number(e->data + at + 4, 4, e->little);
	return under > 0 ? over / under : 0;
}

/* Orientation and resolution, from the first directory. JFIF's own resolution goes before. */
static void
read_exif(const uint8_t *p, size_t n, struct jpeg_notes *notes)
{
	struct exif e = {.data = p + 6, .size = n - 6};
	double x = 0, y = 0, unit = 1;
	size_t at, count;

	if (n < 6 + 8 || memcmp(p, "Exif\0\0", 6) != 0)
		return;
	e.little = e.data[0] == 'I';
	at = exif_number(e.data + 4, 4, e.little);
	if (at > e.size - 2)
		return;
	count = exif_number(e.data + at, 2, e.little);
	for (at += 2; count > 0 && at + 12 <= e.size; count--, at += 12) {
		uint32_t tag = exif_number(e.data + at, 2, e.little);
		uint32_t number = exif_number(e.data + at + 8, 2, e.little);

		if (tag == 274)
			notes->orientation = number;
		else if (tag == 282)
			x = exif_rational(&e, at);
		else if (tag == 283)
			y = exif_rational(&e, at);
		else if (tag == 296 && number == 3)
			unit = 2.54;
	}
	if (notes->dpi_x <= 0) {
		notes->dpi_x = x * unit;
		notes->dpi_y = y * unit;
	}
}

static void
read_jfif(const uint8_t *p, size_t n, struct jpeg_notes *notes)
{
	double unit;

	if (n < 12 || memcmp(p, "JFIF", 5) != 0 || (p[7] != 1 && p[7] != 2))
		return;
	unit = p[7] == 1 ? 1 : 2.54; /* per inch, per cm */
	notes->dpi_x = be16(p + 8) * unit;
	notes->dpi_y = be16(p + 10) * unit;
}

static bool
is_frame(unsigned marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

static int
read_segment(unsigned marker, const uint8_t *p, size_t n, struct jpeg_notes *notes)
{
	if (marker == 0xe0)
		read_jfif(p, n, notes);
	else if (marker == 0xe1)
		read_exif(p, n, notes);
	else if (marker == 0xee && n >= 12 && memcmp(p, "Adobe", 5) == 0)
		notes->adobe = true;
	if (!is_frame(marker))
		return 0;
	if (n < 6)
		return IMPORT_CORRUPT;
	notes->bits = p[0];
	notes->height = be16(p + 1);
	notes->width = be16(p + 3);
	notes->components = p[5];
	return 0;
}

/* Some writers pad behind the end; only zeros and line ends are taken for that. */
static bool
ends_with_eoi(const uint8_t *data, size_t size)
{
	while (
	    size > 2 && (data[size - 1] == 0 || data[size - 1] == '\n' || data[size - 1] == '\r'))
		size--;
	return size >= 2 && data[size - 2] == 0xff && data[size - 1] == 0xd9;
}

int
jpeg_read_notes(const uint8_t *data, size_t size, struct jpeg_notes *ret)
{
	struct jpeg_notes notes = {.whole = ends_with_eoi(data, size)};
	size_t at = 2;

	while (at + 4 <= size && data[at] == 0xff) {
		unsigned marker = data[at + 1];
		size_t n;

		if (marker == 0xff) { /* fill byte */
			at++;
			continue;
		}
		if (marker == 0xda)
			break;
		n = be16(data + at + 2);
		if (n < 2 || at + 2 + n > size)
			return IMPORT_CORRUPT;
		if (read_segment(marker, data + at + 4, n - 2, &notes) < 0)
			return IMPORT_CORRUPT;
		at += 2 + n;
	}
	if (notes.components == 0)
		return IMPORT_CORRUPT;
	*ret = notes;
	return 0;
}
