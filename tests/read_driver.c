/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs one shipped `ocr` executable as fumikurad would and asks it to read image files; no box, no
 * store. Used by tests/read, make bench-ocr and bus/ocr_pdf_test.
 *
 *	read_driver OCR [--all] [--config TEXT] [--out DIR [--redact X,Y,W,H]]
 *	            [--text|--readings|--json|--alto|--fields] IMAGE…
 *
 * --out DIR also keeps result.json, page.alto.xml, preview.jpg, thumb.jpg and page.pdf of the last
 * page there; --redact blacks a box out of the PDF.
 */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr_worker.h"

struct driver {
	struct worker worker;
	uint32_t redact[4]; /* x y w h; w 0: nothing */
	const char *show, *out_dir, *config;
	bool all;
};

/* As worker_ask, and says why it failed. */
static int
ask(struct driver *d, sd_bus_message *m, sd_bus_message **ret)
{
	int r = worker_ask(&d->worker, m, ret);

	if (r == -EIO) {
		const sd_bus_error *e = sd_bus_message_get_error(*ret);

		fprintf(stderr, "%s: %s\n", link_error_code(e), e->message);
	}
	return r;
}

static void
keep(const struct driver *d, const char *name, const struct memview *v)
{
	char path[4096];
	FILE *f;

	if (d->out_dir == NULL)
		return;
	snprintf(path, sizeof path, "%s/%s", d->out_dir, name);
	f = fopen(path, "wb");
	if (f == NULL)
		return;
	fwrite(v->data, 1, v->size, f);
	fclose(f);
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
		fwrite(json->data, 1, json->size, stdout);
	else if (strcmp(d->show, "--alto") == 0)
		fwrite(alto->data, 1, alto->size, stdout);
	else if (strcmp(d->show, "--fields") == 0)
		print_section(json, "\"fields\":", ",\"codes\":");
	else
		print_texts(json, strcmp(d->show, "--readings") == 0);
}

static void
compose(struct driver *d, int tiff, int alto)
{
	sd_bus_message *m = NULL, *reply = NULL;
	struct memview pdf = {0};
	int fd, r;

	r = sd_bus_message_new_method_call(
	    d->worker.store, &m, NULL, OCR_PATH, OCR_IFACE, "Compose");
	if (r >= 0)
		r = sd_bus_message_append(m, "a(hhi)a{ss}", 1, tiff, alto, 0, 2, "title",
		    "見本 Sample", "created", "2026-11-22T10:00:00Z");
	if (r >= 0 && d->redact[2] > 0)
		r = sd_bus_message_append(
		    m, "a(uuuuu)", 1, 0, d->redact[0], d->redact[1], d->redact[2], d->redact[3]);
	else if (r >= 0)
		r = sd_bus_message_append(m, "a(uuuuu)", 0);
	if (r >= 0)
		r = ask(d, m, &reply);
	if (r >= 0 && sd_bus_message_read(reply, "h", &fd) >= 0 &&
	    memfd_view(fd, MEMFD_MAX, &pdf) >= 0)
		keep(d, "page.pdf", &pdf);
	memview_free(&pdf);
	sd_bus_message_unref(reply);
}

static int
read_tiff(struct driver *d, int tiff)
{
	static const char *const names[] = {
	    "result.json", "page.alto.xml", "preview.jpg", "thumb.jpg"};
	sd_bus_message *m = NULL, *reply = NULL;
	struct memview views[4] = {0};
	int fds[4], r;

	r = sd_bus_message_new_method_call(d->worker.store, &m, NULL, OCR_PATH, OCR_IFACE, "Read");
	if (r >= 0)
		r = sd_bus_message_append(
		    m, "sha{ss}", "read", tiff, 1, "effort", d->all ? "all" : "shown");
	if (r >= 0)
		r = ask(d, m, &reply);
	if (r >= 0)
		r = sd_bus_message_read(reply, "hhhh", &fds[0], &fds[1], &fds[2], &fds[3]);
	for (int i = 0; r >= 0 && i < 4; i++) {
		r = memfd_view(fds[i], MEMFD_MAX, &views[i]);
		if (r >= 0)
			keep(d, names[i], &views[i]);
	}
	if (r >= 0)
		show(d, &views[0], &views[1]);
	if (r >= 0 && d->out_dir != NULL)
		compose(d, tiff, fds[1]);
	for (int i = 0; i < 4; i++)
		memview_free(&views[i]);
	sd_bus_message_unref(reply);
	return r;
}

