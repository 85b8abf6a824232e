/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text header of an age file: stanzas that wrap the file key, and a MAC over them. Lines end in
 * LF alone; base64 is unpadded, canonical, wrapped at 64 columns; nothing else is tolerated.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "age_internal.h"
#include "cleanup.h"
#include "secret.h"

#define VERSION_LINE "age-encryption.org/v1"
#define X25519_INFO "age-encryption.org/v1/X25519"
#define FOOTER_MARK "---"
#define COLUMNS 64  /* of a stanza's body */
#define KEY_TEXT 43 /* base64 characters of 32 bytes */
#define WRAPPED (AGE_FILE_KEY + AGE_TAG)

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const uint8_t zero_nonce[12];

/* Unpadded base64 of 32 bytes and NUL. */
static void
encode32(const uint8_t in[32], char out[KEY_TEXT + 1])
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	for (unsigned i = 0; i < KEY_TEXT; i++) {
		if (held < 6) {
			bits = bits << 8 | (at < 32 ? in[at] : 0);
			at++;
			held += 8;
		}
		held -= 6;
		out[i] = base64_letters[bits >> held & 63];
	}
	out[KEY_TEXT] = '\0';
}

/* Value of a base64 letter or -1. */
static int
letter_value(char c)
{
	const char *p = c != '\0' ? strchr(base64_letters, c) : NULL;

	return p != NULL ? (int)(p - base64_letters) : -1;
}

/* True when the n characters are canonical unpadded base64. */
static bool
base64_canonical(const char *text, size_t n)
{
	static const uint8_t spare[4] = {0, 0, 15, 3}; /* bits of the last letter that must be 0 */

	if (n % 4 == 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (letter_value(text[i]) < 0)
			return false;
	return n % 4 == 0 || (letter_value(text[n - 1]) & spare[n % 4]) == 0;
}

static bool
decode32(const char *text, size_t n, uint8_t out[32])
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (n != KEY_TEXT || !base64_canonical(text, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		bits = bits << 6 | (uint32_t)letter_value(text[i]);
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (uint8_t)(bits >> held);
		}
	}
	return true;
}

/* Key that wraps the file key between an ephemeral share and a recipient. */
static int
wrap_key(const uint8_t secret[32], const uint8_t point[32], const uint8_t share[32],
    const uint8_t recipient[32], uint8_t ret[32])
{
	uint8_t shared[32], salt[64];
	int r = age_x25519(secret, point, shared);

	if (r < 0)
		return r;
	memcpy(salt, share, 32);
	memcpy(salt + 32, recipient, 32);
	r = age_hkdf(shared, sizeof(shared), salt, sizeof(salt), X25519_INFO, ret);
	explicit_bzero(shared, sizeof(shared));
	return r;
}

/* share and body of one stanza. */
static int
wrap_file_key(const uint8_t recipient[32], const uint8_t file_key[AGE_FILE_KEY], uint8_t share[32],
    uint8_t body[WRAPPED])
{
	struct age_identity ephemeral;
	struct age_aead *aead = NULL;
	uint8_t key[32];
	int r = age_identity_new(&ephemeral);

	if (r == 0)
		r = wrap_key(ephemeral.secret, recipient, ephemeral.public, recipient, key);
	if (r == 0)
		r = age_aead_new(key, &aead);
	if (r == 0) {
		memcpy(share, ephemeral.public, 32);
		r = age_aead_seal(aead, zero_nonce, file_key, AGE_FILE_KEY, body);
	}
	age_aead_free(aead);
	explicit_bzero(&ephemeral, sizeof(ephemeral));
	explicit_bzero(key, sizeof(key));
	return r;
}

static int
header_mac(
    const uint8_t file_key[AGE_FILE_KEY], const char *header, size_t size, uint8_t ret_mac[32])
{
	const struct age_part part = {header, size};
	uint8_t key[32];
	int r = age_hkdf(file_key, AGE_FILE_KEY, NULL, 0, "header", key);

	if (r == 0)
		r = age_hmac(key, sizeof(key), &part, 1, ret_mac);
	explicit_bzero(key, sizeof(key));
	return r;
}

int
age_header_write(const uint8_t (*recipients)[32], size_t n, const uint8_t file_key[AGE_FILE_KEY],
    char out[AGE_HEADER_OUT], size_t *ret_size)
{
	uint8_t share[32], body[WRAPPED], mac[32];
	char share_text[KEY_TEXT + 1], body_text[KEY_TEXT + 1];
	size_t at = (size_t)snprintf(out, AGE_HEADER_OUT, VERSION_LINE "\n");
	int r;

	_Static_assert(WRAPPED == 32, "a wrapped file key fits one line");
	if (n == 0 || n > AGE_RECIPIENTS_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		r = wrap_file_key(recipients[i], file_key, share, body);
		if (r < 0)
			return r;
		encode32(share, share_text);
		encode32(body, body_text);
		at += (size_t)snprintf(
		    out + at, AGE_HEADER_OUT - at, "-> X25519 %s\n%s\n", share_text, body_text);
	}
	at += (size_t)snprintf(out + at, AGE_HEADER_OUT - at, FOOTER_MARK);
	r = header_mac(file_key, out, at, mac);
	if (r < 0)
		return r;
	encode32(mac, share_text);
	*ret_size = at + (size_t)snprintf(out + at, AGE_HEADER_OUT - at, " %s\n", share_text);
	return 0;
}

