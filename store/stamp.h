/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Timestamps for confirmed records (RFC 3161 over the signature value; G91-11). One thread works
 * through what waits, oldest first, through courier. No authority reachable: records stay
 * 確定（時刻印待ち）, nobody waits, and it completes by itself.
 */
#ifndef FUMIKURA_STORE_STAMP_H
#define FUMIKURA_STORE_STAMP_H

#include "store.h"

int stamper_new(struct store *store, struct stamper **ret);

#endif
