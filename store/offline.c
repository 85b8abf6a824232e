/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, doctor and rebuild on an archive that no box serves. Serves one link from the command line
 * that started it, in the same fence as the room. */
#include "offline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "call.h"
#include "link.h"
#include "log.h"
#include "sandbox.h"
#include "serve.h"

#define OFFLINE_FD 3
#define OFFLINE_THREADS 2

static void
link_closed(sd_bus *bus, void *userdata)
{
	sd_event_exit(userdata, 0);
}

/* The two settings that an archive without a box has. */
static int
make_config(const char *data, const char *key_file, struct config **ret)
{
	_cleanup_(config_freep) struct config *config = NULL;
	_cleanup_(freep) char *set_data = NULL, *set_key = NULL;
	const char *why;
	unsigned line;
	int r;

	if (asprintf(&set_data, "archive.data=%s", data) < 0 ||
	    asprintf(&set_key, "store.master_key_file=%s", key_file) < 0)
		return -ENOMEM;
	r = config_parse("", 0, &config, &line, &why);
	if (r >= 0)
		r = config_set(config, set_data);
	if (r >= 0)
		r = config_set(config, set_key);
	if (r >= 0)
		*ret = TAKE_PTR(config);
	return r;
}

static int
serve(struct store *store, sd_event *event)
{
	struct link_options options = {
	    .server = true, .allow = serve_allow, .closed = link_closed, .userdata = event};
	sd_bus *bus = NULL;
	int r;

	r = mainloop_new(event, &store->loop);
	if (r >= 0)
		r = pool_new(store->loop, OFFLINE_THREADS, OFFLINE_THREADS, &store->calls);
	if (r >= 0)
		r = link_new(event, OFFLINE_FD, &options, &bus);
	if (r >= 0)
		r = serve_begin(store, bus, true, false);
	return r < 0 ? r : sd_event_loop(event);
}

static const char *
option(int argc, char **argv, const char *name)
{
	for (int i = 2; i + 1 < argc; i += 2)
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	return NULL;
}

/* An absolute path, so that the fence and the messages mean the same file. */
static char *
absolute(const char *path)
{
	char *whole = NULL, *cwd;

	if (path[0] == '/')
		return strdup(path);
	cwd = get_current_dir_name();
	if (cwd == NULL || asprintf(&whole, "%s/%s", cwd, path) < 0)
		whole = NULL;
	free(cwd);
	return whole;
}

int
offline_main(int argc, char **argv)
{
	struct store store = {.data_dir = -1, .offline = true};
	const char *data_option = option(argc, argv, "--data"),
		   *key_option = option(argc, argv, "--key-file");
	_cleanup_(freep) char *data = NULL, *key = NULL;
	_cleanup_(config_freep) struct config *config = NULL;
	sd_event *event = NULL;
	int r;

	log_open("store");
	umask(0077);
	if (data_option == NULL) {
		log_error("usage: store --offline --data DIR [--key-file FILE]");
		return 2;
	}
	data = absolute(data_option);
	if (data == NULL || (mkdir(data, 0700) < 0 && errno != EEXIST)) {
		log_errno(-errno, "offline: data directory");
		return EXIT_FAILURE;
	}
	if (key_option != NULL)
		key = absolute(key_option);
	else if (asprintf(&key, "%s.key", data) < 0)
		key = NULL;
	r = key == NULL ? -ENOMEM : store_prepare(&store, data, key);
	if (r >= 0)
		r = make_config(data, key, &config);
	store.config = config;
	if (r >= 0)
		r = sandbox_enter("store", config);
	if (r >= 0)
		r = sd_event_default(&event);
	if (r >= 0)
		r = serve(&store, event);
	if (r < 0)
		log_errno(r, "offline");
	_exit(r < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}
