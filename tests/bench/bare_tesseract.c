/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine alone, as a measure for the ocr room: WORKERS processes, the model `jpn` loaded once
 * in each, pages decoded beforehand and shared, one plain reading (page segmentation 3) of each.
 *   bare_tesseract WORKERS SECONDS READINGS PICTURE...
 * Ends after READINGS readings, pages in turn, or with the reading under way at SECONDS. Prints
 * {"pages":N,"seconds":S,"cpu_s":C}: from the moment when all models are loaded.
 */
#include <leptonica/allheaders.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <tesseract/capi.h>
#include <time.h>
#include <unistd.h>

#define MAX_PAGES 256
#define PAGE_DPI 300

/* In memory that all workers share. */
struct run {
	atomic_int ready, begun, done, failed;
	atomic_llong cpu_us;
	atomic_llong start_us; /* 0: not yet */
};

static PIX *pages[MAX_PAGES];
static int page_count, readings;
static double seconds;

static long long
now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool
load(TessBaseAPI *api)
{
	if (TessBaseAPIInit2(api, NULL, "jpn", OEM_LSTM_ONLY) != 0)
		return false;
	TessBaseAPISetVariable(api, "tessedit_do_invert", "0");
	TessBaseAPISetPageSegMode(api, PSM_AUTO);
	return true;
}

static void
read_one(TessBaseAPI *api, PIX *page)
{
	char *text;

	TessBaseAPISetImage2(api, page);
	TessBaseAPISetSourceResolution(api, PAGE_DPI);
	text = TessBaseAPIGetUTF8Text(api);
	TessDeleteText(text);
	TessBaseAPIClear(api);
}

static int
work(struct run *run)
{
	TessBaseAPI *api = TessBaseAPICreate();
	long long cpu, start;

	if (!load(api)) {
		fputs("bare_tesseract: the model jpn cannot be loaded\n", stderr);
		atomic_fetch_add(&run->failed, 1);
		return 1;
	}
	atomic_fetch_add(&run->ready, 1);
	while ((start = atomic_load(&run->start_us)) == 0)
		usleep(1000);
	cpu = now_us(CLOCK_PROCESS_CPUTIME_ID);
	while ((double)(now_us(CLOCK_MONOTONIC) - start) < seconds * 1e6) {
		int n = atomic_fetch_add(&run->begun, 1);

		if (n >= readings)
			break;
		read_one(api, pages[n % page_count]);
		atomic_fetch_add(&run->done, 1);
	}
	atomic_fetch_add(&run->cpu_us, now_us(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	TessBaseAPIEnd(api);
	TessBaseAPIDelete(api);
	return 0;
}

static int
run_all(struct run *run, int workers)
{
	long long start;

	for (int i = 0; i < workers; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(work(run));
		if (pid < 0)
			atomic_fetch_add(&run->failed, 1);
	}
	while (atomic_load(&run->ready) + atomic_load(&run->failed) < workers)
		usleep(1000);
	start = now_us(CLOCK_MONOTONIC);
	atomic_store(&run->start_us, start);
	while (wait(NULL) > 0)
		;
	printf("{\"pages\":%d,\"seconds\":%.3f,\"cpu_s\":%.3f}\n", atomic_load(&run->done),
	    (double)(now_us(CLOCK_MONOTONIC) - start) / 1e6, (double)run->cpu_us / 1e6);
	return atomic_load(&run->failed) > 0;
}

int
main(int argc, char **argv)
{
	struct run *run;

	if (argc < 5 || atoi(argv[1]) < 1) {
		fprintf(stderr, "usage: %s WORKERS SECONDS READINGS PICTURE...\n", argv[0]);
		return 2;
	}
	/* Read by OpenMP before main: without it the workers' threads fight for the cores. */
	if (getenv("OMP_THREAD_LIMIT") == NULL) {
		setenv("OMP_THREAD_LIMIT", "1", 1);
		execv("/proc/self/exe", argv);
	}
	seconds = atof(argv[2]);
	readings = atoi(argv[3]);
	for (int i = 4; i < argc && page_count < MAX_PAGES; i++) {
		PIX *pix = pixRead(argv[i]);

		if (pix == NULL) {
			fprintf(stderr, "bare_tesseract: %s is no picture\n", argv[i]);
			return 1;
		}
		pages[page_count++] = pix;
	}
	run = mmap(NULL, sizeof *run, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run == MAP_FAILED)
		return 1;
	return run_all(run, atoi(argv[1]));
}
