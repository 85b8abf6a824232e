# SPDX-License-Identifier: GPL-3.0-or-later
# make bench-search [SEARCH_PAGES=N] files generated pages into a catalogue and measures queries
# make fuzz-search [FUZZ_SECONDS=N] queries, recognition results, packed boxes; needs clang
SEARCH_PAGES ?= 20000
FUZZ_SECONDS ?= 60

.PHONY: bench-search fuzz-search
$(O)/tests/bench/search_bench: tests/bench/search_bench.c tests/unit/catalogue_fixture.h $(O)/lib/libstore.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,cmocka $(PKG_store)) $(LDFLAGS) -o $@ $< \
	    $(O)/lib/libstore.a $(O)/lib/libbase.a $(call pkg,libs,cmocka $(PKG_store)) $(LIB_store) -lm

bench-search: $(O)/tests/bench/search_bench
	@$< $(SEARCH_PAGES)

$(O)/tests/fuzz/search_fuzz: tests/fuzz/search_fuzz.c $(wildcard store/catalogue*.c store/search*.c) store/secret.c $(wildcard daemon/base/text*.c)
	@mkdir -p $(@D)
	@echo "  FUZZ  $@"
	@clang -std=gnu17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(filter-out -MMD -MP -D_FORTIFY_SOURCE=2,$(CPPFLAGS)) \
	    $(call pkg,cflags,$(PKG_store)) -o $@ $^ $(call pkg,libs,$(PKG_store)) -lpthread

fuzz-search: $(O)/tests/fuzz/search_fuzz
	@mkdir -p $(O)/tests/fuzz/search-corpus
	@cd $(O)/tests/fuzz && ./search_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=600 search-corpus
