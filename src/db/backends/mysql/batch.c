#include "core/fault.h"
#include "core/time.h"
#include "db/backends/mysql/mysql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The batch, from both ends:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 *
 * A row is stored whole or not at all. What is read are the packets that the library has kept: a
 * byte 0, a bitmap of NULLs that begins at its third bit, the values one after the other.
 */
#define FIRST_BATCH ((size_t)32 * 1024)
#define NEXT_BATCH  ((size_t)256 * 1024)

enum { BINARY_CHARSET = 63 };
#ifndef NOT_FIXED_DEC
#define NOT_FIXED_DEC 31 /* as the protocol has it */
#endif

typedef struct reader {
    const uint8_t *at, *end;
    bool broken; /* the packet ends too early */
} reader;

static const uint8_t *take(reader *reader, uint64_t n)
{
    const uint8_t *at = reader->at;

    if (n > (uint64_t)(reader->end - at)) {
        reader->broken = true;
        return NULL;
    }
    reader->at += n;
    return at;
}

/* Little-endian; 0 where the packet has ended. */
static uint64_t take_number(reader *reader, unsigned bytes)
{
    const uint8_t *at = take(reader, bytes);
    uint64_t number = 0;

    for (unsigned i = 0; at && i < bytes; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

static uint64_t take_length(reader *reader)
{
    uint64_t first = take_number(reader, 1);

    return first < 251    ? first
           : first == 252 ? take_number(reader, 2)
           : first == 253 ? take_number(reader, 3)
           : first == 254 ? take_number(reader, 8)
                          : 0;
}

/* A value that brings its length; nothing where the packet has ended. */
static reader take_part(reader *whole, uint64_t *len)
{
    const uint8_t *at;

    *len = take_length(whole);
    at = take(whole, *len);
    if (!at)
        *len = 0;
    return (reader){ at, at ? at + *len : NULL, false };
}

/* ---- values ------------------------------------------------------------------------------- */

static void read_int(nu__cell *cell, reader *reader, unsigned bytes, bool is_unsigned)
{
    uint64_t number = take_number(reader, bytes);
    unsigned unused = 64 - 8 * bytes;

    cell->kind = NU__CELL_INT;
    cell->i = is_unsigned || !unused ? (int64_t)number : (int64_t)(number << unused) >> unused;
}

/* A number of 64 bits without a sign may not be one with it: then it is told by its digits. */
static void read_large(nu__cell *cell, reader *reader, bool is_unsigned, char digits[24])
{
    read_int(cell, reader, 8, is_unsigned);
    if (!is_unsigned || cell->i >= 0)
        return;
    cell->kind = NU__CELL_DECIMAL;
    cell->len = (uint32_t)snprintf(digits, 24, "%llu", (unsigned long long)cell->i);
    cell->text = digits;
}

/* Django reads numbers as the server writes them: a float by its shortest text, 0.1 and not
   0.10000000149; a computed double with the decimals that the server thinks it has. */
static void read_float(nu__cell *cell, reader *reader)
{
    uint32_t bits = (uint32_t)take_number(reader, 4);
    char text[32];
    float number;

    memcpy(&number, &bits, sizeof number);
    cell->kind = NU__CELL_FLOAT;
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)number);
        cell->f = strtod(text, NULL);
        if ((float)cell->f == number)
            return;
    }
}

static void read_double(nu__cell *cell, reader *reader, unsigned decimals)
{
    uint64_t bits = take_number(reader, 8);
    char text[400];

    cell->kind = NU__CELL_FLOAT;
    memcpy(&cell->f, &bits, sizeof cell->f);
    if (decimals >= NOT_FIXED_DEC)
        return;
    snprintf(text, sizeof text, "%.*f", (int)decimals, cell->f);
    cell->f = strtod(text, NULL);
}

