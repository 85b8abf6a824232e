/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 3161: asking for a timestamp and judging the answer. How request and answer travel is not
 * known here. */
#include "evidence.h"

#include <errno.h>
#include <gcrypt.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "evidence_x509.h"
#include "secret.h"
#include "text.h"

#define SHA256_SIZE 32

static int
set_imprint(TS_REQ *request, const void *data, size_t n)
{
	_cleanup_(TS_MSG_IMPRINT_freep) TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	_cleanup_(X509_ALGOR_freep) X509_ALGOR *algo = X509_ALGOR_new();
	uint8_t digest[SHA256_SIZE];

	if (imprint == NULL || algo == NULL)
		return -ENOMEM;
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, data, n);
	if (X509_ALGOR_set0(algo, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) != 1 ||
	    TS_MSG_IMPRINT_set_algo(imprint, algo) != 1 ||
	    TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof(digest)) != 1 ||
	    TS_REQ_set_msg_imprint(request, imprint) != 1)
		return -ENOMEM;
	return 0;
}

static int
new_request(const void *data, size_t n, uint64_t nonce, struct bytes *ret)
{
	_cleanup_(TS_REQ_freep) TS_REQ *request = TS_REQ_new();
	_cleanup_(ASN1_INTEGER_freep) ASN1_INTEGER *number = ASN1_INTEGER_new();
	_cleanup_(BIO_free_allp) BIO *bio = BIO_new(BIO_s_mem());
	int r;

	if (request == NULL || number == NULL || bio == NULL)
		return -ENOMEM;
	r = set_imprint(request, data, n);
	if (r < 0)
		return r;
	if (TS_REQ_set_version(request, 1) != 1 || ASN1_INTEGER_set_uint64(number, nonce) != 1 ||
	    TS_REQ_set_nonce(request, number) != 1 || TS_REQ_set_cert_req(request, 1) != 1 ||
	    i2d_TS_REQ_bio(bio, request) != 1)
		return -ENOMEM;
	return x509_bio_bytes(bio, ret);
}

int
evidence_tsq(const void *data, size_t n, struct bytes *ret_request, uint64_t *ret_nonce)
{
	uint64_t nonce;
	int r;

	do
		random_bytes(&nonce, sizeof(nonce));
	while (nonce == 0); /* 0 stands for "not checked" */
	x509_begin();
	r = x509_end(new_request(data, n, nonce, ret_request));
	if (r == 0)
		*ret_nonce = nonce;
	return r;
}

/* One DER header at *at: tag SEQUENCE, definite length inside the end; moves *at to the content. */
static int
enter_sequence(const unsigned char **at, const unsigned char *end, size_t *ret_size)
{
	long length;
	int tag, class;
	int r = ASN1_get_object(at, &length, &tag, &class, end - *at);

	if (r != V_ASN1_CONSTRUCTED || tag != V_ASN1_SEQUENCE || class != V_ASN1_UNIVERSAL ||
	    length < 0 || length > end - *at)
		return -EBADMSG;
	*ret_size = (size_t)length;
	return 0;
}

/* TimeStampResp ::= SEQUENCE { status SEQUENCE, timeStampToken SEQUENCE OPTIONAL }: the token's own
 * bytes. */
static int
token_view(const void *response, size_t size, const uint8_t **ret, size_t *ret_size)
{
	const unsigned char *at = response, *end = at + size, *token;
	size_t n;

	if (size == 0 || size > X509_DER_MAX)
		return -EBADMSG;
	if (enter_sequence(&at, end, &n) < 0 || at + n != end)
		return -EBADMSG;
	if (enter_sequence(&at, end, &n) < 0)
		return -EBADMSG;
	at += n;
	token = at;
	if (at == end || enter_sequence(&at, end, &n) < 0 || at + n != end)
		return -EBADMSG;
	*ret = token;
	*ret_size = (size_t)(end - token);
	return 0;
}

static int
parse_response(const void *response, size_t size, TS_RESP **ret)
{
	const unsigned char *at = response;
	_cleanup_(TS_RESP_freep) TS_RESP *parsed = NULL;

	if (size == 0 || size > X509_DER_MAX)
		return -EBADMSG;
	parsed = d2i_TS_RESP(NULL, &at, (long)size);
	if (parsed == NULL || at != (const unsigned char *)response + size)
		return -EBADMSG;
	*ret = TAKE_PTR(parsed);
	return 0;
}

