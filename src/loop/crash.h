/**
 * @file
 * What crashes in a fiber say, and whose they are.
 */
#pragma once
#include <nuages/base.h>

/* Where a page tells of crashes: an overflowed stack goes to the handler that was there before, as
   other faults do, instead of ending the process at once. */
void nu__crash_report_overflows(void);

/* Who can tell the lines of a crash's frames, innermost first, does it by this, in the dying
   process and on the signal's stack; NULL: addresses have to do. */
extern void (*nu__crash_lines)(void *const *addresses, size_t n);
