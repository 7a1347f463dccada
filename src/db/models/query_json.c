/* The rows of values(), values_list() and values_flat() as JSON, written where they are read: no
 * value, list or dict is made, and on a thread no byte is copied twice.
 *
 *     nu__json_value -> nu__query_write_json
 *       nu__db_query_into                    the statement's thread, or the fiber
 *         take_row                           cells -> text, in memory that was reserved before
 *       make_room                            the fiber, between two lots
 *
 * A cell that does not look as the column's values are stored (SQLite takes any kind in any column)
 * ends this: the text is taken back, and the rows are read again by way of values.
 */
#include "core/time.h"
#include "db/models/queryset.h"
#include "db/sql/decode.h"

#include <math.h>

typedef struct column column;

/* Append the cell; false: it is none of the column's. Room for `worst` bytes of any cell is there,
   and for six times its length. */
typedef bool put_cell(nu__buf *out, const nu__cell *cell, const column *column);

/* Short texts are copied by blocks of so many bytes, whole: cheaper than by their length. */
enum { BLOCK = 32 };

struct column {
    const char *before; /* `{"id": `, `, "title": `; BLOCK bytes may be read from its end on */
    size_t before_len;
    uint32_t cell;
    int places; /* of decimals */
    put_cell *put;
    const nu__json_style *style;
};

enum { WORST_CELL = 64 + BLOCK, FIRST_ROOM = 16 * 1024, MOST_ROOM = 1024 * 1024 };

typedef struct lines {
    nu__sink sink;
    nu__buf *out;
    size_t began; /* out->len at the first row */
    size_t fixed; /* bytes of a row beside its texts, at most */
    size_t need;  /* of the row that did not fit */
    column *columns;
    uint32_t n_columns;
    nu_str close, between; /* of rows */
    bool odd;              /* a cell was none of its column's */
} lines;

/* ---- cells -------------------------------------------------------------------------------- */

static bool put_int(nu__buf *out, const nu__cell *cell, const column *column)
{
    (void)column;
    if (cell->kind != NU__CELL_INT)
        return false;
    nu__buf_int(out, cell->i);
    return true;
}

static bool put_bool(nu__buf *out, const nu__cell *cell, const column *column)
{
    (void)column;
    if (cell->kind != NU__CELL_INT && cell->kind != NU__CELL_BOOL)
        return false;
    nu__json_bool(out, cell->i != 0);
    return true;
}

static bool put_float(nu__buf *out, const nu__cell *cell, const column *column)
{
    double number = cell->kind == NU__CELL_INT ? (double)cell->i : cell->f;

    if ((cell->kind != NU__CELL_INT && cell->kind != NU__CELL_FLOAT) || !isfinite(number))
        return false;
    nu__json_float(out, number, column->style);
    return true;
}

static bool put_text(nu__buf *out, const nu__cell *cell, const column *column)
{
    if (cell->kind != NU__CELL_TEXT)
        return false;
    nu__json_str(out, nu__cell_text(cell), column->style);
    return true;
}

/* Whatever the cell is. */
static bool put_any(nu__buf *out, const nu__cell *cell, const column *column)
{
    return put_text(out, cell, column) || put_int(out, cell, column) ||
           (cell->kind == NU__CELL_FLOAT && put_float(out, cell, column));
}

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* "-12.50" of -1250 and two places. */
static void put_scaled(nu__buf *out, int64_t scaled, int places)
{
    uint64_t left = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
    char text[32], *end = text + sizeof text, *at = end;

    *--at = '"';
    for (int i = 0; i < places; i++, left /= 10)
        *--at = (char)('0' + left % 10);
    if (places)
        *--at = '.';
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (scaled < 0)
        *--at = '-';
    *--at = '"';
    nu__buf_add(out, at, (size_t)(end - at));
}

/* "-12.50" as the database wrote it, where that is what the column's decimals look like. */
static bool put_digits(nu__buf *out, const nu__cell *cell, int places)
{
    uint32_t sign = cell->len && cell->text[0] == '-', fraction = places ? (uint32_t)places + 1 : 0;

    if (cell->len < sign + 1 + fraction)
        return false;
    for (uint32_t i = sign; i < cell->len; i++) {
        bool point = fraction && i == cell->len - fraction;

        if (point ? cell->text[i] != '.' : cell->text[i] < '0' || cell->text[i] > '9')
            return false;
    }
    nu__buf_char(out, '"');
    nu__buf_add(out, cell->text, cell->len);
    nu__buf_char(out, '"');
    return true;
}

