/* Rows into structs of the caller's: nu_rows(), nu_each_row(), nu_flat(). */
#include "db/models/rows.h"

#include "core/object.h"
#include "db/models/queryset.h"
#include "db/sql/decode.h"

#include <string.h>

static const struct {
    nu_kind kind;
    nu__member member;
    bool plain;
} kinds[] = {
    { NU_KIND_BOOL, NU__MEMBER_BOOL, true },
    { NU_KIND_I32, NU__MEMBER_NONE, true },
    { NU_KIND_INT, NU__MEMBER_INT, true },
    { NU_KIND_FLOAT, NU__MEMBER_FLOAT, true },
    { NU_KIND_STR, NU__MEMBER_STR, false },
    { NU_KIND_DATE, NU__MEMBER_DATE, false },
    { NU_KIND_DATETIME, NU__MEMBER_DATETIME, false },
    { NU_KIND_TIME, NU__MEMBER_TIME, false },
    { NU_KIND_TIMEDELTA, NU__MEMBER_TIMEDELTA, false },
    { NU_KIND_DECIMAL, NU__MEMBER_DECIMAL, false },
    { NU_KIND_UUID, NU__MEMBER_UUID, false },
    { NU_KIND_BYTES, NU__MEMBER_BYTES, false },
    { NU_KIND_OPT_INT, NU__MEMBER_OPT_INT, false },
    { NU_KIND_OPT_FLOAT, NU__MEMBER_OPT_FLOAT, false },
    { NU_KIND_OPT_BOOL, NU__MEMBER_OPT_BOOL, false },
    { NU_KIND_JSON, NU__MEMBER_JSON, false },
};

nu__member nu__member_of_kind(nu_kind kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (kinds[i].kind == kind)
            return kinds[i].member;
    return NU__MEMBER_NONE;
}

bool nu__kind_is_plain(nu_kind kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (kinds[i].kind == kind)
            return kinds[i].plain;
    return false;
}

size_t nu__kind_size(nu_kind kind)
{
    return kind == NU_KIND_I32 ? sizeof(int32_t) : nu__member_size(nu__member_of_kind(kind));
}

static NU_NORETURN void null_number(const nu_column *column)
{
    nu_raise(NU_TYPE_ERROR, "{} is null: make its member a nu_opt_int, nu_opt_float or nu_opt_bool",
             column->name);
}

void nu__member_put(const nu_column *column, void *row, nu_value value)
{
    void *at = (char *)row + column->offset;
    int64_t number;

    if (value.kind == NU_KIND_NULL && nu__kind_is_plain(column->kind))
        null_number(column);
    if (column->kind == NU_KIND_I32) {
        if (!nu__member_set(NU__MEMBER_INT, NULL, &number, value) || number != (int32_t)number)
            goto wrong;
        *(int32_t *)at = (int32_t)number;
        return;
    }
    if (value.kind == NU_KIND_INT && column->kind == NU_KIND_DECIMAL)
        value = nu_v_decimal(nu_dec(value));
    if (nu__member_set(nu__member_of_kind(column->kind), NULL, at, value))
        return;
wrong:
    nu_raise(NU_TYPE_ERROR, "{} is {!r}, which its member can't hold", column->name, value);
}

/* ---- cells -------------------------------------------------------------------------------- */

/* How each member is filled. */
typedef struct target {
    const nu_column *column;
    nu__decoder decoder;
    int cell;
} target;

typedef struct reader {
    nu__cursor *cursor;
    target *targets;
    size_t n, size;
    void *row; /* of nu_each_row() */
} reader;

static reader *reader_open(const nu_query *query, size_t size, const nu_column *columns)
{
    reader *r = nu_alloc(reader);
    nu_query plain = *query;

    plain.results = NULL;
    plain.prefetches = NULL;
    while (columns[r->n].name)
        r->n++;
    r->size = size;
    r->targets = nu_alloc_array(target, r->n + 1);
    r->cursor = nu__cursor_open(&plain);
    for (size_t i = 0; i < r->n; i++) {
        target *t = &r->targets[i];
        const nu__decoder *source;

        t->column = &columns[i];
        t->cell = nu__cursor_column(r->cursor, nu_s(columns[i].name));
        t->decoder.member =
            columns[i].kind == NU_KIND_I32 ? NU__MEMBER_INT : nu__member_of_kind(columns[i].kind);
        if (t->cell < 0 && nu__cursor_is_open(r->cursor))
            nu_raise(NU_FIELD_ERROR, "the query gives no column '{}'; it gives {}", columns[i].name,
                     nu__cursor_names(r->cursor));
        source = nu__cursor_decoder(r->cursor, t->cell);
        if (source) {
            t->decoder.type = source->type;
            t->decoder.column = source->column;
        }
    }
    return r;
}

static void read_cell(const target *t, const nu__cell *cell, void *row)
{
    void *at = (char *)row + t->column->offset;
    int64_t number;

    if (cell->kind == NU__CELL_NULL && nu__kind_is_plain(t->column->kind))
        null_number(t->column);
    if (t->column->kind != NU_KIND_I32) {
        nu__decode_cell(&t->decoder, cell, at);
        return;
    }
    nu__decode(&t->decoder, cell, &number);
    nu__member_put(t->column, row, nu_v_int(number));
}

static bool read_row(const reader *r, void *row)
{
    const nu__cell *cells = nu__cursor_row(r->cursor);

    if (!cells)
        return false;
    for (size_t i = 0; i < r->n; i++)
        read_cell(&r->targets[i], &cells[r->targets[i].cell], row);
    return true;
}

/* ---- the public face ---------------------------------------------------------------------- */

static void grow(void **rows, size_t size, size_t n, size_t *cap)
{
    size_t more = *cap ? 2 * *cap : 16;
    void *grown;

    if (n < *cap)
        return;
    grown = nu_alloc_(more, size);
    if (n)
        memcpy(grown, *rows, n * size);
    *rows = grown;
    *cap = more;
}

void *nu_rows_(nu_query *query, size_t size, const nu_column *columns, size_t *n)
{
    reader *r = reader_open(query, size, columns);
    void *rows = NULL;
    size_t cap = 0, count = 0;

    for (;; count++) {
        grow(&rows, size, count, &cap);
        if (!read_row(r, (char *)rows + count * size))
            break;
    }
    *n = count;
    return rows;
}

void *nu__rows_open(nu_query *query, size_t size, const nu_column *columns)
{
    size_t n = 0;
    nu_column *kept;
    reader *r;

    while (columns[n].name)
        n++;
    kept = nu_alloc_array(nu_column, n + 1); /* the literal may die before the loop does */
    memcpy(kept, columns, n * sizeof(*kept));
    r = reader_open(query, size, kept);
    r->row = nu_alloc_(1, size);
    return r;
}

void *nu__each_row_next(void *rows)
{
    reader *r = rows;

    return read_row(r, r->row) ? r->row : NULL;
}

void nu__each_row_close(void *rows)
{
    reader *r = *(reader **)rows;

    if (r)
        nu__cursor_close(r->cursor);
}

void *nu_flat_(nu_query *query, const char *field, nu_kind kind, size_t *n)
{
    nu_column columns[] = { { field, 0, kind }, { 0 } };
    nu_query *flat = query->tree ? nu_values_flat(query, field) : query;

    return nu_rows_(flat, nu__kind_size(kind), columns, n);
}
