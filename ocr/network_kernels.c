/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which loops (network_kernels.h) this processor can run. */
#include <stddef.h>

#include "ocr/network_kernels.h"

const struct network_kernels *
network_kernels_best(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq"))
		return &network_avx512;
	if (__builtin_cpu_supports("avx2"))
		return &network_avx2;
#endif
	return NULL;
}
