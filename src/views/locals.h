/**
 * @file
 * Local variables of a stack's frames, for the debug pages: what libdw knows of their places, read
 * from the stack itself while it stands, or from a copy that was made of it when an error was
 * raised.
 *
 *   nu__unwind()     which frame an address belongs to, and its two registers
 *   DW_AT_location   a place by these registers counts; what lies in others is left out
 *   DW_AT_type       the value as text: numbers, enumerators, texts, structs one level deep
 *
 * Reading asks the kernel, so that a wild pointer is told of, and no fault. x86-64 alone;
 * elsewhere, or without libdw, no variable is known.
 */
#pragma once
#include "core/unwind.h"
#include "views/backtrace.h"

typedef struct nu__stack_view {
    const nu__unwound *frames; /* innermost first */
    size_t n_frames;
    uintptr_t base;   /* the lowest address of the copy */
    const void *copy; /* NULL: the stack still stands */
    size_t len;       /* of the copy */
} nu__stack_view;

/* Fill in `locals` of each frame of the site: name -> text, secrets masked. `addresses` are those
   of the calls themselves. Never raises but MemoryError. */
void nu__locals_find(const nu__stack_view *stack, const uintptr_t *addresses,
                     nu__frame_info *frames, size_t n);
