/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree against the plain recursive definition of RFC 9162 §2.1.1, at every size; notes and
 * checkpoints against a published vector and openssl. */
#include "vault.h"

#include <gcrypt.h>

#include "store/merkle.h"
#include "store/note.h"
#include "text.h"

#define LEAVES 1100

static uint8_t leaves[LEAVES][32];

/* MTH(D[0:n]) as the RFC writes it. */
static void
definition(const uint8_t (*d)[32], size_t n, uint8_t out[32])
{
	uint8_t joined[65] = {1};
	size_t k = 1;

	if (n == 0) {
		gcry_md_hash_buffer(GCRY_MD_SHA256, out, "", 0);
		return;
	}
	if (n == 1) {
		memcpy(out, d[0], 32);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	definition(d, k, joined + 1);
	definition(d + k, n - k, joined + 33);
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, joined, 65);
}

static void
roots_of_every_size(void **state)
{
	struct merkle *tree;
	uint8_t root[32], expected[32];

	assert_int_equal(merkle_new(&tree), 0);
	for (size_t i = 0; i < LEAVES; i++) {
		merkle_leaf(&i, sizeof(i), leaves[i]);
		assert_int_equal(merkle_append(tree, leaves[i]), 0);
	}
	for (size_t n = 0; n <= LEAVES; n++) {
		assert_int_equal(merkle_root(tree, n, root), 0);
		definition((const uint8_t(*)[32])leaves, n, expected);
		assert_memory_equal(root, expected, 32);
	}
	assert_int_equal(merkle_root(tree, LEAVES + 1, root), -ERANGE);
	merkle_free(tree);
}

static void
forgetting_and_going_on(void **state)
{
	static const size_t cuts[] = {1099, 1024, 1023, 513, 512, 511, 256, 255, 1, 0};
	struct merkle *tree;
	uint8_t root[32], expected[32];

	assert_int_equal(merkle_new(&tree), 0);
	for (size_t c = 0; c < sizeof(cuts) / sizeof(cuts[0]); c++) {
		while (merkle_size(tree) < LEAVES)
			assert_int_equal(merkle_append(tree, leaves[merkle_size(tree)]), 0);
		merkle_truncate(tree, cuts[c]);
		assert_int_equal(merkle_size(tree), cuts[c]);
		assert_int_equal(merkle_root(tree, cuts[c], root), 0);
		definition((const uint8_t(*)[32])leaves, cuts[c], expected);
		assert_memory_equal(root, expected, 32);
		assert_int_equal(merkle_append(tree, leaves[cuts[c]]), 0);
		assert_int_equal(merkle_root(tree, cuts[c] + 1, root), 0);
		definition((const uint8_t(*)[32])leaves, cuts[c] + 1, expected);
		assert_memory_equal(root, expected, 32);
	}
	merkle_free(tree);
}

/* Across the third kept level (65536 leaves), against a second way of computing. */
static void
large_trees(void **state)
{
	const size_t n = 70001;
	uint8_t(*many)[32] = calloc(n, 32), root[32], expected[32];
	struct merkle *tree;

	assert_int_equal(merkle_new(&tree), 0);
	for (size_t i = 0; i < n; i++) {
		merkle_leaf(&i, sizeof(i), many[i]);
		assert_int_equal(merkle_append(tree, many[i]), 0);
	}
	for (size_t size = n; size > 65000; size -= 613) {
		assert_int_equal(merkle_root(tree, size, root), 0);
		definition((const uint8_t(*)[32])many, size, expected);
		assert_memory_equal(root, expected, 32);
	}
	merkle_free(tree);
	free(many);
}

/* ---- notes ---- */

#define EXAMPLE_VERIFIER "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define EXAMPLE_NOTE                                                                               \
	"If you think cryptography is the answer to your problem,\n"                               \
	"then you don't know what your problem is.\n"                                              \
	"\n"                                                                                       \
	"— PeterNeumann "                                                                        \
	"x08go/ZJkuBS9UG/"                                                                         \
	"SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="             \
	"\n"

