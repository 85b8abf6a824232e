/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an HTTP request will get, built from store's reply messages or from a refusal. Knows the
 * shapes "s", "hs" and "a(sh)s" of the contract, no method in particular. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "web/web_answer.h"
#include "web/web_errors.h"
#include "web/web_zip.h"

void
web_answer_refuse(struct web_answer *answer, const char *code, const char *message)
{
	web_answer_clear(answer);
	snprintf(answer->code, sizeof answer->code, "%s", code);
	answer->status = web_error_status(code);
	answer->json = web_error_json(code, message);
}

static void
wipe_text(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

void
web_answer_clear(struct web_answer *answer)
{
	wipe_text(answer->token);
	wipe_text(answer->json);
	memview_free(&answer->view);
	free(answer->heap);
	free(answer->type);
	free(answer->name);
	memset(answer, 0, sizeof *answer);
}

/* The token becomes a cookie and must not stand in a body that scripts can read. */
static int
take_token(struct web_answer *answer)
{
	json_t *whole = json_loads(answer->json, 0, NULL);
	const char *token = json_string_value(json_object_get(whole, "token"));
	int r = -EBADMSG;

	if (token != NULL && *token != '\0') {
		answer->token = strdup(token);
		json_object_del(whole, "token");
		wipe_text(answer->json);
		answer->json = json_dumps(whole, JSON_COMPACT);
		r = answer->token == NULL || answer->json == NULL ? -ENOMEM : 0;
	}
	json_decref(whole);
	return r;
}

static int
take_json(struct web_answer *answer, sd_bus_message *m)
{
	const char *text;
	int r = sd_bus_message_read(m, "s", &text);

	if (r < 0)
		return r;
	answer->json = strdup(text);
	return answer->json == NULL ? -ENOMEM : 0;
}

static int
take_file(struct web_answer *answer, sd_bus_message *m)
{
	const char *text;
	json_t *about;
	int fd, r = sd_bus_message_read(m, "hs", &fd, &text);

	if (r < 0)
		return r;
	r = memfd_view(fd, MEMFD_MAX, &answer->view);
	if (r < 0)
		return r;
	about = json_loads(text, 0, NULL);
	answer->type = strdup(json_string_value(json_object_get(about, "type")) ?: "");
	answer->name = strdup(json_string_value(json_object_get(about, "name")) ?: "file");
	json_decref(about);
	return answer->type == NULL || answer->name == NULL ? -ENOMEM : 0;
}

static const char *
type_of_name(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && strcmp(dot, ".pdf") == 0 ? "application/pdf"
						       : "application/octet-stream";
}

static int
pack(struct web_answer *answer, struct web_zip_file *files, size_t count)
{
	int r = web_zip(files, count, time_now_ms(), &answer->heap, &answer->heap_size);

	if (r < 0)
		return r;
	answer->type = strdup("application/zip");
	answer->name = strdup("fumikura-export.zip");
	return answer->type == NULL || answer->name == NULL ? -ENOMEM : 0;
}

/* One PDF is served as it is; anything else becomes one archive, folders kept. */
static int
take_files(struct web_answer *answer, sd_bus_message *m)
{
	struct memview views[WEB_ZIP_FILES] = {{0}};
	struct web_zip_file files[WEB_ZIP_FILES];
	size_t count = 0;
	const char *name;
	int fd, r = sd_bus_message_enter_container(m, 'a', "(sh)");

	while (r >= 0 && (r = sd_bus_message_read(m, "(sh)", &name, &fd)) > 0) {
		r = count == WEB_ZIP_FILES ? -E2BIG : memfd_view(fd, MEMFD_MAX, &views[count]);
		if (r >= 0) {
			files[count] =
			    (struct web_zip_file){name, views[count].data, views[count].size};
			count++;
		}
	}
	if (r >= 0 && count == 0)
		r = -EBADMSG;
	if (r >= 0 && count == 1 && strcmp(type_of_name(files[0].name), "application/pdf") == 0) {
		const char *slash = strrchr(files[0].name, '/');

		answer->view = views[0];
		views[0] = (struct memview){0};
		answer->type = strdup("application/pdf");
		answer->name = strdup(slash == NULL ? files[0].name : slash + 1);
		r = answer->type == NULL || answer->name == NULL ? -ENOMEM : 0;
	} else if (r >= 0) {
		r = pack(answer, files, count);
	}
	for (size_t i = 0; i < count; i++)
		memview_free(&views[i]);
	return r;
}

static void
take_error(struct web_answer *answer, const sd_bus_error *error)
{
	static const struct {
		const char *name, *code;
	} of_bus[] = {
	    {SD_BUS_ERROR_NO_REPLY, "timed_out"},
	    {SD_BUS_ERROR_TIMEOUT, "timed_out"},
	    {"System.Error.ETIMEDOUT", "timed_out"},
	    {SD_BUS_ERROR_DISCONNECTED, "away"},
	    {"System.Error.ECONNRESET", "away"},
	    {"System.Error.EPIPE", "away"},
	    {SD_BUS_ERROR_ACCESS_DENIED, "denied"},
	    {SD_BUS_ERROR_NO_MEMORY, "no_memory"},
	    {SD_BUS_ERROR_INVALID_ARGS, "bad_request"},
	};
	const size_t n = strlen(LINK_ERROR_PREFIX);
	bool ours = error->name != NULL && strncmp(error->name, LINK_ERROR_PREFIX, n) == 0;

	if (ours) {
		web_answer_refuse(answer, link_error_code(error), error->message);
		return;
	}
	for (size_t i = 0; error->name != NULL && i < sizeof of_bus / sizeof *of_bus; i++) {
		if (strcmp(error->name, of_bus[i].name) == 0) {
			web_answer_refuse(answer, of_bus[i].code, NULL);
			return;
		}
	}
	web_answer_refuse(answer, "internal", NULL);
}

void
web_answer_from_reply(
    struct web_answer *answer, const struct web_method *method, bool login, sd_bus_message *m)
{
	const sd_bus_error *error = sd_bus_message_get_error(m);
	int r;

	if (error != NULL) {
		take_error(answer, error);
		return;
	}
	answer->status = 200;
	if (strcmp(method->out, "hs") == 0)
		r = take_file(answer, m);
	else if (*method->out == 'a')
		r = take_files(answer, m);
	else
		r = take_json(answer, m);
	if (r >= 0 && login)
		r = take_token(answer);
	if (r < 0)
		web_answer_refuse(answer, r == -ENOMEM ? "no_memory" : "internal", NULL);
}
