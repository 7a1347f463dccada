#include "core/mark.h"

#include "core/arena.h"

#if defined(__x86_64__)
/* rbx rbp r12 r13 r14 r15, the stack as it is after the return, the return address. */
__asm__(".text\n"
        ".p2align 4\n"
        ".globl nu__mark_save\n"
        ".type nu__mark_save, @function\n"
        "nu__mark_save:\n"
        ".cfi_startproc\n"
        "    endbr64\n"
        "    movq %rbx, 0(%rdi)\n"
        "    movq %rbp, 8(%rdi)\n"
        "    movq %r12, 16(%rdi)\n"
        "    movq %r13, 24(%rdi)\n"
        "    movq %r14, 32(%rdi)\n"
        "    movq %r15, 40(%rdi)\n"
        "    leaq 8(%rsp), %rdx\n"
        "    movq %rdx, 48(%rdi)\n"
        "    movq (%rsp), %rdx\n"
        "    movq %rdx, 56(%rdi)\n"
        "    xorl %eax, %eax\n"
        "    ret\n"
        ".cfi_endproc\n"
        ".size nu__mark_save, .-nu__mark_save\n"
        ".p2align 4\n"
        ".globl nu__mark_restore\n"
        ".hidden nu__mark_restore\n"
        ".type nu__mark_restore, @function\n"
        "nu__mark_restore:\n"
        ".cfi_startproc\n"
        "    endbr64\n"
        "    movq 0(%rdi), %rbx\n"
        "    movq 8(%rdi), %rbp\n"
        "    movq 16(%rdi), %r12\n"
        "    movq 24(%rdi), %r13\n"
        "    movq 32(%rdi), %r14\n"
        "    movq 40(%rdi), %r15\n"
        "    movq 48(%rdi), %rsp\n"
        "    movl $1, %eax\n"
        "    jmpq *56(%rdi)\n"
        ".cfi_endproc\n"
        ".size nu__mark_restore, .-nu__mark_restore\n");
#elif defined(__aarch64__)
/* x19-x28, fp and lr, sp, d8-d15. */
__asm__(".text\n"
        ".p2align 2\n"
        ".globl nu__mark_save\n"
        ".type nu__mark_save, %function\n"
        "nu__mark_save:\n"
        ".cfi_startproc\n"
        "    hint #34\n" /* bti c */
        "    stp x19, x20, [x0, #0]\n"
        "    stp x21, x22, [x0, #16]\n"
        "    stp x23, x24, [x0, #32]\n"
        "    stp x25, x26, [x0, #48]\n"
        "    stp x27, x28, [x0, #64]\n"
        "    stp x29, x30, [x0, #80]\n"
        "    mov x1, sp\n"
        "    str x1, [x0, #96]\n"
        "    stp d8, d9, [x0, #104]\n"
        "    stp d10, d11, [x0, #120]\n"
        "    stp d12, d13, [x0, #136]\n"
        "    stp d14, d15, [x0, #152]\n"
        "    mov w0, #0\n"
        "    ret\n"
        ".cfi_endproc\n"
        ".size nu__mark_save, .-nu__mark_save\n"
        ".p2align 2\n"
        ".globl nu__mark_restore\n"
        ".hidden nu__mark_restore\n"
        ".type nu__mark_restore, %function\n"
        "nu__mark_restore:\n"
        ".cfi_startproc\n"
        "    hint #34\n"
        "    ldp x19, x20, [x0, #0]\n"
        "    ldp x21, x22, [x0, #16]\n"
        "    ldp x23, x24, [x0, #32]\n"
        "    ldp x25, x26, [x0, #48]\n"
        "    ldp x27, x28, [x0, #64]\n"
        "    ldp x29, x30, [x0, #80]\n"
        "    ldr x1, [x0, #96]\n"
        "    mov sp, x1\n"
        "    ldp d8, d9, [x0, #104]\n"
        "    ldp d10, d11, [x0, #120]\n"
        "    ldp d12, d13, [x0, #136]\n"
        "    ldp d14, d15, [x0, #152]\n"
        "    mov w0, #1\n"
        "    ret\n"
        ".cfi_endproc\n"
        ".size nu__mark_restore, .-nu__mark_restore\n");
#elif defined(__clang__)
#error "nu_catch() under clang is written for x86-64 and aarch64: add the architecture here"
#endif

#if defined(__x86_64__) || defined(__aarch64__)
NU_NORETURN void nu__mark_restore(nu_mark *mark);
#else
#define nu__mark_restore(mark) __builtin_trap() /* gcc alone, which marks inline */
#endif

/* What gcc's __builtin_setjmp wrote: frame, label, stack. */
static NU_NORETURN __attribute__((noinline)) void restore_inline_mark(void **regs)
{
#if defined(__clang__) && defined(__aarch64__)
    __asm__ volatile("ldr x29, [%0]\n"
                     "ldr x16, [%0, #8]\n"
                     "ldr x17, [%0, #16]\n"
                     "mov sp, x17\n"
                     "br x16\n" ::"r"(regs)
                     : "x16", "x17", "memory");
    __builtin_unreachable();
#else
    __builtin_longjmp(regs, 1);
#endif
}

/* Apart from any function that marks: gcc forbids both in one, and inlining would make it one. */
void nu__mark_jump(nu_mark *mark)
{
#ifdef NU__ASAN
    __asan_handle_no_return();
#endif
    if (mark->by_assembly)
        nu__mark_restore(mark);
    restore_inline_mark(mark->regs);
}
