# SPDX-License-Identifier: GPL-3.0-or-later
# make test [ONLY=pattern] : every suite. A C suite is tests/{unit,bus,fault,fuzz}/NAME_test.c with "/* links: ROOM ... */" on its
# first line; it becomes $(O)/tests/DIR/NAME_test. Any other suite is an executable file tests/{bus,flow,browser,lint,fault}/NAME_test.
# A suite of several sources names the others: $(O)/tests/DIR/NAME_test: EXTRA_SOURCES := FILES.
# Programs that suites need are named by TEST_PROGRAMS += in any tests/*.mk.
TEST_SOURCES := $(wildcard tests/unit/*_test.c tests/bus/*_test.c tests/fault/*_test.c tests/fuzz/*_test.c)
TEST_BINS    := $(TEST_SOURCES:%.c=$(O)/%)

links_of = $(shell sed -n '1,3s|^/\* links:\(.*\)\*/.*|\1|p' $(1))

define UNIT_TEST
LINKS_$(1) := $$(call links_of,$(1).c)
$$(O)/$(1): $(1).c $$(LINKS_$(1):%=$$(O)/lib/lib%.a) $$(O)/lib/libbase.a
	@mkdir -p $$(@D)
	@echo "  TEST  $$<"
	@$$(CC) $$(CPPFLAGS) $$(CFLAGS) $$(call pkg,cflags,cmocka $$(foreach l,$$(LINKS_$(1)),$$(PKG_$$(l)))) $$(LDFLAGS) -o $$@ $$< $$(EXTRA_SOURCES) \
	    $$(LINKS_$(1):%=$$(O)/lib/lib%.a) $$(O)/lib/libbase.a \
	    $$(call pkg,libs,cmocka $$(foreach l,$$(LINKS_$(1)),$$(PKG_$$(l)))) $$(foreach l,$$(LINKS_$(1)),$$(LIB_$$(l))) -lm
endef
$(foreach t,$(TEST_SOURCES:%.c=%),$(eval $(call UNIT_TEST,$(t))))
-include $(TEST_BINS:%=%.d)

.PHONY: test-build
.SECONDEXPANSION:
test-build: $(BINS) $(TEST_BINS) $$(TEST_PROGRAMS)

test: test-build
	@O=$(O) ONLY='$(ONLY)' tests/run

lint: $(BINS)
	@O=$(O) ONLY='lint/' tests/run

# Everything again, under AddressSanitizer and UndefinedBehaviorSanitizer, in a folder of its own.
check-asan:
	@$(MAKE) O=$(O)-asan SAN=1 test
