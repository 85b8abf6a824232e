/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Message → struct arg. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "serve_args.h"
#include "store_bus.h"

void
arg_clear(struct arg *arg)
{
	secret_free_text(arg->text);
	for (size_t i = 0; i < arg->n; i++)
		secret_free_text(arg->list[i]);
	free(arg->list);
	if (arg->type == 'h')
		closep(&arg->fd);
	memset(arg, 0, sizeof(*arg));
}

static int
read_text(sd_bus_message *message, char **ret)
{
	const char *text;
	int r = sd_bus_message_read_basic(message, 's', &text);

	if (r <= 0)
		return r < 0 ? r : -EINVAL;
	if (strlen(text) > STORE_MAX_TEXT)
		return -E2BIG;
	*ret = strdup(text);
	return *ret != NULL ? 0 : -ENOMEM;
}

static int
list_add(struct arg *arg, sd_bus_message *message)
{
	char *text = NULL, **list;
	int r = read_text(message, &text);

	if (r < 0)
		return r;
	if (arg->n >= CALL_MAX_LIST) {
		free(text);
		return -E2BIG;
	}
	list = reallocarray(arg->list, arg->n + 1, sizeof(*list));
	if (list == NULL) {
		free(text);
		return -ENOMEM;
	}
	arg->list = list;
	arg->list[arg->n++] = text;
	return 0;
}

static int
read_list(sd_bus_message *message, struct arg *arg)
{
	int r = sd_bus_message_enter_container(message, 'a', "s");

	while (r >= 0 && sd_bus_message_at_end(message, 0) == 0)
		r = list_add(arg, message);
	return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int
read_dict(sd_bus_message *message, struct arg *arg)
{
	int r = sd_bus_message_enter_container(message, 'a', "{ss}");

	while (r >= 0 && sd_bus_message_at_end(message, 0) == 0) {
		r = sd_bus_message_enter_container(message, 'e', "ss");
		if (r >= 0)
			r = list_add(arg, message);
		if (r >= 0)
			r = list_add(arg, message);
		if (r >= 0)
			r = sd_bus_message_exit_container(message);
	}
	return r < 0 ? r : sd_bus_message_exit_container(message);
}

static int
read_fd(sd_bus_message *message, struct arg *arg)
{
	int fd, r = sd_bus_message_read_basic(message, 'h', &fd);

	if (r <= 0)
		return r < 0 ? r : -EINVAL;
	arg->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return arg->fd < 0 ? -errno : 0;
}

/* One argument at *signature; returns the characters used. */
static int
read_arg(sd_bus_message *message, const char *signature, struct arg *arg)
{
	int r;

	if (strncmp(signature, "a{ss}", 5) == 0) {
		arg->type = 'd';
		r = read_dict(message, arg);
		return r < 0 ? r : 5;
	}
	if (strncmp(signature, "as", 2) == 0) {
		arg->type = 'l';
		r = read_list(message, arg);
		return r < 0 ? r : 2;
	}
	arg->type = *signature;
	arg->fd = -1;
	if (*signature == 's')
		r = read_text(message, &arg->text);
	else if (*signature == 'h')
		r = read_fd(message, arg);
	else if (*signature == 'u')
		r = sd_bus_message_read_basic(message, 'u', &arg->u);
	else if (*signature == 't')
		r = sd_bus_message_read_basic(message, 't', &arg->t);
	else if (*signature == 'i')
		r = sd_bus_message_read_basic(message, 'i', &arg->i);
	else
		r = -EINVAL;
	return r < 0 ? r : 1;
}

int
args_read(
    sd_bus_message *message, const char *signature, struct arg args[CALL_MAX_ARGS], unsigned *ret_n)
{
	*ret_n = 0;
	while (*signature != '\0') {
		int r;

		if (*ret_n >= CALL_MAX_ARGS)
			return -E2BIG;
		r = read_arg(message, signature, &args[(*ret_n)++]);
		if (r < 0)
			return r;
		signature += r;
	}
	return 0;
}
