/* links: import */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped import room, in its fence, one process per file; good and bad files are made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_store.h"

#include <leptonica/allheaders.h>

#define WIDTH 620 /* A4 at 75 dpi */
#define HEIGHT 877

struct file {
	uint8_t *data;
	size_t size;
};

static const char usual[] = "[import]\nmax_pages = 3\nmax_pixels_m = 50\n";

/* ---- making files ---- */

static PIX *
picture(int depth)
{
	PIX *pix = pixCreate(WIDTH, HEIGHT, depth);

	assert_non_null(pix);
	pixSetResolution(pix, 75, 75);
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			pixSetPixel(pix, x, y,
			    depth == 32 ? (l_uint32)(x * 7 % 256) << 24 | (y % 256) << 16 |
					      (x * y % 256) << 8
			    : depth == 1 ? (l_uint32)((x / 3 + y / 5) % 2)
					 : (l_uint32)((x * 3 + y) % (1 << depth)));
	return pix;
}

static struct file
file_of(PIX *pix, int format)
{
	l_uint8 *data = NULL;
	size_t size = 0;

	assert_int_equal(pixWriteMem(&data, &size, pix, format), 0);
	pixDestroy(&pix);
	return (struct file){data, size};
}

static struct file
text_file(const char *text)
{
	return (struct file){(uint8_t *)strdup(text), strlen(text)};
}

/* A TIFF as libtiff writes it, with any number of directories of noise. */
struct recipe {
	uint16_t bits, samples, photometric, compression, orientation, pages;
	bool tiled;
};

static void
add_directory(TIFF *tiff, const struct recipe *r)
{
	static uint8_t row[64 * 64 * 8];
	uint16_t map[256];

	TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 64);
	TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 48);
	TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, r->bits);
	TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, r->samples);
	TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, r->photometric);
	TIFFSetField(tiff, TIFFTAG_COMPRESSION, r->compression);
	TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	TIFFSetField(tiff, TIFFTAG_ORIENTATION, r->orientation);
	TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
	TIFFSetField(tiff, TIFFTAG_XRESOLUTION, 200.0);
	TIFFSetField(tiff, TIFFTAG_YRESOLUTION, 100.0);
	for (int i = 0; i < 256; i++)
		map[i] = (uint16_t)(i * 257);
	if (r->photometric == PHOTOMETRIC_PALETTE)
		TIFFSetField(tiff, TIFFTAG_COLORMAP, map, map, map);
	for (size_t i = 0; i < sizeof row; i++)
		row[i] = (uint8_t)(i * 37 >> 2);
	if (r->tiled) {
		TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 64);
		TIFFSetField(tiff, TIFFTAG_TILELENGTH, 64);
		assert_true(TIFFWriteEncodedTile(tiff, 0, row, TIFFTileSize(tiff)) > 0);
	} else {
		TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 48);
		for (uint32_t y = 0; y < 48; y++)
			assert_int_equal(TIFFWriteScanline(tiff, row + y * 7, y, 0), 1);
	}
	assert_int_equal(TIFFWriteDirectory(tiff), 1);
}

static struct file
tiff_file(const struct recipe *r)
{
	_cleanup_(closep) int fd = memfd_new("tiff");
	struct file file;
	TIFF *tiff;

	assert_true(fd >= 0);
	tiff = TIFFFdOpen(dup(fd), "tiff", "w");
	assert_non_null(tiff);
	for (unsigned i = 0; i < r->pages; i++)
		add_directory(tiff, r);
	TIFFClose(tiff);
	file.size = (size_t)lseek(fd, 0, SEEK_END);
	file.data = malloc(file.size);
	assert_int_equal(pread(fd, file.data, file.size, 0), (ssize_t)file.size);
	return file;
}

