/* Rows of DataRow messages as cells.
 *
 * A batch grows at both ends: cells from the front, what they point to from the back. When it is
 * full it is moved to one of twice the size, and the pointers with it:
 *
 *     data | row 0 cells | row 1 cells | …    free    … | row 1 texts | row 0 texts | end
 */
#include "db/backends/postgresql/postgresql.h"

#include "core/fault.h"
#include "core/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BATCH = 8192 };
#define LARGEST_BATCH ((size_t)1 << 40)

/* Days of Python's ordinals before 2000-01-01, which PostgreSQL counts from. */
#define EPOCH_DAY 730120
#define EPOCH_US  (EPOCH_DAY * NU__US_DAY)

typedef enum reader {
    READ_TEXT, /* as text, whatever it is */
    READ_BOOL,
    READ_INT2,
    READ_INT4,
    READ_INT8,
    READ_OID,
    READ_FLOAT4,
    READ_FLOAT8,
    READ_NUMERIC,
    READ_BYTEA,
    READ_DATE,
    READ_TIME,
    READ_TIMESTAMP,
    READ_TIMESTAMPTZ,
    READ_INTERVAL,
    READ_UUID,
    READ_JSONB,
    READ_ARRAY,
    READ_RANGE,
} reader;

/* ---- types -------------------------------------------------------------------------------- */

/* Sorted by OID. Numbers without end and JSON come as texts: that is what they become. */
static const nu__pg_type types[] = {
    { 16, 1, READ_BOOL, 0, "boolean" },
    { 17, 1, READ_BYTEA, 0, "bytea" },
    { 20, 1, READ_INT8, 0, "bigint" },
    { 21, 1, READ_INT2, 0, "smallint" },
    { 23, 1, READ_INT4, 0, "integer" },
    { 25, 0, READ_TEXT, 0, "text" },
    { 26, 1, READ_OID, 0, "oid" },
    { 114, 0, READ_TEXT, 0, "json" },
    { 199, 1, READ_ARRAY, 114, "json[]" },
    { 700, 1, READ_FLOAT4, 0, "real" },
    { 701, 1, READ_FLOAT8, 0, "double precision" },
    { 1000, 1, READ_ARRAY, 16, "boolean[]" },
    { 1001, 1, READ_ARRAY, 17, "bytea[]" },
    { 1003, 1, READ_ARRAY, 19, "name[]" },
    { 1005, 1, READ_ARRAY, 21, "smallint[]" },
    { 1007, 1, READ_ARRAY, 23, "integer[]" },
    { 1009, 1, READ_ARRAY, 25, "text[]" },
    { 1014, 1, READ_ARRAY, 1042, "character[]" },
    { 1015, 1, READ_ARRAY, 1043, "character varying[]" },
    { 1016, 1, READ_ARRAY, 20, "bigint[]" },
    { 1021, 1, READ_ARRAY, 700, "real[]" },
    { 1022, 1, READ_ARRAY, 701, "double precision[]" },
    { 1028, 1, READ_ARRAY, 26, "oid[]" },
    { 1042, 0, READ_TEXT, 0, "character" },
    { 1043, 0, READ_TEXT, 0, "character varying" },
    { 1082, 1, READ_DATE, 0, "date" },
    { 1083, 1, READ_TIME, 0, "time without time zone" },
    { 1114, 1, READ_TIMESTAMP, 0, "timestamp without time zone" },
    { 1115, 1, READ_ARRAY, 1114, "timestamp without time zone[]" },
    { 1182, 1, READ_ARRAY, 1082, "date[]" },
    { 1183, 1, READ_ARRAY, 1083, "time without time zone[]" },
    { 1184, 1, READ_TIMESTAMPTZ, 0, "timestamp with time zone" },
    { 1185, 1, READ_ARRAY, 1184, "timestamp with time zone[]" },
    { 1186, 1, READ_INTERVAL, 0, "interval" },
    { 1187, 1, READ_ARRAY, 1186, "interval[]" },
    { 1231, 1, READ_ARRAY, 1700, "numeric[]" },
    { 1700, 0, READ_NUMERIC, 0, "numeric" },
    { 2950, 1, READ_UUID, 0, "uuid" },
    { 2951, 1, READ_ARRAY, 2950, "uuid[]" },
    { 3802, 0, READ_JSONB, 0, "jsonb" },
    { 3807, 1, READ_ARRAY, 3802, "jsonb[]" },
    { 3904, 1, READ_RANGE, 23, "int4range" },
    { 3905, 1, READ_ARRAY, 3904, "int4range[]" },
    { 3906, 1, READ_RANGE, 1700, "numrange" },
    { 3907, 1, READ_ARRAY, 3906, "numrange[]" },
    { 3908, 1, READ_RANGE, 1114, "tsrange" },
    { 3909, 1, READ_ARRAY, 3908, "tsrange[]" },
    { 3910, 1, READ_RANGE, 1184, "tstzrange" },
    { 3911, 1, READ_ARRAY, 3910, "tstzrange[]" },
    { 3912, 1, READ_RANGE, 1082, "daterange" },
    { 3913, 1, READ_ARRAY, 3912, "daterange[]" },
    { 3926, 1, READ_RANGE, 20, "int8range" },
    { 3927, 1, READ_ARRAY, 3926, "int8range[]" },
};

