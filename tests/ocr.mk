# SPDX-License-Identifier: GPL-3.0-or-later
# Reading without a box, and how well it reads: make bench-ocr PAGES=DIR [FULL=1: ocrmypdf too]
TEST_PROGRAMS += $(O)/tests/read_driver
$(O)/tests/read_driver: tests/read_driver.c tests/ocr_worker.h $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -o $@ $< $(O)/lib/libbase.a $(call pkg,libs,lept) -lm

$(O)/tests/ocr_bare: tests/bench/ocr_bare.c $(O)/lib/libocr.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -o $@ $< $(O)/lib/libocr.a $(O)/lib/libbase.a \
	    $(call pkg,libs,$(PKG_ocr)) -lm

PAGES ?= tests/samples/clean
bench-ocr: $(O)/bin/ocr $(O)/tests/read_driver $(O)/tests/ocr_bare
	@python3 tests/bench/ocr_bench.py $(O) $(PAGES) $(if $(FULL),--full)
