/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays fumikurad and store for one shipped room that makes pages (scanner, import): starts it with
 * its two descriptors, attaches a link, takes its pages, answers or holds them. Everything waits
 * for what must come, nothing measures time.
 */
#ifndef FAKE_STORE_H
#define FAKE_STORE_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <tiffio.h>

#include "base/link.h"
#include "base/memfd.h"
#include "base/sha256.h"
#include "scanner/scanner_bus.h"
#include "supervisor_bus.h"

#define FAKE_MAX_PAGES 64
#define FAKE_PATIENCE_USEC (UINT64_C(60) * 1000000) /* far longer than anything here takes */
#define FAKE_MAX_PARAMS 32

struct fake_page {
	uint32_t seq;
	char *keys[FAKE_MAX_PARAMS], *values[FAKE_MAX_PARAMS];
	size_t n_params;
	uint32_t width, height;
	unsigned depth, samples, orientation;
	float dpi_x, dpi_y;
	uint8_t *rows; /* decoded, packed */
	size_t size;
	char rows_sha256[SHA256_HEX_SIZE];
};

struct fake {
	sd_event *event;
	sd_bus *control, *store;
	pid_t pid;
	bool ready, store_closed, exited;
	int status;         /* of waitpid, when exited */
	bool hold;          /* do not answer PutPage */
	const char *refuse; /* answer PutPage with this error code */
	sd_bus_message *held[FAKE_MAX_PAGES];
	size_t n_held;
	struct fake_page pages[FAKE_MAX_PAGES];
	size_t n_pages;
	unsigned finishes;
	char job[64], code[64], ja[2048], en[2048];
};

/* ---- pages ---- */

static void
fake_decode(struct fake_page *page, int fd)
{
	_cleanup_(memview_free) struct memview view = {0};
	uint16_t depth = 0, samples = 1, orientation = 0;
	char path[32];
	TIFF *tiff;
	size_t line;

	assert_int_equal(memfd_view(fd, MEMFD_MAX, &view), 0); /* checks the seals */
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	tiff = TIFFOpen(path, "rm");
	assert_non_null(tiff);
	assert_int_equal(TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &page->width), 1);
	assert_int_equal(TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &page->height), 1);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &depth);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &samples);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
	TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &page->dpi_x);
	TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &page->dpi_y);
	page->depth = depth;
	page->samples = samples;
	page->orientation = orientation;
	line = (size_t)TIFFScanlineSize(tiff);
	page->size = line * page->height;
	page->rows = calloc(1, page->size); /* bits that fill up a row are not written */
	assert_non_null(page->rows);
	for (uint32_t y = 0; y < page->height; y++)
		assert_int_equal(TIFFReadScanline(tiff, page->rows + y * line, y, 0), 1);
	assert_int_equal(TIFFReadDirectory(tiff), 0); /* one page */
	TIFFClose(tiff);
	sha256_hex(page->rows, page->size, page->rows_sha256);
}

static const char *
fake_param(const struct fake_page *page, const char *key)
{
	for (size_t i = 0; i < page->n_params; i++)
		if (strcmp(page->keys[i], key) == 0)
			return page->values[i];
	return NULL;
}

static void
fake_forget_pages(struct fake *f)
{
	for (size_t i = 0; i < f->n_pages; i++) {
		struct fake_page *p = &f->pages[i];

		for (size_t k = 0; k < p->n_params; k++) {
			free(p->keys[k]);
			free(p->values[k]);
		}
		free(p->rows);
	}
	memset(f->pages, 0, sizeof f->pages);
	f->n_pages = 0;
}

/* Answers a page as set in f. A room that has died meanwhile takes no answer. */
static void
fake_answer(struct fake *f, sd_bus_message *m)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	if (f->refuse != NULL) {
		link_error(&error, f->refuse, "試験のため断りました。", "Refused for a test.");
		r = sd_bus_reply_method_error(m, &error);
		sd_bus_error_free(&error);
	} else {
		r = sd_bus_reply_method_return(m, "s", "page-id");
	}
	assert_true(r >= 0 || !sd_bus_is_open(sd_bus_message_get_bus(m)));
}

