/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line's end of the link to store. Waits where a room must not: one thing at a time is
 * all it does. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "link.h"
#include "store/store_bus.h"

#define WAIT_USEC UINT64_C(200000) /* how soon a tick follows the last */
#define HELLO_USEC UINT64_C(20000000)
#define RETRY_MS 100u

static int
refuse_connection(struct cli *cli, int r)
{
	if (r == -EACCES || r == -EPERM)
		cli_set_error(cli, "no_access",
		    "装置のソケットを開く権限がありません。管理者に確認してください。",
		    "You may not open the box's socket. Ask the administrator.");
	else if (r == -ENAMETOOLONG)
		cli_set_error(cli, "bad_socket",
		    "ソケットの場所が長すぎます。短い場所を指定してください。",
		    "The path of the socket is too long. Give a shorter one.");
	else
		cli_set_error(cli, "not_running",
		    "文蔵が動いていません。装置を起動するか、--socket で場所を指定してください。",
		    "Fumikura is not running. Start the box, or name its socket with --socket.");
	return r;
}

static void
lost(struct cli *cli)
{
	cli_set_error(cli, "no_answer",
	    "装置との接続が切れました。処理されたかどうかは、記録を見て確かめてください。",
	    "The connection to the box was lost. Look at the record to see whether it was done.");
}

static int
on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message **reply = userdata;

	*reply = sd_bus_message_ref(m);
	return 1;
}

/* Store's refusals carry two lines; anything else is sd-bus's own English. */
static int
refusal(struct cli *cli, const sd_bus_error *e)
{
	_cleanup_(freep) char *ja = NULL;
	const char *code = link_error_code(e), *line;

	if (sd_bus_error_has_name(e, SD_BUS_ERROR_NO_REPLY) ||
	    sd_bus_error_has_name(e, SD_BUS_ERROR_TIMEOUT) ||
	    sd_bus_error_has_name(e, SD_BUS_ERROR_DISCONNECTED)) {
		lost(cli);
		return -ECONNRESET;
	}
	if (sd_bus_error_has_name(e, SD_BUS_ERROR_ACCESS_DENIED))
		code = "denied";
	line = e->message != NULL ? strchr(e->message, '\n') : NULL;
	ja = line != NULL ? strndup(e->message, (size_t)(line - e->message)) : NULL;
	if (ja != NULL)
		cli_set_error(cli, code, ja, line + 1);
	else
		cli_set_error(cli, code, "思わぬ失敗です。装置の記録を確かめてください。",
		    e->message != NULL ? e->message
				       : "An unexpected failure. See the box's journal.");
	return -EREMOTEIO;
}

/* Sends, and serves the bus until the answer is there; cli->tick runs meanwhile. */
static int
exchange(struct cli *cli, sd_bus_message *m, uint64_t timeout_usec, sd_bus_message **ret_reply)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	_cleanup_(sd_bus_slot_unrefp) sd_bus_slot *slot = NULL;
	int r;

	r = sd_bus_call_async(cli->bus, &slot, m, on_reply, &reply, timeout_usec);
	while (r >= 0 && reply == NULL) {
		r = sd_bus_process(cli->bus, NULL);
		if (r != 0)
			continue;
		if (cli->tick != NULL)
			cli->tick(cli, cli->tick_userdata);
		r = sd_bus_wait(cli->bus, cli->tick != NULL ? WAIT_USEC : UINT64_MAX);
		if (r == -EINTR)
			r = 0;
	}
	if (reply == NULL) {
		lost(cli);
		return -ECONNRESET;
	}
	if (sd_bus_message_is_method_error(reply, NULL))
		return refusal(cli, sd_bus_message_get_error(reply));
	*ret_reply = TAKE_PTR(reply);
	return 0;
}

/* Descriptors may travel only after the authentication is over on both sides (link.h): a first word
 * and its answer show that. */
static int
greet(struct cli *cli)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *hello = NULL, *reply = NULL;
	int r;

	r = sd_bus_message_new_method_call(
	    cli->bus, &hello, NULL, "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello");
	return r < 0 ? r : exchange(cli, hello, HELLO_USEC, &reply);
}

