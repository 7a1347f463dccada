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
#include "core/context.h"
#include "core/float.h"
#include "core/time.h"
#include "db/models/queryset.h"
#include "db/sql/decode.h"
#include "db/sql/plain_time.h"

#include <math.h>

/* What a column's cells look like. */
typedef enum kind_of_cell {
    PUT_NONE, /* of no kind that is written here */
    PUT_ANY,
    PUT_TEXT,
    PUT_INT,
    PUT_BOOL,
    PUT_FLOAT,
    PUT_DECIMAL,
    PUT_DATE,
    PUT_DATETIME,
} kind_of_cell;

/* Short texts are copied by blocks of so many bytes, whole: cheaper than by their length. */
enum { BLOCK = 32 };

typedef struct column {
    const char *before; /* `{"id": `, `, "title": `; BLOCK bytes may be read from its end on */
    size_t before_len;
    uint32_t cell;
    int places; /* of decimals */
    kind_of_cell kind;
    const nu__json_style *style;
} column;

enum { WORST_CELL = 64 + BLOCK, FIRST_ROOM = 16 * 1024, USUAL_NAME = 64 };

typedef struct lines {
    nu__sink sink;
    nu__buf *out;
    nu__arena *arena; /* that the text is in: the fiber's, which waits */
    size_t began;     /* out->len at the first row */
    size_t fixed;     /* bytes of a row beside its texts, at most */
    column *columns;
    uint32_t n_columns;
    uint32_t *long_cells; /* those that may be of any length */
    uint32_t n_long;
    char close; /* of a row; NUL: none */
    nu_str between;
    bool odd; /* a cell was none of its column's */
    bool no_memory;
} lines;

/* ---- cells -------------------------------------------------------------------------------- */

/* Each writes the cell and tells where it ends; NULL: it is none of the column's. There is room for
   WORST_CELL bytes, and for six times the length of those that may be long. */

#define PUT_LIT(to, literal)                                                                       \
    (char *)memcpy((to), (literal), sizeof(literal) - 1) + sizeof(literal) - 1

static inline char *put_int(char *to, const nu__cell *cell)
{
    if (cell->kind != NU__CELL_INT)
        return NULL;
    return cell->i < 0 ? nu__put_int(to, cell->i) : nu__put_uint(to, (uint64_t)cell->i);
}

static inline char *put_bool(char *to, const nu__cell *cell)
{
    if (cell->kind != NU__CELL_INT && cell->kind != NU__CELL_BOOL)
        return NULL;
    return cell->i ? PUT_LIT(to, "true") : PUT_LIT(to, "false");
}

static inline char *put_float(char *to, const nu__cell *cell)
{
    double number = cell->kind == NU__CELL_INT ? (double)cell->i : cell->f;

    if ((cell->kind != NU__CELL_INT && cell->kind != NU__CELL_FLOAT) || !isfinite(number))
        return NULL;
    return to + nu__float_text(to, number);
}

static inline char *put_text(char *to, const nu__cell *cell, const nu__json_style *style)
{
    return cell->kind == NU__CELL_TEXT ? nu__json_put_str(to, nu__cell_text(cell), style) : NULL;
}

/* Whatever the cell is. */
static inline char *put_any(char *to, const nu__cell *cell, const nu__json_style *style)
{
    switch (cell->kind) {
    case NU__CELL_TEXT:
        return put_text(to, cell, style);
    case NU__CELL_INT:
        return put_int(to, cell);
    case NU__CELL_FLOAT:
        return put_float(to, cell);
    default:
        return NULL;
    }
}

enum { MOST_PLACES = 9 };
static const int64_t powers_of_ten[MOST_PLACES + 1] = { 1,         10,        100,     1000,
                                                        10000,     100000,    1000000, 10000000,
                                                        100000000, 1000000000 };

/* A point before the last `places` of some digits, and a zero before it at least. Digits are moved
   sixteen bytes at a time: there is room, and division takes longer. */
static char *put_point(char *digits, char *end, int places)
{
    int missing = places + 1 - (int)(end - digits);

    if (missing > 0) {
        nu__copy_16(digits + missing, digits);
        memset(digits, '0', (size_t)missing);
        end += missing;
    }
    nu__copy_16(end - places + 1, end - places);
    end[-places] = '.';
    return end + 1;
}

/* "-12.50" of -1250 and two places. */
static char *put_scaled(char *to, int64_t scaled, int places)
{
    uint64_t left = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
    char *digits;

    *to++ = '"';
    if (scaled < 0)
        *to++ = '-';
    digits = to;
    to = nu__put_uint(to, left);
    if (places)
        to = put_point(digits, to, places);
    *to = '"';
    return to + 1;
}

static char *put_quoted(char *to, const char *text, size_t len)
{
    *to = '"';
    nu__copy_short(to + 1, text, len);
    to[len + 1] = '"';
    return to + len + 2;
}

