/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters a page came with: scanner_bus.h's list, checked; and one sealed page. */
#ifndef FUMIKURA_STORE_INTAKE_PARAMS_H
#define FUMIKURA_STORE_INTAKE_PARAMS_H

#include <jansson.h>
#include <systemd/sd-bus.h>

/* Reads a{ss}: unknown keys are refused, numbers are numbers, digests are digests. raw_sha256,
 * width and height must be there. -EINVAL, -E2BIG. */
int params_read(sd_bus_message *message, json_t **ret);

#endif
