/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The box itself: rooms, disk, queues, waivers; scanners, profiles, types. */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "peer.h"
#include "profile.h"
#include "recognise.h"
#include "scanner/scanner_bus.h"
#include "store_bus.h"
#include "supervisor_bus.h"
#include "swap.h"
#include "text.h"

#define OVERRIDE_MAX_H 24 /* hours for which a manager answers for the clock at once */
#define REASON_MAX 512    /* bytes */

/* ---- status ---- */

static int
take_rooms(sd_bus_message *reply, void *arg)
{
	json_t *rooms = arg;
	const char *name;
	uint32_t pid, restarts;
	uint64_t rss;
	int ready, r;

	r = sd_bus_message_enter_container(reply, 'a', "(suutb)");
	while (r >= 0 && (r = sd_bus_message_read(
			      reply, "(suutb)", &name, &pid, &restarts, &rss, &ready)) > 0)
		json_array_append_new(rooms, json_pack("{s:s,s:I,s:I,s:I,s:b}", "name", name, "pid",
						 (json_int_t)pid, "restarts", (json_int_t)restarts,
						 "rss_kb", (json_int_t)rss, "ready", ready));
	return r;
}

static json_t *
waiver(const char *row, const char *since, const char *ja, const char *en)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "row", row, "since", since, "ja", ja, "en", en);
}

/* Rules that this box is set not to keep, each with its guideline row and date (architecture §4
 * rule 7, G6-03). */
static json_t *
waivers(struct store *store, const char *since)
{
	json_t *list = json_array();

	if (!config_bool(store->config, "policy", "require_second_factor"))
		json_array_append_new(
		    list, waiver("G6-03", since,
			      "二要素認証を使わない運用です（猶予。導入するまで表示されます）。",
			      "Second factors are waived for the time being; this stays visible "
			      "until they are in use."));
	if (!config_bool(store->config, "time", "require_sync"))
		json_array_append_new(list,
		    waiver("G6-32", since,
			"時刻同期を確かめずに確定できる設定です（実演・試験用）。",
			"Records can be confirmed without a synchronised clock (demo and tests)."));
	if (!config_bool(store->config, "tsa", "accredited"))
		json_array_append_new(list,
		    waiver("G91-11", since,
			"時刻印は認定を受けていない局によるものです（非認定）。",
			"Timestamps come from an authority that is not accredited (非認定)."));
	return list;
}

/* The start of the box is not recorded yet. */
static bool
owes(const struct store *store)
{
	return store->writer != NULL && writer_owes(store->writer);
}

/* What is not as it should be, though nobody set it so: code, and what to do about it. */
static json_t *
warnings(struct store *store, bool rests)
{
	json_t *list = json_array();

	if (store->swap == SWAP_PLAIN)
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:s,s:s}", "code", "swap_plain", "row", "P-01", "ja",
			"暗号化されていないスワップがあり、メモリーの内容が平文でディスクに残るおそ"
			"れがあり"
			"ます。スワップを止めるか、暗号化するか、サービスに MemorySwapMax=0 "
			"を設定してく"
			"ださい。",
			"en",
			"There is unencrypted swap: what is in memory could come to lie on the "
			"disk in "
			"plain. Turn it off, encrypt it, or set MemorySwapMax=0 for the service."));
	if (owes(store))
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:s,s:s}", "code", "disk_full", "row", "G73-04", "ja",
			"ディスクがいっぱいのため、起動を記録できません。サインインや閲覧など、記録が必要"
			"な操作はできません。保存済みの記録は無事です。空きを作ると、自動で続けます。",
			"en",
			"The disk is full, so the start cannot be recorded. Nothing that must be "
			"recorded is possible: no sign-in, no view. What is stored is safe. It "
			"goes on by itself when there is space."));
	else if (rests)
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:s,s:s}", "code", "disk_full", "row", "G73-04", "ja",
			"ディスクがいっぱいで、読み取った文字を保存できません。文字の読み取りを休ん"
			"でいます。ページの画像は保存されています。空きを作ると、自動で続けます。",
			"en",
			"The disk is full, so text that was read cannot be kept and reading rests. "
			"The pages themselves are kept. It goes on by itself when there is "
			"space."));
	if (!clock_synchronised(store, NULL))
		json_array_append_new(list,
		    json_pack("{s:s,s:s,s:s,s:s}", "code", "time_unsynchronised", "row", "G6-32",
			"ja",
			"時計が標準時と合っていることを確かめられません。chrony "
			"などの時刻同期を確かめてく"
			"ださい。",
			"en",
			"The clock is not known to be synchronised. Check time synchronisation "
			"(chrony)."));
	return list;
}

static json_t *
clock_state(struct store *store, uint64_t override_ms)
{
	uint64_t error_ms = 0;
	const bool good = clock_synchronised(store, &error_ms);
	char until[TIME_TEXT_SIZE] = "";

	if (override_ms > time_now_ms())
		time_format(override_ms, until);
	return json_pack("{s:b,s:I,s:s}", "synchronised", good, "max_error_ms",
	    (json_int_t)error_ms, "override_until", until);
}

