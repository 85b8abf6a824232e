/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures over a manifest: CMS detached, CAdES-BES, raised to CAdES-T by a token. What the
 * content means is not known here. */
#include "evidence.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "evidence_x509.h"
#include "text.h"

#define CONTENT_MAX ((size_t)64 << 20)
#define SIGN_FLAGS (CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP)

/* The whole of n bytes must be one ContentInfo of type signed-data. */
static int
parse_cms(const struct bytes *in, CMS_ContentInfo **ret)
{
	const unsigned char *at = in->data;
	_cleanup_(CMS_ContentInfo_freep) CMS_ContentInfo *cms = NULL;

	if (in->size == 0 || in->size > X509_DER_MAX)
		return -EBADMSG;
	cms = d2i_CMS_ContentInfo(NULL, &at, (long)in->size);
	if (cms == NULL || at != in->data + in->size ||
	    OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return -EBADMSG;
	*ret = TAKE_PTR(cms);
	return 0;
}

static CMS_SignerInfo *
only_signer(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);

	return sk_CMS_SignerInfo_num(signers) == 1 ? sk_CMS_SignerInfo_value(signers, 0) : NULL;
}

static int
dump_cms(CMS_ContentInfo *cms, struct bytes *ret)
{
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());

	if (bio == NULL || i2d_CMS_bio(bio, cms) != 1)
		return -ENOMEM;
	return x509_bio_bytes(bio, ret);
}

static int
copy_value(CMS_ContentInfo *cms, struct bytes *ret)
{
	CMS_SignerInfo *si = only_signer(cms);
	const ASN1_OCTET_STRING *value = si != NULL ? CMS_SignerInfo_get0_signature(si) : NULL;
	uint8_t *copy;
	size_t n;

	if (value == NULL || ASN1_STRING_length(value) <= 0)
		return -EBADMSG;
	n = (size_t)ASN1_STRING_length(value);
	copy = malloc(n);
	if (copy == NULL)
		return -ENOMEM;
	memcpy(copy, ASN1_STRING_get0_data(value), n);
	*ret = (struct bytes){copy, n};
	return 0;
}

static int
sign(const void *content, size_t n, const uint8_t *key_der, size_t key_size, const char *cert_pem,
    const char *ca_pem, struct bytes *ret_cms, struct bytes *ret_value)
{
	const unsigned char *at = key_der;
	_cleanup_(EVP_PKEY_freep) EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)key_size);
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(content, (int)n);
	_cleanup_(x509_stackp) STACK_OF(X509) *chain = NULL;
	_cleanup_(X509_freep) X509 *cert = NULL;
	_cleanup_(CMS_ContentInfo_freep) CMS_ContentInfo *cms = NULL;
	_cleanup_(bytes_free) struct bytes der = {0};
	int r;

	if (bio == NULL)
		return -ENOMEM;
	r = x509_from_pem(cert_pem, &cert);
	if (r == 0)
		r = x509_stack_from_pem(ca_pem, &chain);
	if (r < 0)
		return r;
	if (key == NULL || X509_check_private_key(cert, key) != 1)
		return -EBADMSG;
	cms = CMS_sign(NULL, NULL, chain, NULL, SIGN_FLAGS | CMS_PARTIAL);
	if (cms == NULL || CMS_add1_signer(cms, cert, key, EVP_sha256(), SIGN_FLAGS) == NULL ||
	    CMS_final(cms, bio, NULL, SIGN_FLAGS) != 1)
		return -EIO;
	r = dump_cms(cms, &der);
	if (r == 0)
		r = copy_value(cms, ret_value);
	if (r < 0)
		return r;
	*ret_cms = der;
	der = (struct bytes){0};
	return 0;
}

int
evidence_sign(const void *content, size_t n, const uint8_t *key_der, size_t key_size,
    const char *cert_pem, const char *ca_pem, struct bytes *ret_cms, struct bytes *ret_value)
{
	if (n == 0 || n > CONTENT_MAX || key_size > X509_DER_MAX)
		return -EINVAL;
	x509_begin();
	return x509_end(sign(content, n, key_der, key_size, cert_pem, ca_pem, ret_cms, ret_value));
}

static int
add_token(const struct bytes *in, const void *token, size_t n, struct bytes *ret_cms)
{
	_cleanup_(CMS_ContentInfo_freep) CMS_ContentInfo *cms = NULL;
	CMS_SignerInfo *si;
	int r = parse_cms(in, &cms);

	if (r < 0)
		return r;
	si = only_signer(cms);
	if (si == NULL)
		return -EBADMSG;
	if (CMS_unsigned_get_attr_by_NID(si, NID_id_smime_aa_timeStampToken, -1) >= 0)
		return -EEXIST;
	if (CMS_unsigned_add1_attr_by_NID(
		si, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token, (int)n) != 1)
		return -ENOMEM;
	return dump_cms(cms, ret_cms);
}

int
evidence_add_token(const struct bytes *cms, const void *token, size_t n, struct bytes *ret_cms)
{
	if (n == 0 || n > X509_DER_MAX)
		return -EINVAL;
	x509_begin();
	return x509_end(add_token(cms, token, n, ret_cms));
}

int
evidence_signature_value(const struct bytes *in, struct bytes *ret_value)
{
	_cleanup_(CMS_ContentInfo_freep) CMS_ContentInfo *cms = NULL;
	int r;

	x509_begin();
	r = parse_cms(in, &cms);
	if (r == 0)
		r = copy_value(cms, ret_value);
	return x509_end(r);
}

