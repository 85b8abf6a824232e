/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The authority itself: certificates, serial numbers, replies. No network, no threads of its own;
 * one reply at a time. */
#ifndef FUMIKURA_TESTS_TSA_H
#define FUMIKURA_TESTS_TSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TSA_POLICY "2.999.1.1"      /* below the arc that ITU-T X.660 keeps for examples */
#define TSA_MAX_REQUEST (16u << 10) /* a query is about a hundred bytes */

enum tsa_fault { TSA_SOUND, TSA_REFUSE, TSA_WRONG_NONCE, TSA_WRONG_IMPRINT };

struct tsa;

/* Opens the authority kept in dir (absolute, exists); makes keys and certificates when there are
 * none yet: ca.pem, tsa.pem, ca.key, tsa.key, serial. Blocks. */
int tsa_open(const char *dir, struct tsa **ret);
const char *tsa_ca_path(const struct tsa *tsa);
/*
 * The DER TimeStampResp for a DER TimeStampReq. A bad request gets a reply with a rejection status:
 * badDataFormat, badAlg (only SHA-256, SHA-384 and SHA-512 imprints), unacceptedPolicy. -EIO when
 * no reply at all can be made. The caller frees *ret.
 */
int tsa_reply(struct tsa *tsa, const void *request, size_t n, enum tsa_fault fault, uint8_t **ret,
    size_t *ret_size);
void tsa_free(struct tsa *tsa);

#endif
