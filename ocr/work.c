/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read, Compose, Correct and Turn as functions of sealed memory files. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "ocr/pdf.h"
#include "ocr/prepare.h"
#include "ocr/preview.h"
#include "ocr/redact.h"
#include "ocr/result.h"
#include "ocr/work.h"

struct work *
work_new(enum work_kind kind)
{
	struct work *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->kind = kind;
	for (unsigned i = 0; i < WORK_MAX_OUT; i++)
		w->out[i] = -1;
	return w;
}

int
work_add_page(struct work *w, int tiff, int alto, int turn)
{
	struct work_page *pages = NULL;

	if (w->npages < PDF_MAX_PAGES)
		pages = realloc(w->pages, (w->npages + 1) * sizeof *pages);
	if (pages == NULL) {
		closep(&tiff);
		closep(&alto);
		return w->npages < PDF_MAX_PAGES ? -ENOMEM : -E2BIG;
	}
	w->pages = pages;
	w->pages[w->npages++] = (struct work_page){tiff, alto, turn};
	return 0;
}

/* x, y, w, h as they came. */
static bool
is_box(const uint32_t box[4])
{
	for (int i = 0; i < 4; i++)
		if (box[i] > PAGE_MAX_SIDE)
			return false;
	return box[2] > 0 && box[3] > 0;
}

int
work_add_redaction(struct work *w, unsigned page, const uint32_t box[4])
{
	struct work_redaction *all;

	if (page >= w->npages || !is_box(box))
		return -EINVAL;
	if (w->nredactions >= REDACT_MAX)
		return -E2BIG;
	all = realloc(w->redactions, (w->nredactions + 1) * sizeof *all);
	if (all == NULL)
		return -ENOMEM;
	w->redactions = all;
	all[w->nredactions++] =
	    (struct work_redaction){page, {(int)box[0], (int)box[1], (int)box[2], (int)box[3]}};
	return 0;
}

int
work_add_correction(struct work *w, const uint32_t box[4], const char *text)
{
	struct alto_correction *all;
	char *copy;

	if (!is_box(box))
		return -EINVAL;
	if (w->ncorrections >= ALTO_CORRECTIONS_MAX)
		return -E2BIG;
	all = realloc(w->corrections, (w->ncorrections + 1) * sizeof *all);
	if (all == NULL)
		return -ENOMEM;
	w->corrections = all;
	copy = strdup(text);
	if (copy == NULL)
		return -ENOMEM;
	all[w->ncorrections++] =
	    (struct alto_correction){{(int)box[0], (int)box[1], (int)box[2], (int)box[3]}, copy};
	return 0;
}

static long long
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A PDF is made of every pixel; reading, previews and thumbnails need no more than a sheet has. */
static int
load(const struct work *w, int fd, struct page *ret)
{
	int enough_dpi = w->kind == WORK_COMPOSE ? 0 : SHEET_DPI;
	_cleanup_(memview_free) struct memview view = {0};
	int r = memfd_view(fd, MEMFD_MAX, &view);

	if (r < 0)
		return r;
	return page_in(view.data, view.size, w->hint_dpi, enough_dpi, ret);
}

static int
give(struct work *w, const char *name, const void *data, size_t size)
{
	int fd = memfd_new_sealed(name, data, size);

	if (fd < 0)
		return fd;
	w->out[w->nout++] = fd;
	return 0;
}

static int
give_buf(struct work *w, const char *name, const struct buf *b, size_t max)
{
	if (buf_error(b) < 0)
		return buf_error(b);
	if (b->size > max)
		return -EFBIG;
	return give(w, name, b->data, b->size);
}

