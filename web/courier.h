/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The courier room: store's bytes to the endpoints that the configuration names, and their answers
 * back. Contract: courier_bus.h. */
#ifndef FUMIKURA_COURIER_H
#define FUMIKURA_COURIER_H

/* The whole life of the process; what main() returns. */
int courier_run(int argc, char **argv);

#endif
