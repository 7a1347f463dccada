/**
 * @file
 * What an operation means for those who use its tables meanwhile: for `migrate --plan`.
 *
 * The operation's own statements are looked at, as sqlmigrate would print them, so that what is
 * told is what will run: a many-to-many that is added makes a table and locks the two that it
 * leads to; a foreign key locks the table that it refers to as well. Each kind of statement is a
 * row of impact_forms.c, which tests/databases/test_impacts.py holds against what the servers do.
 *
 * The plan is remembered from one operation to the next: a table that an earlier one has renamed is
 * still counted by its name of today, and one that the plan makes itself is nobody's yet.
 */
#pragma once
#include "db/migrations/operations.h"

typedef struct nu__impacts nu__impacts;

/* One table that is there already, and what an operation does to those who use it. */
typedef struct nu__impact {
    nu_str table; /* as it is called when its turn comes */
    nu_str today; /* as the database calls it now */
    nu_str locks; /* "SHARE while all rows are read: writing waits" */
} nu__impact;

/* How many rows a table has: on PostgreSQL and MariaDB the statistics' word where that is in the
   millions, as counting them takes as long as what is warned of. */
typedef struct nu__row_count {
    int64_t n;
    bool estimated;
} nu__row_count;

/* Look at operations in the order in which they would run. In the fiber's arena. Yields. */
nu__impacts *nu__impacts_begin(nu__connection *connection);
/**
 * The tables of one operation, in the order in which it comes to them.
 *
 * @param run  the states before and after it; its editor is not used, and may be NULL
 * @return     empty where the operation is no SQL, or touches no table that is there
 * @raises     what the schema editor raises where the database is not yet as the operation needs it
 * Yields.
 */
nu__impact *nu__impacts_of(nu__impacts *impacts, const nu__operation_run *run,
                           const nu_operation *op, bool backwards, size_t *n);
/* Texts about what hangs on a column that the operation drops: "goes with it: index by_name",
   "depends on it: `migrate` refuses: view shown". Before the operation is looked at. Yields. */
nu_list *nu__impacts_hanging(nu__impacts *impacts, const nu__operation_run *run,
                             const nu_operation *op, bool backwards);
/* Whether a column of the one type may become one of the other without its rows being written: on
   PostgreSQL and MariaDB. */
bool nu__keeps_rows(nu__dialect dialect, nu_str from, nu_str to);
/* Each table is counted once. `today` is that of an impact. Yields. */
nu__row_count nu__impacts_count(nu__impacts *impacts, nu_str today);
