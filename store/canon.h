/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 8785 canonical JSON, for everything that is hashed or signed. Integers only (|n| < 2^53); a
 * real number is refused: nothing we sign needs one. */
#ifndef FUMIKURA_STORE_CANON_H
#define FUMIKURA_STORE_CANON_H

#include <jansson.h>
#include <stddef.h>

/* Caller frees ret_text (NUL-terminated, ret_size without it). -EINVAL for reals, -ERANGE for large
 * integers, -ELOOP deeper than 32. */
int canon_dump(const json_t *json, char **ret_text, size_t *ret_size);
/* Lower-case hex SHA-256 of n bytes. */
void canon_sha256(const void *data, size_t n, char out[65]);

#endif
