/**
 * @file
 * SQL functions that a site registered: nu_register_sql_functions(). Each backend that can makes
 * them known to its connections.
 */
#pragma once
#include <nuages/expressions.h>
#include <stddef.h>

/* The tables in their order, each ends with a NULL name. */
const nu_sql_function *const *nu__own_sql_functions(size_t *n);
