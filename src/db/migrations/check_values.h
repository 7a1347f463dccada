/**
 * @file
 * What a check constraint says of one column: the values that it may have.
 */
#pragma once
#include "db/backends/tokens.h"

/* The values of `column` by a check, or by all CHECK (…) of a CREATE TABLE, in their order: texts,
   those of numbers too. NULL: it may have others, as far as the text can be understood. */
nu_list *nu__check_values(nu__dialect dialect, nu_str text, nu_str column);
