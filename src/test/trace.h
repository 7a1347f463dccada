/**
 * @file
 * The lines of the site that an error came by, for the report of a test that failed.
 */
#pragma once
#include "core/buf.h"

#include <nuages/test.h>

/* Errors and crashes are to be told with lines, whatever DEBUG is. */
void nu__test_traces_on(void);

/* Append them, innermost first, a line each with its source below, where there are at least
   `fewest`. Nothing where the executable tells no lines. Never raises but MemoryError. */
void nu__test_trace(const nu_error *error, const nu_test_def *def, size_t fewest, nu__buf *out);
