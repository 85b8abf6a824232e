# SPDX-License-Identifier: GPL-3.0-or-later
# make teach-letters        draws letters and learns ocr/letter_model.bin from them (README.md beside this file); LETTER_COPIES=N, LETTER_JOBS=N
LETTER_COPIES   ?= 3
LETTER_JOBS     ?= 1
LETTER_FONTS    := $(O)/teach/fonts
LETTER_PICTURES := $(O)/teach/letter_pictures

.PHONY: teach-letters
$(LETTER_PICTURES): ocr/teach/letter_pictures.c $(O)/lib/libocr.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -o $@ $< \
	    $(O)/lib/libocr.a $(O)/lib/libbase.a $(call pkg,libs,lept) -lm

# Unpacked, not installed.
$(LETTER_FONTS)/.fetched: ocr/teach/typefaces.txt
	@mkdir -p $(@D)
	cd $(@D) && apt-get -q download $$(sed -n 's/^\(fonts-[^ ]*\) .*/\1/p' $(abspath $<) | sort -u)
	@for deb in $(@D)/*.deb; do dpkg-deb -x "$$deb" $(@D) && rm "$$deb" || exit 1; done
	@touch $@

teach-letters: $(LETTER_PICTURES) $(LETTER_FONTS)/.fetched
	@daemon/install-packages python3-numpy python3-pil
	/usr/bin/python3 ocr/teach/fit.py -j $(LETTER_JOBS) -c $(LETTER_COPIES) $(LETTER_FONTS) $(LETTER_PICTURES) ocr/letter_model.bin