/* A born-digital PDF of n pages; extra goes into the trailer. */
static struct file
pdf_file(int pages, const char *extra)
{
	static const char draw[] = "0 0 0 rg 100 100 200 300 re f";
	size_t size = 0, at[16];
	char *text = NULL;
	int n = 0;
	FILE *out = open_memstream(&text, &size);
	long start;

	fprintf(out, "%%PDF-1.4\n");
	at[++n] = (size_t)ftell(out);
	fprintf(out, "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n");
	at[++n] = (size_t)ftell(out);
	fprintf(out, "2 0 obj<</Type/Pages/Count %d/Kids[", pages);
	for (int i = 0; i < pages; i++)
		fprintf(out, "%d 0 R ", 4 + i);
	fprintf(out, "]>>endobj\n");
	at[++n] = (size_t)ftell(out);
	fprintf(out, "3 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n", strlen(draw), draw);
	for (int i = 0; i < pages; i++) {
		at[++n] = (size_t)ftell(out);
		fprintf(out,
		    "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.92]/Contents 3 0 R"
		    ">>endobj\n",
		    n);
	}
	start = ftell(out);
	fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", n + 1);
	for (int i = 1; i <= n; i++)
		fprintf(out, "%010zu 00000 n \n", at[i]);
	fprintf(out, "trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%ld\n%%%%EOF\n", n + 1, extra,
	    start);
	assert_int_equal(fclose(out), 0);
	return (struct file){(uint8_t *)text, size};
}

/* ---- asking ---- */

/* Gives the file to a fresh process; the pages stay in f until let_go(). Returns Finish's code.
 * Frees file. */
static const char *
convert(struct fake *f, const char *config, struct file file)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(closep) int fd = memfd_new_sealed("file", file.data, file.size);

	assert_true(fd >= 0);
	free(file.data);
	fake_start(f, "import", config, "store");
	reply = fake_call(
	    f, f->store, IMPORT_PATH, IMPORT_IFACE, "Convert", "ssh", "job-1", "申請書.pdf", fd);
	assert_false(sd_bus_message_is_method_error(reply, NULL));
	FAKE_WAIT(f, f->finishes > 0 || f->exited);
	assert_int_equal(f->finishes, 1);
	assert_string_equal(f->job, "job-1");
	for (size_t i = 0; i < f->n_pages; i++)
		assert_string_equal(
		    fake_param(&f->pages[i], "raw_sha256"), f->pages[i].rows_sha256);
	return f->code;
}

static void
let_go(struct fake *f)
{
	FAKE_WAIT(f, f->exited); /* by itself, after one file */
	assert_int_equal(fake_stop(f), 0);
}

static void
assert_shape(const struct fake *f, unsigned width, unsigned height, unsigned depth,
    unsigned samples, double dpi)
{
	const struct fake_page *p = &f->pages[0];

	assert_int_equal(p->width, width);
	assert_int_equal(p->height, height);
	assert_int_equal(p->depth, depth);
	assert_int_equal(p->samples, samples);
	assert_true((double)p->dpi_x == dpi);
	assert_int_equal(p->orientation, ORIENTATION_TOPLEFT);
}

/* ---- good files ---- */

static void
test_png(void **state)
{
	struct fake f;
	PIX *pix = picture(32), *marked;

	assert_string_equal(convert(&f, usual, file_of(picture(32), IFF_PNG)), "ok");
	assert_shape(&f, WIDTH, HEIGHT, 8, 3, 75);
	assert_string_equal(fake_param(&f.pages[0], "format"), "PNG");
	assert_string_equal(
	    fake_param(&f.pages[0], "file"), "申請書.pdf"); /* shown, not believed */
	assert_string_equal(fake_param(&f.pages[0], "flags"), "");
	for (uint32_t y = 0; y < HEIGHT; y += 101)
		for (uint32_t x = 0; x < WIDTH; x += 17) {
			const uint8_t *p = f.pages[0].rows + (y * WIDTH + x) * 3;
			l_int32 r, g, b;

			pixGetRGBPixel(pix, (int)x, (int)y, &r, &g, &b);
			assert_true(p[0] == r && p[1] == g && p[2] == b);
		}
	let_go(&f);
	pixDestroy(&pix);
	for (int depth = 1; depth <= 16; depth *= 2) {
		unsigned bits = depth == 2 || depth == 4 ? 8 : (unsigned)depth;

		assert_string_equal(convert(&f, usual, file_of(picture(depth), IFF_PNG)), "ok");
		assert_shape(&f, WIDTH, HEIGHT, bits, 1, 75);
		let_go(&f);
	}
	marked = picture(32);
	pixSetSpp(marked, 4); /* all transparent: alpha 0 everywhere */
	assert_string_equal(convert(&f, usual, file_of(marked, IFF_PNG)), "ok");
	assert_string_equal(fake_param(&f.pages[0], "flags"), "alpha_on_white");
	assert_int_equal(f.pages[0].rows[3], 0xff);
	let_go(&f);
}