static int
strong_digest(const X509_ALGOR *algo)
{
	const ASN1_OBJECT *oid;
	int nid;

	X509_ALGOR_get0(&oid, NULL, NULL, algo);
	nid = OBJ_obj2nid(oid);
	return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

static const char *
check_signer(PKCS7 *token)
{
	STACK_OF(PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info(token);
	X509_ALGOR *digest = NULL;

	if (signers == NULL || sk_PKCS7_SIGNER_INFO_num(signers) != 1)
		return "not_one_signer";
	PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(signers, 0), NULL, &digest, NULL);
	return digest != NULL && strong_digest(digest) ? NULL : "weak_digest";
}

static const char *
check_imprint(TS_TST_INFO *info, const uint8_t digest[SHA256_SIZE])
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	const ASN1_OBJECT *oid;
	ASN1_OCTET_STRING *msg = TS_MSG_IMPRINT_get_msg(imprint);

	X509_ALGOR_get0(&oid, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	if (OBJ_obj2nid(oid) != NID_sha256 || ASN1_STRING_length(msg) != SHA256_SIZE ||
	    memcmp(ASN1_STRING_get0_data(msg), digest, SHA256_SIZE) != 0)
		return "imprint_differs";
	return NULL;
}

static const char *
check_nonce(TS_TST_INFO *info, uint64_t nonce)
{
	const ASN1_INTEGER *given = TS_TST_INFO_get_nonce(info);
	uint64_t value;

	if (nonce == 0)
		return NULL;
	if (given == NULL || ASN1_INTEGER_get_uint64(&value, given) != 1 || value != nonce)
		return "nonce_differs";
	return NULL;
}

static const char *
check_shape(TS_RESP *response, const uint8_t digest[SHA256_SIZE], uint64_t nonce)
{
	const ASN1_INTEGER *status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response));
	TS_TST_INFO *info = TS_RESP_get_tst_info(response);
	uint64_t value;
	const char *why;

	if (ASN1_INTEGER_get_uint64(&value, status) != 1 || value > TS_STATUS_GRANTED_WITH_MODS)
		return "not_granted";
	if (info == NULL || TS_RESP_get_token(response) == NULL)
		return "not_a_response";
	why = check_signer(TS_RESP_get_token(response));
	if (why == NULL)
		why = check_imprint(info, digest);
	if (why == NULL)
		why = check_nonce(info, nonce);
	return why;
}

/* The reason word for what the verification left in the error queue. */
static const char *
verify_reason(void)
{
	const char *why = "signature_wrong", *data;
	int flags;
	unsigned long e;

	while ((e = ERR_get_error_all(NULL, NULL, NULL, &data, &flags)) != 0) {
		if (ERR_GET_LIB(e) == ERR_LIB_ESS)
			return "certificate_not_named";
		if (ERR_GET_LIB(e) != ERR_LIB_TS ||
		    ERR_GET_REASON(e) != TS_R_CERTIFICATE_VERIFY_ERROR)
			continue;
		why = "certificate_untrusted";
		if ((flags & ERR_TXT_STRING) != 0 && strstr(data, "expired") != NULL)
			return "certificate_expired";
		if ((flags & ERR_TXT_STRING) != 0 && strstr(data, "purpose") != NULL)
			return "certificate_purpose";
	}
	return why;
}

/* Signature, ESSCertID, purpose and chain. trust is taken. */
static int
check_signature(TS_RESP *response, X509_STORE *trust, uint8_t digest[SHA256_SIZE])
{
	_cleanup_(TS_VERIFY_CTX_freep) TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	uint8_t *copy = OPENSSL_memdup(digest, SHA256_SIZE);

	if (ctx == NULL || copy == NULL) {
		X509_STORE_free(trust);
		OPENSSL_free(copy);
		return -ENOMEM;
	}
	TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE | TS_VFY_IMPRINT);
	TS_VERIFY_CTX_set_store(ctx, trust);
	TS_VERIFY_CTX_set_imprint(ctx, copy, SHA256_SIZE);
	return TS_RESP_verify_response(ctx, response) == 1 ? 0 : -EBADMSG;
}

