// SPDX-License-Identifier: GPL-2.0
/*
 * Fibers.  The switch is the calling convention's share of a context: what a
 * called function has to preserve, the stack pointer, and on x86-64 not even
 * the modes of the floating point units, which nobody here changes.
 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "explore/fiber.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

#define STACK_SZ (256u << 10)

void fiber_swap(void **from_sp, void *to_sp);
void fiber_enter(void);
void fiber_first(struct fiber *f);

#if defined(__x86_64__)
/* clang-format off */
__asm__(
	".text\n.globl fiber_swap\n.type fiber_swap, @function\n"
	"fiber_swap:\n"
	"	pushq %rbp\n	pushq %rbx\n	pushq %r12\n"
	"	pushq %r13\n	pushq %r14\n	pushq %r15\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	popq %r15\n	popq %r14\n	popq %r13\n"
	"	popq %r12\n	popq %rbx\n	popq %rbp\n"
	"	ret\n"
	".size fiber_swap, .-fiber_swap\n"
	/* The first switch returns to here; a debugger's stack ends here. */
	".globl fiber_enter\n.type fiber_enter, @function\n"
	"fiber_enter:\n"
	"	.cfi_startproc\n	.cfi_undefined rip\n"
	"	movq %r12, %rdi\n"
	"	call fiber_first\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size fiber_enter, .-fiber_enter\n");
/* clang-format on */

enum { SAVED = 7, SAVED_ARG = 3, SAVED_RETURN = 6 };
#elif defined(__aarch64__)
/* clang-format off */
__asm__(
	".text\n.globl fiber_swap\n.type fiber_swap, %function\n"
	"fiber_swap:\n"
	"	stp x29, x30, [sp, #-160]!\n"
	"	stp x19, x20, [sp, #16]\n	stp x21, x22, [sp, #32]\n"
	"	stp x23, x24, [sp, #48]\n	stp x25, x26, [sp, #64]\n"
	"	stp x27, x28, [sp, #80]\n	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mov x9, sp\n	str x9, [x0]\n	mov sp, x1\n"
	"	ldp x19, x20, [sp, #16]\n	ldp x21, x22, [sp, #32]\n"
	"	ldp x23, x24, [sp, #48]\n	ldp x25, x26, [sp, #64]\n"
	"	ldp x27, x28, [sp, #80]\n	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	ldp x29, x30, [sp], #160\n"
	"	ret\n"
	".size fiber_swap, .-fiber_swap\n"
	".globl fiber_enter\n.type fiber_enter, %function\n"
	"fiber_enter:\n"
	"	mov x0, x19\n"
	"	bl fiber_first\n"
	"	brk #1\n"
	".size fiber_enter, .-fiber_enter\n");
/* clang-format on */

enum { SAVED = 20, SAVED_ARG = 2, SAVED_RETURN = 1 };
#else
#error "no fibers for this machine"
#endif

int fiber_init(struct fiber *f)
{
	size_t guard = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, guard + STACK_SZ, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (map == MAP_FAILED)
		return -ENOMEM;
	mprotect(map, guard, PROT_NONE);
	f->stack = map + guard;
	f->sz = STACK_SZ;
	f->sp = NULL;
	return 0;
}

void fiber_fini(struct fiber *f)
{
	size_t guard = sysconf(_SC_PAGESIZE);

	if (f->stack)
		munmap((char *)f->stack - guard, guard + f->sz);
	f->stack = NULL;
}

void fiber_adopt(struct fiber *f)
{
	pthread_attr_t attr;

	memset(f, 0, sizeof(*f));
	if (pthread_getattr_np(pthread_self(), &attr))
		return;
	pthread_attr_getstack(&attr, &f->stack, &f->sz);
	pthread_attr_destroy(&attr);
}

/* The assembly enters here. */
void fiber_first(struct fiber *f)
{
#ifdef __SANITIZE_ADDRESS__
	__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
#endif
	f->entry(f->arg);
}

void fiber_start(struct fiber *f, void (*entry)(void *arg), void *arg)
{
	/* 16 below the top: aligned as a call leaves it. */
	void **top = (void **)((char *)f->stack + f->sz - 16);

#ifdef __SANITIZE_ADDRESS__
	/* Frames that were left for good are still marked. */
	__asan_unpoison_memory_region(f->stack, f->sz);
#endif
	top -= SAVED;
	f->entry = entry;
	f->arg = arg;
	top[SAVED_ARG] = f;
	top[SAVED_RETURN] = (void *)fiber_enter;
	f->sp = top;
}

void fiber_switch(struct fiber *from, struct fiber *to)
{
#ifdef __SANITIZE_ADDRESS__
	void *fake = NULL;

	__sanitizer_start_switch_fiber(&fake, to->stack, to->sz);
	fiber_swap(&from->sp, to->sp);
	__sanitizer_finish_switch_fiber(fake, NULL, NULL);
#else
	fiber_swap(&from->sp, to->sp);
#endif
}
