/**
 * @file
 * The stack as it stands: where each function is, and the registers that its variables are counted
 * from.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct nu__unwound {
    uintptr_t pc;    /* where it goes on; of a function that a signal interrupted, where it was */
    uintptr_t frame; /* its frame pointer */
    uintptr_t base;  /* x86-64: RBX, which clang counts from where a stack is realigned */
} nu__unwound;

/* Who called, innermost first, at most `most` frames. The registers are known on x86-64 alone. May
   run in a signal handler. Never raises. */
size_t nu__unwind(nu__unwound *frames, size_t most);
