/**
 * @file
 * PostgreSQL's dialect: the tables that its backend is made of, beside the driver.
 */
#pragma once
#include "db/backends/schema.h"

extern const nu__features nu__pg_features;
extern const nu__operations nu__pg_operations;
extern const nu__schema_ops nu__pg_schema;
extern const nu__introspection nu__pg_introspection;

/* The sequence of a table's column that counts it up; null when it has none. Yields. */
nu_str nu__pg_sequence_of(nu__connection *connection, nu_str table, nu_str column);
/* Whether a collation tells all texts apart; a nondeterministic one has no LIKE. Yields. */
bool nu__pg_is_deterministic(nu__connection *connection, nu_str collation);
