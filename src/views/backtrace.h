/**
 * @file
 * Addresses of code as functions, files and lines, by libdw from the debugging information of the
 * executable and its libraries. Built without libdw, or from an executable without that
 * information, only names are known, or nothing.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__frame_info {
    nu_str function; /* null: not known */
    nu_str file;     /* null: not known */
    int line;
    bool own;        /* of the library, not of the site */
    nu_dict *locals; /* name -> text, by nu__locals_find(); NULL: not known */
} nu__frame_info;

/* The frame that returns to each address, innermost first; in the arena. Never raises but
   MemoryError. */
nu__frame_info *nu__frames_of(void *const *addresses, size_t n);
/* Is it of a sanitizer's own code, which says nothing of an error? */
bool nu__frame_is_runtime(const nu__frame_info *frame);
/* The name of the function that begins at an address; null when it is not known. */
nu_str nu__function_name(const void *function);

#ifdef NU__HAVE_LIBDW
#include <elfutils/libdw.h>
/* The compilation unit of an address, and what its addresses are off by; NULL: not known. */
Dwarf_Die *nu__debug_unit(uintptr_t address, Dwarf_Addr *bias);
#endif

/* The site's lines among them to standard error: nu__crash_lines. */
void nu__backtrace_tell(void *const *addresses, size_t n);

/* Lines around one of a source file, as they are now. */
typedef struct nu__source_lines {
    int first; /* the number of the first; 0: the file is not there */
    nu_list *lines;
} nu__source_lines;
nu__source_lines nu__source_around(nu_str file, int line);
/* The same of a text. */
nu__source_lines nu__lines_around(nu_str text, int line);
