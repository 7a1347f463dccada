/**
 * @file
 * Local variables of a stack's frames, for the debug pages: what libdw knows of their places, read
 * from the stack itself while it stands, or from a copy that was made of it when an error was
 * raised.
 *
 *   frame pointers      rbp -> [rbp of the caller][return address]: which frame an address belongs
 * to DW_AT_location      a place by the frame alone counts; what lies in registers is left out
 *   DW_AT_type          the value as text: numbers, enumerators, texts, structs one level deep
 *
 * Reading asks the kernel, so that a wild pointer is told of, and no fault. x86-64 alone;
 * elsewhere, or without libdw, no variable is known.
 */
#pragma once
#include "views/backtrace.h"

typedef struct nu__stack_view {
    uintptr_t frame;  /* the frame pointer of the innermost frame */
    uintptr_t pc;     /* where that one is; 0: `frame` is that of what called the unwinder */
    uintptr_t base;   /* the lowest address of the copy */
    const void *copy; /* NULL: the stack still stands */
    size_t len;       /* of the copy */
} nu__stack_view;

/* Fill in `locals` of each frame of the site: name -> text, secrets masked. `addresses` are those
   of the calls themselves. Never raises but MemoryError. */
void nu__locals_find(const nu__stack_view *stack, const uintptr_t *addresses,
                     nu__frame_info *frames, size_t n);
