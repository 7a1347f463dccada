#include "core/buf.h"
#include "core/fault.h"
#include "db/backends/sqlite/cells.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

/* All rows of a query in one step of SQLite's:
 *
 *     WITH nu__all(c0, c1) AS (the query) SELECT nu__take(c1, c0) FROM nu__all
 *
 * nu__take() is an aggregate function that each handle has. SQLite calls it with the values of each
 * row, from inside of its machine; by sqlite3_step() and sqlite3_column_*() each row would leave
 * the machine, and each value take a lock and a check. Of a query that neither sorts, groups nor
 * limits SQLite makes one with the query around it, so that the rows are found as they were; for
 * others it copies each row once more, which costs more than is saved: they are stepped through.
 *
 * Where those name plain columns there is another way:
 *
 *     SELECT nu__take_row(columns of the query) the rest of the query
 *
 * It leaves the machine once a row, but not once a value. SQLite may call a function before it
 * sorts, so each row must come behind the very call that took it; where it does not, the query is
 * started again, and stepped through from then on. See decision 0030.
 *
 * Both ask for the last column first: SQLite reads the head of a record up to the column that is
 * asked for, and goes on from there for a later one, which costs it more than all of the head once.
 *
 * Whoever takes a row can't stop and go on later: a sink makes its own room, and rows that are kept
 * come in batches up to a limit, past which the query is started again and stepped through.
 */
struct nu__sqlite_taking {
    bool (*take)(nu__sqlite_taking *taking, sqlite3_value **values);
    nu__result *result;
    nu__cell *cells; /* a row on its way to the sink */
    nu__more_rows *last;
    nu__batch *batch;     /* that is filled: the result's, or the last */
    char *top;            /* of its texts */
    size_t held;          /* bytes in all batches */
    uint64_t calls, rows; /* of nu__take_row(), and that came behind them */
    int n_columns, refused;
    bool utf16;
};

enum { MOST_BYTES = 4 * 1024 * 1024 };

/* ---- into a sink -------------------------------------------------------------------------- */

/* Stepping through tells which column's text is no UTF-8. */
static bool leave_broken(nu__sqlite_taking *taking)
{
    taking->refused = NU__SQLITE_LARGE;
    return false;
}

static bool take_into_sink(nu__sqlite_taking *taking, sqlite3_value **values)
{
    nu__sink *sink = taking->result->sink;
    nu__cell *cell = taking->cells;
    bool utf16 = taking->utf16, broken = false;

    for (sqlite3_value **value = values + taking->n_columns; value > values;)
        nu__sqlite_borrow(cell++, *--value, utf16, &broken);
    if (broken)
        return leave_broken(taking);
    if (sink->row(sink, taking->cells))
        return true;
    taking->refused = SQLITE_DONE;
    return false;
}

/* ---- into batches ------------------------------------------------------------------------- */

static bool store_row(nu__sqlite_taking *taking, sqlite3_value **values, bool *broken)
{
    nu__batch *batch = taking->batch;
    uint32_t n = batch->n_columns;
    nu__cell *row = (nu__cell *)(void *)batch->data + (size_t)batch->n_rows * n;
    char *floor = (char *)(row + n), *top = taking->top;

    if (top < floor)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!nu__sqlite_store(&row[i], floor, &top, values[n - 1 - i], taking->utf16, broken))
            return false;
    if (*broken)
        return false;
    taking->top = top;
    batch->n_rows++;
    return true;
}

static size_t row_bytes(const nu__sqlite_taking *taking, sqlite3_value **values)
{
    size_t bytes = (size_t)taking->n_columns * sizeof(nu__cell);

    for (int i = 0; i < taking->n_columns; i++) {
        int type = sqlite3_value_type(values[i]);

        if (type == SQLITE_TEXT || type == SQLITE_BLOB)
            bytes += (size_t)sqlite3_value_bytes(values[i]) + 1;
    }
    return bytes;
}