int
cli_adopt(struct cli *cli, int fd)
{
	_cleanup_(closep) int owned = fd;
	_cleanup_(sd_bus_close_unrefp) sd_bus *bus = NULL;
	int r;

	if ((r = sd_bus_new(&bus)) < 0 || (r = sd_bus_set_fd(bus, owned, owned)) < 0)
		return r;
	owned = -1;
	if ((r = sd_bus_set_anonymous(bus, 1)) < 0 || (r = sd_bus_set_trusted(bus, 1)) < 0 ||
	    (r = sd_bus_negotiate_fds(bus, 1)) < 0 || (r = sd_bus_start(bus)) < 0)
		return r;
	cli->bus = bus;
	r = greet(cli);
	if (r < 0)
		cli->bus = NULL;
	else
		TAKE_PTR(bus);
	return r;
}

/*
 * The address of a socket whose path may be longer than sun_path: then through a descriptor of its
 * directory, which the caller closes after connecting.
 */
static int
socket_address(const char *path, struct sockaddr_un *ret, int *ret_directory)
{
	const char *slash = strrchr(path, '/');
	_cleanup_(freep) char *parent = NULL;
	int n;

	if (strlen(path) < sizeof(ret->sun_path)) {
		memcpy(ret->sun_path, path, strlen(path) + 1);
		return 0;
	}
	parent = slash != NULL ? strndup(path, (size_t)(slash - path)) : NULL;
	if (parent == NULL)
		return -ENAMETOOLONG;
	*ret_directory = open(parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*ret_directory < 0)
		return -errno;
	n = snprintf(
	    ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d%s", *ret_directory, slash);
	return n < (int)sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}

int
cli_connect(struct cli *cli)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_(closep) int fd = -1, directory = -1;
	int r;

	r = socket_address(cli->socket_path, &address, &directory);
	if (r < 0)
		return refuse_connection(cli, r);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return refuse_connection(cli, -errno);
	r = cli_adopt(cli, TAKE_FD(fd));
	if (r < 0)
		lost(cli);
	return r;
}

int
cli_reconnect(struct cli *cli)
{
	int r = -ENOTCONN;

	sd_bus_close_unref(cli->bus);
	cli->bus = NULL;
	for (unsigned ms = 0; r < 0 && ms < CLI_RECONNECT_S * 1000; ms += RETRY_MS) {
		nanosleep(&(struct timespec){.tv_nsec = RETRY_MS * 1000000L}, NULL);
		r = cli_connect(cli);
	}
	return r;
}

void
cli_disconnect(struct cli *cli)
{
	sd_bus_flush_close_unref(cli->bus);
	cli->bus = NULL;
	if (cli->child > 0)
		waitpid(cli->child, NULL, 0);
	cli->child = 0;
}

int
cli_new_call(struct cli *cli, const char *member, sd_bus_message **ret)
{
	int r =
	    sd_bus_message_new_method_call(cli->bus, ret, NULL, STORE_PATH, STORE_IFACE, member);

	if (r < 0)
		lost(cli);
	return r;
}

int
cli_call(struct cli *cli, sd_bus_message *m, sd_bus_message **ret_reply)
{
	return exchange(cli, m, CLI_CALL_TIMEOUT_S * UINT64_C(1000000), ret_reply);
}

int
cli_result(sd_bus_message *reply, json_t **ret)
{
	const char *signature = sd_bus_message_get_signature(reply, 1), *text;
	json_t *json;

	if (strcmp(signature, "hs") == 0)
		sd_bus_message_skip(reply, "h");
	else if (strcmp(signature, "a(sh)s") == 0)
		sd_bus_message_skip(reply, "a(sh)");
	if (sd_bus_message_read(reply, "s", &text) <= 0)
		return -EBADMSG;
	json = json_loads(text, JSON_DECODE_ANY, NULL);
	if (json == NULL)
		return -EBADMSG;
	*ret = json;
	return 0;
}

int
cli_request(struct cli *cli, const char *member, json_t **ret, const char *types, ...)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL, *reply = NULL;
	va_list ap;
	int r;

	r = cli_new_call(cli, member, &m);
	if (r < 0)
		return -ECONNRESET;
	va_start(ap, types);
	r = sd_bus_message_appendv(m, types, ap);
	va_end(ap);
	if (r < 0) {
		cli_set_error(cli, "internal", "呼び出しを組み立てられませんでした。",
		    "The call could not be composed.");
		return r;
	}
	r = cli_call(cli, m, &reply);
	if (r < 0)
		return r;
	r = cli_result(reply, ret);
	if (r < 0)
		cli_set_error(cli, "internal", "装置の答えを読めませんでした。",
		    "The box's answer cannot be read.");
	return r;
}
