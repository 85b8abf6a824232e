/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small real time stamping authority (RFC 3161 over HTTP) for the demo and for tests. It makes
 * its own root and certificate on first start and says in both that nobody has accredited it
 * (非認定). On request it misbehaves, so that the archive's refusals can be seen. It never leaves
 * 127.0.0.1.
 *
 * usage: tsa --state DIR [--port N]     prints {"url":…,"ca":…} once it serves; ends on SIGTERM or
 * SIGINT DIR/fault, read at every request, holds one word: none refuse wrong_nonce wrong_imprint
 * garbage http_500 hang, or "slow SECONDS".
 */
#include "tsa.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TYPE_QUERY "application/timestamp-query"
#define TYPE_REPLY "application/timestamp-reply"

struct upload {
	uint8_t data[TSA_MAX_REQUEST];
	size_t size;
	bool too_large;
};

struct server {
	struct tsa *tsa;
	const char *state;
	pthread_mutex_t turn; /* one token at a time: the serial number */
};

static const struct {
	const char *word;
	enum tsa_fault fault;
} faults[] = {
    {"refuse", TSA_REFUSE},
    {"wrong_nonce", TSA_WRONG_NONCE},
    {"wrong_imprint", TSA_WRONG_IMPRINT},
};

static enum tsa_fault
fault_of(const char *word)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (strcmp(faults[i].word, word) == 0)
			return faults[i].fault;
	return TSA_SOUND;
}

/* The word in DIR/fault and its number; "none" when there is no such file. */
static unsigned
fault_now(const char *state, char word[32])
{
	char path[4096];
	unsigned seconds = 5;
	FILE *file;

	snprintf(word, 32, "none");
	snprintf(path, sizeof path, "%s/fault", state);
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%31s %u", word, &seconds) < 1)
		snprintf(word, 32, "none");
	fclose(file);
	return seconds;
}

static enum MHD_Result
answer(struct MHD_Connection *connection, unsigned status, const char *type, const void *data,
    size_t size)
{
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(size, (void *)data, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result;

	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(response, "Content-Type", type);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result
say(struct MHD_Connection *connection, unsigned status, const char *text)
{
	return answer(connection, status, "text/plain; charset=utf-8", text, strlen(text));
}

static enum MHD_Result
stamp(struct server *server, struct MHD_Connection *connection, const struct upload *upload)
{
	enum MHD_Result result;
	uint8_t *reply = NULL;
	char word[32];
	size_t size;
	int r;
	unsigned seconds = fault_now(server->state, word);

	if (strcmp(word, "slow") == 0)
		sleep(seconds);
	else if (strcmp(word, "hang") == 0)
		pause();
	else if (strcmp(word, "http_500") == 0)
		return say(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of order\n");
	else if (strcmp(word, "garbage") == 0)
		return answer(connection, MHD_HTTP_OK, TYPE_REPLY, "This is not a time stamp.", 25);
	pthread_mutex_lock(&server->turn);
	r = tsa_reply(server->tsa, upload->data, upload->size, fault_of(word), &reply, &size);
	pthread_mutex_unlock(&server->turn);
	if (r < 0)
		return say(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "no reply could be made\n");
	result = answer(connection, MHD_HTTP_OK, TYPE_REPLY, reply, size);
	free(reply);
	return result;
}

static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **state)
{
	struct upload *upload = *state;
	const char *type;

	if (upload == NULL) {
		*state = calloc(1, sizeof *upload);
		return *state ? MHD_YES : MHD_NO;
	}
	if (*size > 0) {
		if (*size > sizeof upload->data - upload->size) {
			upload->too_large = true;
		} else {
			memcpy(upload->data + upload->size, data, *size);
			upload->size += *size;
		}
		*size = 0;
		return MHD_YES;
	}
	type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type");
	if (strcmp(method, "POST") != 0)
		return say(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
		    "POST a time stamp query (RFC 3161)\n");
	if (type == NULL || strcmp(type, TYPE_QUERY) != 0)
		return say(connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, TYPE_QUERY " is wanted\n");
	if (upload->too_large)
		return say(connection, MHD_HTTP_CONTENT_TOO_LARGE, "no query is that long\n");
	return stamp(context, connection, upload);
}

static void
completed(void *context, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
	free(*state);
	*state = NULL;
}

static int
serve(struct server *server, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const union MHD_DaemonInfo *info;
	struct MHD_Daemon *daemon;
	sigset_t ends;
	int got;

	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION,
	    0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, &address,
	    MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_CONNECTION_LIMIT, 64u,
	    MHD_OPTION_END);
	if (daemon == NULL) {
		fprintf(stderr, "tsa: 127.0.0.1:%u: %s\n", port, strerror(errno));
		return 1;
	}
	info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
	printf("{\"url\":\"http://127.0.0.1:%u/\",\"ca\":\"%s\"}\n", info->port,
	    tsa_ca_path(server->tsa));
	fflush(stdout);
	sigwait(&ends, &got);
	return 0; /* the process ends with every open connection: a "slow" one is not waited for */
}

int
main(int argc, char **argv)
{
	struct server server = {.turn = PTHREAD_MUTEX_INITIALIZER};
	unsigned port = 0;
	char *state;
	int r;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--state") == 0)
			server.state = argv[i + 1];
		else if (strcmp(argv[i], "--port") == 0)
			port = (unsigned)strtoul(argv[i + 1], NULL, 10);
		else
			argc = 0;
	}
	if (argc % 2 == 0 || server.state == NULL || port > 65535) {
		fprintf(stderr, "usage: tsa --state DIR [--port N]\n");
		return 2;
	}
	if (mkdir(server.state, 0700) < 0 && errno != EEXIST) {
		fprintf(stderr, "tsa: %s: %s\n", server.state, strerror(errno));
		return 1;
	}
	state = realpath(server.state, NULL);
	server.state = state;
	r = state ? tsa_open(state, &server.tsa) : -errno;
	if (r < 0) {
		fprintf(stderr, "tsa: %s: %s\n", server.state, strerror(-r));
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	r = serve(&server, port);
	tsa_free(server.tsa);
	free(state);
	return r;
}
