/**
 * @file
 * The school's tables in a database in memory, with a row or two of each, and what was run on it.
 */
#pragma once
#include "school.h"

#include "db/connection.h"
#include "harness.h"

/* A new, empty database as "default", with all tables. */
void school_tables(void);
/* Whether that is SQLite, and which of two texts is the database's own: SQLite's, or a server's. */
bool school_on_sqlite(void);
#define ON_SQLITE(sqlite, server) (school_on_sqlite() ? (sqlite) : (server))
bool school_on_mariadb(void);
#define BY_DATABASE(sqlite, postgresql, mariadb)                                                   \
    (school_on_mariadb() ? (mariadb) : ON_SQLITE(sqlite, postgresql))
/* The same for other models. */
void school_tables_of(const nu_model *const *models);
/* One of each: department 1 ("cs"), tag 1 ("core"), courses 1 and 2, student 1 ("S1"), an
   enrollment, an attendance, a payment. */
void school_seed(void);

/* Statements that were run since the last reset; transactions are left out. */
typedef struct school_log {
    size_t n;
    nu_str sql[64];
    nu_list *params[64];
} school_log;
extern school_log school_statements;
void school_log_reset(void);
/* A statement with names in double quotes, as MariaDB has them in back-ticks. */
nu_str school_plain_quotes(nu_str sql);
/* A statement; the last one: "?" and "$1" written as "%s", names in double quotes. */
nu_str school_sql(size_t number);
nu_str school_sql_as_sent(size_t number); /* with the database's own quotes */
nu_str school_last_sql(void);
#define CHECK_QUERIES(n_, ...)                                                                     \
    ({                                                                                             \
        school_log_reset();                                                                        \
        __VA_ARGS__;                                                                               \
        CHECK_INT(school_statements.n, (n_));                                                      \
    })