/* Who says it: the signer's certificate, which the signature covers through ESSCertID; not the
 * unauthenticated hints. */
static int
describe(TS_RESP *response, uint64_t at_ms, struct evidence_time *ret)
{
	TS_TST_INFO *info = TS_RESP_get_tst_info(response);
	STACK_OF(X509) *signers = PKCS7_get0_signers(TS_RESP_get_token(response), NULL, 0);
	struct evidence_time t = {.at_ms = at_ms};
	int r = -EBADMSG;

	if (sk_X509_num(signers) == 1) {
		x509_name_line(
		    X509_get_subject_name(sk_X509_value(signers, 0)), t.tsa, sizeof(t.tsa));
		r = x509_integer_hex(TS_TST_INFO_get_serial(info), t.serial, sizeof(t.serial));
	}
	sk_X509_free(signers);
	if (r < 0)
		return r;
	OBJ_obj2txt(t.policy, sizeof(t.policy), TS_TST_INFO_get_policy_id(info), 1);
	time_format(at_ms, t.at);
	*ret = t;
	return 0;
}

static int
verify(TS_RESP *response, uint8_t digest[SHA256_SIZE], uint64_t nonce, const char *trust_pem,
    struct evidence_time *ret, const char **ret_why)
{
	X509_STORE *trust = NULL;
	uint64_t at_ms;
	int r;

	*ret_why = check_shape(response, digest, nonce);
	if (*ret_why != NULL)
		return -EBADMSG;
	*ret_why = "not_a_response";
	r = x509_time_ms(TS_TST_INFO_get_time(TS_RESP_get_tst_info(response)), &at_ms);
	if (r < 0)
		return r;
	*ret_why = "certificate_untrusted";
	r = x509_trust(trust_pem, at_ms, &trust);
	if (r < 0)
		return r;
	r = check_signature(response, trust, digest);
	if (r < 0) {
		*ret_why = verify_reason();
		return r;
	}
	*ret_why = "not_a_response";
	return describe(response, at_ms, ret);
}

int
evidence_tsr_verify(const void *data, size_t n, const void *response, size_t size, uint64_t nonce,
    const char *trust_pem, struct evidence_time *ret, const char **ret_why)
{
	_cleanup_(TS_RESP_freep) TS_RESP *parsed = NULL;
	uint8_t digest[SHA256_SIZE];
	const char *why = "not_a_response";
	int r;

	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, data, n);
	x509_begin();
	r = parse_response(response, size, &parsed);
	if (r == 0)
		r = verify(parsed, digest, nonce, trust_pem, ret, &why);
	if (r < 0)
		*ret_why = why;
	return x509_end(r);
}

static int
token_certificates(const uint8_t *token, size_t size, char **ret_pem)
{
	const unsigned char *at = token;
	PKCS7 *p7 = d2i_PKCS7(NULL, &at, (long)size);
	_cleanup_(x509_stackp) STACK_OF(X509) *none = NULL;
	STACK_OF(X509) *certs = NULL;
	int r = -EBADMSG;

	if (p7 != NULL && PKCS7_type_is_signed(p7) && p7->d.sign != NULL) {
		certs = p7->d.sign->cert;
		if (certs == NULL)
			certs = none = sk_X509_new_null();
		r = certs != NULL ? x509_stack_to_pem(certs, ret_pem) : -ENOMEM;
	}
	PKCS7_free(p7);
	return r;
}

int
evidence_tsr_token(const void *response, size_t size, struct bytes *ret_token, char **ret_certs_pem)
{
	_cleanup_(freep) char *pem = NULL;
	const uint8_t *token;
	uint8_t *copy;
	size_t n;
	int r;

	x509_begin();
	r = token_view(response, size, &token, &n);
	if (r == 0)
		r = token_certificates(token, n, &pem);
	if (r < 0)
		return x509_end(r);
	copy = malloc(n);
	if (copy == NULL)
		return x509_end(-ENOMEM);
	memcpy(copy, token, n);
	*ret_token = (struct bytes){copy, n};
	if (ret_certs_pem != NULL)
		*ret_certs_pem = TAKE_PTR(pem);
	return x509_end(0);
}
