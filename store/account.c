/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's key file: made, opened with the password, wrapped anew. Knows no roles, no lock-out,
 * no sessions, and never writes a file. */
#include "account.h"

#include <errno.h>
#include <gcrypt.h>
#include <jansson.h>
#include <string.h>

#include "canon.h"
#include "secret.h"
#include "text.h"

#define FORMAT "fumikura/user/v1" /* also the associated data of the wrapped key, before the name  \
				   */
#define SALT_SIZE 16u
#define SALT_MAX 64u
#define NONCE_SIZE 12u
#define TAG_SIZE 16u
#define KEY_MAX 512u /* bytes of a DER private key; P-256 takes 121 */

struct kdf {
	unsigned memory_kib, passes, lanes;
	uint8_t salt[SALT_MAX];
	size_t salt_size;
};

/* Lives in secret memory: what the password opens. */
struct derived {
	uint8_t master[32], verifier[32], kek[ACCOUNT_KEK];
};

/* A parsed file. Texts are borrowed from json. */
struct file {
	json_t *json;
	const char *user, *display, *certificate;
	struct kdf kdf;
	uint8_t verifier[32], nonce[NONCE_SIZE], tag[TAG_SIZE], wrapped[KEY_MAX];
	size_t wrapped_size;
};

static void
json_decrefp_(json_t **json)
{
	json_decref(*json);
}

static void
file_done(struct file *file)
{
	json_decref(file->json);
}

int
account_name_valid(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > ACCOUNT_NAME_MAX || name[0] < 'a' || name[0] > 'z')
		return 0;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static int
hmac(const uint8_t key[32], const char *label, uint8_t out[32])
{
	gcry_mac_hd_t mac;
	size_t n = 32;
	int r = -EIO;

	if (gcry_mac_open(&mac, GCRY_MAC_HMAC_SHA256, GCRY_MAC_FLAG_SECURE, NULL) != 0)
		return -ENOMEM;
	if (gcry_mac_setkey(mac, key, 32) == 0 && gcry_mac_write(mac, label, strlen(label)) == 0 &&
	    gcry_mac_read(mac, out, &n) == 0)
		r = 0;
	gcry_mac_close(mac);
	return r;
}

/* The slow part. Two labelled keys from one Argon2id output: the stored verifier says nothing about
 * the wrapping key. */
static int
derive(const struct kdf *kdf, const char *password, struct derived *out)
{
	const unsigned long param[] = {
	    sizeof(out->master), kdf->passes, kdf->memory_kib, kdf->lanes};
	gcry_kdf_hd_t h;
	gcry_error_t e;
	int r;

	if (gcry_kdf_open(&h, GCRY_KDF_ARGON2, GCRY_KDF_ARGON2ID, param, 4, password,
		strlen(password), kdf->salt, kdf->salt_size, NULL, 0, NULL, 0) != 0)
		return -ENOMEM;
	e = gcry_kdf_compute(h, NULL);
	if (e == 0)
		e = gcry_kdf_final(h, sizeof(out->master), out->master);
	gcry_kdf_close(h);
	if (e != 0)
		return gcry_err_code(e) == GPG_ERR_ENOMEM ? -ENOMEM : -EIO;
	r = hmac(out->master, FORMAT " verifier", out->verifier);
	if (r == 0)
		r = hmac(out->master, FORMAT " wrap", out->kek);
	return r;
}

static int
cipher_open(const uint8_t kek[ACCOUNT_KEK], const uint8_t nonce[NONCE_SIZE], const char *user,
    gcry_cipher_hd_t *ret)
{
	gcry_cipher_hd_t c;

	if (gcry_cipher_open(&c, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, GCRY_CIPHER_SECURE) != 0)
		return -ENOMEM;
	if (gcry_cipher_setkey(c, kek, ACCOUNT_KEK) != 0 ||
	    gcry_cipher_setiv(c, nonce, NONCE_SIZE) != 0 ||
	    gcry_cipher_authenticate(c, FORMAT, sizeof(FORMAT)) != 0 ||
	    gcry_cipher_authenticate(c, user, strlen(user)) != 0) {
		gcry_cipher_close(c);
		return -EIO;
	}
	*ret = c;
	return 0;
}

static int
wrap(const uint8_t kek[ACCOUNT_KEK], const uint8_t *key, size_t size, struct file *file)
{
	gcry_cipher_hd_t c;
	int r;

	if (size > sizeof(file->wrapped))
		return -EINVAL;
	random_bytes(file->nonce, sizeof(file->nonce));
	r = cipher_open(kek, file->nonce, file->user, &c);
	if (r < 0)
		return r;
	if (gcry_cipher_final(c) != 0 ||
	    gcry_cipher_encrypt(c, file->wrapped, size, key, size) != 0 ||
	    gcry_cipher_gettag(c, file->tag, TAG_SIZE) != 0)
		r = -EIO;
	gcry_cipher_close(c);
	file->wrapped_size = size;
	return r;
}

