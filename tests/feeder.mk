# SPDX-License-Identifier: GPL-3.0-or-later
# The virtual paper feeder: a SANE backend that SANE's own dll backend loads (tests/feeder/README.md).
FEEDER     := $(O)/feeder/libsane-fumikura.so.1
FEEDER_SRC := $(wildcard tests/feeder/*.c) scanner/page_dpi.c
FEEDER_OBJ := $(patsubst %.c,$(O)/feeder/obj/%.o,$(FEEDER_SRC))

.PHONY: feeder
feeder: $(FEEDER)
$(FEEDER): $(FEEDER_OBJ)
	@echo "  LINK  $@"
	@$(CC) $(filter-out -fPIE,$(CFLAGS)) -shared -Wl,-soname,libsane-fumikura.so.1 -Wl,--as-needed -o $@ $^ \
	    $(shell pkg-config --libs lept) -lm -lpthread
$(O)/feeder/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(filter-out -fPIE,$(CFLAGS)) -fPIC -fvisibility=hidden \
	    $(shell pkg-config --cflags lept sane-backends) -c -o $@ $<
-include $(FEEDER_OBJ:.o=.d)
TEST_PROGRAMS += $(FEEDER)

$(O)/tests/bus/intake_test $(O)/tests/bus/intake_fault_test: $(O)/bin/scanner $(FEEDER)
$(O)/tests/bus/import_test: $(O)/bin/import
