/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive's own certificate authority. Knows keys and certificates; where they are kept and who
 * may ask is not its business. */
#include "ca.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "evidence_x509.h"
#include "secret.h"
#include "text.h"

#define NAME_CHARS 64u         /* X.520 upper bound of common and organisation names */
#define CA_DAYS (30 * 365 + 8) /* longer than any retention that starts within the first 20 years  \
				*/
#define PERSON_DAYS (5 * 365 + 1)
#define WEB_DAYS 398     /* the most that browsers accept */
#define BACKDATE_S 300   /* clocks of a few clients are a little behind */
#define WEB_NAMES_MAX 32 /* names in one server certificate */
#define WEB_NAME_MAX 253 /* bytes of a DNS name */
#define BLOB_MAX ((size_t)64 << 10)

struct ca {
	EVP_PKEY *key;
	X509 *cert;
	char *pem;
};

/* An extension as OpenSSL's own text form. */
struct ext {
	int nid;
	const char *value;
};

/* At most NAME_CHARS characters of s: X.520 allows no more, and an archive's name may be longer. */
static void
cut_name(const char *s, char out[NAME_CHARS * 4 + 1])
{
	size_t n = strlen(s), at = 0;
	uint32_t code;

	for (unsigned i = 0; i < NAME_CHARS && at < n; i++) {
		int used = utf8_decode(s + at, n - at, &code);
		if (used < 0)
			break;
		at += (size_t)used;
	}
	memcpy(out, s, at);
	out[at] = '\0';
}

static int
add_name(X509_NAME *name, int nid, const char *text)
{
	char cut[NAME_CHARS * 4 + 1];

	cut_name(text, cut);
	if (cut[0] == '\0')
		return -EINVAL;
	return X509_NAME_add_entry_by_NID(
		   name, nid, MBSTRING_UTF8, (const unsigned char *)cut, -1, -1, 0) == 1
		   ? 0
		   : -EINVAL;
}

/* 127 random bits, never zero: positive, at most 16 bytes, not guessable. */
static int
set_serial(X509 *cert)
{
	_cleanup_(ASN1_INTEGER_freep) ASN1_INTEGER *serial = ASN1_INTEGER_new();
	uint8_t bytes[16];
	BIGNUM *n;
	int ok;

	random_bytes(bytes, sizeof(bytes));
	bytes[0] = (uint8_t)((bytes[0] & 0x7f) | 0x40);
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	ok = n != NULL && serial != NULL && BN_to_ASN1_INTEGER(n, serial) != NULL &&
	     X509_set_serialNumber(cert, serial) == 1;
	BN_free(n);
	return ok ? 0 : -ENOMEM;
}

static int
set_validity(X509 *cert, int days)
{
	time_t now = time(NULL);

	if (X509_time_adj_ex(X509_getm_notBefore(cert), 0, -BACKDATE_S, &now) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(cert), days, -BACKDATE_S, &now) == NULL)
		return -ENOMEM;
	return 0;
}

static int
add_extensions(X509 *issuer, X509 *cert, const struct ext *ext)
{
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	for (; ext->value != NULL; ext++) {
		_cleanup_(X509_EXTENSION_freep) X509_EXTENSION *e =
		    X509V3_EXT_conf_nid(NULL, &ctx, ext->nid, ext->value);
		if (e == NULL || X509_add_ext(cert, e, -1) != 1)
			return -EINVAL;
	}
	return 0;
}

/* Everything but the signature. issuer NULL: self-signed. subject is copied. */
static int
new_certificate(
    X509 *issuer, X509_NAME *subject, EVP_PKEY *key, int days, const struct ext *ext, X509 **ret)
{
	_cleanup_(X509_freep) X509 *cert = X509_new();
	int r;

	if (cert == NULL || X509_set_version(cert, X509_VERSION_3) != 1 ||
	    X509_set_subject_name(cert, subject) != 1 ||
	    X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer) : subject) != 1 ||
	    X509_set_pubkey(cert, key) != 1)
		return -ENOMEM;
	r = set_serial(cert);
	if (r == 0)
		r = set_validity(cert, days);
	if (r == 0)
		r = add_extensions(issuer ? issuer : cert, cert, ext);
	if (r == 0)
		*ret = TAKE_PTR(cert);
	return r;
}

static int
sign_certificate(X509 *cert, EVP_PKEY *key)
{
	return X509_sign(cert, key, EVP_sha256()) > 0 ? 0 : -EIO;
}

/* Copies a memory BIO that holds a secret. */
static int
take_secret(BIO *bio, uint8_t **ret, size_t *ret_size)
{
	char *data;
	long n = BIO_get_mem_data(bio, &data);
	uint8_t *copy = n > 0 ? secret_new((size_t)n) : NULL;

	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, data, (size_t)n);
	*ret = copy;
	*ret_size = (size_t)n;
	return 0;
}

