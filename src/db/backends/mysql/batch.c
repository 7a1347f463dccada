#include "core/fault.h"
#include "db/backends/mysql/line.h"

#include <stdlib.h>
#include <string.h>

/* The batch, from both ends:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 *
 * A row is stored whole or not at all. What is read are the packets that the library or the line
 * has kept.
 */
#define FIRST_BATCH ((size_t)32 * 1024)
#define NEXT_BATCH  ((size_t)256 * 1024)

/* ---- into the batch ----------------------------------------------------------------------- */

static bool has_bytes(const nu__cell *cell)
{
    return cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_BLOB ||
           cell->kind == NU__CELL_DECIMAL;
}

static size_t row_size(const nu__cell *cells, uint32_t n)
{
    size_t bytes = n * sizeof *cells;

    for (uint32_t i = 0; i < n; i++)
        if (has_bytes(&cells[i]))
            bytes += (size_t)cells[i].len + 1;
    return bytes;
}

static void keep_texts(nu__cell *cells, uint32_t n, char **top)
{
    for (uint32_t i = 0; i < n; i++)
        if (has_bytes(&cells[i])) {
            *top -= (size_t)cells[i].len + 1;
            if (cells[i].len)
                memcpy(*top, cells[i].blob, cells[i].len);
            (*top)[cells[i].len] = '\0';
            cells[i].text = *top;
        }
}

static nu__cell *place_of(const nu__batch *batch, uint32_t row)
{
    return (nu__cell *)(void *)batch->data + (size_t)row * batch->n_columns;
}

/* Add a row whose texts lie elsewhere. 1: done; 0: there is no room; -1: no memory. A row alone
   that is larger than the batch gets a batch of its own size. */
static int store_row(nu__batch *batch, const nu__cell *cells, char **top)
{
    size_t bytes = row_size(cells, batch->n_columns);
    nu__cell *row;

    if ((size_t)(*top - (char *)place_of(batch, batch->n_rows)) < bytes) {
        if (batch->n_rows)
            return 0;
        if (!nu__batch_reserve(batch, bytes))
            return -1;
        *top = batch->data + batch->size;
    }
    row = place_of(batch, batch->n_rows);
    if (batch->n_columns)
        memcpy(row, cells, batch->n_columns * sizeof *cells);
    keep_texts(row, batch->n_columns, top);
    batch->n_rows++;
    return 1;
}

/* A null one behind the last. */
static nu__mysql_packet next_row(const nu__mysql_rows *rows)
{
    const MYSQL_ROWS *stored;

    if (!rows->stmt)
        return rows->answer->at < rows->answer->last
                   ? nu__mysql_packet_at(rows->answer, rows->answer->at)
                   : (nu__mysql_packet){ NULL, 0 };
    stored = mysql_stmt_row_tell(rows->stmt);
    return stored ? (nu__mysql_packet){ (const uint8_t *)stored->data, (uint32_t)stored->length }
                  : (nu__mysql_packet){ NULL, 0 };
}

static void step(const nu__mysql_rows *rows, nu__mysql_packet row)
{
    if (rows->stmt)
        mysql_stmt_row_seek(rows->stmt, mysql_stmt_row_tell(rows->stmt)->next);
    else
        rows->answer->at += sizeof row.len + row.len;
}

static nu__mysql_taken fill(nu__batch *batch, const nu__mysql_rows *rows)
{
    nu__mysql_packet row;
    char *top;
    int stored = 1;

    if (!nu__batch_reserve(batch, batch->n_rows ? NEXT_BATCH : FIRST_BATCH))
        return NU__MYSQL_NO_MEMORY;
    batch->n_rows = 0;
    top = batch->data + batch->size;
    while (stored > 0 && (row = next_row(rows)).at) {
        if (!nu__mysql_read_row(rows, row.at, row.len))
            return NU__MYSQL_BROKEN;
        stored = store_row(batch, rows->cells, &top);
        if (stored > 0)
            step(rows, row);
    }
    return stored < 0 ? NU__MYSQL_NO_MEMORY : NU__MYSQL_TAKEN;
}

