/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 in plain C and with x86 SHA instructions. Knows bytes only: no files, no descriptors. */
#include "sha256.h"

#include <string.h>

#include "text.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

static const uint32_t initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static const uint32_t round_constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
    0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
store_be32(uint8_t *p, uint32_t x)
{
	p[0] = (uint8_t)(x >> 24);
	p[1] = (uint8_t)(x >> 16);
	p[2] = (uint8_t)(x >> 8);
	p[3] = (uint8_t)x;
}

static void
expand(uint32_t w[64], const uint8_t *data)
{
	for (unsigned i = 0; i < 16; i++)
		w[i] = load_be32(data + 4 * (size_t)i);
	for (unsigned i = 16; i < 64; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* One round; the caller turns the eight working variables instead of moving them. */
static inline void
one_round(uint32_t v[8], unsigned i, uint32_t w)
{
	uint32_t *d = &v[(3 - i) % 8], *h = &v[(7 - i) % 8];
	uint32_t a = v[(0 - i) % 8], b = v[(1 - i) % 8], c = v[(2 - i) % 8];
	uint32_t e = v[(4 - i) % 8], f = v[(5 - i) % 8], g = v[(6 - i) % 8];
	uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
	uint32_t t1 = *h + s1 + ((e & f) ^ (~e & g)) + round_constants[i] + w;
	uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);

	*d += t1;
	*h = t1 + s0 + ((a & b) ^ (a & c) ^ (b & c));
}

static void
compress_portable(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	for (; blocks > 0; blocks--, data += 64) {
		uint32_t w[64], v[8];

		expand(w, data);
		memcpy(v, state, sizeof v);
#pragma GCC unroll 64
		for (unsigned i = 0; i < 64; i++)
			one_round(v, i, w[i]);
		for (unsigned i = 0; i < 8; i++)
			state[i] += v[i];
	}
}

#if defined(__x86_64__)
/*
 * The SHA instructions keep the state as two vectors, {A,B,E,F} and {C,D,G,H} from high to low, and
 * do two rounds a step. The message schedule lives in four vectors of four words; m[i % 4] is
 * replaced by the words 16 places further on as rounds pass.
 */
__attribute__((target("sha,sse4.1,ssse3"))) static void
compress_x86(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i dcba = _mm_loadu_si128((const __m128i *)state);
	__m128i hgfe = _mm_loadu_si128((const __m128i *)(state + 4));
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
	__m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);

	for (; blocks > 0; blocks--, data += 64) {
		__m128i abef0 = abef, cdgh0 = cdgh, m[4];

		for (unsigned i = 0; i < 4; i++)
			m[i] = _mm_shuffle_epi8(
			    _mm_loadu_si128((const __m128i *)(data + 16 * (size_t)i)), swap);
#pragma GCC unroll 16
		for (unsigned i = 0; i < 16; i++) {
			__m128i k = _mm_loadu_si128((const __m128i *)(round_constants + 4 * i));
			__m128i wk = _mm_add_epi32(m[i % 4], k);

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, wk);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(wk, 0x0e));
			if (i < 12) {
				__m128i last = m[(i + 3) % 4], before = m[(i + 2) % 4];
				__m128i next = _mm_sha256msg1_epu32(m[i % 4], m[(i + 1) % 4]);

				next = _mm_add_epi32(next, _mm_alignr_epi8(last, before, 4));
				m[i % 4] = _mm_sha256msg2_epu32(next, last);
			}
		}
		abef = _mm_add_epi32(abef, abef0);
		cdgh = _mm_add_epi32(cdgh, cdgh0);
	}
	__m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static int
cpu_has_sha(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
		return 0;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}
#endif

void
sha256_init_portable(struct sha256 *hash)
{
	memcpy(hash->state, initial, sizeof hash->state);
	hash->bytes = 0;
	hash->compress = compress_portable;
}

void
sha256_init(struct sha256 *hash)
{
	sha256_init_portable(hash);
#if defined(__x86_64__)
	if (cpu_has_sha())
		hash->compress = compress_x86;
#endif
}

void
sha256_update(struct sha256 *hash, const void *data, size_t size)
{
	const uint8_t *p = data;
	size_t held = hash->bytes % sizeof hash->block;

	if (size == 0)
		return;
	hash->bytes += size;
	if (held > 0) {
		size_t n = sizeof hash->block - held;

		if (n > size)
			n = size;
		memcpy(hash->block + held, p, n);
		p += n;
		size -= n;
		if (held + n < sizeof hash->block)
			return;
		hash->compress(hash->state, hash->block, 1);
	}
	if (size >= sizeof hash->block)
		hash->compress(hash->state, p, size / sizeof hash->block);
	if (size % sizeof hash->block > 0)
		memcpy(hash->block, p + size / 64 * 64, size % 64);
}

void
sha256_final(struct sha256 *hash, uint8_t ret_digest[SHA256_SIZE])
{
	static const uint8_t padding[64] = {0x80};
	uint64_t bits = hash->bytes * 8;
	size_t held = hash->bytes % 64;
	uint8_t length[8];

	store_be32(length, (uint32_t)(bits >> 32));
	store_be32(length + 4, (uint32_t)bits);
	sha256_update(hash, padding, held < 56 ? 56 - held : 120 - held);
	sha256_update(hash, length, sizeof length);
	for (unsigned i = 0; i < 8; i++)
		store_be32(ret_digest + 4 * (size_t)i, hash->state[i]);
}

void
sha256_hex(const void *data, size_t size, char ret_hex[SHA256_HEX_SIZE])
{
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE];

	sha256_init(&hash);
	sha256_update(&hash, data, size);
	sha256_final(&hash, digest);
	hex_encode(digest, sizeof digest, ret_hex);
}
