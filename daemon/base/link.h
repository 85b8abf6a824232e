/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One peer-to-peer sd-bus connection over a connected stream socket, fenced:
 *
 * A filter that runs before everything else refuses each method call that is not on the link's
 * white list, the built-in interfaces (Peer, Properties, Introspectable, ObjectManager) included,
 * with org.freedesktop.DBus.Error.AccessDenied; calls over LINK_MAX_MESSAGE bytes or with more than
 * LINK_MAX_FDS descriptors are refused as if not listed. org.freedesktop.DBus.Hello is answered so
 * that `busctl --address=` works. Signals that are not on the white list are dropped.
 *
 * A link with more than LINK_MAX_QUEUED unsent messages is closed. When a link ends for whatever
 * reason, calls under way are answered to their callbacks with an error, and then, from the loop,
 * `closed` runs.
 */
#ifndef FUMIKURA_LINK_H
#define FUMIKURA_LINK_H

#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#define LINK_MAX_QUEUED 256         /* messages; a peer that never reads must not make us grow */
#define LINK_MAX_MESSAGE (1u << 20) /* bytes of body; bulk data travels as memfd */
/* Descriptors in one message: a document of 120 pages, two each; the kernel's own limit is 253. */
#define LINK_MAX_FDS 250
/* Default for calls made on a link; a dead peer is noticed at once by the link's end. */
#define LINK_CALL_TIMEOUT_S 600

/* Called once when the connection ends, for whatever reason; must release the bus reference it
 * holds. */
typedef void (*link_closed_fn)(sd_bus *bus, void *userdata);
/* Called for each refused call, so that the owner can log it; member may be attacker-chosen text:
 * print with care. */
typedef void (*link_refused_fn)(
    sd_bus *bus, const char *interface, const char *member, void *userdata);

/*
 * Called once, when the link's authentication is over on both sides: the client's first word is
 * Hello, which link_new() sends there, and the server's first word is its answer. Until then send
 * nothing on a new link: what sd-bus reads together with the last line of the authentication it
 * leaves lying until more comes, descriptors that arrive with it end the connection, and sending
 * descriptors before the end of the authentication blocks. A client that is not ours need not say
 * Hello: to such a client, only answer.
 */
typedef void (*link_ready_fn)(sd_bus *bus, void *userdata);

struct link_options {
	bool server;
	const char *const *allow; /* NULL-terminated "interface.Member" */
	link_closed_fn closed;
	link_refused_fn refused; /* may be NULL */
	link_ready_fn ready;     /* may be NULL */
	void *userdata;
};

/* Takes fd (also on failure). The bus is attached to event. Caller owns ret
 * (sd_bus_flush_close_unref). options are copied; allow is borrowed. */
int link_new(sd_event *event, int fd, const struct link_options *options, sd_bus **ret);

/*
 * Error replies carry a stable code word: the name is "jp.fumikura.Error." + code, the message is
 * the Japanese sentence, a newline, the English sentence. Each says what happened, what it means,
 * what to do.
 */
#define LINK_ERROR_PREFIX "jp.fumikura.Error."
int link_error(sd_bus_error *error, const char *code, const char *ja, const char *en);
/* The code word of an error that a peer sent ("internal" when it is none of ours); borrowed from
 * error. */
const char *link_error_code(const sd_bus_error *error);

#endif
