/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people type, what recognition says, and what lies in the catalogue as packed boxes. The
 * first byte chooses. A query is run against a real index: whatever is typed, the answer is a
 * result or one of the errors of the contract, never an error of SQL. A recognition result is filed
 * as a page.read event would.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/catalogue.h"
#include "store/search.h"
#include "store/secret.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *result;
static size_t result_size;

static int
give_result(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	*ret = secret_new(result_size + 1);
	memcpy(*ret, result, result_size);
	*ret_size = result_size;
	return 0;
}

static int
apply(struct catalogue *cat, const char *json)
{
	struct event_frame frame = {
	    .index = catalogue_next_event(cat), .json = json, .size = strlen(json)};

	return catalogue_apply(cat, &frame);
}

#define COMMON "\"v\":1,\"actor\":\"x\",\"at\":\"2026-11-22T10:00:00.000Z\""
#define ZEROS "000000000000000000000000000000000000000000000000000000000000000"

static const char *const beginning[] = {
    "{" COMMON ",\"type\":\"batch.open\",\"batch\":\"B000001\",\"source\":\"scan\",\"device\":\"\","
	       "\"profile\":\"\",\"ring\":{\"sha256\":\"" ZEROS "1\",\"count\":64}}",
    "{" COMMON ",\"type\":\"page.add\",\"batch\":\"B000001\",\"page\":\"P00000001\",\"seq\":1,"
	       "\"key\":0,\"object\":{\"id\":\"" ZEROS "1\",\"size\":9},\"tiff_sha256\":\"" ZEROS
    "1\",\"tiff_size\":9,\"raw_sha256\":\"" ZEROS "1\",\"params\":{\"width\":100,\"height\":100}}",
    "{" COMMON ",\"type\":\"batch.end\",\"batch\":\"B000001\",\"code\":\"ok\",\"message_ja\":\"\","
	       "\"message_en\":\"\",\"documents\":[{\"document\":"
    "\"D000001\",\"pages\":[\"P00000001\"],\"new\":true}]}",
};
#define READ_EVENT(n)                                                                              \
	"{" COMMON ",\"type\":\"page.read\",\"page\":\"P00000001\",\"key\":0,\"reading\":{"        \
	"\"rotation\":0,\"width\":100,\"height\":100,\"dpi\":300},\"result\":{\"id\":\"" ZEROS n   \
	"\",\"size\":9},\"result_sha256\":\"" ZEROS n "\"}"
static const char first_result[] = "{\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":9,"
				   "\"text\":\"訪問 \\\"A*\",\"boxes\":[1,1,1,1,1,1,1,1,"
				   "0,0,0,0,1,1,1,1,1,1,1,1,1,1,1,1]}]}";

static struct catalogue *
office(void)
{
	static const struct catalogue_sources sources = {give_result, NULL};
	static struct catalogue *cat;
	char path[] = "/tmp/fumikura-fuzz-XXXXXX";

	if (cat != NULL)
		return cat;
	if (secret_init() < 0 || mkdtemp(path) == NULL || chdir(path) < 0 ||
	    catalogue_open("catalogue.db", 'w', &sources, &cat) < 0)
		abort();
	for (size_t i = 0; i < sizeof(beginning) / sizeof(beginning[0]); i++)
		if (apply(cat, beginning[i]) < 0)
			abort();
	result = (const uint8_t *)first_result;
	result_size = strlen(first_result);
	if (apply(cat, READ_EVENT("2")) < 0 || catalogue_begin(cat) < 0)
		abort();
	return cat;
}

static void
type_query(const uint8_t *data, size_t size)
{
	_cleanup_(freep) char *query = strndup((const char *)data, size);
	json_t *found = NULL;
	const int r = catalogue_search(office(), query, 20, 0, &found);

	json_decref(found);
	if (r != 0 && r != -EINVAL && r != -E2BIG && r != -EILSEQ)
		abort();
}

static void
file_result(const uint8_t *data, size_t size)
{
	struct catalogue *cat = office();
	int r;

	result = data;
	result_size = size;
	catalogue_savepoint(cat);
	r = apply(cat, READ_EVENT("3"));
	catalogue_rollback_to(cat);
	catalogue_release(cat);
	if (r != 0 && r != -EINVAL)
		abort();
}

static void
unpack(const uint8_t *data, size_t size)
{
	struct box *boxes;

	if (size > 0 && box_unpack(data + 1, size - 1, data[0], &boxes) == 0)
		free(boxes);
}

static void
fold(const uint8_t *data, size_t size)
{
	_cleanup_(folded_free) struct folded folded = {0};

	if (search_fold((const char *)data, size, &folded) < 0)
		return;
	for (size_t i = 0; i < folded.n; i++)
		if (folded.chars[i].start >= folded.chars[i].end || folded.chars[i].end > size)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		type_query(data + 1, size - 1);
		break;
	case 1:
		file_result(data + 1, size - 1);
		break;
	case 2:
		unpack(data + 1, size - 1);
		break;
	default:
		fold(data + 1, size - 1);
	}
	return 0;
}
