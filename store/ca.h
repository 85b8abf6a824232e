/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The archive's own certificate authority (X.509, ECDSA P-256, OpenSSL): certificates for people's
 * signing keys and for the box's own HTTPS key. The CA key lives in keys/ca.age. Signing
 * certificates carry keyUsage digitalSignature+nonRepudiation and no extended key usage, so that
 * stock `openssl cms -verify` accepts them.
 */
#ifndef FUMIKURA_STORE_CA_H
#define FUMIKURA_STORE_CA_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

struct ca;

/* New CA for an archive called name; ret_blob (PEM key + certificate) is what keys/ca.age holds
 * (secret_free). */
int ca_create(const char *name, uint8_t **ret_blob, size_t *ret_size);
int ca_open(const void *blob, size_t size, struct ca **ret);
void ca_free(struct ca *ca);
DEFINE_CLEANUP(struct ca *, ca_free)

const char *ca_certificate_pem(const struct ca *ca); /* borrowed */
/* Makes a P-256 key and certificate for a person; DER key in secret memory; PEM certificate (caller
 * frees). Valid 5 years. */
int ca_issue_person(struct ca *ca, const char *user, const char *display, uint8_t **ret_key,
    size_t *ret_key_size, char **ret_cert_pem);
/* TLS server certificate for a PKCS#10 request (its names are ignored; ours are used: DNS names and
 * IP addresses). Valid 398 days. */
int ca_sign_web(
    struct ca *ca, const void *csr_der, size_t size, const char *const *names, char **ret_cert_pem);

#endif
