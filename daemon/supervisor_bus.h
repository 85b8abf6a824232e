/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The control link between fumikurad and each room (both directions). fumikurad is the server side;
 * path for both is SUPERVISOR_PATH. It never carries user data or keys.
 */
#ifndef FUMIKURA_SUPERVISOR_BUS_H
#define FUMIKURA_SUPERVISOR_BUS_H

#define SUPERVISOR_PATH "/jp/fumikura/control"

/* Served by fumikurad. */
#define SUPERVISOR_IFACE "jp.fumikura.Supervisor1"
/* Ready() : the room is locked down and serves. */
/* Alive() : sent every second; a room silent for supervisor.watchdog_s is killed and restarted. */
/* Rooms() -> a(suutb) : name, pid, restarts, resident memory in kB, ready. Every room, fumikurad
 * first. Store only. */
/* SpawnImport(s job) : starts one `import` process and attaches it to store as "import/JOB". Store
 * only. -EBUSY error code "busy" when IMPORT_MAX_PROCESSES are running. The process is killed after
 * import.time_limit_s. */
/* Kill(s peer) : kills and restarts a room that store finds stuck ("ocr/2"), or ends "import/JOB".
 * Store only. */

/* Served by every room. */
#define ROOM_IFACE "jp.fumikura.Room1"
/* Attach(s peer, h socket) : a new link to peer; replaces an older one of the same name. Answered
 * when both ends have met and calls may flow. */
/* Listen(s name, h socket) : a listening socket. */
/* Stop() : finish and exit 0 within 5 s. */

#define IMPORT_MAX_PROCESSES 4 /* import/JOB processes at once; further files wait in store */

#endif
