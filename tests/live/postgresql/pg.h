/**
 * @file
 * What the programs that test PostgreSQL share: the database of DATABASE_URL as "default", anew for
 * each test.
 */
#pragma once
#include "../databases/live.h"

/* "default" with options ("max_connections=3", or ""). */
void pg_database(const char *options);
/* The first cell of the first row as text: "1", "a", "NULL"; "" without a row. */
nu_str pg_cell_(nu_str sql, nu_values params);
#define CELL(sql, ...) pg_cell_(S(sql), NU_ARGS(__VA_ARGS__))
int64_t pg_run_(nu_str sql, nu_values params);
#define RUN(sql, ...) pg_run_(S(sql), NU_ARGS(__VA_ARGS__))
