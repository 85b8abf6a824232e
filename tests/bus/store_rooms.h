/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The honest side of the play: fumikurad's control link, a scanner, a recogniser, a courier and an
 * importer that do what their contracts say with tiny pages, and the birth and end of the archive.
 */
#ifndef STORE_ROOMS_H
#define STORE_ROOMS_H

#include "store_peer.h"

#include "ocr/ocr_bus.h"
#include "scanner/scanner_bus.h"
#include "web/courier_bus.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* ---- the control link ---- */

static int
on_sign_of_life(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;

	if (strcmp(sd_bus_message_get_member(m), "Ready") == 0)
		p->ready = true;
	return sd_bus_reply_method_return(m, "");
}

static int
on_rooms(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return sd_bus_reply_method_return(m, "a(suutb)", 1, "store", 1, 0, (uint64_t)1, 1);
}

static int on_kill(sd_bus_message *m, void *userdata, sd_bus_error *error);
static int on_spawn_import(sd_bus_message *m, void *userdata, sd_bus_error *error);

static const sd_bus_vtable supervisor_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", on_sign_of_life, 0),
    SD_BUS_METHOD("Alive", "", "", on_sign_of_life, 0),
    SD_BUS_METHOD("Rooms", "", "a(suutb)", on_rooms, 0),
    SD_BUS_METHOD("Kill", "s", "", on_kill, 0),
    SD_BUS_METHOD("SpawnImport", "s", "", on_spawn_import, 0),
    SD_BUS_VTABLE_END,
};
static const char *const supervisor_allow[] = {SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive",
    SUPERVISOR_IFACE ".Rooms", SUPERVISOR_IFACE ".Kill", SUPERVISOR_IFACE ".SpawnImport", NULL};

/* ---- pages ---- */

/* The answer to a page as it comes; NULL reply while store works on it. */
static inline void
put_page_fd(sd_bus *bus, sd_bus_message **ret, const char *job, uint32_t seq, int fd)
{
	assert_true(sd_bus_call_method_async(bus, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "PutPage",
			on_answer, pending(ret), "suha{ss}", job, seq, fd, 4, "raw_sha256", ZEROS,
			"width", "100", "height", "140", "dpi_x", "75") >= 0);
}

static inline void
put_page(sd_bus *bus, sd_bus_message **ret, const char *job, uint32_t seq)
{
	char page[96];
	int fd;

	snprintf(page, sizeof(page), "II*%s %u", job, seq);
	fd = memfd_new_sealed("page", page, strlen(page));
	assert_true(fd >= 0);
	put_page_fd(bus, ret, job, seq, fd);
	close(fd);
}

static inline void
send_finish(sd_bus *bus, sd_bus_message **ret, const char *job, const char *code, const char *ja)
{
	assert_true(sd_bus_call_method_async(bus, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
			on_answer, pending(ret), "ssss", job, code, ja, "Said by the test.") >= 0);
}

static inline const char *
finish(struct play *p, sd_bus *bus, const char *job, const char *code)
{
	sd_bus_message *reply;

	send_finish(bus, &reply, job, code, "試験です。");
	WAIT(p, reply != NULL);
	return said_by(reply);
}

static inline const char *
page(struct play *p, sd_bus *bus, const char *job, uint32_t seq)
{
	sd_bus_message *reply;

	put_page(bus, &reply, job, seq);
	WAIT(p, reply != NULL);
	return said_by(reply);
}

/* ---- scanner: takes the job; the test delivers ---- */

static int
on_scanner(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;
	const char *member = sd_bus_message_get_member(m), *job;

	if (strcmp(member, "Devices") == 0) {
		if (p->on_devices != NULL)
			return p->on_devices(m, p);
		return sd_bus_reply_method_return(
		    m, "a(sssss)", 1, "fake:0", "Fake", "One", "feeder", "Feeder,Flatbed");
	}
	assert_true(sd_bus_message_read(m, "s", &job) > 0);
	if (strcmp(member, "Cancel") == 0)
		return p->on_cancel != NULL ? p->on_cancel(m, p)
					    : sd_bus_reply_method_return(m, "");
	p->scans++;
	snprintf(p->job, sizeof(p->job), "%s", job);
	return p->on_scan != NULL ? p->on_scan(m, p) : sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable scanner_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Devices", "", "a(sssss)", on_scanner, 0),
    SD_BUS_METHOD("Scan", "ssussu", "", on_scanner, 0),
    SD_BUS_METHOD("Cancel", "s", "", on_scanner, 0),
    SD_BUS_VTABLE_END,
};
static const char *const scanner_allow[] = {
    SCANNER_IFACE ".Devices", SCANNER_IFACE ".Scan", SCANNER_IFACE ".Cancel", NULL};

