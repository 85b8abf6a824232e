/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The primitives that age is made of, as libgcrypt offers them. */
#include "age_internal.h"

#include <errno.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "secret.h"

#define MAC_PARTS_MAX 4

struct age_aead {
	gcry_cipher_hd_t handle;
};

int
age_hmac(
    const void *key, size_t key_size, const struct age_part *parts, size_t n, uint8_t ret_mac[32])
{
	gcry_buffer_t iov[MAC_PARTS_MAX + 1] = {{.data = (void *)(uintptr_t)key, .len = key_size}};

	if (n > MAC_PARTS_MAX)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		iov[i + 1].data = (void *)(uintptr_t)parts[i].data;
		iov[i + 1].len = parts[i].size;
	}
	if (gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, ret_mac, iov, (int)n + 1) != 0)
		return -EIO;
	return 0;
}

int
age_hkdf(const void *key, size_t key_size, const void *salt, size_t salt_size, const char *info,
    uint8_t ret[32])
{
	static const uint8_t no_salt[32], counter = 1;
	const struct age_part extract[] = {{key, key_size}};
	const struct age_part expand[] = {{info, strlen(info)}, {&counter, 1}};
	uint8_t prk[32];
	int r;

	if (salt_size == 0) {
		salt = no_salt;
		salt_size = sizeof(no_salt);
	}
	r = age_hmac(salt, salt_size, extract, 1, prk);
	if (r == 0)
		r = age_hmac(prk, sizeof(prk), expand, 2, ret);
	explicit_bzero(prk, sizeof(prk));
	return r;
}

int
age_x25519(const uint8_t secret[32], const uint8_t point[32], uint8_t ret[32])
{
	static const uint8_t zero[32];

	if (gcry_ecc_mul_point(GCRY_ECC_CURVE25519, ret, secret, point) != 0)
		return -EINVAL;
	return secret_equal(ret, zero, sizeof(zero)) ? -EINVAL : 0;
}

int
age_aead_new(const uint8_t key[32], struct age_aead **ret)
{
	struct age_aead *aead = calloc(1, sizeof(*aead));

	if (aead == NULL)
		return -ENOMEM;
	if (gcry_cipher_open(&aead->handle, GCRY_CIPHER_CHACHA20, GCRY_CIPHER_MODE_POLY1305,
		GCRY_CIPHER_SECURE) != 0 ||
	    gcry_cipher_setkey(aead->handle, key, 32) != 0) {
		age_aead_free(aead);
		return -ENOMEM;
	}
	*ret = aead;
	return 0;
}

void
age_aead_free(struct age_aead *aead)
{
	if (aead == NULL)
		return;
	gcry_cipher_close(aead->handle); /* wipes */
	free(aead);
}

int
age_aead_seal(
    struct age_aead *aead, const uint8_t nonce[12], const void *in, size_t n, uint8_t *out)
{
	if (gcry_cipher_setiv(aead->handle, nonce, 12) != 0 ||
	    gcry_cipher_final(aead->handle) != 0 ||
	    gcry_cipher_encrypt(aead->handle, out, n, in, n) != 0 ||
	    gcry_cipher_gettag(aead->handle, out + n, AGE_TAG) != 0)
		return -EIO;
	return 0;
}

int
age_aead_open(
    struct age_aead *aead, const uint8_t nonce[12], const uint8_t *in, size_t n, uint8_t *out)
{
	if (n < AGE_TAG)
		return -EBADMSG;
	n -= AGE_TAG;
	if (gcry_cipher_setiv(aead->handle, nonce, 12) != 0 ||
	    gcry_cipher_final(aead->handle) != 0 ||
	    gcry_cipher_decrypt(aead->handle, out, n, in, n) != 0)
		return -EIO;
	if (gcry_cipher_checktag(aead->handle, in + n, AGE_TAG) != 0) {
		explicit_bzero(out, n);
		return -EBADMSG;
	}
	return 0;
}
