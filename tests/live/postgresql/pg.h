/**
 * @file
 * What the programs that test PostgreSQL share: the database of DATABASE_URL as "default", anew for
 * each test.
 */
#pragma once
#include "../databases/live.h"

/* "default" with options ("max_connections=3", or ""). */
void pg_database(const char *options);
#define CELL(sql, ...) live_text(DB, S(sql), NU_ARGS(__VA_ARGS__))
#define RUN(sql, ...)  live_run(DB, S(sql), NU_ARGS(__VA_ARGS__))
