/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that arrives from a timestamp authority or lies in a file as DER: responses, tokens,
 * signatures. The first byte chooses the reader. Nothing that libFuzzer can make may be accepted,
 * because no trusted key made it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "store/account.h"
#include "store/ca.h"
#include "store/evidence.h"
#include "store/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ca *
authority(void)
{
	static struct ca *ca;
	uint8_t *blob;
	size_t size;

	if (ca == NULL && (secret_init() < 0 || ca_create("Fuzz", &blob, &size) < 0 ||
			      ca_open(blob, size, &ca) < 0))
		abort();
	return ca;
}

static void
response(const uint8_t *data, size_t size, const char *trust)
{
	_cleanup_(bytes_free) struct bytes token = {0};
	_cleanup_(freep) char *certs = NULL;
	struct evidence_time t;
	const char *why;

	evidence_tsr_token(data, size, &token, &certs);
	if (evidence_tsr_verify("x", 1, data, size, 0, trust, &t, &why) == 0)
		abort();
}

static void
signature(const uint8_t *data, size_t size, const char *trust)
{
	struct bytes cms = {(uint8_t *)data, size};
	_cleanup_(bytes_free) struct bytes value = {0};
	struct evidence_signature s;
	const char *why;

	evidence_signature_value(&cms, &value);
	if (evidence_verify("x", 1, &cms, trust, 0, &s, &why) == 0)
		abort();
}

static void
request(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"fumikura.local", NULL};
	_cleanup_(freep) char *pem = NULL;

	ca_sign_web(authority(), data, size, names, &pem);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *trust = ca_certificate_pem(authority());

	if (size == 0)
		return 0;
	if (data[0] % 3 == 0)
		response(data + 1, size - 1, trust);
	else if (data[0] % 3 == 1)
		signature(data + 1, size - 1, trust);
	else
		request(data + 1, size - 1);
	return 0;
}

#ifndef FUZZ
/* A generator of our own: the same mutations on every machine. */
static uint32_t
next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Copies seed behind a first byte, changes up to eight bytes, cuts some, and gives it to the
 * target. */
static void
mutate(const uint8_t *seed, size_t n, uint8_t reader, uint32_t *state)
{
	uint8_t *data = malloc(n + 1);
	size_t size = n + 1;

	assert_non_null(data);
	memcpy(data + 1, seed, n);
	data[0] = reader;
	for (uint32_t i = next(state) % 8 + 1; i > 0; i--)
		data[1 + next(state) % n] = (uint8_t)next(state);
	if (next(state) % 4 == 0)
		size = 1 + next(state) % n;
	LLVMFuzzerTestOneInput(data, size);
	free(data);
}

static void
mutated_input_is_never_accepted(void **state)
{
	/* status granted, then a token whose lengths promise more than there is */
	static const uint8_t response_seed[] = {0x30, 0x25, 0x30, 0x03, 0x02, 0x01, 0x00, 0x30,
	    0x1e, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0, 0x11,
	    0x30, 0x0f, 0x02, 0x01, 0x03, 0x31, 0x00, 0x30, 0x06, 0x06, 0x02, 0x2a, 0x03, 0xa0,
	    0x00, 0x31, 0x00};
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	_cleanup_(bytes_free) struct bytes cms = {0}, value = {0};
	struct ca *ca = authority();
	uint32_t random = 20261122;
	size_t size;

	/* Signed over other content than the target verifies. */
	assert_int_equal(ca_issue_person(ca, "fuzz", "Fuzz", &key, &size, &cert), 0);
	assert_int_equal(
	    evidence_sign("y", 1, key, size, cert, ca_certificate_pem(ca), &cms, &value), 0);
	for (int i = 0; i < 3000; i++) {
		mutate(response_seed, sizeof(response_seed), 0, &random);
		mutate(cms.data, cms.size, 1, &random);
		mutate(cms.data, cms.size, 2, &random);
		mutate(cms.data, cms.size, 0, &random);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(mutated_input_is_never_accepted)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
