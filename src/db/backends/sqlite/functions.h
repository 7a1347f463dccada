/**
 * @file
 * What the SQL functions share. They run inside of SQLite, on whatever thread: they neither raise
 * nor use an arena, and null in gives null out.
 */
#pragma once
#include "db/backends/sqlite/sqlite.h"

/* What Python's sqlite3 says when a function raises. */
void nu__function_refuse(sqlite3_context *context);
/* Null for null. */
nu_str nu__function_text(sqlite3_value *value);
bool nu__function_any_null(int n, sqlite3_value **arguments);

typedef struct nu__function {
    const char *name;
    int n_arguments;
    void (*call)(sqlite3_context *context, int n, sqlite3_value **arguments);
    const void *data;
    bool varies; /* from call to call */
} nu__function;

/* Register a table of them. SQLite's code. */
int nu__functions_add(sqlite3 *db, const nu__function *table, size_t n);

/* "15:48:00.590358" in microseconds; -1: no time. */
int64_t nu__function_time(nu_str text);
/* "2005-07-29", "2005-07-29 15:48:00.59", "2005-07-29 15:48:00-05" (the offset is dropped), as
   microseconds since ordinal 0. false: no date. */
bool nu__function_wall(nu_str text, int64_t *wall);
/* From a connection's zone to another, by name; the name may carry an offset, "Europe/Berlin+01:30"
   or "+05:30": Django shifts by it first. false: no such zone, or out of range. */
bool nu__function_to_zone(int64_t *wall, nu_str name, nu_str connection);

/* A wall as ISO text; refused before the year 1, where a week's Monday can be. */
void nu__function_result_date(sqlite3_context *context, int64_t wall);
void nu__function_result_time(sqlite3_context *context, int64_t wall);
void nu__function_result_datetime(sqlite3_context *context, int64_t wall);
void nu__function_result_text(sqlite3_context *context, const char *text);
