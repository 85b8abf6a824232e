/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tesseract behind the engine door (engine.h). The only file that includes it; parts of it are
 * ours, by the linker (engine_library, engine_network, engine_search, engine_vain). Knows nothing
 * of forms. Its switches were measured (MEASURED.md): no inversion (our pictures are dark on
 * light), one thread per worker.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tesseract/capi.h>

#include "ocr/agree.h"
#include "ocr/engine.h"
#include "ocr/engine_library.h"
#include "ocr/engine_network.h"
#include "ocr/engine_search.h"
#include "ocr/engine_vain.h"
#include "sha256.h"
#include "text.h"

#define ENGINE_FOLDER "/usr/share/tesseract-ocr/5/tessdata"
#define ENGINE_DPI 300

struct engine {
	TessBaseAPI *api[ENGINE_MODELS];
	struct engine_file files[ENGINE_MODELS];
	struct alphabet *first, *second; /* of the Japanese networks */
	struct alphabet *chinese;
	struct spelling *spelling; /* NULL: these models cannot be weighed */
	ETEXT_DESC *monitor;
	uint64_t begin_ms, end_ms; /* of the thread's processor time; end 0: none */
};

static const char *const model_names[ENGINE_MODELS] = {
    [ENGINE_JAPANESE] = "jpn",
    [ENGINE_JAPANESE_2] = "Japanese",
    [ENGINE_LATIN] = "eng",
    [ENGINE_VERTICAL] = "jpn_vert",
    [ENGINE_CHINESE] = "chi_tra",
};

static const TessPageSegMode modes[ENGINE_MODES] = {
    [ENGINE_PAGE] = PSM_AUTO,
    [ENGINE_COLUMN] = PSM_SINGLE_COLUMN,
    [ENGINE_BLOCK] = PSM_SINGLE_BLOCK,
    [ENGINE_LINE] = PSM_SINGLE_LINE,
    [ENGINE_RAW_LINE] = PSM_RAW_LINE,
    [ENGINE_SPARSE] = PSM_SPARSE_TEXT,
    [ENGINE_DOWN] = PSM_SINGLE_BLOCK_VERT_TEXT,
};

static const struct {
	const char *name, *value;
} switches[] = {
    {"tessedit_do_invert", "0"},
    {"debug_file", "/dev/null"},
};

static uint64_t
cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool
out_of_time(const struct engine *e)
{
	return e->end_ms != 0 && cpu_ms() >= e->end_ms;
}

static bool
cancel(void *userdata, int words)
{
	return out_of_time(userdata);
}

static int
hash_file(const char *path, char out[65])
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sha256 h;
	uint8_t block[65536], digest[32];
	ssize_t n;

	if (fd < 0)
		return -errno;
	sha256_init(&h);
	while ((n = read(fd, block, sizeof block)) > 0)
		sha256_update(&h, block, (size_t)n);
	if (n < 0)
		return -errno;
	sha256_final(&h, digest);
	hex_encode(digest, sizeof digest, out);
	return 0;
}

#define PATH_BYTES 4096

static int
model_path(const char *folder, enum engine_model model, char ret[PATH_BYTES])
{
	const int n = snprintf(ret, PATH_BYTES, "%s/%s.traineddata", folder, model_names[model]);

	return n < PATH_BYTES ? 0 : -ENAMETOOLONG;
}

static int
load(struct engine *e, const char *folder, enum engine_model model)
{
	char path[PATH_BYTES];
	int r;

	e->files[model].name = model_names[model];
	r = model_path(folder, model, path);
	if (r >= 0)
		r = hash_file(path, e->files[model].sha256);
	if (r < 0)
		return r;
	e->api[model] = TessBaseAPICreate();
	if (e->api[model] == NULL)
		return -ENOMEM;
	if (TessBaseAPIInit2(e->api[model], folder, model_names[model], OEM_LSTM_ONLY) != 0)
		return -EIO;
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		TessBaseAPISetVariable(e->api[model], switches[i].name, switches[i].value);
	return 0;
}

static int
load_alphabet(const char *folder, enum engine_model model, struct alphabet **ret)
{
	char path[PATH_BYTES];
	int r = model_path(folder, model, path);

	return r < 0 ? r : alphabet_load(path, ret);
}

