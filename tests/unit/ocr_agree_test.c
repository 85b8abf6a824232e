/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What models can write, and the texts that what networks saw speaks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <time.h>

#include "ocr/agree.h"

#define TIME_MOST_S 1 /* five times the most that it takes */
#define FOLDER "/usr/share/tesseract-ocr/5/tessdata/"

/* ---- models of a few letters ---- */

#define FIRST " J~ABC-" /* letters in the order of their codes: space, joined, blank, … */
#define SECOND " J~CB=A"
#define BLANK 2
#define MODEL_MAX 2048
#define COMPONENTS 24
#define HEAD (4 + COMPONENTS * 8)

struct model {
	uint8_t bytes[MODEL_MAX];
	size_t size;
};

static void
put(struct model *m, const void *data, size_t size)
{
	assert_true(m->size + size <= sizeof m->bytes);
	memcpy(m->bytes + m->size, data, size);
	m->size += size;
}

static void
put_number(struct model *m, uint32_t n)
{
	n = htole32(n);
	put(m, &n, sizeof n);
}

/* Component which begins here. */
static void
begin(struct model *m, unsigned which)
{
	const uint64_t at = htole64(m->size);

	memcpy(m->bytes + 4 + (size_t)which * 8, &at, sizeof at);
}

/* One code a letter, but Z, which is spelled as B and A; = stands for the dash that is longer. */
static void
make_model(struct model *m, const char *letters)
{
	const uint32_t n = (uint32_t)strlen(letters);
	char line[64];

	memset(m, 0, sizeof *m);
	put_number(m, COMPONENTS);
	memset(m->bytes + 4, 0xff, COMPONENTS * 8); /* no component */
	m->size = HEAD;
	begin(m, 21);
	put(m, line, (size_t)snprintf(line, sizeof line, "%u\n", n + 1));
	for (uint32_t i = 0; i < n; i++) {
		const char text[] = {letters[i], '\0'};

		put(m, line,
		    (size_t)snprintf(line, sizeof line, "%s 0 Common\n",
			i == 0              ? "NULL"
			: letters[i] == '=' ? "—"
					    : text));
	}
	put(m, "Z 5 Latin\n", 10);
	begin(m, 22);
	put_number(m, n + 1);
	for (uint32_t i = 0; i < n; i++) {
		put(m, "\1", 1);
		put_number(m, 1);
		put_number(m, i);
	}
	put(m, "\1", 1);
	put_number(m, 2);
	put_number(m, (uint32_t)(strchr(letters, 'B') - letters));
	put_number(m, (uint32_t)(strchr(letters, 'A') - letters));
}

static void
a_model_says_how_it_spells(void **state)
{
	_cleanup_(alphabet_freep) struct alphabet *a = NULL;
	struct model m;

	make_model(&m, SECOND);
	assert_int_equal(alphabet_new(m.bytes, m.size, &a), 0);
	assert_int_equal(a->nletters, 5);
	assert_int_equal(a->ncodes, strlen(SECOND));
	assert_int_equal(a->space, 0);
	assert_int_equal(a->blank, BLANK);
	assert_string_equal(a->letters[0].text, "C");
	assert_string_equal(a->letters[2].text, "Z"); /* after B, with which it begins */
	assert_int_equal(alphabet_find(a, "Z")->ncodes, 2);
	assert_int_equal(alphabet_find(a, "Z")->code[1], 6);
	assert_null(alphabet_find(a, "Q"));
	assert_null(alphabet_find(a, "longer than any letter is"));
}

/* Wherever it was cut off, and with a count that is too large. */
static void
a_damaged_model_is_refused(void **state)
{
	struct alphabet *a = NULL;
	struct model m;

	make_model(&m, FIRST);
	for (size_t size = 0; size < m.size; size++)
		assert_int_equal(alphabet_new(m.bytes, size, &a), -EBADMSG);
	m.bytes[HEAD] = '9';
	assert_int_equal(alphabet_new(m.bytes, m.size, &a), -EBADMSG);
	assert_int_equal(alphabet_load("/nowhere/at/all", &a), -ENOENT);
}

