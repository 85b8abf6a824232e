/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * age files: against Debian's age in both directions, against the public vectors, against every
 * flipped bit and every truncation, and against the frozen files in tests/fixtures/age (P-10,
 * G72-08).
 */
#include "vault.h"

#include <dirent.h>
#include <time.h>

#include "store/age.h"
#include "store/canon.h"

#define FIXTURES "tests/fixtures/age/"

struct sink {
	uint8_t *data;
	size_t size, calls;
	int fail;
};

static int
collect(void *ctx, const void *data, size_t n)
{
	struct sink *sink = ctx;

	if (sink->fail)
		return -ENOSPC;
	sink->data = realloc(sink->data, sink->size + n + 1);
	memcpy(sink->data + sink->size, data, n);
	sink->size += n;
	sink->calls++;
	return 0;
}

static uint8_t *
pattern(size_t n)
{
	uint8_t *data = malloc(n + 1);

	for (size_t i = 0; i < n; i++)
		data[i] = (uint8_t)(i * 131 + (i >> 9));
	return data;
}

static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 1048576, 1048577, 3000000};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void
identities_as_text(void **state)
{
	struct age_identity id, again;
	char text[AGE_IDENTITY_TEXT], recipient[AGE_RECIPIENT_TEXT];
	uint8_t public[32];

	for (int i = 0; i < 50; i++) {
		assert_int_equal(age_identity_new(&id), 0);
		age_identity_format(&id, text);
		age_recipient_format(id.public, recipient);
		assert_int_equal(strlen(text), AGE_IDENTITY_TEXT - 1);
		assert_int_equal(strlen(recipient), AGE_RECIPIENT_TEXT - 1);
		assert_int_equal(age_identity_parse(text, &again), 0);
		assert_memory_equal(&id, &again, sizeof(id));
		assert_int_equal(age_recipient_parse(recipient, public), 0);
		assert_memory_equal(public, id.public, 32);
	}
	for (size_t i = 0; i < strlen(text); i++) { /* any one character changed */
		char altered[AGE_IDENTITY_TEXT];

		memcpy(altered, text, sizeof(altered));
		altered[i] = altered[i] == 'Q' ? 'P' : 'Q';
		assert_int_equal(age_identity_parse(altered, &again), -EINVAL);
		memcpy(altered, text, sizeof(altered));
		altered[i] = '\0';
		assert_int_equal(age_identity_parse(altered, &again), -EINVAL);
	}
	text[3] = '-';
	assert_int_equal(age_identity_parse(recipient, &again), -EINVAL);
	assert_int_equal(age_recipient_parse("", public), -EINVAL);
	assert_int_equal(age_recipient_parse("age1", public), -EINVAL);
}

static void
round_trips(void **state)
{
	struct age_identity ids[3], stranger;
	uint8_t recipients[3][32];

	assert_int_equal(age_identity_new(&stranger), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(age_identity_new(&ids[i]), 0);
		memcpy(recipients[i], ids[i].public, 32);
	}
	for (size_t i = 0; i < SIZES; i++) {
		struct sink sealed = {0}, opened = {0};
		uint8_t *plain = pattern(sizes[i]), *mem;
		size_t n;

		assert_int_equal(age_encrypt((const uint8_t(*)[32])recipients, 3, plain, sizes[i],
				     collect, &sealed),
		    0);
		for (int k = 0; k < 3; k++) {
			assert_int_equal(
			    age_decrypt_mem(&ids[k], sealed.data, sealed.size, &mem, &n), 0);
			assert_int_equal(n, sizes[i]);
			assert_memory_equal(mem, plain, n);
			assert_int_equal(mem[n], 0);
			secret_free(mem);
		}
		assert_int_equal(
		    age_decrypt(&ids[1], sealed.data, sealed.size, collect, &opened), 0);
		assert_int_equal(opened.size, sizes[i]);
		assert_memory_equal(opened.data, plain, sizes[i]);
		assert_int_equal(
		    age_decrypt_mem(&stranger, sealed.data, sealed.size, &mem, &n), -EKEYREJECTED);
		free(sealed.data);
		free(opened.data);
		free(plain);
	}
}

static void
refused_recipients_and_sinks(void **state)
{
	struct age_identity id;
	struct sink sink = {0};
	uint8_t zero[1][32] = {{0}}, many[5][32];

	assert_int_equal(age_identity_new(&id), 0);
	for (int i = 0; i < 5; i++)
		memcpy(many[i], id.public, 32);
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])zero, 1, "x", 1, collect, &sink), -EINVAL);
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])many, 0, "x", 1, collect, &sink), -EINVAL);
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])many, 5, "x", 1, collect, &sink), -EINVAL);
	assert_int_equal(sink.calls, 0);
	sink.fail = 1;
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])many, 1, "x", 1, collect, &sink), -ENOSPC);
}

