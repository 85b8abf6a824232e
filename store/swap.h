/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether what is in memory could come to lie on a disk in plain (architecture §4 rule 2, P-01). */
#ifndef FUMIKURA_STORE_SWAP_H
#define FUMIKURA_STORE_SWAP_H

enum swap {
	SWAP_NONE,      /* there is none, or it is memory itself (zram) */
	SWAP_CLOSED,    /* this service may not be swapped out (MemorySwapMax=0) */
	SWAP_ENCRYPTED, /* all of it on encrypted devices */
	SWAP_PLAIN,     /* a part of it is not known to be encrypted */
};

/* Reads /proc and /sys below root; before the fence, which gives neither whole. Negative errno when
 * nothing can be said. */
int swap_look(int root);
const char *swap_name(enum swap swap);

#endif
