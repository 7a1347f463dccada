/**
 * @file
 * Coming back to a mark, whichever compiler's nu_catch() set it.
 */
#pragma once
#include <nuages/errors.h>

/* Leave to where the mark was set, which sees its setter give 1. Runs no clean-up: see error.c. */
NU_NORETURN void nu__mark_jump(nu_mark *mark);
