/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 8785: order of members, escapes, numbers, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/canon.h"
#include "store/secret.h"

/* Input (any JSON) and its canonical form. */
static const struct {
	const char *in, *out;
} vectors[] = {
    {"{ }", "{}"},
    {"[ ]", "[]"},
    {"{\"b\":1, \"a\":[true, false, null], \"\":\"x\"}",
	"{\"\":\"x\",\"a\":[true,false,null],\"b\":1}"},
    /* RFC 8785 §3.2.3: sorted by UTF-16 code units, so U+1F600 (D83D…) before U+FB33 */
    {"{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet "
     "With "
     "Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
     "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
	"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":\"Latin "
	"Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro "
	"Sign\",\"\xf0\x9f\x98\x80\":\"Emoji: "
	"Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}"},
    /* escapes: short forms, lower-case hex, nothing else; solidus, DEL and U+2028 stay */
    {"\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\\\/\\u007f\\u2028\"",
	"\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\x7f\xe2\x80\xa8\""},
    {"\"\\u30b5\\u30fc\\u30d3\\u30b9\\ud840\\udc0b\"", "\"サービス𠀋\""},
    {"[0,-0,1,-1,9007199254740991,-9007199254740991]",
	"[0,0,1,-1,9007199254740991,-9007199254740991]"},
    {"{\"aa\":1,\"a\":2,\"ab\":3,\"B\":4}", "{\"B\":4,\"a\":2,\"aa\":1,\"ab\":3}"},
};

static int
dump(const char *text, char **ret)
{
	json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	size_t n = 0;
	int r;

	assert_non_null(json);
	r = canon_dump(json, ret, &n);
	json_decref(json);
	if (r == 0)
		assert_int_equal(strlen(*ret), n);
	return r;
}

static void
canonical_forms(void **state)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		char *once, *twice;

		assert_int_equal(dump(vectors[i].in, &once), 0);
		assert_string_equal(once, vectors[i].out);
		assert_int_equal(dump(once, &twice), 0);
		assert_string_equal(once, twice);
		free(once);
		free(twice);
	}
}

static void
refusals(void **state)
{
	char *text = NULL, deep[80];
	size_t n;

	assert_int_equal(dump("1.5", &text), -EINVAL);
	assert_int_equal(dump("{\"a\":[1e3]}", &text), -EINVAL);
	assert_int_equal(dump("9007199254740992", &text), -ERANGE);
	assert_int_equal(dump("-9007199254740992", &text), -ERANGE);
	assert_int_equal(canon_dump(NULL, &text, &n), -EINVAL);
	memset(deep, '[', 32);
	memset(deep + 32, ']', 32);
	deep[64] = '\0';
	assert_int_equal(dump(deep, &text), 0);
	free(text);
	memset(deep, '[', 33);
	memset(deep + 33, ']', 33);
	deep[66] = '\0';
	assert_int_equal(dump(deep, &text), -ELOOP);
}

static void
digest(void **state)
{
	char hex[65];

	canon_sha256("abc", 3, hex);
	assert_string_equal(
	    hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(canonical_forms),
	    cmocka_unit_test(refusals),
	    cmocka_unit_test(digest),
	};

	secret_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
