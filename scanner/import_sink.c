/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes pages of decoded rows. Knows no file format. */
#include "import_sink.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "page_dpi.h"
#include "text.h"

void
import_out_free(struct import_out *out)
{
	if (out == NULL)
		return;
	if (out->fd >= 0)
		close(out->fd);
	page_params_clear(&out->params);
	free(out);
}

int
import_count(struct import_sink *s, uint32_t pages)
{
	s->file_pages = pages;
	return pages > s->max_pages ? IMPORT_TOO_MANY : 0;
}

int
import_check_size(const struct import_sink *s, uint64_t width, uint64_t height)
{
	if (width == 0 || height == 0)
		return IMPORT_CORRUPT;
	if (width > PAGE_MAX_SIDE || height > PAGE_MAX_SIDE || width * height > s->max_pixels)
		return IMPORT_TOO_LARGE;
	return 0;
}

/* ---- turning ---- */

static bool
turned(unsigned orientation)
{
	return orientation >= 2 && orientation <= 8;
}

static bool
sides_swap(unsigned orientation)
{
	return orientation >= 5 && orientation <= 8;
}

/* Bit 0: the source's columns run backwards, bit 1: its rows do. Index: orientation. */
static const uint8_t backwards[9] = {0, 0, 1, 3, 2, 0, 2, 3, 1};

struct turn {
	const uint8_t *from;
	size_t from_row, pixel;
	uint32_t width, height; /* of the source */
	unsigned orientation;
};

/* Where pixel x, y of the turned picture comes from. */
static void
source_of(const struct turn *t, uint32_t x, uint32_t y, uint32_t *ret_x, uint32_t *ret_y)
{
	uint32_t sx = sides_swap(t->orientation) ? y : x, sy = sides_swap(t->orientation) ? x : y;

	*ret_x = backwards[t->orientation] & 1 ? t->width - 1 - sx : sx;
	*ret_y = backwards[t->orientation] & 2 ? t->height - 1 - sy : sy;
}

static void
turn_row(const struct turn *t, uint32_t y, uint32_t columns, uint8_t *out)
{
	for (uint32_t x = 0; x < columns; x++) {
		const uint8_t *row;
		uint32_t sx, sy;

		source_of(t, x, y, &sx, &sy);
		row = t->from + sy * t->from_row;
		if (t->pixel == 0)
			out[x / 8] |= (uint8_t)((row[sx / 8] >> (7 - sx % 8) & 1) << (7 - x % 8));
		else
			memcpy(out + x * t->pixel, row + sx * t->pixel, t->pixel);
	}
}

int
import_turn(const uint8_t *pixels, const struct page_format *format, uint32_t height,
    unsigned orientation, uint8_t **ret)
{
	struct turn t = {.from = pixels,
	    .from_row = page_row_bytes(format),
	    .pixel = format->depth == 1 ? 0 : format->samples * (format->depth / 8),
	    .width = format->width,
	    .height = height,
	    .orientation = orientation};
	bool swap = sides_swap(orientation);
	struct page_format to = *format;
	uint32_t rows = swap ? format->width : height;
	size_t row;

	to.width = swap ? height : format->width;
	row = page_row_bytes(&to);
	*ret = calloc(rows, row);
	if (*ret == NULL)
		return -ENOMEM;
	for (uint32_t y = 0; y < rows; y++)
		turn_row(&t, y, to.width, *ret + y * row);
	return 0;
}

/* ---- a page ---- */

static void
decide_dpi(struct import_sink *s)
{
	const struct import_page *p = &s->page;
	struct page_format *f = &s->out_format;
	bool swap = sides_swap(p->orientation);

	s->dpi_assumed = !page_dpi_believable(p->width, p->height, p->dpi_x, p->dpi_y);
	if (s->dpi_assumed) {
		f->dpi_x = f->dpi_y = page_dpi_guess(p->width, p->height);
	} else {
		f->dpi_x = (unsigned)lround(swap ? p->dpi_y : p->dpi_x);
		f->dpi_y = (unsigned)lround(swap ? p->dpi_x : p->dpi_y);
	}
}