static bool start_batch(nu__sqlite_taking *taking, nu__batch *batch, size_t bytes)
{
    batch->n_rows = 0;
    batch->n_columns = (uint32_t)taking->n_columns;
    if (!nu__batch_reserve(batch, bytes))
        return false;
    taking->batch = batch;
    taking->top = batch->data + batch->size;
    taking->held += batch->size;
    return true;
}

/* Room for the row in a new batch. */
static int next_batch(nu__sqlite_taking *taking, sqlite3_value **values)
{
    size_t bytes = row_bytes(taking, values);
    nu__more_rows *more;

    if (bytes < NU__SQLITE_NEXT_BATCH)
        bytes = NU__SQLITE_NEXT_BATCH;
    if (taking->held + bytes > MOST_BYTES)
        return NU__SQLITE_LARGE;
    more = nu__malloc_zeroed(sizeof *more);
    if (!more)
        return SQLITE_NOMEM;
    *(taking->last ? &taking->last->next : &taking->result->more) = more;
    taking->last = more;
    return start_batch(taking, &more->batch, bytes) ? SQLITE_OK : SQLITE_NOMEM;
}

static bool take_into_batch(nu__sqlite_taking *taking, sqlite3_value **values)
{
    bool broken = false;

    if (store_row(taking, values, &broken))
        return true;
    if (!broken)
        taking->refused = next_batch(taking, values);
    if (!broken && taking->refused == SQLITE_OK && store_row(taking, values, &broken))
        return true;
    return broken ? leave_broken(taking) : false;
}

/* ---- the function ------------------------------------------------------------------------- */

static void take(sqlite3_context *context, int n, sqlite3_value **values)
{
    const nu__sqlite *sqlite = sqlite3_user_data(context);
    nu__sqlite_taking *taking = sqlite->taking;

    if (!taking || n != taking->n_columns)
        sqlite3_result_error(context, "nu__take() is the library's own", -1);
    else if (!taking->take(taking, values))
        sqlite3_result_error_code(context, SQLITE_ABORT);
}

static void taken(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

/* Null is the row's one value. */
static void take_one(sqlite3_context *context, int n, sqlite3_value **values)
{
    const nu__sqlite *sqlite = sqlite3_user_data(context);
    nu__sqlite_taking *taking = sqlite->taking;

    if (taking && taking->calls++ != taking->rows)
        taking->refused = NU__SQLITE_SORTED;
    if (taking && taking->refused)
        sqlite3_result_error_code(context, SQLITE_ABORT);
    else
        take(context, n, values);
}

int nu__sqlite_taking_function(nu__sqlite *sqlite)
{
    const int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    int code = sqlite3_create_function_v2(sqlite->db, "nu__take", -1, flags, sqlite, NULL, take,
                                          taken, NULL);

    if (code != SQLITE_OK)
        return code;
    return sqlite3_create_function_v2(sqlite->db, "nu__take_row", -1, flags, sqlite, take_one, NULL,
                                      NULL, NULL);
}

/* ---- the statement ------------------------------------------------------------------------ */

static void names(sqlite3_str *text, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_str_appendf(text, i ? ", c%d" : "c%d", i);
}

static void names_from_last(sqlite3_str *text, int n)
{
    for (int i = n - 1; i >= 0; i--)
        sqlite3_str_appendf(text, i ? "c%d, " : "c%d", i);
}

/* Where the last of the columns between `start` and `end` begins: behind the last comma that
   stands in no quotes and no parentheses. A doubled quote ends and begins them. */
static const char *last_column(const char *start, const char *end)
{
    const char *last = start;
    char quote = '\0';
    int depth = 0;

    for (const char *at = start; at < end; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '(' || *at == ')')
            depth += *at == '(' ? 1 : -1;
        else if (*at == ',' && !depth)
            last = at + strlen(", ");
    }
    return last;
}

static void columns_from_last(sqlite3_str *text, const char *start, const char *end)
{
    for (;;) {
        const char *last = last_column(start, end);

        sqlite3_str_append(text, last, (int)(end - last));
        if (last == start)
            return;
        end = last - strlen(", ");
        sqlite3_str_appendall(text, ", ");
    }
}

