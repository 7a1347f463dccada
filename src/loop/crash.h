/**
 * @file
 * Where a signal interrupted this process last, for pages about crashes.
 */
#pragma once
#include <nuages/base.h>

/* false: none did, or this architecture's registers are not known. */
bool nu__crash_place(uintptr_t *pc, uintptr_t *frame);