static const nu__pg_type other = { 0, 0, READ_TEXT, 0, "" };

static int by_oid(const void *key, const void *item)
{
    nu__oid a = *(const nu__oid *)key, b = ((const nu__pg_type *)item)->oid;

    return (a > b) - (a < b);
}

const nu__pg_type *nu__pg_type_of(nu__oid oid)
{
    const nu__pg_type *found =
        bsearch(&oid, types, sizeof types / sizeof *types, sizeof *types, by_oid);

    return found ? found : &other;
}

/* ---- room --------------------------------------------------------------------------------- */

/* Where what a cell points to is copied; NULL stores nothing: the cell borrows. */
typedef struct store {
    char *floor, *top;
    bool full;
} store;

/* NULL when full: then the row is stored again, in a larger batch. */
static void *room(store *store, size_t bytes, bool aligned)
{
    char *at;

    if ((size_t)(store->top - store->floor) < bytes + 8) {
        store->full = true;
        return NULL;
    }
    at = store->top - bytes;
    if (aligned)
        at -= (uintptr_t)at % 8;
    store->top = at;
    return at;
}

static bool put_bytes(nu__cell *cell, nu__cell_kind kind, const uint8_t *data, uint32_t len,
                      store *store)
{
    char *at;

    cell->kind = kind;
    cell->len = len;
    cell->blob = data;
    if (!store)
        return true;
    at = room(store, (size_t)len + 1, false);
    if (!at)
        return true;
    memcpy(at, data, len);
    at[len] = '\0';
    cell->text = at;
    return true;
}

/* ---- values ------------------------------------------------------------------------------- */

static bool put_int(nu__cell *cell, nu__cell_kind kind, int64_t number)
{
    cell->kind = kind;
    cell->i = number;
    return true;
}

static bool put_float(nu__cell *cell, double number)
{
    cell->kind = NU__CELL_FLOAT;
    cell->f = number;
    return true;
}

/* A float of 4 bytes is the shortest decimal that makes it, as its text says: 0.1, and not the
   0.10000000149011612 that its bits are as a double. */
static double float4_of(const uint8_t *data)
{
    uint32_t bits = nu__pg_get32(data);
    char text[32];
    float number;

    memcpy(&number, &bits, sizeof number);
    for (int digits = 6; digits < 9 && isfinite(number); digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)number);
        if (strtof(text, NULL) == number)
            return strtod(text, NULL);
    }
    if (!isfinite(number))
        return (double)number;
    snprintf(text, sizeof text, "%.9g", (double)number);
    return strtod(text, NULL);
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
    return put_int(cell, NU__CELL_DATE, ordinal);
}

