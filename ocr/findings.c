/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quality findings; thresholds are the ones measured on real blank and faint sheets. */
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/findings.h"

#define BLANK_EDGE 0.03   /* share of each side that is margin: punch holes, shadow of the lid */
#define BLANK_SPECK 3     /* half-size pixels; smaller specks are dust */
#define BLANK_SIDE 10     /* half-size pixels that hold a character at least */
#define BLANK_MAX_MARKS 6 /* marks that a blank sheet may still carry */
#define SKEWED_MDEG 2000
/* Pieces of what there is less of, ink or paper, and their area in half-size pixels: those of text
 * have 15 to 300. */
#define NOISE_INK 5000
#define NOISE_INK_AREA 3
#define NOISE_PAPER 2000
#define NOISE_PAPER_AREA 10
/*
 * Grain that hangs together: a piece of ink or paper for less than so many half-size pixels (a worn
 * sheet has one for 270 at most, a small coarse picture for 100), NOISE_INK of them at least, of
 * which those large enough for print lie evenly. Thrown at random, their number in a band varies by
 * its root. Print has lines and margins.
 */
#define GRAIN_PIXELS 150
#define GRAIN_LETTER 8   /* half-size pixels, 1.4 mm: size of a letter, height of a band */
#define GRAIN_LARGEST 64 /* half-size pixels, 11 mm: more are frames and pictures */
#define GRAIN_RANDOM 1.5 /* variance by mean */
#define GRAIN_UNEVEN                                                                               \
	0.05         /* what is more, by the square of the mean: one band in twenty is empty       \
		      */
#define DARK_GREY 64 /* mean of a page that was not lit */

/* Marks of writing: black pieces larger than dust, away from the edges, smaller than a shadow. */
static int
count_marks(const struct sheet *s)
{
	int w = pixGetWidth(s->half), h = pixGetHeight(s->half), n = 0;
	int mx = (int)(w * BLANK_EDGE), my = (int)(h * BLANK_EDGE);
	BOX *middle = boxCreate(mx, my, w - 2 * mx, h - 2 * my);
	PIX *clip = pixClipRectangle(s->half, middle, NULL);
	BOXA *parts = clip == NULL ? NULL : pixConnCompBB(clip, 8);

	for (int i = 0; parts != NULL && i < boxaGetCount(parts); i++) {
		l_int32 x, y, bw, bh;

		boxaGetBoxGeometry(parts, i, &x, &y, &bw, &bh);
		if ((bw > BLANK_SPECK || bh > BLANK_SPECK) && bw < w / 2 && bh < h / 2)
			n++;
	}
	boxaDestroy(&parts);
	pixDestroy(&clip);
	boxDestroy(&middle);
	return n;
}

static bool
mostly_ink(const struct sheet *s, l_int32 *ret_ink)
{
	pixCountPixels(s->half, ret_ink, NULL);
	return *ret_ink > pixGetWidth(s->half) * pixGetHeight(s->half) / 2;
}

bool
findings_blank(const struct sheet *s)
{
	l_int32 ink;

	if (pixGetWidth(s->half) < BLANK_SIDE || pixGetHeight(s->half) < BLANK_SIDE)
		return true;
	return !mostly_ink(s, &ink) && count_marks(s) <= BLANK_MAX_MARKS;
}

/* Whether the numbers in n bands vary as those of print do. */
static bool
are_lines(const int *in, int n)
{
	double sum = 0, squares = 0, mean, variance;

	for (int i = 0; i < n; i++) {
		sum += in[i];
		squares += (double)in[i] * in[i];
	}
	mean = sum / n;
	variance = squares / n - mean * mean;
	return variance > GRAIN_RANDOM * mean && variance - mean > GRAIN_UNEVEN * mean * mean;
}

/* Whether pieces that may be print gather in lines, level or upright. */
static bool
letters_gather(PIX *half)
{
	const int rows = pixGetHeight(half) / GRAIN_LETTER + 1;
	const int columns = pixGetWidth(half) / GRAIN_LETTER + 1;
	_cleanup_(freep) int *in = calloc((size_t)rows + (size_t)columns, sizeof *in);
	BOXA *parts = in == NULL ? NULL : pixConnCompBB(half, 8);
	int n = boxaGetCount(parts);

	for (int i = 0; i < n; i++) {
		l_int32 x, y, w, h, larger;

		boxaGetBoxGeometry(parts, i, &x, &y, &w, &h);
		larger = w > h ? w : h;
		if (larger < GRAIN_LETTER || larger >= GRAIN_LARGEST)
			continue;
		in[(y + h / 2) / GRAIN_LETTER]++;
		in[rows + (x + w / 2) / GRAIN_LETTER]++;
	}
	boxaDestroy(&parts);
	return in == NULL || are_lines(in, rows) || are_lines(in + rows, columns);
}

