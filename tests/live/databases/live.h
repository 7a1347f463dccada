/**
 * @file
 * What the programs share that test a database server: asking the Python side
 * (tests/support/programs.py) to do something with it, and crowds of fibers whose every answer is
 * checked.
 *
 *     live_ask("restart");
 *     crowd_ask(shapes, 3, 100, 20000);
 */
#pragma once
#include "db/connection.h"
#include "db/database.h"
#include "harness_loop.h"

#include <nuages/transaction.h>

#define DB nu__connection_of(NULL)

/* Ask the Python side to do something with the server ("restart"), and wait until it has. */
void live_ask(const char *what);
/* Tell whoever watches a long run. */
void live_progress(nu_str how_far);
/* Wait until all fibers but this one have ended. */
void live_join(void);
/* Wait until so many fibers have come here with the same `arrived`; who comes later passes. */
void live_meet(int *arrived, int n);
/* A number from the environment, for the runs that take long. */
double live_number(const char *name, double missing);

/* The first cell of the first row as text: "1", "a", "NULL"; "" without a row. */
nu_str live_text(nu__connection *connection, nu_str sql, nu_values params);
/* How many rows it changed. */
int64_t live_run(nu__connection *connection, nu_str sql, nu_values params);

/* As HARNESS_IN_FIBER; connections are closed before the loop that watches their sockets. */
int live_main(int argc, char **argv, const harness_test *tests);
#define HARNESS_LIVE(...)                                                                          \
    int main(int argc, char **argv)                                                                \
    {                                                                                              \
        static const harness_test tests[] = { NU_EACH(HARNESS__ROW, __VA_ARGS__){ NULL, NULL } };  \
        return live_main(argc, argv, tests);                                                       \
    }

/* ---- crowds ------------------------------------------------------------------------------- */

/* What one fiber does, and what came of it. */
typedef struct crowd_work {
    uint64_t seed;
    int64_t rounds;
    int64_t wrong, done;
} crowd_work;

void crowd_expect(crowd_work *work, bool right);
/* One statement, or a few, whose answer follows from `n`: below a million. */
typedef void (*crowd_shape)(crowd_work *work, int64_t n);

/* So many statements of random shapes by so many fibers: no answer is another's. Prints a figure.
 */
void crowd_ask(const crowd_shape *shapes, size_t n_shapes, int n_fibers, int64_t statements);

/* In the database's own words: a number as it is; and a counter (n, then id) moved by one. */
typedef struct crowd_sql {
    const char *read, *add, *take;
} crowd_sql;

/* 500 fibers for so many seconds, some of them cancelled anywhere: they read numbers, and move ones
   among the rows 0 to 49 of the table counters, in transactions. No answer is wrong, no fiber waits
   in vain; afterwards the rows' sum is what it was, for the caller to see. Prints a figure. */
void crowd_soak(const crowd_sql *sql, double seconds);

/* ---- cuts --------------------------------------------------------------------------------- */

/* In the database's own words: a number into the table cut; one more than a number. */
typedef struct cut_sql {
    const char *insert, *add;
} cut_sql;

/* A few statements of two fibers over PROXY_URL, whose connection ends at each message in turn: the
   error's class is right, a transaction is kept whole or not at all, and the next statements work.
   Prints a figure. */
void cut_everywhere(const cut_sql *sql);

/* ---- contests ----------------------------------------------------------------------------- */

/* In the database's own words: the counter n of a row of the table contest moved by one; the first
   row's set to a number; how transactions are isolated that may not both do so, and what one of
   them is told. */
typedef struct contest_sql {
    const char *add, *set;
    nu_isolation isolation;
    nu_error_class refusal;
} contest_sql;

/* Two transactions lock two rows crosswise: one is told of a deadlock, the other's changes stay. */
void contest_deadlock(const contest_sql *sql);
/* The same with .retries: both end well. */
void contest_deadlock_overcome(const contest_sql *sql);
/* Two transactions read, then write what follows: one is refused; with .retries all end well. */
void contest_serialization(const contest_sql *sql);
