/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays seeds and fixed alterations of them through a fuzz target, in every `make test`. */
#ifndef FUMIKURA_TESTS_VAULT_REPLAY_H
#define FUMIKURA_TESTS_VAULT_REPLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "store/io.h"

/* One seed with its leading choice byte: as it is, then with bytes changed, cut and repeated. */
static inline void
replay(uint8_t choice, const void *seed, size_t n, unsigned rounds)
{
	uint8_t *input;
	unsigned random = 1;

	if (n == 0 || n > (size_t)1 << 20)
		return;
	input = malloc(2 * n + 2);
	for (unsigned round = 0; round <= rounds; round++) {
		size_t size = n + 1;

		input[0] = choice;
		memcpy(input + 1, seed, n);
		for (unsigned i = 0; round > 0 && i <= round % 3 && n > 0; i++) {
			random = random * 1103515245u + 12345u;
			input[1 + (random >> 8) % n] ^= (uint8_t)(1u << (random >> 4) % 8);
		}
		if (round % 5 == 4)
			size = 1 + (random >> 9) % n;
		if (round % 7 == 6) {
			memcpy(input + size, input + 1, size - 1);
			size += size - 1;
		}
		LLVMFuzzerTestOneInput(input, size);
	}
	free(input);
}

static inline void
replay_file(uint8_t choice, const char *path, unsigned rounds)
{
	uint8_t *seed = NULL;
	size_t n = 0;

	assert_int_equal(io_read_file(AT_FDCWD, path, 1 << 20, &seed, &n), 0);
	assert_in_range(n, 1, 1 << 20);
	replay(choice, seed, n, rounds);
	free(seed);
}

#endif
