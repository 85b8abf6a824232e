/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world outside, for tests of the courier: an HTTP server on the loopback, whose paths say how
 * it answers. */
#ifndef FUMIKURA_TESTS_COURIER_OUTSIDE_H
#define FUMIKURA_TESTS_COURIER_OUTSIDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/courier_bus.h"

static int listener = -1;
static uint16_t port;
static unsigned requests; /* answered with "ok"; read after the answer came */

static inline void
say(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

static inline void
flood(int fd, size_t n)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	for (; n > 0; n -= sizeof(block))
		if (send(fd, block, sizeof(block), MSG_NOSIGNAL) < 0)
			return;
}

/* Reads one request with its whole body ("Content-Length" is always sent); NULL when the client
 * went. */
static inline char *
read_request(int fd, char *buffer, size_t size)
{
	size_t n = 0, want = 0;
	char *body = NULL, *length;

	while (body == NULL || n < want) {
		ssize_t got = recv(fd, buffer + n, size - 1 - n, 0);
		if (got <= 0)
			return NULL;
		n += (size_t)got;
		buffer[n] = '\0';
		body = strstr(buffer, "\r\n\r\n");
		length = strcasestr(buffer, "\r\nContent-Length:");
		if (body != NULL && length != NULL)
			want = (size_t)(body + 4 - buffer) + strtoul(length + 17, NULL, 10);
	}
	return body + 4;
}

/* /headers: a line that never ends well; /deaf: an answer that never comes. */
static inline void
answer(int fd, const char *request, const char *body)
{
	char head[160];

	if (strstr(request, "POST /ok ") == request) {
		requests++;
		snprintf(head, sizeof(head),
		    "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
		    "Content-Length: %zu\r\n\r\n",
		    strlen(body));
		say(fd, head);
		say(fd, body);
	} else if (strstr(request, "POST /error ") == request) {
		say(fd, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	} else if (strstr(request, "POST /redirect ") == request) {
		say(fd, "HTTP/1.1 307 Elsewhere\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
	} else if (strstr(request, "POST /endless ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\n\r\n");
		flood(fd, 2 * COURIER_MAX_BODY);
	} else if (strstr(request, "POST /declared ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n");
	} else if (strstr(request, "POST /headers ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		for (int i = 0; i < 4096; i++)
			say(fd, "X-Filler: 0123456789\r\n");
	} else if (strstr(request, "POST /garbage ") == request) {
		say(fd, "\x01\x02 this is not HTTP at all\r\n\r\n");
	} else if (strstr(request, "POST /cut ") == request) {
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
	} else if (strstr(request, "POST /deaf ") == request) {
		while (recv(fd, head, sizeof(head), 0) > 0)
			;
	}
}

static inline void *
serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char *buffer = malloc(1 << 16);
	const char *body = buffer != NULL ? read_request(fd, buffer, 1 << 16) : NULL;

	if (body != NULL)
		answer(fd, buffer, body);
	shutdown(fd, SHUT_WR);
	close(fd);
	free(buffer);
	return NULL;
}

static inline void *
serve(void *arg)
{
	for (;;) {
		pthread_t thread;
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			return NULL;
		if (pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd) == 0)
			pthread_detach(thread);
	}
}

/* A listening loopback socket on a free port. */
static inline int
listen_any(uint16_t *ret_port)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&a, n), 0);
	assert_int_equal(listen(fd, 64), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*ret_port = ntohs(a.sin_port);
	return fd;
}

#endif
