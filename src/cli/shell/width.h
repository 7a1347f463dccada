/**
 * @file
 * Text in columns.
 */
#pragma once
#include <nuages/strings.h>

size_t nu__py_width(nu_str text); /* columns that it takes on a terminal */
/* At most so many columns, "…" at the end of what was cut. */
nu_str nu__py_cut(nu_str text, size_t columns);
