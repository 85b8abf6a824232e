/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws image files as scanned sheets. Knows nothing of trays or SANE. */
#include "paper.h"

#include <fcntl.h>
#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../scanner/page_dpi.h"

#define SAME_SCALE                                                                                 \
	0.005         /* closer than this to 1: copied pixel by pixel, the rest cropped or white */
#define OVERSIZE 1.02 /* larger than the sheet by less is cropped */

size_t
paper_columns(const struct paper_view *v)
{
	return (size_t)lround(v->width / 25.4 * v->dpi);
}

size_t
paper_lines(const struct paper_view *v)
{
	return (size_t)lround(v->height / 25.4 * v->dpi);
}

size_t
paper_line_bytes(const struct paper_view *v)
{
	size_t n = paper_columns(v);

	return v->mode == PAPER_COLOR ? n * 3 : v->mode == PAPER_GRAY ? n : (n + 7) / 8;
}

/* True resolution of the picture, after page_dpi.h's rules. */
static void
picture_dpi(PIX *pix, double *ret_x, double *ret_y)
{
	uint32_t w = (uint32_t)pixGetWidth(pix), h = (uint32_t)pixGetHeight(pix);
	double x = pixGetXRes(pix), y = pixGetYRes(pix);

	if (!page_dpi_believable(w, h, x, y))
		x = y = page_dpi_guess(w, h);
	*ret_x = x;
	*ret_y = y;
}

/* The picture in the view's resolution, as 8 bit grey or 32 bit colour. Takes pix. */
static PIX *
scale(PIX *pix, const struct paper_view *view)
{
	double dpi_x, dpi_y, shrink, sx, sy;
	PIX *plain, *scaled;

	picture_dpi(pix, &dpi_x, &dpi_y);
	shrink = fmax(pixGetWidth(pix) / dpi_x / (SHEET_WIDTH_MM / 25.4),
	    pixGetHeight(pix) / dpi_y / (SHEET_HEIGHT_MM / 25.4));
	if (shrink < OVERSIZE)
		shrink = 1;
	sx = view->dpi / dpi_x / shrink;
	sy = view->dpi / dpi_y / shrink;
	plain = view->mode == PAPER_COLOR ? pixConvertTo32(pix) : pixConvertTo8(pix, 0);
	pixDestroy(&pix);
	if (plain == NULL || (fabs(sx - 1) < SAME_SCALE && fabs(sy - 1) < SAME_SCALE))
		return plain;
	scaled = pixScaleGeneral(plain, (float)sx, (float)sy, 0, 0);
	pixDestroy(&plain);
	return scaled;
}

/* Copies pixels from, to … of a row into out, where the row's pixel from lands at out. */
static void
copy_color(const l_uint32 *row, long from, long to, uint8_t *out)
{
	for (long x = from; x < to; x++) {
		l_uint32 p = row[x];

		*out++ = (uint8_t)(p >> 24);
		*out++ = (uint8_t)(p >> 16);
		*out++ = (uint8_t)(p >> 8);
	}
}

static void
copy_gray(l_uint32 *row, long from, long to, uint8_t *out)
{
	for (long x = from; x < to; x++)
		*out++ = (uint8_t)GET_DATA_BYTE(row, x);
}

static void
copy_lineart(l_uint32 *row, long from, long to, uint8_t *line, long at)
{
	for (long x = from; x < to; x++, at++)
		if (GET_DATA_BYTE(row, x) < 128)
			line[at / 8] |= (uint8_t)(0x80 >> at % 8);
}

static void
copy_row(PIX *pix, long y, long left, long columns, enum paper_mode mode, uint8_t *line)
{
	l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
	long from = left < 0 ? -left : 0, to = pixGetWidth(pix), at = left + from;

	if (to > columns - left)
		to = columns - left;
	if (from >= to)
		return;
	if (mode == PAPER_COLOR)
		copy_color(row, from, to, line + at * 3);
	else if (mode == PAPER_GRAY)
		copy_gray(row, from, to, line + at);
	else
		copy_lineart(row, from, to, line, at);
}

/* White paper, then the picture on it; pix may be NULL. */
static void
draw(PIX *pix, const struct paper_view *view, uint8_t *out)
{
	long columns = (long)paper_columns(view), lines = (long)paper_lines(view);
	size_t bytes = paper_line_bytes(view);
	long sheet = lround(SHEET_WIDTH_MM / 25.4 * view->dpi);
	long left = -lround(view->x / 25.4 * view->dpi), top = -lround(view->y / 25.4 * view->dpi);

	memset(out, view->mode == PAPER_LINEART ? 0 : 0xff, (size_t)lines * bytes);
	if (pix == NULL)
		return;
	if (pixGetWidth(pix) < sheet)
		left += (sheet - pixGetWidth(pix)) / 2;
	for (long y = 0; y < lines; y++)
		if (y - top >= 0 && y - top < pixGetHeight(pix))
			copy_row(pix, y - top, left, columns, view->mode, out + (size_t)y * bytes);
}

int
paper_draw(const void *data, size_t size, const struct paper_view *view)
{
	size_t total = paper_lines(view) * paper_line_bytes(view);
	int fd = memfd_create("sheet", MFD_CLOEXEC);
	PIX *pix = NULL;
	void *map;

	setMsgSeverity(L_SEVERITY_NONE);
	if (fd < 0)
		return -1;
	if (data != NULL) {
		pix = pixReadMem(data, size);
		pix = pix == NULL ? NULL : scale(pix, view);
		if (pix == NULL)
			goto fail;
	}
	if (ftruncate(fd, (off_t)total) < 0)
		goto fail;
	map = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		goto fail;
	draw(pix, view, map);
	munmap(map, total);
	pixDestroy(&pix);
	return fd;
fail:
	pixDestroy(&pix);
	close(fd);
	return -1;
}