static int
give_pictures(struct work *w, PIX *preview, int degrees)
{
	static const struct {
		const char *name;
		int side;
	} kinds[] = {{"preview", OCR_PREVIEW_SIDE}, {"thumb", OCR_THUMB_SIDE}};

	for (unsigned i = 0; i < 2; i++) {
		_cleanup_(freep) uint8_t *data = NULL;
		size_t size;
		int r = preview_jpeg(preview, degrees, kinds[i].side, &data, &size);

		if (r >= 0)
			r = give(w, kinds[i].name, data, size);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
read_page(struct work *w, struct engine *e, struct page *p, PIX *preview)
{
	_cleanup_(recognition_free) struct recognition rec = {0};
	_cleanup_(buf_free) struct buf json = {0}, alto = {0};
	struct recognise_options o = {.all = w->all, .limit_ms = w->limit_ms};
	int r = recognise(e, p, &o, &rec);

	if (r < 0)
		return r;
	result_write(&rec, p, e, &o, cpu_ms() - w->begun_ms, &json);
	alto_write(&rec, e, &alto);
	r = give_buf(w, "result", &json, OCR_MAX_RESULT);
	if (r >= 0)
		r = give_buf(w, "alto", &alto, ALTO_MAX);
	return r < 0 ? r : give_pictures(w, preview, rec.rotation);
}

/* Read and Turn. */
static int
run_page(struct work *w, struct engine *e)
{
	_cleanup_(page_free) struct page p = {0};
	PIX *preview;
	int r = load(w, w->pages[0].tiff, &p);

	if (r < 0)
		return r;
	preview = preview_of(&p);
	if (preview == NULL)
		r = -ENOMEM;
	else if (w->kind == WORK_READ)
		r = read_page(w, e, &p, preview);
	else
		r = give_pictures(w, preview, w->pages[0].turn);
	pixDestroy(&preview);
	return r;
}

static int
compose_page(const struct work *w, unsigned n, struct pdf *pdf)
{
	const struct work_page *in = &w->pages[n];
	_cleanup_(page_free) struct page p = {0};
	_cleanup_(alto_page_free) struct alto_page text = {0};
	_cleanup_(memview_free) struct memview view = {0};
	int r = load(w, in->tiff, &p);

	if (r < 0)
		return r;
	r = memfd_view(in->alto, ALTO_MAX, &view);
	if (r < 0)
		return r;
	r = alto_read((const char *)view.data, view.size, &text);
	for (unsigned i = 0; r >= 0 && i < w->nredactions; i++)
		if (w->redactions[i].page == n)
			r = redact(&p, &text, w->redactions[i].box);
	return r < 0 ? r : pdf_add(pdf, &p, &text, in->turn);
}

static int
run_compose(struct work *w)
{
	struct pdf_properties properties = {w->title, w->author, w->subject, w->created, w->master};
	_cleanup_(pdf_freep) struct pdf *pdf = pdf_new(&properties);
	_cleanup_(buf_free) struct buf out = {0};
	int r = 0;

	if (pdf == NULL)
		return -ENOMEM;
	for (unsigned i = 0; r >= 0 && i < w->npages; i++)
		r = compose_page(w, i, pdf);
	if (r >= 0)
		r = pdf_finish(pdf, &out);
	return r < 0 ? r : give_buf(w, "pdf", &out, MEMFD_MAX);
}

static int
run_correct(struct work *w)
{
	_cleanup_(memview_free) struct memview view = {0};
	_cleanup_(buf_free) struct buf out = {0};
	int r = memfd_view(w->pages[0].alto, ALTO_MAX, &view);

	if (r >= 0)
		r = alto_correct(
		    (const char *)view.data, view.size, w->corrections, w->ncorrections, &out);
	return r < 0 ? r : give_buf(w, "alto", &out, ALTO_MAX);
}

void
work_run(struct work *w, struct engine *e)
{
	w->begun_ms = cpu_ms();
	if (w->kind == WORK_COMPOSE)
		w->error = run_compose(w);
	else if (w->kind == WORK_CORRECT)
		w->error = run_correct(w);
	else
		w->error = run_page(w, e);
}

void
work_explain(int error, const char **ret_code, const char **ret_ja, const char **ret_en)
{
	static const struct {
		int error;
		const char *code, *ja, *en;
	} table[] = {
	    {-EFBIG, "too_large",
		"画像が大きすぎて処理できません。解像度を下げて読み取り直してください。",
		"The image is too large to process. Scan it again at a lower resolution."},
	    {-E2BIG, "too_large", "ページや文字が多すぎて処理できません。分けて処理してください。",
		"There are too many pages or characters. Process them in parts."},
	    {-ETIME, "unreadable",
		"文字の読み取りに時間がかかりすぎたため、中止しました。画像は保存されています。",
		"Reading the text took too long and was stopped. The image itself is kept."},
	    {-ENOMEM, "unreadable",
		"メモリーが足りないため、文字を読み取れませんでした。画像は保存されています。",
		"There was not enough memory to read the text. The image itself is kept."},
	    {-EPERM, "bad_parameter",
		"受け取ったデータが封印されていないため、処理しませんでした。",
		"The data received was not sealed and has not been processed."},
	    {-EINVAL, "bad_parameter", "指定に誤りがあるため、処理しませんでした。",
		"The request was not valid and has not been processed."},
	};
	size_t i = 0, n = sizeof table / sizeof *table;

	while (i < n && table[i].error != error)
		i++;
	*ret_code = i < n ? table[i].code : "unreadable";
	*ret_ja =
	    i < n ? table[i].ja
		  : "画像が壊れているため、読み取れませんでした。原本を読み取り直してください。";
	*ret_en = i < n ? table[i].en
			: "The image is damaged and could not be read. Scan the paper again.";
}

void
work_free(struct work *w)
{
	if (w == NULL)
		return;
	for (unsigned i = 0; i < w->npages; i++) {
		closep(&w->pages[i].tiff);
		closep(&w->pages[i].alto);
	}
	for (unsigned i = 0; i < WORK_MAX_OUT; i++)
		closep(&w->out[i]);
	free(w->pages);
	for (unsigned i = 0; i < w->ncorrections; i++)
		free((char *)w->corrections[i].text);
	free(w->corrections);
	free(w->redactions);
	free(w->title);
	free(w->author);
	free(w->subject);
	free(w->created);
	free(w);
}
