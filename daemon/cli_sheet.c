/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recovery sheet. Its code is drawn here and not in store: libqrencode leaves what it encoded
 * in freed memory, and this process ends with the sheet. */
#include "cli_sheet.h"

#include <errno.h>
#include <qrencode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define MARGIN 4 /* light modules around the code, as its readers need */
#define CELL 3   /* bytes of a character that shows two modules, at most */

static const char sheet_ja[] =
    "復旧シート\n"
    "これは、この書庫を開くための最後の鍵です。装置が壊れても、この鍵と保管データがあれば、公開の道"
    "具 age で記録を読めます。\n"
    "いま印刷し、金庫など施錠できる場所に保管してください。表示されるのはこの一度だけで、装置には残"
    "りません。\n"
    "この鍵を持つ人はすべての記録を読めます。写真に撮ったり、メールで送ったりしないでください。\n";
static const char sheet_en[] =
    "Recovery sheet\n"
    "This is the last key to this archive. If the box is lost, this key and the stored files open "
    "every record with the public tool age.\n"
    "Print it now and keep it locked away. It is shown this once and is not kept on the box.\n"
    "Whoever holds it can read every record. Do not photograph it, do not mail it.\n";

static unsigned
is_dark(const QRcode *qr, int x, int y)
{
	const bool inside = x >= 0 && x < qr->width && y >= 0 && y < qr->width;

	return inside ? qr->data[y * qr->width + x] & 1 : 0;
}

/* Two modules of the code in one character, the dark ones as ink: on paper it is right as it is.
 * Returns the end. */
static char *
draw(const QRcode *qr, char *at)
{
	static const char *const cells[] = {" ", "▄", "▀", "█"}; /* + 1 lower dark, + 2 upper */

	for (int y = -MARGIN; y < qr->width + MARGIN; y += 2) {
		for (int x = -MARGIN; x < qr->width + MARGIN; x++) {
			const char *cell = cells[2 * is_dark(qr, x, y) + is_dark(qr, x, y + 1)];

			at = mempcpy(at, cell, strlen(cell));
		}
		*at++ = '\n';
	}
	*at = '\0';
	return at;
}

int
cli_sheet_draw(json_t *result)
{
	QRcode *qr =
	    QRcode_encodeString(cli_text(result, "recovery"), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	char *text = NULL;
	size_t side;
	int r = -ENOMEM;

	if (qr != NULL) {
		side = (size_t)qr->width + 2 * MARGIN;
		text = malloc((side + 1) / 2 * (side * CELL + 1) + 1);
	}
	if (text != NULL) {
		const size_t n = (size_t)(draw(qr, text) - text);

		r = json_object_set_new(result, "recovery_qr", json_stringn(text, n)) < 0 ? -ENOMEM
											  : 0;
		explicit_bzero(text, n);
	}
	if (qr != NULL)
		explicit_bzero(qr->data, (size_t)qr->width * (size_t)qr->width);
	free(text);
	QRcode_free(qr);
	return r;
}

/* The code is black ink on white: on a terminal, whose colours are anybody's, it says so. */
static void
print_code(const char *code)
{
	const bool colours = isatty(STDOUT_FILENO);
	const char *begin = colours ? "\033[30;107m" : "", *end = colours ? "\033[0m" : "";

	while (*code != '\0') {
		const size_t n = strcspn(code, "\n");

		printf("%s%.*s%s\n", begin, (int)n, code, end);
		code += n + (code[n] == '\n');
	}
}

/* Always in both languages: whoever needs it in ten years may read either. */
void
cli_sheet_print(const json_t *result)
{
	printf("\n%s\n%s\n", sheet_ja, sheet_en);
	printf("  書庫 / archive      %s\n", cli_text(result, "name"));
	printf("  起点 / origin       %s\n", cli_text(result, "origin"));
	printf("  宛先 / recipient    %s\n", cli_text(result, "recovery_recipient"));
	printf("  鍵 / identity\n\n    %s\n\n", cli_text(result, "recovery"));
	print_code(cli_text(result, "recovery_qr"));
	printf("\n  最初の管理者 / first administrator   %s\n", cli_text(result, "admin"));
	if (json_object_get(result, "admin_password") != NULL)
		printf("  そのパスワード / its password        %s\n",
		    cli_text(result, "admin_password"));
	printf("\n  age -d -i RECOVERY keys/rings/BATCH.age > ring;  age -d -i ring "
	       "objects/XX/...\n\n");
}
