# SPDX-License-Identifier: GPL-3.0-or-later
# make samples              takes the forms' pictures anew (tests/samples/clean) and scans them (tests/samples/pages); needs Chromium, ImageMagick and the fonts below
# make samples-LEVEL        worse scans of the kept clean pictures, 1 … 5, into $(O)/samples/LEVEL; SEED=N for other copies; needs neither
SAMPLES      := tests/samples
SAMPLE_FONTS := fonts-noto-cjk fonts-ipafont fonts-klee fonts-kiloji fonts-seto fonts-yusei-magic
CHROMIUM     ?= /usr/bin/chromium
PLAYWRIGHT   := 1.60.0

.PHONY: samples samples-1 samples-2 samples-3 samples-4 samples-5
$(O)/tests/sample-scan: $(SAMPLES)/scan.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(LDFLAGS) -o $@ $< $(shell pkg-config --cflags --libs lept) -lm

$(O)/npm/node_modules/playwright-core/package.json:
	@mkdir -p $(O)/npm
	npm install --silent --no-audit --no-fund --prefix $(O)/npm playwright-core@$(PLAYWRIGHT)

samples: $(O)/tests/sample-scan $(O)/npm/node_modules/playwright-core/package.json
	NODE_PATH=$(O)/npm/node_modules CHROMIUM=$(CHROMIUM) node $(SAMPLES)/generate.mjs $(O)/samples/shots
	$(SAMPLES)/make-pages $(O)/samples/shots $(SAMPLES)/clean - clean
	$(SAMPLES)/make-pages $(SAMPLES)/clean $(SAMPLES)/pages $(O)/tests/sample-scan demo

samples-1 samples-2 samples-3 samples-4 samples-5: samples-%: $(O)/tests/sample-scan
	$(SAMPLES)/make-pages $(SAMPLES)/clean $(O)/samples/$* $(O)/tests/sample-scan $*
