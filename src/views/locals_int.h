/**
 * @file
 * What the two halves of the local variables share: locals.c finds places, locals_values.c reads
 * and prints what lies there.
 */
#pragma once
#include "views/locals.h"

#if defined(NU__HAVE_LIBDW) && defined(__x86_64__)
#define NU__HAVE_LOCALS 1
#include <elfutils/libdw.h>

/* false: nothing is there, or what lay there is gone by now. */
bool nu__stack_read(const nu__stack_view *stack, uintptr_t address, void *into, size_t n);
/* The type of a variable, a member or a pointer's target; false: void, or not known. */
bool nu__debug_type(Dwarf_Die *die, Dwarf_Die *out);
/* The value of a type that lies at an address, as text in the arena. */
nu_str nu__local_text(const nu__stack_view *stack, Dwarf_Die *type, uintptr_t at);
#endif