/* SQLite's to free; NULL: out of memory. */
static char *text_of(const nu__sqlite *sqlite, const nu__sqlite_statement *statement, int n)
{
    sqlite3_str *text = sqlite3_str_new(sqlite->db);

    sqlite3_str_appendall(text, "WITH nu__all(");
    names(text, n);
    sqlite3_str_appendall(text, ") AS (");
    sqlite3_str_append(text, statement->entry.sql.ptr, (int)statement->entry.sql.len);
    sqlite3_str_appendall(text, ") SELECT nu__take(");
    names_from_last(text, n);
    sqlite3_str_appendall(text, ") FROM nu__all");
    return sqlite3_str_finish(text);
}

static char *text_by_row(const nu__sqlite *sqlite, const nu__sqlite_statement *statement,
                         size_t columns_end)
{
    const char *sql = statement->entry.sql.ptr;
    sqlite3_str *text = sqlite3_str_new(sqlite->db);

    sqlite3_str_appendall(text, "SELECT nu__take_row(");
    columns_from_last(text, sql + strlen("SELECT "), sql + columns_end);
    sqlite3_str_appendchar(text, 1, ')');
    sqlite3_str_append(text, sql + columns_end, (int)(statement->entry.sql.len - columns_end));
    return sqlite3_str_finish(text);
}

bool nu__sqlite_prepare_at_once(nu__sqlite *sqlite, nu__sqlite_statement *statement,
                                const nu__result *result)
{
    int n = sqlite3_column_count(statement->stmt);
    char *text;

    if (statement->stepped)
        return false;
    if (statement->at_once)
        return statement->by_row == !result->plain;
    if (n > sqlite3_limit(sqlite->db, SQLITE_LIMIT_FUNCTION_ARG, -1)) {
        statement->stepped = true;
        return false;
    }
    statement->by_row = !result->plain;
    text = result->plain ? text_of(sqlite, statement, n)
                         : text_by_row(sqlite, statement, result->columns_end);
    if (text && sqlite3_prepare_v3(sqlite->db, text, -1, SQLITE_PREPARE_PERSISTENT,
                                   &statement->at_once, NULL) == SQLITE_ERROR)
        statement->stepped = true;
    sqlite3_free(text);
    return statement->at_once;
}

/* ---- running it --------------------------------------------------------------------------- */

static bool begin(nu__sqlite_taking *taking, nu__batch *batch)
{
    nu__more_rows_free(taking->result->more);
    taking->result->more = NULL;
    if (!start_batch(taking, batch,
                     taking->result->sink ? (size_t)taking->n_columns * sizeof(nu__cell)
                                          : NU__SQLITE_FIRST_BATCH))
        return false;
    taking->cells = (nu__cell *)(void *)batch->data;
    return true;
}

static int step_by_row(nu__sqlite_taking *taking, sqlite3_stmt *stmt)
{
    int code;

    while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
        if (++taking->rows != taking->calls)
            return NU__SQLITE_SORTED;
    return code;
}

int nu__sqlite_take_all(nu__sqlite *sqlite, nu__sqlite_statement *statement, nu__result *result)
{
    nu__sqlite_taking taking = { .take = result->sink ? take_into_sink : take_into_batch,
                                 .result = result,
                                 .n_columns = sqlite3_column_count(statement->stmt),
                                 .utf16 = statement->utf16 };
    int code;

    if (!begin(&taking, &result->batch))
        return SQLITE_NOMEM;
    sqlite->taking = &taking;
    code = statement->by_row ? step_by_row(&taking, statement->at_once)
                             : sqlite3_step(statement->at_once);
    sqlite->taking = NULL;
    statement->many = taking.rows >= NU__SQLITE_MANY;
    if (code == SQLITE_ROW)
        return SQLITE_DONE;
    return taking.refused ? taking.refused : code;
}