static nu__mysql_taken pour(nu__sink *sink, const nu__mysql_rows *rows)
{
    nu__mysql_packet row;

    while ((row = next_row(rows)).at) {
        if (!nu__mysql_read_row(rows, row.at, row.len))
            return NU__MYSQL_BROKEN;
        if (!sink->row(sink, rows->cells))
            return NU__MYSQL_TAKEN;
        step(rows, row);
    }
    return NU__MYSQL_TAKEN;
}

nu__mysql_taken nu__mysql_take(nu__result *result, const nu__mysql_rows *rows)
{
    result->batch.n_columns = rows->n;
    if (!result->sink)
        return fill(&result->batch, rows);
    result->batch.n_rows = 0;
    return pour(result->sink, rows);
}

nu__mysql_taken nu__mysql_take_stored(nu__result *result, nu__mysql_statement *statement)
{
    nu__mysql_rows rows = { mariadb_stmt_fetch_fields(statement->stmt),
                            mysql_stmt_field_count(statement->stmt),
                            statement->cells,
                            statement->digits,
                            statement->stmt,
                            NULL };
    nu__mysql_taken taken = NU__MYSQL_TAKEN;

    result->statement = NULL;
    result->batch.n_columns = 0;
    result->batch.n_rows = rows.n ? result->batch.n_rows : 0;
    if (rows.n) {
        taken = nu__mysql_take(result, &rows);
        result->statement = next_row(&rows).at ? statement : NULL;
    }
    return taken;
}

/* ---- rows in text ------------------------------------------------------------------------- */

static void read_text_row(nu__cell *cells, MYSQL_RES *rows, const MYSQL_ROW row)
{
    const MYSQL_FIELD *fields = mysql_fetch_fields(rows);
    const unsigned long *lengths = mysql_fetch_lengths(rows);

    for (unsigned i = 0; i < mysql_num_fields(rows); i++)
        if (row[i])
            nu__mysql_read_text(&cells[i], &fields[i], row[i], lengths[i]);
        else
            cells[i].kind = NU__CELL_NULL;
}

/* Room for all rows at once. */
static bool fill_text(nu__batch *batch, MYSQL_RES *rows, nu__cell *cells)
{
    size_t bytes = 1;
    MYSQL_ROW row;
    char *top;

    while ((row = mysql_fetch_row(rows))) {
        read_text_row(cells, rows, row);
        bytes += row_size(cells, batch->n_columns);
    }
    if (!nu__batch_reserve(batch, bytes))
        return false;
    mysql_data_seek(rows, 0);
    top = batch->data + batch->size;
    while ((row = mysql_fetch_row(rows))) {
        read_text_row(cells, rows, row);
        if (store_row(batch, cells, &top) <= 0)
            return false;
    }
    return true;
}

static nu__columns *columns_of(MYSQL_RES *rows)
{
    unsigned n = mysql_num_fields(rows);
    const MYSQL_FIELD *fields = mysql_fetch_fields(rows);
    const char **names = nu__malloc_zeroed(2 * (n + 1) * sizeof *names);
    nu__columns *columns;

    if (!names)
        return NULL;
    for (unsigned i = 0; i < n; i++)
        names[i] = fields[i].name;
    columns = nu__columns_new(n, names, names + n);
    free(names);
    return columns;
}

bool nu__mysql_fill_text(nu__result *result, MYSQL_RES *rows)
{
    nu__cell *cells;
    bool filled;

    result->batch.n_rows = 0;
    result->batch.n_columns = rows ? mysql_num_fields(rows) : 0;
    if (!rows)
        return true;
    cells = nu__malloc_zeroed((result->batch.n_columns + 1) * sizeof *cells);
    result->columns = columns_of(rows);
    filled = cells && result->columns && fill_text(&result->batch, rows, cells);
    free(cells);
    return filled;
}
