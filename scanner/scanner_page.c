/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns frames into pages. Knows rows and planes; not options, sheets or jobs. */
#include "scanner_page.h"

#include <string.h>
#include <time.h>

#define CHUNK_BYTES ((size_t)256 << 10)  /* asked of sane_read at once */
#define MAX_LINE_BYTES ((size_t)4 << 20) /* a longer row, padding included, is a broken driver */

struct reader {
	struct device *device;
	struct scan_watch *watch;
	struct press *press;
	uint32_t height; /* rows given to the press */
	struct device_frame_info info;
	struct sha256 hash;
	size_t row_bytes; /* of them pixels; info.bytes_per_line may hold more */
	uint8_t *buffer;
	size_t size, fill;
};

uint64_t
watch_clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
watch_begin(struct scan_watch *watch)
{
	atomic_store(&watch->waiting_since, watch_clock_ms());
}

void
watch_end(struct scan_watch *watch)
{
	atomic_store(&watch->waiting_since, 0);
}

/* A device that answers at once with nothing must not keep a core busy. */
static void
nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* ---- one frame as rows ---- */

static int
reader_begin(struct reader *r, unsigned samples)
{
	struct page_format f = {.width = r->info.width, .depth = r->info.depth, .samples = samples};
	size_t line = r->info.bytes_per_line;

	r->row_bytes = page_row_bytes(&f);
	if (r->row_bytes == 0)
		return r->info.width > PAGE_MAX_SIDE ? -EFBIG : -EOPNOTSUPP;
	if (line < r->row_bytes || line > MAX_LINE_BYTES)
		return -EIO;
	if (r->info.lines > PAGE_MAX_SIDE || r->info.lines * r->row_bytes > PAGE_MAX_BYTES)
		return -EFBIG;
	free(r->buffer);
	r->fill = 0;
	r->size = line * (CHUNK_BYTES / line + 1);
	r->buffer = malloc(r->size);
	return r->buffer == NULL ? -ENOMEM : 0;
}

/* Squeezes out what the device pads its rows with. Returns whole rows at the buffer's start. */
static size_t
pack_rows(struct reader *r)
{
	size_t line = r->info.bytes_per_line, rows = r->fill / line;

	for (size_t i = 1; line != r->row_bytes && i < rows; i++)
		memmove(r->buffer + i * r->row_bytes, r->buffer + i * line, r->row_bytes);
	return rows;
}

typedef int (*rows_fn)(void *sink, const uint8_t *rows, size_t count);

static int
drain(struct reader *r, rows_fn put, void *sink)
{
	size_t line = r->info.bytes_per_line, rest = r->fill % line, used = r->fill - rest;
	size_t rows = pack_rows(r);
	int e = rows == 0 ? 0 : put(sink, r->buffer, rows);

	memmove(r->buffer, r->buffer + used, rest);
	r->fill = rest;
	return e;
}

/* A device that stops within a row: what came is kept, the rest of the row is paper white. */
static int
drain_cut_row(struct reader *r, rows_fn put, void *sink)
{
	uint8_t white = r->info.depth == 1 ? 0 : 0xff;

	if (r->fill == 0)
		return 0;
	memset(r->buffer + r->fill, white, r->info.bytes_per_line - r->fill);
	r->fill = 0;
	return put(sink, r->buffer, 1);
}

/* Reads to the frame's end. Sets ret_cut when the last row was not whole. */
static int
read_frame(struct reader *r, rows_fn put, void *sink, bool *ret_cut)
{
	for (;;) {
		size_t n = 0;
		int e;

		if (atomic_load(&r->watch->cancel))
			return DEVICE_CANCELLED;
		e = device_read(r->device, r->buffer + r->fill, r->size - r->fill, &n);
		if (e < 0)
			return e;
		if (e > 0)
			break;
		if (n == 0) {
			nap();
			continue;
		}
		watch_begin(r->watch);
		if (n > r->size - r->fill)
			return -EIO;
		sha256_update(&r->hash, r->buffer + r->fill, n);
		r->fill += n;
		if (r->fill < r->size)
			continue;
		e = drain(r, put, sink);
		if (e < 0)
			return e;
	}
	int e = drain(r, put, sink);
	if (e < 0)
		return e;
	*ret_cut = r->fill > 0;
	return drain_cut_row(r, put, sink);
}

/* ---- single-pass pages: straight into the press ---- */

static int
put_press(void *sink, const uint8_t *rows, size_t count)
{
	struct reader *r = sink;
	int e;

	watch_end(r->watch); /* the device waits for us now, not we for it */
	e = press_rows(r->press, rows, count);
	watch_begin(r->watch);
	r->height += (uint32_t)count;
	return e;
}

/* ---- three-pass colour ---- */

struct plane {
	size_t row_bytes, rows, room;
	uint8_t *data;
};

