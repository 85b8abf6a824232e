# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that the supervisor's and the fence's tests start.
STUB_ROOMS := $(addprefix $(O)/tests/bus/rooms/,store web scanner courier ocr import)
TEST_PROGRAMS += $(STUB_ROOMS)

$(O)/tests/bus/stub_room: tests/bus/stub_room.c $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  TEST  $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(call pkg,cflags,) $(LDFLAGS) -o $@ $< $(O)/lib/libbase.a $(call pkg,libs,)

$(STUB_ROOMS): $(O)/tests/bus/stub_room
	@mkdir -p $(@D)
	@cp --remove-destination $< $@

$(O)/tests/bus/supervisor_test: $(STUB_ROOMS) $(O)/bin/fumikurad

PROBES := $(addprefix tests/bus/,probe.c probe_files.c probe_calls.c)
$(O)/tests/bus/probe_test: $(PROBES)
$(O)/tests/bus/probe_test: EXTRA_SOURCES := $(PROBES)
