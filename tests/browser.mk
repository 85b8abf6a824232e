# SPDX-License-Identifier: GPL-3.0-or-later
# What the browser suites need: the packages of tests/package.json, installed into the build folder. Nothing of it runs on the box.
BROWSER_MODULES := $(O)/npm-browser/.installed
$(BROWSER_MODULES): tests/package.json
	@mkdir -p $(@D)
	@cp $< $(@D)/package.json
	@echo "  NPM   $<"
	@cd $(@D) && npm install --silent --no-audit --no-fund --no-package-lock >/dev/null 2>&1 && touch .installed || \
	    echo "  playwright-core is not to be had: the browser suite is skipped"
TEST_PROGRAMS += $(BROWSER_MODULES)
