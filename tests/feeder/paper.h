/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sheet of paper made from an image file, as a scanner of a given resolution and mode sees it. */
#ifndef FEEDER_PAPER_H
#define FEEDER_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHEET_WIDTH_MM 210.0 /* every sheet is A4 */
#define SHEET_HEIGHT_MM 297.0

enum paper_mode { PAPER_COLOR, PAPER_GRAY, PAPER_LINEART };

/* What is looked at: the window in mm from the sheet's upper left corner. */
struct paper_view {
	enum paper_mode mode;
	int dpi;
	double x, y, width, height;
};

/* Raster of the view. */
size_t paper_columns(const struct paper_view *view);
size_t paper_lines(const struct paper_view *view);
size_t paper_line_bytes(const struct paper_view *view);

/*
 * Decodes the PNG, JPEG or TIFF (first page) in data and draws it on white A4 paper: at its own
 * size, centred, from the upper edge; shrunk when it is larger than the sheet. Returns a memory
 * file of paper_lines() × paper_line_bytes() bytes, or -1. A NULL data is a blank sheet.
 */
int paper_draw(const void *data, size_t size, const struct paper_view *view);

#endif
