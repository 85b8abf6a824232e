/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive's certificate authority: what its certificates say, and what it refuses to sign. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "store/ca.h"
#include "store/secret.h"

static X509 *
read_pem(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	assert_non_null(cert);
	return cert;
}

static struct ca *
new_ca(const char *name)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL;
	size_t size;
	struct ca *ca;

	assert_int_equal(ca_create(name, &blob, &size), 0);
	assert_int_equal(ca_open(blob, size, &ca), 0);
	return ca;
}

static void
authority_is_a_ca_for_leaves_only(void **state)
{
	_cleanup_(ca_freep) struct ca *ca = new_ca("ふみくら介護サービス");
	X509 *cert = read_pem(ca_certificate_pem(ca));
	char *subject = X509_NAME_oneline(X509_get_subject_name(cert), NULL, 0);

	assert_int_equal(X509_check_ca(cert), 1);
	assert_int_equal(X509_get_pathlen(cert), 0);
	assert_int_equal(X509_get_key_usage(cert), KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	assert_non_null(strstr(subject, "/CN=Fumikura CA"));
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(cert)), 1);
	OPENSSL_free(subject);
	X509_free(cert);
}

static void
person_signs_and_nothing_else(void **state)
{
	_cleanup_(ca_freep) struct ca *ca = new_ca("Office");
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *pem = NULL;
	X509 *authority = read_pem(ca_certificate_pem(ca)), *cert;
	size_t size;

	assert_int_equal(ca_issue_person(ca, "hanako", "山田 花子", &key, &size, &pem), 0);
	cert = read_pem(pem);
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(authority)), 1);
	assert_int_equal(X509_get_key_usage(cert), KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION);
	assert_int_equal(X509_get_ext_by_NID(cert, NID_ext_key_usage, -1), -1);
	assert_int_equal(X509_check_ca(cert), 0);
	assert_true(ASN1_STRING_length(X509_get0_serialNumber(cert)) == 16);
	X509_free(cert);
	X509_free(authority);
}

static void
serials_differ(void **state)
{
	_cleanup_(ca_freep) struct ca *ca = new_ca("Office");
	X509 *certs[2];

	for (int i = 0; i < 2; i++) {
		_cleanup_(secret_freep) uint8_t *key = NULL;
		_cleanup_(freep) char *pem = NULL;
		size_t size;
		assert_int_equal(ca_issue_person(ca, "taro", "T", &key, &size, &pem), 0);
		certs[i] = read_pem(pem);
	}
	assert_int_not_equal(
	    ASN1_INTEGER_cmp(X509_get0_serialNumber(certs[0]), X509_get0_serialNumber(certs[1])),
	    0);
	X509_free(certs[0]);
	X509_free(certs[1]);
}

static void
long_names_are_cut_not_refused(void **state)
{
	char name[201 * 3 + 1] = "";

	for (int i = 0; i < 200; i++)
		strcat(name, "蔵");
	_cleanup_(ca_freep) struct ca *ca = new_ca(name);
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *pem = NULL;
	size_t size;

	assert_int_equal(ca_issue_person(ca, "a", name, &key, &size, &pem), 0);
	assert_int_equal(ca_issue_person(ca, "a", "\xff", &key, &size, &pem), -EINVAL);
}

/* DER of a request for a fresh key on curve. */
static unsigned char *
new_request(const char *curve, int *ret_size)
{
	EVP_PKEY *key = EVP_EC_gen(curve);
	X509_REQ *request = X509_REQ_new();
	X509_NAME *name = X509_NAME_new();
	unsigned char *der = NULL;

	X509_NAME_add_entry_by_NID(
	    name, NID_commonName, MBSTRING_ASC, (const unsigned char *)"evil.example", -1, -1, 0);
	X509_REQ_set_subject_name(request, name);
	X509_REQ_set_pubkey(request, key);
	assert_true(X509_REQ_sign(request, key, EVP_sha256()) > 0);
	*ret_size = i2d_X509_REQ(request, &der);
	X509_NAME_free(name);
	X509_REQ_free(request);
	EVP_PKEY_free(key);
	return der;
}

