/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signed notes. It knows text and one key; what the text means is for the caller. */
#include "note.h"

#include <errno.h>
#include <gcrypt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "secret.h"
#include "text.h"

#define ALGORITHM_ED25519 0x01
#define SIGNER_PREFIX "PRIVATE+KEY+"
#define SIGNATURE_MARK "\xe2\x80\x94 " /* em dash, space */
#define SIGNER_MAX 320                 /* bytes of a signer's text and NUL */
#define SIGNATURE 64

struct note_signer {
	uint8_t *seed; /* secret memory, 32 bytes */
	struct note_verifier verifier;
	char text[NOTE_VERIFIER_MAX];
};

/* ---- Ed25519 ---- */

static void
sexp_freep(gcry_sexp_t *sexp)
{
	gcry_sexp_release(*sexp);
}

static int
ed25519_public(const uint8_t seed[32], uint8_t ret_public[32])
{
	_cleanup_(sexp_freep) gcry_sexp_t key = NULL;
	gcry_ctx_t ctx = NULL;
	gcry_mpi_t q = NULL;
	const void *point;
	unsigned bits = 0;
	int r = -EIO;

	if (gcry_sexp_build(
		&key, NULL, "(private-key(ecc(curve Ed25519)(flags eddsa)(d %b)))", 32, seed) != 0)
		return -ENOMEM;
	if (gcry_mpi_ec_new(&ctx, key, NULL) == 0)
		q = gcry_mpi_ec_get_mpi("q@eddsa", ctx, 1);
	point = q != NULL ? gcry_mpi_get_opaque(q, &bits) : NULL;
	if (point != NULL && bits == 256) {
		memcpy(ret_public, point, 32);
		r = 0;
	}
	gcry_mpi_release(q);
	gcry_ctx_release(ctx);
	return r;
}

static int
build_data(const void *text, size_t n, gcry_sexp_t *ret)
{
	if (n > NOTE_MAX)
		return -EMSGSIZE;
	return gcry_sexp_build(
		   ret, NULL, "(data(flags eddsa)(hash-algo sha512)(value %b))", (int)n, text) == 0
		   ? 0
		   : -ENOMEM;
}

/* Copies the 32 bytes of one half ("r" or "s") of a signature. */
static bool
copy_half(gcry_sexp_t signature, const char *name, uint8_t out[32])
{
	_cleanup_(sexp_freep) gcry_sexp_t part = gcry_sexp_find_token(signature, name, 1);
	size_t n = 0;
	const char *data = part != NULL ? gcry_sexp_nth_data(part, 1, &n) : NULL;

	if (data == NULL || n != 32)
		return false;
	memcpy(out, data, 32);
	return true;
}

static int
ed25519_sign(const struct note_signer *signer, const void *text, size_t n, uint8_t ret[SIGNATURE])
{
	_cleanup_(sexp_freep) gcry_sexp_t key = NULL, data = NULL, signature = NULL;
	int r = build_data(text, n, &data);

	if (r < 0)
		return r;
	if (gcry_sexp_build(&key, NULL,
		"(private-key(ecc(curve Ed25519)(flags eddsa)(q %b)(d %b)))", 32,
		signer->verifier.public, 32, signer->seed) != 0)
		return -ENOMEM;
	if (gcry_pk_sign(&signature, data, key) != 0)
		return -EIO;
	return copy_half(signature, "r", ret) && copy_half(signature, "s", ret + 32) ? 0 : -EIO;
}

static int
ed25519_verify(
    const uint8_t public[32], const void *text, size_t n, const uint8_t signature[SIGNATURE])
{
	_cleanup_(sexp_freep) gcry_sexp_t key = NULL, data = NULL, sig = NULL;
	int r = build_data(text, n, &data);

	if (r < 0)
		return r;
	if (gcry_sexp_build(&key, NULL, "(public-key(ecc(curve Ed25519)(flags eddsa)(q %b)))", 32,
		public) != 0 ||
	    gcry_sexp_build(
		&sig, NULL, "(sig-val(eddsa(r %b)(s %b)))", 32, signature, 32, signature + 32) != 0)
		return -ENOMEM;
	return gcry_pk_verify(sig, data, key) == 0 ? 0 : -EBADMSG;
}

/* ---- keys ---- */

