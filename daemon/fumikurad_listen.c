/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two listening sockets of the box. They belong to the supervisor, so that a restarted room
 * loses no waiting caller. */
#include "fumikurad.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/log.h"

#define BACKLOG 128

/* Splits "host:port" or "[v6]:port" into host (size bytes) and the returned port text. */
static const char *
split(const char *listen, char *host, size_t size)
{
	const char *colon = strrchr(listen, ':'), *from = listen;
	size_t n;

	if (colon == NULL)
		return NULL;
	n = (size_t)(colon - listen);
	if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']')
		from++, n -= 2;
	if (n == 0 || n >= size)
		return NULL;
	memcpy(host, from, n);
	host[n] = '\0';
	return colon + 1;
}

static int
bind_tcp(const struct addrinfo *a)
{
	_cleanup_(closep) int fd = -1;
	int on = 1;

	fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, BACKLOG) < 0)
		return -errno;
	return TAKE_FD(fd);
}

/* The address people type: the wildcard is no address to go to. */
static int
write_url(struct supervisor *s, int fd)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);
	char host[128], port[16];
	const char *shown = host;

	if (getsockname(fd, (struct sockaddr *)&sa, &n) < 0)
		return -errno;
	if (getnameinfo((struct sockaddr *)&sa, n, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return -EINVAL;
	if (strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0)
		shown = "localhost";
	if (strchr(shown, ':') != NULL)
		snprintf(s->url, sizeof(s->url), "https://[%s]:%s/", shown, port);
	else
		snprintf(s->url, sizeof(s->url), "https://%s:%s/", shown, port);
	return 0;
}

static int
open_https(struct supervisor *s, int *ret_fd)
{
	const char *listen = config_get(s->config, "web", "listen"), *port;
	struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
	struct addrinfo *found;
	char host[128];
	int fd, r;

	port = split(listen, host, sizeof(host));
	if (port == NULL || getaddrinfo(host, port, &hints, &found) != 0) {
		log_error("web.listen = %s: expected ADDRESS:PORT with a numeric address", listen);
		return -EINVAL;
	}
	fd = bind_tcp(found);
	freeaddrinfo(found);
	if (fd < 0)
		return log_errno(fd, "web.listen = %s: cannot listen", listen);
	r = write_url(s, fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

/* sun_path holds 107 bytes; a longer path is reached through a descriptor of its directory. */
static int
local_address(const char *path, struct sockaddr_un *ret, int *ret_dir)
{
	_cleanup_(freep) char *copy = strdup(path);
	char *slash;
	int n;

	*ret = (struct sockaddr_un){.sun_family = AF_UNIX};
	*ret_dir = -1;
	if (copy == NULL)
		return -ENOMEM;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s", path);
	if (n < (int)sizeof(ret->sun_path))
		return 0;
	slash = strrchr(copy, '/');
	if (slash == NULL)
		return -ENAMETOOLONG;
	*slash = '\0';
	*ret_dir = open(copy, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_dir < 0)
		return -errno;
	n = snprintf(
	    ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/%s", *ret_dir, slash + 1);
	return n < (int)sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}

/* A socket file left by a crash is removed; one that answers belongs to a running box. */
static int
clear_stale(const char *path, const struct sockaddr_un *sa)
{
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)sa, sizeof(*sa)) == 0 || errno == EAGAIN)
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 0;
}

static int
bind_local(struct supervisor *s, const char *path)
{
	_cleanup_(closep) int fd = -1, dir = -1;
	struct sockaddr_un sa;
	mode_t mask;
	int r;

	r = local_address(path, &sa, &dir);
	if (r < 0)
		return r;
	r = clear_stale(path, &sa);
	if (r < 0)
		return r;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	mask = umask(0117); /* 0660: the owner and the rooms' group */
	r = bind(fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ? -errno : 0;
	umask(mask);
	if (r < 0)
		return r;
	if (s->change_user && chown(path, (uid_t)-1, s->gid) < 0)
		return -errno;
	return listen(fd, BACKLOG) < 0 ? -errno : TAKE_FD(fd);
}

int
listeners_open(struct supervisor *s)
{
	const char *path = config_get(s->config, "local", "socket");
	int r;

	s->listeners[0] = (struct listener){.name = "https", .room = "web", .fd = -1};
	s->listeners[1] = (struct listener){.name = "local", .room = "store", .fd = -1};
	r = open_https(s, &s->listeners[0].fd);
	if (r < 0)
		return r;
	r = bind_local(s, path);
	if (r == -EADDRINUSE)
		return log_errno(r, "local.socket = %s: another fumikurad serves it", path);
	if (r < 0)
		return log_errno(r, "local.socket = %s: cannot listen", path);
	s->listeners[1].fd = r;
	return 0;
}

void
listeners_close(struct supervisor *s)
{
	if (s->listeners[1].fd > 0)
		unlink(config_get(s->config, "local", "socket"));
	for (size_t i = 0; i < 2; i++)
		if (s->listeners[i].name != NULL)
			closep(&s->listeners[i].fd);
}
