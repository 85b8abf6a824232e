/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Swap of every kind, in a made-up /proc and /sys. P-01. */
#include "vault.h"

#include "store/swap.h"

#define HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static int
look(const char *commands, const char *swaps)
{
	struct scratch s = scratch_new();
	int r;

	assert_int_equal(scratch_run(&s, "mkdir -p proc/self sys/block sys/fs/cgroup/a/b"), 0);
	if (swaps != NULL)
		scratch_write(&s, "proc/swaps", swaps, strlen(swaps));
	assert_int_equal(scratch_run(&s, commands), 0);
	r = swap_look(s.fd);
	scratch_end(&s);
	return r;
}

#define LUKS(n) "mkdir -p sys/block/" n "/dm; echo CRYPT-LUKS2-00 >sys/block/" n "/dm/uuid;"
#define LVM(n, on)                                                                                 \
	"mkdir -p sys/block/" n "/dm sys/block/" n "/slaves/" on "; echo LVM-x >sys/block/" n      \
	"/dm/uuid;"

static void
none(void **state)
{
	assert_int_equal(look("true", HEAD), SWAP_NONE);
	assert_int_equal(look("true", NULL), SWAP_NONE);
	assert_int_equal(look("true", ""), SWAP_NONE);
	assert_int_equal(look("mkdir sys/block/zram0; echo none >sys/block/zram0/backing_dev",
			     HEAD "/dev/zram0 partition 1 0 100\n"),
	    SWAP_NONE);
}

static void
encrypted(void **state)
{
	assert_int_equal(look(LUKS("dm-1"), HEAD "/dev/dm-1 partition 1 0 -2\n"), SWAP_ENCRYPTED);
	assert_int_equal(
	    look(LUKS("dm-0") LVM("dm-1", "dm-0"), HEAD "/dev/dm-1 partition 1 0 -2\n"),
	    SWAP_ENCRYPTED);
}

static void
plain(void **state)
{
	assert_int_equal(look("true", HEAD "/dev/sda2 partition 1 0 -2\n"), SWAP_PLAIN);
	assert_int_equal(look("true", HEAD "/swapfile file 1 0 -2\n"), SWAP_PLAIN);
	assert_int_equal(
	    look(LVM("dm-1", "sda2"), HEAD "/dev/dm-1 partition 1 0 -2\n"), SWAP_PLAIN);
	assert_int_equal(
	    look(LVM("dm-1", "dm-1"), HEAD "/dev/dm-1 partition 1 0 -2\n"), SWAP_PLAIN);
	/* one plain among good ones, wherever it stands */
	assert_int_equal(
	    look(LUKS("dm-1"), HEAD "/dev/dm-1 partition 1 0 -2\n/dev/sda2 partition 1 0 -3\n"),
	    SWAP_PLAIN);
	assert_int_equal(
	    look(LUKS("dm-1"), HEAD "/dev/sda2 partition 1 0 -2\n/dev/dm-1 partition 1 0 -3\n"),
	    SWAP_PLAIN);
	/* memory that is written back to a disk */
	assert_int_equal(look("mkdir sys/block/zram0; echo /dev/sda3 >sys/block/zram0/backing_dev",
			     HEAD "/dev/zram0 partition 1 0 100\n"),
	    SWAP_PLAIN);
	assert_int_equal(look(LUKS("dm-1"), HEAD "/dev/../dm-1 partition 1 0 -2\n"), SWAP_PLAIN);
}

static void
closed_to_this_service(void **state)
{
	static const char swaps[] = HEAD "/dev/sda2 partition 1 0 -2\n";

	assert_int_equal(
	    look(
		"echo 0::/a/b >proc/self/cgroup; echo 0 >sys/fs/cgroup/a/b/memory.swap.max", swaps),
	    SWAP_CLOSED);
	assert_int_equal(look("printf '1:name=x:/z\\n0::/a/b\\n' >proc/self/cgroup; echo max "
			      ">sys/fs/cgroup/a/b/memory.swap.max; echo 0 "
			      ">sys/fs/cgroup/a/memory.swap.max",
			     swaps),
	    SWAP_CLOSED);
	assert_int_equal(look("echo 0::/a/b >proc/self/cgroup; echo max "
			      ">sys/fs/cgroup/a/b/memory.swap.max",
			     swaps),
	    SWAP_PLAIN);
	assert_int_equal(look("echo 0::/ >proc/self/cgroup", swaps), SWAP_PLAIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(none),
	    cmocka_unit_test(encrypted),
	    cmocka_unit_test(plain),
	    cmocka_unit_test(closed_to_this_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