/* Whatever one byte of it became. */
static void
a_changed_model_does_no_harm(void **state)
{
	const uint8_t values[] = {0, 1, '\n', ' ', '9', 0x7f, 0x80, 0xff};
	struct model sound, m;

	make_model(&sound, FIRST);
	for (size_t at = 0; at < sound.size; at++)
		for (size_t v = 0; v < sizeof values; v++) {
			_cleanup_(alphabet_freep) struct alphabet *a = NULL;
			int r;

			m = sound;
			m.bytes[at] = values[v];
			r = alphabet_new(m.bytes, m.size, &a);
			assert_true(r == 0 || r == -EBADMSG);
			for (unsigned i = 0; r == 0 && i < a->nletters; i++)
				assert_true(a->letters[i].code[0] < a->ncodes);
		}
}

static void
the_models_we_read_by_spell_alike(void **state)
{
	_cleanup_(alphabet_freep) struct alphabet *first = NULL, *second = NULL;
	_cleanup_(spelling_freep) struct spelling *s = NULL;

	assert_int_equal(alphabet_load(FOLDER "jpn.traineddata", &first), 0);
	assert_int_equal(alphabet_load(FOLDER "Japanese.traineddata", &second), 0);
	assert_true(first->nletters > 2000 && second->nletters > 2000);
	assert_int_equal(spelling_new(first, second, &s), 0);
	for (unsigned i = 0; i < first->nletters; i++) {
		const struct letter *l = &first->letters[i], *o = alphabet_find(second, l->text);

		assert_non_null(o);
		assert_int_equal(o->ncodes, l->ncodes);
		for (unsigned k = 0; k < l->ncodes; k++)
			assert_int_equal(s->as_second[l->code[k]], o->code[k]);
	}
	assert_true(s->dash >= 0 && s->long_dash >= 0);
}

/* ---- two networks ---- */

struct pair {
	struct alphabet *first, *second;
	struct spelling *spelling;
};

static int
open_pair(void **state)
{
	struct pair *p = calloc(1, sizeof *p);
	struct model m;

	make_model(&m, FIRST);
	assert_int_equal(alphabet_new(m.bytes, m.size, &p->first), 0);
	make_model(&m, SECOND);
	assert_int_equal(alphabet_new(m.bytes, m.size, &p->second), 0);
	assert_int_equal(spelling_new(p->first, p->second, &p->spelling), 0);
	*state = p;
	return 0;
}

static int
close_pair(void **state)
{
	struct pair *p = *state;

	spelling_free(p->spelling);
	alphabet_free(p->first);
	alphabet_free(p->second);
	free(p);
	return 0;
}

/* What is seen, a step each: a letter (a point is the blank), or two letters and a digit, tenths
 * that the first of them has; a space between steps. */
static struct chances *
see(const char *letters, const char *steps)
{
	const unsigned n = (unsigned)strlen(letters);
	struct chances *c = calloc(1, sizeof *c + strlen(steps) * n * sizeof *c->p);

	c->codes = n;
	while (*steps != '\0') {
		float *p = c->p + (size_t)c->steps++ * n;
		const size_t size = strcspn(steps, " ");
		const float share = size < 3 ? 1 : (float)(steps[2] - '0') / 10;

		p[strchr(letters, steps[0] == '.' ? '~' : steps[0]) - letters] += share;
		if (size == 3)
			p[strchr(letters, steps[1] == '.' ? '~' : steps[1]) - letters] += 1 - share;
		steps += size;
		steps += *steps == ' ';
	}
	return c;
}

static void
read_as(struct words *w, const char *text)
{
	const struct line like = {.cell = -1};

	assert_int_equal(words_line(w, &like), 0);
	for (; *text != '\0'; text++) {
		struct glyph g = {.text = {*text}};

		assert_int_equal(words_glyph(w, &g), 0);
	}
}

#define SIGHTS 4

/* What a network saw of a line in one picture. */
struct sight {
	unsigned network;
	const char *steps;
};

/* read: by each. ret_likely: of AGREE_TEXTS. */
static void
agree_on(void **state, const struct sight *sights, unsigned n, const char *read,
    struct agree_wish wish, struct words *ret, double *ret_likely)
{
	const struct pair *p = *state;
	struct chances *saw[SIGHTS];
	_cleanup_(words_free) struct words words = {0};
	struct opinion opinions[SIGHTS];

