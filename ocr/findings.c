/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quality findings; thresholds are the ones measured on real blank and faint sheets. */
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/findings.h"

#define BLANK_EDGE 0.03   /* share of each side that is margin: punch holes, shadow of the lid */
#define BLANK_SPECK 3     /* half-size pixels; smaller specks are dust */
#define BLANK_MAX_MARKS 6 /* marks that a blank sheet may still carry */
#define FAINT_RANGE 60    /* grey levels between paper and ink below which a page is faint */
#define SKEWED_MDEG 2000
#define LOW_CONFIDENCE 70

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

bool
findings_blank(const struct sheet *s)
{
	return count_marks(s) <= BLANK_MAX_MARKS;
}

static void
add(struct recognition *r, const char *code, int value, const char *ja, const char *en)
{
	if (r->nfindings < FINDINGS_MAX)
		r->findings[r->nfindings++] = (struct finding){code, value, ja, en};
}

void
findings_collect(const struct page *p, const struct sheet *s, struct recognition *r)
{
	const struct words *shown = &r->readings[0].words;

	if (findings_blank(s))
		add(r, "blank", 100, "白紙のようです。必要なければ除外してください。",
		    "The page seems to be blank. Exclude it if it is not needed.");
	else if (shown->nglyphs == 0)
		add(r, "no_text", 0, "文字が見つかりません。写真や図であれば問題ありません。",
		    "No text was found. That is fine for photographs and drawings.");
	else if (words_confidence(shown) < LOW_CONFIDENCE)
		add(r, "low_confidence", (int)words_confidence(shown),
		    "文字をよく読み取れませんでした。検索で見つからないことがあります。原本と見比べ"
		    "てください。",
		    "The text was hard to read and may not be found by search. Compare with the "
		    "paper.");
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
