# SPDX-License-Identifier: GPL-3.0-or-later
# Fumikura 文蔵. make | make run | make stop | make test | make bench | make lint | make install
#   O=DIR        build folder (build)
#   SAN=1        AddressSanitizer and UndefinedBehaviorSanitizer
O       ?= build
CC      ?= gcc
VERSION := 0.1.0
PREFIX  ?= /usr

CFLAGS   ?= -O2 -g
CPPFLAGS += -D_GNU_SOURCE -DFUMIKURA_VERSION='"$(VERSION)"' -DFUMIKURA_LIBEXEC='"$(PREFIX)/libexec/fumikura"' \
            -I. -Idaemon -Idaemon/base -MMD -MP
CFLAGS   += -std=gnu17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
            -Wno-unused-parameter -Wno-missing-field-initializers -fstack-protector-strong -fPIE
LDFLAGS  += -pie -Wl,--as-needed -Wl,-z,relro,-z,now -Wl,-z,noexecstack
ifdef SAN
CFLAGS   += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS  += -fsanitize=address,undefined
else
CPPFLAGS += -D_FORTIFY_SOURCE=2
endif

# ---- the house: which sources make which executable, and what each may link (architecture §1; checked by tests/lint) ----
EXECUTABLES := fumikurad fumikura scanner import ocr store web courier

SRC_fumikurad := $(wildcard daemon/fumikurad*.c)
SRC_fumikura  := $(wildcard daemon/cli*.c daemon/fumikura_main.c)
SRC_scanner   := $(wildcard scanner/scanner*.c scanner/page_*.c)
SRC_import    := $(wildcard scanner/import*.c scanner/page_*.c)
SRC_ocr       := $(wildcard ocr/*.c)
SRC_store     := $(wildcard store/*.c)
SRC_web       := $(wildcard web/web*.c)
SRC_courier   := $(wildcard web/courier*.c)
SRC_base      := $(wildcard daemon/base/*.c)

PKG_base      := libsystemd libseccomp
PKG_fumikurad :=
PKG_fumikura  := jansson libqrencode
PKG_scanner   := sane-backends libtiff-4
PKG_import    := poppler-glib lept libtiff-4
PKG_ocr       := tesseract lept libtiff-4 zbar
PKG_store     := sqlite3 libgcrypt libcrypto icu-uc icu-i18n jansson
PKG_web       := libmicrohttpd gnutls jansson
PKG_courier   := libcurl
LIB_store     := -lpthread
# -------------------------------------------------------------------------------------------------------------------------

BINS := $(EXECUTABLES:%=$(O)/bin/%)
.PHONY: all run stop test bench bench-ocr lint install clean check-asan deps test-build
all: $(BINS)

include daemon/packages.mk

obj = $(patsubst %.c,$(O)/obj/%.o,$(1))
pkg = $(shell pkg-config --$(1) $(PKG_base) $(2) 2>/dev/null)

# Every room but its main file is also an archive, which unit tests link: main files are called NAME_main.c.
$(O)/lib/libbase.a: $(call obj,$(SRC_base))
	@mkdir -p $(@D)
	@rm -f $@ && ar rcs $@ $^

define EXECUTABLE
OBJ_$(1) := $$(call obj,$$(SRC_$(1)))
MAIN_$(1) := $$(filter %/$(1)_main.o,$$(OBJ_$(1)))
$$(OBJ_$(1)): CFLAGS_ROOM := $$(call pkg,cflags,$$(PKG_$(1)))
$$(O)/lib/lib$(1).a: $$(filter-out $$(MAIN_$(1)),$$(OBJ_$(1)))
	@mkdir -p $$(@D)
	@rm -f $$@ && ar rcs $$@ $$^
$$(O)/bin/$(1): $$(MAIN_$(1)) $$(O)/lib/lib$(1).a $$(O)/lib/libbase.a
	@mkdir -p $$(@D)
	@echo "  LINK  $$@"
	@$$(CC) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$(MAIN_$(1)) $$(O)/lib/lib$(1).a $$(O)/lib/libbase.a \
	    $$(call pkg,libs,$$(PKG_$(1))) $$(LIB_$(1)) -lm
endef
$(foreach e,$(EXECUTABLES),$(eval $(call EXECUTABLE,$(e))))

$(call obj,$(SRC_base)): CFLAGS_ROOM := $(call pkg,cflags,)
$(O)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_ROOM) -c -o $@ $<

# Loops over numbers whose every rounding counts (ocr/network_loops.h).
$(call obj,ocr/network_avx2.c ocr/network_avx512.c): CFLAGS += -O3 -ffp-contract=off

# Loops over the pixels of whole pages (ocr/wide.h).
$(call obj,ocr/enlarge.c ocr/page_colour.c ocr/pixels.c ocr/pixels_even.c ocr/runs.c ocr/turn.c): CFLAGS += -O3

# Loops over the numbers of all letters.
$(call obj,ocr/letter_model.c ocr/letter_shape.c): CFLAGS += -O3

# What the assembler embeds.
$(O)/obj/store/catalogue_schema.o: $(wildcard store/migrations/*.sql)
$(O)/obj/ocr/letter_model.o: ocr/letter_model.bin

# The rooms find their pages at ../../share/fumikura/pages from where they are.
install: $(BINS)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/fumikura $(DESTDIR)$(PREFIX)/share/fumikura \
	    $(DESTDIR)$(PREFIX)/share/doc/fumikura
	install -m 755 $(filter-out %/fumikura,$(BINS)) $(DESTDIR)$(PREFIX)/libexec/fumikura
	install -m 755 $(O)/bin/fumikura $(DESTDIR)$(PREFIX)/bin
	cp -r web/pages $(DESTDIR)$(PREFIX)/share/fumikura/
	install -m 644 README.md LICENSE daemon/fumikura.conf.example $(DESTDIR)$(PREFIX)/share/doc/fumikura
	install -D -m 644 daemon/fumikura.service $(DESTDIR)$(PREFIX)/lib/systemd/system/fumikura.service
	install -D -m 644 daemon/fumikura.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/fumikura.conf

clean:
	rm -rf $(O)

include $(wildcard tests/*.mk) ocr/teach/teach.mk
-include $(shell find $(O)/obj -name '*.d' 2>/dev/null)