	read_as(&words, read);
	for (unsigned i = 0; i < n; i++) {
		saw[i] = see(sights[i].network == 0 ? FIRST : SECOND, sights[i].steps);
		opinions[i] = (struct opinion){&words, saw[i], sights[i].network};
	}
	assert_int_equal(agree_read(p->spelling, opinions, n, wish, ret, ret_likely), 0);
	for (unsigned i = 0; i < n; i++)
		free(saw[i]);
}

/* Texts wanted, all with a gap between them. */
static void
expect_texts(void **state, const struct sight *sights, unsigned n, const char *read,
    struct agree_wish wish, const char *texts)
{
	_cleanup_(words_free) struct words ret = {0};
	double likely[AGREE_TEXTS];
	char got[128] = "";

	agree_on(state, sights, n, read, wish, &ret, likely);
	for (size_t i = 0; i < ret.nglyphs; i++) {
		for (size_t l = 1; l < ret.nlines; l++)
			strcat(got, ret.lines[l].first == i ? " " : "");
		strcat(got, ret.glyphs[i].text);
	}
	assert_string_equal(got, texts);
	for (size_t l = 1; l < ret.nlines; l++)
		assert_true(likely[l - 1] >= likely[l] && likely[0] - likely[l] <= wish.within);
}

static void
expect_read(void **state, const char *first, const char *second, const char *read, const char *text)
{
	const struct sight both[] = {{0, first}, {1, second}};

	expect_texts(state, both, 2, read, (struct agree_wish){.texts = 1}, text);
}

static void
expect(void **state, const char *first, const char *second, const char *text)
{
	expect_read(state, first, second, "ABCZ-", text);
}

static void
what_both_see_is_read(void **state)
{
	expect(state, ". A A . B .", ". A . B . .", "AB");
	expect(state, ". B A . C", "B A C .", "ZC"); /* two codes, one letter */
}

static void
steps_need_not_be_the_same(void **state)
{
	expect(state, "A A . B . C . . . . . .", ". . . . . . A . B C C C", "ABC");
}

static void
the_surer_of_two_is_believed(void **state)
{
	expect(state, ". AC9 . B", ". AC4 . B", "AB");
	expect(state, ". AC6 . B", ". AC1 . B", "CB");
}

/* Neither would have read it first. */
static void
what_both_think_possible_beats_what_one_thinks_impossible(void **state)
{
	expect(state, ". AB6 .", ". CB6 .", "B");
}

static void
a_letter_that_no_reading_has_must_be_the_likelier(void **state)
{
	expect_read(state, "AC4 .", "AC4 .", "AC", "C");
	expect_read(state, "AC4 .", "AC4 .", "A", "A");
	expect_read(state, "AC0 .", "AC0 .", "A", "C");
}

static void
a_letter_that_one_hardly_saw_is_dropped(void **state)
{
	expect(state, "A . B.3 . C", "A . . . C", "AC");
	expect(state, "A . B.3 . C", "A . B . C", "ABC");
}

static void
a_letter_stands_twice_where_something_is_between(void **state)
{
	expect(state, "A A A .", ". A A .", "A");
	expect(state, "A . A .", ". A . A", "AA");
}

static void
the_long_dash_of_one_is_the_dash_of_both(void **state)
{
	expect(state, "A . -B6 . C", "A . = . C", "A-C");
}

/* Whichever network and however often: a third opinion decides where two differ. */
static void
every_opinion_counts(void **state)
{
	const struct agree_wish best = {.texts = 1};
	const struct sight differ[] = {
	    {0, ". AC3 . B"}, {1, ". AC7 . B"}, {0, ". . CA8 . . B"}, {0, "CA8 . B"}};

	expect_texts(state, differ, 2, "ABC", best, "AB");
	expect_texts(state, differ, 4, "ABC", best, "CB");
	expect_texts(state, differ + 1, 1, "ABC", best, "AB");
}

/* Three who say the same of the same ink are no surer that a letter stands there than one of each
 * network is. */
static void
many_opinions_are_no_surer_than_two(void **state)
{
	const struct sight doubtful[] = {
	    {0, "A . B.3 . C"}, {1, "A . . . C"}, {0, "A . B.3 . C"}, {1, "A . . . C"}};

	expect_texts(state, doubtful, 4, "ABC", (struct agree_wish){.texts = 1}, "AC");
}

