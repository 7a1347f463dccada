/**
 * @file
 * Migrations as `check` sees them.
 */
#pragma once
#include <nuages/values.h>

/* The dangers of those that a database (NULL: the default one) has not seen, as messages of checks.
   Nothing of a database without any, nor of one that the site has not. Yields. */
nu_list *nu__lint_unapplied(const char *alias);
/* How many these are, and the labels of their apps, sorted, at the end of `labels`; 0 of a
   database that the site has not. Yields. */
size_t nu__count_unapplied(const char *alias, nu_list *labels);
