/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * engine_library.c answers in the place of the library of OpenMP. A later libtesseract that asks
 * that library for more than it knows would have one part of its work done here and the other
 * there, which do not know of each other: it would hang, or read rubbish, on some page some day.
 */
#include <dlfcn.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ocr/engine.h"
#include "ocr/engine_library.h"

/*
 * What may be left to the library itself. It knows of no region that is under way, since none was
 * begun there, and says what is true of one thread: the first of one.
 */
static const char *const harmless[] = {"omp_get_num_threads", "omp_get_thread_num"};

static const char *const asked_of_openmp[] = {"GOMP_", "GOACC_", "omp_", "__kmpc_"};

static bool
is_of_openmp(const char *name)
{
	for (size_t i = 0; i < sizeof(asked_of_openmp) / sizeof(asked_of_openmp[0]); i++)
		if (strncmp(name, asked_of_openmp[i], strlen(asked_of_openmp[i])) == 0)
			return true;
	return false;
}

/* Whether a library that asks for it is given ours. */
static bool
is_ours(const char *name)
{
	void *at = dlsym(RTLD_DEFAULT, name);
	Dl_info asked, self;

	return at != NULL && dladdr(at, &asked) != 0 &&
	       dladdr((void *)(uintptr_t)engine_library_hold, &self) != 0 &&
	       asked.dli_fbase == self.dli_fbase;
}

static bool
is_harmless(const char *name)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(name, harmless[i]) == 0)
			return true;
	return false;
}

/* ---- what is asked for ---- */

typedef void (*symbol_fn)(const char *library, const char *name);

/* Calls fn with each dynamic symbol of the file that nm lists so, without its version. */
static unsigned
each_symbol(const char *path, const char *which, symbol_fn fn)
{
	char command[PATH_MAX + 64], line[1024], name[512];
	unsigned n = 0;
	FILE *out;

	assert_null(strchr(path, '\''));
	snprintf(command, sizeof(command), "nm -D -P %s '%s'", which, path);
	out = popen(command, "r");
	assert_non_null(out);
	while (fgets(line, sizeof(line), out) != NULL) {
		assert_int_equal(sscanf(line, "%511[^ @]", name), 1);
		fn(path, name);
		n++;
	}
	assert_int_equal(pclose(out), 0);
	return n;
}

static bool saw_tesseract;
static unsigned asked;

static void
expect_answered(const char *library, const char *name)
{
	if (!is_of_openmp(name))
		return;
	asked++;
	if (!is_ours(name) && !is_harmless(name))
		fail_msg(
		    "%s asks the library of OpenMP for %s, of which ocr/engine_library.c knows "
		    "nothing. Define it there as it is for one thread (libgomp's libgomp_g.h "
		    "says what it means), or, if it may be left to the library although regions "
		    "begin and end with us, name it in this test under \"harmless\" and say why. "
		    "A libtesseract of another compiler's OpenMP (__kmpc_*) needs neither: then "
		    "engine_library.c's GOMP_* have no use any more.",
		    library, name);
}

/* Calls fn with each symbol that libraries which are loaded ask of others: all of them are given
 * ours. */
static void
each_asked(symbol_fn fn)
{
	char line[PATH_MAX + 128], last[PATH_MAX] = "";
	FILE *maps = fopen("/proc/self/maps", "re");

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		char *path = strchr(line, '/');

		line[strcspn(line, "\n")] = '\0';
		if (path == NULL || strstr(path, ".so") == NULL || strcmp(path, last) == 0 ||
		    strstr(path, "/libgomp.") != NULL)
			continue;
		snprintf(last, sizeof(last), "%s", path);
		saw_tesseract |= strstr(path, "/libtesseract.") != NULL;
		each_symbol(path, "--undefined-only", fn);
	}
	fclose(maps);
}

static void
all_that_is_asked_for_is_answered(void **state)
{
	print_message("# Tesseract %s\n", engine_version(NULL)); /* which links it, as bin/ocr */
	each_asked(expect_answered);
	assert_true(saw_tesseract);
	if (asked == 0)
		print_message("# no library asks OpenMP for anything any more\n");
	assert_true(is_ours("pixWriteMem"));
}

/* The way of looking is right: what we do not define is not taken for ours. */
static void
what_we_lack_is_seen(void **state)
{
	assert_true(is_of_openmp("GOMP_barrier"));
	assert_false(is_ours("GOMP_barrier") || is_harmless("GOMP_barrier"));
	assert_false(is_ours("pixReadMem"));
	assert_false(is_of_openmp("pixWriteMem"));
}

/* ---- the shipped room ---- */

static char exported[65536];

static void
note_exported(const char *library, const char *name)
{
	const size_t n = strlen(exported);

	assert_true(n + strlen(name) + 2 < sizeof(exported));
	snprintf(exported + n, sizeof(exported) - n, "%s ", name);
}

static void
expect_exported(const char *library, const char *name)
{
	char wanted[600];

	snprintf(wanted, sizeof(wanted), " %s ", name);
	if (is_of_openmp(name) && is_ours(name) && strstr(exported, wanted) == NULL)
		fail_msg("bin/ocr does not hand out its %s: the linker must export it", name);
}

/* What holds for this program holds for the one that reads pages. */
static void
the_shipped_room_answers_too(void **state)
{
	char path[PATH_MAX] = "";
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 32);
	char *tests = n > 0 ? strstr(path, "/tests/unit/") : NULL;

	assert_non_null(tests);
	strcpy(tests, "/bin/ocr");
	strcpy(exported, " ");
	each_symbol(path, "--defined-only", note_exported);
	assert_non_null(strstr(exported, " pixWriteMem "));
	each_asked(expect_exported);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_that_is_asked_for_is_answered),
	    cmocka_unit_test(what_we_lack_is_seen),
	    cmocka_unit_test(the_shipped_room_answers_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