/* The password was right, so a tag that does not fit means a damaged file. */
static int
unwrap(const uint8_t kek[ACCOUNT_KEK], const struct file *file, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(secret_freep) uint8_t *key = secret_new(file->wrapped_size);
	gcry_cipher_hd_t c;
	int r;

	if (key == NULL)
		return -ENOMEM;
	r = cipher_open(kek, file->nonce, file->user, &c);
	if (r < 0)
		return r;
	if (gcry_cipher_final(c) != 0 ||
	    gcry_cipher_decrypt(c, key, file->wrapped_size, file->wrapped, file->wrapped_size) !=
		0 ||
	    gcry_cipher_checktag(c, file->tag, TAG_SIZE) != 0)
		r = -EBADMSG;
	gcry_cipher_close(c);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(key);
	*ret_size = file->wrapped_size;
	return 0;
}

/* ---- the file ---- */

static int
dump(const struct file *f, char **ret)
{
	char salt[SALT_MAX * 2 + 1], verifier[65], nonce[NONCE_SIZE * 2 + 1], tag[TAG_SIZE * 2 + 1],
	    key[KEY_MAX * 2 + 1];
	_cleanup_(json_decrefp_) json_t *json = NULL;
	size_t size;

	hex_encode(f->kdf.salt, f->kdf.salt_size, salt);
	hex_encode(f->verifier, sizeof(f->verifier), verifier);
	hex_encode(f->nonce, sizeof(f->nonce), nonce);
	hex_encode(f->tag, sizeof(f->tag), tag);
	hex_encode(f->wrapped, f->wrapped_size, key);
	json = json_pack(
	    "{s:s, s:s, s:s, s:{s:s, s:i, s:i, s:i, s:s}, s:s, s:{s:s, s:s, s:s, s:s}, s:s}",
	    "fumikura", "user/v1", "user", f->user, "display", f->display, "kdf", "name",
	    "argon2id", "memory_kib", (int)f->kdf.memory_kib, "passes", (int)f->kdf.passes, "lanes",
	    (int)f->kdf.lanes, "salt", salt, "verifier", verifier, "key", "cipher", "aes-256-gcm",
	    "nonce", nonce, "tag", tag, "wrapped", key, "certificate", f->certificate);
	if (json == NULL)
		return -ENOMEM;
	return canon_dump(json, ret, &size);
}

/* Decodes hex of min to max bytes. */
static int
hex_between(const char *hex, void *out, size_t min, size_t max, size_t *ret_size)
{
	size_t n = strlen(hex);

	if (n % 2 != 0 || n / 2 < min || n / 2 > max || hex_decode(hex, out, n / 2) < 0)
		return -EBADMSG;
	if (ret_size != NULL)
		*ret_size = n / 2;
	return 0;
}

static int
check_kdf(json_int_t memory, json_int_t passes, json_int_t lanes, struct kdf *ret)
{
	if (passes < 1 || passes > ACCOUNT_MAX_PASSES || lanes < 1 || lanes > ACCOUNT_MAX_LANES ||
	    memory < 8 * lanes || memory > ACCOUNT_MAX_MEMORY_KIB)
		return -EBADMSG;
	ret->memory_kib = (unsigned)memory;
	ret->passes = (unsigned)passes;
	ret->lanes = (unsigned)lanes;
	return 0;
}

static int
parse(const char *text, size_t size, struct file *ret)
{
	const char *version, *kdf, *salt, *verifier, *cipher, *nonce, *tag, *key;
	json_int_t memory, passes, lanes;

	if (size > ACCOUNT_FILE_MAX)
		return -EBADMSG;
	ret->json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (ret->json == NULL)
		return -EBADMSG;
	if (json_unpack_ex(ret->json, NULL, JSON_STRICT,
		"{s:s, s:s, s:s, s:{s:s, s:I, s:I, s:I, s:s}, s:s, s:{s:s, s:s, s:s, s:s}, s:s}",
		"fumikura", &version, "user", &ret->user, "display", &ret->display, "kdf", "name",
		&kdf, "memory_kib", &memory, "passes", &passes, "lanes", &lanes, "salt", &salt,
		"verifier", &verifier, "key", "cipher", &cipher, "nonce", &nonce, "tag", &tag,
		"wrapped", &key, "certificate", &ret->certificate) != 0)
		return -EBADMSG;
	if (strcmp(version, "user/v1") != 0 || strcmp(kdf, "argon2id") != 0 ||
	    strcmp(cipher, "aes-256-gcm") != 0 || !account_name_valid(ret->user))
		return -EBADMSG;
	if (check_kdf(memory, passes, lanes, &ret->kdf) < 0 ||
	    hex_between(salt, ret->kdf.salt, SALT_SIZE, SALT_MAX, &ret->kdf.salt_size) < 0 ||
	    hex_between(verifier, ret->verifier, 32, 32, NULL) < 0 ||
	    hex_between(nonce, ret->nonce, NONCE_SIZE, NONCE_SIZE, NULL) < 0 ||
	    hex_between(tag, ret->tag, TAG_SIZE, TAG_SIZE, NULL) < 0 ||
	    hex_between(key, ret->wrapped, 1, KEY_MAX, &ret->wrapped_size) < 0)
		return -EBADMSG;
	return 0;
}

