#include "db/backends/sqlite/sqlite.h"

#include <math.h>

/* Standard deviation and variance, of a population or of a sample. The numbers are kept, and summed
 * with the digits of a long double, so that what comes out is rounded once, as by Python's
 * statistics module, which sums exactly. To that module what is no number is an error, and so it is
 * here.
 */
typedef struct spread {
    double *numbers; /* malloc'd: the callback may not raise */
    size_t n, cap;
    bool failed;
} spread;

static void spread_step(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    spread *spread = sqlite3_aggregate_context(context, sizeof *spread);

    (void)n;
    if (!spread || spread->failed)
        return;
    if (sqlite3_value_numeric_type(arguments[0]) != SQLITE_INTEGER &&
        sqlite3_value_numeric_type(arguments[0]) != SQLITE_FLOAT) {
        spread->failed = true;
        return;
    }
    if (spread->n == spread->cap) {
        size_t cap = spread->cap ? 2 * spread->cap : 64;
        double *grown = sqlite3_realloc64(spread->numbers, cap * sizeof *grown);

        if (!grown) {
            spread->failed = true;
            return;
        }
        spread->numbers = grown;
        spread->cap = cap;
    }
    spread->numbers[spread->n++] = sqlite3_value_double(arguments[0]);
}

typedef struct aggregate {
    const char *name;
    size_t less; /* of n in the divisor: 1 for samples */
    bool root;
} aggregate;

static const aggregate aggregates[] = {
    { "STDDEV_POP", 0, true },
    { "STDDEV_SAMP", 1, true },
    { "VAR_POP", 0, false },
    { "VAR_SAMP", 1, false },
};

static double spread_of(const spread *spread, const aggregate *aggregate)
{
    long double sum = 0, squares = 0, mean, variance;

    for (size_t i = 0; i < spread->n; i++)
        sum += (long double)spread->numbers[i];
    mean = sum / (long double)spread->n;
    for (size_t i = 0; i < spread->n; i++) {
        long double distance = (long double)spread->numbers[i] - mean;

        squares += distance * distance;
    }
    variance = squares / (long double)(spread->n - aggregate->less);
    return (double)(aggregate->root ? sqrtl(variance) : variance);
}

/* Runs once for every step, also when the statement is given up. */
static void spread_final(sqlite3_context *context)
{
    spread *spread = sqlite3_aggregate_context(context, 0);
    const aggregate *aggregate = sqlite3_user_data(context);

    if (!spread)
        return;
    if (spread->failed || spread->n <= aggregate->less)
        sqlite3_result_error(context, "user-defined aggregate's 'finalize' method raised error",
                             -1);
    else
        sqlite3_result_double(context, spread_of(spread, aggregate));
    sqlite3_free(spread->numbers);
}

/* ---- any value: the first one --------------------------------------------------------------- */

typedef struct any {
    sqlite3_value *first;
} any;

static void any_step(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    any *any = sqlite3_aggregate_context(context, sizeof *any);

    (void)n;
    if (!any || any->first)
        return;
    any->first = sqlite3_value_dup(arguments[0]);
    if (!any->first)
        sqlite3_result_error_nomem(context);
}

static void any_final(sqlite3_context *context)
{
    any *any = sqlite3_aggregate_context(context, 0);

    if (!any || !any->first)
        return;
    sqlite3_result_value(context, any->first);
    sqlite3_value_free(any->first);
    any->first = NULL;
}

int nu__sqlite_aggregates(sqlite3 *db)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates && code == SQLITE_OK; i++)
        code = sqlite3_create_function(
            db, aggregates[i].name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            (void *)(uintptr_t)&aggregates[i], NULL, spread_step, spread_final);
    if (code == SQLITE_OK)
        code = sqlite3_create_function(db, "ANY_VALUE", 1, SQLITE_UTF8, NULL, NULL, any_step,
                                       any_final);
    return code;
}
