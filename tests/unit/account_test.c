/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People's key files and the password rule: G6-02, G6-07. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "store/account.h"
#include "store/evidence.h"
#include "store/secret.h"

#define PASSWORD "kumori-nochi 7 hare"
#define OTHER "tetsudou/ni/noru/kaze"

static struct ca *ca;

static int
setup(void **state)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	size_t size;

	assert_int_equal(ca_create("Office", &blob, &size), 0);
	return ca_open(blob, size, &ca);
}

static int
teardown(void **state)
{
	ca_free(ca);
	return 0;
}

static void
names(void **state)
{
	assert_true(account_name_valid("hanako"));
	assert_true(account_name_valid("a.b-c_9"));
	assert_false(account_name_valid(""));
	assert_false(account_name_valid("Hanako"));
	assert_false(account_name_valid("9a"));
	assert_false(account_name_valid("../x"));
	assert_false(account_name_valid("a/b"));
	assert_false(account_name_valid("花子"));
	assert_false(account_name_valid("abcdefghijklmnopqrstuvwxyz0123456"));
}

static void
refused(const char *password, const char *why_expected)
{
	const char *why = NULL;

	if (account_password_check("hanako", password, &why) != -EINVAL)
		fail_msg("accepted: %s", password);
	assert_string_equal(why, why_expected);
}

static void
g6_07_password_rule(void **state)
{
	static const char *const guessable[] = {"passwordpassword", "P@ssw0rd2026!!",
	    "1234567890123", "aaaaaaaaaaaaa", "abcabcabcabcabc", "hanakohanako123",
	    "okanahokanah99", "qwertyuiopasdf", "1qaz2wsx3edc4rfv", "fumikura-2026-11",
	    "kaigo-service!", "Sakura20261122!", "pasuwado-2026-abc", "reiwa8nen1122",
	    "otsukaresama!!!", "KaigoHelper1234", "himitsu-himitsu", "00000-11111-222"};
	static const char *const good[] = {PASSWORD, OTHER, "むかしむかしあるところに何か",
	    "x7Kq-9mTz-w2Lp-b", "gyuunyuu wo nihon kau"};
	const char *why;

	refused("mijikai-12ch", "too_short");
	refused("ああああああああああああ", "too_short"); /* 12 characters in 36 bytes */
	refused("abcdefgh\xff\xfe more text", "not_text");
	for (size_t i = 0; i < sizeof(guessable) / sizeof(guessable[0]); i++)
		refused(guessable[i], "guessable");
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (account_password_check("hanako", good[i], &why) != 0)
			fail_msg("refused: %s", good[i]);
}

static void
only_the_password_opens(void **state)
{
	_cleanup_(freep) char *file = NULL, *cert = NULL, *cert2 = NULL;
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	size_t size;

	assert_int_equal(account_new(ca, "hanako", "山田 花子", PASSWORD, &file, &cert), 0);
	assert_null(strstr(file, PASSWORD));
	assert_int_equal(
	    account_unlock(file, strlen(file), PASSWORD "x", &key, &size, NULL), -EKEYREJECTED);
	assert_int_equal(account_unlock(file, strlen(file), "", &key, &size, NULL), -EKEYREJECTED);
	assert_null(key);
	assert_int_equal(account_unlock(file, strlen(file), PASSWORD, &key, &size, &cert2), 0);
	assert_string_equal(cert, cert2);
	/* The key belongs to the certificate: signing checks it. */
	assert_int_equal(
	    evidence_sign("x", 1, key, size, cert, ca_certificate_pem(ca), &cms, &value), 0);
}

