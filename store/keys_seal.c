/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is locked with the keys of the archive: encrypted to master + recovery, opened with the
 * master. Knows no file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "keys_internal.h"

struct sealed {
	uint8_t *data;
	size_t size, room;
};

static int
sealed_sink(void *ctx, const void *data, size_t n)
{
	struct sealed *sealed = ctx;
	size_t need = sealed->size + n;

	if (need > sealed->room) {
		size_t room = need > sealed->room * 2 ? need : sealed->room * 2;
		uint8_t *grown = realloc(sealed->data, room);

		if (grown == NULL)
			return -ENOMEM;
		sealed->data = grown;
		sealed->room = room;
	}
	memcpy(sealed->data + sealed->size, data, n);
	sealed->size = need;
	return 0;
}

int
keys_seal(const struct keys *keys, const void *plain, size_t n, uint8_t **ret, size_t *ret_size)
{
	struct sealed sealed = {0};
	int r = age_encrypt(keys->recipients, 2, plain, n, sealed_sink, &sealed);

	if (r < 0) {
		free(sealed.data);
		return r;
	}
	*ret = sealed.data;
	*ret_size = sealed.size;
	return 0;
}

int
keys_unseal(const struct keys *keys, const void *file, size_t n, uint8_t **ret, size_t *ret_size)
{
	return age_decrypt_mem(keys->master, file, n, ret, ret_size);
}
