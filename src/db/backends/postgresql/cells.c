/* Rows of DataRow messages as cells.
 *
 * A batch grows at both ends: cells from the front, what they point to from the back. When it is
 * full it is moved to one of twice the size, and the pointers with it:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 */
#include "db/backends/postgresql/cells.h"

#include "core/fault.h"
#include "core/time.h"

#include <stdlib.h>

enum { FIRST_BATCH = 8192 };
#define LARGEST_BATCH ((size_t)1 << 40)

/* Days of Python's ordinals before 2000-01-01, which PostgreSQL counts from. */
#define EPOCH_DAY 730120
#define EPOCH_US  (EPOCH_DAY * NU__US_DAY)

/* ---- values ------------------------------------------------------------------------------- */

static bool put_float(nu__cell *cell, double number)
{
    cell->kind = NU__CELL_FLOAT;
    cell->f = number;
    return true;
}

static double float8_of(const uint8_t *data)
{
    uint64_t bits = nu__pg_get64(data);
    double number;

    memcpy(&number, &bits, sizeof number);
    return number;
}

/* "infinity" is the largest number of each; the years past 9999 go the same way. */
static bool put_date(nu__cell *cell, int64_t days)
{
    int64_t ordinal = days + EPOCH_DAY;

    if (ordinal < 1)
        ordinal = NU__CELL_TOO_SMALL;
    if (ordinal > NU__ORDINAL_MAX)
        ordinal = NU__CELL_TOO_LARGE;
    return nu__pg_cell_int(cell, NU__CELL_DATE, ordinal);
}

static bool put_timestamp(nu__cell *cell, nu__cell_kind kind, int64_t us)
{
    int64_t instant;

    if (__builtin_add_overflow(us, EPOCH_US, &instant) ||
        instant >= (NU__ORDINAL_MAX + 1) * NU__US_DAY)
        instant = NU__CELL_TOO_LARGE;
    else if (instant < NU__US_DAY)
        instant = NU__CELL_TOO_SMALL;
    return nu__pg_cell_int(cell, kind, instant);
}

/* Years of 365 days and months of 30, as psycopg counts them. */
static bool put_interval(nu__cell *cell, const uint8_t *data)
{
    int64_t us = (int64_t)nu__pg_get64(data), days = (int32_t)nu__pg_get32(data + 8);
    int64_t months = (int32_t)nu__pg_get32(data + 12), whole;

    days += months / 12 * 365 + months % 12 * 30;
    if (__builtin_mul_overflow(days, NU__US_DAY, &whole) || __builtin_add_overflow(us, whole, &us))
        us = INT64_MAX;
    return nu__pg_cell_int(cell, NU__CELL_DURATION, us);
}

/* ---- one cell ----------------------------------------------------------------------------- */

/* Bytes of a fixed width; 0: any. */
static const uint8_t widths[] = {
    [NU__PG_READ_BOOL] = 1,        [NU__PG_READ_INT2] = 2,      [NU__PG_READ_INT4] = 4,
    [NU__PG_READ_INT8] = 8,        [NU__PG_READ_OID] = 4,       [NU__PG_READ_FLOAT4] = 4,
    [NU__PG_READ_FLOAT8] = 8,      [NU__PG_READ_DATE] = 4,      [NU__PG_READ_TIME] = 8,
    [NU__PG_READ_TIMESTAMP] = 8,   [NU__PG_READ_INTERVAL] = 16, [NU__PG_READ_UUID] = 16,
    [NU__PG_READ_TIMESTAMPTZ] = 8, [NU__PG_READ_RANGE] = 0,
};