/* Two chunks, so that the last one can be cut off whole. */
static void
every_alteration_is_found(void **state)
{
	struct age_identity id;
	struct sink sealed = {0};
	uint8_t *plain = pattern(65600), *mem, recipient[1][32];
	size_t n;

	assert_int_equal(age_identity_new(&id), 0);
	memcpy(recipient[0], id.public, 32);
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])recipient, 1, plain, 65600, collect, &sealed), 0);
	for (size_t i = 0; i<sealed.size; i += i> 400 && i < 65700 ? 997 : 1)
		for (int bit = 0; bit < 8; bit++) {
			int r;

			sealed.data[i] ^= (uint8_t)(1 << bit);
			r = age_decrypt_mem(&id, sealed.data, sealed.size, &mem, &n);
			assert_true(r == -EBADMSG || r == -EKEYREJECTED);
			sealed.data[i] ^= (uint8_t)(1 << bit);
		}
	for (size_t cut = 0; cut<sealed.size; cut += cut> 400 && cut < 65700 ? 499 : 1)
		assert_int_equal(age_decrypt_mem(&id, sealed.data, cut, &mem, &n), -EBADMSG);
	collect(&sealed, "", 1);
	assert_int_equal(age_decrypt_mem(&id, sealed.data, sealed.size, &mem, &n), -EBADMSG);
	free(sealed.data);
	free(plain);
}

/* The payload cut exactly behind its first chunk, and two chunks exchanged. */
static void
chunks_keep_their_places(void **state)
{
	const size_t chunk = 65536 + 16;
	struct age_identity id;
	struct sink sealed = {0};
	uint8_t *plain = pattern(3 * 65536), *mem, recipient[1][32], *payload;
	uint8_t *hold = malloc(chunk);
	size_t n;

	assert_int_equal(age_identity_new(&id), 0);
	memcpy(recipient[0], id.public, 32);
	assert_int_equal(
	    age_encrypt((const uint8_t(*)[32])recipient, 1, plain, 3 * 65536, collect, &sealed), 0);
	payload = sealed.data + sealed.size - 3 * chunk;
	for (int i = 1; i < 3; i++)
		assert_int_equal(
		    age_decrypt_mem(&id, sealed.data, sealed.size - (size_t)i * chunk, &mem, &n),
		    -EBADMSG);
	memcpy(hold, payload, chunk);
	memcpy(payload, payload + chunk, chunk);
	memcpy(payload + chunk, hold, chunk);
	assert_int_equal(age_decrypt_mem(&id, sealed.data, sealed.size, &mem, &n), -EBADMSG);
	free(hold);
	free(sealed.data);
	free(plain);
}

static void
debians_age_opens_ours_and_we_open_its(void **state)
{
	struct scratch s = scratch_new();
	struct age_identity id;
	char text[AGE_IDENTITY_TEXT + 1];
	uint8_t recipient[2][32], *file, *mem;
	size_t n, size;

	assert_int_equal(scratch_run(&s, "age-keygen -o theirs.key 2>/dev/null"), 0);
	assert_int_equal(age_identity_new(&id), 0);
	age_identity_format(&id, text);
	scratch_write(&s, "ours.key", text, strlen(text));
	age_recipient_format(id.public, text);
	scratch_write(&s, "ours.pub", text, strlen(text));
	memcpy(recipient[0], id.public, 32);
	random_bytes(recipient[1], 32);
	for (size_t i = 0; i < SIZES; i++) {
		struct sink sealed = {0};
		uint8_t *plain = pattern(sizes[i]);

		assert_int_equal(age_encrypt((const uint8_t(*)[32])recipient, 2, plain, sizes[i],
				     collect, &sealed),
		    0);
		scratch_write(&s, "ours.age", sealed.data, sealed.size);
		scratch_write(&s, "plain", plain, sizes[i]);
		assert_int_equal(scratch_run(&s, "age -d -i ours.key ours.age | cmp - plain"), 0);
		assert_int_equal(
		    scratch_run(&s, "age -r \"$(cat ours.pub)\""
				    " -r \"$(age-keygen -y theirs.key)\" -o theirs.age <plain"),
		    0);
		file = scratch_read(&s, "theirs.age", &size);
		assert_int_equal(age_decrypt_mem(&id, file, size, &mem, &n), 0);
		assert_int_equal(n, sizes[i]);
		assert_memory_equal(mem, plain, n);
		secret_free(mem);
		free(file);
		free(sealed.data);
		free(plain);
	}
	assert_int_equal(
	    scratch_run(&s, "test \"$(age-keygen -y ours.key)\" = \"$(cat ours.pub)\""), 0);
	scratch_end(&s);
}

