/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads files with one shipped `ocr` worker, as fumikurad and store would ask it, without a box;
 * `import`, which lies beside it, makes pages of the files. Used by tests/read and make bench-ocr.
 *
 *	read_driver OCR [--all] [--out DIR [--redact X,Y,W,H]] [--config TEXT] [SHOW] FILE…
 *	read_driver OCR [--all] [--config TEXT] --ask MASTER…
 *
 * --out DIR keeps result.json, page.alto.xml, preview.jpg, thumb.jpg and page.pdf of the last page
 * there, a box of the PDF blacked out by --redact; --masters DIR only makes the pages:
 *DIR/NNN-N.tif of the NNNth file. --ask serves a measurement: the page masters are held in memory,
 *"ready" is printed, and every number that comes in is answered, when that page has been read, by
 *one line {"seconds","cpu_s","peak_kb","result"}.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "link.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "read_pages.h"
#include "read_room.h"

struct driver {
	sd_event *event;
	struct read_room ocr;
	const char *program, *show, *out_dir, *masters, *config;
	uint32_t redact[4]; /* x y w h; w 0: nothing */
	char import[4096];
	bool all;
};

static const struct read_room_store nothing_allowed = {0};

static void
keep(const char *folder, const char *name, const struct memview *v)
{
	char path[4096];
	FILE *f;

	if (folder == NULL)
		return;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "wbe");
	if (f == NULL || fwrite(v->data, 1, v->size, f) != v->size || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

/* The string that starts at *at (behind its opening quote), unescaped, to stdout; *at moves behind
 * the closing quote. */
static void
print_string(const char **at, const char *end)
{
	const char *p = *at;

	for (; p < end && *p != '"'; p++) {
		if (*p == '\\' && p + 1 < end) {
			p++;
			putchar(*p == 'n' ? '\n' : *p);
		} else
			putchar(*p);
	}
	*at = p + 1;
}

static void
print_texts(const struct memview *json, bool all)
{
	static const char key[] = "\"text\":\"";
	const char *at = (const char *)json->data, *end = at + json->size;

	while ((at = memmem(at, (size_t)(end - at), key, sizeof key - 1)) != NULL) {
		at += sizeof key - 1;
		print_string(&at, end);
		if (!all)
			break;
	}
}

static void
print_section(const struct memview *json, const char *from, const char *to)
{
	const char *start = (const char *)json->data, *end = start + json->size;
	const char *a = memmem(start, json->size, from, strlen(from));
	const char *b = a == NULL ? NULL : memmem(a, (size_t)(end - a), to, strlen(to));

	if (b != NULL)
		printf("{%.*s}\n", (int)(b - a), a);
}

static void
show(const struct driver *d, const struct memview *json, const struct memview *alto)
{
	if (strcmp(d->show, "--json") == 0)
		fwrite(json->data, 1, json->size, stdout); /* one line, its end included */
	else if (strcmp(d->show, "--alto") == 0)
		fwrite(alto->data, 1, alto->size, stdout);
	else if (strcmp(d->show, "--fields") == 0)
		print_section(json, "\"fields\":", ",\"codes\":");
	else
		print_texts(json, strcmp(d->show, "--readings") == 0);
}

/* Sends m to the worker. Takes m. An error reply is said on stderr and becomes -EBADMSG; a worker
 * that ends becomes -EPIPE. */
static int
ask(struct driver *d, sd_bus_message *m, const char *path, sd_bus_message **ret)
{
	sd_bus_message *reply = NULL;
	int r = read_room_call(&d->ocr, m, &reply);

	if (r < 0) {
		fprintf(stderr,
		    "%s: worker_died: 文字認識の処理が途中で止まりました。 "
		    "The recognition process ended while it read this page.\n",
		    path);
		read_room_stop(&d->ocr);
		return r;
	}
	if (sd_bus_message_is_method_error(reply, NULL)) {
		const sd_bus_error *e = sd_bus_message_get_error(reply);

		fprintf(stderr, "%s: %s: %s\n", path, link_error_code(e), e->message);
		sd_bus_message_unref(reply);
		return -EBADMSG;
	}
	*ret = reply;
	return 0;
}

static int
compose(struct driver *d, int tiff, int alto, const char *path)
{
	sd_bus_message *m = NULL, *reply = NULL;
	struct memview pdf = {0};
	int fd, r;

	r = sd_bus_message_new_method_call(d->ocr.store, &m, NULL, OCR_PATH, OCR_IFACE, "Compose");
	if (r >= 0)
		r = sd_bus_message_append(m, "a(hhi)a{ss}", 1, tiff, alto, 0, 2, "title",
		    "見本 Sample", "created", "2026-11-22T10:00:00Z");
	if (r >= 0 && d->redact[2] > 0)
		r = sd_bus_message_append(
		    m, "a(uuuuu)", 1, 0, d->redact[0], d->redact[1], d->redact[2], d->redact[3]);
	else if (r >= 0)
		r = sd_bus_message_append(m, "a(uuuuu)", 0);
	if (r >= 0)
		r = ask(d, m, path, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "h", &fd);
	if (r >= 0)
		r = memfd_view(fd, MEMFD_MAX, &pdf);
	if (r >= 0)
		keep(d->out_dir, "page.pdf", &pdf);
	memview_free(&pdf);
	sd_bus_message_unref(reply);
	return r;
}

static int
ready(struct driver *d)
{
	int r = d->ocr.pid > 0
		    ? 0
		    : read_room_start(&d->ocr, d->event, d->program, d->config, &nothing_allowed);

	if (r < 0)
		fprintf(stderr, "%s: %s\n", d->program, strerror(-r));
	return r;
}

static int
try_page(struct driver *d, int tiff, const char *path, sd_bus_message **ret)
{
	sd_bus_message *m = NULL;
	int r = ready(d);

	if (r >= 0)
		r = sd_bus_message_new_method_call(
		    d->ocr.store, &m, NULL, OCR_PATH, OCR_IFACE, "Read");
	if (r >= 0)
		r = sd_bus_message_append(
		    m, "sha{ss}", "read", tiff, 1, "effort", d->all ? "all" : "shown");
	return r < 0 ? r : ask(d, m, path, ret);
}

/* The worker's answer: result, alto, preview, thumb; the caller unrefs ret. As in store, a page
 * whose worker ended is given to a fresh one, once. */
static int
read_page(struct driver *d, int tiff, const char *path, sd_bus_message **ret)
{
	int r = try_page(d, tiff, path, ret);

	return r == -EPIPE ? try_page(d, tiff, path, ret) : r;
}

static int
show_page(struct driver *d, int tiff, const char *path)
{
	static const char *const names[] = {
	    "result.json", "page.alto.xml", "preview.jpg", "thumb.jpg"};
	sd_bus_message *reply = NULL;
	struct memview views[4] = {0};
	int fds[4], r = read_page(d, tiff, path, &reply);

	if (r >= 0)
		r = sd_bus_message_read(reply, "hhhh", &fds[0], &fds[1], &fds[2], &fds[3]);
	for (int i = 0; r >= 0 && i < 4; i++) {
		r = memfd_view(fds[i], MEMFD_MAX, &views[i]);
		if (r >= 0)
			keep(d->out_dir, names[i], &views[i]);
	}
	if (r >= 0)
		show(d, &views[0], &views[1]);
	else if (strcmp(d->show, "--json") == 0)
		puts("null");
	if (r >= 0 && d->out_dir != NULL)
		r = compose(d, tiff, fds[1], path);
	fflush(stdout);
	for (int i = 0; i < 4; i++)
		memview_free(&views[i]);
	sd_bus_message_unref(reply);
	return r;
}

static int
keep_master(const struct driver *d, int tiff, unsigned file, unsigned page)
{
	_cleanup_(memview_free) struct memview v = {0};
	int r = memfd_view(tiff, MEMFD_MAX, &v);
	char name[64];

	snprintf(name, sizeof name, "%03u-%u.tif", file, page);
	if (r >= 0)
		keep(d->masters, name, &v);
	return r;
}

/* Every page of a file; one that cannot be read does not stop the others. */
static int
read_file(struct driver *d, const char *path, unsigned number)
{
	struct read_pages pages;
	int tiff, failed = 0, r = read_pages_open(&pages, d->event, d->import, path);

	for (unsigned n = 1; r >= 0 && (r = read_pages_next(&pages, &tiff)) > 0; n++) {
		char name[4200];

		snprintf(name, sizeof name, "%s: p. %u", path, n);
		failed |= d->masters != NULL ? keep_master(d, tiff, number, n) < 0
					     : show_page(d, tiff, name) < 0;
	}
	read_pages_close(&pages);
	return r < 0 || failed ? -EIO : 0;
}

/* ---- measuring ---- */

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
answer_one(struct driver *d, int tiff, const char *path)
{
	_cleanup_(memview_free) struct memview json = {0};
	sd_bus_message *reply = NULL;
	double start, cpu;
	int fd, r;

	if (ready(d) < 0)
		exit(1);
	start = seconds();
	cpu = read_room_cpu(&d->ocr);
	r = read_page(d, tiff, path, &reply);
	printf("{\"seconds\":%.4f,\"cpu_s\":%.4f,\"peak_kb\":%ld,\"result\":", seconds() - start,
	    r < 0 ? 0 : read_room_cpu(&d->ocr) - cpu, read_room_peak_kb(&d->ocr));
	if (r >= 0 && sd_bus_message_read(reply, "h", &fd) >= 0 &&
	    memfd_view(fd, MEMFD_MAX, &json) >= 0)
		/* One line: the result's own end is left out. */
		fwrite(json.data, 1,
		    json.size - (json.size > 0 && json.data[json.size - 1] == '\n'), stdout);
	else
		fputs("null", stdout);
	puts("}");
	fflush(stdout);
	sd_bus_message_unref(reply);
}

static int
answer_all(struct driver *d, char **paths, int n)
{
	int *tiffs = calloc((size_t)n, sizeof *tiffs);
	char line[32];

	if (tiffs == NULL || ready(d) < 0)
		return 1;
	for (int i = 0; i < n; i++) {
		tiffs[i] = read_pages_take_file(paths[i]);
		if (tiffs[i] < 0) {
			fprintf(stderr, "%s: %s\n", paths[i], strerror(-tiffs[i]));
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin) != NULL) {
		long i = strtol(line, NULL, 10);

		if (i < 0 || i >= n)
			return 2;
		answer_one(d, tiffs[i], paths[i]);
	}
	free(tiffs);
	return 0;
}

static int
usage(void)
{
	fputs("usage: read_driver OCR [--all] [--out DIR] [--masters DIR] [--config TEXT] "
	      "[--text|--readings|--json|--alto|--fields|--ask] FILE…\n",
	    stderr);
	return 2;
}

/* Index of the first file, or -1. */
static int
options(struct driver *d, int argc, char **argv)
{
	static const char *const shows[] = {
	    "--text", "--readings", "--json", "--alto", "--fields", "--ask", NULL};
	int i = 2;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		const char *const *known = shows;

		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		while (*known != NULL && strcmp(argv[i], *known) != 0)
			known++;
		if (*known != NULL)
			d->show = *known;
		else if (strcmp(argv[i], "--all") == 0)
			d->all = true;
		else if (i + 1 == argc)
			return -1;
		else if (strcmp(argv[i], "--out") == 0)
			d->out_dir = argv[++i];
		else if (strcmp(argv[i], "--masters") == 0)
			d->masters = argv[++i];
		else if (strcmp(argv[i], "--config") == 0)
			d->config = argv[++i];
		else if (strcmp(argv[i], "--redact") == 0 &&
			 sscanf(argv[i + 1], "%u,%u,%u,%u", &d->redact[0], &d->redact[1],
			     &d->redact[2], &d->redact[3]) == 4)
			i++;
		else
			return -1;
	}
	return i;
}

int
main(int argc, char **argv)
{
	struct driver d = {.show = "--text", .config = ""};
	int first = options(&d, argc, argv), failed = 0;

	if (first < 0 || first >= argc)
		return usage();
	signal(SIGPIPE, SIG_IGN);
	d.program = argv[1];
	snprintf(d.import, sizeof d.import, "%.*simport",
	    (int)(strrchr(d.program, '/') ? strrchr(d.program, '/') - d.program + 1 : 0),
	    d.program);
	if (sd_event_new(&d.event) < 0)
		return 1;
	if (strcmp(d.show, "--ask") == 0)
		failed = answer_all(&d, argv + first, argc - first);
	else
		for (int i = first; i < argc; i++)
			failed |= read_file(&d, argv[i], (unsigned)(i - first + 1)) < 0;
	read_room_stop(&d.ocr);
	sd_event_unref(d.event);
	return failed;
}
