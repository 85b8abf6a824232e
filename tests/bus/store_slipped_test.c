/* links: store ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker whose boxes have slipped by one glyph reads a page, whose ink is known; then the field
 * is hidden by name, and what store asks for is painted on that page as ocr does it. Nothing of the
 * value may be left to see.
 */

#include <leptonica/allheaders.h>

#include "ocr/redact.h"
#include "store_play.h"

#define GLYPHS 9
#define FROM 3 /* the value: 髙橋花子, of 氏名：髙橋花子印有 */
#define TO 7

static bool down;
static int slip;
static PIX *painted;

/* Where glyph i's ink is, on a sheet of 100 × 140 at 75 dpi. */
static struct box
ink(int i)
{
	return down ? (struct box){45, 15 + 11 * i, 9, 10} : (struct box){1 + 11 * i, 50, 10, 9};
}

static void
page_of_ink(uint8_t **ret, size_t *ret_size)
{
	PIX *pix = pixCreate(100, 140, 1);

	for (int i = 0; i < GLYPHS; i++) {
		const struct box b = ink(i);

		/* a glyph's outline: what is black inside was painted */
		for (int x = b.x; x < b.x + b.w; x++)
			for (int y = b.y; y < b.y + b.h; y++)
				if (x == b.x || x == b.x + b.w - 1 || y == b.y ||
				    y == b.y + b.h - 1)
					pixSetPixel(pix, x, y, 1);
	}
	pixSetResolution(pix, 75, 75);
	assert_int_equal(pixWriteMemTiff(ret, ret_size, pix, IFF_TIFF_G4), 0);
	pixDestroy(&pix);
}

static int
read_slipped(sd_bus_message *m, struct play *p)
{
	char json[2048], boxes[512] = "";

	for (int i = 0; i < GLYPHS; i++) {
		const int at = i + slip < 0 ? 0 : i + slip >= GLYPHS ? GLYPHS - 1 : i + slip;
		const struct box b = ink(at);

		snprintf(boxes + strlen(boxes), sizeof(boxes) - strlen(boxes), "%s%d,%d,%d,%d",
		    i == 0 ? "" : ",", b.x, b.y, b.w, b.h);
	}
	snprintf(json, sizeof(json),
	    RESULT_HEAD "\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":90,\"text\":"
			"\"氏名：髙橋花子印有\",\"boxes\":[%s]}]}",
	    boxes);
	return reply_reading(m, json, strlen(json));
}

/* As ocr's Compose: the page decoded, every box painted. */
static int
paint_asked(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int made = memfd_new_sealed("made", "%PDF-", 5);
	_cleanup_(memview_free) struct memview tiff = {0};
	_cleanup_(page_free) struct page sheet = {0};
	struct alto_page text = {0};
	uint32_t n, x, y, w, h;
	int fd, alto, turn;

	assert_true(sd_bus_message_enter_container(m, 'a', "(hhi)") > 0);
	assert_true(sd_bus_message_read(m, "(hhi)", &fd, &alto, &turn) > 0);
	assert_true(sd_bus_message_exit_container(m) >= 0);
	assert_true(memfd_view(fd, 1 << 20, &tiff) >= 0);
	assert_int_equal(page_in(tiff.data, tiff.size, 75, 0, &sheet), 0);
	assert_true(sd_bus_message_skip(m, "a{ss}") >= 0);
	assert_true(sd_bus_message_enter_container(m, 'a', "(uuuuu)") > 0);
	while (sd_bus_message_read(m, "(uuuuu)", &n, &x, &y, &w, &h) > 0)
		assert_int_equal(
		    redact(&sheet, &text, (struct box){(int)x, (int)y, (int)w, (int)h}), 0);
	pixDestroy(&painted);
	painted = pixCopy(NULL, sheet.pix);
	return sd_bus_reply_method_return(m, "h", made);
}

static void
make_document(char ret[16])
{
	sd_bus_message *reply;
	json_t *answer;
	uint8_t *tiff;
	char batch[16];
	size_t size;
	int fd;

	page_of_ink(&tiff, &size);
	fd = memfd_new_sealed("page", tiff, size);
	lept_free(tiff);
	text_of(call_store(
		    &play, play.web, "Scan", "sssssu", token(&play, "haruka"), "", "", "", "", 0),
	    "batch", batch, sizeof(batch));
	put_page_fd(play.scanner, &reply, play.job, 1, fd);
	WAIT(&play, reply != NULL);
	expect(reply, "ok");
	close(fd);
	assert_string_equal(finish(&play, play.scanner, play.job, "ok"), "ok");
	wait_read(&play, "haruka", batch, 1, "read");
	answer = json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), batch, (uint64_t)0));
	snprintf(ret, 16, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "documents"), 0), "id")));
	json_decref(answer);
}

/* Pixels of the glyph that are not black. */
static int
left_to_see(int i)
{
	const struct box b = ink(i);
	int left = 0;

	for (int x = b.x; x < b.x + b.w; x++)
		for (int y = b.y; y < b.y + b.h; y++) {
			l_uint32 v = 0;

			pixGetPixel(painted, x, y, &v);
			left += v == 0;
		}
	return left;
}

static void
nothing_of_the_value_is_left(void)
{
	char document[16];

	make_document(document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", token(&play, "haruka"), document, 1,
		   "client_name", "高橋花子"),
	    "ok");
	expect(call_store(&play, play.web, "ExportRedacted", "ssas", token(&play, "masao"),
		   document, 1, "client_name"),
	    "ok");
	assert_non_null(painted);
	for (int i = FROM; i < TO; i++)
		assert_int_equal(left_to_see(i), 0);
	assert_true(left_to_see(0) > 0); /* and not the whole line is black */
	assert_true(left_to_see(GLYPHS - 1) > 0 || slip > 0);
}

static void
slipped_boxes_leave_nothing_to_see(void **state)
{
	play.on_read = read_slipped;
	play.on_compose = paint_asked;
	for (int way = 0; way < 2; way++)
		for (slip = -1; slip <= 1; slip++) {
			down = way == 1;
			nothing_of_the_value_is_left();
		}
	pixDestroy(&painted);
}

static int
set_up(void **state)
{
	static const struct person who[] = {{"haruka", "clerk", ""}, {"masao", "checker", ""}};

	begin(&play, "[tsa]\nca_file = /etc/ssl/certs/ca-certificates.crt\n");
	people(&play, who, 2);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slipped_boxes_leave_nothing_to_see),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
