/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ca.c and evidence*.c share on top of OpenSSL: scope-bound release, PEM and DER in and out,
 * names, times. Only for these files: no other part of store knows OpenSSL. Every function leaves
 * OpenSSL's error queue as it likes; the public functions that call them empty it before they
 * return.
 */
#ifndef FUMIKURA_STORE_EVIDENCE_X509_H
#define FUMIKURA_STORE_EVIDENCE_X509_H

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"
#include "evidence.h"

#define X509_DER_MAX ((size_t)1 << 20) /* bytes of any certificate, signature or token we read */

DEFINE_CLEANUP(BIO *, BIO_free_all)
DEFINE_CLEANUP(X509 *, X509_free)
DEFINE_CLEANUP(X509_NAME *, X509_NAME_free)
DEFINE_CLEANUP(X509_REQ *, X509_REQ_free)
DEFINE_CLEANUP(X509_STORE *, X509_STORE_free)
DEFINE_CLEANUP(X509_EXTENSION *, X509_EXTENSION_free)
DEFINE_CLEANUP(EVP_PKEY *, EVP_PKEY_free)
DEFINE_CLEANUP(ASN1_INTEGER *, ASN1_INTEGER_free)
DEFINE_CLEANUP(CMS_ContentInfo *, CMS_ContentInfo_free)
DEFINE_CLEANUP(TS_REQ *, TS_REQ_free)
DEFINE_CLEANUP(TS_RESP *, TS_RESP_free)
DEFINE_CLEANUP(TS_VERIFY_CTX *, TS_VERIFY_CTX_free)
DEFINE_CLEANUP(TS_MSG_IMPRINT *, TS_MSG_IMPRINT_free)
DEFINE_CLEANUP(X509_ALGOR *, X509_ALGOR_free)

static inline void
x509_stackp(STACK_OF(X509) * *sk)
{
	sk_X509_pop_free(*sk, X509_free);
	*sk = NULL;
}

/* Starts libcrypto without its system-wide configuration file: what we accept must not depend on
 * it. Before any other call. */
void x509_begin(void);
/* Empties the error queue and returns r. */
int x509_end(int r);

/* First certificate of a PEM text; -EBADMSG. */
int x509_from_pem(const char *pem, X509 **ret);
/* All certificates of a PEM text, at least one. */
int x509_stack_from_pem(const char *pem, STACK_OF(X509) * *ret);
/* NUL-terminated PEM; caller frees. */
int x509_to_pem(X509 *cert, char **ret);
int x509_stack_to_pem(const STACK_OF(X509) * certs, char **ret);
/* Copies what was written to a memory BIO; NUL is added after it and not counted. */
int x509_bio_bytes(BIO *bio, struct bytes *ret);
/*
 * A store that trusts the certificates of pem, judges validity at at_ms and asks for at least 112
 * bits of security. Purpose is left to the caller.
 */
int x509_trust(const char *pem, uint64_t at_ms, X509_STORE **ret);

/* UTF-8 text of the first entry nid of name, or "" ; cut at a character boundary to fit. */
void x509_name_text(X509_NAME *name, int nid, char *out, size_t size);
/* RFC 2253 text of the whole name in UTF-8, cut to fit. */
void x509_name_line(X509_NAME *name, char *out, size_t size);
/* Lower-case hex of a positive integer; -EBADMSG when it does not fit. */
int x509_integer_hex(const ASN1_INTEGER *n, char *out, size_t size);
/* UTCTime or GeneralizedTime (fractions to milliseconds); -EBADMSG. */
int x509_time_ms(const ASN1_TIME *time, uint64_t *ret_ms);

#endif
