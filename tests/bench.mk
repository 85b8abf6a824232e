# SPDX-License-Identifier: GPL-3.0-or-later
# make bench [PAGES=DIR] [BENCH_SECONDS=N]: what a box does, beside its peers, in one run (tests/bench/README.md). BENCH_SECONDS bounds each
# measurement; numbers also go to $(O)/bench/bench.json.
BENCH_SECONDS ?= 20
# PAGES has another default elsewhere; here it counts only when it was given.
BENCH_PAGES    = $(if $(filter undefined file default,$(origin PAGES)),tests/samples/pages,$(PAGES))

$(O)/tests/bare_tesseract: tests/bench/bare_tesseract.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,tesseract lept) $(LDFLAGS) -o $@ $< $(shell pkg-config --libs tesseract lept)

$(O)/tests/bench_seal: tests/bench/bench_seal.c $(O)/lib/libstore.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,$(PKG_store)) $(LDFLAGS) -o $@ $< \
	    $(O)/lib/libstore.a $(O)/lib/libbase.a $(call pkg,libs,$(PKG_store)) $(LIB_store) -lm

bench: $(BINS) $(FEEDER) $(O)/tests/tsa $(O)/tests/bare_tesseract $(O)/tests/bench_seal
	@python3 tests/bench/bench.py $(O) $(BENCH_PAGES) $(BENCH_SECONDS)
