/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * search_bench [PAGES | FILE]: files generated pages through the same events as the box does, then
 * measures queries of 1, 2, 3, 4 and 8 characters and pairs, first 20 hits with the total.
 * Vocabulary follows Zipf's law, so common and rare terms are both asked for. Prints one line per
 * kind: median, p95, p99 in milliseconds, and the median of processor time, which a busy machine
 * does not spoil. With FILE, measures a catalogue that KEEP=1 left behind.
 */
#include <assert.h>
#include <time.h>

#include "tests/unit/catalogue_fixture.h"

#define WORDS 20000
#define PAGE_CHARS 700
#define BATCH_PAGES 50
#define QUERIES 300

static uint64_t seed = 88172645463325252u;
static char *words[WORDS];
static struct fixture *f;
static char *result_text; /* of the page being filed */

static uint64_t
dice(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % n;
}

static double
clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Frequent words are short and of kana, rare ones of up to four of 2,000 ideographs. */
static void
make_words(void)
{
	for (unsigned i = 0; i < WORDS; i++) {
		char text[32], *p = text;

		for (uint64_t n = i < 60 ? 1 : 1 + dice(4); n > 0; n--)
			p += utf8_encode(
			    i < 200 ? 0x3042 + (uint32_t)dice(80) : 0x4e00 + (uint32_t)dice(2000),
			    p);
		*p = '\0';
		words[i] = strdup(text);
	}
}

/* Rank r with a chance of about 1/r. */
static const char *
pick(void)
{
	uint64_t r = 1;

	while (r < WORDS && dice(1000) < 930)
		r += 1 + r / 8;
	return words[dice(r < WORDS ? r : WORDS)];
}

static char *
make_text(unsigned number)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fprintf(out, "サービス提供記録\n被保険者番号 %010u\n令和%u年%u月%u日\n", number * 37,
	    number % 8 + 1, number % 12 + 1, number % 28 + 1);
	for (unsigned n = 0; n < PAGE_CHARS; n++) {
		fputs(pick(), out);
		n += 1;
		if (n % 30 < 2)
			fputc('\n', out);
	}
	fclose(out);
	return text;
}

static int
bench_object(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	*ret_size = strlen(result_text);
	*ret = secret_new(*ret_size + 1);
	memcpy(*ret, result_text, *ret_size);
	return 0;
}

static json_t *
reference(void)
{
	static unsigned next = 1;
	char id[65];

	snprintf(id, sizeof(id), "%064x", next++);
	return json_pack("{s:s,s:i}", "id", id, "size", 300);
}

static void
file_page(const char *page, unsigned key, unsigned number)
{
	char *text = make_text(number);
	json_t *result = json_pack("{s:[o]}", "readings", fix_reading("jpn", true, text));

	free(text);
	result_text = json_dumps(result, JSON_COMPACT);
	json_decref(result);
	fix_event(f, "system", "page.read",
	    json_pack("{s:s,s:i,s:{s:i,s:i,s:i,s:i},s:o,s:s}", "page", page, "key", (int)key,
		"reading", "width", 2480, "height", 3508, "dpi", 300, "rotation", 0, "result",
		reference(), "result_sha256", fix_digest(7)));
	free(result_text);
}

static void
forget_log(void)
{
	for (size_t i = 0; i < f->events; i++)
		free(f->log[i]);
	f->events = 0;
}

static void
add_page(const char *batch, const char *page, unsigned seq)
{
	fix_event(f, "system", "page.add",
	    json_pack("{s:s,s:s,s:i,s:i,s:o,s:s,s:i,s:s,s:{s:i,s:i,s:i}}", "batch", batch, "page",
		page, "seq", (int)seq, "key", (int)seq - 1, "object", reference(), "tiff_sha256",
		fix_digest(seq), "tiff_size", 8000000, "raw_sha256", fix_digest(seq), "params",
		"width", 2480, "height", 3508, "dpi_x", 300));
}

