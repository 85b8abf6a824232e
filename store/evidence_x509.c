/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small OpenSSL helpers for certificates and evidence. Knows nothing of the archive, of files or of
 * people. */
#include "evidence_x509.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define AUTH_LEVEL 2 /* OpenSSL's level for 112 bits: no SHA-1, no RSA below 2048 bits */

void
x509_begin(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	ERR_clear_error();
}

int
x509_end(int r)
{
	ERR_clear_error();
	return r;
}

int
x509_from_pem(const char *pem, X509 **ret)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *cert;

	if (bio == NULL)
		return -ENOMEM;
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (cert == NULL)
		return -EBADMSG;
	*ret = cert;
	return 0;
}

int
x509_stack_from_pem(const char *pem, STACK_OF(X509) * *ret)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(pem, -1);
	_cleanup_(x509_stackp) STACK_OF(X509) *certs = sk_X509_new_null();
	X509 *cert;

	if (bio == NULL || certs == NULL)
		return -ENOMEM;
	while ((cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
		if (sk_X509_push(certs, cert) <= 0) {
			X509_free(cert);
			return -ENOMEM;
		}
	}
	/* Anything but the end of the text means a damaged certificate, which must not be passed
	 * over. */
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE || sk_X509_num(certs) == 0)
		return -EBADMSG;
	ERR_clear_error();
	*ret = TAKE_PTR(certs);
	return 0;
}

int
x509_bio_bytes(BIO *bio, struct bytes *ret)
{
	char *data;
	long n = BIO_get_mem_data(bio, &data);
	uint8_t *copy;

	if (n < 0)
		return -EBADMSG;
	copy = malloc((size_t)n + 1);
	if (copy == NULL)
		return -ENOMEM;
	if (n > 0)
		memcpy(copy, data, (size_t)n);
	copy[n] = 0;
	*ret = (struct bytes){copy, (size_t)n};
	return 0;
}

static int
bio_text(BIO *bio, char **ret)
{
	struct bytes text;
	int r = x509_bio_bytes(bio, &text);

	if (r == 0)
		*ret = (char *)text.data;
	return r;
}

int
x509_stack_to_pem(const STACK_OF(X509) * certs, char **ret)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());

	if (bio == NULL)
		return -ENOMEM;
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (PEM_write_bio_X509(bio, sk_X509_value(certs, i)) != 1)
			return -ENOMEM;
	return bio_text(bio, ret);
}

int
x509_to_pem(X509 *cert, char **ret)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());

	if (bio == NULL || PEM_write_bio_X509(bio, cert) != 1)
		return -ENOMEM;
	return bio_text(bio, ret);
}

int
x509_trust(const char *pem, uint64_t at_ms, X509_STORE **ret)
{
	_cleanup_(x509_stackp) STACK_OF(X509) *certs = NULL;
	_cleanup_(X509_STORE_freep) X509_STORE *store = X509_STORE_new();
	X509_VERIFY_PARAM *param;
	int r;

	if (store == NULL)
		return -ENOMEM;
	r = x509_stack_from_pem(pem, &certs);
	if (r < 0)
		return r;
	for (int i = 0; i < sk_X509_num(certs); i++)
		if (X509_STORE_add_cert(store, sk_X509_value(certs, i)) != 1)
			return -ENOMEM;
	param = X509_STORE_get0_param(store);
	X509_VERIFY_PARAM_set_time(param, (time_t)(at_ms / 1000));
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	*ret = TAKE_PTR(store);
	return 0;
}

/* Copies at most size-1 bytes without splitting a character. */
static void
copy_text(const char *s, size_t n, char *out, size_t size)
{
	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	if (!utf8_valid(s, n))
		n = 0;
	memcpy(out, s, n);
	out[n] = '\0';
}

void
x509_name_text(X509_NAME *name, int nid, char *out, size_t size)
{
	int i = X509_NAME_get_index_by_NID(name, nid, -1);
	unsigned char *text = NULL;
	int n;

	out[0] = '\0';
	if (i < 0)
		return;
	n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
	if (n > 0)
		copy_text((const char *)text, (size_t)n, out, size);
	OPENSSL_free(text);
}

void
x509_name_line(X509_NAME *name, char *out, size_t size)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
	char *data;
	long n;

	out[0] = '\0';
	if (bio == NULL ||
	    X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
		return;
	n = BIO_get_mem_data(bio, &data);
	if (n > 0)
		copy_text(data, (size_t)n, out, size);
}

int
x509_integer_hex(const ASN1_INTEGER *n, char *out, size_t size)
{
	int length = ASN1_STRING_length(n);

	if (length < 1 || (size_t)length * 2 + 1 > size || ASN1_STRING_type(n) != V_ASN1_INTEGER)
		return -EBADMSG;
	hex_encode(ASN1_STRING_get0_data(n), (size_t)length, out);
	return 0;
}

/* Digits after the seconds of a GeneralizedTime, as milliseconds. */
static unsigned
fraction_ms(const ASN1_TIME *t)
{
	const char *s = (const char *)ASN1_STRING_get0_data(t);
	const char *end = s + ASN1_STRING_length(t);
	const char *dot = memchr(s, '.', (size_t)ASN1_STRING_length(t));
	unsigned ms = 0, weight = 100;

	if (dot == NULL || ASN1_STRING_type(t) != V_ASN1_GENERALIZEDTIME)
		return 0;
	for (dot++; dot < end && *dot >= '0' && *dot <= '9' && weight > 0; dot++, weight /= 10)
		ms += (unsigned)(*dot - '0') * weight;
	return ms;
}

int
x509_time_ms(const ASN1_TIME *t, uint64_t *ret_ms)
{
	struct tm tm;
	time_t s;

	if (ASN1_TIME_to_tm(t, &tm) != 1)
		return -EBADMSG;
	s = timegm(&tm);
	if (s < 0 || s > INT64_MAX / 1000)
		return -EBADMSG;
	*ret_ms = (uint64_t)s * 1000 + fraction_ms(t);
	return 0;
}
