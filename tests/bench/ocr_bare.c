/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limit to be measured against: the engine alone, models loaded once, one plain reading of each
 * prepared page, no room, no bus, no forms. Prints "TEXT" per page when --text is given; always
 * ends with "pages N cpu_ms N". With --prepare OUT it only writes the prepared picture of one page
 * (PNG, 300 dpi) for other programs to read.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "ocr/engine.h"
#include "ocr/page_in.h"
#include "ocr/prepare.h"

static int
load(const char *path, struct page *ret)
{
	size_t size, tiff_size;
	l_uint8 *data = l_binaryRead(path, &size), *tiff = NULL;
	PIX *pix = data == NULL ? NULL : pixReadMem(data, size);
	double w, h;
	int r;

	if (pix == NULL)
		return -1;
	w = pixGetWidth(pix);
	h = pixGetHeight(pix);
	if (pixGetXRes(pix) <= 0) {
		bool a4 = fabs((w < h ? w / h : h / w) - 210.0 / 297) < 0.03;
		int dpi = a4 ? (int)lround((w < h ? h : w) / 11.69) : 300;

		pixSetResolution(pix, dpi, dpi);
	}
	pixWriteMemTiff(&tiff, &tiff_size, pix, pixGetDepth(pix) == 1 ? IFF_TIFF_G4 : IFF_TIFF_LZW);
	pixDestroy(&pix);
	free(data);
	r = page_in(tiff, tiff_size, 0, ret);
	free(tiff);
	return r;
}

static long long
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
write_prepared(const char *from, const char *to)
{
	struct page p = {0};
	struct sheet s = {0};

	if (load(from, &p) < 0 || sheet_new(&p, 0, &s) < 0)
		return 1;
	pixSetResolution(s.grey, SHEET_DPI, SHEET_DPI);
	return pixWrite(to, s.grey, IFF_PNG);
}

int
main(int argc, char **argv)
{
	struct engine *e = NULL;
	long long cpu = 0;
	int pages = 0;
	bool text = argc > 1 && strcmp(argv[1], "--text") == 0;

	if (argc == 4 && strcmp(argv[1], "--prepare") == 0)
		return write_prepared(argv[2], argv[3]);
	if (engine_new(NULL, &e) < 0)
		return 1;
	for (int i = text ? 2 : 1; i < argc; i++) {
		struct page p = {0};
		struct sheet s = {0};
		struct words w = {0};
		struct buf b = {0};
		long long start;

		if (load(argv[i], &p) < 0)
			continue;
		start = cpu_ms();
		if (sheet_new(&p, 0, &s) >= 0)
			engine_read(e, s.grey, NULL, ENGINE_JAPANESE, ENGINE_PAGE, &w);
		cpu += cpu_ms() - start;
		pages++;
		if (text) {
			words_text(&w, &b);
			fwrite(b.data, 1, b.size, stdout);
			putchar('\f');
		}
		buf_free(&b);
		words_free(&w);
		sheet_free(&s);
		page_free(&p);
	}
	printf("pages %d cpu_ms %lld\n", pages, cpu);
	engine_free(e);
	return 0;
}
