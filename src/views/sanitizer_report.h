/**
 * @file
 * A report of a sanitizer, taken apart: what is wrong, and the stacks that it names.
 *
 *     ==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x…    kind
 *     READ of size 4 at 0x… thread T0                                      title of the first stack
 *         #0 0x55d6… in student_detail registry/views.c:12
 *     freed by thread T0 here:                                             title of the second
 *         #0 …
 */
#pragma once
#include "views/locals.h"

enum { NU__MOST_STACKS = 16, NU__MOST_STACK_FRAMES = 64 };

typedef struct nu__stack_trace {
    nu_str title;
    nu__frame_info *frames; /* innermost first */
    uintptr_t *addresses;   /* of the calls themselves */
    size_t n;
} nu__stack_trace;

typedef struct nu__sanitizer_report {
    nu_str kind;        /* "heap-use-after-free" */
    nu_str explanation; /* in plain words */
    nu__stack_trace stacks[NU__MOST_STACKS];
    size_t n_stacks;
} nu__sanitizer_report;

/* In the arena. */
nu__sanitizer_report *nu__sanitizer_report_read(nu_str text);
/* Fill in the variables of the first stack, which is the one that stands. */
void nu__sanitizer_report_locals(nu__sanitizer_report *report, const nu__stack_view *stack);
/* The innermost frame that is the site's, in the order of the stacks; NULL: none is. */
const nu__frame_info *nu__sanitizer_report_place(const nu__sanitizer_report *report);
