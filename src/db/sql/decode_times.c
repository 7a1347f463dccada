/* Cells as dates and times. */
#include "db/sql/decode_int.h"

#include "core/time.h"
#include "db/sql/plain_time.h"
#include "utils/dateparse.h"

static bool two_digits(const char *at, int *out)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return false;
    *out = (at[0] - '0') * 10 + at[1] - '0';
    return true;
}

/* "2024-01-31", by hand: lists of rows are full of them. */
static int32_t plain_ordinal(const char text[10])
{
    int century, year, month, day;

    if (text[4] != '-' || text[7] != '-' || !two_digits(text, &century) ||
        !two_digits(text + 2, &year) || !two_digits(text + 5, &month) ||
        !two_digits(text + 8, &day))
        return 0;
    return nu__ordinal_of(century * 100 + year, month, day);
}

bool nu__calendar_has(const char text[10])
{
    return plain_ordinal(text) > 0;
}

/* Of another form is null, as to Django; what has the form and can't be is refused. */
static void check_parsed(const nu__decoder *decoder, nu__parsed parsed, nu_str text)
{
    if (parsed == NU__PARSE_INVALID)
        nu_raise(NU_VALUE_ERROR, "a column of type {} holds {!r}, which no calendar or clock shows",
                 decoder->type ? decoder->type->type->name : "unknown", text);
}

nu_date nu__decode_date(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_date date = { 0 };
    int32_t ordinal;
    nu_str text;

    if (cell->kind == NU__CELL_DATE) {
        nu__cell_check_years(cell);
        return (nu_date){ (int32_t)cell->i };
    }
    if (cell->kind == NU__CELL_DATETIME || cell->kind == NU__CELL_NAIVE) {
        nu__cell_check_years(cell);
        return (nu_date){ (int32_t)(cell->i / NU__US_DAY) };
    }
    if (cell->kind != NU__CELL_TEXT)
        nu__decode_wrong_kind(decoder, cell);
    text = nu__cell_text(cell);
    if (text.len > 10)
        text.len = 10;
    ordinal = text.len == 10 ? plain_ordinal(text.ptr) : 0;
    if (ordinal > 0)
        return (nu_date){ ordinal };
    check_parsed(decoder, nu__parse_date(text, &date), text);
    return date;
}

/* "2024-01-31 08:00:00", as Django stores it, by hand: lists of rows are full of them. */
bool nu__plain_datetime(nu_str text, nu_datetime *out)
{
    int hour, minute, second;
    int32_t ordinal;

    if (text.len != 19 || text.ptr[13] != ':' || text.ptr[16] != ':' ||
        !two_digits(text.ptr + 11, &hour) || !two_digits(text.ptr + 14, &minute) ||
        !two_digits(text.ptr + 17, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    ordinal = plain_ordinal(text.ptr);
    out->us =
        ordinal * NU__US_DAY + hour * NU__US_HOUR + minute * NU__US_MINUTE + second * NU__US_SECOND;
    return ordinal > 0;
}

/* What a clock showed, in the column's zone. */
static nu_datetime instant_of_wall(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_datetime out = { cell->i };

    nu__cell_check_years(cell);
    if (decoder->zone && !nu__timezone_from_wall(decoder->zone, cell->i, 0, &out))
        return (nu_datetime){ 0 };
    return out;
}

nu_datetime nu__decode_datetime(const nu__decoder *decoder, const nu__cell *cell)
{
    nu__iso_datetime parsed;
    nu_datetime out = { 0 };
    nu__parsed status;
    nu_str text;

    if (cell->kind == NU__CELL_DATETIME) {
        nu__cell_check_years(cell);
        return (nu_datetime){ cell->i };
    }
    if (cell->kind == NU__CELL_NAIVE)
        return instant_of_wall(decoder, cell);
    if (cell->kind == NU__CELL_DATE) {
        nu__cell_check_years(cell);
        return (nu_datetime){ cell->i * NU__US_DAY };
    }
    if (cell->kind != NU__CELL_TEXT)
        nu__decode_wrong_kind(decoder, cell);
    text = nu__cell_text(cell);
    if (!decoder->zone && nu__plain_datetime(text, &out))
        return out;
    status = nu__parse_written_datetime(text, &parsed);
    check_parsed(decoder, status, text);
    if (!(status == NU__PARSED &&
          nu__iso_instant(&parsed, decoder->zone ? decoder->zone : nu_utc, &out)))
        return (nu_datetime){ 0 };
    return out;
}

nu_time nu__decode_time(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_time time = { 0 };

    if (cell->kind == NU__CELL_TIME)
        return (nu_time){ cell->i + 1 };
    if (cell->kind != NU__CELL_TEXT)
        nu__decode_wrong_kind(decoder, cell);
    check_parsed(decoder, nu__parse_time(nu__cell_text(cell), &time), nu__cell_text(cell));
    return time;
}
