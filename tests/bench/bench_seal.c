/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sealing beside plain writing: the same bytes once through objects_put(), once as a new file that
 * is written and flushed, by THREADS threads each, in turns, so that a busy disk is busy for both.
 *   bench_seal DIR THREADS SECONDS FILE...
 * Prints {"bytes":N,"seal_s":S,"plain_s":S,"seal_cpu_s":C,"plain_cpu_s":C}: sums over all rounds,
 * each of which stores every FILE once in both ways.
 */
#include <fcntl.h>
#include <gcrypt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/age.h"
#include "store/io.h"
#include "store/objects.h"
#include "store/secret.h"

#define MAX_FILES 256
#define MAX_THREADS 64
#define MAX_ROUNDS 1000

struct bench {
	int dir;
	struct objects *objects;
	struct age_identity key;
	uint8_t *data[MAX_FILES];
	size_t size[MAX_FILES], total;
	int files;
	bool seal;
	atomic_int next, failed;
	int round;
	char id[MAX_FILES][OBJECT_ID];
};

static double
seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
write_plain(struct bench *b, int i)
{
	char name[32];
	int fd, r;

	snprintf(name, sizeof(name), "plain-%d", i);
	fd = io_open(b->dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return fd;
	r = io_write_all(fd, b->data[i], b->size[i]);
	if (r == 0)
		r = io_flush(fd);
	close(fd);
	return r;
}

static void *
work(void *arg)
{
	struct bench *b = arg;
	int i, r;

	while ((i = atomic_fetch_add(&b->next, 1)) < b->files) {
		uint64_t size;

		r = b->seal ? objects_put(b->objects, b->key.public, b->data[i], b->size[i],
				  b->id[i], &size)
			    : write_plain(b, i);
		if (r < 0)
			atomic_fetch_add(&b->failed, 1);
	}
	return NULL;
}

static void
tidy(struct bench *b)
{
	char name[32];

	for (int i = 0; i < b->files; i++) {
		snprintf(name, sizeof(name), "plain-%d", i);
		if (b->seal)
			objects_unlink(b->objects, b->id[i]);
		else
			io_unlink(b->dir, name);
	}
}

/* Stores every file once; adds wall clock and CPU seconds. */
static void
one_way(struct bench *b, bool seal, int threads, double *wall, double *cpu)
{
	pthread_t thread[MAX_THREADS];
	double w = seconds_of(CLOCK_MONOTONIC), c = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

	b->seal = seal;
	atomic_store(&b->next, 0);
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, work, b) != 0)
			abort();
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	*wall += seconds_of(CLOCK_MONOTONIC) - w;
	*cpu += seconds_of(CLOCK_PROCESS_CPUTIME_ID) - c;
	tidy(b);
}

static int
prepare(struct bench *b, const char *dir, char **files, int n)
{
	if (!gcry_check_version(NULL) || secret_init() < 0 || age_identity_new(&b->key) < 0)
		return -1;
	b->dir = open(dir, O_RDONLY | O_DIRECTORY);
	if (b->dir < 0 || objects_open(b->dir, &b->objects) < 0)
		return -1;
	for (; b->files < n && b->files < MAX_FILES; b->files++) {
		int i = b->files;

		if (io_read_file(AT_FDCWD, files[i], OBJECT_MAX, &b->data[i], &b->size[i]) < 0)
			return -1;
		b->total += b->size[i];
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static struct bench b;
	double end, seal = 0, plain = 0, seal_cpu = 0, plain_cpu = 0, unused = 0;
	size_t bytes = 0;
	int threads;

	if (argc < 5 || (threads = atoi(argv[2])) < 1 || threads > MAX_THREADS) {
		fprintf(stderr, "usage: %s DIR THREADS SECONDS FILE...\n", argv[0]);
		return 2;
	}
	if (prepare(&b, argv[1], argv + 4, argc - 4) < 0) {
		fprintf(stderr, "bench_seal: %s or a file cannot be used\n", argv[1]);
		return 1;
	}
	one_way(&b, true, threads, &unused, &unused); /* makes the shelves */
	end = seconds_of(CLOCK_MONOTONIC) + atof(argv[3]);
	for (b.round = 0; b.round < MAX_ROUNDS && seconds_of(CLOCK_MONOTONIC) < end; b.round++) {
		one_way(&b, b.round % 2 == 0, threads, b.round % 2 == 0 ? &seal : &plain,
		    b.round % 2 == 0 ? &seal_cpu : &plain_cpu);
		one_way(&b, b.round % 2 != 0, threads, b.round % 2 != 0 ? &seal : &plain,
		    b.round % 2 != 0 ? &seal_cpu : &plain_cpu);
		bytes += b.total;
	}
	printf("{\"bytes\":%zu,\"seal_s\":%.3f,\"plain_s\":%.3f,\"seal_cpu_s\":%.3f,"
	       "\"plain_cpu_s\":%.3f}\n",
	    bytes, seal, plain, seal_cpu, plain_cpu);
	return atomic_load(&b.failed) > 0;
}
