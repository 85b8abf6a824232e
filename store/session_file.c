/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on disk. The format belongs to one box and one version: an older file is simply not
 * read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "io.h"
#include "secret.h"
#include "session_file.h"
#include "text.h"

#define FILE_VERSION 2
#define NONCE 12
#define TAG 16
#define FILE_SIZE (1 + NONCE + sizeof(struct session_secret) + TAG)

static void
digest(const char *token, uint8_t out[32])
{
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, token, strlen(token));
}

void
session_file_id(const char *token, char out[17])
{
	uint8_t d[32];

	digest(token, d);
	hex_encode(d, 8, out);
}

/* Cut between characters: half of one could stand in no event. */
static void
copy_cut(char *out, size_t size, const char *text)
{
	size_t n = strnlen(text, size);

	if (n == size)
		for (n--; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
			n--;
	memcpy(out, text, n);
	out[n] = '\0';
}

int
session_secret_fill(struct session_secret *secret, const char *user, const char *terminal,
    const char *account, uint64_t opened_ms, const uint8_t *key, size_t key_size,
    const char *cert_pem)
{
	const size_t cert = cert_pem != NULL ? strlen(cert_pem) : 0;

	if (strlen(user) >= sizeof(secret->user) || strlen(account) >= sizeof(secret->account) ||
	    key_size > sizeof(secret->key) || cert >= sizeof(secret->cert_pem))
		return -E2BIG;
	memcpy(secret->user, user, strlen(user) + 1);
	copy_cut(secret->terminal, sizeof(secret->terminal), terminal);
	memcpy(secret->account, account, strlen(account) + 1);
	secret->opened_ms = opened_ms;
	secret->key_size = (uint32_t)key_size;
	if (key_size > 0)
		memcpy(secret->key, key, key_size);
	if (cert > 0)
		memcpy(secret->cert_pem, cert_pem, cert);
	return 0;
}

bool
session_secret_matches(const struct session_secret *secret, const char *token)
{
	uint8_t d[32];

	digest(token, d);
	return secret_equal(d, secret->token_digest, sizeof(d)) == 1;
}

/* Encrypts or decrypts n bytes of data in place. */
static int
crypt_file(
    const char *token, const uint8_t *nonce, uint8_t *data, size_t n, uint8_t *tag, bool encrypt)
{
	static const char label[] = "fumikura/session/v1";
	gcry_md_hd_t md = NULL;
	gcry_cipher_hd_t cipher = NULL;
	gcry_error_t e;

	e = gcry_md_open(&md, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC | GCRY_MD_FLAG_SECURE);
	if (e == 0)
		e = gcry_md_setkey(md, token, strlen(token));
	if (e == 0) {
		gcry_md_write(md, label, sizeof(label) - 1);
		e = gcry_cipher_open(
		    &cipher, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, GCRY_CIPHER_SECURE);
	}
	if (e == 0)
		e = gcry_cipher_setkey(cipher, gcry_md_read(md, GCRY_MD_SHA256), 32);
	if (e == 0)
		e = gcry_cipher_setiv(cipher, nonce, NONCE);
	if (e == 0)
		e = encrypt ? gcry_cipher_encrypt(cipher, data, n, NULL, 0)
			    : gcry_cipher_decrypt(cipher, data, n, NULL, 0);
	if (e == 0)
		e = encrypt ? gcry_cipher_gettag(cipher, tag, TAG)
			    : gcry_cipher_checktag(cipher, tag, TAG);
	gcry_cipher_close(cipher);
	gcry_md_close(md);
	return e == 0 ? 0 : -EBADMSG;
}

int
session_file_write(int dir, const char *id, const char *token, struct session_secret *secret)
{
	_cleanup_(secret_freep) uint8_t *file = secret_new(FILE_SIZE);
	_cleanup_(closep) int fd = -1;
	int r;

	if (file == NULL)
		return -ENOMEM;
	digest(token, secret->token_digest);
	file[0] = FILE_VERSION;
	random_bytes(file + 1, NONCE);
	memcpy(file + 1 + NONCE, secret, sizeof(*secret));
	r = crypt_file(
	    token, file + 1, file + 1 + NONCE, sizeof(*secret), file + FILE_SIZE - TAG, true);
	if (r < 0)
		return r;
	fd = io_open(dir, id, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return fd;
	r = io_write_all(fd, file, FILE_SIZE);
	if (r < 0)
		io_unlink(dir, id);
	return r;
}

int
session_file_read(int dir, const char *id, const char *token, struct session_secret *secret,
    uint64_t *ret_used_ms)
{
	_cleanup_(freep) uint8_t *file = NULL;
	struct stat st;
	size_t size;
	int r;

	r = io_read_file(dir, id, FILE_SIZE, &file, &size);
	if (r < 0)
		return r;
	if (size != FILE_SIZE || file[0] != FILE_VERSION)
		return -EBADMSG;
	if (fstatat(dir, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	r = crypt_file(
	    token, file + 1, file + 1 + NONCE, sizeof(*secret), file + FILE_SIZE - TAG, false);
	if (r == 0) {
		memcpy(secret, file + 1 + NONCE, sizeof(*secret));
		r = session_secret_matches(secret, token) ? 0 : -EBADMSG;
	}
	explicit_bzero(file, size);
	*ret_used_ms = (uint64_t)st.st_mtim.tv_sec * 1000;
	return r;
}

void
session_files_sweep(int dir, uint64_t since_ms)
{
	struct dirent **list = NULL;
	int n = scandirat(dir, ".", &list, NULL, NULL);

	for (int i = 0; i < n; i++) {
		struct stat st;

		if (fstatat(dir, list[i]->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && (uint64_t)st.st_mtim.tv_sec * 1000 < since_ms)
			io_unlink(dir, list[i]->d_name);
		free(list[i]);
	}
	free(list);
}
