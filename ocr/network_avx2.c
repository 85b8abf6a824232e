/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of a network on AVX2: any processor of an office computer since about 2015. */
#ifdef __x86_64__
#include <immintrin.h>
#include <stdint.h>

#define TARGET "avx2"
#define INLINE static inline __attribute__((always_inline, target(TARGET)))
#define LANES 8
#define ASIDE 2
#define LOOPS network_avx2
#define NAME "AVX2"
#define ZERO 0

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));

/* The sign of the input goes to the weight: the instruction knows one side without sign. Two
 * products are 32,258 at most, and fit. */
INLINE vi
four(vi sum, vi bytes, vi w)
{
	const __m256i two = _mm256_maddubs_epi16(
	    _mm256_abs_epi8((__m256i)bytes), _mm256_sign_epi8((__m256i)w, (__m256i)bytes));

	return sum + (vi)_mm256_madd_epi16(two, _mm256_set1_epi16(1));
}

INLINE void
pairs(const float *table, vi i, vf *a, vf *b)
{
	const __m256i at = (__m256i)i;
	const __m256 low = (__m256)_mm256_i32gather_pd(
			 (const double *)table, _mm256_castsi256_si128(at), 4),
		     high = (__m256)_mm256_i32gather_pd(
			 (const double *)table, _mm256_extracti128_si256(at, 1), 4);
	const __m256d even = (__m256d)_mm256_shuffle_ps(low, high, 0x88),
		      odd = (__m256d)_mm256_shuffle_ps(low, high, 0xdd);

	*a = (vf)_mm256_permute4x64_pd(even, 0xd8);
	*b = (vf)_mm256_permute4x64_pd(odd, 0xd8);
}

#include "ocr/network_loops.h"
#endif