static inline void
attach_scanner(struct play *p)
{
	attach(
	    p, "scanner", scanner_allow, SCANNER_PATH, SCANNER_IFACE, scanner_vtable, &p->scanner);
}

/* ---- ocr ---- */

#define RESULT_HEAD                                                                                \
	"{\"engine\":{\"name\":\"fake\"},\"width\":100,\"height\":140,\"dpi\":75,\"rotation\":0,"  \
	"\"skew_mdeg\":0,\"codes\":[],\"fields\":[],\"form_type\":\"\",\"findings\":[],"
#define RESULT                                                                                       \
	RESULT_HEAD "\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":90,\"text\":\"被保" \
		    "険者\",\"boxes\":[1,1,9,9,11,1,9,9,21,1,9,9,31,1,9,9]}]}"

/* Answers Read with this result and small derivatives. */
static inline int
reply_reading(sd_bus_message *m, const void *result, size_t size)
{
	int fd[4], r;

	fd[0] = memfd_new_sealed("result", result, size);
	fd[1] = memfd_new_sealed("alto", "<alto/>", 7);
	fd[2] = memfd_new_sealed("preview", "jpeg", 4);
	fd[3] = memfd_new_sealed("thumb", "jpg", 3);
	r = sd_bus_reply_method_return(m, "hhhh", fd[0], fd[1], fd[2], fd[3]);
	for (int i = 0; i < 4; i++)
		close(fd[i]);
	return r;
}

static int
on_ocr(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;
	const char *member = sd_bus_message_get_member(m);
	int fd, r;

	if (strcmp(member, "Read") == 0) {
		p->reads++;
		return p->on_read != NULL ? p->on_read(m, p)
					  : reply_reading(m, RESULT, strlen(RESULT));
	}
	if (strcmp(member, "Compose") == 0 && p->on_compose != NULL)
		return p->on_compose(m, p);
	if (strcmp(member, "Correct") == 0 && p->on_correct != NULL)
		return p->on_correct(m, p);
	if (strcmp(member, "Turn") == 0) {
		p->turns++;
		if (p->on_turn != NULL)
			return p->on_turn(m, p);
	}
	fd = memfd_new_sealed("made", "%PDF-", 5);
	r = strcmp(member, "Turn") != 0 ? sd_bus_reply_method_return(m, "h", fd)
					: sd_bus_reply_method_return(m, "hh", fd, fd);
	close(fd);
	return r;
}

static const sd_bus_vtable ocr_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Read", "sha{ss}", "hhhh", on_ocr, 0),
    SD_BUS_METHOD("Compose", "a(hhi)a{ss}a(uuuuu)", "h", on_ocr, 0),
    SD_BUS_METHOD("Correct", "ha(uuuus)", "h", on_ocr, 0),
    SD_BUS_METHOD("Turn", "hi", "hh", on_ocr, 0),
    SD_BUS_VTABLE_END,
};
static const char *const ocr_allow[] = {
    OCR_IFACE ".Read", OCR_IFACE ".Compose", OCR_IFACE ".Correct", OCR_IFACE ".Turn", NULL};

static inline void
attach_ocr(struct play *p, unsigned i)
{
	char peer[16];

	snprintf(peer, sizeof(peer), "ocr/%u", i);
	attach(p, peer, ocr_allow, OCR_PATH, OCR_IFACE, ocr_vtable, &p->ocr[i]);
}

/* As fumikurad does with who is killed. A fresh one reads as on_fresh says. */
static void
revive(struct play *p)
{
	hang_up(&p->ocr[0]);
	if (p->on_fresh != NULL)
		p->on_fresh(p);
	attach_soon(p, "ocr/0", ocr_allow, OCR_PATH, OCR_IFACE, ocr_vtable, &p->ocr[0]);
}