static int64_t take_clock(reader *reader, bool microseconds)
{
    int64_t us = (int64_t)take_number(reader, 1) * NU__US_HOUR;

    us += (int64_t)take_number(reader, 1) * NU__US_MINUTE;
    us += (int64_t)take_number(reader, 1) * NU__US_SECOND;
    return microseconds ? us + (int64_t)take_number(reader, 4) : us;
}

/* "0000-00-00" and "2024-00-00" are no dates: None, as Django's driver has them. */
static void read_date(nu__cell *cell, reader *whole, bool time)
{
    uint64_t len = 0;
    reader reader = take_part(whole, &len);
    int year = len >= 4 ? (int)take_number(&reader, 2) : 0;
    int month = len >= 4 ? (int)take_number(&reader, 1) : 0;
    int32_t ordinal = len >= 4 ? nu__ordinal_of(year, month, (int)take_number(&reader, 1)) : 0;

    cell->kind = !ordinal ? NU__CELL_NULL : time ? NU__CELL_NAIVE : NU__CELL_DATE;
    cell->i = ordinal;
    if (time && ordinal)
        cell->i = ordinal * NU__US_DAY + (len >= 7 ? take_clock(&reader, len >= 11) : 0);
}

/* Times of MySQL may be negative, or of many hours: those are durations. */
static void read_time(nu__cell *cell, reader *whole)
{
    uint64_t len = 0;
    reader reader = take_part(whole, &len);
    bool negative = len >= 8 && take_number(&reader, 1);
    int64_t us = len >= 8 ? (int64_t)take_number(&reader, 4) * NU__US_DAY : 0;

    if (len >= 8)
        us += take_clock(&reader, len >= 12);
    cell->kind = negative || us >= NU__US_DAY ? NU__CELL_DURATION : NU__CELL_TIME;
    cell->i = negative ? -us : us;
}

static nu__cell_kind kind_of_bytes(const MYSQL_FIELD *field)
{
    switch (field->type) {
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return NU__CELL_DECIMAL;
    case MYSQL_TYPE_JSON:
        return NU__CELL_TEXT;
    case MYSQL_TYPE_BIT:
    case MYSQL_TYPE_GEOMETRY:
        return NU__CELL_BLOB;
    default:
        return field->charsetnr == BINARY_CHARSET ? NU__CELL_BLOB : NU__CELL_TEXT;
    }
}

static void read_bytes(nu__cell *cell, reader *reader, const MYSQL_FIELD *field)
{
    uint64_t len = take_length(reader);
    const uint8_t *at = take(reader, len);

    cell->kind = kind_of_bytes(field);
    cell->len = (uint32_t)len;
    cell->blob = at;
}

static void read_value(nu__cell *cell, reader *reader, const MYSQL_FIELD *field, char digits[24])
{
    bool is_unsigned = field->flags & UNSIGNED_FLAG;

    switch (field->type) {
    case MYSQL_TYPE_TINY:
        read_int(cell, reader, 1, is_unsigned);
        break;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
        read_int(cell, reader, 2, is_unsigned);
        break;
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_INT24:
        read_int(cell, reader, 4, is_unsigned);
        break;
    case MYSQL_TYPE_LONGLONG:
        read_large(cell, reader, is_unsigned, digits);
        break;
    case MYSQL_TYPE_FLOAT:
        read_float(cell, reader);
        break;
    case MYSQL_TYPE_DOUBLE:
        read_double(cell, reader, field->decimals);
        break;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
        read_date(cell, reader, false);
        break;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP:
        read_date(cell, reader, true);
        break;
    case MYSQL_TYPE_TIME:
        read_time(cell, reader);
        break;
    default:
        read_bytes(cell, reader, field);
    }
}