/* A TIFF file goes as it is; anything else through Leptonica, with 300 dpi or A4 fitted when it
 * names no resolution. */
static int
file_to_tiff(const char *path, void **ret, size_t *ret_size)
{
	l_uint8 *data = l_binaryRead(path, ret_size);
	double w, h, ratio;
	PIX *pix;
	int r;

	if (data == NULL)
		return -EIO;
	if (*ret_size > 4 && (memcmp(data, "II*", 4) == 0 || memcmp(data, "MM\0*", 4) == 0)) {
		*ret = data;
		return 0;
	}
	pix = pixReadMem(data, *ret_size);
	free(data);
	if (pix == NULL)
		return -EBADMSG;
	w = pixGetWidth(pix);
	h = pixGetHeight(pix);
	ratio = w < h ? w / h : h / w;
	if (pixGetXRes(pix) <= 0)
		pixSetResolution(pix, 300, 300);
	if (pixGetXRes(pix) <= 0 || (pixGetXRes(pix) == 300 && fabs(ratio - 210.0 / 297) < 0.03)) {
		int dpi = (int)lround((w < h ? h : w) / 11.69);

		pixSetResolution(pix, dpi, dpi);
	}
	r = pixWriteMemTiff(
	    (l_uint8 **)ret, ret_size, pix, pixGetDepth(pix) == 1 ? IFF_TIFF_G4 : IFF_TIFF_LZW);
	pixDestroy(&pix);
	return r != 0 ? -EIO : 0;
}

static int
read_file(struct driver *d, const char *path)
{
	_cleanup_(freep) void *data = NULL;
	_cleanup_(closep) int fd = -1;
	size_t size = 0;
	int r = file_to_tiff(path, &data, &size);

	if (r >= 0)
		r = fd = memfd_new_sealed("page", data, size);
	if (r < 0)
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
	return r < 0 ? r : read_tiff(d, fd);
}

int
main(int argc, char **argv)
{
	struct driver d = {.show = "--text", .config = ""};
	int i = 2, failed = 0;

	signal(SIGPIPE, SIG_IGN);
	setMsgSeverity(L_SEVERITY_NONE);
	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strcmp(argv[i], "--all") == 0)
			d.all = true;
		else if (strcmp(argv[i], "--out") == 0 && i + 1 < argc)
			d.out_dir = argv[++i];
		else if (strcmp(argv[i], "--redact") == 0 && i + 1 < argc &&
			 sscanf(argv[i + 1], "%u,%u,%u,%u", &d.redact[0], &d.redact[1],
			     &d.redact[2], &d.redact[3]) == 4)
			i++;
		else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			d.config = argv[++i];
		else
			d.show = argv[i];
	}
	if (argc < 3 || i >= argc) {
		fprintf(stderr,
		    "usage: read_driver OCR [--all] [--out DIR] [--redact X,Y,W,H] "
		    "[--config TEXT] [--text|--readings|--json|--alto|--fields] IMAGE…\n");
		return 2;
	}
	if (worker_start(&d.worker, argv[1], d.config) < 0) {
		fprintf(stderr, "cannot start %s\n", argv[1]);
		return 1;
	}
	for (; i < argc; i++)
		failed |= read_file(&d, argv[i]) < 0;
	worker_stop(&d.worker);
	return failed ? 1 : 0;
}
