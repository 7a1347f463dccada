#include "db/backends/sqlite/cells.h"
#include "db/backends/sqlite/sqlite.h"
/* The batch, from both ends:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 *
 * A row is stored whole or not at all. The first batch of a query is small, for pages of rows, the
 * next are larger, since each costs a hop; a row that is larger than a whole batch gets one of its
 * own size.
 */
static size_t row_texts(sqlite3_stmt *stmt, uint32_t n_columns)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < n_columns; i++) {
        sqlite3_value *value = sqlite3_column_value(stmt, (int)i);
        int type = sqlite3_value_type(value);

        if (type == SQLITE_TEXT || type == SQLITE_BLOB)
            bytes += (size_t)sqlite3_value_bytes(value) + 1;
    }
    return bytes;
}

/* false: it does not fit behind the rows that are there, or *broken was set. */
static bool store_row(nu__batch *batch, const nu__sqlite_statement *statement, char **top,
                      bool *broken)
{
    sqlite3_stmt *stmt = statement->stmt;
    size_t cells = batch->n_columns * sizeof(nu__cell);
    nu__cell *row = (nu__cell *)(void *)(batch->data + batch->n_rows * cells);
    char *floor = (char *)(row + batch->n_columns), *below = *top;

    if (below < floor)
        return false;
    for (uint32_t i = 0; i < batch->n_columns; i++)
        if (!nu__sqlite_store(&row[i], floor, &below, sqlite3_column_value(stmt, (int)i),
                              statement->utf16, broken))
            return false;
    if (*broken)
        return false;
    *top = below;
    batch->n_rows++;
    return true;
}

/* The row alone is too large for the empty batch: make it as large as the row. SQLite's code. */
static int fit_row(nu__batch *batch, const nu__sqlite_statement *statement, char **top)
{
    bool broken = false;
    size_t bytes =
        batch->n_columns * sizeof(nu__cell) + row_texts(statement->stmt, batch->n_columns);

    if (!nu__batch_reserve(batch, bytes))
        return SQLITE_NOMEM;
    *top = batch->data + batch->size;
    if (store_row(batch, statement, top, &broken))
        return SQLITE_OK;
    return broken ? NU__SQLITE_UNDECODABLE : SQLITE_NOMEM;
}

int nu__sqlite_fill(nu__batch *batch, nu__sqlite_statement *statement, uint32_t most, bool first)
{
    sqlite3_stmt *stmt = statement->stmt;
    char *top;

    batch->n_rows = 0;
    batch->n_columns = (uint32_t)sqlite3_column_count(stmt);
    if (!nu__batch_reserve(batch, first ? NU__SQLITE_FIRST_BATCH : NU__SQLITE_NEXT_BATCH))
        return SQLITE_NOMEM;
    top = batch->data + batch->size;
    for (;;) {
        int code = statement->pending ? SQLITE_ROW : sqlite3_step(stmt);
        bool broken = false;

        statement->pending = false;
        statement->many = batch->n_rows >= NU__SQLITE_MANY;
        if (code != SQLITE_ROW)
            return code;
        /* A table that was altered meanwhile shows with the first step. */
        if (!batch->n_rows)
            batch->n_columns = (uint32_t)sqlite3_column_count(stmt);
        if (!store_row(batch, statement, &top, &broken)) {
            if (batch->n_rows) { /* those before it are handed out first */
                statement->pending = true;
                return SQLITE_ROW;
            }
            code = broken ? NU__SQLITE_UNDECODABLE : fit_row(batch, statement, &top);
            if (code != SQLITE_OK)
                return code;
        }
        if (most && batch->n_rows == most)
            return SQLITE_ROW;
    }
}

/* ---- into a sink -------------------------------------------------------------------------- */

static int pour_row(nu__batch *batch, nu__sink *sink, const nu__sqlite_statement *statement)
{
    nu__cell *cells = (nu__cell *)(void *)batch->data;
    bool broken = false;

    for (uint32_t i = 0; i < batch->n_columns; i++)
        nu__sqlite_borrow(&cells[i], sqlite3_column_value(statement->stmt, (int)i),
                          statement->utf16, &broken);
    if (broken)
        return NU__SQLITE_UNDECODABLE;
    return sink->row(sink, cells) ? SQLITE_OK : SQLITE_ROW;
}

int nu__sqlite_pour(nu__batch *batch, nu__sink *sink, nu__sqlite_statement *statement,
                    uint32_t most)
{
    uint32_t taken = 0;

    for (;;) {
        int code = statement->pending ? SQLITE_ROW : sqlite3_step(statement->stmt);

        statement->pending = false;
        statement->many = taken >= NU__SQLITE_MANY;
        if (code != SQLITE_ROW)
            return code;
        if (!taken) {
            batch->n_columns = (uint32_t)sqlite3_column_count(statement->stmt);
            if (!nu__batch_reserve(batch, batch->n_columns * sizeof(nu__cell)))
                return SQLITE_NOMEM;
        }
        code = pour_row(batch, sink, statement);
        if (code != SQLITE_OK) {
            statement->pending = code == SQLITE_ROW;
            return code;
        }
        if (++taken == most)
            return SQLITE_ROW;
    }
}
