/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures (G91-11, G91-12): made and stamped here, judged by stock openssl, and every altered
 * form refused. */
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "evidence_office.h"

static void
sign_manifest(struct bytes *cms, struct bytes *value)
{
	assert_int_equal(evidence_sign(MANIFEST, SIZE, person_key, person_key_size, person_cert,
			     ca_certificate_pem(ca), cms, value),
	    0);
}

static void
refused(const struct bytes *cms, const void *content, size_t n, const char *pem, uint64_t at,
    const char *expected)
{
	struct evidence_signature s;
	const char *why = NULL;

	assert_int_equal(evidence_verify(content, n, cms, pem, at, &s, &why), -EBADMSG);
	assert_string_equal(why, expected);
}

static void
g91_11_stock_openssl_accepts(void **state)
{
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0}, tsr = {0}, token = {0},
					   full = {0};
	_cleanup_(freep) char *certs = NULL;
	struct evidence_signature s;
	struct evidence_time t;
	const char *why;
	uint64_t nonce;

	sign_manifest(&cms, &value);
	put("manifest.json.p7s", cms.data, cms.size);
	put("signature.bin", value.data, value.size);
	assert_int_equal(run("openssl cms -verify -binary -inform DER -in manifest.json.p7s"
			     " -content manifest.json -CAfile ca.pem"),
	    0);
	assert_int_equal(run("openssl cms -verify -cades -binary -inform DER -in manifest.json.p7s"
			     " -content manifest.json -CAfile ca.pem"),
	    0);
	tsr = stamp(value.data, value.size, &nonce);
	assert_int_equal(
	    run("openssl ts -verify -data signature.bin -in timestamp.tsr -CAfile tsa-ca.pem"), 0);
	assert_int_equal(evidence_tsr_verify(
			     value.data, value.size, tsr.data, tsr.size, nonce, tsa_ca, &t, &why),
	    0);
	assert_string_equal(t.tsa, "CN=good,O=Time");
	assert_string_equal(t.policy, "1.2.3.4.1");
	assert_string_equal(t.serial, "02");
	assert_int_equal(evidence_tsr_token(tsr.data, tsr.size, &token, &certs), 0);
	assert_non_null(strstr(certs, "BEGIN CERTIFICATE"));
	assert_int_equal(evidence_add_token(&cms, token.data, token.size, &full), 0);
	put("t.p7s", full.data, full.size);
	assert_int_equal(run("openssl cms -verify -cades -binary -inform DER -in t.p7s"
			     " -content manifest.json -CAfile ca.pem"),
	    0);
	assert_int_equal(run("openssl cms -cmsout -print -noout -inform DER -in t.p7s |"
			     " grep -q id-smime-aa-timeStampToken"),
	    0);
	assert_int_equal(
	    evidence_verify(MANIFEST, SIZE, &full, ca_certificate_pem(ca), 0, &s, &why), 0);
	assert_string_equal(s.signer, "山田 花子");
	assert_int_equal(strlen(s.signed_at), 24);
}

static void
signature_value_is_the_raw_one(void **state)
{
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0}, again = {0};
	struct bytes junk = {(uint8_t *)"junk", 4};

	sign_manifest(&cms, &value);
	assert_int_equal(evidence_signature_value(&cms, &again), 0);
	assert_int_equal(again.size, value.size);
	assert_memory_equal(again.data, value.data, value.size);
	assert_int_equal(value.data[0], 0x30); /* ECDSA-Sig-Value */
	assert_int_equal(evidence_signature_value(&junk, &again), -EBADMSG);
}

static void
g91_12_altered_content_is_found(void **state)
{
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	char content[] = MANIFEST;

	sign_manifest(&cms, &value);
	for (size_t i = 0; i < SIZE; i++) {
		content[i] ^= 1;
		refused(&cms, content, SIZE, ca_certificate_pem(ca), 0, "content_altered");
		content[i] ^= 1;
	}
	refused(&cms, content, SIZE - 1, ca_certificate_pem(ca), 0, "content_altered");
}

