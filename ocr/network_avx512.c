/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops of a network on AVX-512 with VNNI, which adds four products at once. */
#ifdef __x86_64__
#include <immintrin.h>
#include <stdint.h>

#define TARGET "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni"
#define INLINE static inline __attribute__((always_inline, target(TARGET)))
#define LANES 16
#define ASIDE 4
#define LOOPS network_avx512
#define NAME "AVX-512 VNNI"
#define ZERO 128 /* its bytes of input have no sign: what that adds is taken off the bias */

typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));

INLINE vi
four(vi sum, vi bytes, vi w)
{
	return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)bytes, (__m512i)w);
}

INLINE void
pairs(const float *table, vi i, vf *a, vf *b)
{
	const __m512i at = (__m512i)i;
	const __m512 low = (__m512)_mm512_i32gather_pd(_mm512_castsi512_si256(at), table, 4),
		     high = (__m512)_mm512_i32gather_pd(_mm512_extracti64x4_epi64(at, 1), table, 4);
	const __m512i even = _mm512_setr_epi32(
			  0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
		      odd = _mm512_setr_epi32(
			  1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);

	*a = (vf)_mm512_permutex2var_ps(low, even, high);
	*b = (vf)_mm512_permutex2var_ps(low, odd, high);
}

#include "ocr/network_loops.h"
#endif
