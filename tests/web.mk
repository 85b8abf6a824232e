# SPDX-License-Identifier: GPL-3.0-or-later
# make fuzz-web [FUZZ_SECONDS=N]: what the web room reads itself; needs clang
FUZZ_SECONDS ?= 60
WEB_PURE := web/web_text.c web/web_args.c web/web_routes.c web/web_routes_table.c $(wildcard daemon/base/text*.c)
.PHONY: fuzz-web
$(O)/tests/fuzz/web_fuzz: tests/fuzz/web_fuzz.c $(WEB_PURE)
	@mkdir -p $(@D)
	@echo "  FUZZ  $@"
	@clang -std=gnu17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined $(filter-out -MMD -MP -D_FORTIFY_SOURCE=2,$(CPPFLAGS)) \
	    -o $@ $^ $(shell pkg-config --cflags --libs jansson libsystemd)

fuzz-web: $(O)/tests/fuzz/web_fuzz
	@mkdir -p $(O)/tests/fuzz/web-corpus
	@cd $(O)/tests/fuzz && ./web_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=2000 web-corpus