/* The row's cells; their texts lie in the packet. false: the packet is broken. */
static bool read_row(nu__cell *cells, const MYSQL_ROWS *row, const nu__mysql_statement *statement)
{
    const MYSQL_FIELD *fields = mariadb_stmt_fetch_fields(statement->stmt);
    uint32_t n = mysql_stmt_field_count(statement->stmt);
    const uint8_t *nulls = (const uint8_t *)row->data + 1;
    reader reader = { nulls, (const uint8_t *)row->data + row->length, false };

    take(&reader, (n + 9) / 8);
    for (uint32_t i = 0; i < n && !reader.broken; i++)
        if (nulls[(i + 2) / 8] & 1 << (i + 2) % 8)
            cells[i].kind = NU__CELL_NULL;
        else
            read_value(&cells[i], &reader, &fields[i], statement->digits[i]);
    return !reader.broken;
}

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
        if (!reserve(batch, bytes))
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

static const MYSQL_ROWS *next_row(const nu__mysql_statement *statement)
{
    return mysql_stmt_row_tell(statement->stmt);
}

static void step(const nu__mysql_statement *statement, const MYSQL_ROWS *row)
{
    mysql_stmt_row_seek(statement->stmt, row->next);
}

bool nu__mysql_fill(nu__result *result, nu__mysql_statement *statement)
{
    nu__batch *batch = &result->batch;
    const MYSQL_ROWS *row = NULL;
    char *top;
    int stored = 1;

    batch->n_columns = mysql_stmt_field_count(statement->stmt);
    if (!reserve(batch, batch->n_rows ? NEXT_BATCH : FIRST_BATCH))
        return false;
    batch->n_rows = 0;
    top = batch->data + batch->size;
    while (batch->n_columns && (row = next_row(statement))) {
        if (!read_row(statement->cells, row, statement))
            return false;
        stored = store_row(batch, statement->cells, &top);
        if (stored <= 0)
            break;
        step(statement, row);
    }
    result->statement = row ? statement : NULL;
    return stored >= 0;
}

bool nu__mysql_pour(nu__result *result, nu__mysql_statement *statement)
{
    const MYSQL_ROWS *row = NULL;

    result->batch.n_columns = mysql_stmt_field_count(statement->stmt);
    result->batch.n_rows = 0;
    while (result->batch.n_columns && (row = next_row(statement))) {
        if (!read_row(statement->cells, row, statement))
            return false;
        if (!result->sink->row(result->sink, statement->cells))
            break;
        step(statement, row);
    }
    result->statement = row ? statement : NULL;
    return true;
}

/* ---- rows in text ------------------------------------------------------------------------- */

static void read_text(nu__cell *cell, const MYSQL_FIELD *field, const char *text, size_t len)
{
    nu__iso_datetime moment;
    nu_date date;

    cell->kind = kind_of_bytes(field);
    cell->len = (uint32_t)len;
    cell->text = text;
    if (IS_NUM(field->type) && cell->kind != NU__CELL_DECIMAL) {
        bool fraction = field->type == MYSQL_TYPE_FLOAT || field->type == MYSQL_TYPE_DOUBLE;

        cell->kind = fraction ? NU__CELL_FLOAT : NU__CELL_INT;
        if (fraction)
            cell->f = strtod(text, NULL);
        else
            cell->i = strtoll(text, NULL, 10);
    } else if (field->type == MYSQL_TYPE_DATE && nu__date_from_iso((nu_str){ text, len }, &date)) {
        cell->kind = NU__CELL_DATE;
        cell->i = date.ordinal;
    } else if ((field->type == MYSQL_TYPE_DATETIME || field->type == MYSQL_TYPE_TIMESTAMP) &&
               nu__datetime_from_iso((nu_str){ text, len }, &moment)) {
        cell->kind = NU__CELL_NAIVE;
        cell->i = moment.wall_us;
    }
}

static void read_text_row(nu__cell *cells, MYSQL_RES *rows, const MYSQL_ROW row)
{
    const MYSQL_FIELD *fields = mysql_fetch_fields(rows);
    const unsigned long *lengths = mysql_fetch_lengths(rows);

    for (unsigned i = 0; i < mysql_num_fields(rows); i++)
        if (row[i])
            read_text(&cells[i], &fields[i], row[i], lengths[i]);
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
    if (!reserve(batch, bytes))
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