static void
file_batch(unsigned number)
{
	char batch[ID_TEXT], document[ID_TEXT], page[ID_TEXT];
	json_t *pages = json_array();

	snprintf(batch, sizeof(batch), "B%06u", number + 1);
	snprintf(document, sizeof(document), "D%06u", number + 1);
	fix_batch(f, batch, "scan");
	for (unsigned i = 0; i < BATCH_PAGES; i++) {
		snprintf(page, sizeof(page), "P%08u", number * BATCH_PAGES + i + 1);
		add_page(batch, page, i + 1);
		json_array_append_new(pages, json_string(page));
	}
	fix_end(
	    f, batch, json_pack("[{s:s,s:o,s:b}]", "document", document, "pages", pages, "new", 1));
	for (unsigned i = 0; i < BATCH_PAGES; i++) {
		snprintf(page, sizeof(page), "P%08u", number * BATCH_PAGES + i + 1);
		file_page(page, i, number * BATCH_PAGES + i);
	}
	forget_log();
}

/* n characters from the middle of generated text. */
static void
make_query(unsigned n, char *out)
{
	char *text = make_text((unsigned)dice(1000000)), *p = text;
	uint32_t code;

	for (unsigned skip = 40 + (unsigned)dice(200); skip > 0; skip--)
		p += utf8_decode(p, strlen(p), &code);
	while (n > 0) {
		const int size = utf8_decode(p, strlen(p), &code);

		if (code > 0x20) {
			memcpy(out, p, (size_t)size);
			out += size;
			n--;
		}
		p += size;
	}
	*out = '\0';
	free(text);
}

static int
compare_double(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
measure(const char *name, unsigned one, unsigned two)
{
	double ms[QUERIES], cpu[QUERIES];
	unsigned long hits = 0;

	for (unsigned i = 0; i < QUERIES; i++) {
		char query[256];
		json_t *result;
		double start;

		make_query(one, query);
		if (two > 0) {
			strcat(query, " ");
			make_query(two, query + strlen(query));
		}
		start = clock_ms(CLOCK_MONOTONIC);
		cpu[i] = clock_ms(CLOCK_THREAD_CPUTIME_ID);
		assert_int_equal(catalogue_search(f->cat, query, 20, 0, &result), 0);
		ms[i] = clock_ms(CLOCK_MONOTONIC) - start;
		cpu[i] = clock_ms(CLOCK_THREAD_CPUTIME_ID) - cpu[i];
		hits += (unsigned long)json_integer_value(json_object_get(result, "total"));
		json_decref(result);
	}
	qsort(ms, QUERIES, sizeof(ms[0]), compare_double);
	qsort(cpu, QUERIES, sizeof(cpu[0]), compare_double);
	printf("%-12s median %7.2f  p95 %7.2f  p99 %7.2f   processor median %7.2f  p95 %7.2f  mean "
	       "hits %lu\n",
	    name, ms[QUERIES / 2], ms[QUERIES * 95 / 100], ms[QUERIES * 99 / 100], cpu[QUERIES / 2],
	    cpu[QUERIES * 95 / 100], hits / QUERIES);
}

static void
fill(unsigned pages)
{
	const double start = clock_ms(CLOCK_MONOTONIC);

	fix_archive(f);
	forget_log();
	for (unsigned i = 0; i < pages / BATCH_PAGES; i++) {
		catalogue_begin(f->cat);
		file_batch(i);
		catalogue_commit(f->cat);
	}
	printf("%u pages filed, %.0f pages/s\n", pages,
	    pages / (clock_ms(CLOCK_MONOTONIC) - start) * 1e3);
}

int
main(int argc, char **argv)
{
	const unsigned pages = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 20000;

	make_words();
	f = fix_new();
	f->sources.object = bench_object;
	if (pages > 0) {
		fill(pages);
	} else {
		catalogue_free(f->cat);
		assert_int_equal(catalogue_open(argv[1], 'r', NULL, &f->cat), 0);
	}
	measure("1 character", 1, 0);
	measure("2 characters", 2, 0);
	measure("3 characters", 3, 0);
	measure("4 characters", 4, 0);
	measure("8 characters", 8, 0);
	measure("2 and 2", 2, 2);
	if (getenv("KEEP") != NULL)
		printf("kept: %s\n", f->path);
	else
		fix_free(f);
	return 0;
}