static void
texts_nearly_as_likely_come_next(void **state)
{
	const struct sight both[] = {{0, "A . BC6 . A"}, {1, "A . BC5 . A"}};

	expect_texts(state, both, 2, "ABC", (struct agree_wish){4, 1}, "ABA ACA");
	expect_texts(state, both, 2, "ABC", (struct agree_wish){1, 1}, "ABA");
	expect_texts(state, both, 2, "ABC", (struct agree_wish){4, .1}, "ABA");
	expect_texts(state, both, 2, "AB", (struct agree_wish){4, 1}, "ABA");
	expect_texts(state, both, 2, "ABC", (struct agree_wish){AGREE_TEXTS, 3}, "ABA ACA AZ");
}

/* Natural logarithms, of chances' roots; each letter costs 1. What the second network, which counts
 * 1.4 times, finds as likely makes no difference between texts. */
static void
it_is_said_how_likely_texts_are(void **state)
{
	static const struct {
		struct sight both[2];
		const char *read;
		double likely[2];
	} lines[] = {
	    {{{0, ". A ."}, {1, "A ."}}, "A", {-1}},
	    {{{0, ". A . B"}, {1, "A . B"}}, "AB", {-2}},
	    {{{0, ". A . B"}, {1, "A . B"}}, "A", {-2 - 3}}, /* no reading has B */
	    {{{0, "AC8 ."}, {1, "A ."}}, "A", {-1 - .1116}},
	    {{{0, "A ."}, {1, "AC8 ."}}, "A", {-1 - 1.4 * .1116}},
	    {{{0, "AC8 ."}, {1, "AC5 ."}}, "AC", {-1 - .1116 - .4852, -1 - .8047 - .4852}},
	};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		_cleanup_(words_free) struct words ret = {0};
		double likely[AGREE_TEXTS];
		const unsigned texts = lines[i].likely[1] < 0 ? 2 : 1;

		agree_on(state, lines[i].both, 2, lines[i].read, (struct agree_wish){texts, 8},
		    &ret, likely);
		assert_int_equal(ret.nlines, texts);
		for (unsigned k = 0; k < texts; k++)
			assert_float_equal(likely[k], lines[i].likely[k], .005);
	}
}

/* That nothing stands there is no text, however likely: what is said of the others stays theirs. */
static void
an_empty_text_is_none(void **state)
{
	static const struct sight both[] = {{0, "A.9 . B.3"}, {1, "A.9 . B.3"}};
	static const double want[] = {-1.554, -3.571, -5.208}; /* that of none is -3.191 */
	_cleanup_(words_free) struct words ret = {0};
	double likely[AGREE_TEXTS];

	agree_on(state, both, 2, "AB", (struct agree_wish){AGREE_TEXTS, 8}, &ret, likely);
	assert_int_equal(ret.nlines, 3);
	for (size_t i = 0; i < 3; i++)
		assert_float_equal(likely[i], want[i], .005);
	expect_texts(state, both, 2, "AB", (struct agree_wish){AGREE_TEXTS, 8}, "A AB B");
}

/* However unlikely all of it is, it is likelier than that nothing stands there. */
static void
a_long_line_is_read_to_its_end(void **state)
{
	enum { LETTERS = 700 };
	const struct pair *p = *state;
	_cleanup_(words_free) struct words none = {0}, ret = {0};
	_cleanup_(freep) struct chances *a, *b;
	char steps[LETTERS * 4 + 1] = "";
	struct opinion both[2];
	double likely;

	for (unsigned i = 0; i < LETTERS; i++)
		memcpy(steps + i * 4, "A . ", 5);
	a = see(FIRST, steps);
	b = see(SECOND, steps);
	both[0] = (struct opinion){&none, a, 0};
	both[1] = (struct opinion){&none, b, 1};
	assert_int_equal(
	    agree_read(p->spelling, both, 2, (struct agree_wish){1, 0}, &ret, &likely), 0);
	assert_int_equal(ret.nglyphs, LETTERS);
}

/* Networks that know nothing: all texts are possible, and to look at them all took seconds. */
static struct chances *
see_nothing(unsigned codes, unsigned steps)
{
	struct chances *c = calloc(1, sizeof *c + (size_t)steps * codes * sizeof *c->p);

	assert_non_null(c);
	c->steps = steps;
	c->codes = codes;
	for (size_t i = 0; i < (size_t)steps * codes; i++)
		c->p[i] = 1 / (float)codes;
	return c;
}

