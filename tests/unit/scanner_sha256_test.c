/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 against FIPS 180-4's and NIST's examples, the fast way against the portable one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"

static const struct {
	const char *text, *hex;
} examples[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void
test_examples(void **state)
{
	char hex[SHA256_HEX_SIZE];

	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		sha256_hex(examples[i].text, strlen(examples[i].text), hex);
		assert_string_equal(hex, examples[i].hex);
	}
}

static void
test_million_a(void **state)
{
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE];
	char block[1000], hex[SHA256_HEX_SIZE];

	memset(block, 'a', sizeof block);
	sha256_init(&hash);
	for (int i = 0; i < 1000; i++)
		sha256_update(&hash, block, sizeof block);
	sha256_final(&hash, digest);
	hex_encode(digest, sizeof digest, hex);
	assert_string_equal(
	    hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Every length around the block and padding borders, in one piece and in odd ones. */
static void
test_ways_agree(void **state)
{
	uint8_t data[300], one[SHA256_SIZE], other[SHA256_SIZE];
	struct sha256 hash;

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 131 + 7);
	for (size_t n = 0; n <= sizeof data; n++) {
		sha256_init(&hash);
		sha256_update(&hash, data, n);
		sha256_final(&hash, one);
		sha256_init_portable(&hash);
		for (size_t at = 0; at < n; at += 37)
			sha256_update(&hash, data + at, n - at < 37 ? n - at : 37);
		sha256_final(&hash, other);
		assert_memory_equal(one, other, SHA256_SIZE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples),
	    cmocka_unit_test(test_million_a),
	    cmocka_unit_test(test_ways_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