/* Models of another make are read all the same, each for itself. */
static int
load_alphabets(struct engine *e, const char *folder)
{
	int r = load_alphabet(folder, ENGINE_JAPANESE, &e->first);

	if (r >= 0)
		r = load_alphabet(folder, ENGINE_JAPANESE_2, &e->second);
	if (r >= 0)
		r = spelling_new(e->first, e->second, &e->spelling);
	if (r >= 0)
		r = load_alphabet(folder, ENGINE_CHINESE, &e->chinese);
	return r == -ENOMEM ? r : 0;
}

int
engine_new(const char *folder, struct engine **ret)
{
	_cleanup_(engine_freep) struct engine *e = calloc(1, sizeof *e);
	int r;

	if (e == NULL)
		return -ENOMEM;
	engine_library_hold();
	engine_network_hold();
	engine_search_hold();
	folder = folder != NULL ? folder : ENGINE_FOLDER;
	for (enum engine_model m = 0; m < ENGINE_MODELS; m++) {
		r = load(e, folder, m);
		if (r < 0)
			return r;
	}
	r = load_alphabets(e, folder);
	if (r < 0)
		return r;
	malloc_trim(
	    0); /* loading leaves some megabytes behind, of the 300 that a worker may have */
	/* It opens its debug_file when it has something to say first: that must be before the room
	 * is locked, or all it says goes to our log. It says that it has no picture. */
	TessBaseAPIRecognize(e->api[0], NULL);
	e->monitor = TessMonitorCreate();
	if (e->monitor == NULL)
		return -ENOMEM;
	TessMonitorSetCancelFunc(e->monitor, cancel);
	TessMonitorSetCancelThis(e->monitor, e);
	*ret = TAKE_PTR(e);
	return 0;
}

void
engine_deadline(struct engine *e, unsigned ms)
{
	e->begin_ms = cpu_ms();
	e->end_ms = ms == 0 ? 0 : e->begin_ms + ms;
}

bool
engine_is_late(const struct engine *e)
{
	return e->end_ms != 0 && cpu_ms() >= e->begin_ms + (e->end_ms - e->begin_ms) / 2;
}

static bool
line_is_vertical(TessPageIterator *page)
{
	TessOrientation orientation;
	TessWritingDirection direction;
	TessTextlineOrder order;
	float angle;

	TessPageIteratorOrientation(page, &orientation, &direction, &order, &angle);
	return direction == WRITING_DIRECTION_TOP_TO_BOTTOM;
}

static int
take_symbol(const TessResultIterator *it, TessPageIterator *page, struct words *ret)
{
	struct glyph g = {.space = TessPageIteratorIsAtBeginningOf(page, RIL_WORD)};
	char *text = TessResultIteratorGetUTF8Text(it, RIL_SYMBOL);
	int x0, y0, x1, y1;
	float confidence;

	if (text == NULL || text[0] == '\0' || text[0] == ' ' || strlen(text) >= sizeof g.text ||
	    !TessPageIteratorBoundingBox(page, RIL_SYMBOL, &x0, &y0, &x1, &y1)) {
		TessDeleteText(text);
		return 0;
	}
	memcpy(g.text, text, strlen(text) + 1); /* length checked above */
	TessDeleteText(text);
	g.box = (struct box){x0, y0, x1 - x0, y1 - y0};
	confidence = TessResultIteratorConfidence(it, RIL_SYMBOL);
	g.confidence = confidence < 0 ? 0 : confidence > 100 ? 100 : (uint8_t)confidence;
	return words_glyph(ret, &g);
}

/*
 * Tesseract loses the places of symbols in vertical lines (all of them come out at x 0 without
 * width), but knows those of words: a word's symbols share it evenly from top to bottom.
 */
static void
spread_word(struct words *w, size_t first, struct box word)
{
	int n = (int)(w->nglyphs - first);

	for (int i = 0; i < n; i++) {
		int y = word.y + word.h * i / n;

		w->glyphs[first + (size_t)i].box =
		    (struct box){word.x, y, word.w, word.y + word.h * (i + 1) / n - y};
	}
}

static struct box
word_box(TessPageIterator *page)
{
	int x0 = 0, y0 = 0, x1 = 0, y1 = 0;

	TessPageIteratorBoundingBox(page, RIL_WORD, &x0, &y0, &x1, &y1);
	return (struct box){x0, y0, x1 - x0, y1 - y0};
}

