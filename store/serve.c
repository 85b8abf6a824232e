/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dispatch: bus message → arguments → session → permission → pool thread → reply. Knows no method's
 * meaning. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "full.h"
#include "link.h"
#include "log.h"
#include "secret.h"
#include "serve.h"
#include "serve_args.h"
#include "session.h"
#include "store_bus.h"
#include "text.h"

/* What a link's vtable knows; lives as long as the bus. */
struct serving {
	struct store *store;
	bool console;
	unsigned max_open, open; /* calls under way; main thread */
};
#define OPEN_LOCAL 32 /* of one command line */
#define OPEN_WEB 192  /* of all browsers; the rest of the waiting places is for command lines */

struct method {
	const char *member, *in, *out;
};
static const struct method methods[] = {
#define ROW(member, in, names, out, doc) {#member, in, out},
    STORE_METHODS(ROW)
#undef ROW
};

const char *const serve_allow[] = {
#define ROW(member, in, names, out, doc) STORE_IFACE "." #member,
    STORE_METHODS(ROW)
#undef ROW
	NULL,
};
const char *const serve_allow_web[] = {
#define ROW(member, in, names, out, doc) STORE_IFACE "." #member,
    STORE_METHODS(ROW)
#undef ROW
	STORE_IFACE "." STORE_SIGN_WEB_KEY,
    NULL,
};

static const struct act *const tables[] = {acts_session, acts_people, acts_reset, acts_box,
    acts_intake, acts_batch, acts_record, acts_find, acts_place, acts_proof, acts_init};

static const struct act *
find_act(const char *member)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct act *a = tables[t]; a->member != NULL; a++)
			if (strcmp(a->member, member) == 0)
				return a;
	return NULL;
}

static const struct method *
find_method(const char *member)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i].member, member) == 0)
			return &methods[i];
	return NULL;
}

static void
call_free(struct call *call)
{
	for (unsigned i = 0; i < call->n_args; i++)
		arg_clear(&call->args[i]);
	for (size_t i = 0; i < call->n_files; i++) {
		free(call->files[i].name);
		closep(&call->files[i].fd);
	}
	free(call->files);
	json_decref(call->result);
	sd_bus_message_unref(call->message);
	free(call);
}

/* ---- on the pool thread ---- */

struct denied {
	const char *action, *object;
};

static int
decide_denied(struct txn *txn, void *arg)
{
	const struct denied *d = arg;

	return txn_event(txn, "denied",
	    json_pack("{s:s,s:s,s:s}", "action", d->action, "object", d->object, "code", "denied"));
}

/* That time ended a session is known when somebody tries to go on in it (G6-09). */
static int
decide_expired(struct txn *txn, void *arg)
{
	return txn_event(txn, "session.close",
	    json_pack("{s:s,s:s,s:s}", "user", txn->actor->user, "session", txn->actor->session,
		"why", "expired"));
}

/* Fills role, actor and user of the call, or refuses. */
static int
authenticate(struct call *call)
{
	struct store *store = call->store;
	const char *token = call->args[0].text;
	char account[SESSION_ACCOUNT];
	_cleanup_(loan_end) struct loan loan = {0};
	int r;

	if (call->act->flags & ACT_NO_SESSION) {
		call->role = call->console ? ROLE_CONSOLE : ROLE_NONE;
		memcpy(call->actor.user, "console", sizeof("console"));
		return 0;
	}
	if (token[0] == '\0') {
		if (!call->console)
			return refuse(&call->refusal, "not_signed_in");
		call->role = ROLE_CONSOLE;
		memcpy(call->actor.user, "console", sizeof("console"));
		return 0;
	}
	if (store->sessions == NULL)
		return refuse(&call->refusal, "no_archive");
	r = session_find(store->sessions, token, &call->actor, account, &call->expires_ms);
	if (r == -ETIME)
		writer_commit(store->writer, &call->actor, NULL, decide_expired, NULL);
	if (r < 0 && r != -ETIME && r != -ENOENT)
		return r; /* nothing says that it has ended */
	if (r < 0) {
		log_warn("store: %s: no such session or an ended one", call->act->member);
		return refuse(&call->refusal, "session_expired");
	}
	loan = loan_start(store);
	r = loan.cat == NULL ? -EIO : catalogue_user(loan.cat, call->actor.user, &call->user);
	r = refuse_absent(&call->refusal, r, "session_expired", NULL);
	if (r < 0)
		return r;
	if (strcmp(call->user.state, "active") != 0)
		return refuse(&call->refusal, "account_disabled");
	/* the password was changed or reset elsewhere since: also after a restart */
	if (strcmp(call->user.file_sha256, account) != 0) {
		session_close(store->sessions, token);
		return refuse(&call->refusal, "session_expired");
	}
	call->role = role_parse(call->user.role);
	if (call->user.must_change && !(call->act->flags & ACT_BEFORE_CHANGE))
		return refuse(&call->refusal, "password_must_change");
	return 0;
}