static int
create(const char *name, uint8_t **ret_blob, size_t *ret_size)
{
	static const struct ext ext[] = {
	    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
	    {NID_key_usage, "critical,keyCertSign,cRLSign"},
	    {NID_subject_key_identifier, "hash"},
	    {0, NULL},
	};
	_cleanup_(EVP_PKEY_freep) EVP_PKEY *key = EVP_EC_gen("P-256");
	_cleanup_(X509_NAME_freep) X509_NAME *subject = X509_NAME_new();
	/* A memory BIO wipes its buffer when it grows and when it is freed. */
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
	_cleanup_(X509_freep) X509 *cert = NULL;
	int r;

	if (key == NULL || subject == NULL || bio == NULL)
		return -ENOMEM;
	r = add_name(subject, NID_organizationName, name);
	if (r == 0)
		r = add_name(subject, NID_commonName, "Fumikura CA");
	if (r == 0)
		r = new_certificate(NULL, subject, key, CA_DAYS, ext, &cert);
	if (r == 0)
		r = sign_certificate(cert, key);
	if (r < 0)
		return r;
	if (PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) != 1 ||
	    PEM_write_bio_X509(bio, cert) != 1)
		return -ENOMEM;
	return take_secret(bio, ret_blob, ret_size);
}

int
ca_create(const char *name, uint8_t **ret_blob, size_t *ret_size)
{
	if (!utf8_valid(name, strlen(name)))
		return -EINVAL;
	x509_begin();
	return x509_end(create(name, ret_blob, ret_size));
}

static int
open_blob(const void *blob, size_t size, struct ca **ret)
{
	_cleanup_(ca_freep) struct ca *ca = calloc(1, sizeof(*ca));
	_cleanup_(BIO_free_allp) BIO *key = BIO_new_mem_buf(blob, (int)size);
	_cleanup_(BIO_free_allp) BIO *cert = BIO_new_mem_buf(blob, (int)size);
	int r;

	if (ca == NULL || key == NULL || cert == NULL)
		return -ENOMEM;
	ca->key = PEM_read_bio_PrivateKey(key, NULL, NULL, NULL);
	ca->cert = PEM_read_bio_X509(cert, NULL, NULL, NULL);
	if (ca->key == NULL || ca->cert == NULL || X509_check_private_key(ca->cert, ca->key) != 1 ||
	    X509_check_ca(ca->cert) != 1)
		return -EBADMSG;
	r = x509_to_pem(ca->cert, &ca->pem);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(ca);
	return 0;
}

int
ca_open(const void *blob, size_t size, struct ca **ret)
{
	if (size == 0 || size > BLOB_MAX)
		return -EBADMSG;
	x509_begin();
	return x509_end(open_blob(blob, size, ret));
}

void
ca_free(struct ca *ca)
{
	if (ca == NULL)
		return;
	EVP_PKEY_free(ca->key); /* wipes the private part */
	X509_free(ca->cert);
	free(ca->pem);
	free(ca);
}

const char *
ca_certificate_pem(const struct ca *ca)
{
	return ca->pem;
}

/* Subject "O=archive, CN=display[, UID=user]". */
static int
subject_under(struct ca *ca, const char *common, const char *user, X509_NAME **ret)
{
	_cleanup_(X509_NAME_freep) X509_NAME *name = X509_NAME_new();
	char organisation[NAME_CHARS * 4 + 1];
	int r;

	if (name == NULL)
		return -ENOMEM;
	x509_name_text(X509_get_subject_name(ca->cert), NID_organizationName, organisation,
	    sizeof(organisation));
	r = add_name(name, NID_organizationName, organisation);
	if (r == 0)
		r = add_name(name, NID_commonName, common);
	if (r == 0 && user != NULL)
		r = add_name(name, NID_userId, user);
	if (r == 0)
		*ret = TAKE_PTR(name);
	return r;
}

static int
issue_person(struct ca *ca, const char *user, const char *display, uint8_t **ret_key,
    size_t *ret_key_size, char **ret_cert_pem)
{
	static const struct ext ext[] = {
	    {NID_basic_constraints, "critical,CA:FALSE"},
	    {NID_key_usage, "critical,digitalSignature,nonRepudiation"},
	    {NID_subject_key_identifier, "hash"},
	    {NID_authority_key_identifier, "keyid:always"},
	    {0, NULL},
	};
	_cleanup_(EVP_PKEY_freep) EVP_PKEY *key = EVP_EC_gen("P-256");
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
	_cleanup_(X509_NAME_freep) X509_NAME *subject = NULL;
	_cleanup_(X509_freep) X509 *cert = NULL;
	_cleanup_(freep) char *pem = NULL;
	int r;

	if (key == NULL || bio == NULL || i2d_PrivateKey_bio(bio, key) != 1)
		return -ENOMEM;
	r = subject_under(ca, display, user, &subject);
	if (r == 0)
		r = new_certificate(ca->cert, subject, key, PERSON_DAYS, ext, &cert);
	if (r == 0)
		r = sign_certificate(cert, ca->key);
	if (r == 0)
		r = x509_to_pem(cert, &pem);
	if (r == 0)
		r = take_secret(bio, ret_key, ret_key_size);
	if (r == 0)
		*ret_cert_pem = TAKE_PTR(pem);
	return r;
}

