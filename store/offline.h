/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `store --offline`: the archive without a box, for one console link. */
#ifndef FUMIKURA_STORE_OFFLINE_H
#define FUMIKURA_STORE_OFFLINE_H

#include "store.h"

/* Serves Store1 on descriptor 3 until it closes; returns the exit code. The archive is opened only
 * when it is asked for something that needs it to be open, so that doctor can look at a damaged
 * one. */
int offline_main(int argc, char **argv);

#endif