static void
a_line_takes_so_much_time_at_most(void **state)
{
	static const unsigned steps[] = {AGREE_STEPS, 800};
	_cleanup_(alphabet_freep) struct alphabet *first = NULL, *second = NULL;
	_cleanup_(spelling_freep) struct spelling *s = NULL;

	assert_int_equal(alphabet_load(FOLDER "jpn.traineddata", &first), 0);
	assert_int_equal(alphabet_load(FOLDER "Japanese.traineddata", &second), 0);
	assert_int_equal(spelling_new(first, second, &s), 0);
	for (unsigned k = 0; k < 2; k++) {
		_cleanup_(freep) struct chances *a = see_nothing(first->ncodes, steps[k]);
		_cleanup_(freep) struct chances *b = see_nothing(second->ncodes, steps[k]);
		_cleanup_(words_free) struct words none = {0}, ret = {0};
		const struct opinion by[] = {
		    {&none, a, 0}, {&none, b, 1}, {&none, a, 0}, {&none, b, 1}, {&none, b, 1}};
		const struct agree_wish many = {AGREE_TEXTS, 8};
		double likely[AGREE_TEXTS];
		const clock_t begin = clock();

		assert_int_equal(agree_read(s, by, k == 0 ? 2 : 5, many, &ret, likely), -ENODATA);
		assert_int_equal(ret.nlines, 0);
		assert_in_range(clock() - begin, 0, TIME_MOST_S * CLOCKS_PER_SEC);
	}
}

static void
there_may_be_no_text(void **state)
{
	const struct pair *p = *state;
	_cleanup_(freep) struct chances *a = see(FIRST, ". . ."), *b = see(SECOND, ". .");
	_cleanup_(words_free) struct words words = {0}, ret = {0};
	struct opinion both[] = {{&words, a, 0}, {&words, b, 1}};
	const struct agree_wish best = {.texts = 1};
	double likely;

	assert_int_equal(agree_read(p->spelling, both, 2, best, &ret, &likely), -ENODATA);
	assert_int_equal(agree_read(p->spelling, both, 0, best, &ret, &likely), -EINVAL);
	assert_int_equal(
	    agree_read(p->spelling, both, AGREE_OPINIONS + 1, best, &ret, &likely), -EINVAL);
	assert_int_equal(
	    agree_read(p->spelling, both, 2, (struct agree_wish){0, 1}, &ret, &likely), -EINVAL);
	both[0].network = SPELLING_SIDES;
	assert_int_equal(agree_read(p->spelling, both, 2, best, &ret, &likely), -EINVAL);
	both[0].network = 0;
	b->codes++;
	assert_int_equal(agree_read(p->spelling, both, 2, best, &ret, &likely), -EINVAL);
	b->codes--;
	b->steps = AGREE_STEPS + 1;
	assert_int_equal(agree_read(p->spelling, both, 2, best, &ret, &likely), -ENODATA);
	assert_int_equal(ret.nlines, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_model_says_how_it_spells),
	    cmocka_unit_test(a_damaged_model_is_refused),
	    cmocka_unit_test(a_changed_model_does_no_harm),
	    cmocka_unit_test(the_models_we_read_by_spell_alike),
	    cmocka_unit_test(what_both_see_is_read),
	    cmocka_unit_test(steps_need_not_be_the_same),
	    cmocka_unit_test(the_surer_of_two_is_believed),
	    cmocka_unit_test(what_both_think_possible_beats_what_one_thinks_impossible),
	    cmocka_unit_test(a_letter_that_no_reading_has_must_be_the_likelier),
	    cmocka_unit_test(a_letter_that_one_hardly_saw_is_dropped),
	    cmocka_unit_test(a_letter_stands_twice_where_something_is_between),
	    cmocka_unit_test(the_long_dash_of_one_is_the_dash_of_both),
	    cmocka_unit_test(every_opinion_counts),
	    cmocka_unit_test(many_opinions_are_no_surer_than_two),
	    cmocka_unit_test(texts_nearly_as_likely_come_next),
	    cmocka_unit_test(it_is_said_how_likely_texts_are),
	    cmocka_unit_test(an_empty_text_is_none),
	    cmocka_unit_test(a_long_line_is_read_to_its_end),
	    cmocka_unit_test(a_line_takes_so_much_time_at_most),
	    cmocka_unit_test(there_may_be_no_text),
	};

	return cmocka_run_group_tests(tests, open_pair, close_pair);
}