static void
only_our_people_sign(void **state)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	struct ca *other;
	size_t size;

	sign_manifest(&cms, &value);
	assert_int_equal(ca_create("Office", &blob, &size), 0);
	assert_int_equal(ca_open(blob, size, &other), 0);
	refused(&cms, MANIFEST, SIZE, ca_certificate_pem(other), 0, "certificate_untrusted");
	refused(&cms, MANIFEST, SIZE, ca_certificate_pem(ca), 4102444800000, "certificate_expired");
	ca_free(other);
}

/* DER request for the public key of key. */
static unsigned char *
request_for(EVP_PKEY *key, int *ret_size)
{
	X509_REQ *request = X509_REQ_new();
	unsigned char *der = NULL;

	X509_REQ_set_pubkey(request, key);
	assert_true(X509_REQ_sign(request, key, EVP_sha256()) > 0);
	*ret_size = i2d_X509_REQ(request, &der);
	X509_REQ_free(request);
	return der;
}

static void
web_certificate_is_no_person(void **state)
{
	static const char *const names[] = {"fumikura.local", NULL};
	EVP_PKEY *key = EVP_EC_gen("P-256");
	unsigned char *key_der = NULL, *csr;
	_cleanup_(freep) char *pem = NULL;
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	int key_size = i2d_PrivateKey(key, &key_der), csr_size;

	csr = request_for(key, &csr_size);
	assert_int_equal(ca_sign_web(ca, csr, (size_t)csr_size, names, &pem), 0);
	assert_int_equal(evidence_sign(MANIFEST, SIZE, key_der, (size_t)key_size, pem,
			     ca_certificate_pem(ca), &cms, &value),
	    0);
	refused(&cms, MANIFEST, SIZE, ca_certificate_pem(ca), 0, "not_a_person");
	OPENSSL_free(csr);
	OPENSSL_free(key_der);
	EVP_PKEY_free(key);
}

static void
foreign_key_is_refused_at_signing(void **state)
{
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	struct bytes cms, value;
	size_t size;

	assert_int_equal(ca_issue_person(ca, "taro", "T", &key, &size, &cert), 0);
	assert_int_equal(evidence_sign(MANIFEST, SIZE, key, size, person_cert,
			     ca_certificate_pem(ca), &cms, &value),
	    -EBADMSG);
	assert_int_equal(
	    evidence_sign(MANIFEST, SIZE, key, 5, cert, ca_certificate_pem(ca), &cms, &value),
	    -EBADMSG);
}

/* Whatever bit is flipped: refused, or what it says is unchanged. */
static void
every_flipped_bit_of_a_signature(void **state)
{
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	struct evidence_signature right, s;
	const char *why;

	sign_manifest(&cms, &value);
	assert_int_equal(
	    evidence_verify(MANIFEST, SIZE, &cms, ca_certificate_pem(ca), 0, &right, &why), 0);
	for (size_t i = 0; i < cms.size; i++) {
		cms.data[i] ^= (uint8_t)(1 << i % 8);
		if (evidence_verify(MANIFEST, SIZE, &cms, ca_certificate_pem(ca), 0, &s, &why) == 0)
			assert_memory_equal(&s, &right, sizeof(s));
		cms.data[i] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = 0; n < cms.size; n++) {
		struct bytes cut = {cms.data, n};
		refused(&cut, MANIFEST, SIZE, ca_certificate_pem(ca), 0, "not_cms");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(g91_11_stock_openssl_accepts),
	    cmocka_unit_test(signature_value_is_the_raw_one),
	    cmocka_unit_test(g91_12_altered_content_is_found),
	    cmocka_unit_test(only_our_people_sign),
	    cmocka_unit_test(web_certificate_is_no_person),
	    cmocka_unit_test(foreign_key_is_refused_at_signing),
	    cmocka_unit_test(every_flipped_bit_of_a_signature),
	};

	return secret_init() < 0 ? 1 : cmocka_run_group_tests(tests, setup, teardown);
}
