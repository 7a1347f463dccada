/* Cells of each kind as JSON, into room that is there. */
#include "core/float.h"
#include "core/time.h"
#include "db/models/query_json.h"
#include "db/sql/decode.h"
#include "db/sql/plain_time.h"

#include <math.h>

/* Each writes the cell and tells where it ends; NULL: it is none of the column's. There is room for
   NU__JSON_WORST bytes, and for six times the length of those that may be long. */

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

static const int64_t powers_of_ten[NU__JSON_PLACES + 1] = { 1,         10,        100,     1000,
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

/* ---- rows --------------------------------------------------------------------------------- */

static char *put_before(char *to, const nu__json_column *c)
{
    memcpy(to, c->before, NU__JSON_BLOCK);
    if (c->before_len > NU__JSON_BLOCK)
        memcpy(to + NU__JSON_BLOCK, c->before + NU__JSON_BLOCK, c->before_len - NU__JSON_BLOCK);
    return to + c->before_len;
}

/* A switch, so that what is short is inlined: calls would be a third of the work. */
static inline char *put_cell(char *to, const nu__cell *cell, const nu__json_column *c)
{
    switch (c->kind) {
    case NU__PUT_ANY:
        return put_any(to, cell, c->style);
    case NU__PUT_TEXT:
        return put_text(to, cell, c->style);
    case NU__PUT_INT:
        return put_int(to, cell);
    case NU__PUT_BOOL:
        return put_bool(to, cell);
    case NU__PUT_FLOAT:
        return put_float(to, cell);
    case NU__PUT_DECIMAL:
        return put_decimal(to, cell, c->places);
    case NU__PUT_DATE:
        return put_date(to, cell);
    case NU__PUT_DATETIME:
        return put_datetime(to, cell, c->style);
    default:
        return NULL;
    }
}

char *nu__json_put_row(char *to, const nu__json_column *columns, uint32_t n, const nu__cell *cells)
{
    for (const nu__json_column *c = columns, *end = columns + n; c < end; c++) {
        const nu__cell *cell = &cells[c->cell];

        to = put_before(to, c);
        to = cell->kind == NU__CELL_NULL ? PUT_LIT(to, "null") : put_cell(to, cell, c);
        if (!to)
            return NULL;
    }
    return to;
}
