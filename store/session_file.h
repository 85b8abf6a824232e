/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session keeps secret, and its file: version | nonce 12 | AES-256-GCM(struct
 * session_secret) | tag 16, key = HMAC-SHA256(token, "fumikura/session/v1"). */
#ifndef FUMIKURA_STORE_SESSION_FILE_H
#define FUMIKURA_STORE_SESSION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct session_secret {
	uint8_t token_digest[32];
	char user[33], terminal[64], account[65]; /* account: digest of its file */
	uint64_t opened_ms;
	uint32_t key_size;
	uint8_t key[512];    /* DER private key */
	char cert_pem[2048]; /* the person's certificate */
};

/* First 16 hex digits of SHA-256 of the token: the file's name and the short id in events. */
void session_file_id(const char *token, char out[17]);
int session_secret_fill(struct session_secret *secret, const char *user, const char *terminal,
    const char *account, uint64_t opened_ms, const uint8_t *key, size_t key_size,
    const char *cert_pem); /* -E2BIG */
bool session_secret_matches(const struct session_secret *secret, const char *token);
/* Not flushed: losing it only signs somebody out. */
int session_file_write(int dir, const char *id, const char *token, struct session_secret *secret);
/* -ENOENT, -EBADMSG. ret_used_ms: when it was last touched. */
int session_file_read(int dir, const char *id, const char *token, struct session_secret *secret,
    uint64_t *ret_used_ms);
/* Removes files that nobody touched since. */
void session_files_sweep(int dir, uint64_t since_ms);

#endif
