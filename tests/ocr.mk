# SPDX-License-Identifier: GPL-3.0-or-later
# Reading without a box, and how well it reads: make bench-ocr PAGES=DIR
$(O)/tests/read_driver: tests/read_driver.c $(O)/lib/libbase.a
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(call pkg,cflags,lept) $(LDFLAGS) -o $@ $< $(O)/lib/libbase.a $(call pkg,libs,lept) -lm
