/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bus messages of this room, to and from plain structs. */
#ifndef FUMIKURA_SCANNER_MESSAGE_H
#define FUMIKURA_SCANNER_MESSAGE_H

#include <systemd/sd-bus.h>

#include "scanner_worker.h"

/* Checks and fills the arguments of Scanner1.Scan; -EINVAL with the constant name of the bad one.
 */
int message_read_scan(sd_bus_message *m, struct scan_request *ret, const char **ret_why);
/* Answers Scanner1.Devices, feeders first: the first device is the default. */
int message_answer_devices(sd_bus_message *call, const struct device_list *list);

#endif