static int
fake_put_page(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct fake *f = userdata;
	struct fake_page *p = &f->pages[f->n_pages];
	const char *job, *key, *value;
	int fd;

	assert_in_range(f->n_pages, 0, FAKE_MAX_PAGES - 1);
	assert_int_equal(f->finishes, 0); /* nothing comes after the end */
	assert_true(sd_bus_message_read(m, "suh", &job, &p->seq, &fd) >= 0);
	snprintf(f->job, sizeof f->job, "%s", job);
	assert_true(sd_bus_message_enter_container(m, 'a', "{ss}") >= 0);
	while (sd_bus_message_read(m, "{ss}", &key, &value) > 0) {
		assert_in_range(p->n_params, 0, FAKE_MAX_PARAMS - 1);
		p->keys[p->n_params] = strdup(key);
		p->values[p->n_params++] = strdup(value);
	}
	fake_decode(p, fd);
	f->n_pages++;
	assert_int_equal(p->seq, f->n_pages);
	if (f->hold)
		f->held[f->n_held++] = sd_bus_message_ref(m);
	else
		fake_answer(f, m);
	return 1;
}

static inline void
fake_release(struct fake *f, size_t n)
{
	for (size_t i = 0; i < n && f->n_held > 0; i++) {
		fake_answer(f, f->held[0]);
		sd_bus_message_unref(f->held[0]);
		memmove(f->held, f->held + 1, --f->n_held * sizeof *f->held);
	}
}

static int
fake_finish(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct fake *f = userdata;
	const char *job, *code, *ja, *en;

	assert_true(sd_bus_message_read(m, "ssss", &job, &code, &ja, &en) >= 0);
	assert_int_equal(f->n_held, 0); /* only after the last answer */
	snprintf(f->job, sizeof f->job, "%s", job);
	snprintf(f->code, sizeof f->code, "%s", code);
	snprintf(f->ja, sizeof f->ja, "%s", ja);
	snprintf(f->en, sizeof f->en, "%s", en);
	assert_true(strlen(ja) > 10 && strlen(en) > 10);
	f->finishes++;
	return sd_bus_reply_method_return(m, "");
}

/* ---- fumikurad's side ---- */

static int
fake_sign_of_life(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct fake *f = userdata;

	if (strcmp(sd_bus_message_get_member(m), "Ready") == 0)
		f->ready = true;
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable fake_supervisor_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", fake_sign_of_life, 0),
    SD_BUS_METHOD("Alive", "", "", fake_sign_of_life, 0),
    SD_BUS_VTABLE_END,
};

static const sd_bus_vtable fake_intake_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("PutPage", "suha{ss}", "s", fake_put_page, 0),
    SD_BUS_METHOD("Finish", "ssss", "", fake_finish, 0),
    SD_BUS_VTABLE_END,
};

static const char *const fake_allow[] = {SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive",
    INTAKE_IFACE ".PutPage", INTAKE_IFACE ".Finish", NULL};

static void
fake_closed(sd_bus *bus, void *userdata)
{
	struct fake *f = userdata;

	if (bus == f->store) {
		f->store_closed = true;
		f->store = sd_bus_unref(f->store);
	} else if (bus == f->control) {
		f->control = sd_bus_unref(f->control);
	}
}

static int
fake_child(sd_event_source *source, const siginfo_t *info, void *userdata)
{
	struct fake *f = userdata;

	f->exited = true;
	f->status = info->si_code == CLD_EXITED ? info->si_status : 256 + info->si_status;
	return 0;
}

/* Runs the loop until *flag, or fails the test. */
#define FAKE_WAIT(f, condition)                                                                    \
	do {                                                                                       \
		while (!(condition))                                                               \
			assert_true(sd_event_run((f)->event, FAKE_PATIENCE_USEC) > 0);             \
	} while (0)

static int
fake_on_reply(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	*(sd_bus_message **)userdata = sd_bus_message_ref(m);
	return 0;
}

