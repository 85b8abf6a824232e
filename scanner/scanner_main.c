/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scanner: paper in. Wires SANE's search paths, the sandbox, the worker and the link to store; does
 * nothing else. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "scanner_serve.h"

/* SANE takes its paths from the environment; what the configuration says goes before what was
 * inherited. */
static int
set_paths(const struct config *config)
{
	const char *conf = config_get(config, "scanner", "sane_config_dir");
	const char *libs = config_get(config, "scanner", "sane_library_path");

	if (conf != NULL && *conf != '\0' && setenv("SANE_CONFIG_DIR", conf, 1) < 0)
		return -ENOMEM;
	if (libs != NULL && *libs != '\0' && setenv("LD_LIBRARY_PATH", libs, 1) < 0)
		return -ENOMEM;
	return 0;
}

static int
run(int argc, char **argv)
{
	_cleanup_(serve_freep) struct serve *serve = NULL;
	_cleanup_(room_freep) struct room *room = NULL; /* freed first: its links report to serve */
	struct room_spec spec = {.name = "scanner", .links = serve_links, .stop = serve_stop};
	int r;

	r = serve_new(&serve);
	if (r < 0)
		return r;
	r = room_new(argc, argv, &spec, serve, &room);
	if (r < 0)
		return r;
	r = set_paths(room_config(room));
	if (r < 0)
		return log_errno(r, "cannot set SANE's paths");
	r = room_lock(room);
	if (r < 0)
		return r;
	r = serve_start(serve, room);
	if (r < 0)
		return log_errno(r, "cannot start the worker");
	r = room_run(room);
	if (serve_hung(serve))
		_exit(EXIT_FAILURE); /* the worker sits in the device and can never be joined */
	return r;
}

int
main(int argc, char **argv)
{
	return run(argc, argv) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
