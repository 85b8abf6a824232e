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

# make fuzz-ocr [FUZZ_SECONDS=N]: ALTO, masters, values, texts; needs clang
.PHONY: fuzz-ocr
$(O)/tests/fuzz/ocr_fuzz: tests/fuzz/ocr_fuzz.c $(filter-out ocr/ocr_main.c ocr/queue.c ocr/work.c,$(wildcard ocr/*.c)) \
    $(wildcard daemon/base/text*.c) daemon/base/sha256.c
	@mkdir -p $(@D)
	@echo "  FUZZ  $@"
	@clang -std=gnu17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(filter-out -MMD -MP -D_FORTIFY_SOURCE=2,$(CPPFLAGS)) \
	    $(call pkg,cflags,$(PKG_ocr)) -o $@ $^ $(call pkg,libs,$(PKG_ocr)) -lm

fuzz-ocr: $(O)/tests/fuzz/ocr_fuzz
	@mkdir -p $(O)/tests/fuzz/ocr-corpus
	@cd $(O)/tests/fuzz && ./ocr_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -rss_limit_mb=1024 ocr-corpus
