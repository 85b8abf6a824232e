/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tries by itself, as pause.h says when. Opens nothing but the catalogue: how a start goes on is
 * the next one's business. */
#include "full.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "pause.h"

#define LOOK_S 2 /* how soon it is seen that there is space */

static void
leave(void *arg)
{
	struct store *store = arg;

	log_info("store: the disk has space again; starting anew");
	room_exit(store->room, 0);
}

/* Whatever else than a full disk it meets, a start says better. */
static void *
waiting_thread(void *arg)
{
	struct store *store = arg;
	struct pause pause = {0};
	int r;

	pause_begin(&pause, clock_seconds(), store_free_space(store));
	do {
		do
			sleep(LOOK_S);
		while (pause_holds(&pause, clock_seconds(), store_free_space(store)));
		r = store_catch_up(store);
		if (r == -ENOSPC)
			pause_begin(&pause, clock_seconds(), store_free_space(store));
	} while (r == -ENOSPC || mainloop_post(store->loop, leave, store) < 0);
	return NULL;
}

int
full_begin(struct store *store)
{
	pthread_t thread;
	int r;

	store->waiting = true;
	store_open_behind(store);
	log_error("store: the disk is full, and the catalogue cannot be opened or follow its log: "
		  "nothing is possible; it goes on by itself when there is space");
	r = pthread_create(&thread, NULL, waiting_thread, store);
	if (r == 0)
		pthread_detach(thread); /* it ends before store does */
	return -r;
}

int
full_refuse(struct refusal *refusal)
{
	return refuse_text(refusal, "disk_full",
	    "ディスクがいっぱいのため、起動を終えられません。どの操作もできません。保存済みのものは"
	    "無事"
	    "です。空きを作ると、自動で続けます。",
	    "The disk is full, so the box cannot finish its start and nothing is possible. What is "
	    "stored is safe. It goes on by itself when there is space.");
}