/* Files written once, by this code and by age 1.1.1: they must open for ever. */
static void
frozen_files_open(void **state)
{
	static const char *const names[] = {"fumikura.age", "age-1.1.1.age"};
	struct age_identity id;
	uint8_t *key, *file, *mem;
	size_t n, size;

	assert_int_equal(io_read_file(AT_FDCWD, FIXTURES "identity", 200, &key, &n), 0);
	key[n - 1] = '\0';
	assert_int_equal(age_identity_parse((char *)key, &id), 0);
	for (size_t i = 0; i < 2; i++) {
		char path[100];

		snprintf(path, sizeof(path), FIXTURES "%s", names[i]);
		assert_int_equal(io_read_file(AT_FDCWD, path, 4096, &file, &size), 0);
		assert_int_equal(age_decrypt_mem(&id, file, size, &mem, &n), 0);
		assert_string_equal((char *)mem, "訪問介護計画書\n");
		secret_free(mem);
		free(file);
	}
	free(key);
}

/* ---- public vectors, exported by tests/unit/age_vectors.mjs ---- */

struct vector {
	char expect[40], payload[65], identity[100];
	int armored;
	const uint8_t *file;
	size_t size;
};

static void
take_field(struct vector *v, const char *line)
{
	if (sscanf(line, "expect: %39[^\n]", v->expect) == 1 ||
	    sscanf(line, "payload: %64s", v->payload) == 1 || v->identity[0] != '\0')
		return;
	sscanf(line, "identity: %99s", v->identity);
}

static void
parse_vector(const uint8_t *data, size_t n, struct vector *ret)
{
	const char *line = (const char *)data;

	memset(ret, 0, sizeof(*ret));
	while (*line != '\n') {
		take_field(ret, line);
		if (strncmp(line, "armored: yes", 12) == 0)
			ret->armored = 1;
		line = strchr(line, '\n') + 1;
	}
	ret->file = (const uint8_t *)line + 1;
	ret->size = n - (size_t)(ret->file - data);
}

static void
try_vector(const char *name, const struct vector *v)
{
	struct age_identity id;
	uint8_t *mem = NULL;
	char digest[65];
	size_t n;
	int ours = v->identity[0] != '\0' && !v->armored, r;

	if (!ours || age_identity_parse(v->identity, &id) < 0) {
		ours = 0; /* scrypt, hybrid keys, armor: refused, whatever they hold */
		assert_int_equal(age_identity_new(&id), 0);
	}
	r = age_decrypt_mem(&id, v->file, v->size, &mem, &n);
	if (ours && strcmp(v->expect, "success") == 0) {
		if (r != 0)
			fail_msg("%s: %d", name, r);
		canon_sha256(mem, n, digest);
		assert_string_equal(digest, v->payload);
		secret_free(mem);
		return;
	}
	if (r >= 0)
		fail_msg("%s: accepted", name);
	if (ours && r != (strcmp(v->expect, "no match") == 0 ? -EKEYREJECTED : -EBADMSG))
		fail_msg("%s: %s gives %d", name, v->expect, r);
}

static void
public_vectors(void **state)
{
	char path[512];
	const char *out = getenv("O");
	struct dirent *entry;
	struct vector v;
	uint8_t *data;
	size_t n, tried = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/tests/age-vectors", out != NULL ? out : "build");
	dir = opendir(path);
	if (dir == NULL) {
		print_message("# skip: npm package cctv-age was not to be had\n");
		skip();
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		assert_int_equal(
		    io_read_file(dirfd(dir), entry->d_name, (size_t)1 << 26, &data, &n), 0);
		data[n] = '\0';
		parse_vector(data, n, &v);
		try_vector(entry->d_name, &v);
		free(data);
		tried++;
	}
	closedir(dir);
	assert_true(tried > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(identities_as_text),
	    cmocka_unit_test(round_trips),
	    cmocka_unit_test(refused_recipients_and_sinks),
	    cmocka_unit_test(every_alteration_is_found),
	    cmocka_unit_test(chunks_keep_their_places),
	    cmocka_unit_test(debians_age_opens_ours_and_we_open_its),
	    cmocka_unit_test(frozen_files_open),
	    cmocka_unit_test(public_vectors),
	};

	secret_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