/* Calls the room without blocking the loop, which must go on answering it. Caller unrefs the reply,
 * an error reply included. */
static sd_bus_message *
fake_call(struct fake *f, sd_bus *bus, const char *path, const char *interface, const char *member,
    const char *types, ...)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	sd_bus_message *reply = NULL;
	va_list args;

	assert_true(sd_bus_message_new_method_call(bus, &m, NULL, path, interface, member) >= 0);
	va_start(args, types);
	assert_true(*types == '\0' || sd_bus_message_appendv(m, types, args) >= 0);
	va_end(args);
	assert_true(sd_bus_call_async(bus, NULL, m, fake_on_reply, &reply, UINT64_MAX) >= 0);
	FAKE_WAIT(f, reply != NULL);
	return reply;
}

/* A new link named peer, the other end of which the room gets. */
static void
fake_attach(struct fake *f, const char *peer)
{
	struct link_options options = {
	    .server = true, .allow = fake_allow, .closed = fake_closed, .userdata = f};
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	f->store_closed = false;
	assert_true(link_new(f->event, pair[0], &options, &f->store) >= 0);
	assert_true(sd_bus_add_object_vtable(
			f->store, NULL, INTAKE_PATH, INTAKE_IFACE, fake_intake_vtable, f) >= 0);
	reply =
	    fake_call(f, f->control, SUPERVISOR_PATH, ROOM_IFACE, "Attach", "sh", peer, pair[1]);
	assert_false(sd_bus_message_is_method_error(reply, NULL));
	close(pair[1]);
}

static void
fake_exec(const char *program, int control, int config)
{
	char path[4096];

	snprintf(path, sizeof path, "%s/bin/%s", getenv("O") ? getenv("O") : "build", program);
	/* out of the way of 3 and 4 first */
	control = fcntl(control, F_DUPFD, 20);
	config = fcntl(config, F_DUPFD, 20);
	dup2(control, 3);
	dup2(config, 4);
	close_range(5, ~0U, 0);
	setenv("ASAN_OPTIONS", "detect_leaks=0",
	    1); /* it would need ptrace, which the fence refuses */
	execl(path, program, (char *)NULL);
	_exit(127);
}

static void
fake_start(struct fake *f, const char *program, const char *config, const char *peer)
{
	struct link_options options = {
	    .server = true, .allow = fake_allow, .closed = fake_closed, .userdata = f};
	int pair[2], text;

	memset(f, 0, sizeof *f);
	sigprocmask(SIG_BLOCK, &(sigset_t){{1UL << (SIGCHLD - 1)}}, NULL);
	assert_true(sd_event_new(&f->event) >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	text = memfd_new_sealed("config", config, strlen(config));
	assert_true(text >= 0);
	f->pid = fork();
	assert_true(f->pid >= 0);
	if (f->pid == 0)
		fake_exec(program, pair[1], text);
	close(pair[1]);
	close(text);
	assert_true(sd_event_add_child(f->event, NULL, f->pid, WEXITED, fake_child, f) >= 0);
	assert_true(link_new(f->event, pair[0], &options, &f->control) >= 0);
	assert_true(sd_bus_add_object_vtable(f->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE,
			fake_supervisor_vtable, f) >= 0);
	FAKE_WAIT(f, f->ready || f->exited);
	assert_true(f->ready);
	fake_attach(f, peer);
}

/* Asks the room to stop, unless it is gone, and lets go of everything. Returns as fake.status. */
static int
fake_stop(struct fake *f)
{
	if (!f->exited && f->control != NULL)
		sd_bus_call_method_async(
		    f->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE, "Stop", NULL, NULL, "");
	FAKE_WAIT(f, f->exited);
	f->refuse = NULL;
	for (size_t i = 0; i < f->n_held; i++)
		sd_bus_message_unref(f->held[i]);
	fake_forget_pages(f);
	sd_bus_flush_close_unref(f->store);
	sd_bus_flush_close_unref(f->control);
	sd_event_unref(f->event);
	return f->status;
}

#endif