int
import_begin(struct import_sink *s, const struct import_page *page)
{
	struct page_format in = {page->width, page->depth, page->samples, 0, 0};
	int r = import_check_size(s, page->width, page->height);

	if (r < 0)
		return r;
	import_sink_clear(s);
	s->row_bytes = page_row_bytes(&in);
	if (s->row_bytes == 0)
		return IMPORT_UNSUPPORTED;
	if (s->row_bytes * page->height > PAGE_MAX_BYTES)
		return IMPORT_TOO_LARGE;
	s->page = *page;
	s->out_format = in;
	if (sides_swap(page->orientation))
		s->out_format.width = page->height;
	decide_dpi(s);
	sha256_init(&s->hash);
	if (turned(page->orientation)) {
		s->whole = malloc(s->row_bytes * page->height);
		if (s->whole == NULL)
			return -ENOMEM;
	}
	return page_tiff_new(&s->out_format, &s->tiff);
}

static int
write_rows(struct import_sink *s, const void *rows, size_t count)
{
	sha256_update(&s->hash, rows, count * page_row_bytes(&s->out_format));
	return page_tiff_rows(s->tiff, rows, count);
}

int
import_rows(struct import_sink *s, const void *rows, size_t count)
{
	if (count > s->page.height - s->n_rows)
		return IMPORT_CORRUPT;
	s->n_rows += count;
	if (s->whole == NULL)
		return write_rows(s, rows, count);
	memcpy(s->whole + (s->n_rows - count) * s->row_bytes, rows, count * s->row_bytes);
	return 0;
}

static int
write_turned(struct import_sink *s)
{
	struct page_format in = {s->page.width, s->page.depth, s->page.samples, 0, 0};
	_cleanup_(freep) uint8_t *upright = NULL;
	int r = import_turn(s->whole, &in, s->page.height, s->page.orientation, &upright);

	if (r < 0)
		return r;
	return write_rows(
	    s, upright, sides_swap(s->page.orientation) ? s->page.width : s->page.height);
}

static int
describe(struct import_sink *s, struct page_params *p)
{
	const struct page_format *f = &s->out_format;
	char hex[SHA256_HEX_SIZE];
	uint8_t digest[SHA256_SIZE];
	int bad = 0;

	sha256_final(&s->hash, digest);
	hex_encode(digest, sizeof digest, hex);
	bad |= page_params_add(p, "raw_sha256", "%s", hex);
	bad |= page_params_add(p, "width", "%u", f->width);
	bad |= page_params_add(p, "height", "%u", page_tiff_height(s->tiff));
	bad |= page_params_add(p, "depth", "%u", f->depth);
	bad |= page_params_add(p, "samples", "%u", f->samples);
	bad |= page_params_add(p, "dpi_x", "%u", f->dpi_x);
	bad |= page_params_add(p, "dpi_y", "%u", f->dpi_y);
	bad |= page_params_add(p, "mode", "%s", s->page.mode);
	bad |= page_params_add(p, "source", "file");
	bad |= page_params_add(p, "sheet", "%u", s->seq);
	bad |= page_params_add(p, "side", "front");
	bad |= page_params_add(p, "file", "%s", s->name);
	bad |= page_params_add(p, "file_sha256", "%s", s->file_sha256);
	bad |= page_params_add(p, "file_page", "%u", s->seq);
	bad |= page_params_add(p, "file_pages", "%u", s->file_pages);
	bad |= page_params_add(p, "format", "%s", s->format);
	bad |= page_params_add(p, "flags", "%s%s%s", s->page.flags,
	    *s->page.flags && s->dpi_assumed ? "," : "", s->dpi_assumed ? "dpi_assumed" : "");
	return bad < 0 ? -ENOMEM : 0;
}

int
import_end(struct import_sink *s)
{
	_cleanup_(import_out_freep) struct import_out *out = NULL;
	int r = s->n_rows == s->page.height ? 0 : IMPORT_CORRUPT;

	if (r == 0 && s->whole != NULL)
		r = write_turned(s);
	if (r < 0)
		return r;
	out = calloc(1, sizeof *out);
	if (out == NULL)
		return -ENOMEM;
	out->fd = -1;
	out->seq = ++s->seq;
	r = describe(s, &out->params);
	if (r < 0)
		return r;
	r = page_tiff_finish(s->tiff, &out->fd);
	if (r < 0)
		return r;
	import_sink_clear(s);
	return s->put(s->userdata, TAKE_PTR(out));
}

void
import_sink_clear(struct import_sink *s)
{
	page_tiff_free(s->tiff);
	s->tiff = NULL;
	free(s->whole);
	s->whole = NULL;
	s->n_rows = 0;
}
