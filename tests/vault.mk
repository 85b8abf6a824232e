# SPDX-License-Identifier: GPL-3.0-or-later
# Public test vectors for age files. Without a package registry the test that reads them skips and says so.
CCTV_AGE := 0.2.0
TEST_PROGRAMS += $(O)/tests/age-vectors.done

$(O)/tests/age-vectors.done: tests/unit/age_vectors.mjs
	@mkdir -p $(@D) $(O)/npm-age
	@npm install --silent --no-audit --no-fund --prefix $(O)/npm-age cctv-age@$(CCTV_AGE) >/dev/null 2>&1 && \
	    node $< $(O)/npm-age/node_modules/cctv-age $(O)/tests/age-vectors || echo "age-vectors: cctv-age not available"
	@touch $@