/* ---- courier: no authority is ever reached ---- */

static int
on_courier(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;

	p->posts++;
	if (p->on_post != NULL)
		return p->on_post(m, p);
	return link_error(error, "unreachable", "届きません。", "It cannot be reached.");
}

static const sd_bus_vtable courier_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Post", "ssh", "ush", on_courier, 0),
    SD_BUS_VTABLE_END,
};
static const char *const courier_allow[] = {COURIER_IFACE ".Post", NULL};

static inline void
attach_courier(struct play *p)
{
	attach(
	    p, "courier", courier_allow, COURIER_PATH, COURIER_IFACE, courier_vtable, &p->courier);
}

/* ---- import: the link comes first, then SpawnImport is answered, as fumikurad does ---- */

static int
on_import(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;

	if (p->on_convert != NULL)
		return p->on_convert(m, p);
	assert_true(sd_bus_reply_method_return(m, "") >= 0);
	/* answers come while nobody waits: they may be anything but a crash */
	assert_true(sd_bus_call_method_async(p->import, NULL, NULL, INTAKE_PATH, INTAKE_IFACE,
			"Finish", NULL, NULL, "ssss", p->import_job, "corrupt", "壊れています。",
			"It is damaged.") >= 0);
	return 1;
}

static const sd_bus_vtable import_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Convert", "ssh", "", on_import, 0),
    SD_BUS_VTABLE_END,
};
static const char *const import_allow[] = {"jp.fumikura.Import1.Convert", NULL};

static int
on_import_attached(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message *asked = userdata;

	sd_bus_reply_method_return(asked, "");
	sd_bus_message_unref(asked);
	return 0;
}

static int
on_spawn_import(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;
	const char *job;
	char peer[80];
	int pair[2];

	assert_true(sd_bus_message_read(m, "s", &job) > 0);
	if (p->import != NULL)
		return link_error(error, "busy", "混んでいます。", "Busy.");
	if (p->import_stays_away)
		return sd_bus_reply_method_return(m, "");
	snprintf(p->import_job, sizeof(p->import_job), "%s", job);
	snprintf(peer, sizeof(peer), "import/%s", job);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_true(
	    sd_bus_call_method_async(p->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE, "Attach",
		on_import_attached, sd_bus_message_ref(m), "sh", peer, pair[1]) >= 0);
	close(pair[1]);
	client(p, pair[0], import_allow, &p->import);
	assert_true(sd_bus_add_object_vtable(p->import, NULL, "/jp/fumikura/import",
			"jp.fumikura.Import1", import_vtable, p) >= 0);
	return 1;
}

static int
on_kill(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct play *p = userdata;
	const char *peer;

	assert_true(sd_bus_message_read(m, "s", &peer) > 0);
	snprintf(p->killed, sizeof(p->killed), "%s", peer);
	p->kills++;
	if (strncmp(peer, "import/", 7) == 0 && p->import != NULL)
		hang_up(&p->import);
	if (strcmp(peer, "scanner") == 0 && p->scanner != NULL)
		hang_up(&p->scanner);
	if (strcmp(peer, "ocr/0") == 0 && p->revives)
		revive(p);
	return sd_bus_reply_method_return(m, "");
}

/* ---- birth and end ---- */

static inline void
make_archive(struct play *p)
{
	char data[80];
	char *const argv[] = {(char *)"store", (char *)"--offline", (char *)"--data", data, NULL};
	sd_bus *bus = NULL;
	int pair[2];

	snprintf(data, sizeof(data), "%s/data", p->dir);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	spawn(p, pair[1], -1, argv);
	client(p, pair[0], NULL, &bus);
	expect(call_store(p, bus, "Init", "ssss", "試験の書庫", "", "admin", PASSWORD), "ok");
	hang_up(&bus);
	WAIT(p, p->exited);
}

