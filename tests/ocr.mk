# SPDX-License-Identifier: GPL-3.0-or-later
# Reading without a box (tests/read), and how well and how fast it reads (tests/bench/README.md):
#   make bench-ocr PAGES=DIR [ROUNDS=3] [RATE_PAGES=12]     make bench-ocr-samples [LEVEL=0…5] [SEED=N]
READ_SOURCES := $(wildcard tests/read_*.c)
$(O)/tests/read_driver: $(READ_SOURCES) $(wildcard tests/read_*.h) $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,) $(LDFLAGS) -o $@ $(READ_SOURCES) $(O)/lib/libbase.a $(call pkg,libs,) -lm

$(O)/tests/bus/ocr_worker_test: EXTRA_SOURCES := tests/read_room.c
# Draw letters.
$(addprefix $(O)/tests/unit/ocr_letter_,shape_test ink_test windows_test names_test fit_test choose_test correct_test add_test again_test otherwise_test) $(addprefix $(O)/tests/unit/ocr_down_,cut_test letter_test letters_test columns_test page_test) $(O)/tests/unit/ocr_close_test $(O)/tests/unit/ocr_even_page_test $(O)/tests/fault/ocr_memory_test: EXTRA_SOURCES := $(shell pkg-config --cflags --libs freetype2 2>/dev/null)

# Every engine_read() of our own reading goes by the recorder first: the door of ocr/engine.h, held open by the linker.
$(O)/tests/ocr_bare: tests/bench/ocr_bare.c $(O)/lib/libocr.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -Wl,--wrap=engine_read -o $@ $< \
	    $(O)/lib/libocr.a $(O)/lib/libbase.a $(call pkg,libs,$(PKG_ocr)) -lm

TEST_PROGRAMS += $(O)/tests/read_driver

PAGES      ?= tests/samples/clean
ROUNDS     ?= 3
RATE_PAGES ?= 12
OCR_BENCH   = python3 tests/bench/ocr_bench.py --rounds $(ROUNDS) --rate-pages $(RATE_PAGES) $(O)
OCR_BENCH_PROGRAMS := $(O)/bin/ocr $(O)/bin/import $(O)/tests/read_driver $(O)/tests/ocr_bare

.PHONY: bench-ocr bench-ocr-samples
bench-ocr: $(OCR_BENCH_PROGRAMS)
	@daemon/install-packages ocrmypdf
	@$(OCR_BENCH) $(PAGES)

# LEVEL=0: the clean pictures, LEVEL=1 … 5: ever worse scans of them.
LEVEL ?= 0
$(O)/samples/0: samples-more
	@mkdir -p $@
	@cp $(SAMPLES)/clean/* $(O)/samples/more/*.* $@/

bench-ocr-samples: $(OCR_BENCH_PROGRAMS) $(if $(filter 0,$(LEVEL)),$(O)/samples/0,samples-$(LEVEL))
	@daemon/install-packages ocrmypdf
	@$(OCR_BENCH) $(O)/samples/$(LEVEL)

# make fuzz-ocr [FUZZ_SECONDS=N]: ALTO, masters, values, texts; needs clang
.PHONY: fuzz-ocr
$(O)/tests/fuzz/ocr_fuzz: tests/fuzz/ocr_fuzz.c $(filter-out ocr/ocr_main.c ocr/queue.c ocr/work.c,$(wildcard ocr/*.c)) \
    $(wildcard daemon/base/text*.c) daemon/base/sha256.c daemon/base/tiff_memory.c
	@mkdir -p $(@D)
	@echo "  FUZZ  $@"
	@clang -std=gnu17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(filter-out -MMD -MP -D_FORTIFY_SOURCE=2,$(CPPFLAGS)) \
	    $(call pkg,cflags,$(PKG_ocr)) -o $@ $^ $(call pkg,libs,$(PKG_ocr)) -lm

fuzz-ocr: $(O)/tests/fuzz/ocr_fuzz
	@mkdir -p $(O)/tests/fuzz/ocr-corpus
	@cd $(O)/tests/fuzz && ./ocr_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -rss_limit_mb=1024 ocr-corpus
