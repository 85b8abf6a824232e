# SPDX-License-Identifier: GPL-3.0-or-later
# Debian 12 packages, and how a missing one gets here. make asks only for what the goal needs; nothing is touched when all is there.
# PACKAGE?COMMAND is content with a COMMAND that came from elsewhere.
BUILD_PACKAGES := gcc libc6-dev make pkg-config \
    libsystemd-dev libseccomp-dev libjansson-dev libsane-dev libtiff-dev libpoppler-glib-dev libleptonica-dev \
    libtesseract-dev libzbar-dev libsqlite3-dev libgcrypt20-dev libssl-dev libicu-dev libqrencode-dev \
    libmicrohttpd-dev libgnutls28-dev libcurl4-gnutls-dev

RUN_PACKAGES := tesseract-ocr tesseract-ocr-eng tesseract-ocr-jpn tesseract-ocr-script-jpan \
    tesseract-ocr-jpn-vert tesseract-ocr-chi-tra tesseract-ocr-osd sane-utils openssl ca-certificates fonts-ipafont-gothic tzdata jq

TEST_PACKAGES := libcmocka-dev libfreetype-dev age qpdf imagemagick procps curl file sqlite3 python3 binutils universal-ctags clang-format \
    nodejs?node npm?npm chromium?chromium libtiff-tools poppler-utils ghostscript

PACKAGES_build := $(BUILD_PACKAGES)
PACKAGES_run   := $(BUILD_PACKAGES) $(RUN_PACKAGES)
PACKAGES_test  := $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)

# $(call install_packages,LIST): a shell command.
install_packages = daemon/install-packages $(1)

# The stamp below is an included makefile: make brings it up to date first, then reads everything anew, so that what was just installed
# (pkg-config and its files above all) is seen in the same call. One stamp for a call, of the longest list that is wanted: under -j two would
# install side by side, and the second would find the package database locked.
goals := $(or $(MAKECMDGOALS),all)
wants := $(if $(filter test% lint bench% check% fuzz% samples%,$(goals)),test,$(if $(filter run,$(goals)),run,build))
NEEDS := $(if $(filter-out clean stop deps help,$(goals)),$(wants))

$(O)/packages/%.mk: daemon/packages.mk daemon/install-packages
	@$(call install_packages,$(PACKAGES_$*:%='%'))
	@mkdir -p $(@D)
	@echo "# installed" >$@

ifndef SKIP_PACKAGES
include $(NEEDS:%=$(O)/packages/%.mk)
endif

deps:
	@$(call install_packages,$(PACKAGES_test:%='%'))