bool nu__pg_read_cell(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                      nu__pg_room *room)
{
    if (widths[type->kind] && len != widths[type->kind])
        return false;
    switch ((nu__pg_reader)type->kind) {
    case NU__PG_READ_BOOL:
        return nu__pg_cell_int(cell, NU__CELL_BOOL, *data);
    case NU__PG_READ_INT2:
        return nu__pg_cell_int(cell, NU__CELL_INT, (int16_t)nu__pg_get16(data));
    case NU__PG_READ_INT4:
        return nu__pg_cell_int(cell, NU__CELL_INT, (int32_t)nu__pg_get32(data));
    case NU__PG_READ_INT8:
        return nu__pg_cell_int(cell, NU__CELL_INT, (int64_t)nu__pg_get64(data));
    case NU__PG_READ_OID:
        return nu__pg_cell_int(cell, NU__CELL_INT, nu__pg_get32(data));
    case NU__PG_READ_FLOAT4:
        return put_float(cell, nu__pg_float4(data));
    case NU__PG_READ_FLOAT8:
        return put_float(cell, float8_of(data));
    case NU__PG_READ_NUMERIC:
        return nu__pg_cell_numeric(cell, data, len, room);
    case NU__PG_READ_BYTEA:
        return nu__pg_cell_bytes(cell, NU__CELL_BLOB, data, len, room);
    case NU__PG_READ_DATE:
        return put_date(cell, (int32_t)nu__pg_get32(data));
    case NU__PG_READ_TIME:
        return nu__pg_cell_int(cell, NU__CELL_TIME, (int64_t)nu__pg_get64(data));
    case NU__PG_READ_TIMESTAMP:
        return put_timestamp(cell, NU__CELL_NAIVE, (int64_t)nu__pg_get64(data));
    case NU__PG_READ_TIMESTAMPTZ:
        return put_timestamp(cell, NU__CELL_DATETIME, (int64_t)nu__pg_get64(data));
    case NU__PG_READ_INTERVAL:
        return put_interval(cell, data);
    case NU__PG_READ_UUID:
        return nu__pg_cell_bytes(cell, NU__CELL_UUID, data, len, room);
    case NU__PG_READ_JSONB: /* a version before the text */
        return len && nu__pg_cell_bytes(cell, NU__CELL_TEXT, data + 1, len - 1, room);
    case NU__PG_READ_ARRAY:
        return nu__pg_read_array(cell, type, data, len, room);
    case NU__PG_READ_RANGE:
        return nu__pg_read_range(cell, type, data, len, room);
    case NU__PG_READ_TEXT:
        break;
    }
    return nu__pg_cell_bytes(cell, NU__CELL_TEXT, data, len, room);
}

/* ---- what a command shows ----------------------------------------------------------------- */

/* Rows of the simple protocol are texts whatever their type: numbers and truths become cells of
   their kind, the rest stays as it is. */
