/**
 * @file
 * Names of indexes and constraints, digit for digit Django's.
 */
#pragma once
#include <nuages/strings.h>

/* The first `length` hex digits of the MD5 of the parts, one after the other. */
nu_str nu__names_digest(const nu_str *parts, size_t n, size_t length);
/* An identifier of at most `length` characters (0: no limit): its head and 4 hex digits of its
 * digest.
 */
nu_str nu__truncate_name(nu_str name, size_t length);
/**
 * The name of an index or constraint over columns: "app_table_column_1a2b3c4d_uniq", shortened
 * part by part when it passes `max_length` (Django uses 200 where the database has no limit).
 */
nu_str nu__index_name(nu_str table, const nu_str *columns, size_t n, nu_str suffix,
                      size_t max_length);
/* "a, b" of "a", which may be null, and "b". */
nu_str nu__one_more_name(nu_str names, nu_str name);