static void
same_key_under_a_new_password(void **state)
{
	_cleanup_(freep) char *file = NULL, *again = NULL;
	_cleanup_(secret_freep) uint8_t *key = NULL, *key2 = NULL;
	size_t size, size2;

	assert_int_equal(account_new(ca, "taro", "T", PASSWORD, &file, NULL), 0);
	assert_int_equal(account_rewrap(file, strlen(file), OTHER, OTHER, &again), -EKEYREJECTED);
	assert_int_equal(account_rewrap(file, strlen(file), PASSWORD, "", &again), -EINVAL);
	assert_int_equal(account_rewrap(file, strlen(file), PASSWORD, OTHER, &again), 0);
	assert_int_equal(
	    account_unlock(again, strlen(again), PASSWORD, &key, &size, NULL), -EKEYREJECTED);
	assert_int_equal(account_unlock(again, strlen(again), OTHER, &key, &size, NULL), 0);
	assert_int_equal(account_unlock(file, strlen(file), PASSWORD, &key2, &size2, NULL), 0);
	assert_int_equal(size, size2);
	assert_memory_equal(key, key2, size);
}

static double
seconds_of_unlock(const char *file, const char *password)
{
	struct timespec a, b;
	_cleanup_(secret_freep) uint8_t *key = NULL;
	size_t size;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
	assert_int_equal(account_unlock(file, file ? strlen(file) : 0, password, &key, &size, NULL),
	    -EKEYREJECTED);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
	return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* Not a race: CPU time of the same Argon2id work; without it an unknown name would take a
 * ten-thousandth. */
static void
unknown_name_takes_the_same_work(void **state)
{
	_cleanup_(freep) char *file = NULL;
	double known, unknown;

	assert_int_equal(account_new(ca, "taro", "T", PASSWORD, &file, NULL), 0);
	known = seconds_of_unlock(file, OTHER);
	unknown = seconds_of_unlock(NULL, OTHER);
	assert_true(unknown > known / 4 && unknown < known * 4);
}

/* Sets a member (path "a.b") of a fresh file and expects -EBADMSG at once. */
static void
altered(const char *file, const char *group, const char *name, json_t *value)
{
	json_t *json = json_loads(file, 0, NULL), *in = group ? json_object_get(json, group) : json;
	_cleanup_(freep) char *text = NULL;
	_cleanup_(secret_freep) uint8_t *key = NULL;
	size_t size;

	assert_int_equal(json_object_set_new(in, name, value), 0);
	text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	if (account_unlock(text, strlen(text), PASSWORD, &key, &size, NULL) != -EBADMSG)
		fail_msg("accepted: altered %s", name);
	json_decref(json);
}

static void
altered_files_cost_nothing(void **state)
{
	_cleanup_(freep) char *file = NULL;
	uint8_t *key;
	size_t size;

	assert_int_equal(account_new(ca, "taro", "T", PASSWORD, &file, NULL), 0);
	altered(file, "kdf", "memory_kib", json_integer(100000000));
	altered(file, "kdf", "memory_kib", json_integer(-1));
	altered(file, "kdf", "memory_kib", json_integer(8));
	altered(file, "kdf", "passes", json_integer(1000000));
	altered(file, "kdf", "passes", json_integer(0));
	altered(file, "kdf", "lanes", json_integer(0));
	altered(file, "kdf", "lanes", json_integer(4294967297));
	altered(file, "kdf", "name", json_string("argon2i"));
	altered(file, "kdf", "salt", json_string("00"));
	altered(file, "key", "nonce", json_string("zz"));
	altered(file, "key", "wrapped", json_string(""));
	altered(file, NULL, "fumikura", json_string("user/v2"));
	altered(file, NULL, "extra", json_true());
	altered(file, NULL, "verifier", json_null());
	/* Another's wrapped key under this name: the name is authenticated with it. */
	altered(file, NULL, "user", json_string("jiro"));
	altered(file, "key", "tag", json_string("00000000000000000000000000000000"));
	assert_int_equal(account_unlock("{}", 2, PASSWORD, &key, &size, NULL), -EBADMSG);
	assert_int_equal(account_unlock("", 0, PASSWORD, &key, &size, NULL), -EBADMSG);
	assert_int_equal(
	    account_unlock(file, strlen(file) - 1, PASSWORD, &key, &size, NULL), -EBADMSG);
}

/* A file of the first version, kept as it was: it must open for ever (G72-08). */
/* clang-format off */
static const char frozen[] =
    "{\"certificate\":\"-----BEGIN CERTIFICATE-----\\nMIIBxzCCAWygAwIBAgIQeqM6yrBbX/H"
    "XDnhpfroSjDAKBggqhkjOPQQDAjAnMQ8w\\nDQYDVQQKDAZPZmZpY2UxFDASBgNVBAMMC0Z1bWlrdXJh"
    "IENBMB4XDTI2MTEyMjE5\\nNTk1NloXDTMxMTEyMjE5NTk1NlowQTEPMA0GA1UECgwGT2ZmaWNlMRYwF"
    "AYDVQQD\\nDA3lsbHnlLAg6Iqx5a2QMRYwFAYKCZImiZPyLGQBAQwGaGFuYWtvMFkwEwYHKoZI\\nzj0"
    "CAQYIKoZIzj0DAQcDQgAEtEp1jyN66qlnZ+xfmVQ3T0d2IeIG76KgRDoa/cmj\\nSATnNhqTgSwl1YaU"
    "jwjG7l1at4O+WsHpqrFjuYNY39HbSaNgMF4wDAYDVR0TAQH/\\nBAIwADAOBgNVHQ8BAf8EBAMCBsAwH"
    "QYDVR0OBBYEFMNZRx97Jc3ZesG292C2HiZJ\\nfJj8MB8GA1UdIwQYMBaAFCyPYGSdVpZ9K/XKclJPB+"
    "7U4jQUMAoGCCqGSM49BAMC\\nA0kAMEYCIQDDCZ3ABorW+k0NBYi3F4QPA6QiXQ9iGPa2u/IJIHi7JwI"
    "hAPJKNwGv\\n6bqcKIt85pKv+RQ+mlhe/vsgKrsfDDF/dcg0\\n-----END CERTIFICATE-----\\n\""
    ",\"display\":\"山田 花子\",\"fumikura\":\"user/v1\",\"kdf\":{\"lanes\":4,\"memory_ki"
    "b\":65536,\"name\":\"argon2id\",\"passes\":3,\"salt\":\"4d97a37c0f4ec54110dfde51"
    "8f5d4643\"},\"key\":{\"cipher\":\"aes-256-gcm\",\"nonce\":\"a17e7ec9cee03c55a951"
    "858d\",\"tag\":\"76d14f7601a6953d352570e70912a542\",\"wrapped\":\"6098f2df7ba228"
    "d9ae239a47288d213802328dc1c8c200a0fd64b46f3cf60a2457e66334e1018c2c89df3f0b2ba8f5"
    "5bc08bd21f3f820bcb83617d7fa085386ff89c9615b323feb0e1ddb4dfdc408e8f0ebd1c64c74be1"
    "c1d832c24105e646ef85ac4755e9722784a3ffefd0e09b235a388bd47b1506da2b27\"},\"user\""
    ":\"hanako\",\"verifier\":\"86a0af4a2b058d89972ccb4c8171da8c9bf400161b9581c2b7a0c"
    "15f19bca556\"}";
/* clang-format on */

static void
first_version_still_opens(void **state)
{
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	size_t size;

	assert_int_equal(account_unlock(frozen, strlen(frozen), PASSWORD, &key, &size, &cert), 0);
	assert_int_equal(
	    evidence_sign("x", 1, key, size, cert, ca_certificate_pem(ca), &cms, &value), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(g6_07_password_rule),
	    cmocka_unit_test(only_the_password_opens),
	    cmocka_unit_test(same_key_under_a_new_password),
	    cmocka_unit_test(unknown_name_takes_the_same_work),
	    cmocka_unit_test(altered_files_cost_nothing),
	    cmocka_unit_test(first_version_still_opens),
	};

	return secret_init() < 0 ? 1 : cmocka_run_group_tests(tests, setup, teardown);
}