static inline void
start_store(struct play *p, const char *more_config)
{
	char *const argv[] = {(char *)"store", NULL};
	struct link_options options = {.server = true,
	    .allow = supervisor_allow,
	    .closed = link_ended,
	    .userdata = &p->control};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	sd_bus_message *reply;
	char config[1024];
	int pair[2], listener;

	snprintf(config, sizeof(config),
	    "[archive]\ndata = %s/data\n[store]\nmaster_key_file = %s/data.key\n"
	    "[time]\n%s%s",
	    p->dir, p->dir, strstr(more_config, "require_sync") ? "" : "require_sync = no\n",
	    more_config);
	p->ready = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	spawn(p, pair[1], memfd_new_sealed("config", config, strlen(config)), argv);
	assert_true(link_new(p->event, pair[0], &options, &p->control) >= 0);
	assert_true(sd_bus_add_object_vtable(p->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE,
			supervisor_vtable, p) >= 0);
	WAIT(p, p->ready || p->exited);
	assert_false(p->exited);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%.60s/local.sock", p->dir);
	unlink(address.sun_path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 512), 0);
	reply = call_peer(
	    p, p->control, SUPERVISOR_PATH, ROOM_IFACE, "Listen", "sh", "local", listener);
	expect(reply, "ok");
	close(listener);
	command_line(p, &p->local);
	attach(p, "web", NULL, NULL, NULL, NULL, &p->web);
}

/* Asks store to stop and lets go of every link; its exit status is 0. */
static inline void
stop_store(struct play *p)
{
	sd_bus **const links[] = {&p->web, &p->local, &p->scanner, &p->courier, &p->ocr[0],
	    &p->ocr[1], &p->import, &p->control};

	sd_bus_call_method_async(
	    p->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE, "Stop", NULL, NULL, "");
	WAIT(p, p->exited);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (*links[i] != NULL)
			hang_up(links[i]);
	assert_int_equal(p->status, 0);
}

/* An archive with its administrator signed in, served. */
static inline void
begin(struct play *p, const char *more_config)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	memset(p, 0, sizeof(*p));
	strcpy(p->dir, "/tmp/fumikura-store-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	assert_true(sd_event_new(&p->event) >= 0);
	make_archive(p);
	start_store(p, more_config);
	p->people[0] = (struct person){"admin", "admin", ""};
	p->n_people = 1;
	sign_in(p, "admin", PASSWORD, p->people[0].token);
}

static inline int
remove_entry(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	return remove(path);
}

static inline void
end(struct play *p)
{
	stop_store(p);
	sd_event_unref(p->event);
	nftw(p->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- short ways ---- */

/* A batch of n pages by that person, ended; returns its id (static). The pages are read later. */
static inline const char *
scan_pages(struct play *p, const char *who, unsigned n)
{
	static char batch[16];

	text_of(call_store(p, p->web, "Scan", "sssssu", token(p, who), "", "", "", "", 0), "batch",
	    batch, sizeof(batch));
	for (unsigned i = 1; i <= n; i++)
		assert_string_equal(page(p, p->scanner, p->job, i), "ok");
	assert_string_equal(finish(p, p->scanner, p->job, "ok"), "ok");
	return batch;
}

/* The state of a page of the batch, as BatchShow says it. */
static inline void
page_state(struct play *p, const char *who, const char *batch, unsigned seq, char out[32])
{
	json_t *answer =
	    json_of(call_store(p, p->web, "BatchShow", "sst", token(p, who), batch, (uint64_t)0));
	const json_t *entry = json_array_get(json_object_get(answer, "pages"), seq - 1);

	snprintf(out, 32, "%s", json_string_value(json_object_get(entry, "state")));
	json_decref(answer);
}

/* Waits, without a clock, until the page is no longer "waiting" to be read: BatchShow's long poll
 * answers when something changed. */
static inline void
wait_read(struct play *p, const char *who, const char *batch, unsigned seq, const char *state)
{
	const time_t until = time(NULL) + PATIENCE_S;
	uint64_t seen = 0;

	for (;;) {
		json_t *answer =
		    json_of(call_store(p, p->web, "BatchShow", "sst", token(p, who), batch, seen));
		const json_t *entry = json_array_get(json_object_get(answer, "pages"), seq - 1);
		const char *is = json_string_value(json_object_get(entry, "state"));
		const bool there = is != NULL && strcmp(is, state) == 0;

		seen = (uint64_t)json_integer_value(json_object_get(answer, "change"));
		json_decref(answer);
		if (there)
			return;
		assert_true(time(NULL) < until);
	}
}

#endif