static void
test_jpeg(void **state)
{
	struct fake f;
	PIX *pix;

	assert_string_equal(convert(&f, usual, file_of(picture(32), IFF_JFIF_JPEG)), "ok");
	assert_shape(&f, WIDTH, HEIGHT, 8, 3, 75);
	assert_string_equal(fake_param(&f.pages[0], "format"), "JPEG");
	let_go(&f);
	pix = picture(8);
	pix->xres = pix->yres = 0;
	assert_string_equal(convert(&f, usual, file_of(pix, IFF_JFIF_JPEG)), "ok");
	assert_shape(&f, WIDTH, HEIGHT, 8, 1, 75); /* no resolution told: A4's shape */
	assert_string_equal(fake_param(&f.pages[0], "flags"), "dpi_assumed");
	let_go(&f);
}

static void
test_tiff_kinds(void **state)
{
	static const struct {
		struct recipe recipe;
		unsigned depth, samples;
		const char *flags;
	} kinds[] = {
	    {{1, 1, PHOTOMETRIC_MINISWHITE, COMPRESSION_CCITTFAX4, 1, 1, false}, 1, 1, ""},
	    {{1, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_NONE, 1, 1, false}, 1, 1, ""},
	    {{8, 1, PHOTOMETRIC_MINISWHITE, COMPRESSION_LZW, 1, 1, false}, 8, 1, ""},
	    {{16, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_LZW, 1, 1, false}, 16, 1, ""},
	    {{8, 3, PHOTOMETRIC_RGB, COMPRESSION_ADOBE_DEFLATE, 1, 1, false}, 8, 3, ""},
	    {{16, 3, PHOTOMETRIC_RGB, COMPRESSION_NONE, 1, 1, false}, 16, 3, ""},
	    {{8, 3, PHOTOMETRIC_RGB, COMPRESSION_NONE, 1, 1, true}, 8, 3, ""},
	    {{8, 1, PHOTOMETRIC_PALETTE, COMPRESSION_LZW, 1, 1, false}, 8, 1, ""},
	    {{8, 4, PHOTOMETRIC_SEPARATED, COMPRESSION_LZW, 1, 1, false}, 8, 3, "color_converted"},
	};
	struct fake f;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		assert_string_equal(convert(&f, usual, tiff_file(&kinds[i].recipe)), "ok");
		assert_int_equal(f.n_pages, 1);
		assert_shape(&f, 64, 48, kinds[i].depth, kinds[i].samples, 200);
		assert_true(f.pages[0].dpi_y == 100);
		assert_string_equal(fake_param(&f.pages[0], "flags"), kinds[i].flags);
		let_go(&f);
	}
}

static void
test_tiff_pages_and_orientation(void **state)
{
	struct recipe r = {8, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_LZW, 1, 3, false};
	struct fake straight, f;

	assert_string_equal(convert(&straight, usual, tiff_file(&r)), "ok");
	assert_int_equal(straight.n_pages, 3);
	assert_string_equal(fake_param(&straight.pages[2], "file_page"), "3");
	assert_string_equal(fake_param(&straight.pages[2], "file_pages"), "3");
	r.orientation = ORIENTATION_RIGHTTOP;
	r.pages = 1;
	assert_string_equal(convert(&f, usual, tiff_file(&r)), "ok");
	assert_shape(&f, 48, 64, 8, 1, 100); /* turned, resolutions too */
	for (size_t y = 0; y < 48; y++)
		for (size_t x = 0; x < 64; x++)
			assert_int_equal(
			    f.pages[0].rows[x * 48 + (47 - y)], straight.pages[0].rows[y * 64 + x]);
	let_go(&f);
	let_go(&straight);
}

static void
test_pdf_drawn(void **state)
{
	struct fake f;

	assert_string_equal(convert(&f, usual, pdf_file(2, "")), "ok");
	assert_int_equal(f.n_pages, 2);
	assert_shape(&f, 2480, 3508, f.pages[0].depth, 1, 300);
	assert_string_equal(fake_param(&f.pages[1], "format"), "PDF");
	let_go(&f);
}