static int
put_plane(void *sink, const uint8_t *rows, size_t count)
{
	struct plane *p = sink;

	if (count > PAGE_MAX_SIDE - p->rows ||
	    (p->rows + count) * p->row_bytes > PAGE_MAX_BYTES / 3)
		return -EFBIG;
	if (p->rows + count > p->room) {
		size_t room = (p->rows + count) * 3 / 2;
		uint8_t *data = realloc(p->data, room * p->row_bytes);

		if (data == NULL)
			return -ENOMEM;
		p->data = data;
		p->room = room;
	}
	memcpy(p->data + p->rows * p->row_bytes, rows, count * p->row_bytes);
	p->rows += count;
	return 0;
}

static int
interleave(const struct plane planes[3], size_t sample_bytes, struct reader *r)
{
	size_t pixels = planes[0].row_bytes / sample_bytes;
	_cleanup_(freep) uint8_t *row = malloc(planes[0].row_bytes * 3);

	if (row == NULL)
		return -ENOMEM;
	for (size_t y = 0; y < planes[0].rows; y++) {
		uint8_t *out = row;
		int e;

		for (size_t x = 0; x < pixels; x++)
			for (int c = 0; c < 3; c++, out += sample_bytes)
				memcpy(out,
				    planes[c].data + y * planes[c].row_bytes + x * sample_bytes,
				    sample_bytes);
		e = put_press(r, row, 1);
		if (e < 0)
			return e;
	}
	return 0;
}

/* The three frames come in any order; each but the first is started here. */
static int
read_planes(struct reader *r, struct plane planes[3], bool *ret_cut)
{
	uint32_t width = r->info.width;
	unsigned depth = r->info.depth, seen = 0;

	for (;;) {
		unsigned c = (unsigned)(r->info.frame - FRAME_RED);
		int e;

		if (c > 2 || seen & 1u << c || r->info.width != width || r->info.depth != depth ||
		    depth == 1)
			return -EIO;
		seen |= 1u << c;
		e = reader_begin(r, 1);
		if (e < 0)
			return e;
		planes[c].row_bytes = r->row_bytes;
		e = read_frame(r, put_plane, &planes[c], ret_cut);
		if (e < 0)
			return e;
		if (seen == 7)
			break;
		e = device_start(r->device);
		if (e == 0)
			e = device_frame_info(r->device, &r->info);
		if (e < 0)
			return e;
	}
	return planes[0].rows == planes[1].rows && planes[1].rows == planes[2].rows ? 0 : -EIO;
}

static int
read_three_pass(struct reader *r, bool *ret_cut)
{
	struct plane planes[3] = {0};
	int e = read_planes(r, planes, ret_cut);

	if (e == 0)
		e = interleave(planes, r->info.depth / 8, r);
	for (int c = 0; c < 3; c++)
		free(planes[c].data);
	return e;
}

/* ---- a page ---- */

static unsigned
frame_samples(enum device_frame frame)
{
	return frame == FRAME_OTHER ? 0 : frame == FRAME_GREY ? 1 : 3;
}

static int
read_image(struct reader *r, struct scan_page *page)
{
	uint32_t announced = r->info.lines;
	bool cut = false, passes = r->info.frame != FRAME_GREY && r->info.frame != FRAME_RGB;
	uint8_t digest[SHA256_SIZE];
	int e = 0;

	sha256_init(&r->hash);
	if (passes) {
		e = read_three_pass(r, &cut);
	} else {
		e = reader_begin(r, page->format.samples);
		if (e == 0)
			e = read_frame(r, put_press, r, &cut);
	}
	if (e < 0)
		return e;
	sha256_final(&r->hash, digest);
	hex_encode(digest, sizeof digest, page->raw_sha256);
	page->height = r->height;
	page->short_page = cut || page->height < announced;
	return page->height == 0 ? -EIO : 0;
}

int
scan_page_read(struct device *device, struct scan_watch *watch, struct press *press, unsigned dpi_x,
    unsigned dpi_y, struct scan_page *ret)
{
	struct reader r = {.device = device, .watch = watch, .press = press};
	struct scan_page page = {0};
	int e = device_frame_info(device, &r.info);

	if (e < 0)
		return e;
	page.format = (struct page_format){.width = r.info.width,
	    .depth = r.info.depth,
	    .samples = frame_samples(r.info.frame),
	    .dpi_x = dpi_x,
	    .dpi_y = dpi_y};
	if (page_row_bytes(&page.format) == 0)
		return r.info.width > PAGE_MAX_SIDE ? -EFBIG : -EOPNOTSUPP;
	e = press_begin(press, &page.format);
	if (e == 0)
		e = read_image(&r, &page);
	free(r.buffer);
	if (e == 0)
		*ret = page;
	return e;
}
