# SPDX-License-Identifier: GPL-3.0-or-later
# make samples              takes the demo forms' pictures anew (tests/samples/clean) and scans them (tests/samples/pages); needs Chromium, ImageMagick, the fonts below
# make samples-more         the further papers of tests/samples/more: pictures and truths into $(O)/samples/more; needs the same
# make samples-LEVEL        scans of all clean pictures, 1 light … 3 worn, 4 fax, 5 copy of a fax, into $(O)/samples/LEVEL; SEED=N for other copies
SAMPLES      := tests/samples
SAMPLE_FONTS := fonts-noto-cjk fonts-ipafont fonts-ipaexfont fonts-vlgothic fonts-migmix fonts-dotgothic16 fonts-dejavu-core \
    fonts-klee fonts-kiloji fonts-seto fonts-yusei-magic fonts-horai-umefont fonts-takao-mincho fonts-motoya-l-cedar fonts-motoya-l-maruberi
CHROMIUM     ?= /usr/bin/chromium
PLAYWRIGHT   := 1.60.0
SAMPLE_SHOOT  = NODE_PATH=$(O)/npm/node_modules CHROMIUM=$(CHROMIUM) node $(SAMPLES)/generate.mjs

.PHONY: samples samples-more samples-1 samples-2 samples-3 samples-4 samples-5
$(O)/tests/sample-scan: $(SAMPLES)/scan.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(LDFLAGS) -o $@ $< $(shell pkg-config --cflags --libs lept) -lm

$(O)/npm/node_modules/playwright-core/package.json:
	@mkdir -p $(O)/npm
	npm install --silent --no-audit --no-fund --prefix $(O)/npm playwright-core@$(PLAYWRIGHT)

samples: $(O)/tests/sample-scan $(O)/npm/node_modules/playwright-core/package.json
	$(SAMPLE_SHOOT) $(SAMPLES)/forms $(O)/samples/shots
	$(SAMPLES)/make-pages $(O)/samples/shots $(SAMPLES)/clean - clean
	$(SAMPLES)/make-pages $(SAMPLES)/clean $(SAMPLES)/pages $(O)/tests/sample-scan demo

# Without the fonts a page would show other glyphs than its school's, or none.
$(O)/samples/more/.made: $(O)/npm/node_modules/playwright-core/package.json $(wildcard $(SAMPLES)/more/*.html $(SAMPLES)/forms/form.css $(SAMPLES)/forms/page.js)
	@daemon/install-packages $(SAMPLE_FONTS)
	@rm -rf $(@D)
	@$(SAMPLE_SHOOT) $(SAMPLES)/more $(O)/samples/shots-more
	@$(SAMPLES)/make-pages $(O)/samples/shots-more $(@D) - clean
	@touch $@

samples-more: $(O)/samples/more/.made

samples-1 samples-2 samples-3 samples-4 samples-5: samples-%: $(O)/tests/sample-scan samples-more
	$(SAMPLES)/make-pages $(SAMPLES)/clean $(O)/samples/$* $(O)/tests/sample-scan $*
	$(SAMPLES)/make-pages $(O)/samples/more $(O)/samples/$* $(O)/tests/sample-scan $*
