/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures and timestamps (G91-11, G91-12): made here, judged by stock openssl, and every altered
 * form refused. The timestamp authority is `openssl ts -reply` with certificates of its own, in a
 * temporary directory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <openssl/cms.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/account.h"
#include "store/evidence.h"
#include "store/secret.h"

#define MANIFEST "{\"document\":\"D000001\",\"fumikura\":\"manifest/v1\"}"
#define SIZE (sizeof(MANIFEST) - 1)

static char dir[] = "/tmp/fumikura-evidence-XXXXXX";
static struct ca *ca;
static uint8_t *person_key;
static size_t person_key_size;
static char *person_cert, *tsa_ca;

/* A certificate authority of the outer world and stamps of every kind: good, wrong usage, usage not
 * critical, two usages, none. */
static const char script[] =
    "cd \"$1\" && exec >/dev/null 2>&1 && set -e\n"
    "openssl ecparam -name prime256v1 -genkey -noout -out tsa-ca.key\n"
    "openssl req -x509 -new -key tsa-ca.key -subj '/O=Time/CN=Time CA' -days 3650 -out tsa-ca.pem\n"
    "stamp() {\n"
    "  openssl ecparam -name prime256v1 -genkey -noout -out $1.key\n"
    "  openssl req -new -key $1.key -subj \"/O=Time/CN=$1\" -out $1.csr\n"
    "  printf 'basicConstraints=critical,CA:FALSE\\nkeyUsage=critical,digitalSignature\\n%s' "
    "\"$2\" >$1.ext\n"
    "  openssl x509 -req -in $1.csr -CA tsa-ca.pem -CAkey tsa-ca.key -CAcreateserial -days 3650"
    " -extfile $1.ext -out $1.pem\n"
    "}\n"
    "stamp good 'extendedKeyUsage=critical,timeStamping'\n"
    "stamp soft 'extendedKeyUsage=timeStamping'\n"
    "stamp both 'extendedKeyUsage=critical,timeStamping,emailProtection'\n"
    "stamp mail 'extendedKeyUsage=critical,emailProtection'\n"
    "stamp none ''\n"
    "echo 01 >serial\n"
    "cat >tsa.conf <<END\n"
    "[tsa]\n"
    "default_tsa=t\n"
    "[t]\n"
    "serial=serial\n"
    "crypto_device=builtin\n"
    "signer_cert=good.pem\n"
    "signer_key=good.key\n"
    "signer_digest=sha256\n"
    "certs=tsa-ca.pem\n"
    "default_policy=1.2.3.4.1\n"
    "digests=sha256\n"
    "accuracy=secs:1\n"
    "ordering=no\n"
    "tsa_name=yes\n"
    "ess_cert_id_chain=no\n"
    "ess_cert_id_alg=sha256\n"
    "END\n";

static void
put(const char *name, const void *data, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	fclose(f);
}

static struct bytes
get(const char *name)
{
	struct bytes b = {malloc(1 << 16), 0};
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "re");
	assert_non_null(f);
	b.size = fread(b.data, 1, (1 << 16) - 1, f);
	b.data[b.size] = 0;
	fclose(f);
	return b;
}

/* Runs a command line in the directory; its exit status. */
static int
run(const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && { %s; } >out.txt 2>&1", dir, command);
	return system(line);
}

static int
setup(void **state)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	char line[96];
	size_t size;

	if (mkdtemp(dir) == NULL)
		return -1;
	put("setup.sh", script, strlen(script));
	snprintf(line, sizeof(line), "sh %s/setup.sh %s", dir, dir);
	if (system(line) != 0 || ca_create("Office", &blob, &size) != 0 ||
	    ca_open(blob, size, &ca) != 0)
		return -1;
	put("ca.pem", ca_certificate_pem(ca), strlen(ca_certificate_pem(ca)));
	put("manifest.json", MANIFEST, SIZE);
	tsa_ca = (char *)get("tsa-ca.pem").data;
	return ca_issue_person(
	    ca, "hanako", "山田 花子", &person_key, &person_key_size, &person_cert);
}

static int
teardown(void **state)
{
	char line[96];

	ca_free(ca);
	secret_free(person_key);
	free(person_cert);
	free(tsa_ca);
	snprintf(line, sizeof(line), "rm -r %s", dir);
	return system(line);
}

static void
sign_manifest(struct bytes *cms, struct bytes *value)
{
	assert_int_equal(evidence_sign(MANIFEST, SIZE, person_key, person_key_size, person_cert,
			     ca_certificate_pem(ca), cms, value),
	    0);
}

/* A response of the stock authority over data. */
static struct bytes
stamp(const void *data, size_t n, uint64_t *ret_nonce)
{
	_cleanup_(bytes_free) struct bytes request = {0};

	assert_int_equal(evidence_tsq(data, n, &request, ret_nonce), 0);
	put("request.tsq", request.data, request.size);
	assert_int_equal(
	    run("openssl ts -reply -config tsa.conf -queryfile request.tsq -out timestamp.tsr"), 0);
	return get("timestamp.tsr");
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
	    cmocka_unit_test(g91_11_stock_openssl_accepts),
	    cmocka_unit_test(signature_value_is_the_raw_one),
	    cmocka_unit_test(g91_12_altered_content_is_found),
	    cmocka_unit_test(only_our_people_sign),
	    cmocka_unit_test(web_certificate_is_no_person),
	    cmocka_unit_test(foreign_key_is_refused_at_signing),
	    cmocka_unit_test(every_flipped_bit_of_a_signature),
	    cmocka_unit_test(timestamp_for_something_else),
	    cmocka_unit_test(authority_that_refuses),
	    cmocka_unit_test(signers_that_may_not_stamp),
	    cmocka_unit_test(every_flipped_bit_of_a_timestamp),
	};

	return secret_init() < 0 ? 1 : cmocka_run_group_tests(tests, setup, teardown);
}
