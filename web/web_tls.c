/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key, request and certificate of the HTTPS server. Knows no sockets. */
#include <errno.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>

#include "web/web_tls.h"

struct web_tls {
	gnutls_x509_privkey_t x509;
	gnutls_privkey_t key;
	gnutls_pcert_st chain[WEB_TLS_CHAIN];
	unsigned count;
};

static void
drop_chain(gnutls_pcert_st *chain, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		gnutls_pcert_deinit(&chain[i]);
}

void
web_tls_free(struct web_tls *tls)
{
	if (tls == NULL)
		return;
	drop_chain(tls->chain, tls->count);
	if (tls->key != NULL)
		gnutls_privkey_deinit(tls->key);
	if (tls->x509 != NULL)
		gnutls_x509_privkey_deinit(tls->x509);
	free(tls);
}

int
web_tls_new(struct web_tls **ret)
{
	_cleanup_(web_tls_freep) struct web_tls *tls = calloc(1, sizeof *tls);
	unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);

	if (tls == NULL)
		return -ENOMEM;
	if (gnutls_x509_privkey_init(&tls->x509) < 0 ||
	    gnutls_x509_privkey_generate(tls->x509, GNUTLS_PK_ECDSA, bits, 0) < 0 ||
	    gnutls_privkey_init(&tls->key) < 0 ||
	    gnutls_privkey_import_x509(tls->key, tls->x509, 0) < 0)
		return -EIO;
	*ret = TAKE_PTR(tls);
	return 0;
}

int
web_tls_request(const struct web_tls *tls, uint8_t **ret_der, size_t *ret_size)
{
	static const char name[] = "Fumikura";
	gnutls_datum_t der = {NULL, 0};
	gnutls_x509_crq_t request;
	int r = -EIO;

	if (gnutls_x509_crq_init(&request) < 0)
		return -ENOMEM;
	if (gnutls_x509_crq_set_version(request, 1) >= 0 &&
	    gnutls_x509_crq_set_dn_by_oid(
		request, GNUTLS_OID_X520_COMMON_NAME, 0, name, sizeof name - 1) >= 0 &&
	    gnutls_x509_crq_set_key(request, tls->x509) >= 0 &&
	    gnutls_x509_crq_sign2(request, tls->x509, GNUTLS_DIG_SHA256, 0) >= 0 &&
	    gnutls_x509_crq_export2(request, GNUTLS_X509_FMT_DER, &der) >= 0) {
		*ret_der = malloc(der.size);
		r = *ret_der == NULL ? -ENOMEM : 0;
		if (r == 0) {
			memcpy(*ret_der, der.data, der.size);
			*ret_size = der.size;
		}
	}
	gnutls_free(der.data);
	gnutls_x509_crq_deinit(request);
	return r;
}

/* True when the certificate's public key is ours. */
static bool
is_ours(const struct web_tls *tls, const gnutls_pcert_st *leaf)
{
	uint8_t ours[64], theirs[64];
	size_t a = sizeof ours, b = sizeof theirs;

	return gnutls_x509_privkey_get_key_id(tls->x509, GNUTLS_KEYID_USE_SHA256, ours, &a) >= 0 &&
	       gnutls_pubkey_get_key_id(leaf->pubkey, GNUTLS_KEYID_USE_SHA256, theirs, &b) >= 0 &&
	       a == b && memcmp(ours, theirs, a) == 0;
}

int
web_tls_set_certificate(struct web_tls *tls, const void *pem, size_t size)
{
	gnutls_datum_t data = {(unsigned char *)pem, (unsigned)size};
	gnutls_pcert_st chain[WEB_TLS_CHAIN];
	unsigned count = WEB_TLS_CHAIN;

	if (size > 65536 ||
	    gnutls_pcert_list_import_x509_raw(chain, &count, &data, GNUTLS_X509_FMT_PEM, 0) < 0)
		return -EBADMSG;
	if (count == 0 || !is_ours(tls, &chain[0])) {
		drop_chain(chain, count);
		return -EBADMSG;
	}
	drop_chain(tls->chain, tls->count);
	memcpy(tls->chain, chain, sizeof chain);
	tls->count = count;
	return 0;
}

bool
web_tls_ready(const struct web_tls *tls)
{
	return tls->count > 0;
}

int
web_tls_identity(struct web_tls *tls, gnutls_pcert_st **ret_chain, unsigned *ret_count,
    gnutls_privkey_t *ret_key)
{
	if (tls->count == 0)
		return -ENOENT;
	*ret_chain = tls->chain;
	*ret_count = tls->count;
	*ret_key = tls->key;
	return 0;
}
