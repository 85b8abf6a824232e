/* links: fumikura ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recovery sheet says its key twice, as text and as a code that can be read back from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <leptonica/allheaders.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli_sheet.h"
#include "ocr/codes.h"

#define IDENTITY "AGE-SECRET-KEY-1QYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQS5UGR90"
#define SIDE_MAX 80 /* modules of the code and its margin */
#define MARGIN 4
#define PIXELS 4 /* of a module */

struct sheet {
	char text[16384];
	bool dark[SIDE_MAX][SIDE_MAX];
	int width, height; /* margins included; an odd number of rows ends with a light one */
};

static json_t *
answer(void)
{
	json_t *json = json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", "試験", "origin",
	    "fumikura.invalid/0123456789abcdef", "recovery", IDENTITY, "recovery_recipient",
	    "age1qqqq", "admin", "admin");

	assert_non_null(json);
	return json;
}

static void
print(const json_t *result, struct sheet *sheet)
{
	FILE *paper = tmpfile();
	const int out = dup(STDOUT_FILENO);
	size_t n;

	assert_non_null(paper);
	fflush(stdout);
	dup2(fileno(paper), STDOUT_FILENO);
	cli_sheet_print(result);
	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	close(out);
	rewind(paper);
	n = fread(sheet->text, 1, sizeof(sheet->text) - 1, paper);
	sheet->text[n] = '\0';
	fclose(paper);
}

/* A character of the code: 1 its lower half is dark, 2 its upper half; -1: none. */
static int
cell(const char **at)
{
	static const char *const cells[] = {" ", "▄", "▀", "█"};

	for (int i = 0; i < 4; i++)
		if (strncmp(*at, cells[i], strlen(cells[i])) == 0) {
			*at += strlen(cells[i]);
			return i;
		}
	return -1;
}

/* Two rows of modules, when the line is made of nothing else and is no empty line. */
static void
take_line(struct sheet *sheet, const char *line)
{
	int x = 0, halves;

	for (; x < SIDE_MAX && (halves = cell(&line)) >= 0; x++) {
		sheet->dark[sheet->height][x] = halves & 2;
		sheet->dark[sheet->height + 1][x] = halves & 1;
	}
	if (*line != '\n' || x == 0)
		return;
	assert_true(sheet->height == 0 || x == sheet->width);
	sheet->width = x;
	sheet->height += 2;
	assert_true(sheet->height <= SIDE_MAX - 2);
}

static void
take_code(struct sheet *sheet)
{
	for (const char *at = sheet->text; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (*at == '\0')
			break;
		take_line(sheet, at);
	}
}

static struct sheet *
printed(void)
{
	static struct sheet sheet;
	json_t *result = answer();

	memset(&sheet, 0, sizeof(sheet));
	assert_int_equal(cli_sheet_draw(result), 0);
	print(result, &sheet);
	json_decref(result);
	take_code(&sheet);
	return &sheet;
}

static void
it_says_the_key_in_letters(void **state)
{
	assert_non_null(strstr(printed()->text, "\n    " IDENTITY "\n"));
}

/* Ink where dark, two rows in one line, a margin around. */
static void
its_code_is_the_key(void **state)
{
	const struct sheet *sheet = printed();
	QRcode *qr = QRcode_encodeString(IDENTITY, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	assert_non_null(qr);
	assert_int_equal(sheet->width, qr->width + 2 * MARGIN);
	assert_in_range(sheet->height, sheet->width, sheet->width + 1);
	for (int y = 0; y < sheet->height; y++)
		for (int x = 0; x < sheet->width; x++) {
			const int row = y - MARGIN, column = x - MARGIN;
			const bool inside =
			    row >= 0 && row < qr->width && column >= 0 && column < qr->width;

			assert_int_equal(
			    sheet->dark[y][x], inside && qr->data[row * qr->width + column] & 1);
		}
	QRcode_free(qr);
}

static void
its_code_is_read_back(void **state)
{
	const struct sheet *sheet = printed();
	PIX *pix = pixCreate(sheet->width * PIXELS, sheet->height * PIXELS, 8);
	struct codes codes = {.n = 0};

	assert_non_null(pix);
	for (int y = 0; y < sheet->height * PIXELS; y++)
		for (int x = 0; x < sheet->width * PIXELS; x++)
			pixSetPixel(pix, x, y, sheet->dark[y / PIXELS][x / PIXELS] ? 0 : 255);
	assert_int_equal(codes_find(pix, &codes), 0);
	assert_int_equal(codes.n, 1);
	assert_string_equal(codes.code[0].type, "QR-Code");
	assert_string_equal(codes.code[0].data, IDENTITY);
	codes_free(&codes);
	pixDestroy(&pix);
}

/* The archive is made by then: what cannot be drawn costs the picture, not the key. */
static void
without_its_code_it_is_still_a_sheet(void **state)
{
	static struct sheet sheet;
	json_t *result = answer();

	print(result, &sheet);
	json_decref(result);
	assert_non_null(strstr(sheet.text, IDENTITY));
	assert_null(strstr(sheet.text, "█"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_says_the_key_in_letters),
	    cmocka_unit_test(its_code_is_the_key),
	    cmocka_unit_test(its_code_is_read_back),
	    cmocka_unit_test(without_its_code_it_is_still_a_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
