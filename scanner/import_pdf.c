/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PDF through poppler. A page that is one scanned picture is drawn on that picture's own grid, so
 * that its pixels come out as they are; any other page at 300 dpi. Pages without colour become
 * grey, pages of pure black and white one bit; both lose nothing.
 */
#include <math.h>
#include <poppler.h>
#include <string.h>

#include "import_decode.h"

#define PLAIN_DPI 300.0
#define MIN_DPI 72.0 /* of an embedded picture; less is enlarged */
#define MAX_DPI 1200.0
#define MIN_DPI_UNDER_TEXT 200.0 /* below it, letters drawn over the picture would suffer */
#define COVERS 0.80              /* of the page's area: the page is that picture */
#define POINTS 72.0
#define MAX_COMPARED 20000000u /* pixels; above, three surfaces would not fit into the fence */
#define END_WINDOW 2048        /* bytes in which the end mark must be */

/* How a page is put on a grid of pixels. */
struct grid {
	double width, height;    /* page, points */
	double scale_x, scale_y; /* pixels a point */
	double shift_y;          /* pixels */
	uint32_t columns, rows;
	cairo_surface_t *picture; /* what makes up the page, or NULL */
};

static double
area_of(const PopplerRectangle *r)
{
	return fabs((r->x2 - r->x1) * (r->y2 - r->y1));
}

static bool
has_text(PopplerPage *page)
{
	char *text = poppler_page_get_text(page);
	bool any = text != NULL && text[strspn(text, " \t\r\n\f")] != '\0';

	g_free(text);
	return any;
}

/* poppler tells a picture's place in whole points: less than one off means that it fills the page.
 */
static bool
fills(const PopplerImageMapping *m, const struct grid *g)
{
	return fabs(m->area.x1) < 1 && fabs(m->area.y1) < 1 && fabs(m->area.x2 - g->width) < 1 &&
	       fabs(m->area.y2 - g->height) < 1;
}

/*
 * The largest picture's own grid. Turned pages show it with its sides swapped. Producers round page
 * sizes to whole points: then the picture sits in the lower left corner at a whole resolution,
 * which is the second grid to try.
 */
static void
use_picture(PopplerPage *page, const PopplerImageMapping *m, struct grid *g, struct grid *whole)
{
	bool full = fills(m, g);
	double w = full ? g->width : fabs(m->area.x2 - m->area.x1);
	double h = full ? g->height : fabs(m->area.y2 - m->area.y1);
	double least = has_text(page) ? MIN_DPI_UNDER_TEXT : MIN_DPI, dpi;
	int columns = cairo_image_surface_get_width(g->picture);
	int rows = cairo_image_surface_get_height(g->picture);
	double x = columns / w, y = rows / h;

	if (x / y > 1.1 || y / x > 1.1) {
		x = rows / w;
		y = columns / h;
		full = false;
	}
	if (!(fmin(x, y) * POINTS >= least && fmax(x, y) * POINTS <= MAX_DPI) || x / y > 1.1 ||
	    y / x > 1.1)
		return;
	g->scale_x = x;
	g->scale_y = y;
	dpi = round(x * POINTS);
	if (!full || fabs(columns / dpi * POINTS - w) > 1 || fabs(rows / dpi * POINTS - h) > 1)
		return;
	*whole = *g;
	whole->scale_x = whole->scale_y = dpi / POINTS;
	whole->shift_y = rows - g->height * whole->scale_y;
	whole->columns = (uint32_t)columns;
	whole->rows = (uint32_t)rows;
}

/* whole has columns when there is a second grid to try. g->picture is the caller's to destroy, or
 * NULL. */
static void
choose_grid(PopplerPage *page, struct grid *g, struct grid *whole)
{
	GList *list = poppler_page_get_image_mapping(page);
	const PopplerImageMapping *largest = NULL;
	double covered = 0;

	*g = (struct grid){.scale_x = PLAIN_DPI / POINTS, .scale_y = PLAIN_DPI / POINTS};
	*whole = (struct grid){0};
	poppler_page_get_size(page, &g->width, &g->height);
	for (GList *l = list; l != NULL; l = l->next) {
		const PopplerImageMapping *m = l->data;

		covered += area_of(&m->area);
		if (largest == NULL || area_of(&m->area) > area_of(&largest->area))
			largest = m;
	}
	if (largest != NULL && area_of(&largest->area) > 1 &&
	    covered >= COVERS * g->width * g->height)
		g->picture = poppler_page_get_image(page, largest->image_id);
	if (g->picture != NULL)
		use_picture(page, largest, g, whole);
	poppler_page_free_image_mapping(list);
}

