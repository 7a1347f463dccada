/**
 * @file
 * Where a signal interrupted this process last, for pages about crashes.
 */
#pragma once
#include <nuages/base.h>

/* Where a page tells of crashes: an overflowed stack goes to the handler that was there before, as
   other faults do, instead of ending the process at once. */
void nu__crash_report_overflows(void);

/* false: none did, or this architecture's registers are not known. */
bool nu__crash_place(uintptr_t *pc, uintptr_t *frame);