/* Fills verifier, nonce, tag and wrapped key of file for a password under fresh salt and today's
 * parameters. */
static int
seal(struct file *file, const char *password, const uint8_t *key, size_t key_size)
{
	_cleanup_(secret_freep) struct derived *d = secret_new(sizeof(*d));
	int r;

	if (d == NULL)
		return -ENOMEM;
	file->kdf = (struct kdf){.memory_kib = ACCOUNT_MEMORY_KIB,
	    .passes = ACCOUNT_PASSES,
	    .lanes = ACCOUNT_LANES,
	    .salt_size = SALT_SIZE};
	random_bytes(file->kdf.salt, SALT_SIZE);
	r = derive(&file->kdf, password, d);
	if (r == 0)
		r = wrap(d->kek, key, key_size, file);
	if (r == 0)
		memcpy(file->verifier, d->verifier, sizeof(file->verifier));
	return r;
}

static int
password_fits(const char *password)
{
	size_t n = strlen(password);

	return n > 0 && n <= ACCOUNT_PASSWORD_MAX;
}

int
account_new(struct ca *ca, const char *user, const char *display, const char *password,
    char **ret_file, char **ret_cert_pem)
{
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	struct file file = {.user = user, .display = display};
	size_t key_size;
	int r;

	if (!account_name_valid(user) || !password_fits(password))
		return -EINVAL;
	r = ca_issue_person(ca, user, display, &key, &key_size, &cert);
	if (r < 0)
		return r;
	file.certificate = cert;
	r = seal(&file, password, key, key_size);
	if (r == 0)
		r = dump(&file, ret_file);
	if (r == 0 && ret_cert_pem != NULL)
		*ret_cert_pem = TAKE_PTR(cert);
	return r;
}

/* The work of a check for a name that does not exist: its answer is known before, its duration must
 * not show it. */
static int
refuse_slowly(const char *password)
{
	_cleanup_(secret_freep) struct derived *d = secret_new(sizeof(*d));
	struct kdf kdf = {.memory_kib = ACCOUNT_MEMORY_KIB,
	    .passes = ACCOUNT_PASSES,
	    .lanes = ACCOUNT_LANES,
	    .salt_size = SALT_SIZE};
	int r;

	if (d == NULL)
		return -ENOMEM;
	random_bytes(kdf.salt, SALT_SIZE);
	r = derive(&kdf, password, d);
	return r < 0 ? r : -EKEYREJECTED;
}

static int
unlock(const struct file *file, const char *password, uint8_t **ret_key, size_t *ret_size)
{
	_cleanup_(secret_freep) struct derived *d = secret_new(sizeof(*d));
	int r;

	if (d == NULL)
		return -ENOMEM;
	r = derive(&file->kdf, password, d);
	if (r < 0)
		return r;
	if (!secret_equal(d->verifier, file->verifier, sizeof(file->verifier)))
		return -EKEYREJECTED;
	return unwrap(d->kek, file, ret_key, ret_size);
}

int
account_unlock(const char *text, size_t size, const char *password, uint8_t **ret_key,
    size_t *ret_key_size, char **ret_cert_pem)
{
	_cleanup_(file_done) struct file file = {0};
	_cleanup_(secret_freep) uint8_t *key = NULL;
	size_t key_size;
	char *cert = NULL;
	int r;

	if (!password_fits(password))
		password = "-"; /* the same work for a password that can be no one's */
	if (text == NULL)
		return refuse_slowly(password);
	r = parse(text, size, &file);
	if (r == 0)
		r = unlock(&file, password, &key, &key_size);
	if (r < 0)
		return r;
	if (ret_cert_pem != NULL) {
		cert = strdup(file.certificate);
		if (cert == NULL)
			return -ENOMEM;
		*ret_cert_pem = cert;
	}
	if (ret_key != NULL) {
		*ret_key = TAKE_PTR(key);
		*ret_key_size = key_size;
	}
	return 0;
}

int
account_rewrap(const char *text, size_t size, const char *old_password, const char *new_password,
    char **ret_file)
{
	_cleanup_(file_done) struct file file = {0};
	_cleanup_(secret_freep) uint8_t *key = NULL;
	size_t key_size;
	int r;

	if (!password_fits(old_password) || !password_fits(new_password))
		return -EINVAL;
	r = parse(text, size, &file);
	if (r == 0)
		r = unlock(&file, old_password, &key, &key_size);
	if (r == 0)
		r = seal(&file, new_password, key, key_size);
	if (r == 0)
		r = dump(&file, ret_file);
	return r;
}
