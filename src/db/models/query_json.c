/* The rows of values(), values_list() and values_flat() as JSON, written where they are read: no
 * value, list or dict is made, and on a thread no byte is copied twice.
 *
 *     nu__json_value -> nu__query_write_json
 *       nu__db_query_into                    the statement's thread, or the fiber
 *         take_row                           cells -> text, in a block that the fiber lends
 *
 * A cell that does not look as the column's values are stored (SQLite takes any kind in any column)
 * ends this: the text is taken back, and the rows are read again by way of values.
 */
#include "db/models/query_json.h"
#include "core/context.h"
#include "db/models/queryset.h"
#include "db/sql/decode.h"

enum { FIRST_ROOM = 16 * 1024, USUAL_NAME = 64 };

typedef struct lines {
    nu__sink sink;
    nu__buf *out;
    nu__arena *arena; /* that the text is in: the fiber's, which waits */
    size_t began;     /* out->len at the first row */
    size_t fixed;     /* bytes of a row beside its texts, at most */
    nu__json_column *columns;
    uint32_t n_columns;
    uint32_t *long_cells; /* those that may be of any length */
    uint32_t n_long;
    char close; /* of a row; NUL: none */
    nu_str between;
    bool odd; /* a cell was none of its column's */
    bool no_memory;
} lines;

/* ---- the columns -------------------------------------------------------------------------- */

static const struct {
    nu__json_cell kind;
    bool extended; /* beyond what json.dumps() knows */
} kinds[NU__MEMBER_COUNT] = {
    [NU__MEMBER_NONE] = { NU__PUT_ANY, false },
    [NU__MEMBER_CHOICE] = { NU__PUT_ANY, false },
    [NU__MEMBER_STR] = { NU__PUT_TEXT, false },
    [NU__MEMBER_INT] = { NU__PUT_INT, false },
    [NU__MEMBER_OPT_INT] = { NU__PUT_INT, false },
    [NU__MEMBER_FLOAT] = { NU__PUT_FLOAT, false },
    [NU__MEMBER_OPT_FLOAT] = { NU__PUT_FLOAT, false },
    [NU__MEMBER_BOOL] = { NU__PUT_BOOL, false },
    [NU__MEMBER_OPT_BOOL] = { NU__PUT_BOOL, false },
    [NU__MEMBER_DECIMAL] = { NU__PUT_DECIMAL, true },
    [NU__MEMBER_DATE] = { NU__PUT_DATE, true },
    [NU__MEMBER_DATETIME] = { NU__PUT_DATETIME, true },
};

static nu__json_cell kind_for(const nu__decoder *decoder, const nu__json_style *style)
{
    nu__member member = decoder->type ? decoder->member : NU__MEMBER_NONE;

    if (decoder->zone)
        return NU__PUT_NONE;
    if (member == NU__MEMBER_DECIMAL && (!decoder->column || decoder->type->decimal_places < 0 ||
                                         decoder->type->decimal_places > NU__JSON_PLACES))
        return NU__PUT_NONE;
    return kinds[member].extended && style->plain ? NU__PUT_NONE : kinds[member].kind;
}

static nu_str opening(nu__shape shape)
{
    return shape == NU__SHAPE_DICTS ? S("{") : shape == NU__SHAPE_LISTS ? S("[") : S("");
}

/* What stands before a value, behind the others' in one text. */
static void add_before(nu__buf *out, nu__json_column *c, nu_str name, bool first, nu__shape shape)
{
    nu_str start = first ? opening(shape) : S(", ");
    char *at, *to;

    if (!first)
        start.len = c->style->spaced ? 2 : 1;
    nu__buf_room(out, 6 * name.len + NU__JSON_WORST);
    at = to = out->data + out->len;
    nu__copy_short(to, start.ptr, start.len);
    to += start.len;
    if (shape == NU__SHAPE_DICTS) {
        to = nu__json_put_str(to, name, c->style);
        *to++ = ':';
        *to = ' ';
        to += c->style->spaced;
    }
    c->before_len = (size_t)(to - at);
    out->len += c->before_len;
}

static void point_to_texts(lines *l, nu__buf *texts)
{
    const char *at;

    nu__buf_fill(texts, '\0', NU__JSON_BLOCK);
    at = texts->data;
    for (uint32_t i = 0; i < l->n_columns; i++) {
        l->columns[i].before = at;
        at += l->columns[i].before_len;
    }
}

static bool may_be_long(const nu__json_column *c)
{
    return c->kind == NU__PUT_TEXT || c->kind == NU__PUT_ANY || c->kind == NU__PUT_DECIMAL;
}

