/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contract of the `ocr` room: one page at a time per process; pure functions of what is sent; nothing is kept between calls. */
#ifndef FUMIKURA_OCR_BUS_H
#define FUMIKURA_OCR_BUS_H

#define OCR_PATH "/jp/fumikura/ocr"
#define OCR_IFACE "jp.fumikura.Ocr1"

/*
 * Read(s job, h tiff, a{ss} hints) -> (h result, h alto, h preview, h thumb)
 *   tiff: sealed memfd, the page master. hints: "dpi" (used when the TIFF has none), "effort" = "shown" (default) | "all" (every further reading for
 *   search as well). Errors: unreadable (with reason), too_large.
 *   result: JSON, sealed memfd (at most OCR_MAX_RESULT):
 *   {
 *     "engine":   {"name":"tesseract","version":…,"models":{"jpn":SHA256,…,"letters":SHA256},"parameters":{…},"build":…},
 *                 letters: the judge of letters, ocr/letter_model.bin
 *     "width":W, "height":H,            upright page, pixels of the master's resolution
 *     "dpi":N, "rotation":0|90|180|270, clockwise turn that makes the master upright       "skew_mdeg":N   thousandths of a degree
 *     "readings":[{"id":"…","shown":true,"confidence":0..100,"text":"…","boxes":[x,y,w,h, …]}],
 *                 exactly one is shown, first; lines end with \n; boxes: four integers per code point of text, upright master pixels, zeros for \n
 *     "cells":[{"table","row","column","row_span","column_span","box"}],
 *     "fields":[{"label":…,"value":…,"key":…,"normal":…,"confidence":…,"box":[x,y,w,h]}],
 *                 key: client_name client_id date … or ""; normal: ISO date, ten digits … when the value has the form its key asks for, else ""
 *     "codes":[{"type","data","box"}],
 *     "marks":[{"kind":"box"|"ring","set":BOOL,"text":… (rings: what is circled),"box"}],
 *     "corrections":[{"reading":id,"line":N,"raw":…,"rule":"lexicon"|"notation"|"twin"|"writing"|"untaught" …}], lines that were corrected: what was read, the last rule
 *     "form_type": id of store's type table by the page's title, "" when unsure: a proposal
 *     "findings":[{"code":…, "value":N, "ja":…, "en":…}],   code: blank dark noise no_text low_confidence (value: mean confidence) cut_short (no time for
 *                 all readings; value: how many there are) mirrored separator
 *                 skewed (thousandths of a degree) damaged dpi_assumed (the resolution taken)
 *     "cpu_ms":N
 *   }
 *   alto: ALTO 4 XML of the shown reading.  preview: JPEG, upright, longer side ≤ OCR_PREVIEW_SIDE.  thumb: JPEG, longer side ≤ OCR_THUMB_SIDE.
 *
 * Compose(a(hhi) pages, a{ss} properties, a(uuuuu) redact) -> h pdf
 *   pages: master TIFF, ALTO (may be an empty memfd), further clockwise rotation asked by a person. properties: title, author, subject, created
 *   (RFC 3339), access = "copy" (default: JPEG access copy) | "master" (lossless). Searchable PDF: image + invisible text.
 *   redact: page (index) x y w h, pixels of the upright master as ALTO has them, before a person's rotation: painted black in the image, and every glyph
 *   they touch left out of the text, with its neighbours on the line, and with all of a corrected line. A box that is not on its page is an error: nothing would be hidden.
 *
 * Correct(h alto, a(uuuus) lines) -> (h alto)
 *   lines: x y w h text, as people corrected the page, pixels of the upright master before a person's rotation; at most 1000. Each takes the
 *   place of the ALTO's lines with which it shares at least half of the smaller box; where there is none it stands at the end. Its characters,
 *   spaces at the ends apart, share the box evenly; its TextLine has the tag "corrected". All else stays as it was.
 *
 * Turn(h tiff, i degrees) -> (h preview, h thumb) : derivatives again after a person rotated the page.
 */
#define OCR_MAX_RESULT ((size_t)64 << 20)
#define OCR_PATIENCE 4 /* a page's time limit is processor time; by the clock it may take so many times as long, beside other work */
#define OCR_PREVIEW_SIDE 1760 /* A4 at 150 dpi, half of what most scanners give */
#define OCR_THUMB_SIDE 240

#endif