/* The example of the public signed-note documentation. */
static void
the_published_note_verifies(void **state)
{
	struct note_verifier verifier;
	char note[] = EXAMPLE_NOTE;
	size_t body;

	assert_int_equal(note_verifier_parse(EXAMPLE_VERIFIER, &verifier), 0);
	assert_int_equal(note_verify(&verifier, note, strlen(note), &body), 0);
	assert_int_equal(body, strchr(note, '.') - note + 2);
	for (size_t i = 0; i < strlen(EXAMPLE_NOTE); i++) {
		note[i] ^= 1;
		assert_int_equal(
		    note_verify(&verifier, note, strlen(EXAMPLE_NOTE), &body), -EBADMSG);
		note[i] ^= 1;
	}
	for (size_t n = 0; n < strlen(note); n++)
		assert_int_equal(note_verify(&verifier, note, n, &body), -EBADMSG);
	assert_int_equal(note_verifier_parse("a+00000000+", &verifier), -EINVAL);
	assert_int_equal(
	    note_verifier_parse(
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", &verifier),
	    -EINVAL);
}

static void
names_that_cannot_sign(void **state)
{
	static const char *const names[] = {"", "a b", "a+b", "a\n", "日本"};
	char *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(note_signer_create(names[i], &text), -EINVAL);
}

/* Ed25519 signature over the text, by a second implementation. */
static void
openssl_verifies_a_checkpoint(void **state)
{
	static const uint8_t der[] = {
	    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
	struct scratch s = scratch_new();
	struct note_signer *signer;
	struct checkpoint read;
	uint8_t root[32], key[sizeof(der) + 32], *blob;
	char *text, *note, *last;
	size_t body, n;

	assert_int_equal(note_signer_create("fumikura.local/0a1b2c3d", &text), 0);
	assert_int_equal(note_signer_parse(text, &signer), 0);
	random_bytes(root, sizeof(root));
	assert_int_equal(checkpoint_sign(signer, 12345, root, &note), 0);
	assert_int_equal(strncmp(note, "fumikura.local/0a1b2c3d\n12345\n", 30), 0);
	assert_int_equal(
	    checkpoint_read(note_signer_verifier(signer), note, strlen(note), &read), 0);
	assert_int_equal(read.size, 12345);
	assert_memory_equal(read.root, root, 32);
	assert_int_equal(note_verify(note_signer_verifier(signer), note, strlen(note), &body), 0);
	scratch_write(&s, "text", note, body);
	last = strrchr(note, ' ') + 1;
	assert_int_equal(base64_decode(last, strlen(last) - 1, &blob, &n), 0);
	assert_int_equal(n, 68);
	scratch_write(&s, "signature", blob + 4, 64);
	memcpy(key, der, sizeof(der));
	memcpy(key + sizeof(der), note_signer_verifier(signer)->public, 32);
	scratch_write(&s, "key.der", key, sizeof(key));
	assert_int_equal(
	    scratch_run(&s, "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin"
			    " -in text -sigfile signature >/dev/null"),
	    0);
	free(blob);
	free(note);
	secret_free(text);
	note_signer_free(signer);
	scratch_end(&s);
}

static void
two_signatures_and_foreign_ones(void **state)
{
	struct note_signer *one, *two;
	char *text, *note, *other, joined[2048];
	struct checkpoint read;
	uint8_t root[32] = {1};

	assert_int_equal(note_signer_create("one.example/log", &text), 0);
	assert_int_equal(note_signer_parse(text, &one), 0);
	secret_free(text);
	assert_int_equal(note_signer_create("witness.example", &text), 0);
	assert_int_equal(note_signer_parse(text, &two), 0);
	secret_free(text);
	assert_int_equal(checkpoint_sign(one, 7, root, &note), 0);
	snprintf(joined, sizeof(joined), "%.*s", (int)(strstr(note, "\n\n") + 1 - note), note);
	assert_int_equal(note_sign(two, joined, &other), 0);
	snprintf(joined, sizeof(joined), "%s%s", note, strstr(other, "\n\n") + 2);
	assert_int_equal(
	    checkpoint_read(note_signer_verifier(one), joined, strlen(joined), &read), 0);
	/* signed by two, but one's log: not two's checkpoint */
	assert_int_equal(
	    checkpoint_read(note_signer_verifier(two), joined, strlen(joined), &read), -EBADMSG);
	assert_int_equal(
	    checkpoint_read(note_signer_verifier(one), other, strlen(other), &read), -EBADMSG);
	free(note);
	free(other);
	note_signer_free(one);
	note_signer_free(two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(roots_of_every_size),
	    cmocka_unit_test(forgetting_and_going_on),
	    cmocka_unit_test(large_trees),
	    cmocka_unit_test(the_published_note_verifies),
	    cmocka_unit_test(names_that_cannot_sign),
	    cmocka_unit_test(openssl_verifies_a_checkpoint),
	    cmocka_unit_test(two_signatures_and_foreign_ones),
	};

	secret_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