/* ---- reading ---- */

struct reader {
	const char *text;
	size_t size, at;
	const struct age_identity *id;
	uint8_t *file_key;
	bool found, scrypt;
};

/* Next line without its LF; false at the end or when there is no LF. */
static bool
next_line(struct reader *rd, const char **ret_line, size_t *ret_size)
{
	const char *end = memchr(rd->text + rd->at, '\n', rd->size - rd->at);

	if (end == NULL)
		return false;
	*ret_line = rd->text + rd->at;
	*ret_size = (size_t)(end - *ret_line);
	rd->at += *ret_size + 1;
	return true;
}

static int
try_unwrap(struct reader *rd, const uint8_t share[32], const uint8_t body[WRAPPED])
{
	struct age_aead *aead = NULL;
	uint8_t key[32];
	int r = wrap_key(rd->id->secret, share, share, rd->id->public, key);

	if (r == 0)
		r = age_aead_new(key, &aead);
	if (r == 0) {
		r = age_aead_open(aead, zero_nonce, body, WRAPPED, rd->file_key);
		if (r == 0)
			rd->found = true;
		else if (r == -EBADMSG)
			r = 0; /* somebody else's */
	} else if (r == -EINVAL)
		r = -EBADMSG; /* a share of small order */
	age_aead_free(aead);
	explicit_bzero(key, sizeof(key));
	return r;
}

/* Arguments of "-> …": printable words separated by single spaces. */
static bool
arguments_valid(const char *line, size_t n)
{
	bool word = false;

	for (size_t i = 0; i < n; i++) {
		if (line[i] == ' ') {
			if (!word)
				return false;
			word = false;
		} else if (line[i] >= 33 && line[i] <= 126)
			word = true;
		else
			return false;
	}
	return word;
}

/* Skips the body's lines, checks each; the last one is shorter than COLUMNS. */
static bool
read_body(struct reader *rd, const char **ret_first, size_t *ret_total)
{
	const char *line;
	size_t n;

	*ret_first = rd->text + rd->at;
	*ret_total = 0;
	do {
		if (!next_line(rd, &line, &n) || n > COLUMNS || !base64_canonical(line, n))
			return false;
		*ret_total += n;
	} while (n == COLUMNS);
	return true;
}

static bool
is_type(const char *args, size_t n, const char *type)
{
	const size_t size = strlen(type);

	return n >= size && memcmp(args, type, size) == 0 && (n == size || args[size] == ' ');
}

static int
read_stanza(struct reader *rd, const char *args, size_t n)
{
	static const char type[] = "X25519";
	const size_t type_size = sizeof(type) - 1;
	uint8_t share[32], body[WRAPPED];
	const char *text;
	size_t text_size;

	if (!arguments_valid(args, n) || !read_body(rd, &text, &text_size))
		return -EBADMSG;
	rd->scrypt |= is_type(args, n, "scrypt");
	if (!is_type(args, n, type))
		return 0; /* another kind of recipient */
	if (n <= type_size + 1 || !decode32(args + type_size + 1, n - type_size - 1, share) ||
	    !decode32(text, text_size, body))
		return -EBADMSG;
	return rd->found ? 0 : try_unwrap(rd, share, body);
}

static int
read_stanzas(struct reader *rd, size_t *ret_maced, uint8_t ret_mac[32])
{
	const char *line;
	size_t n, stanzas = 0;
	int r;

	if (!next_line(rd, &line, &n) || n != sizeof(VERSION_LINE) - 1 ||
	    memcmp(line, VERSION_LINE, n) != 0)
		return -EBADMSG;
	while (next_line(rd, &line, &n)) {
		if (n == 4 + KEY_TEXT && memcmp(line, FOOTER_MARK " ", 4) == 0) {
			*ret_maced = (size_t)(line - rd->text) + 3;
			if (stanzas == 0 || (rd->scrypt && stanzas > 1))
				return -EBADMSG; /* a passphrase stands alone */
			return decode32(line + 4, KEY_TEXT, ret_mac) ? 0 : -EBADMSG;
		}
		if (n < 3 || memcmp(line, "-> ", 3) != 0)
			return -EBADMSG;
		r = read_stanza(rd, line + 3, n - 3);
		if (r < 0)
			return r;
		stanzas++;
	}
	return -EBADMSG;
}

int
age_header_read(const struct age_identity *id, const char *file, size_t size,
    uint8_t ret_file_key[AGE_FILE_KEY], size_t *ret_size)
{
	struct reader rd = {.text = file,
	    .size = size < AGE_HEADER_MAX ? size : AGE_HEADER_MAX,
	    .id = id,
	    .file_key = ret_file_key};
	uint8_t mac[32], expected[32];
	size_t maced;
	int r = read_stanzas(&rd, &maced, mac);

	if (r < 0)
		return r;
	if (!rd.found)
		return -EKEYREJECTED;
	r = header_mac(ret_file_key, file, maced, expected);
	if (r < 0)
		return r;
	if (!secret_equal(mac, expected, sizeof(mac)))
		return -EBADMSG;
	*ret_size = rd.at;
	return 0;
}