static bool
name_valid(const char *name, size_t n)
{
	if (n == 0 || n > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (name[i] <= 32 || name[i] >= 127 || name[i] == '+')
			return false;
	return true;
}

/* SHA-256(name ‖ LF ‖ algorithm ‖ public key), first four bytes. */
static void
set_id(struct note_verifier *verifier)
{
	uint8_t mark[2] = {'\n', ALGORITHM_ED25519}, digest[32];
	const gcry_buffer_t iov[] = {{.data = verifier->name, .len = strlen(verifier->name)},
	    {.data = mark, .len = 2}, {.data = verifier->public, .len = 32}};

	gcry_md_hash_buffers(GCRY_MD_SHA256, 0, digest, iov, 3);
	memcpy(verifier->id, digest, sizeof(verifier->id));
}

/* "NAME+HASH+BASE64" → its three parts; key is the 32 bytes after the algorithm byte. */
static int
parse_key(const char *text, char name[NOTE_NAME_MAX + 1], uint8_t id[4], uint8_t key[32])
{
	const char *first = strchr(text, '+'), *second;
	char hash[9] = "";
	uint8_t *data = NULL;
	size_t n = 0;
	int r = -EINVAL;

	if (first == NULL || !name_valid(text, (size_t)(first - text)))
		return -EINVAL;
	second = strchr(first + 1, '+');
	if (second == NULL || second - first != 9)
		return -EINVAL;
	memcpy(hash, first + 1, 8);
	if (hex_decode(hash, id, 4) < 0 ||
	    base64_decode(second + 1, strlen(second + 1), &data, &n) < 0)
		return -EINVAL;
	if (n == 33 && data[0] == ALGORITHM_ED25519) {
		memcpy(key, data + 1, 32);
		snprintf(name, NOTE_NAME_MAX + 1, "%.*s", (int)(first - text), text);
		r = 0;
	}
	explicit_bzero(data, n);
	free(data);
	return r;
}

static int
format_key(const char *prefix, const struct note_verifier *verifier, const uint8_t key[32],
    char *out, size_t size)
{
	uint8_t data[33] = {ALGORITHM_ED25519};
	char hash[9], *base64;
	int n;

	memcpy(data + 1, key, 32);
	base64 = base64_encode(data, sizeof(data));
	explicit_bzero(data, sizeof(data));
	if (base64 == NULL)
		return -ENOMEM;
	hex_encode(verifier->id, 4, hash);
	n = snprintf(out, size, "%s%s+%s+%s", prefix, verifier->name, hash, base64);
	explicit_bzero(base64, strlen(base64));
	free(base64);
	return n < (int)size ? 0 : -EINVAL;
}

int
note_verifier_parse(const char *text, struct note_verifier *ret)
{
	uint8_t id[4];
	int r = parse_key(text, ret->name, id, ret->public);

	if (r < 0)
		return r;
	set_id(ret);
	return memcmp(id, ret->id, sizeof(id)) == 0 ? 0 : -EINVAL;
}

int
note_signer_create(const char *name, char **ret_text)
{
	_cleanup_(secret_freep) char *text = secret_new(SIGNER_MAX);
	_cleanup_(secret_freep) uint8_t *seed = secret_new(32);
	struct note_verifier verifier;
	int r;

	if (text == NULL || seed == NULL)
		return -ENOMEM;
	if (!name_valid(name, strlen(name)))
		return -EINVAL;
	random_bytes(seed, 32);
	snprintf(verifier.name, sizeof(verifier.name), "%s", name);
	r = ed25519_public(seed, verifier.public);
	if (r < 0)
		return r;
	set_id(&verifier);
	r = format_key(SIGNER_PREFIX, &verifier, seed, text, SIGNER_MAX);
	if (r == 0)
		*ret_text = TAKE_PTR(text);
	return r;
}

int
note_signer_parse(const char *text, struct note_signer **ret)
{
	_cleanup_(note_signer_freep) struct note_signer *signer = calloc(1, sizeof(*signer));
	const size_t prefix = sizeof(SIGNER_PREFIX) - 1;
	uint8_t id[4];
	int r;

	if (signer == NULL)
		return -ENOMEM;
	signer->seed = secret_new(32);
	if (signer->seed == NULL)
		return -ENOMEM;
	if (strncmp(text, SIGNER_PREFIX, prefix) != 0)
		return -EINVAL;
	r = parse_key(text + prefix, signer->verifier.name, id, signer->seed);
	if (r == 0)
		r = ed25519_public(signer->seed, signer->verifier.public);
	if (r < 0)
		return r;
	set_id(&signer->verifier);
	if (memcmp(id, signer->verifier.id, sizeof(id)) != 0)
		return -EINVAL;
	r = format_key(
	    "", &signer->verifier, signer->verifier.public, signer->text, sizeof(signer->text));
	if (r == 0)
		*ret = TAKE_PTR(signer);
	return r;
}

void
note_signer_free(struct note_signer *signer)
{
	if (signer == NULL)
		return;
	secret_free(signer->seed);
	free(signer);
}

const struct note_verifier *
note_signer_verifier(const struct note_signer *signer)
{
	return &signer->verifier;
}

const char *
note_signer_verifier_text(const struct note_signer *signer)
{
	return signer->text;
}

/* ---- notes ---- */

int
note_sign(const struct note_signer *signer, const char *body, char **ret_note)
{
	uint8_t blob[4 + SIGNATURE];
	_cleanup_(freep) char *base64 = NULL;
	size_t n = strlen(body);
	int r;

	if (n == 0 || body[n - 1] != '\n')
		return -EINVAL;
	memcpy(blob, signer->verifier.id, 4);
	r = ed25519_sign(signer, body, n, blob + 4);
	if (r < 0)
		return r;
	base64 = base64_encode(blob, sizeof(blob));
	if (base64 == NULL || asprintf(ret_note, "%s\n" SIGNATURE_MARK "%s %s\n", body,
				  signer->verifier.name, base64) < 0)
		return -ENOMEM;
	return 0;
}

/* One line "— NAME BASE64" (n bytes, without its LF): 1 when it verifies, 0 when it is another's.
 */
static int
check_signature(
    const struct note_verifier *verifier, const char *line, size_t n, const char *note, size_t body)
{
	const size_t mark = sizeof(SIGNATURE_MARK) - 1, name = strlen(verifier->name);
	_cleanup_(freep) uint8_t *blob = NULL;
	size_t size;
	int r;

	if (n <= mark || memcmp(line, SIGNATURE_MARK, mark) != 0)
		return -EBADMSG;
	line += mark;
	n -= mark;
	if (n <= name + 1 || memcmp(line, verifier->name, name) != 0 || line[name] != ' ')
		return 0;
	if (base64_decode(line + name + 1, n - name - 1, &blob, &size) < 0 || size < 5)
		return -EBADMSG;
	if (memcmp(blob, verifier->id, 4) != 0)
		return 0;
	if (size != 4 + SIGNATURE)
		return -EBADMSG;
	r = ed25519_verify(verifier->public, note, body, blob + 4);
	return r < 0 ? r : 1;
}

/* Length of the signed text, its last LF included; 0 when there is no signature block. */
static size_t
body_size(const char *note, size_t size)
{
	for (size_t i = size; i >= 3; i--)
		if (note[i - 2] == '\n' && note[i - 1] == '\n')
			return i - 1;
	return 0;
}

int
note_verify(const struct note_verifier *verifier, const char *note, size_t size, size_t *ret_body)
{
	size_t body, at;
	int found = 0, r;

	if (size > NOTE_MAX || size == 0 || note[size - 1] != '\n' || !utf8_valid(note, size))
		return -EBADMSG;
	body = body_size(note, size);
	if (body == 0 || body + 1 >= size)
		return -EBADMSG;
	for (at = body + 1; at < size;) {
		const char *end = memchr(note + at, '\n', size - at);

		r = check_signature(verifier, note + at, (size_t)(end - note) - at, note, body);
		if (r < 0)
			return r;
		found |= r;
		at = (size_t)(end - note) + 1;
	}
	if (!found)
		return -EBADMSG;
	*ret_body = body;
	return 0;
}

/* ---- checkpoints ---- */

int
checkpoint_sign(
    const struct note_signer *signer, uint64_t size, const uint8_t root[32], char **ret_note)
{
	_cleanup_(freep) char *base64 = base64_encode(root, 32);
	char body[NOTE_NAME_MAX + 80];

	if (base64 == NULL)
		return -ENOMEM;
	snprintf(body, sizeof(body), "%s\n%" PRIu64 "\n%s\n", signer->verifier.name, size, base64);
	return note_sign(signer, body, ret_note);
}

/* Decimal without sign or leading zeros. */
static bool
parse_size(const char *text, size_t n, uint64_t *ret)
{
	uint64_t value = 0;

	if (n == 0 || (n > 1 && text[0] == '0'))
		return false;
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9' ||
		    __builtin_mul_overflow(value, (uint64_t)10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text[i] - '0'), &value))
			return false;
	*ret = value;
	return true;
}

int
checkpoint_read(
    const struct note_verifier *verifier, const char *note, size_t size, struct checkpoint *ret)
{
	const size_t name = strlen(verifier->name);
	const char *number, *root, *end;
	_cleanup_(freep) uint8_t *data = NULL;
	size_t body, n;
	int r = note_verify(verifier, note, size, &body);

	if (r < 0)
		return r;
	if (body < name + 1 || memcmp(note, verifier->name, name) != 0 || note[name] != '\n')
		return -EBADMSG;
	number = note + name + 1;
	root = memchr(number, '\n', (size_t)(note + body - number));
	if (root == NULL || !parse_size(number, (size_t)(root - number), &ret->size))
		return -EBADMSG;
	root++;
	end = memchr(root, '\n', (size_t)(note + body - root));
	if (end == NULL || base64_decode(root, (size_t)(end - root), &data, &n) < 0 || n != 32)
		return -EBADMSG;
	memcpy(ret->root, data, 32);
	snprintf(ret->origin, sizeof(ret->origin), "%s", verifier->name);
	return 0;
}
