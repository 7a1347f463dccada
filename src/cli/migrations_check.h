/**
 * @file
 * Migrations as `check` sees them.
 */
#pragma once
#include <nuages/values.h>

/* The dangers of those that a database (NULL: the default one) has not seen, as messages of checks.
   Nothing of a database without any. Yields. */
nu_list *nu__lint_unapplied(const char *alias);