/* "-12.50" as the database wrote it, where that is what the column's decimals look like. */
static char *put_digits(char *to, const nu__cell *cell, int places)
{
    uint32_t sign = cell->len && cell->text[0] == '-', fraction = places ? (uint32_t)places + 1 : 0;

    if (cell->len < sign + 1 + fraction)
        return NULL;
    for (uint32_t i = sign; i < cell->len; i++) {
        bool point = fraction && i == cell->len - fraction;

        if (point ? cell->text[i] != '.' : cell->text[i] < '0' || cell->text[i] > '9')
            return NULL;
    }
    return put_quoted(to, cell->text, cell->len);
}

static inline char *put_decimal(char *to, const nu__cell *cell, int places)
{
    int64_t scaled;

    if (cell->kind == NU__CELL_DECIMAL)
        return put_digits(to, cell, places);
    if (cell->kind == NU__CELL_INT && cell->i > -1000000 && cell->i < 1000000)
        return put_scaled(to, cell->i * powers_of_ten[places], places);
    if (cell->kind != NU__CELL_FLOAT || !nu__exact_places(cell->f, places, &scaled))
        return NULL;
    return put_scaled(to, scaled, places);
}

static char *two_digits(char *at, int number)
{
    at[0] = (char)('0' + number / 10);
    at[1] = (char)('0' + number % 10);
    return at + 2;
}

static char *day_text(char *at, int64_t ordinal)
{
    nu__ymd day = nu__ymd_of((int32_t)ordinal);

    at = two_digits(two_digits(at, day.year / 100), day.year % 100);
    *at++ = '-';
    at = two_digits(at, day.month);
    *at++ = '-';
    return two_digits(at, day.day);
}

static char *clock_text(char *at, int64_t us)
{
    *at++ = 'T';
    at = two_digits(at, (int)(us / NU__US_HOUR));
    *at++ = ':';
    at = two_digits(at, (int)(us / NU__US_MINUTE % 60));
    *at++ = ':';
    return two_digits(at, (int)(us / NU__US_SECOND % 60));
}

/* "2024-01-31T08:00:00.123456Z" of an instant, the fraction cut as the style says. */
static char *put_instant(char *at, int64_t us, const nu__json_style *style)
{
    int64_t fraction = us % NU__US_SECOND;

    if (!nu__instant_in_range(us))
        return NULL;
    *at++ = '"';
    at = clock_text(day_text(at, us / NU__US_DAY), us % NU__US_DAY);
    if (fraction) {
        *at++ = '.';
        for (int64_t unit = 100000; unit >= (style->milliseconds ? 1000 : 1); unit /= 10)
            *at++ = (char)('0' + fraction / unit % 10);
    }
    return PUT_LIT(at, "Z\"");
}

static char *put_day(char *to, int64_t ordinal)
{
    if (ordinal < 1 || ordinal > NU__ORDINAL_MAX)
        return NULL;
    *to = '"';
    to = day_text(to + 1, ordinal);
    *to = '"';
    return to + 1;
}

static inline char *put_date(char *to, const nu__cell *cell)
{
    if (cell->kind == NU__CELL_DATE)
        return put_day(to, cell->i);
    if (cell->kind != NU__CELL_TEXT || cell->len != 10 || !nu__plain_date(cell->text))
        return NULL;
    return put_quoted(to, cell->text, 10);
}

/* ".123456" behind the seconds, cut as the style says, left out when it is zero. */
static char *put_fraction(char *to, const char *text, const nu__json_style *style)
{
    bool zero = true;

    if (text[0] != '.')
        return NULL;
    for (int i = 1; i <= 6; i++) {
        if (text[i] < '0' || text[i] > '9')
            return NULL;
        zero &= text[i] == '0';
    }
    if (zero)
        return to;
    memcpy(to, text, 7);
    return to + (style->milliseconds ? 4 : 7);
}

static inline char *put_datetime(char *to, const nu__cell *cell, const nu__json_style *style)
{
    if (cell->kind == NU__CELL_DATETIME || cell->kind == NU__CELL_NAIVE)
        return put_instant(to, cell->i, style);
    if (cell->kind != NU__CELL_TEXT || (cell->len != 19 && cell->len != 26) ||
        cell->text[10] != ' ' || !nu__plain_date(cell->text) || !nu__plain_clock(cell->text + 11))
        return NULL;
    *to = '"';
    memcpy(to + 1, cell->text, 19);
    to[11] = 'T';
    to += 20;
    if (cell->len == 26)
        to = put_fraction(to, cell->text + 19, style);
    return to ? PUT_LIT(to, "Z\"") : NULL;
}

/* ---- the columns -------------------------------------------------------------------------- */