static int
signing_time(CMS_SignerInfo *si, uint64_t *ret_ms)
{
	int i = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
	const X509_ATTRIBUTE *attr = i >= 0 ? CMS_signed_get_attr(si, i) : NULL;
	const ASN1_TYPE *type;

	if (attr == NULL || X509_ATTRIBUTE_count(attr) != 1)
		return -EBADMSG;
	type = X509_ATTRIBUTE_get0_type((X509_ATTRIBUTE *)attr, 0);
	if (type == NULL || (type->type != V_ASN1_UTCTIME && type->type != V_ASN1_GENERALIZEDTIME))
		return -EBADMSG;
	return x509_time_ms((const ASN1_TIME *)type->value.asn1_string, ret_ms);
}

static int
digest_is_sha256(CMS_SignerInfo *si)
{
	X509_ALGOR *digest = NULL;
	const ASN1_OBJECT *oid;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
	if (digest == NULL)
		return 0;
	X509_ALGOR_get0(&oid, NULL, NULL, digest);
	return OBJ_obj2nid(oid) == NID_sha256;
}

/* Shape of what is to be verified, before any cryptography. */
static const char *
check_shape(CMS_ContentInfo *cms, CMS_SignerInfo **ret_signer, uint64_t *ret_signed_ms)
{
	CMS_SignerInfo *si = only_signer(cms);

	if (CMS_is_detached(cms) != 1)
		return "not_detached";
	if (si == NULL)
		return "not_one_signer";
	if (!digest_is_sha256(si))
		return "weak_digest";
	if (signing_time(si, ret_signed_ms) < 0)
		return "no_signing_time";
	*ret_signer = si;
	return NULL;
}

/* The reason word for what CMS_verify() left in the error queue. */
static const char *
verify_reason(void)
{
	const char *why = "signature_wrong", *data;
	int flags;
	unsigned long e;

	while ((e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0) {
		if (ERR_GET_LIB(e) != ERR_LIB_CMS)
			continue;
		if (ERR_GET_REASON(e) == CMS_R_CERTIFICATE_VERIFY_ERROR)
			why = (flags & ERR_TXT_STRING) != 0 && strstr(data, "expired") != NULL
				  ? "certificate_expired"
				  : "certificate_untrusted";
		else if (ERR_GET_REASON(e) == CMS_R_VERIFICATION_FAILURE ||
			 ERR_GET_REASON(e) == CMS_R_CONTENT_VERIFY_ERROR)
			why = "content_altered";
	}
	return why;
}

static int
is_person(X509 *cert)
{
	uint32_t usage = X509_get_key_usage(cert);

	return usage != UINT32_MAX && (usage & KU_NON_REPUDIATION) != 0 &&
	       (usage & KU_KEY_CERT_SIGN) == 0 && X509_check_ca(cert) == 0;
}

static int
describe(X509 *cert, uint64_t signed_ms, struct evidence_signature *ret)
{
	struct evidence_signature s = {0};
	int r = x509_integer_hex(X509_get0_serialNumber(cert), s.serial, sizeof(s.serial));

	if (r < 0)
		return r;
	x509_name_text(X509_get_subject_name(cert), NID_commonName, s.signer, sizeof(s.signer));
	time_format(signed_ms, s.signed_at);
	*ret = s;
	return 0;
}

static int
verify(const void *content, size_t n, const struct bytes *in, const char *ca_pem, uint64_t at_ms,
    struct evidence_signature *ret, const char **ret_why)
{
	_cleanup_(CMS_ContentInfo_freep) CMS_ContentInfo *cms = NULL;
	_cleanup_(X509_STORE_freep) X509_STORE *trust = NULL;
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new_mem_buf(content, (int)n);
	CMS_SignerInfo *si = NULL;
	X509 *cert = NULL;
	uint64_t signed_ms = 0;
	int r;

	if (bio == NULL)
		return -ENOMEM;
	*ret_why = "not_cms";
	r = parse_cms(in, &cms);
	if (r < 0)
		return r;
	*ret_why = check_shape(cms, &si, &signed_ms);
	if (*ret_why != NULL)
		return -EBADMSG;
	*ret_why = "certificate_untrusted";
	r = x509_trust(ca_pem, at_ms != 0 ? at_ms : signed_ms, &trust);
	if (r < 0)
		return r;
	X509_STORE_set_purpose(trust, X509_PURPOSE_ANY);
	if (CMS_verify(cms, NULL, trust, bio, NULL, CMS_BINARY | CMS_CADES) != 1) {
		*ret_why = verify_reason();
		return -EBADMSG;
	}
	*ret_why = "not_a_person";
	CMS_SignerInfo_get0_algs(si, NULL, &cert, NULL, NULL);
	if (cert == NULL || !is_person(cert))
		return -EBADMSG;
	return describe(cert, signed_ms, ret);
}

int
evidence_verify(const void *content, size_t n, const struct bytes *cms, const char *ca_pem,
    uint64_t at_ms, struct evidence_signature *ret, const char **ret_why)
{
	const char *why = "content_altered";
	int r = -EBADMSG;

	x509_begin();
	if (n <= CONTENT_MAX)
		r = verify(content, n, cms, ca_pem, at_ms, ret, &why);
	if (r < 0)
		*ret_why = why;
	return x509_end(r);
}
