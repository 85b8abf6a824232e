/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identities and recipients as text: Bech32 (BIP 173) without its length limit, as age uses it. */
#include <errno.h>
#include <string.h>

#include "age_internal.h"
#include "secret.h"

#define IDENTITY_PREFIX "age-secret-key-"
#define RECIPIENT_PREFIX "age"
#define KEY_WORDS 52 /* 5-bit groups of 32 bytes */
#define CHECKSUM_WORDS 6
#define BECH32_MAX 96 /* prefix, separator, data */

static const char bech32_letters[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

static uint32_t
polymod_step(uint32_t state, uint8_t word)
{
	static const uint32_t generator[5] = {
	    0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
	uint32_t top = state >> 25;

	state = (state & 0x1ffffff) << 5 ^ word;
	for (unsigned i = 0; i < 5; i++)
		state ^= -(top >> i & 1) & generator[i];
	return state;
}

/* State after the human-readable prefix (lower case). */
static uint32_t
polymod_prefix(const char *prefix)
{
	uint32_t state = 1;

	for (const char *p = prefix; *p != '\0'; p++)
		state = polymod_step(state, (uint8_t)*p >> 5);
	state = polymod_step(state, 0);
	for (const char *p = prefix; *p != '\0'; p++)
		state = polymod_step(state, (uint8_t)*p & 31);
	return state;
}

/* Writes prefix, '1', key and checksum; out is large enough for the prefixes above. */
static void
bech32_encode(const char *prefix, const uint8_t key[32], char *out)
{
	uint32_t state = polymod_prefix(prefix), bits = 0;
	unsigned held = 0;
	size_t at = 0, n = strlen(prefix);

	memcpy(out, prefix, n);
	out += n;
	*out++ = '1';
	for (unsigned i = 0; i < KEY_WORDS; i++) {
		uint8_t word;

		if (held < 5) {
			bits = bits << 8 | (at < 32 ? key[at] : 0);
			at++;
			held += 8;
		}
		held -= 5;
		word = bits >> held & 31;
		state = polymod_step(state, word);
		*out++ = bech32_letters[word];
	}
	for (unsigned i = 0; i < CHECKSUM_WORDS; i++)
		state = polymod_step(state, 0);
	state ^= 1;
	for (unsigned i = 0; i < CHECKSUM_WORDS; i++)
		*out++ = bech32_letters[state >> 5 * (CHECKSUM_WORDS - 1 - i) & 31];
	*out = '\0';
	explicit_bzero(&bits, sizeof(bits));
}

/* Values of the data part; 0 when text is prefix, '1', KEY_WORDS and a right checksum. */
static int
bech32_words(const char *prefix, const char *text, uint8_t words[KEY_WORDS + CHECKSUM_WORDS])
{
	uint32_t state = polymod_prefix(prefix);
	size_t n = strlen(prefix);

	if (strncmp(text, prefix, n) != 0 || text[n] != '1' ||
	    strlen(text + n + 1) != KEY_WORDS + CHECKSUM_WORDS)
		return -EINVAL;
	for (unsigned i = 0; i < KEY_WORDS + CHECKSUM_WORDS; i++) {
		const char *letter = strchr(bech32_letters, text[n + 1 + i]);

		if (letter == NULL)
			return -EINVAL;
		words[i] = (uint8_t)(letter - bech32_letters);
		state = polymod_step(state, words[i]);
	}
	return state == 1 ? 0 : -EINVAL;
}

static int
bech32_decode(const char *prefix, const char *text, uint8_t ret_key[32])
{
	uint8_t words[KEY_WORDS + CHECKSUM_WORDS] = {0};
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;
	int r = bech32_words(prefix, text, words);

	if (r == 0 && (words[KEY_WORDS - 1] & 15) != 0) /* 52 × 5 − 256 padding bits are zero */
		r = -EINVAL;
	for (unsigned i = 0; r == 0 && i < KEY_WORDS; i++) {
		bits = bits << 5 | words[i];
		held += 5;
		if (held >= 8) {
			held -= 8;
			ret_key[at++] = (uint8_t)(bits >> held);
		}
	}
	explicit_bzero(words, sizeof(words));
	explicit_bzero(&bits, sizeof(bits));
	return r;
}

/* Bech32 is all upper or all lower case; identities are upper. */
static void
switch_case(char *text, char from, char to)
{
	for (; *text != '\0'; text++)
		if (*text >= from && *text <= from + 25)
			*text = (char)(*text - from + to);
}

int
age_secret_parse(const char *text, uint8_t ret_secret[32])
{
	char lower[BECH32_MAX];
	int r;

	if (strnlen(text, sizeof(lower)) >= sizeof(lower))
		return -EINVAL;
	for (const char *p = text; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			return -EINVAL;
	memcpy(lower, text, strlen(text) + 1);
	switch_case(lower, 'A', 'a');
	r = bech32_decode(IDENTITY_PREFIX, lower, ret_secret);
	explicit_bzero(lower, sizeof(lower));
	return r;
}

int
age_identity_derive(struct age_identity *id)
{
	static const uint8_t base[32] = {9};

	return age_x25519(id->secret, base, id->public);
}

int
age_identity_parse(const char *text, struct age_identity *ret)
{
	int r = age_secret_parse(text, ret->secret);

	return r < 0 ? r : age_identity_derive(ret);
}

int
age_identity_new(struct age_identity *ret)
{
	random_bytes(ret->secret, sizeof(ret->secret));
	return age_identity_derive(ret);
}

void
age_identity_format(const struct age_identity *id, char out[AGE_IDENTITY_TEXT])
{
	bech32_encode(IDENTITY_PREFIX, id->secret, out);
	switch_case(out, 'a', 'A');
}

void
age_recipient_format(const uint8_t public[32], char out[AGE_RECIPIENT_TEXT])
{
	bech32_encode(RECIPIENT_PREFIX, public, out);
}

int
age_recipient_parse(const char *text, uint8_t ret_public[32])
{
	return bech32_decode(RECIPIENT_PREFIX, text, ret_public);
}