static int
authorise(struct call *call)
{
	struct denied denied = {action_name(call->act->action), ""};

	if (permit(call->role, call->act->action) &&
	    !((call->act->flags & ACT_MUST_CONSOLE) && !call->console))
		return 0;
	/* what a person does with the own account has secrets for arguments, not objects */
	if (call->act->action != ACTION_OWN && call->n_args > 1 && call->args[1].type == 's')
		denied.object = call->args[1].text;
	if (call->store->writer != NULL)
		writer_commit(call->store->writer, &call->actor, NULL, decide_denied, &denied);
	return refuse(&call->refusal, "denied");
}

static void
run_call(void *arg)
{
	struct call *call = arg;
	int r;

	r = call->store->waiting ? full_refuse(&call->refusal) : authenticate(call);
	if (r >= 0)
		r = authorise(call);
	if (r >= 0 && call->store->writer == NULL &&
	    !(call->store->offline && (call->act->flags & ACT_OFFLINE)))
		r = refuse(&call->refusal, "no_archive");
	if (r >= 0)
		r = call->act->run(call);
	if (r < 0 && r != -ECANCELED)
		log_errno(r, "store: %s", call->act->member);
	if (r < 0)
		refuse_errno(&call->refusal, r);
	call->r = r;
}

/* ---- back on the main thread ---- */

static int
append_result(struct call *call, sd_bus_message *reply, const char *out)
{
	char *text = json_dumps(call->result, JSON_COMPACT);
	int r = 0;

	if (text == NULL)
		return -ENOMEM;
	if (strcmp(out, "hs") == 0) {
		r = call->n_files == 1 ? sd_bus_message_append(reply, "h", call->files[0].fd)
				       : -EINVAL;
	} else if (strcmp(out, "a(sh)s") == 0) {
		r = sd_bus_message_open_container(reply, 'a', "(sh)");
		for (size_t i = 0; r >= 0 && i < call->n_files; i++)
			r = sd_bus_message_append(
			    reply, "(sh)", call->files[i].name, call->files[i].fd);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	if (r >= 0)
		r = sd_bus_message_append(reply, "s", text);
	secret_free_text(text);
	return r;
}

static int
send_result(struct call *call)
{
	sd_bus_message *reply = NULL;
	int r;

	if (call->result == NULL)
		call->result = json_object();
	r = sd_bus_message_new_method_return(call->message, &reply);
	if (r >= 0)
		r = sd_bus_message_sensitive(reply);
	if (r >= 0)
		r = append_result(call, reply, find_method(call->act->member)->out);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r;
}

static void
send_refusal(struct call *call)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;

	link_error(&error, call->refusal.code, call->refusal.ja, call->refusal.en);
	sd_bus_reply_method_error(call->message, &error);
	sd_bus_error_free(&error);
}

static void
finish_call(void *arg)
{
	struct call *call = arg;

	if (call->r >= 0) {
		call->r = send_result(call);
		if (call->r < 0) {
			log_errno(call->r, "store: %s: reply", call->act->member);
			refuse(&call->refusal, "internal");
		}
	}
	if (call->r < 0)
		send_refusal(call);
	call->serving->open--; /* lives as long as the bus, which the call's message holds */
	call_free(call);
}

/* Who must wait for a room, a hash or the whole archive waits among equals: everybody else is
 * answered meanwhile. */
