/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See hurry.h. The linker puts these before the library's: --wrap in base.mk. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "hurry.h"

#define HURRIED_USEC 50000
#define REST_PART 16 /* of the rest before something is tried again */

static struct hurry *hurry;

int __real_sd_bus_call_async(sd_bus *bus, sd_bus_slot **slot, sd_bus_message *m,
    sd_bus_message_handler_t callback, void *userdata, uint64_t usec);
int __wrap_sd_bus_call_async(sd_bus *bus, sd_bus_slot **slot, sd_bus_message *m,
    sd_bus_message_handler_t callback, void *userdata, uint64_t usec);
int __real_usleep(useconds_t usec);
int __wrap_usleep(useconds_t usec);

int
__wrap_sd_bus_call_async(sd_bus *bus, sd_bus_slot **slot, sd_bus_message *m,
    sd_bus_message_handler_t callback, void *userdata, uint64_t usec)
{
	const bool hurried = hurry->on && strcmp(sd_bus_message_get_member(m), "Read") == 0;

	return __real_sd_bus_call_async(
	    bus, slot, m, callback, userdata, hurried ? HURRIED_USEC : usec);
}

int
__wrap_usleep(useconds_t usec)
{
	return __real_usleep(usec / REST_PART);
}

__attribute__((constructor)) static void
share(void)
{
	const char *path = getenv("HURRY");
	const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		_exit(127);
	hurry = mmap(NULL, sizeof(*hurry), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (hurry == MAP_FAILED)
		_exit(127);
	close(fd);
}
