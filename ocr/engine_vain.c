/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functions of libtesseract that are ours instead, by the linker, as engine_library.c has it of
 * other libraries. They prepare for the recogniser before the network, which is not used here, or
 * for readers of paragraphs, of which there are none: the text is the same without
 * (tests/unit/ocr_vain_test.c). Names as a C++ compiler writes them; `Image` is a class around one
 * pointer, and is passed as one.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "ocr/engine_vain.h"

struct Pix;

typedef void stroke_width(struct Pix *picture, void *blob);

typedef void operator_delete(void *);
typedef void *operator_new(size_t);

/* TWERD: a word as polygons. */
struct polygons {
	void *begin, *end, *room; /* std::vector */
	bool latin_script;
};

#define OPERATOR_DELETE "_ZdlPv"
#define OPERATOR_NEW "_Znwm"
#define STROKE_WIDTH "_ZN9tesseract18SetBlobStrokeWidthENS_5ImageEPNS_8BLOBNBOXE"

/* UnicharAmbigs::LoadUniversal: 18,000 pairs of look-alikes, into each model when it is loaded. */
void vain_ambiguities(void *self, const void *encoder, void *unicharset) __asm__(
    "_ZN9tesseract13UnicharAmbigs13LoadUniversalERKNS_10UNICHARSETEPS1_");
/* TO_BLOCK::ComputeEdgeOffsets: edges of outlines finer than pixels. */
void vain_edges(void *self, struct Pix *thresholds, struct Pix *grey) __asm__(
    "_ZN9tesseract8TO_BLOCK18ComputeEdgeOffsetsENS_5ImageES1_");
/* TessBaseAPI::DetectParagraphs. */
void vain_paragraphs(void *self, bool after_text) __asm__(
    "_ZN9tesseract11TessBaseAPI16DetectParagraphsEb");
/* ImageThresholder::GetPixRectThresholds: only the edges are found with them. */
struct Pix *vain_thresholds(void *self) __asm__(
    "_ZN9tesseract16ImageThresholder20GetPixRectThresholdsEv");
/* AddAdaptedClass: room for learned shapes of a letter, 7 kB for each that a model knows: 20 to 40
 * megabytes of a Japanese or Chinese one. Takes class, which is then the caller's to end and free.
 */
void vain_class(void *templates, void *class, int letter) __asm__(
    "_ZN9tesseract15AddAdaptedClassEPNS_22ADAPT_TEMPLATES_STRUCTEPNS_18ADAPT_CLASS_STRUCTEi");
void class_end(void *class) __asm__("_ZN9tesseract18ADAPT_CLASS_STRUCTD1Ev");
/* TWERD::PolygonalCopy: outlines as polygons, of which the reader before the network tells letters.
 * A word without any is given. */
struct polygons *vain_polygons(bool detailed, void *word) __asm__(
    "_ZN9tesseract5TWERD13PolygonalCopyEbPNS_4WERDE");
/* Tesseract::SetBlackAndWhitelist: lists of letters, which nobody gives, applied to each letter of
 * a model anew for each picture. */
void vain_lists(void *self) __asm__("_ZN9tesseract9Tesseract20SetBlackAndWhitelistEv");
/* SetBlobStrokeWidth: by which layout tells text from pictures. */
void vain_strokes(struct Pix *picture, void *blob) __asm__(STROKE_WIDTH);

static _Thread_local bool layout = true;
static _Thread_local stroke_width *theirs;

void
engine_vain_layout(bool wanted)
{
	layout = wanted;
}

void
vain_ambiguities(void *self, const void *encoder, void *unicharset)
{
}

void
vain_edges(void *self, struct Pix *thresholds, struct Pix *grey)
{
}

struct Pix *
vain_thresholds(void *self)
{
	return NULL;
}

void
vain_paragraphs(void *self, bool after_text)
{
}

void
vain_class(void *templates, void *class, int letter)
{
	static _Thread_local operator_delete *free_class;

	if (free_class == NULL)
		*(void **)&free_class = dlsym(RTLD_DEFAULT, OPERATOR_DELETE);
	class_end(class);
	if (free_class != NULL)
		free_class(class);
}

void
vain_strokes(struct Pix *picture, void *blob)
{
	if (!layout)
		return;
	if (theirs == NULL)
		*(void **)&theirs = dlsym(RTLD_NEXT, STROKE_WIDTH);
	if (theirs != NULL)
		theirs(picture, blob);
}

/* TWERD's own destructor frees what is made here, and throws when there is no memory, as new does.
 */
struct polygons *
vain_polygons(bool detailed, void *word)
{
	static _Thread_local operator_new *new;
	struct polygons *ret;

	if (new == NULL)
		*(void **)&new = dlsym(RTLD_DEFAULT, OPERATOR_NEW);
	ret = new (sizeof *ret);
	memset(ret, 0, sizeof *ret);
	return ret;
}

void
vain_lists(void *self)
{
}
