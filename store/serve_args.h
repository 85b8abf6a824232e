/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments of a Store1 call, read by signature with every limit checked. */
#ifndef FUMIKURA_STORE_SERVE_ARGS_H
#define FUMIKURA_STORE_SERVE_ARGS_H

#include <systemd/sd-bus.h>

#include "call.h"

/*
 * Reads exactly the signature's arguments ("ssash"); texts must be UTF-8 of at most STORE_MAX_TEXT
 * bytes (sd-bus has checked UTF-8), arrays of at most CALL_MAX_LIST entries. -E2BIG, -EINVAL. args
 * are owned by the caller in any case (arg_clear).
 */
int args_read(sd_bus_message *message, const char *signature, struct arg args[CALL_MAX_ARGS],
    unsigned *ret_n);
void arg_clear(struct arg *arg);

#endif