/* Pages are at most some metres; a value that is none is a broken page. */
static int
fix_grid(struct grid *g, const struct import_sink *sink)
{
	double w = round(g->width * g->scale_x), h = round(g->height * g->scale_y);
	int r;

	if (!(w >= 1 && h >= 1))
		return IMPORT_CORRUPT;
	if (w > PAGE_MAX_SIDE || h > PAGE_MAX_SIDE || w * h * 3 > PAGE_MAX_BYTES)
		return IMPORT_TOO_LARGE;
	g->columns = (uint32_t)w;
	g->rows = (uint32_t)h;
	r = import_check_size(sink, g->columns, g->rows);
	return r;
}

/* NULL when there is no memory for it. */
static cairo_surface_t *
draw(PopplerPage *page, const struct grid *g)
{
	cairo_surface_t *surface =
	    cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)g->columns, (int)g->rows);
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_translate(cr, 0, g->shift_y);
	cairo_scale(cr, g->scale_x, g->scale_y);
	poppler_page_render(page, cr);
	if (cairo_status(cr) != CAIRO_STATUS_SUCCESS ||
	    cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_destroy(cr);
		cairo_surface_destroy(surface);
		return NULL;
	}
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	return surface;
}

/* ---- from the surface to rows ---- */

enum ink { INK_BILEVEL, INK_GREY, INK_COLOR };

static const uint32_t *
surface_row(cairo_surface_t *surface, uint32_t y)
{
	return (
	    const uint32_t *)(void *)(cairo_image_surface_get_data(surface) +
				      (size_t)y * (size_t)cairo_image_surface_get_stride(surface));
}

static enum ink
row_ink(const uint32_t *row, uint32_t columns, enum ink so_far)
{
	for (uint32_t x = 0; x < columns; x++) {
		uint32_t p = row[x] & 0xffffff;

		if (p == 0 || p == 0xffffff)
			continue;
		if ((p >> 16) != (p >> 8 & 0xff) || (p & 0xff) != (p >> 16))
			return INK_COLOR;
		so_far = INK_GREY;
	}
	return so_far;
}

static void
pack_row(const uint32_t *row, uint32_t columns, enum ink ink, uint8_t *out)
{
	if (ink == INK_BILEVEL) {
		memset(out, 0, (columns + 7) / 8);
		for (uint32_t x = 0; x < columns; x++)
			if ((row[x] & 0xffffff) == 0)
				out[x / 8] |= (uint8_t)(0x80 >> x % 8);
		return;
	}
	for (uint32_t x = 0; x < columns; x++) {
		*out++ = (uint8_t)(row[x] >> 16);
		if (ink == INK_GREY)
			continue;
		*out++ = (uint8_t)(row[x] >> 8);
		*out++ = (uint8_t)row[x];
	}
}

static int
put_surface(cairo_surface_t *surface, const struct grid *g, struct import_sink *sink)
{
	_cleanup_(freep) uint8_t *row = malloc((size_t)g->columns * 3 + 1);
	struct import_page page = {.width = g->columns,
	    .height = g->rows,
	    .dpi_x = g->columns / g->width * POINTS,
	    .dpi_y = g->rows / g->height * POINTS,
	    .flags = ""};
	enum ink ink = INK_BILEVEL;
	int r;

	if (row == NULL)
		return -ENOMEM;
	for (uint32_t y = 0; ink != INK_COLOR && y < g->rows; y++)
		ink = row_ink(surface_row(surface, y), g->columns, ink);
	page.depth = ink == INK_BILEVEL ? 1 : 8;
	page.samples = ink == INK_COLOR ? 3 : 1;
	page.mode = ink == INK_BILEVEL ? "lineart" : ink == INK_GREY ? "grey" : "rgb";
	r = import_begin(sink, &page);
	for (uint32_t y = 0; r >= 0 && y < g->rows; y++) {
		pack_row(surface_row(surface, y), g->columns, ink, row);
		r = import_rows(sink, row, 1);
	}
	return r < 0 ? r : import_end(sink);
}