static bool put_decimal(nu__buf *out, const nu__cell *cell, const column *column)
{
    nu_decimal number;

    if (cell->kind == NU__CELL_DECIMAL)
        return put_digits(out, cell, column->places);
    if (cell->kind == NU__CELL_INT && cell->i > -1000000 && cell->i < 1000000) {
        put_scaled(out, cell->i * power_of_ten(column->places), column->places);
        return true;
    }
    if (cell->kind != NU__CELL_FLOAT || !nu__exact_places(cell->f, column->places, &number))
        return false;
    put_scaled(out, (int64_t)number.lo, column->places);
    return true;
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
static bool put_instant(nu__buf *out, int64_t us, const nu__json_style *style)
{
    char text[40], *at = text;
    int64_t fraction = us % NU__US_SECOND;

    if (!nu__instant_in_range(us))
        return false;
    *at++ = '"';
    at = clock_text(day_text(at, us / NU__US_DAY), us % NU__US_DAY);
    if (fraction) {
        *at++ = '.';
        for (int64_t unit = 100000; unit >= (style->milliseconds ? 1000 : 1); unit /= 10)
            *at++ = (char)('0' + fraction / unit % 10);
    }
    *at++ = 'Z';
    *at++ = '"';
    nu__buf_add(out, text, (size_t)(at - text));
    return true;
}

static bool put_day(nu__buf *out, int64_t ordinal)
{
    char text[16] = "\"";

    if (ordinal < 1 || ordinal > NU__ORDINAL_MAX)
        return false;
    *day_text(text + 1, ordinal) = '"';
    nu__buf_add(out, text, 12);
    return true;
}

static bool put_date(nu__buf *out, const nu__cell *cell, const column *column)
{
    (void)column;
    if (cell->kind == NU__CELL_DATE)
        return put_day(out, cell->i);
    if (cell->kind != NU__CELL_TEXT || cell->len != 10 || !nu__plain_date(cell->text))
        return false;
    nu__buf_char(out, '"');
    nu__buf_add(out, cell->text, 10);
    nu__buf_char(out, '"');
    return true;
}

/* ".123456" behind the seconds, cut as the style says, left out when it is zero. */
static bool put_fraction(nu__buf *out, const char *text, const nu__json_style *style)
{
    bool zero = true;

    if (text[0] != '.')
        return false;
    for (int i = 1; i <= 6; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        zero &= text[i] == '0';
    }
    if (!zero)
        nu__buf_add(out, text, style->milliseconds ? 4 : 7);
    return true;
}

static bool put_datetime(nu__buf *out, const nu__cell *cell, const column *column)
{
    nu_datetime instant;

    if (cell->kind == NU__CELL_DATETIME || cell->kind == NU__CELL_NAIVE)
        return put_instant(out, cell->i, column->style);
    if (cell->kind != NU__CELL_TEXT || (cell->len != 19 && cell->len != 26) ||
        cell->text[10] != ' ' || !nu__plain_datetime((nu_str){ cell->text, 19 }, &instant) ||
        !instant.us)
        return false;
    nu__buf_char(out, '"');
    nu__buf_add(out, cell->text, 19);
    out->data[out->len - 9] = 'T';
    if (cell->len == 26 && !put_fraction(out, cell->text + 19, column->style))
        return false;
    nu__buf_add(out, "Z\"", 2);
    return true;
}

/* ---- the columns -------------------------------------------------------------------------- */

static const struct {
    nu__member member;
    put_cell *put;
    bool extended; /* beyond what json.dumps() knows */
} writers[] = {
    { NU__MEMBER_NONE, put_any, false },        { NU__MEMBER_CHOICE, put_any, false },
    { NU__MEMBER_STR, put_text, false },        { NU__MEMBER_INT, put_int, false },
    { NU__MEMBER_OPT_INT, put_int, false },     { NU__MEMBER_FLOAT, put_float, false },
    { NU__MEMBER_OPT_FLOAT, put_float, false }, { NU__MEMBER_BOOL, put_bool, false },
    { NU__MEMBER_OPT_BOOL, put_bool, false },   { NU__MEMBER_DECIMAL, put_decimal, true },
    { NU__MEMBER_DATE, put_date, true },        { NU__MEMBER_DATETIME, put_datetime, true },
};

static put_cell *writer_of(const nu__decoder *decoder, const nu__json_style *style)
{
    nu__member member = decoder->type ? decoder->member : NU__MEMBER_NONE;

    if (decoder->zone)
        return NULL;
    if (member == NU__MEMBER_DECIMAL && (!decoder->column || decoder->type->decimal_places < 0 ||
                                         decoder->type->decimal_places > 9))
        return NULL;
    for (size_t i = 0; i < sizeof(writers) / sizeof(*writers); i++)
        if (writers[i].member == member)
            return writers[i].extended && style->plain ? NULL : writers[i].put;
    return NULL;
}

static nu_str opening(nu__shape shape)
{
    return shape == NU__SHAPE_DICTS ? S("{") : shape == NU__SHAPE_LISTS ? S("[") : S("");
}

static void set_before(column *c, nu_str name, bool first, nu__shape shape,
                       const nu__json_style *style)
{
    nu__buf out = { 0 };

    if (first)
        nu__buf_str_add(&out, opening(shape));
    else
        nu__buf_add(&out, ", ", style->spaced ? 2 : 1);
    if (shape == NU__SHAPE_DICTS) {
        nu__json_str(&out, name, style);
        nu__buf_add(&out, ": ", style->spaced ? 2 : 1);
    }
    c->before_len = out.len;
    nu__buf_fill(&out, '\0', BLOCK);
    c->before = out.data;
}

/* false: a column's values are not written so. */
static bool add_columns(lines *l, nu__shape shape, const nu__compiled *compiled,
                        const nu__json_style *style)
{
    l->columns = nu_alloc_array(column, compiled->n_columns + 1);
    for (uint32_t i = 0; i < compiled->n_columns; i++) {
        nu_str name = compiled->columns[i].name;
        const nu__decoder *decoder = &compiled->columns[i].decoder;
        column *c = &l->columns[l->n_columns];

        if (!name.ptr || (shape == NU__SHAPE_FLAT && l->n_columns))
            continue;
        *c = (column){ .cell = i,
                       .places = decoder->type ? decoder->type->decimal_places : 0,
                       .put = writer_of(decoder, style),
                       .style = style };
        if (!c->put)
            return false;
        set_before(c, name, !l->n_columns, shape, style);
        l->fixed += c->before_len + WORST_CELL;
        l->n_columns++;
    }
    return l->n_columns > 0;
}

/* ---- the rows ----------------------------------------------------------------------------- */

static size_t room_for(const lines *l, const nu__cell *cells)
{
    size_t room = l->fixed;

    for (uint32_t i = 0; i < l->n_columns; i++) {
        const nu__cell *cell = &cells[l->columns[i].cell];

        if (cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_DECIMAL)
            room += 6 * (size_t)cell->len;
    }
    return room;
}

static void put_before(nu__buf *out, const column *c)
{
    char *to = out->data + out->len;

    memcpy(to, c->before, BLOCK);
    if (c->before_len > BLOCK)
        memcpy(to + BLOCK, c->before + BLOCK, c->before_len - BLOCK);
    out->len += c->before_len;
}

static bool put_row(lines *l, const nu__cell *cells)
{
    nu__buf *out = l->out;

    for (uint32_t i = 0; i < l->n_columns; i++) {
        const column *c = &l->columns[i];
        const nu__cell *cell = &cells[c->cell];

        put_before(out, c);
        if (cell->kind == NU__CELL_NULL)
            nu__json_null(out);
        else if (!c->put(out, cell, c))
            return false;
    }
    nu__buf_str_add(out, l->close);
    return true;
}

static bool take_row(nu__sink *sink, const nu__cell *cells)
{
    lines *l = (lines *)sink;
    size_t mark = l->out->len;

    l->need = room_for(l, cells);
    if (l->out->cap - l->out->len <= l->need)
        return false;
    if (l->out->len > l->began)
        nu__buf_str_add(l->out, l->between);
    if (put_row(l, cells))
        return true;
    l->out->len = mark;
    l->odd = true;
    return false;
}

static void take_back(nu__sink *sink)
{
    lines *l = (lines *)sink;

    l->out->len = l->began;
    l->odd = false;
}

static bool make_room(nu__sink *sink)
{
    lines *l = (lines *)sink;
    size_t room = l->out->len < MOST_ROOM ? l->out->len : MOST_ROOM;

    nu__buf_reserve(l->out, room > l->need ? room : l->need);
    return !l->odd;
}

static lines lines_into(nu__buf *out, nu__shape shape, const nu__json_style *style)
{
    lines l = { .sink = { take_row, take_back, make_room }, .out = out, .fixed = WORST_CELL };

    l.between = style->spaced ? S(", ") : S(",");
    l.close = shape == NU__SHAPE_DICTS ? S("}") : shape == NU__SHAPE_LISTS ? S("]") : S("");
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
    l.began = out->len;
    nu__buf_reserve(out, FIRST_ROOM);
    nu__db_query_into(connection, compiled.sql, compiled.params, &l.sink);
    if (l.odd) {
        out->len = before;
        return false;
    }
    nu__buf_char(out, ']');
    return true;
}
