/**
 * @file
 * What the tests of the database share: a folder of its own, gone with the program.
 */
#pragma once
#include "db/connection.h"
#include "harness_loop.h"

/* "/tmp/…/name" in a folder that is removed at exit. */
const char *fixture_path(const char *name);
/* A new, empty file database as "default", with options ("timeout=0.2&…", or ""). */
void fixture_database(const char *name, const char *options);
/* The first cell of the first row as text: "1", "a", "NULL"; "" without a row. */
nu_str fixture_cell_(nu_str sql, nu_values params);
#define CELL(sql, ...) fixture_cell_(S(sql), NU_ARGS(__VA_ARGS__))
int64_t fixture_run_(nu_str sql, nu_values params);
#define RUN(sql, ...) fixture_run_(S(sql), NU_ARGS(__VA_ARGS__))
#define DB            nu__connection_of(NULL)
