# SPDX-License-Identifier: GPL-3.0-or-later
# Public test vectors for age files. Without a package registry the test that reads them skips and says so.
CCTV_AGE := 0.2.0
TEST_PROGRAMS += $(O)/tests/age-vectors.done

$(O)/tests/age-vectors.done: tests/unit/age_vectors.mjs
	@mkdir -p $(@D) $(O)/npm-age
	@npm install --silent --no-audit --no-fund --prefix $(O)/npm-age cctv-age@$(CCTV_AGE) >/dev/null 2>&1 && \
	    node $< $(O)/npm-age/node_modules/cctv-age $(O)/tests/age-vectors && touch $@ || echo "  cctv-age is not to be had: its vectors are skipped"

# make fuzz-age | fuzz-eventlog [FUZZ_SECONDS=N]; needs clang
FUZZ_SECONDS ?= 60
VAULT_SOURCES := $(wildcard store/age*.c store/keys*.c store/eventlog*.c) store/io.c store/secret.c store/canon.c store/merkle.c store/note.c \
    $(wildcard daemon/base/text*.c)
.PHONY: fuzz-age fuzz-eventlog
$(O)/tests/fuzz/age_fuzz $(O)/tests/fuzz/eventlog_fuzz: $(O)/tests/fuzz/%: tests/fuzz/%.c $(VAULT_SOURCES)
	@mkdir -p $(@D)
	@echo "  FUZZ  $<"
	@clang -std=gnu17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    $(filter-out -MMD -MP -D_FORTIFY_SOURCE=2,$(CPPFLAGS)) -o $@ $^ $(shell pkg-config --cflags --libs libgcrypt jansson) -lpthread

fuzz-age fuzz-eventlog: fuzz-%: $(O)/tests/fuzz/%_fuzz
	@mkdir -p $(O)/tests/fuzz/$*-corpus
	@cd $(O)/tests/fuzz && ./$*_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=4096 $*-corpus
