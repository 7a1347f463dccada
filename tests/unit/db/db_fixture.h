/**
 * @file
 * What the tests of the database share: a folder of its own, gone with the program.
 */
#pragma once
#include "db/connection.h"
#include "harness_loop.h"

/* "/tmp/…/name" in a folder that is removed at exit. */
const char *fixture_path(const char *name);
/* A new, empty file database as "default", with options ("timeout=0.2&…", or ""); or, emptied, the
   server's that NUAGES_TEST_DATABASE names. */
void fixture_database(const char *name, const char *options);
/* Another alias: a file of its own, or of the same database. */
void fixture_also(const char *alias, const char *name);
/* Which of the texts is the database's own. */
const char *fixture_word(const char *sqlite, const char *postgresql, const char *mariadb);
/* Is this a server? Then says that the test is left out there, and why. */
bool fixture_leaves_out(const char *test, const char *why);
#define ONLY_SQLITE(why)                                                                           \
    do {                                                                                           \
        if (fixture_leaves_out(__func__, (why)))                                                   \
            return;                                                                                \
    } while (0)
/* The rows' only column, in its order: "1,2". */
nu_str fixture_list(const char *column, const char *table);
/* The first cell of the first row as text: "1", "a", "NULL"; "" without a row. Each "?" is written
   as the database has it. */
nu_str fixture_cell_(nu_str sql, nu_values params);
#define CELL(sql, ...) fixture_cell_(S(sql), NU_ARGS(__VA_ARGS__))
int64_t fixture_run_(nu_str sql, nu_values params);
#define RUN(sql, ...) fixture_run_(S(sql), NU_ARGS(__VA_ARGS__))
#define DB            nu__connection_of(NULL)
