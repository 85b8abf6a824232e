/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes what import hands to store, and keeps it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memfd.h"
#include "read_pages.h"
#include "read_room.h"
#include "scanner/scanner_bus.h"

#define IMPORT_SECONDS 60 /* the shipped value of import.time_limit_s, which fumikurad enforces */

static int
on_put_page(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct read_pages *p = userdata;

	if (p->n_held == READ_PAGES_WINDOW)
		return -ENOBUFS;
	p->held[p->n_held++] = sd_bus_message_ref(m);
	p->stir = true;
	return 1; /* answered when the page is let go */
}

static int
on_finish(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct read_pages *p = userdata;
	const char *job, *code, *ja, *en;
	int r = sd_bus_message_read(m, "ssss", &job, &code, &ja, &en);

	if (r < 0)
		return r;
	p->finished = p->stir = true;
	if (strcmp(code, "ok") != 0) {
		p->error = -EBADMSG;
		fprintf(stderr, "%s: %s: %s %s\n", p->path, code, ja, en);
	}
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable intake_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("PutPage", "suha{ss}", "s", on_put_page, 0),
    SD_BUS_METHOD("Finish", "ssss", "", on_finish, 0),
    SD_BUS_VTABLE_END,
};

static const char *const intake_allow[] = {INTAKE_IFACE ".PutPage", INTAKE_IFACE ".Finish", NULL};

int
read_pages_take_file(const char *path)
{
	_cleanup_(closep) int in = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), out = -1;
	struct stat st;
	off_t left;

	if (in < 0 || fstat(in, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EISDIR;
	if (st.st_size > (off_t)MEMFD_MAX)
		return -EFBIG;
	out = memfd_new("file");
	if (out < 0)
		return out;
	for (left = st.st_size; left > 0;) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		left -= n;
	}
	if (memfd_seal(out) < 0)
		return -EIO;
	return TAKE_FD(out);
}

static int
convert(struct read_pages *p, int file)
{
	sd_bus_message *m = NULL, *reply = NULL;
	int r = sd_bus_message_new_method_call(
	    p->room.store, &m, NULL, IMPORT_PATH, IMPORT_IFACE, "Convert");

	if (r >= 0)
		r = sd_bus_message_append(m, "ssh", "read", p->path, file);
	if (r < 0) {
		sd_bus_message_unref(m);
		return r;
	}
	r = read_room_call(&p->room, m, &reply);
	if (r >= 0 && sd_bus_message_is_method_error(reply, NULL))
		r = -EIO;
	sd_bus_message_unref(reply);
	return r;
}

static int
say_timed_out(const struct read_pages *p, int r)
{
	fprintf(stderr,
	    "%s: timed_out: 時間またはメモリーの限界を超えたため、このファイルは開けません。 "
	    "Opening this file took more time or memory than is allowed.\n",
	    p->path);
	return r;
}

int
read_pages_open(struct read_pages *p, sd_event *event, const char *import, const char *path)
{
	struct read_room_store store = {intake_allow, INTAKE_PATH, INTAKE_IFACE, intake_vtable, p};
	_cleanup_(closep) int file = -1;
	int r;

	*p = (struct read_pages){.path = path};
	r = file = read_pages_take_file(path);
	if (r < 0) {
		fprintf(stderr,
		    "%s: no_file: ファイルを開けません。名前と権限を確かめてください。 "
		    "The file cannot be opened (%s). Check its name and permissions.\n",
		    path, strerror(-r));
		return r;
	}
	r = read_room_start(&p->room, event, import, "", &store);
	if (r < 0) {
		fprintf(stderr, "%s: %s\n", import, strerror(-r));
		return r;
	}
	r = convert(p, file);
	return r < 0 ? say_timed_out(p, r) : 0;
}

static void
let_go(struct read_pages *p)
{
	if (!p->taken)
		return;
	p->taken = false;
	sd_bus_reply_method_return(p->held[0], "s", "read");
	sd_bus_message_unref(p->held[0]);
	memmove(p->held, p->held + 1, --p->n_held * sizeof *p->held);
}

int
read_pages_next(struct read_pages *p, int *ret_tiff)
{
	const char *job;
	uint32_t seq;
	int r = 0;

	let_go(p);
	while (r >= 0 && p->n_held == 0 && !p->finished) {
		p->stir = false;
		r = read_room_wait(&p->room, &p->stir, IMPORT_SECONDS);
	}
	if (r < 0)
		return say_timed_out(p, r);
	if (p->n_held == 0)
		return p->error;
	r = sd_bus_message_read(p->held[0], "suh", &job, &seq, ret_tiff);
	if (r < 0)
		return r;
	p->taken = true;
	return 1;
}

void
read_pages_close(struct read_pages *p)
{
	while (p->n_held > 0)
		sd_bus_message_unref(p->held[--p->n_held]);
	read_room_stop(&p->room);
}
