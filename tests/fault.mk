# SPDX-License-Identifier: GPL-3.0-or-later
# The shipped store once more, on a disk that a test fills (tests/fault/full_disk.h).
TEST_PROGRAMS += $(O)/tests/fault/store_full

$(O)/tests/fault/store_full: tests/fault/full_disk.c tests/fault/full_disk.h $(MAIN_store) $(O)/lib/libstore.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,$(PKG_store)) $(LDFLAGS) -o $@ $< $(MAIN_store) \
	    $(O)/lib/libstore.a $(O)/lib/libbase.a $(call pkg,libs,$(PKG_store)) $(LIB_store) -lm

$(O)/tests/bus/store_full_test: $(O)/tests/fault/store_full

# Memory that ends where a test says (tests/fault/ocr_memory_test.c).
$(O)/tests/fault/ocr_memory_test: private LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=engine_read
