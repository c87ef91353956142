/* SPDX-License-Identifier: GPL-2.0 */
/* Twin: the numbers are the system's own, which are the kernel's. */
#ifndef _LINUX_ERRNO_H
#define _LINUX_ERRNO_H

#include <asm-generic/errno.h>

#endif