static int
act_status(struct call *call)
{
	struct store *store = call->store;
	json_t *rooms = json_array(), *archive = NULL, *status = NULL, *queue;
	struct peer_call ask = {
	    "", SUPERVISOR_PATH, SUPERVISOR_IFACE, "Rooms", NULL, take_rooms, rooms, 10};
	uint64_t override_ms = 0;
	const char *since;
	bool rests = false;
	int r;

	peer_call(store, &ask, NULL);
	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_status_json(loan.cat, &status);
		if (r >= 0)
			r = catalogue_archive_json(loan.cat, &archive);
		if (r >= 0)
			override_ms = catalogue_time_override_ms(loan.cat);
	}
	if (r < 0) {
		json_decref(rooms);
		json_decref(status);
		return r;
	}
	queue = json_object_get(status, "queue");
	if (store->recogniser != NULL) /* offline there is none */
		rests = recogniser_estimate(store, queue);
	if (owes(store)) { /* until when, nobody knows */
		json_object_del(queue, "recognition_s");
		json_object_del(queue, "further_s");
	}
	since = json_string_value(json_object_get(archive, "created"));
	json_object_set_new(status, "rooms", rooms);
	json_object_set(status, "name", json_object_get(archive, "name"));
	json_object_set(status, "origin", json_object_get(archive, "origin"));
	json_object_set_new(status, "version", json_string(FUMIKURA_VERSION));
	json_object_set_new(status, "disk",
	    json_pack("{s:I,s:b}", "free", (json_int_t)store_free_space(store), "low",
		store_check_space(store) < 0));
	json_object_set_new(
	    status, "log", json_pack("{s:I}", "size", (json_int_t)eventlog_size(store->log)));
	json_object_set_new(status, "clock", clock_state(store, override_ms));
	if (store->swap >= 0)
		json_object_set_new(status, "swap", json_string(swap_name((enum swap)store->swap)));
	json_object_set_new(status, "warnings", warnings(store, rests));
	json_object_set_new(status, "waivers", waivers(store, since != NULL ? since : ""));
	json_decref(archive);
	call->result = status;
	return 0;
}

/* ---- the clock ---- */

struct override {
	char until[TIME_TEXT_SIZE];
	const char *reason;
};

static int
decide_override(struct txn *txn, void *arg)
{
	const struct override *o = arg;

	return txn_event(
	    txn, "time.override", json_pack("{s:s,s:s}", "until", o->until, "reason", o->reason));
}

static int
act_time_override(struct call *call)
{
	const uint32_t hours = call->args[1].u;
	struct override o = {.reason = call->args[2].text};
	int r;

	if (hours > OVERRIDE_MAX_H || strlen(o.reason) > REASON_MAX ||
	    (hours > 0 && o.reason[0] == '\0'))
		return refuse_detail(&call->refusal, "bad_parameter", "hours 0..24, reason");
	if (hours > 0)
		time_format(time_now_ms() + (uint64_t)hours * 3600000, o.until);
	r = call_commit(call, decide_override, &o);
	if (r >= 0)
		call->result = json_pack("{s:s}", "until", o.until);
	return r;
}

/* ---- devices ---- */

static json_t *
split(const char *list)
{
	json_t *out = json_array();

	while (*list != '\0') {
		const char *comma = strchrnul(list, ',');

		json_array_append_new(out, json_stringn(list, (size_t)(comma - list)));
		list = *comma == ',' ? comma + 1 : comma;
	}
	return out;
}

static int
take_devices(sd_bus_message *reply, void *arg)
{
	json_t *devices = arg;
	const char *name, *vendor, *model, *type, *sources;
	int r;

	r = sd_bus_message_enter_container(reply, 'a', "(sssss)");
	while (r >= 0 && (r = sd_bus_message_read(
			      reply, "(sssss)", &name, &vendor, &model, &type, &sources)) > 0)
		json_array_append_new(
		    devices, json_pack("{s:s,s:s,s:s,s:s,s:o}", "name", name, "vendor", vendor,
				 "model", model, "type", type, "sources", split(sources)));
	return r;
}

static int
act_devices(struct call *call)
{
	json_t *devices = json_array();
	struct peer_call ask = {"scanner", SCANNER_PATH, SCANNER_IFACE, "Devices", NULL,
	    take_devices, devices, STORE_DEVICES_S};
	int r = peer_call(call->store, &ask, &call->refusal);

	if (r == -ENOTCONN || r == -ETIMEDOUT)
		r = refuse(&call->refusal, "scanner_away");
	if (r >= 0)
		call->result = json_pack("{s:O}", "devices", devices);
	json_decref(devices);
	return r;
}

static int
act_profiles(struct call *call)
{
	call->result = profiles_json();
	return 0;
}

static int
act_types(struct call *call)
{
	call->result = types_json();
	return 0;
}

const struct act acts_box[] = {
    {"Status", ACTION_STATUS, act_status, 0},
    {"TimeOverride", ACTION_TIME, act_time_override, 0},
    {"Devices", ACTION_LISTS, act_devices, ACT_SLOW},
    {"Profiles", ACTION_LISTS, act_profiles, 0},
    {"Types", ACTION_LISTS, act_types, 0},
    {NULL},
};
