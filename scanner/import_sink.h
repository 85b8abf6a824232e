/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where decoders put pages: rows in, sealed page master and its parameters out. Decoders run on the
 * worker thread, one page at a time: import_begin, import_rows …, import_end. Every limit is
 * checked in import_begin, before a decoder makes room for pixels.
 */
#ifndef FUMIKURA_IMPORT_SINK_H
#define FUMIKURA_IMPORT_SINK_H

#include <errno.h>
#include <stdbool.h>

#include "page_params.h"
#include "page_tiff.h"
#include "sha256.h"

/* Why a file is refused; scanner_bus.h names them (import_text.h translates). -ENOMEM counts as too
 * large. */
#define IMPORT_CORRUPT (-EBADMSG)
#define IMPORT_ENCRYPTED (-ENOKEY)
#define IMPORT_TOO_LARGE (-EFBIG)
#define IMPORT_TOO_MANY (-E2BIG)
#define IMPORT_EMPTY (-ENODATA)
#define IMPORT_UNSUPPORTED (-EOPNOTSUPP)
#define IMPORT_STOPPED (-ECANCELED) /* store took no more */

#define IMPORT_MAX_FLAGS 128

struct import_out {
	uint32_t seq;
	int fd; /* sealed TIFF, owned; -1 when taken */
	struct page_params params;
};
void import_out_free(struct import_out *out);
DEFINE_CLEANUP(struct import_out *, import_out_free)

/* What a decoder knows before the pixels. */
struct import_page {
	uint32_t width, height;
	unsigned depth, samples; /* as in page_tiff.h, also the meaning of the bits */
	double dpi_x, dpi_y;     /* as the file says; 0: it does not */
	unsigned orientation;    /* TIFF and Exif numbers 1–8; anything else counts as 1 */
	const char *mode;        /* what the file held: "rgb", "palette", "cmyk" …; constant */
	const char *flags;       /* comma-separated, "" for none; constant */
};

struct import_sink {
	/* set by the owner */
	uint64_t max_pixels;
	uint32_t max_pages;
	const char *name, *file_sha256; /* borrowed */
	/* Takes out, also on failure; blocks while store is behind. */
	int (*put)(void *userdata, struct import_out *out);
	void *userdata;
	/* set by the decoder, before the first page */
	const char *format; /* "PDF" "TIFF" "JPEG" "PNG"; constant */
	uint32_t file_pages;
	/* of the page under way */
	struct import_page page;
	struct page_tiff *tiff;
	struct page_format out_format;
	bool dpi_assumed;
	uint8_t *whole; /* pixels of a page that has to be turned first */
	size_t row_bytes, n_rows;
	uint32_t seq;
	struct sha256 hash;
};

/* IMPORT_TOO_MANY over the limit; sets file_pages. */
int import_count(struct import_sink *sink, uint32_t pages);
/* IMPORT_TOO_LARGE when no page may have this size: ask before decoding. */
int import_check_size(const struct import_sink *sink, uint64_t width, uint64_t height);
int import_begin(struct import_sink *sink, const struct import_page *page);
int import_rows(struct import_sink *sink, const void *rows, size_t count);
/* IMPORT_CORRUPT when fewer rows came than were announced. Hands the page over. */
int import_end(struct import_sink *sink);
/* Lets go of a page under way. */
void import_sink_clear(struct import_sink *sink);

/* Turns a whole picture as orientation says; sizes in pixels of the source. -ENOMEM. Caller frees
 * ret. */
int import_turn(const uint8_t *pixels, const struct page_format *format, uint32_t height,
    unsigned orientation, uint8_t **ret);

#endif
