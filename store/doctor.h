/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The oracle: reads every file under keys/, log/ and objects/ and the catalogue whole, changes
 * nothing, and names each damage. It replays the whole log into a fresh catalogue in memory: what
 * is on the disk must say the same, every object that any event named must be there, open, and have
 * the digest that was recorded (conventions, Tests (a) to (e)).
 */
#ifndef FUMIKURA_STORE_DOCTOR_H
#define FUMIKURA_STORE_DOCTOR_H

#include "fault.h"
#include "store.h"

struct examined {
	uint64_t events, objects, orphans, key_files;
};

/* store needs data_dir, key_path and catalogue_path; with a running writer it stands still
 * meanwhile. Negative only when nothing could be looked at. */
int doctor_examine(struct store *store, struct examined *ret, struct faults *faults);

#endif