static bool put_timestamp(nu__cell *cell, nu__cell_kind kind, int64_t us)
{
    int64_t instant;

    if (__builtin_add_overflow(us, EPOCH_US, &instant) ||
        instant >= (NU__ORDINAL_MAX + 1) * NU__US_DAY)
        instant = NU__CELL_TOO_LARGE;
    else if (instant < NU__US_DAY)
        instant = NU__CELL_TOO_SMALL;
    return put_int(cell, kind, instant);
}

/* Years of 365 days and months of 30, as psycopg counts them. */
static bool put_interval(nu__cell *cell, const uint8_t *data)
{
    int64_t us = (int64_t)nu__pg_get64(data), days = (int32_t)nu__pg_get32(data + 8);
    int64_t months = (int32_t)nu__pg_get32(data + 12), whole;

    days += months / 12 * 365 + months % 12 * 30;
    if (__builtin_mul_overflow(days, NU__US_DAY, &whole) || __builtin_add_overflow(us, whole, &us))
        us = INT64_MAX;
    return put_int(cell, NU__CELL_DURATION, us);
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* PostgreSQL's numeric: groups of four digits, the first of them of the weight given, and how many
   places are shown. */
typedef struct numeric {
    const uint8_t *groups;
    int32_t n, weight, sign, scale;
} numeric;

static uint16_t group_of(const numeric *number, int32_t i)
{
    return i >= 0 && i < number->n ? nu__pg_get16(number->groups + 2 * i) : 0;
}

static char *put_whole(char *at, const numeric *number)
{
    bool begun = false;

    for (int32_t i = 0; i <= number->weight; i++)
        for (uint16_t power = 1000; power; power /= 10) {
            uint16_t digit = group_of(number, i) / power % 10;

            begun |= digit != 0;
            if (begun)
                *at++ = (char)('0' + digit);
        }
    if (!begun)
        *at++ = '0';
    return at;
}

static char *put_places(char *at, const numeric *number)
{
    static const uint16_t powers[] = { 1000, 100, 10, 1 };

    if (number->scale)
        *at++ = '.';
    for (int32_t i = 0; i < number->scale; i++)
        *at++ = (char)('0' + group_of(number, number->weight + 1 + i / 4) / powers[i % 4] % 10);
    return at;
}

static const char *numeric_word(int32_t sign)
{
    switch (sign) {
    case 0xc000:
        return "NaN";
    case 0xd000:
        return "Infinity";
    case 0xf000:
        return "-Infinity";
    default:
        return NULL;
    }
}

static bool put_numeric(nu__cell *cell, const uint8_t *data, uint32_t len, store *store)
{
    numeric number;
    const char *word;
    char *text, *at;

    if (len < 8)
        return false;
    number = (numeric){ data + 8, nu__pg_get16(data), (int16_t)nu__pg_get16(data + 2),
                        nu__pg_get16(data + 4), nu__pg_get16(data + 6) };
    if (len != 8 + 2 * (uint32_t)number.n)
        return false;
    word = numeric_word(number.sign);
    if (word)
        return put_bytes(cell, NU__CELL_DECIMAL, (const uint8_t *)word, (uint32_t)strlen(word),
                         store);
    text = at =
        room(store, (size_t)(number.weight > 0 ? number.weight : 0) * 4 + (size_t)number.scale + 16,
             false);
    cell->kind = NU__CELL_DECIMAL;
    cell->text = text;
    if (!text)
        return true;
    if (number.sign)
        *at++ = '-';
    at = put_places(put_whole(at, &number), &number);
    *at = '\0';
    cell->len = (uint32_t)(at - text);
    return true;
}

/* ---- one cell ----------------------------------------------------------------------------- */

static bool read_cell(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                      store *store);

/* Bytes of a fixed width; 0: any. */
static const uint8_t widths[] = {
    [READ_BOOL] = 1,        [READ_INT2] = 2,      [READ_INT4] = 4,      [READ_INT8] = 8,
    [READ_OID] = 4,         [READ_FLOAT4] = 4,    [READ_FLOAT8] = 8,    [READ_DATE] = 4,
    [READ_TIME] = 8,        [READ_TIMESTAMP] = 8, [READ_INTERVAL] = 16, [READ_UUID] = 16,
    [READ_TIMESTAMPTZ] = 8, [READ_RANGE] = 0,
};

/* A length and so many bytes; a length of -1 is NULL. */
static bool read_item(nu__cell *cell, const nu__pg_type *type, const uint8_t **at,
                      const uint8_t *end, store *store)
{
    uint32_t len;

    if (end - *at < 4)
        return false;
    len = nu__pg_get32(*at);
    *at += 4;
    if (len == UINT32_MAX) {
        cell->kind = NU__CELL_NULL;
        return true;
    }
    if (len > (size_t)(end - *at))
        return false;
    *at += len;
    return read_cell(cell, type, *at - len, len, store);
}

enum { DIMENSIONS = 6 }; /* PostgreSQL's MAXDIM */

typedef struct array {
    const nu__pg_type *element;
    uint32_t n_dimensions, sizes[DIMENSIONS];
    const uint8_t *at, *end;
} array;

static bool read_dimension(nu__cell *cell, array *array, uint32_t dimension, store *store)
{
    uint32_t n = array->sizes[dimension];
    nu__cell *items;

    if (n > (size_t)(array->end - array->at) / 4)
        return false;
    items = room(store, n * sizeof *items, true);
    *cell = (nu__cell){ .kind = NU__CELL_ARRAY, .len = n, .items = items };
    for (uint32_t i = 0; items && i < n; i++) {
        bool sound = dimension + 1 < array->n_dimensions
                         ? read_dimension(&items[i], array, dimension + 1, store)
                         : read_item(&items[i], array->element, &array->at, array->end, store);

        if (!sound || store->full)
            return sound;
    }
    return true;
}

static bool read_array(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       store *store)
{
    array array = { .element = nu__pg_type_of(type->element), .end = data + len };

    if (len < 12)
        return false;
    array.n_dimensions = nu__pg_get32(data);
    if (array.n_dimensions > DIMENSIONS || len < 12 + 8 * array.n_dimensions)
        return false;
    for (uint32_t i = 0; i < array.n_dimensions; i++)
        array.sizes[i] = nu__pg_get32(data + 12 + 8 * i);
    array.at = data + 12 + 8 * array.n_dimensions;
    return read_dimension(cell, &array, 0, store);
}

enum { LOWER_INFINITE = 8, UPPER_INFINITE = 16 };

static bool read_range(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       store *store)
{
    const nu__pg_type *element = nu__pg_type_of(type->element);
    const uint8_t *at = data + 1, *end = data + len;
    nu__cell *items = room(store, 2 * sizeof *items, true);
    uint8_t flags;

    if (!len)
        return false;
    flags = *data;
    *cell = (nu__cell){ .kind = NU__CELL_RANGE, .len = flags & 7, .items = items };
    if (!items)
        return true;
    items[0] = items[1] = (nu__cell){ .kind = NU__CELL_NULL };
    if (flags & NU__RANGE_EMPTY)
        return true;
    return ((flags & LOWER_INFINITE) || read_item(&items[0], element, &at, end, store)) &&
           ((flags & UPPER_INFINITE) || read_item(&items[1], element, &at, end, store));
}

static bool read_cell(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                      store *store)
{
    if (widths[type->kind] && len != widths[type->kind])
        return false;
    switch ((reader)type->kind) {
    case READ_BOOL:
        return put_int(cell, NU__CELL_BOOL, *data);
    case READ_INT2:
        return put_int(cell, NU__CELL_INT, (int16_t)nu__pg_get16(data));
    case READ_INT4:
        return put_int(cell, NU__CELL_INT, (int32_t)nu__pg_get32(data));
    case READ_INT8:
        return put_int(cell, NU__CELL_INT, (int64_t)nu__pg_get64(data));
    case READ_OID:
        return put_int(cell, NU__CELL_INT, nu__pg_get32(data));
    case READ_FLOAT4:
        return put_float(cell, float4_of(data));
    case READ_FLOAT8:
        return put_float(cell, float8_of(data));
    case READ_NUMERIC:
        return put_numeric(cell, data, len, store);
    case READ_BYTEA:
        return put_bytes(cell, NU__CELL_BLOB, data, len, store);
    case READ_DATE:
        return put_date(cell, (int32_t)nu__pg_get32(data));
    case READ_TIME:
        return put_int(cell, NU__CELL_TIME, (int64_t)nu__pg_get64(data));
    case READ_TIMESTAMP:
        return put_timestamp(cell, NU__CELL_NAIVE, (int64_t)nu__pg_get64(data));
    case READ_TIMESTAMPTZ:
        return put_timestamp(cell, NU__CELL_DATETIME, (int64_t)nu__pg_get64(data));
    case READ_INTERVAL:
        return put_interval(cell, data);
    case READ_UUID:
        return put_bytes(cell, NU__CELL_UUID, data, len, store);
    case READ_JSONB: /* a version before the text */
        return len && put_bytes(cell, NU__CELL_TEXT, data + 1, len - 1, store);
    case READ_ARRAY:
        return read_array(cell, type, data, len, store);
    case READ_RANGE:
        return read_range(cell, type, data, len, store);
    case READ_TEXT:
        break;
    }
    return put_bytes(cell, NU__CELL_TEXT, data, len, store);
}

/* ---- what a command shows ----------------------------------------------------------------- */

/* Rows of the simple protocol are texts whatever their type: numbers and truths become cells of
   their kind, the rest stays as it is. */
static bool read_shown(nu__cell *cell, const nu__pg_type *type, const uint8_t *data, uint32_t len,
                       store *store)
{
    char digits[64] = { 0 };

    if (len >= sizeof digits)
        return put_bytes(cell, NU__CELL_TEXT, data, len, store);
    memcpy(digits, data, len);
    switch ((reader)type->kind) {
    case READ_BOOL:
        return put_int(cell, NU__CELL_BOOL, digits[0] == 't');
    case READ_INT2:
    case READ_INT4:
    case READ_INT8:
    case READ_OID:
        return put_int(cell, NU__CELL_INT, strtoll(digits, NULL, 10));
    case READ_FLOAT4:
    case READ_FLOAT8:
        return put_float(cell, strtod(digits, NULL));
    case READ_NUMERIC:
        return put_bytes(cell, NU__CELL_DECIMAL, data, len, store);
    default:
        return put_bytes(cell, NU__CELL_TEXT, data, len, store);
    }
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool read_column(const nu__pg_request *request, uint16_t i, nu__cell *cell,
                        const uint8_t **at, const uint8_t *end, store *store)
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
        return read_shown(cell, type, data, len, store);
    if (type->binary)
        return read_cell(cell, type, data, len, store);
    return put_bytes(cell, type->kind == READ_NUMERIC ? NU__CELL_DECIMAL : NU__CELL_TEXT, data, len,
                     store);
}

static bool read_row(const nu__pg_request *request, nu__cell *cells, const uint8_t *data,
                     size_t len, store *store)
{
    const uint8_t *at = data + 2, *end = data + len;

    if (len < 2 || nu__pg_get16(data) != request->n_columns)
        return false;
    for (uint16_t i = 0; i < request->n_columns; i++)
        if (!read_column(request, i, &cells[i], &at, end, store))
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
    struct store store;

    if (request->top < front + bytes)
        return 0;
    store = (struct store){ batch->data + front + bytes, batch->data + request->top, false };
    if (!read_row(request, (nu__cell *)(void *)(batch->data + front), data, len, &store))
        return -1;
    if (store.full)
        return 0;
    request->top = (size_t)(store.top - batch->data);
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
