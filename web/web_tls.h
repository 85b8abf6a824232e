/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The box's HTTPS identity: a P-256 key that lives only in this process, made at start, and the
 * certificate that store's CA gives for it. TLS 1.3, and 1.2 only with ECDHE and AEAD ciphers (G6:
 * 電子政府 TLS guideline, high security setting).
 */
#ifndef FUMIKURA_WEB_TLS_H
#define FUMIKURA_WEB_TLS_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"

#define WEB_TLS_PRIORITY                                                                           \
	"NONE:+VERS-TLS1.3:+VERS-TLS1.2:+ECDHE-ECDSA:+AEAD:+AES-256-GCM:+AES-128-GCM:"             \
	"+CHACHA20-POLY1305:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:"                      \
	"+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SECP256R1-SHA256:+COMP-NULL:%SERVER_PRECEDENCE"
#define WEB_TLS_CHAIN 4 /* certificates in the chain we show */

struct web_tls;

/* New key. -EIO when GnuTLS cannot make one. */
int web_tls_new(struct web_tls **ret);
/* PKCS#10 request for the key, DER; caller frees. Its names are of no meaning: the CA uses those it
 * is told. */
int web_tls_request(const struct web_tls *tls, uint8_t **ret_der, size_t *ret_size);
/* Puts a certificate (PEM, maybe with its chain) in use for new connections. -EBADMSG when it is
 * none, or not for our key. */
int web_tls_set_certificate(struct web_tls *tls, const void *pem, size_t size);
bool web_tls_ready(const struct web_tls *tls);
/* For GnuTLS's retrieve callback; borrowed. Negative when there is no certificate yet. */
int web_tls_identity(struct web_tls *tls, gnutls_pcert_st **ret_chain, unsigned *ret_count,
    gnutls_privkey_t *ret_key);

void web_tls_free(struct web_tls *tls);
DEFINE_CLEANUP(struct web_tls *, web_tls_free)

#endif
