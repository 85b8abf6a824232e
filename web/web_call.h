/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls to store, one per HTTP request, never blocking. web adds nothing to an answer and keeps
 * nothing of it.
 */
#ifndef FUMIKURA_WEB_CALL_H
#define FUMIKURA_WEB_CALL_H

#include <stdbool.h>
#include <systemd/sd-bus.h>

#include "cleanup.h"
#include "web/web_answer.h"
#include "web/web_args.h"

#define WEB_TIMEOUT_S 25  /* usual patience with store */
#define WEB_CALLS_MAX 200 /* at once */
#define WEB_CALLS_URGENT                                                                           \
	20 /* and as many of WEB_URGENT; both below LINK_MAX_QUEUED, so that load                  \
	      never costs the link */

struct web_calls;
struct web_call;

/* Called once per started call, from the event loop, never from web_call_start(). The callee may
 * take parts of answer by zeroing them; the rest is cleared after. */
typedef void (*web_call_done)(struct web_answer *answer, void *userdata);

int web_calls_new(struct web_calls **ret);
/* A new link (borrowed until the next call here), or NULL when it is gone: then every open call is
 * answered "away". */
void web_calls_set_store(struct web_calls *calls, sd_bus *store);
bool web_calls_connected(const struct web_calls *calls);
void web_calls_free(struct web_calls *calls);
DEFINE_CLEANUP(struct web_calls *, web_calls_free)

/*
 * Sends one call. On failure returns negative errno and fills ret_refusal, which the caller clears:
 * bad arguments by name, "away" without a link, "too_many" over WEB_CALLS_MAX.
 */
int web_call_start(struct web_calls *calls, const struct web_method *method,
    const struct web_input *in, unsigned timeout_s, web_call_done done, void *userdata,
    struct web_answer *ret_refusal, struct web_call **ret);
/* The asker is gone: done will not be called. NULL is harmless. */
void web_call_cancel(struct web_call *call);

#endif
