#include "core/fault.h"
#include "db/backends/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

/* The batch, from both ends:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 *
 * A row is stored whole or not at all. The first batch of a query is small, for pages of rows; a
 * row that is larger than a whole batch gets one of its own size.
 */
#define FIRST_BATCH ((size_t)32 * 1024)

static size_t row_texts(sqlite3_stmt *stmt, uint32_t n_columns)
{
    size_t bytes = 0;

    for (uint32_t i = 0; i < n_columns; i++) {
        int type = sqlite3_column_type(stmt, (int)i);

        if (type == SQLITE_TEXT || type == SQLITE_BLOB)
            bytes += (size_t)sqlite3_column_bytes(stmt, (int)i) + 1;
    }
    return bytes;
}

static void store_bytes(nu__cell *cell, char **top, const void *bytes, size_t len)
{
    *top -= len + 1;
    if (len)
        memcpy(*top, bytes, len);
    (*top)[len] = '\0';
    cell->len = (uint32_t)len;
    cell->text = *top;
}

static void store_cell(nu__cell *cell, char **top, sqlite3_stmt *stmt, int column)
{
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        cell->kind = NU__CELL_INT;
        cell->i = sqlite3_column_int64(stmt, column);
        break;
    case SQLITE_FLOAT:
        cell->kind = NU__CELL_FLOAT;
        cell->f = sqlite3_column_double(stmt, column);
        break;
    case SQLITE_TEXT:
        cell->kind = NU__CELL_TEXT;
        store_bytes(cell, top, sqlite3_column_text(stmt, column),
                    (size_t)sqlite3_column_bytes(stmt, column));
        break;
    case SQLITE_BLOB:
        cell->kind = NU__CELL_BLOB;
        store_bytes(cell, top, sqlite3_column_blob(stmt, column),
                    (size_t)sqlite3_column_bytes(stmt, column));
        break;
    default:
        cell->kind = NU__CELL_NULL;
    }
}

static bool reserve(nu__batch *batch, size_t bytes)
{
    char *data;

    if (batch->size >= bytes)
        return true;
    data = nu__malloc(bytes);
    if (!data)
        return false;
    free(batch->data);
    batch->data = data;
    batch->size = bytes;
    return true;
}

/* false: it does not fit behind the rows that are there. */
static bool store_row(nu__batch *batch, sqlite3_stmt *stmt, char **top)
{
    size_t cells = batch->n_columns * sizeof(nu__cell);
    nu__cell *row = (nu__cell *)(void *)(batch->data + batch->n_rows * cells);

    if ((size_t)(*top - (char *)row) < cells + row_texts(stmt, batch->n_columns))
        return false;
    for (uint32_t i = 0; i < batch->n_columns; i++)
        store_cell(&row[i], top, stmt, (int)i);
    batch->n_rows++;
    return true;
}

/* The row alone is too large for the empty batch: make it as large as the row. */
static bool fit_row(nu__batch *batch, sqlite3_stmt *stmt, char **top)
{
    size_t bytes = batch->n_columns * sizeof(nu__cell) + row_texts(stmt, batch->n_columns);

    if (!reserve(batch, bytes))
        return false;
    *top = batch->data + batch->size;
    return store_row(batch, stmt, top);
}

int nu__sqlite_fill(nu__batch *batch, sqlite3_stmt *stmt, uint32_t most, bool *pending)
{
    char *top;

    batch->n_rows = 0;
    batch->n_columns = (uint32_t)sqlite3_column_count(stmt);
    if (!reserve(batch, FIRST_BATCH))
        return SQLITE_NOMEM;
    top = batch->data + batch->size;
    for (;;) {
        int code = *pending ? SQLITE_ROW : sqlite3_step(stmt);

        *pending = false;
        if (code != SQLITE_ROW)
            return code;
        /* A table that was altered meanwhile shows with the first step. */
        if (!batch->n_rows)
            batch->n_columns = (uint32_t)sqlite3_column_count(stmt);
        if (!store_row(batch, stmt, &top)) {
            if (batch->n_rows) {
                *pending = true;
                return SQLITE_ROW;
            }
            if (!fit_row(batch, stmt, &top))
                return SQLITE_NOMEM;
        }
        if (most && batch->n_rows == most)
            return SQLITE_ROW;
    }
}
