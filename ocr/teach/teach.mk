# SPDX-License-Identifier: GPL-3.0-or-later
# make teach-letters        draws letters, learns ocr/letter_model.bin from them and says how often it is right (README.md beside this file)
LETTER_PICTURES := $(O)/teach/letter_pictures
$(LETTER_PICTURES): ocr/teach/letter_pictures.c $(O)/lib/libocr.a $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -o $@ $< \
	    $(O)/lib/libocr.a $(O)/lib/libbase.a $(call pkg,libs,lept) -lm