/*
 * Grain too coarse or too thick to fall apart: more pieces than any page has, or more paper
 * enclosed, and nothing in it that gathers in lines as print does.
 */
static bool
is_grain(const struct sheet *s, int pieces)
{
	const int most = pixGetWidth(s->half) * pixGetHeight(s->half) / GRAIN_PIXELS;
	PIX *paper = pixInvert(NULL, s->half);
	l_int32 enclosed = 0;

	if (paper == NULL || pixCountConnComp(paper, 4, &enclosed) != 0)
		enclosed = 0;
	pixDestroy(&paper);
	return pieces + enclosed > most && pieces + enclosed > NOISE_INK &&
	       !letters_gather(s->half);
}

bool
findings_noise(const struct sheet *s)
{
	l_int32 area = 0, pieces = 0;
	bool paper = mostly_ink(s, &area);
	PIX *few = paper ? pixInvert(NULL, s->half) : pixClone(s->half);

	if (few == NULL || pixCountConnComp(few, 8, &pieces) != 0)
		pieces = 0;
	pixDestroy(&few);
	if (paper)
		area = pixGetWidth(s->half) * pixGetHeight(s->half) - area;
	return (paper ? pieces > NOISE_PAPER && area < NOISE_PAPER_AREA * pieces
		      : pieces > NOISE_INK && area < NOISE_INK_AREA * pieces) ||
	       is_grain(s, pieces);
}

static bool
is_dark(const struct sheet *s)
{
	l_float32 mean = 255;

	return pixGetAverageMasked(s->grey, NULL, 0, 0, 8, L_MEAN_ABSVAL, &mean) == 0 &&
	       mean < DARK_GREY;
}

static void
add(struct recognition *r, const char *code, int value, const char *ja, const char *en)
{
	if (r->nfindings < FINDINGS_MAX)
		r->findings[r->nfindings++] = (struct finding){code, value, ja, en};
}

void
findings_collect(
    const struct page *p, const struct sheet *s, bool blank, bool noise, struct recognition *r)
{
	const struct words *shown = &r->readings[0].words;

	if (is_dark(s))
		add(r, "dark", 100,
		    "真っ黒に近い画像です。スキャナーのふたやランプを確かめて、読み取り直してくださ"
		    "い。",
		    "The page is almost black. Check the scanner's lid and lamp, and scan it "
		    "again.");
	else if (noise)
		add(r, "noise", 100,
		    "画像がざらついていて、文字が見つかりません。写真でなければ、読み取り直してくだ"
		    "さい。",
		    "The page is all grain and no text was found. Scan it again unless it is a "
		    "picture.");
	else if (blank)
		add(r, "blank", 100, "白紙のようです。必要なければ除外してください。",
		    "The page seems to be blank. Exclude it if it is not needed.");
	else if (shown->nglyphs == 0)
		add(r, "no_text", 0, "文字が見つかりません。写真や図であれば問題ありません。",
		    "No text was found. That is fine for photographs and drawings.");
	else if (words_unsure(shown) >= WORDS_UNSURE_MAX)
		add(r, "low_confidence", (int)words_confidence(shown),
		    "文字をよく読み取れませんでした。検索で見つからないことがあります。原本と見比べ"
		    "てください。",
		    "The text was hard to read and may not be found by search. Compare with the "
		    "paper.");
	if (r->cut_short)
		add(r, "cut_short", (int)r->nreadings,
		    "検索用の読み取りは、時間がかかりすぎたため途中で止めました。",
		    "The further readings for search took too long and were stopped.");
	if (r->mirrored)
		add(r, "mirrored", 100,
		    "左右が逆の画像（裏返し）のようです。表を上にして読み取り直してください。",
		    "The page seems to be a mirror image. Scan it again with its face to the "
		    "glass.");
	for (size_t i = 0; i < r->codes.n; i++)
		if (strncmp(r->codes.code[i].data, "PATCH", 5) == 0)
			add(r, "separator", 100, "仕切り紙です。ここで文書を分けます。",
			    "This is a separator sheet. A new document begins here.");
	if (abs(r->skew_mdeg) >= SKEWED_MDEG)
		add(r, "skewed", r->skew_mdeg,
		    "原稿が傾いています。必要なら読み取り直してください。",
		    "The sheet lies askew. Scan it again if needed.");
	if (p->damaged)
		add(r, "damaged", 0,
		    "画像の一部が壊れていて、白く表示しています。読み取り直してください。",
		    "Part of the image is damaged and shown white. Scan the page again.");
	if (p->dpi_assumed)
		add(r, "dpi_assumed", p->dpi, "解像度の記録がないため、推定しました。",
		    "The resolution was not recorded and has been assumed.");
}
