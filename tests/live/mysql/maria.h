/**
 * @file
 * What the programs share that test MariaDB: the databases of DATABASE_URL, with a table t that is
 * made anew for each test.
 */
#pragma once
#include "../databases/live.h"
#include "db/driver.h"

#define RUN(sql, ...) live_run(DB, S(sql), NU_ARGS(__VA_ARGS__))
#define PLAIN(sql)    live_run(DB, S(sql), (nu_values){ 0 })

/* An alias for it with options ("max_connections=3", or ""). */
void maria_fresh_with(const char *alias, const char *options);
/* "default" with options, "other" and "third" without; and the table. */
void maria_fresh(const char *options);
/* The first cell of the first row; null without a row. */
nu_value maria_one(nu__connection *connection, nu_str sql, nu_values params);
#define VALUE(sql, ...) maria_one(DB, S(sql), NU_ARGS(__VA_ARGS__))
#define COUNT(sql)      nu_int(maria_one(DB, S(sql), (nu_values){ 0 }))
/* A row of t. */
void maria_insert(const char *text);