/* A scan inside a PDF comes out as its own pixels. */
static void
test_pdf_scanned(void **state)
{
	struct fake f;

	for (int depth = 1; depth <= 32; depth = depth == 1 ? 8 : depth * 4) {
		PIX *pix = picture(depth);
		unsigned samples = depth == 32 ? 3 : 1;
		l_uint8 *data = NULL;
		size_t size = 0;

		assert_int_equal(pixConvertToPdfData(pix, L_FLATE_ENCODE, 0, &data, &size, 0, 0, 75,
				     "scan", NULL, 0),
		    0);
		assert_string_equal(convert(&f, usual, (struct file){data, size}), "ok");
		assert_shape(&f, WIDTH, HEIGHT, depth == 1 ? 1 : 8, samples, 75);
		for (uint32_t i = 0; depth == 8 && i < WIDTH * HEIGHT; i += 997) {
			l_uint32 v;

			pixGetPixel(pix, (int)(i % WIDTH), (int)(i / WIDTH), &v);
			assert_int_equal(f.pages[0].rows[i], v);
		}
		pixDestroy(&pix);
		let_go(&f);
	}
}

/* ---- bad files ---- */

static struct file
cut(struct file file, size_t percent)
{
	file.size = file.size * percent / 100;
	return file;
}

static void
assert_refused(struct file file, const char *code)
{
	struct fake f;

	assert_string_equal(convert(&f, usual, file), code);
	assert_int_equal(f.n_pages, 0);
	let_go(&f);
}

static void
test_refusals(void **state)
{
	struct recipe many = {8, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_LZW, 1, 4, false};

	assert_refused(text_file(""), "empty_file");
	assert_refused(text_file("ただの文章です。"), "not_supported");
	assert_refused(text_file("%PDF-1.4\n%%EOF\n"), "corrupt");
	assert_refused(text_file("II*"), "not_supported");
	assert_refused(
	    (struct file){(uint8_t *)memcpy(malloc(8), "II*\0\0\0\0\0", 8), 8}, "corrupt");
	assert_refused(tiff_file(&many), "too_many_pages");
	assert_refused(pdf_file(4, ""), "too_many_pages");
	assert_refused(
	    pdf_file(1, "/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1"
			"/O<0000000000000000000000000000000000000000000000000000000000000000>"
			"/U<0000000000000000000000000000000000000000000000000000000000000000>>>"),
	    "encrypted");
	assert_refused(file_of(pixCreate(8000, 8000, 1), IFF_PNG), "too_large");
}

/* Half a page must never pass for a whole one. */
static void
test_cut_files_are_refused(void **state)
{
	static const uint16_t ways[] = {
	    COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS};

	for (size_t percent = 30; percent < 100; percent += 23) {
		assert_refused(cut(file_of(picture(32), IFF_JFIF_JPEG), percent), "corrupt");
		assert_refused(cut(file_of(picture(32), IFF_PNG), percent), "corrupt");
		assert_refused(cut(pdf_file(2, ""), percent), "corrupt");
	}
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct recipe r = {8, 3, PHOTOMETRIC_RGB, ways[i], 1, 1, false};
		struct file file = tiff_file(&r);

		/* the directory is at the end: the pixels are cut by moving it forward */
		assert_refused(cut(file, 50), "corrupt");
	}
}

static void
test_store_refuses(void **state)
{
	struct recipe r = {8, 1, PHOTOMETRIC_MINISBLACK, COMPRESSION_LZW, 1, 3, false};
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	struct file file = tiff_file(&r);
	struct fake f;
	int fd = memfd_new_sealed("file", file.data, file.size);

	free(file.data);
	fake_start(&f, "import", usual, "store");
	f.refuse = "disk_full";
	reply = fake_call(
	    &f, f.store, IMPORT_PATH, IMPORT_IFACE, "Convert", "ssh", "job-1", "a.tif", fd);
	close(fd);
	FAKE_WAIT(&f, f.finishes > 0);
	assert_string_equal(f.code, "store_refused");
	let_go(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_png),
	    cmocka_unit_test(test_jpeg),
	    cmocka_unit_test(test_tiff_kinds),
	    cmocka_unit_test(test_tiff_pages_and_orientation),
	    cmocka_unit_test(test_pdf_drawn),
	    cmocka_unit_test(test_pdf_scanned),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_cut_files_are_refused),
	    cmocka_unit_test(test_store_refuses),
	};

	setMsgSeverity(L_SEVERITY_NONE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
