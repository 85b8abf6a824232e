/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signature and time over a manifest: CMS detached, CAdES-BES then CAdES-T (ETSI EN 319 122-1; RFC
 * 5652, 5035), RFC 3161 tokens. Pure functions: no files, no bus. G91-11.
 */
#ifndef FUMIKURA_STORE_EVIDENCE_H
#define FUMIKURA_STORE_EVIDENCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct bytes { /* caller frees data */
	uint8_t *data;
	size_t size;
};
/* Frees and empties; harmless on a zeroed one. Usable as _cleanup_(bytes_free). */
static inline void
bytes_free(struct bytes *b)
{
	free(b->data);
	*b = (struct bytes){0};
}

/* Signs content; DER CMS without the content, with signing-certificate-v2 and signing time.
 * ret_value: the raw signature value (what the timestamp covers). */
int evidence_sign(const void *content, size_t n, const uint8_t *key_der, size_t key_size,
    const char *cert_pem, const char *ca_pem, struct bytes *ret_cms, struct bytes *ret_value);
/* Adds the token as the unsigned attribute signature-time-stamp. */
int evidence_add_token(const struct bytes *cms, const void *token, size_t n, struct bytes *ret_cms);

struct evidence_signature {
	char signer[128], serial[64]; /* common name; hex */
	char signed_at[25];           /* RFC 3339, claimed by the signer */
};
/*
 * Verifies detached CMS against the CA (validity judged at `at_ms`, 0 = the signing time). Exactly
 * one signer, whose certificate carries nonRepudiation (so the box's own HTTPS certificate from the
 * same CA never passes as a person) and is named by signing-certificate-v2. -EBADMSG with a short
 * reason in ret_why (static): not_cms, not_detached, not_one_signer, weak_digest, no_signing_time,
 * not_a_person, content_altered, signature_wrong, certificate_untrusted, certificate_expired.
 */
int evidence_verify(const void *content, size_t n, const struct bytes *cms, const char *ca_pem,
    uint64_t at_ms, struct evidence_signature *ret, const char **ret_why);
int evidence_signature_value(const struct bytes *cms, struct bytes *ret_value);

/* RFC 3161 request (SHA-256 of data, 64-bit random nonce, certReq). nonce is kept by the caller for
 * the check. */
int evidence_tsq(const void *data, size_t n, struct bytes *ret_request, uint64_t *ret_nonce);
struct evidence_time {
	uint64_t at_ms;
	char at[25], tsa[256], serial[64], policy[128];
};
/*
 * Checks a whole TimeStampResp: status granted, SHA-256 imprint over data, nonce when given (0: not
 * checked), signature, ESSCertID, critical and only timeStamping usage, and the chain to trust_pem,
 * valid at the token's own time. Nothing but DER without trailing bytes is accepted. -EBADMSG with
 * ret_why (static): not_a_response, not_granted, not_one_signer, weak_digest, imprint_differs,
 * nonce_differs, signature_wrong, certificate_untrusted, certificate_expired, certificate_purpose,
 * certificate_not_named.
 */
int evidence_tsr_verify(const void *data, size_t n, const void *response, size_t size,
    uint64_t nonce, const char *trust_pem, struct evidence_time *ret, const char **ret_why);
/* The token (ContentInfo DER) inside a response; certificates in it as PEM (may be NULL). */
int evidence_tsr_token(
    const void *response, size_t size, struct bytes *ret_token, char **ret_certs_pem);

#endif