/* false: a column's values are not written so. */
static bool add_columns(lines *l, nu__shape shape, const nu__compiled *compiled,
                        const nu__json_style *style)
{
    nu__buf texts = { 0 };

    nu__buf_reserve(&texts, (size_t)compiled->n_columns * USUAL_NAME + NU__JSON_BLOCK);
    l->columns = nu_alloc_array(nu__json_column, compiled->n_columns + 1);
    l->long_cells = nu_alloc_array(uint32_t, compiled->n_columns + 1);
    for (uint32_t i = 0; i < compiled->n_columns; i++) {
        nu_str name = compiled->columns[i].name;
        const nu__decoder *decoder = &compiled->columns[i].decoder;
        nu__json_column *c = &l->columns[l->n_columns];

        if (!name.ptr || (shape == NU__SHAPE_FLAT && l->n_columns))
            continue;
        *c = (nu__json_column){ .cell = i,
                                .places = decoder->type ? decoder->type->decimal_places : 0,
                                .kind = kind_for(decoder, style),
                                .style = style };
        if (!c->kind)
            return false;
        add_before(&texts, c, name, !l->n_columns, shape);
        if (may_be_long(c))
            l->long_cells[l->n_long++] = i;
        l->fixed += c->before_len + NU__JSON_WORST;
        l->n_columns++;
    }
    point_to_texts(l, &texts);
    return l->n_columns > 0;
}

/* ---- the rows ----------------------------------------------------------------------------- */

static size_t room_for(const lines *l, const nu__cell *cells)
{
    size_t room = l->fixed;

    for (uint32_t i = 0; i < l->n_long; i++) {
        const nu__cell *cell = &cells[l->long_cells[i]];

        if (cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_DECIMAL)
            room += 6 * (size_t)cell->len;
    }
    return room;
}

/* false: there is no memory. On the thread too: the text is the waiting fiber's, a block of
   malloc's that it lends. */
static bool make_room(lines *l, size_t need)
{
    nu__buf *out = l->out;
    size_t cap = out->cap;
    char *grown;

    if (cap - out->len > need)
        return true;
    while (cap - out->len <= need)
        if (__builtin_mul_overflow(cap, 2, &cap))
            return false;
    grown = nu__arena_try_grow(l->arena, out->data, out->cap, cap);
    if (!grown)
        return false;
    out->data = grown;
    out->cap = cap;
    return true;
}

static bool take_row(nu__sink *sink, const nu__cell *cells)
{
    lines *l = (lines *)sink;
    char *to, *end;

    l->no_memory = !make_room(l, room_for(l, cells));
    if (l->no_memory)
        return false;
    to = l->out->data + l->out->len;
    if (l->out->len > l->began) {
        nu__copy_short(to, l->between.ptr, l->between.len);
        to += l->between.len;
    }
    end = nu__json_put_row(to, l->columns, l->n_columns, cells);
    l->odd = !end;
    if (!end)
        return false;
    *end = l->close;
    end += l->close != '\0';
    l->out->len = (size_t)(end - l->out->data);
    return true;
}

static void take_back(nu__sink *sink)
{
    lines *l = (lines *)sink;

    l->out->len = l->began;
    l->odd = l->no_memory = false;
}

/* A row that was refused is refused for good. */
static bool wants_more(nu__sink *sink)
{
    const lines *l = (const lines *)sink;

    return !l->odd && !l->no_memory;
}

static lines lines_into(nu__buf *out, nu__shape shape, const nu__json_style *style)
{
    lines l = { .sink = { .row = take_row, .restart = take_back, .more = wants_more },
                .out = out,
                .arena = nu__here->arena,
                .fixed = NU__JSON_WORST };

    l.between = style->spaced ? S(", ") : S(",");
    l.close = shape == NU__SHAPE_DICTS ? '}' : shape == NU__SHAPE_LISTS ? ']' : '\0';
    return l;
}

bool nu__query_write_json(const nu_object *self, nu__buf *out, const nu__json_style *style)
{
    const nu_query *query = (const nu_query *)self;
    lines l = lines_into(out, query->shape, style);
    size_t before = out->len;
    nu__connection *connection;
    nu__compiled compiled;

    if (!query->tree || query->shape == NU__SHAPE_OBJECTS || query->results || query->prefetches)
        return false;
    connection = nu__query_connection(query);
    compiled = nu__query_compiled(query, connection->backend);
    if (compiled.result != NU__SQL_OK || !add_columns(&l, query->shape, &compiled, style))
        return false;
    nu__buf_char(out, '[');
    l.sink.plain = compiled.plain;
    l.sink.columns_end = compiled.columns_end;
    l.began = out->len;
    nu__buf_reserve(out, FIRST_ROOM);
    nu__db_query_into(connection, compiled.sql, compiled.params, &l.sink);
    if (l.no_memory)
        nu_raise(NU_MEMORY_ERROR,
                 "out of memory for the JSON of a query: {} bytes are written so far",
                 (int64_t)out->len);
    if (l.odd) {
        out->len = before;
        return false;
    }
    nu__buf_char(out, ']');
    return true;
}
