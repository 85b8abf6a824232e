/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "courier.h"

int
main(int argc, char **argv)
{
	return courier_run(argc, argv);
}
