# SPDX-License-Identifier: GPL-3.0-or-later
# make run: a demo archive under $(O)/demo, its sample stack scanned through the real pipeline; make stop ends it and keeps the archive.
TEST_PROGRAMS += $(O)/feeder/libsane-fumikura.so.1 $(O)/tests/tsa

run: all $(O)/feeder/libsane-fumikura.so.1 $(O)/tests/tsa
	@FUMIKURA_BUILD=$(O) tests/demo run

stop:
	@FUMIKURA_BUILD=$(O) tests/demo stop
