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

# The shipped store once more, whose patience a test ends (tests/bus/hurry.h).
TEST_PROGRAMS += $(O)/tests/bus/store_hurried

$(O)/tests/bus/store_hurried: tests/bus/hurry.c tests/bus/hurry.h $(MAIN_store) $(O)/lib/libstore.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,$(PKG_store)) $(LDFLAGS) -Wl,--wrap=sd_bus_call_async,--wrap=usleep \
	    -o $@ $< $(MAIN_store) $(O)/lib/libstore.a $(O)/lib/libbase.a $(call pkg,libs,$(PKG_store)) $(LIB_store) -lm

$(O)/tests/bus/store_ocr_test: $(O)/tests/bus/store_hurried
