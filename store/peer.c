/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocking calls over asynchronous links. Knows no room's contract. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "log.h"
#include "peer.h"
#include "supervisor_bus.h"

struct pending {
	struct pending *next;
	struct peers *peers;
	const struct peer_call *call;
	struct refusal *refusal;
	sd_bus *bus;
	sd_bus_slot *slot;
	int result;
	bool done;
};

struct peers {
	struct store *store;
	pthread_mutex_t lock; /* guards done and result only; the list belongs to the main thread */
	pthread_cond_t finished;
	struct pending *list;
};

int
peers_new(struct store *store, struct peers **ret)
{
	struct peers *peers = calloc(1, sizeof(*peers));

	if (peers == NULL)
		return -ENOMEM;
	peers->store = store;
	pthread_mutex_init(&peers->lock, NULL);
	pthread_cond_init(&peers->finished, NULL);
	*ret = peers;
	return 0;
}

void
peers_free(struct peers *peers)
{
	if (peers == NULL)
		return;
	pthread_cond_destroy(&peers->finished);
	pthread_mutex_destroy(&peers->lock);
	free(peers);
}

/* Main thread: the caller may return (and its pending vanish) as soon as the lock is released. */
static void
finish(struct pending *pending, int result)
{
	struct peers *peers = pending->peers;

	for (struct pending **p = &peers->list; *p != NULL; p = &(*p)->next)
		if (*p == pending) {
			*p = pending->next;
			break;
		}
	pending->slot = sd_bus_slot_unref(pending->slot);
	pthread_mutex_lock(&peers->lock);
	pending->result = result;
	pending->done = true;
	pthread_cond_broadcast(&peers->finished);
	pthread_mutex_unlock(&peers->lock);
}

/* An error in no words of ours. NoReply is sd-bus's own, both when the time is over and when the
 * link is gone; anything else the peer has sent, which so is there. */
static int
take_foreign(const struct pending *pending, const sd_bus_error *error)
{
	log_warn("%s: %s: %s", pending->call->peer, pending->call->member, error->name);
	if (!sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY))
		return -EPROTO;
	return sd_bus_is_open(pending->bus) > 0 ? -ETIMEDOUT : -ENOTCONN;
}

/* "日本語\nEnglish" as link_error() wrote it. */
static int
take_error(struct pending *pending, const sd_bus_error *error)
{
	const char *code = link_error_code(error), *newline;
	_cleanup_(freep) char *ja = NULL;

	if (strncmp(error->name, LINK_ERROR_PREFIX, strlen(LINK_ERROR_PREFIX)) != 0)
		return take_foreign(pending, error);
	if (pending->refusal == NULL)
		return -ECANCELED;
	newline = error->message != NULL ? strchr(error->message, '\n') : NULL;
	if (newline == NULL)
		return refuse(pending->refusal, code);
	ja = strndup(error->message, (size_t)(newline - error->message));
	return ja == NULL ? -ENOMEM : refuse_text(pending->refusal, code, ja, newline + 1);
}

static int
on_reply(sd_bus_message *reply, void *userdata, sd_bus_error *ret_error)
{
	struct pending *pending = userdata;
	const sd_bus_error *error = sd_bus_message_get_error(reply);
	int r = 0;

	if (error != NULL)
		r = take_error(pending, error);
	else if (pending->call->take != NULL)
		r = pending->call->take(reply, pending->call->arg);
	finish(pending, r < 0 ? r : 0);
	return 0;
}

static int
send_call(struct pending *pending, sd_bus *bus)
{
	const struct peer_call *call = pending->call;
	sd_bus_message *message = NULL;
	int r;

	r = sd_bus_message_new_method_call(
	    bus, &message, NULL, call->path, call->interface, call->member);
	if (r >= 0 && call->fill != NULL)
		r = call->fill(message, call->arg);
	if (r >= 0)
		r = sd_bus_call_async(bus, &pending->slot, message, on_reply, pending,
		    (uint64_t)call->timeout_s * 1000000);
	sd_bus_message_unref(message);
	if (r >= 0 && call->ret_sent != NULL)
		*call->ret_sent = true;
	/* lost a moment ago, which shows here first */
	return r == -ECONNRESET || r == -EPIPE || r == -ESHUTDOWN ? -ENOTCONN : r;
}

static void
start(void *arg)
{
	struct pending *pending = arg;
	struct room *room = pending->peers->store->room;
	sd_bus *bus = pending->call->peer[0] == '\0' ? room_control(room)
						     : room_peer(room, pending->call->peer);
	int r;

	pending->next = pending->peers->list;
	pending->peers->list = pending;
	pending->bus = bus;
	r = bus == NULL ? -ENOTCONN : send_call(pending, bus);
	if (r < 0)
		finish(pending, r);
}

int
peer_call(struct store *store, const struct peer_call *call, struct refusal *refusal)
{
	struct peers *peers = store->peers;
	struct pending pending = {.peers = peers, .call = call, .refusal = refusal};
	int r;

	if (store->offline)
		return -ENOTCONN;
	r = mainloop_post(store->loop, start, &pending);
	if (r < 0)
		return r;
	pthread_mutex_lock(&peers->lock);
	while (!pending.done)
		pthread_cond_wait(&peers->finished, &peers->lock);
	pthread_mutex_unlock(&peers->lock);
	return pending.result;
}

void
peers_lost(struct peers *peers, sd_bus *bus)
{
	for (struct pending *p = peers->list, *next; p != NULL; p = next) {
		next = p->next;
		if (p->bus == bus)
			finish(p, -ENOTCONN);
	}
}

int
peer_keep_fd(int fd, int *ret_fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (copy < 0)
		return -errno;
	*ret_fd = copy;
	return 0;
}
