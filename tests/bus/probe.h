/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Things a room might try. Each attempt runs in a process of its own, inside the fence under test.
 * "Refused" means that the fence said no (EPERM, EACCES, ENOSYS); any other outcome, also another
 * error, means that the attempt got through to what it aimed at.
 */
#ifndef FUMIKURA_PROBE_H
#define FUMIKURA_PROBE_H

#include <stdbool.h>

/* What the attempts aim at; made by the test before any fence is entered. */
struct probe_world {
	char dir[64];      /* private directory of the test */
	char outside[128]; /* a file in it that no row names */
	char absent[128];  /* no such file; its directory is in no row */
	char data[128];    /* archive.data, with a file "inside" */
	char key[128];     /* store.master_key_file */
	char sane[128];    /* scanner.sane_config_dir, with a file "inside" */
	char socket[96];   /* a listening unix socket */
	int tcp_port;      /* a listening loopback port */
	int listener;      /* a listening socket that is inherited, with a caller waiting */
};

struct probe {
	const char *name;
	/* Returns 0 when it succeeded, else -errno. */
	int (*attempt)(const struct probe_world *w);
};

#define PROBE(attempt)                                                                             \
	{                                                                                          \
#attempt, attempt                                                                  \
	}
extern const struct probe probe_files[], probe_calls[]; /* end with .name == NULL */

/* What an attempt returns after a call that sets errno. */
int probe_result(long r);
/* True when an attempt's outcome means that the fence refused it. */
bool probe_refused(int outcome);

#endif
