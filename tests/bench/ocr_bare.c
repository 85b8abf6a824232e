/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limits to be measured against: the engine alone, models loaded before, nothing around it.
 *
 *	ocr_bare regions|page MASTER…          prints "ready", then answers each number that comes
 *	                                       in, when that page has been read, by one line of
 *	                                       JSON: "seconds", "cpu_s", "reads"
 *	ocr_bare --prepare MASTER PICTURE      writes the prepared picture (PNG, 300 dpi) for other
 *	                                       programs
 *
 * page: one plain reading of the whole prepared page. regions: exactly what our own reading asks
 * the engine for, picture by picture, with the same models and modes. To learn it, every page is
 * read by our own code once before "ready", and the linker (--wrap=engine_read) leads each request
 * past the recorder below; whatever prepares, decides, corrects and writes is not run again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "ocr/engine.h"
#include "ocr/engine_library.h"
#include "ocr/engine_network.h"
#include "ocr/engine_search.h"
#include "ocr/engine_vain.h"
#include "ocr/page_in.h"
#include "ocr/prepare.h"
#include "ocr/recognise.h"

/* Instead of engine_library.c, engine_network.c, engine_search.c and engine_vain.c: this is the
 * engine as it comes.
 */
void
engine_library_hold(void)
{
}

void
engine_network_hold(void)
{
}

void
engine_search_hold(void)
{
}

void
engine_vain_layout(bool wanted)
{
}

/* What networks saw is not known then: where our own reading would weigh it, a third reading is
 * recorded instead. */
void
engine_network_forget(void)
{
}

struct chances *
engine_network_take(void)
{
	return NULL;
}

struct request {
	PIX *picture;
	enum engine_model model;
	enum engine_mode mode;
};

struct page_requests {
	struct request *list;
	size_t n;
};

static struct page_requests *recording; /* where the recorder puts what goes by; NULL: nowhere */

int __real_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret);
int __wrap_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret);

/* Takes picture. */
static void
add(struct page_requests *to, PIX *picture, enum engine_model model, enum engine_mode mode)
{
	struct request *list = realloc(to->list, (to->n + 1) * sizeof *list);

	if (list == NULL || picture == NULL) {
		fputs("ocr_bare: out of memory\n", stderr);
		exit(1);
	}
	to->list = list;
	list[to->n++] = (struct request){picture, model, mode};
}

int
__wrap_engine_read(struct engine *e, struct Pix *image, const struct box *box,
    enum engine_model model, enum engine_mode mode, struct words *ret)
{
	if (recording != NULL) {
		BOX *part = box ? boxCreate(box->x, box->y, box->w, box->h) : NULL;

		add(recording, part ? pixClipRectangle(image, part, NULL) : pixCopy(NULL, image),
		    model, mode);
		boxDestroy(&part);
	}
	return __real_engine_read(e, image, box, model, mode, ret);
}

static int
load(const char *path, struct page *ret)
{
	size_t size;
	l_uint8 *data = l_binaryRead(path, &size);
	int r = data == NULL ? -1 : page_in(data, size, 0, SHEET_DPI, ret);

	free(data);
	if (r < 0)
		fprintf(stderr, "ocr_bare: %s: no page master\n", path);
	return r;
}

/* What is to be read of a page, and at the same time the first reading, which warms everything. */
static int
learn(struct engine *e, const char *path, bool whole, struct page_requests *ret)
{
	_cleanup_(page_free) struct page p = {0};
	_cleanup_(recognition_free) struct recognition rec = {0};
	struct recognise_options o = {0};
	struct sheet s = {0};
	int r = load(path, &p);

	if (r < 0)
		return r;
	recording = whole ? NULL : ret;
	r = recognise(e, &p, &o, &rec);
	recording = NULL;
	if (!whole || r < 0)
		return r;
	r = load(path, &p); /* reading took its picture */
	if (r >= 0)
		r = sheet_new(&p, rec.rotation, &s);
	if (r >= 0)
		add(ret, pixClone(s.grey), ENGINE_JAPANESE, ENGINE_PAGE);
	sheet_free(&s);
	return r;
}

static double
clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
answer(struct engine *e, const struct page_requests *page)
{
	double start = clock_s(CLOCK_MONOTONIC), cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < page->n; i++) {
		struct words w = {0};

		__real_engine_read(
		    e, page->list[i].picture, NULL, page->list[i].model, page->list[i].mode, &w);
		words_free(&w);
	}
	printf("{\"seconds\":%.4f,\"cpu_s\":%.4f,\"reads\":%zu}\n",
	    clock_s(CLOCK_MONOTONIC) - start, clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu, page->n);
	fflush(stdout);
}

static int
serve(struct engine *e, const struct page_requests *pages, int n)
{
	char line[32];

	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		long i = strtol(line, NULL, 10);

		if (i < 0 || i >= n)
			return 2;
		answer(e, &pages[i]);
	}
	return 0;
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
	struct page_requests *pages = calloc((size_t)argc, sizeof *pages);
	struct engine *e = NULL;
	bool whole = argc > 1 && strcmp(argv[1], "page") == 0;

	/* Read by OpenMP before main: without it threads fight for the cores. */
	if (getenv("OMP_THREAD_LIMIT") == NULL) {
		setenv("OMP_THREAD_LIMIT", "1", 1);
		execv("/proc/self/exe", argv);
	}
	if (argc == 4 && strcmp(argv[1], "--prepare") == 0)
		return write_prepared(argv[2], argv[3]);
	if (pages == NULL || argc < 3 || (!whole && strcmp(argv[1], "regions") != 0)) {
		fputs("usage: ocr_bare regions|page MASTER… | --prepare MASTER PICTURE\n", stderr);
		return 2;
	}
	if (engine_new(NULL, &e) < 0)
		return 1;
	for (int i = 2; i < argc; i++)
		if (learn(e, argv[i], whole, &pages[i - 2]) < 0)
			return 1;
	engine_deadline(e, 0);
	return serve(e, pages, argc - 2);
}
