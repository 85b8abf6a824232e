/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A network of ours that says something else than Tesseract's is not asked again. */
#include <math.h>

#include "ocr_network.h"

#include "ocr/network.h"

static unsigned runs;
static float said;

/* In the place of network_run.c: every code has the same chance. */
int
network_run(
    const struct network *n, const int8_t *pixels, unsigned width, uint64_t seed, float *ret)
{
	runs++;
	for (unsigned i = 0; i < width / NETWORK_SHRINK * network_outputs(n); i++)
		ret[i] = said;
	return 0;
}

static void
another_answer_is_refused(float answer)
{
	const struct engine_network_count before = engine_network_count();
	struct words alone[ENGINE_MODELS], beside[ENGINE_MODELS];
	struct engine *e;
	struct engine_network_count count;

	need_loops();
	said = answer;
	runs = 0;
	engine_network_use(false);
	assert_int_equal(engine_new(NULL, &e), 0);
	read_lines(e, alone);
	engine_free(e);
	assert_int_equal(runs, 0);
	assert_int_equal(engine_network_count().refused, before.refused);

	engine_network_use(true);
	assert_int_equal(engine_new(NULL, &e), 0);
	read_lines(e, beside);
	engine_free(e);
	expect_same(alone, beside);
	count = engine_network_count();
	assert_int_equal(runs, ENGINE_MODELS);
	assert_int_equal(count.refused - before.refused, ENGINE_MODELS);
	assert_int_equal(count.ours, 0);
	assert_true(count.theirs > ENGINE_MODELS);
}

static void
an_answer_of_equal_chances(void **state)
{
	another_answer_is_refused(0.002F);
}

static void
an_answer_that_is_no_number(void **state)
{
	another_answer_is_refused(NAN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_of_equal_chances),
	    cmocka_unit_test(an_answer_that_is_no_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
