#include "db/backends/sqlite/sqlite.h"

#include <math.h>

/* Standard deviation and variance, of a population or of a sample, by Welford's method: one pass,
 * and no loss where the numbers are large and close together. Nulls are errors to Python's
 * statistics module; here they are left out, as SQL does.
 */
typedef struct spread {
    int64_t n;
    double mean, squares; /* sum of squared distances from the mean */
} spread;

static void spread_step(sqlite3_context *context, int n, sqlite3_value **arguments)
{
    spread *spread = sqlite3_aggregate_context(context, sizeof *spread);
    double number, distance;

    (void)n;
    if (!spread || sqlite3_value_type(arguments[0]) == SQLITE_NULL)
        return;
    number = sqlite3_value_double(arguments[0]);
    distance = number - spread->mean;
    spread->n++;
    spread->mean += distance / (double)spread->n;
    spread->squares += distance * (number - spread->mean);
}

typedef struct aggregate {
    const char *name;
    int64_t less; /* of n in the divisor: 1 for samples */
    bool root;
} aggregate;

static const aggregate aggregates[] = {
    { "STDDEV_POP", 0, true },
    { "STDDEV_SAMP", 1, true },
    { "VAR_POP", 0, false },
    { "VAR_SAMP", 1, false },
};

static void spread_final(sqlite3_context *context)
{
    const spread *spread = sqlite3_aggregate_context(context, 0);
    const aggregate *aggregate = sqlite3_user_data(context);
    double variance;

    if (!spread || spread->n <= aggregate->less)
        return;
    variance = spread->squares / (double)(spread->n - aggregate->less);
    sqlite3_result_double(context, aggregate->root ? sqrt(variance) : variance);
}

int nu__sqlite_aggregates(sqlite3 *db)
{
    int code = SQLITE_OK;

    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates && code == SQLITE_OK; i++)
        code = sqlite3_create_function(
            db, aggregates[i].name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            (void *)(uintptr_t)&aggregates[i], NULL, spread_step, spread_final);
    return code;
}