static const struct {
    kind_of_cell kind;
    bool extended; /* beyond what json.dumps() knows */
} kinds[NU__MEMBER_COUNT] = {
    [NU__MEMBER_NONE] = { PUT_ANY, false },        [NU__MEMBER_CHOICE] = { PUT_ANY, false },
    [NU__MEMBER_STR] = { PUT_TEXT, false },        [NU__MEMBER_INT] = { PUT_INT, false },
    [NU__MEMBER_OPT_INT] = { PUT_INT, false },     [NU__MEMBER_FLOAT] = { PUT_FLOAT, false },
    [NU__MEMBER_OPT_FLOAT] = { PUT_FLOAT, false }, [NU__MEMBER_BOOL] = { PUT_BOOL, false },
    [NU__MEMBER_OPT_BOOL] = { PUT_BOOL, false },   [NU__MEMBER_DECIMAL] = { PUT_DECIMAL, true },
    [NU__MEMBER_DATE] = { PUT_DATE, true },        [NU__MEMBER_DATETIME] = { PUT_DATETIME, true },
};

static kind_of_cell kind_for(const nu__decoder *decoder, const nu__json_style *style)
{
    nu__member member = decoder->type ? decoder->member : NU__MEMBER_NONE;

    if (decoder->zone)
        return PUT_NONE;
    if (member == NU__MEMBER_DECIMAL && (!decoder->column || decoder->type->decimal_places < 0 ||
                                         decoder->type->decimal_places > MOST_PLACES))
        return PUT_NONE;
    return kinds[member].extended && style->plain ? PUT_NONE : kinds[member].kind;
}

static nu_str opening(nu__shape shape)
{
    return shape == NU__SHAPE_DICTS ? S("{") : shape == NU__SHAPE_LISTS ? S("[") : S("");
}

/* What stands before a value, behind the others' in one text. */
static void add_before(nu__buf *out, column *c, nu_str name, bool first, nu__shape shape)
{
    nu_str start = first ? opening(shape) : S(", ");
    char *at, *to;

    if (!first)
        start.len = c->style->spaced ? 2 : 1;
    nu__buf_room(out, 6 * name.len + WORST_CELL);
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

    nu__buf_fill(texts, '\0', BLOCK);
    at = texts->data;
    for (uint32_t i = 0; i < l->n_columns; i++) {
        l->columns[i].before = at;
        at += l->columns[i].before_len;
    }
}

static bool may_be_long(const column *c)
{
    return c->kind == PUT_TEXT || c->kind == PUT_ANY || c->kind == PUT_DECIMAL;
}

/* false: a column's values are not written so. */
static bool add_columns(lines *l, nu__shape shape, const nu__compiled *compiled,
                        const nu__json_style *style)
{
    nu__buf texts = { 0 };

    nu__buf_reserve(&texts, (size_t)compiled->n_columns * USUAL_NAME + BLOCK);
    l->columns = nu_alloc_array(column, compiled->n_columns + 1);
    l->long_cells = nu_alloc_array(uint32_t, compiled->n_columns + 1);
    for (uint32_t i = 0; i < compiled->n_columns; i++) {
        nu_str name = compiled->columns[i].name;
        const nu__decoder *decoder = &compiled->columns[i].decoder;
        column *c = &l->columns[l->n_columns];

        if (!name.ptr || (shape == NU__SHAPE_FLAT && l->n_columns))
            continue;
        *c = (column){ .cell = i,
                       .places = decoder->type ? decoder->type->decimal_places : 0,
                       .kind = kind_for(decoder, style),
                       .style = style };
        if (!c->kind)
            return false;
        add_before(&texts, c, name, !l->n_columns, shape);
        if (may_be_long(c))
            l->long_cells[l->n_long++] = i;
        l->fixed += c->before_len + WORST_CELL;
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

static char *put_before(char *to, const column *c)
{
    memcpy(to, c->before, BLOCK);
    if (c->before_len > BLOCK)
        memcpy(to + BLOCK, c->before + BLOCK, c->before_len - BLOCK);
    return to + c->before_len;
}

/* A switch, so that what is short is inlined: calls would be a third of the work. */
static inline char *put_cell(char *to, const nu__cell *cell, const column *c)
{
    switch (c->kind) {
    case PUT_ANY:
        return put_any(to, cell, c->style);
    case PUT_TEXT:
        return put_text(to, cell, c->style);
    case PUT_INT:
        return put_int(to, cell);
    case PUT_BOOL:
        return put_bool(to, cell);
    case PUT_FLOAT:
        return put_float(to, cell);
    case PUT_DECIMAL:
        return put_decimal(to, cell, c->places);
    case PUT_DATE:
        return put_date(to, cell);
    case PUT_DATETIME:
        return put_datetime(to, cell, c->style);
    default:
        return NULL;
    }
}

/* Where the row ends; NULL: it has an odd cell. */
static char *put_row(char *to, const lines *l, const nu__cell *cells)
{
    const column *end = l->columns + l->n_columns;

    for (const column *c = l->columns; c < end; c++) {
        const nu__cell *cell = &cells[c->cell];

        to = put_before(to, c);
        to = cell->kind == NU__CELL_NULL ? PUT_LIT(to, "null") : put_cell(to, cell, c);
        if (!to)
            return NULL;
    }
    *to = l->close;
    return to + (l->close != '\0');
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
    end = put_row(to, l, cells);
    l->odd = !end;
    if (end)
        l->out->len = (size_t)(end - l->out->data);
    return end != NULL;
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
                .fixed = WORST_CELL };

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
