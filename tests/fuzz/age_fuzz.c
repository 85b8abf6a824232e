/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Everything of the vault that is read before anything vouches for it: age files, key texts, signed
 * notes. The first byte chooses the reader. What libFuzzer makes has no valid MAC or signature, so
 * nothing may be accepted but what a fixture already held.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/age.h"
#include "store/note.h"
#include "store/secret.h"

#define IDENTITY "AGE-SECRET-KEY-1U26WMXJ9PTYJD760S6CF5CU3HMMHQMT68GFE69HQD4ZLYTDH4YHQ8ND2V6"
#define VERIFIER "fixture.example/log+e3b41d1c+AaEODej0ZOlxgNjbjAKwbuUC5IA1rMTEK5Wo6zDpxPCy"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
age_file(const uint8_t *data, size_t size)
{
	struct age_identity id;
	uint8_t *plain;
	size_t n;
	int r;

	if (age_identity_parse(IDENTITY, &id) < 0)
		abort();
	r = age_decrypt_mem(&id, data, size, &plain, &n);
	if (r == 0)
		secret_free(plain);
	else if (r != -EBADMSG && r != -EKEYREJECTED)
		abort();
}

/* A text that is accepted is written back as it was. */
static void
key_text(const uint8_t *data, size_t size)
{
	char text[128] = "", again[AGE_IDENTITY_TEXT];
	struct age_identity id;
	uint8_t public[32];

	memcpy(text, data, size < sizeof(text) - 1 ? size : sizeof(text) - 1);
	if (age_identity_parse(text, &id) == 0) {
		age_identity_format(&id, again);
		if (strcmp(text, again) != 0)
			abort();
	}
	if (age_recipient_parse(text, public) == 0) {
		age_recipient_format(public, again);
		if (strcmp(text, again) != 0)
			abort();
	}
}

static void
note(const uint8_t *data, size_t size)
{
	_cleanup_(note_signer_freep) struct note_signer *signer = NULL;
	struct note_verifier verifier;
	struct checkpoint checkpoint;
	char text[512] = "";

	memcpy(text, data, size < sizeof(text) - 1 ? size : sizeof(text) - 1);
	note_verifier_parse(text, &verifier);
	note_signer_parse(text, &signer);
	if (note_verifier_parse(VERIFIER, &verifier) < 0)
		abort();
	if (checkpoint_read(&verifier, (const char *)data, size, &checkpoint) == 0 &&
	    checkpoint.size != 9)
		abort(); /* the fixture's is the only one ever signed */
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(const uint8_t *, size_t) = {age_file, key_text, note};

	if (secret_init() < 0)
		abort();
	if (size > 0)
		readers[data[0] % 3](data + 1, size - 1);
	return 0;
}
