/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timestamps (G91-11) that are for something else, refused, altered, or of who may not stamp. */
#include <errno.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

#include "evidence_office.h"

static void
tsr_refused(const struct bytes *tsr, const void *data, size_t n, uint64_t nonce, const char *pem,
    const char *expected)
{
	struct evidence_time t;
	const char *why = NULL;

	assert_int_equal(
	    evidence_tsr_verify(data, n, tsr->data, tsr->size, nonce, pem, &t, &why), -EBADMSG);
	assert_string_equal(why, expected);
}

static void
timestamp_for_something_else(void **state)
{
	_cleanup_(bytes_free) struct bytes tsr = {0};
	_cleanup_(bytes_free) struct bytes trust = {0};
	uint64_t nonce;

	tsr = stamp("value", 5, &nonce);
	trust = get("ca.pem");
	tsr_refused(&tsr, "Value", 5, nonce, tsa_ca, "imprint_differs");
	tsr_refused(&tsr, "value", 5, nonce + 1, tsa_ca, "nonce_differs");
	tsr_refused(&tsr, "value", 5, nonce, (char *)trust.data, "certificate_untrusted");
	tsr_refused(&tsr, "value", 5, nonce, "", "certificate_untrusted");
	tsr.size--;
	tsr_refused(&tsr, "value", 5, nonce, tsa_ca, "not_a_response");
}

static void
authority_that_refuses(void **state)
{
	static const uint8_t rejection[] = {0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02};
	struct bytes tsr = {(uint8_t *)rejection, sizeof(rejection)}, token;

	tsr_refused(&tsr, "value", 5, 0, tsa_ca, "not_granted");
	assert_int_equal(evidence_tsr_token(tsr.data, tsr.size, &token, NULL), -EBADMSG);
	tsr.data = (uint8_t *)"<html>busy</html>";
	tsr.size = 17;
	tsr_refused(&tsr, "value", 5, 0, tsa_ca, "not_a_response");
	tsr.size = 0;
	tsr_refused(&tsr, "value", 5, 0, tsa_ca, "not_a_response");
}

/* The same TSTInfo signed anew by NAME.key, with or without ESSCertIDv2, as a whole response. */
static struct bytes
forge(const struct bytes *tsr, const char *name, unsigned flags)
{
	_cleanup_(bytes_free) struct bytes token = {0}, key_pem = {0}, cert_pem = {0};
	char path[32];
	const unsigned char *at;
	unsigned char *info = NULL, *der = NULL;
	struct bytes out;

	snprintf(path, sizeof(path), "%s.key", name);
	key_pem = get(path);
	snprintf(path, sizeof(path), "%s.pem", name);
	cert_pem = get(path);
	assert_int_equal(evidence_tsr_token(tsr->data, tsr->size, &token, NULL), 0);
	at = token.data;
	PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)token.size);
	TS_TST_INFO *tst = PKCS7_to_TS_TST_INFO(p7);
	int n = i2d_TS_TST_INFO(tst, &info);
	BIO *content = BIO_new_mem_buf(info, n), *kb = BIO_new_mem_buf(key_pem.data, -1),
	    *cb = BIO_new_mem_buf(cert_pem.data, -1);
	EVP_PKEY *key = PEM_read_bio_PrivateKey(kb, NULL, NULL, NULL);
	X509 *cert = PEM_read_bio_X509(cb, NULL, NULL, NULL);
	flags |= CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	CMS_set1_eContentType(cms, OBJ_nid2obj(NID_id_smime_ct_TSTInfo));
	assert_non_null(CMS_add1_signer(cms, cert, key, EVP_sha256(), flags));
	assert_int_equal(CMS_final(cms, content, NULL, flags), 1);
	n = i2d_CMS_ContentInfo(cms, &der);
	out.size = (size_t)n + 9;
	out.data = malloc(out.size);
	memcpy(out.data, "\x30\x82\0\0\x30\x03\x02\x01\x00", 9);
	out.data[2] = (uint8_t)((n + 5) >> 8);
	out.data[3] = (uint8_t)(n + 5);
	memcpy(out.data + 9, der, (size_t)n);
	OPENSSL_free(info);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	PKCS7_free(p7);
	TS_TST_INFO_free(tst);
	X509_free(cert);
	EVP_PKEY_free(key);
	BIO_free(content);
	BIO_free(kb);
	BIO_free(cb);
	return out;
}

static void
signers_that_may_not_stamp(void **state)
{
	static const struct {
		const char *name, *why;
		unsigned flags;
	} cases[] = {
	    {"none", "certificate_purpose", CMS_CADES},
	    {"mail", "certificate_purpose", CMS_CADES},
	    {"soft", "certificate_purpose", CMS_CADES},
	    {"both", "certificate_purpose", CMS_CADES},
	    {"good", "certificate_not_named", 0},
	};
	_cleanup_(bytes_free) struct bytes tsr = {0};
	struct evidence_time t;
	const char *why;
	uint64_t nonce;

	tsr = stamp("value", 5, &nonce);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_cleanup_(bytes_free) struct bytes forged = {0};
		forged = forge(&tsr, cases[i].name, cases[i].flags);
		tsr_refused(&forged, "value", 5, nonce, tsa_ca, cases[i].why);
	}
	/* The forger itself is right: only the certificate made the difference. */
	_cleanup_(bytes_free) struct bytes right = {0};
	right = forge(&tsr, "good", CMS_CADES);
	assert_int_equal(
	    evidence_tsr_verify("value", 5, right.data, right.size, nonce, tsa_ca, &t, &why), 0);
}

/* Whatever bit is flipped: refused, or what it says is unchanged. */
static void
every_flipped_bit_of_a_timestamp(void **state)
{
	_cleanup_(bytes_free) struct bytes tsr = {0};
	struct evidence_time right, t;
	const char *why;
	uint64_t nonce;

	tsr = stamp("value", 5, &nonce);
	assert_int_equal(
	    evidence_tsr_verify("value", 5, tsr.data, tsr.size, nonce, tsa_ca, &right, &why), 0);
	for (size_t i = 0; i < tsr.size * 8; i++) {
		tsr.data[i / 8] ^= (uint8_t)(1 << i % 8);
		if (evidence_tsr_verify("value", 5, tsr.data, tsr.size, nonce, tsa_ca, &t, &why) ==
		    0)
			assert_memory_equal(&t, &right, sizeof(t));
		tsr.data[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = 0; n < tsr.size; n++) {
		struct bytes cut = {tsr.data, n}, token;
		tsr_refused(&cut, "value", 5, nonce, tsa_ca, "not_a_response");
		assert_int_equal(evidence_tsr_token(cut.data, n, &token, NULL), -EBADMSG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(timestamp_for_something_else),
	    cmocka_unit_test(authority_that_refuses),
	    cmocka_unit_test(signers_that_may_not_stamp),
	    cmocka_unit_test(every_flipped_bit_of_a_timestamp),
	};

	return secret_init() < 0 ? 1 : cmocka_run_group_tests(tests, setup, teardown);
}
