/* links: web */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeds and fixed alterations of them through the target, in every `make test`. */
#include "web_fuzz.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const char *const seeds[] = {
    "\0__Host-fumikura=abc; a=b; __Host-fumikura=abc",
    "\0bytes=0-99",
    "\0https://box:8443",
    "\0\"0123\", W/\"x\", *",
    "\0記録 \"1\".pdf",
    "\1/api/v1/batches/B000001/pages/3/thumb",
    "\1/api/v1/documents/D000001/pdf",
    "\2{\"query\":\"髙橋\",\"limit\":5,\"offset\":0}",
    "\2{\"documents\":[\"D000001\",\"D000002\"]}",
    "\2{\"fields\":{\"client_name\":\"髙橋\",\"date\":\"R8.11.5\"}}",
    "\2{\"degrees\":-90}",
    "\2{\"user\":\"a\",\"password\":\"b\",\"code\":\"\"}",
    "\2{\"device\":\"\",\"profile\":\"\",\"type\":\"\",\"batch\":\"\",\"sheets\":0}",
};

static void
seeds_and_alterations(void **state)
{
	uint8_t input[512];
	unsigned random = 1;

	for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		size_t n = 1 + strlen(seeds[i] + 1);

		for (unsigned round = 0; round < 800; round++) {
			memcpy(input, seeds[i], n);
			for (unsigned k = 0; k < round % 4; k++) {
				random = random * 1103515245u + 12345u;
				input[1 + (random >> 8) % (n - 1)] = (uint8_t)(random >> 20);
			}
			assert_int_equal(
			    LLVMFuzzerTestOneInput(input, round % 5 == 4 ? 1 + random % n : n), 0);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(seeds_and_alterations)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
