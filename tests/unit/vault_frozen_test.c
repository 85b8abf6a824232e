/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tests/fixtures/vault-1: keys, one object and a log with one closed and one growing segment,
 * written once by format version 1 of each. A change that cannot read them is a change of format
 * and needs a new version beside the old one (rule 8).
 */
#include "vault.h"

#include "store/eventlog.h"
#include "store/objects.h"
#include "text.h"

#define RING "dd197871b8fa9355b82d7f97d518d0a787bdf348fa7cf1930d697dd14fc15fe8"
#define OBJECT "fdc1bb83a3efdf87890a8ded264f3f4164ec009defa569f20cc5e77ee3244908"
#define ROOT "589134220b274a20710bddd248119571037c2b73737499a7e537babf727f8f0c"
#define VERIFIER "fixture.example/log+e3b41d1c+AaEODej0ZOlxgNjbjAKwbuUC5IA1rMTEK5Wo6zDpxPCy"
#define RECOVERY "AGE-SECRET-KEY-1U26WMXJ9PTYJD760S6CF5CU3HMMHQMT68GFE69HQD4ZLYTDH4YHQ8ND2V6"

static int
expect_event(void *ctx, const struct event_frame *event)
{
	char text[64];

	snprintf(text, sizeof(text), "{\"n\":%d,\"text\":\"記録\"}", (int)event->index);
	assert_string_equal(event->json, text);
	++*(int *)ctx;
	return 0;
}

static void
no_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	fail_msg("%s %s", code, where);
}

static void
expect_object(struct scratch *s, struct keys *keys)
{
	struct objects *objects;
	struct age_identity id;
	uint8_t *page;
	size_t n;

	assert_int_equal(keys_ring_identity(keys, "B000001", RING, 3, &id), 0);
	assert_int_equal(objects_open(s->fd, &objects), 0);
	assert_int_equal(objects_get(objects, OBJECT, &id, &page, &n), 0);
	assert_string_equal((char *)page, "page\n");
	secret_free(page);
	objects_free(objects);
}

static void
expect_log(struct scratch *s, struct keys *keys)
{
	struct eventlog *log;
	uint8_t root[32];
	char hex[65];
	int events = 0;

	assert_int_equal(eventlog_check(s->fd, keys, NULL, no_fault, NULL), 9);
	assert_int_equal(eventlog_open(s->fd, keys, 0, expect_event, &events, NULL, &log), 0);
	assert_int_equal(events, 9);
	assert_int_equal(eventlog_root(log, 9, root), 0);
	hex_encode(root, 32, hex);
	assert_string_equal(hex, ROOT);
	assert_string_equal(eventlog_verifier(log), VERIFIER);
	eventlog_free(log);
}

static void
version_1_opens(void **state)
{
	struct scratch s = scratch_new();
	struct keys *keys;
	char command[256], master[128];

	snprintf(command, sizeof(command), "cp -r tests/fixtures/vault-1/. %s/", s.path);
	assert_int_equal(system(command), 0);
	snprintf(master, sizeof(master), "%s/master", s.path);
	assert_int_equal(keys_open(s.fd, master, &keys), 0);
	expect_object(&s, keys);
	expect_log(&s, keys);
	keys_free(keys);
	scratch_end(&s);
}

/* Leaves of the closed segment, from the definition in eventlog.h, with stock tools only. */
static const char stock_leaves[] =
    "age -d -i recovery log/events/0000000000.age >text || exit 1\n"
    "leaf() {\n"
    "  line=$(sed -n \"$(($1 + 2))p\" text)\n"
    "  salt=$(echo \"$line\" | cut -d' ' -f2); json=$(echo \"$line\" | cut -d' ' -f3-)\n"
    "  { printf '\\0'; printf 'fumikura/event/v1\\0%s' \"$json\" |\n"
    "    openssl dgst -sha256 -mac HMAC -macopt hexkey:$salt -binary; } |\n"
    "    openssl dgst -sha256 -r | cut -d' ' -f1\n"
    "}\n"
    "for i in 0 1 2 3 4; do leaf $i; done >leaves; test $(wc -l <leaves) = 5";

/* Line i of 64 hexadecimal digits. */
static void
read_leaf(const uint8_t *text, int i, uint8_t out[32])
{
	char hex[65] = "";

	memcpy(hex, text + (ptrdiff_t)65 * i, 64);
	assert_int_equal(hex_decode(hex, out, 32), 0);
}

static int
expect_leaf(void *ctx, const struct event_frame *event)
{
	uint8_t leaf[32];

	read_leaf(ctx, (int)event->index, leaf);
	assert_memory_equal(leaf, event->leaf, 32);
	return 0;
}

static void
stock_tools_recompute_the_leaves(void **state)
{
	struct scratch s = scratch_new();
	struct eventlog *log;
	struct keys *keys;
	char command[128], master[128];
	uint8_t *text;
	size_t n;

	snprintf(command, sizeof(command), "cp -r tests/fixtures/vault-1/. %s/", s.path);
	assert_int_equal(system(command), 0);
	scratch_write(&s, "recovery", RECOVERY, strlen(RECOVERY));
	assert_int_equal(scratch_run(&s, stock_leaves), 0);
	text = scratch_read(&s, "leaves", &n);
	assert_int_equal(n, 5 * 65);
	snprintf(master, sizeof(master), "%s/master", s.path);
	assert_int_equal(keys_open(s.fd, master, &keys), 0);
	assert_int_equal(eventlog_open(s.fd, keys, 0, NULL, NULL, NULL, &log), 0);
	assert_int_equal(eventlog_read(log, 0, 5, expect_leaf, text), 0);
	eventlog_free(log);
	keys_free(keys);
	free(text);
	scratch_end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(version_1_opens),
	    cmocka_unit_test(stock_tools_recompute_the_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