static void
server_certificate_has_our_names(void **state)
{
	static const char *const names[] = {"fumikura.local", "127.0.0.1", "::1", NULL};
	_cleanup_(ca_freep) struct ca *ca = new_ca("Office");
	_cleanup_(freep) char *pem = NULL;
	int size, days, seconds;
	unsigned char *der = new_request("P-256", &size);
	X509 *cert;

	assert_int_equal(ca_sign_web(ca, der, (size_t)size, names, &pem), 0);
	cert = read_pem(pem);
	assert_int_equal(X509_check_host(cert, "fumikura.local", 0, 0, NULL), 1);
	assert_int_equal(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(cert, "::1", 0), 1);
	assert_int_equal(X509_check_host(cert, "evil.example", 0, 0, NULL), 0);
	assert_int_equal(X509_get_extended_key_usage(cert), XKU_SSL_SERVER);
	assert_int_equal(X509_get_key_usage(cert) & KU_NON_REPUDIATION, 0);
	ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(cert), X509_get0_notAfter(cert));
	assert_true(days <= 398);
	X509_free(cert);
	OPENSSL_free(der);
}

static void
server_certificate_refusals(void **state)
{
	static const char *const good[] = {"fumikura.local", NULL}, *const none[] = {NULL},
				 *const injected[] = {"a,DNS:evil.example", NULL},
				 *const section[] = {"@x", NULL}, *const empty[] = {"", NULL};
	_cleanup_(ca_freep) struct ca *ca = new_ca("Office");
	_cleanup_(freep) char *pem = NULL;
	int size;
	unsigned char *der = new_request("P-256", &size);

	assert_int_equal(ca_sign_web(ca, der, (size_t)size, none, &pem), -EINVAL);
	assert_int_equal(ca_sign_web(ca, der, (size_t)size, injected, &pem), -EINVAL);
	assert_int_equal(ca_sign_web(ca, der, (size_t)size, section, &pem), -EINVAL);
	assert_int_equal(ca_sign_web(ca, der, (size_t)size, empty, &pem), -EINVAL);
	assert_int_equal(ca_sign_web(ca, der, (size_t)size - 1, good, &pem), -EBADMSG);
	assert_int_equal(ca_sign_web(ca, der, 0, good, &pem), -EBADMSG);
	der[size - 1] ^= 1; /* the asker does not hold the key */
	assert_int_equal(ca_sign_web(ca, der, (size_t)size, good, &pem), -EBADMSG);
	OPENSSL_free(der);
}

static void
damaged_authority_is_refused(void **state)
{
	_cleanup_(secret_freep) uint8_t *blob = NULL, *other = NULL;
	size_t size, other_size;
	struct ca *ca;
	char mixed[8192];
	const char *cert;

	assert_int_equal(ca_create("A", &blob, &size), 0);
	assert_int_equal(ca_create("B", &other, &other_size), 0);
	assert_int_equal(ca_open(blob, 0, &ca), -EBADMSG);
	assert_int_equal(ca_open(blob, size / 2, &ca), -EBADMSG);
	/* The key of one with the certificate of another. */
	cert = memmem(other, other_size, "-----BEGIN CERT", 15);
	size = (size_t)((uint8_t *)memmem(blob, size, "-----BEGIN CERT", 15) - blob);
	memcpy(mixed, blob, size);
	other_size -= (size_t)((const uint8_t *)cert - other);
	memcpy(mixed + size, cert, other_size);
	assert_int_equal(ca_open(mixed, size + other_size, &ca), -EBADMSG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(authority_is_a_ca_for_leaves_only),
	    cmocka_unit_test(person_signs_and_nothing_else),
	    cmocka_unit_test(serials_differ),
	    cmocka_unit_test(long_names_are_cut_not_refused),
	    cmocka_unit_test(server_certificate_has_our_names),
	    cmocka_unit_test(server_certificate_refusals),
	    cmocka_unit_test(damaged_authority_is_refused),
	};

	return secret_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