static bool read_shown(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       nu__pg_room *room)
{
    char digits[64] = { 0 };

    if (len >= sizeof digits)
        return nu__pg_cell_bytes(cell, NU__CELL_TEXT, data, len, room);
    memcpy(digits, data, len);
    switch ((nu__pg_reader)type->kind) {
    case NU__PG_READ_BOOL:
        return nu__pg_cell_int(cell, NU__CELL_BOOL, digits[0] == 't');
    case NU__PG_READ_INT2:
    case NU__PG_READ_INT4:
    case NU__PG_READ_INT8:
    case NU__PG_READ_OID:
        return nu__pg_cell_int(cell, NU__CELL_INT, strtoll(digits, NULL, 10));
    case NU__PG_READ_FLOAT4:
    case NU__PG_READ_FLOAT8:
        return put_float(cell, strtod(digits, NULL));
    case NU__PG_READ_NUMERIC:
        return nu__pg_cell_bytes(cell, NU__CELL_DECIMAL, data, len, room);
    default:
        return nu__pg_cell_bytes(cell, NU__CELL_TEXT, data, len, room);
    }
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool read_column(const nu__pg_request *request, uint16_t i, nu__cell *cell,
                        const uint8_t **at, const uint8_t *end, nu__pg_room *room)
{
    const nu__pg_type *type = request->row_types[i];
    const uint8_t *data;
    uint32_t len;

    if (end - *at < 4)
        return false;
    len = nu__pg_get32(*at);
    data = *at + 4;
    *at = data;
    if (len == UINT32_MAX) {
        cell->kind = NU__CELL_NULL;
        return true;
    }
    if (len > (size_t)(end - data))
        return false;
    *at = data + len;
    if (request->shown)
        return read_shown(cell, type, data, len, room);
    if (type->binary)
        return nu__pg_read_cell(cell, type, data, len, room);
    return nu__pg_cell_bytes(cell,
                             type->kind == NU__PG_READ_NUMERIC ? NU__CELL_DECIMAL : NU__CELL_TEXT,
                             data, len, room);
}

static bool read_row(const nu__pg_request *request, nu__cell *cells, const uint8_t *data,
                     size_t len, nu__pg_room *room)
{
    const uint8_t *at = data + 2, *end = data + len;

    if (len < 2 || nu__pg_get16(data) != request->n_columns)
        return false;
    for (uint16_t i = 0; i < request->n_columns; i++)
        if (!read_column(request, i, &cells[i], &at, end, room))
            return false;
    return at == end;
}

bool nu__pg_borrow_row(nu__pg_request *request, nu__cell *cells, const uint8_t *data, size_t len)
{
    return read_row(request, cells, data, len, NULL);
}

/* ---- the batch ---------------------------------------------------------------------------- */

static void move_cells(nu__cell *cells, size_t n, uintptr_t by)
{
    for (size_t i = 0; i < n; i++) {
        nu__cell *cell = &cells[i];

        switch ((nu__cell_kind)cell->kind) {
        case NU__CELL_TEXT:
        case NU__CELL_BLOB:
        case NU__CELL_DECIMAL:
        case NU__CELL_UUID:
            cell->text = (const char *)((uintptr_t)cell->text + by);
            break;
        case NU__CELL_ARRAY:
        case NU__CELL_RANGE:
            cell->items = (const nu__cell *)((uintptr_t)cell->items + by);
            move_cells((nu__cell *)(uintptr_t)cell->items,
                       cell->kind == NU__CELL_RANGE ? 2 : cell->len, by);
            break;
        default:
            break;
        }
    }
}

static bool grow(nu__pg_request *request, size_t row)
{
    nu__batch *batch = &request->batch;
    size_t size = batch->size ? 2 * batch->size : FIRST_BATCH, texts = batch->size - request->top;
    size_t cells = batch->n_rows * batch->n_columns * sizeof(nu__cell);
    char *data;

    while (size < batch->size + row)
        size *= 2;
    data = size < LARGEST_BATCH ? nu__malloc(size) : NULL;
    if (!data)
        return false;
    if (batch->n_rows) {
        memcpy(data, batch->data, cells);
        memcpy(data + size - texts, batch->data + request->top, texts);
        move_cells((nu__cell *)(void *)data, batch->n_rows * batch->n_columns,
                   (uintptr_t)(data + size) - (uintptr_t)(batch->data + batch->size));
    }
    free(batch->data);
    batch->data = data;
    batch->size = size;
    request->top = size - texts;
    return true;
}

/* 1: stored; 0: no room; -1: malformed. */
static int try_row(nu__pg_request *request, const uint8_t *data, size_t len)
{
    nu__batch *batch = &request->batch;
    size_t bytes = request->n_columns * sizeof(nu__cell), front = batch->n_rows * bytes;
    nu__pg_room room;

    if (!batch->data || request->top < front + bytes)
        return 0;
    room = (nu__pg_room){ batch->data + front + bytes, batch->data + request->top, false };
    if (!read_row(request, (nu__cell *)(void *)(batch->data + front), data, len, &room))
        return -1;
    if (room.full)
        return 0;
    request->top = (size_t)(room.top - batch->data);
    batch->n_rows++;
    return 1;
}

nu__pg_stored nu__pg_store_row(nu__pg_request *request, const uint8_t *data, size_t len)
{
    int stored;

    if (!request->batch.n_rows) {
        request->batch.n_columns = request->n_columns;
        request->top = request->batch.size;
    }
    while ((stored = try_row(request, data, len)) == 0)
        if (!grow(request, request->n_columns * sizeof(nu__cell) + len))
            return NU__PG_NO_MEMORY;
    return stored < 0 ? NU__PG_MALFORMED : NU__PG_STORED;
}