/* To step on takes the longer the more words a page has that belong to no language, such as dots:
 * that is the page's time, too. What was taken till then stays. */
static int
take_words(
    const struct engine *e, TessResultIterator *it, enum engine_model model, struct words *ret)
{
	TessPageIterator *page = TessResultIteratorGetPageIterator(it);
	struct line like = {.cell = -1, .model = (uint8_t)model};
	struct box word = {0};
	size_t word_first = 0;
	bool open = false;
	int r = 0;

	do {
		if (TessPageIteratorIsAtBeginningOf(page, RIL_BLOCK))
			like.block++;
		if (TessPageIteratorIsAtBeginningOf(page, RIL_WORD)) {
			if (open && like.vertical)
				spread_word(ret, word_first, word);
			word_first = ret->nglyphs;
			word = word_box(page);
			r = out_of_time(e) ? -ETIME : 0;
		}
		if (r >= 0 && (!open || TessPageIteratorIsAtBeginningOf(page, RIL_TEXTLINE))) {
			if (open)
				words_line_done(ret);
			like.vertical = line_is_vertical(page);
			r = words_line(ret, &like);
			open = r >= 0;
		}
		if (r >= 0)
			r = take_symbol(it, page, ret);
	} while (r >= 0 && TessResultIteratorNext(it, RIL_SYMBOL));
	if (open && like.vertical)
		spread_word(ret, word_first, word);
	if (open)
		words_line_done(ret);
	return r;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	TessBaseAPI *api = e->api[model];
	TessResultIterator *it;
	int r = 0;

	engine_network_forget();
	if (out_of_time(e))
		return -ETIME;
	engine_vain_layout(mode == ENGINE_PAGE || mode == ENGINE_COLUMN || mode == ENGINE_SPARSE);
	TessBaseAPISetPageSegMode(api, modes[mode]);
	TessBaseAPISetImage2(api, image);
	TessBaseAPISetSourceResolution(api, ENGINE_DPI);
	if (box != NULL)
		TessBaseAPISetRectangle(api, box->x, box->y, box->w, box->h);
	if (TessBaseAPIRecognize(api, e->monitor) != 0)
		r = out_of_time(e) ? -ETIME : -EIO;
	else if (out_of_time(e))
		r = -ETIME;
	else if ((it = TessBaseAPIGetIterator(api)) != NULL) {
		r = take_words(e, it, model, ret);
		TessResultIteratorDelete(it);
	}
	TessBaseAPIClear(api);
	return r;
}

struct chances *
engine_take_chances(struct engine *e)
{
	return engine_network_take();
}

int
engine_agree(struct engine *e, const struct opinion *opinions, unsigned n,
    const struct agree_wish *wish, struct words *ret, double *ret_likely)
{
	int r = e->spelling == NULL ? -ENODATA
				    : agree_read(e->spelling, opinions, n, *wish, ret, ret_likely);

	return r == -EINVAL ? -ENODATA : r;
}

bool
engine_knows(const struct engine *e, enum engine_model model, const char *letter)
{
	const struct alphabet *a = model == ENGINE_JAPANESE     ? e->first
				   : model == ENGINE_JAPANESE_2 ? e->second
				   : model == ENGINE_CHINESE    ? e->chinese
								: NULL;

	return a != NULL && alphabet_find(a, letter) != NULL;
}

const char *
engine_name(const struct engine *e)
{
	return "tesseract";
}

const char *
engine_version(const struct engine *e)
{
	return TessVersion();
}

const struct engine_file *
engine_files(const struct engine *e, unsigned *ret_n)
{
	*ret_n = ENGINE_MODELS;
	return e->files;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	for (enum engine_model m = 0; m < ENGINE_MODELS; m++) {
		if (e->api[m] == NULL)
			continue;
		TessBaseAPIEnd(e->api[m]);
		TessBaseAPIDelete(e->api[m]);
	}
	if (e->monitor != NULL)
		TessMonitorDelete(e->monitor);
	spelling_free(e->spelling);
	alphabet_free(e->first);
	alphabet_free(e->second);
	alphabet_free(e->chinese);
	free(e);
}
