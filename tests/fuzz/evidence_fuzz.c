/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything that arrives from a timestamp authority or lies in a file as DER: responses, tokens,
 * signatures. The first byte chooses the reader. Nothing that libFuzzer can make may be accepted,
 * because no trusted key made it.
 */
#include <stdint.h>
#include <stdlib.h>

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