/*
 * Pixels of the drawn page that differ from the picture's, but for the outermost ones, which the
 * page's rounded edge may cut; all pixels when sizes differ or the picture is partly transparent.
 */
static uint64_t
differences(cairo_surface_t *drawn, cairo_surface_t *picture)
{
	uint32_t columns = (uint32_t)cairo_image_surface_get_width(drawn);
	uint32_t rows = (uint32_t)cairo_image_surface_get_height(drawn);
	cairo_format_t format = cairo_image_surface_get_format(picture);
	uint32_t clear = format == CAIRO_FORMAT_ARGB32 ? 0 : 0xff000000;
	uint64_t n = 0;

	if ((uint32_t)cairo_image_surface_get_width(picture) != columns ||
	    (uint32_t)cairo_image_surface_get_height(picture) != rows ||
	    (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24))
		return (uint64_t)columns * rows;
	for (uint32_t y = 1; y + 1 < rows; y++) {
		const uint32_t *a = surface_row(drawn, y), *b = surface_row(picture, y);

		for (uint32_t x = 1; x + 1 < columns; x++)
			n += (a[x] | 0xff000000) != (b[x] | clear);
	}
	return n;
}

/* The page as its picture's own pixels, when drawing it on one of the grids shows nothing else; or
 * drawn on the first. */
static cairo_surface_t *
draw_best(PopplerPage *page, const struct grid *g, const struct grid *whole)
{
	cairo_surface_t *drawn = draw(page, g), *again;
	uint64_t off;

	if (drawn == NULL || g->picture == NULL || (uint64_t)g->columns * g->rows > MAX_COMPARED)
		return drawn;
	off = differences(drawn, g->picture);
	if (off != 0 && whole->columns == g->columns && whole->rows == g->rows) {
		again = draw(page, whole);
		if (again != NULL) {
			off = differences(again, g->picture);
			cairo_surface_destroy(again);
		}
	}
	if (off != 0)
		return drawn;
	cairo_surface_destroy(drawn);
	return cairo_surface_reference(g->picture);
}

static int
put_page(PopplerDocument *document, int index, struct import_sink *sink)
{
	PopplerPage *page = poppler_document_get_page(document, index);
	cairo_surface_t *surface;
	struct grid grid, whole;
	int r;

	if (page == NULL)
		return IMPORT_CORRUPT;
	choose_grid(page, &grid, &whole);
	r = fix_grid(&grid, sink);
	if (r == 0) {
		surface = draw_best(page, &grid, &whole);
		r = surface == NULL ? -ENOMEM : put_surface(surface, &grid, sink);
		if (surface != NULL)
			cairo_surface_destroy(surface);
	}
	if (grid.picture != NULL)
		cairo_surface_destroy(grid.picture);
	g_object_unref(page);
	return r;
}

/* ---- the document ---- */

/* poppler repairs a file that was cut short by guessing; what then is missing nobody could tell. */
static bool
has_end(const uint8_t *data, size_t size)
{
	size_t from = size > END_WINDOW ? size - END_WINDOW : 0;

	return memmem(data + from, size - from, "%%EOF", 5) != NULL;
}

static PopplerDocument *
open_document(const uint8_t *data, size_t size, int *ret_error)
{
	GBytes *bytes = g_bytes_new_static(data, size);
	GError *error = NULL;
	PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);

	g_bytes_unref(bytes);
	*ret_error = IMPORT_CORRUPT;
	if (error != NULL && error->domain == POPPLER_ERROR &&
	    error->code == POPPLER_ERROR_ENCRYPTED)
		*ret_error = IMPORT_ENCRYPTED;
	g_clear_error(&error);
	return document;
}

int
import_pdf(const uint8_t *data, size_t size, struct import_sink *sink)
{
	PopplerDocument *document;
	int pages, r;

	sink->format = "PDF";
	document = open_document(data, size, &r);
	if (document == NULL)
		return r;
	pages = has_end(data, size) ? poppler_document_get_n_pages(document) : 0;
	r = pages <= 0 ? IMPORT_CORRUPT : import_count(sink, (uint32_t)pages);
	for (int i = 0; r == 0 && i < pages; i++)
		r = put_page(document, i, sink);
	g_object_unref(document);
	return r;
}