static struct pool *
pool_of(struct store *store, const struct act *act, const struct call *call)
{
	const bool slow = (act->flags & ACT_SLOW) != 0 ||
			  ((act->flags & ACT_SLOW_ALTO) && strcmp(call->args[3].text, "alto") == 0);

	if ((act->flags & ACT_HASHES) && store->hashing != NULL)
		return store->hashing;
	if ((act->flags & ACT_URGENT) && store->urgent != NULL)
		return store->urgent;
	if (slow && store->slow != NULL)
		return store->slow;
	return store->calls;
}

static int
on_call(sd_bus_message *message, void *userdata, sd_bus_error *ret_error)
{
	struct serving *serving = userdata;
	const struct method *method = find_method(sd_bus_message_get_member(message));
	const struct act *act = method != NULL ? find_act(method->member) : NULL;
	struct call *call;
	int r;

	if (act == NULL)
		return -EBADRQC;
	call = calloc(1, sizeof(*call));
	if (call == NULL)
		return -ENOMEM;
	call->store = serving->store;
	call->act = act;
	call->console = serving->console;
	call->serving = serving;
	call->message = sd_bus_message_ref(message);
	sd_bus_message_sensitive(message); /* passwords and tokens: wiped when it is freed */
	r = serving->open >= serving->max_open && !(act->flags & ACT_URGENT)
		? -EBUSY
		: args_read(message, method->in, call->args, &call->n_args);
	if (r >= 0)
		r = pool_submit(pool_of(serving->store, act, call), run_call, finish_call, call);
	if (r >= 0) {
		serving->open++;
		return 1;
	}
	refuse(&call->refusal, r == -EBUSY   ? "overloaded"
			       : r == -E2BIG ? "too_long"
					     : "bad_parameter");
	log_errno(r, "store: %s refused before it ran", act->member);
	send_refusal(call);
	call_free(call);
	return 1;
}

static int
reply_certificates(sd_bus_message *message, const char *cert, const char *ca)
{
	sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(message, &reply);
	if (r >= 0)
		r = sd_bus_message_append_array(reply, 'y', cert, strlen(cert));
	if (r >= 0)
		r = sd_bus_message_append_array(reply, 'y', ca, strlen(ca));
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return r < 0 ? r : 1;
}

static int
on_sign_web_key(sd_bus_message *message, void *userdata, sd_bus_error *ret_error)
{
	const struct serving *serving = userdata;
	struct ca *ca = serving->store->ca;
	struct refusal refusal = {.code = ""};
	_cleanup_(freep) char *cert = NULL;
	char **names = NULL;
	const void *csr;
	size_t size;
	int r;

	r = sd_bus_message_read_array(message, 'y', &csr, &size);
	if (r >= 0)
		r = sd_bus_message_read_strv(message, &names);
	if (r >= 0)
		r = ca == NULL ? -ENOENT
			       : ca_sign_web(ca, csr, size, (const char *const *)names, &cert);
	for (char **n = names; n != NULL && *n != NULL; n++)
		free(*n);
	free(names);
	if (r >= 0)
		return reply_certificates(message, cert, ca_certificate_pem(ca));
	log_errno(r, "store: cannot certify web's key");
	refuse_errno(&refusal, r);
	return link_error(ret_error, refusal.code, refusal.ja, refusal.en);
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
#define ROW(member, in, names, out, doc) SD_BUS_METHOD(#member, in, out, on_call, 0),
    STORE_METHODS(ROW)
#undef ROW
	SD_BUS_METHOD(STORE_SIGN_WEB_KEY, "ayas", "ayay", on_sign_web_key, 0),
    SD_BUS_VTABLE_END,
};

static void
serving_free(void *userdata)
{
	free(userdata);
}

int
serve_begin(struct store *store, sd_bus *bus, bool console, bool web)
{
	struct serving *serving = calloc(1, sizeof(*serving));
	sd_bus_slot *slot = NULL;
	int r;

	if (serving == NULL)
		return -ENOMEM;
	*serving = (struct serving){
	    .store = store, .console = console, .max_open = web ? OPEN_WEB : OPEN_LOCAL};
	r = sd_bus_add_object_vtable(bus, &slot, STORE_PATH, STORE_IFACE, vtable, serving);
	if (r < 0) {
		free(serving);
		return r;
	}
	sd_bus_slot_set_destroy_callback(slot, serving_free);
	r = sd_bus_slot_set_floating(slot, 1);
	sd_bus_slot_unref(slot);
	return r;
}
