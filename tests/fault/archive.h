/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An archive made by init itself, in this process, whose catalogue lies apart: it is SQLite's,
 * which writes past io.h. */
#ifndef FUMIKURA_TESTS_ARCHIVE_H
#define FUMIKURA_TESTS_ARCHIVE_H

#include "shadow.h"

#include "store/birth.h"
#include "store/call.h"

#define PASSWORD "asagao-no-tsuru-0"

static struct config *config;

struct place {
	struct scratch data, apart;
	char key[128];
};

static inline struct place
place_new(void)
{
	struct place p = {.data = scratch_new(), .apart = scratch_new()};

	snprintf(p.key, sizeof(p.key), "%s/master.key", p.apart.path);
	return p;
}

static inline void
place_end(struct place *p)
{
	scratch_end(&p->data);
	scratch_end(&p->apart);
}

static inline void
prepare(struct store *store, const struct scratch *data, const struct place *p)
{
	memset(store, 0, sizeof(*store));
	store->offline = true;
	store->config = config;
	assert_int_equal(store_prepare(store, data->path, p->key), 0);
	free(store->catalogue_path);
	assert_true(asprintf(&store->catalogue_path, "%s/catalogue.db", p->apart.path) > 0);
}

static inline void
release(struct store *store)
{
	store_close(store);
	close(store->data_dir);
	free(store->data_path);
	free(store->key_path);
	free(store->catalogue_path);
}

/* Returns what init returns, the code in ret_code. */
static struct store store; /* of the init under way, which may abort */

static inline int
init(const struct scratch *data, const struct place *p, char ret_code[32])
{
	static char text[4][32];
	struct call call = {.store = &store, .actor = {.user = "console"}, .role = ROLE_CONSOLE};
	int r;

	strcpy(text[0], "試験");
	strcpy(text[2], "admin");
	strcpy(text[3], PASSWORD);
	for (int i = 0; i < 4; i++)
		call.args[i] = (struct arg){.type = 's', .text = text[i]};
	prepare(&store, data, p);
	r = acts_init[0].run(&call);
	memcpy(ret_code, call.refusal.code, 32);
	assert_true(r < 0 || json_object_get(call.result, "recovery") != NULL);
	json_decref(call.result);
	release(&store);
	return r;
}

static int
archive_setup(void **state)
{
	const char *why;
	unsigned line;

	return config_parse("[store]\nmlock = no\n", 19, &config, &line, &why);
}

static int
archive_teardown(void **state)
{
	config_free(config);
	return 0;
}

#endif
