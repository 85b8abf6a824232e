# SPDX-License-Identifier: GPL-3.0-or-later
# The time stamping authority of the demo and the tests (非認定).
$(O)/tests/tsa: $(wildcard tests/tsa/*.c tests/tsa/*.h)
	@mkdir -p $(@D)
	@echo "  LINK  $@"
	@$(CC) $(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(shell pkg-config --cflags --libs libmicrohttpd libcrypto) -lpthread

.PHONY: test-tsa
test-tsa: $(O)/tests/tsa
	tests/tsa/test $(O)/tests/tsa
