/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open calls to store, in a list so that a lost link answers them all at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_bus.h"
#include "web/web_call.h"

struct web_call {
	struct web_calls *calls;
	struct web_call *next, **at;
	const struct web_method *method;
	bool login;
	sd_bus_slot *slot;
	web_call_done done;
	void *userdata;
};

struct web_calls {
	sd_bus *store;
	struct web_call *first;
	unsigned count;
};

int
web_calls_new(struct web_calls **ret)
{
	*ret = calloc(1, sizeof **ret);
	return *ret == NULL ? -ENOMEM : 0;
}

bool
web_calls_connected(const struct web_calls *calls)
{
	return calls->store != NULL;
}

void
web_call_cancel(struct web_call *call)
{
	if (call == NULL)
		return;
	sd_bus_slot_unref(call->slot);
	*call->at = call->next;
	if (call->next != NULL)
		call->next->at = call->at;
	call->calls->count--;
	free(call);
}

/* Ends the call before it tells, so that done may start another one. */
static void
finish(struct web_call *call, struct web_answer *answer)
{
	web_call_done done = call->done;
	void *userdata = call->userdata;

	web_call_cancel(call);
	done(answer, userdata);
	web_answer_clear(answer);
}

void
web_calls_set_store(struct web_calls *calls, sd_bus *store)
{
	calls->store = store;
	while (store == NULL && calls->first != NULL) {
		struct web_answer answer = {0};

		web_answer_refuse(&answer, "away", NULL);
		finish(calls->first, &answer);
	}
}

void
web_calls_free(struct web_calls *calls)
{
	if (calls == NULL)
		return;
	web_calls_set_store(calls, NULL);
	free(calls);
}

static int
on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct web_call *call = userdata;
	struct web_answer answer = {0};

	web_answer_from_reply(&answer, call->method, call->login, m);
	finish(call, &answer);
	return 0;
}

static int
send_call(struct web_call *call, const struct web_input *in, unsigned timeout_s, char *why,
    size_t why_size)
{
	sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_call(
	    call->calls->store, &m, NULL, STORE_PATH, STORE_IFACE, call->method->member);

	if (r >= 0)
		r = sd_bus_message_sensitive(m); /* wiped when freed: passwords, tokens, queries */
	if (r >= 0)
		r = web_args_append(m, call->method, in, why, why_size);
	if (r >= 0)
		r = sd_bus_call_async(call->calls->store, &call->slot, m, on_reply, call,
		    (uint64_t)(timeout_s == 0 ? WEB_TIMEOUT_S : timeout_s) * 1000000u);
	sd_bus_message_unref(m);
	return r;
}

int
web_call_start(struct web_calls *calls, const struct web_method *method, const struct web_input *in,
    unsigned timeout_s, web_call_done done, void *userdata, struct web_answer *ret_refusal,
    struct web_call **ret)
{
	const unsigned flags = in->match->route->flags;
	const unsigned most = WEB_CALLS_MAX + (flags & WEB_URGENT ? WEB_CALLS_URGENT : 0);
	struct web_call *call;
	char why[512] = "";
	int r;

	if (calls->store == NULL || calls->count >= most) {
		web_answer_refuse(ret_refusal, calls->store == NULL ? "away" : "too_many", NULL);
		return calls->store == NULL ? -ENOTCONN : -EBUSY;
	}
	call = calloc(1, sizeof *call);
	if (call == NULL) {
		web_answer_refuse(ret_refusal, "no_memory", NULL);
		return -ENOMEM;
	}
	call->calls = calls;
	call->method = method;
	call->login = flags & WEB_LOGIN;
	call->done = done;
	call->userdata = userdata;
	call->next = calls->first;
	call->at = &calls->first;
	if (call->next != NULL)
		call->next->at = &call->next;
	calls->first = call;
	calls->count++;
	r = send_call(call, in, timeout_s, why, sizeof why);
	if (r < 0) {
		web_answer_refuse(ret_refusal,
		    r == -EMSGSIZE ? "too_large"
		    : *why != '\0' ? "bad_request"
				   : "away",
		    *why != '\0' ? why : NULL);
		web_call_cancel(call);
		return r;
	}
	*ret = call;
	return 0;
}
