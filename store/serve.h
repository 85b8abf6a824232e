/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Store1 on a link: who calls is the link (web, a local command line, or the console on it). Main
 * thread only. */
#ifndef FUMIKURA_STORE_SERVE_H
#define FUMIKURA_STORE_SERVE_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "store.h"

/* Adds Store1 to the bus, for the bus's life. console: the peer is root or our own user, so that
 * the token "" is the console's. web: many people's link, with a larger share of calls at once. */
int serve_begin(struct store *store, sd_bus *bus, bool console, bool web);

/* "interface.Member" of every Store1 method, NULL-terminated: the white list of such links (web's
 * also has SignWebKey). */
extern const char *const serve_allow[];
extern const char *const serve_allow_web[];

#endif
