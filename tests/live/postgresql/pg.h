/**
 * @file
 * What the programs that test PostgreSQL share: the database of DATABASE_URL as "default", anew for
 * each test.
 */
#pragma once
#include "db/connection.h"
#include "db/database.h"
#include "harness_loop.h"

#define DB nu__connection_of(NULL)

/* "default" with options ("max_connections=3", or ""). */
void pg_database(const char *options);
/* The first cell of the first row as text: "1", "a", "NULL"; "" without a row. */
nu_str pg_cell_(nu_str sql, nu_values params);
#define CELL(sql, ...) pg_cell_(S(sql), NU_ARGS(__VA_ARGS__))
int64_t pg_run_(nu_str sql, nu_values params);
#define RUN(sql, ...) pg_run_(S(sql), NU_ARGS(__VA_ARGS__))
/* Ask the Python side to do something with the server ("restart"), and wait until it has. */
void pg_server(const char *what);
/* Wait until all fibers but this one have ended. */
void pg_join(void);
