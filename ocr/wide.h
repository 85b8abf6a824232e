/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over pixels, of which a processor does many at a time. */
#ifndef FUMIKURA_OCR_WIDE_H
#define FUMIKURA_OCR_WIDE_H

/*
 * WIDE marks functions that are compiled twice, for processors with AVX2 and for all others; which
 * one runs is chosen when the program starts. Their files are compiled with -O3 (Makefile).
 */
#if defined(__x86_64__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#endif