int
ca_issue_person(struct ca *ca, const char *user, const char *display, uint8_t **ret_key,
    size_t *ret_key_size, char **ret_cert_pem)
{
	if (!utf8_valid(user, strlen(user)) || !utf8_valid(display, strlen(display)))
		return -EINVAL;
	x509_begin();
	return x509_end(issue_person(ca, user, display, ret_key, ret_key_size, ret_cert_pem));
}

/* A name goes into OpenSSL's text form of an extension, so only letters, digits, '-', '.', and ':'
 * in addresses may pass. */
static int
alt_name(const char *name, char *out, size_t size)
{
	struct in6_addr addr;
	size_t n = strlen(name);
	int address = inet_pton(AF_INET, name, &addr) == 1 || inet_pton(AF_INET6, name, &addr) == 1;

	if (n == 0 || n > WEB_NAME_MAX || name[0] == '-' || name[0] == '.')
		return -EINVAL;
	for (size_t i = 0; i < n && !address; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.",
			name[i]) == NULL)
			return -EINVAL;
	n = (size_t)snprintf(out, size, "%s:%s", address ? "IP" : "DNS", name);
	return n < size ? 0 : -EINVAL;
}

static int
alt_names(const char *const *names, char **ret)
{
	_cleanup_(freep) char *text = calloc(WEB_NAMES_MAX, WEB_NAME_MAX + 8);
	size_t at = 0, size = WEB_NAMES_MAX * (WEB_NAME_MAX + 8);
	unsigned count = 0;
	int r;

	if (text == NULL)
		return -ENOMEM;
	for (; names[count] != NULL; count++) {
		if (count == WEB_NAMES_MAX)
			return -E2BIG;
		if (count > 0)
			text[at++] = ',';
		r = alt_name(names[count], text + at, size - at);
		if (r < 0)
			return r;
		at += strlen(text + at);
	}
	if (count == 0)
		return -EINVAL;
	*ret = TAKE_PTR(text);
	return 0;
}

/* Signature of the request holds (the asker has the key) and the key is strong enough. */
static int
check_request(X509_REQ *request, EVP_PKEY **ret_key)
{
	EVP_PKEY *key = X509_REQ_get0_pubkey(request);

	if (key == NULL || X509_REQ_verify(request, key) != 1)
		return -EBADMSG;
	if (EVP_PKEY_get_security_bits(key) < 112)
		return -EINVAL;
	*ret_key = key;
	return 0;
}

static int
sign_web(struct ca *ca, const void *csr, size_t size, const char *const *names, char **ret_pem)
{
	const unsigned char *at = csr;
	_cleanup_(X509_REQ_freep) X509_REQ *request = d2i_X509_REQ(NULL, &at, (long)size);
	_cleanup_(X509_NAME_freep) X509_NAME *subject = NULL;
	_cleanup_(X509_freep) X509 *cert = NULL;
	_cleanup_(freep) char *san = NULL;
	EVP_PKEY *key;
	int r;

	if (request == NULL || at != (const unsigned char *)csr + size)
		return -EBADMSG;
	r = check_request(request, &key);
	if (r == 0)
		r = alt_names(names, &san);
	if (r == 0)
		r = subject_under(ca, names[0], NULL, &subject);
	if (r < 0)
		return r;
	const struct ext ext[] = {
	    {NID_basic_constraints, "critical,CA:FALSE"},
	    {NID_key_usage, "critical,digitalSignature"},
	    {NID_ext_key_usage, "serverAuth"},
	    {NID_subject_alt_name, san},
	    {NID_subject_key_identifier, "hash"},
	    {NID_authority_key_identifier, "keyid:always"},
	    {0, NULL},
	};
	r = new_certificate(ca->cert, subject, key, WEB_DAYS, ext, &cert);
	if (r == 0)
		r = sign_certificate(cert, ca->key);
	if (r == 0)
		r = x509_to_pem(cert, ret_pem);
	return r;
}

int
ca_sign_web(
    struct ca *ca, const void *csr_der, size_t size, const char *const *names, char **ret_cert_pem)
{
	if (size == 0 || size > BLOB_MAX)
		return -EBADMSG;
	x509_begin();
	return x509_end(sign_web(ca, csr_der, size, names, ret_cert_pem));
}
