#include "db/sql/decode.h"

#include "core/decimal.h"
#include "core/json.h"
#include "core/text.h"
#include "core/time.h"
#include "db/models/postgres_values.h"
#include "db/sql/plain_time.h"
#include "utils/dateparse.h"

#include <math.h>
#include <nuages/decimal.h>
#include <nuages/uuid.h>
#include <stdio.h>
#include <string.h>

nu__decoder nu__decoder_of(const nu_expr *expr, const nu__backend *backend)
{
    const nu__field *type =
        expr->klass == &nu__raw_sql ? nu__expr_output(expr) : nu__expr_type(expr);

    if (!type)
        return (nu__decoder){ .member = NU__MEMBER_NONE };
    return (nu__decoder){ .type = type->target,
                          .choices = type->choices,
                          .member = type->member,
                          .column = expr->klass == &nu__col,
                          .declared_bool =
                              expr->klass == &nu__col && backend->dialect == NU__SQLITE,
                          .zone = nu__expr_zone(expr) };
}

static NU_NORETURN void wrong_kind(const nu__decoder *decoder, const nu__cell *cell)
{
    static const char *const kinds[NU__CELL_KINDS] = {
        "NULL",   "an integer", "a number",
        "text",   "bytes",      "a boolean",
        "a date", "a datetime", "a datetime without a zone",
        "a time", "a duration", "a decimal",
        "a UUID", "an array",   "a range",
    };

    nu_raise(NU_DATA_ERROR, "a column of type {} holds {}",
             decoder->type ? decoder->type->type->name : "unknown", kinds[cell->kind]);
}

/* ---- numbers ------------------------------------------------------------------------------ */

/* Digits: where a database has no type for them, or where they are more than a double holds. */
static bool is_digits(const nu__cell *cell)
{
    return cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_DECIMAL;
}

static int64_t int_of(const nu__decoder *decoder, const nu__cell *cell)
{
    if (cell->kind == NU__CELL_INT || cell->kind == NU__CELL_BOOL)
        return cell->i;
    if (cell->kind == NU__CELL_FLOAT && fabs(cell->f) < 9.2e18)
        return (int64_t)cell->f;
    if (is_digits(cell)) {
        nu_decimal number;
        int64_t out;

        if (nu__decimal_parse(nu__cell_text(cell), &number) == NU__DECIMAL_OK &&
            nu__decimal_try_int(number, &out))
            return out;
    }
    wrong_kind(decoder, cell);
}

static double float_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_decimal number;

    if (cell->kind == NU__CELL_FLOAT)
        return cell->f;
    if (cell->kind == NU__CELL_INT)
        return (double)cell->i;
    if (is_digits(cell) && nu__decimal_parse(nu__cell_text(cell), &number) == NU__DECIMAL_OK)
        return nu_decimal_to_float(number);
    wrong_kind(decoder, cell);
}

/* A double that is the nearest to a decimal of so many places is that decimal. */
bool nu__exact_places(double number, int places, int64_t *scaled)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };

    if (places > 9 || !(fabs(number) < 1e6))
        return false;
    *scaled = (int64_t)(number * powers[places] + (number < 0 ? -0.5 : 0.5));
    return (double)*scaled / powers[places] == number;
}

#define DIGITS 15 /* of the context that Django reads computed decimals in */

/* Python's Context.create_decimal_from_float(): a double that needs no more digits is itself, any
   other is rounded, and keeps all of its digits: 0.37 is 0.370000000000000. */
static nu_decimal decimal_of_double(double number)
{
    char exact[80], rounded[40];
    nu_decimal out;
    bool whole = fabs(number) < 1e15 && number == nearbyint(number);
    int len;

    if (whole)
        return nu_decimal_from((int64_t)number, 0);
    snprintf(exact, sizeof exact, "%.50e", number);
    len = snprintf(rounded, sizeof rounded, "%.*e", DIGITS - 1, number);
    if (nu__decimal_parse((nu_str){ rounded, (size_t)len }, &out) != NU__DECIMAL_OK)
        nu_raise(NU_DATA_ERROR, "{} is no decimal", number);
    exact[strcspn(exact, "e")] = 0;
    if (strspn(strchr(exact, '.') + DIGITS, "0") == 50 - (DIGITS - 1))
        out = nu__decimal_normalize(out);
    return out;
}

static nu_decimal decimal_of(const nu__decoder *decoder, const nu__cell *cell)
{
    int places = decoder->type && decoder->column ? decoder->type->decimal_places : -1;
    nu_decimal number, rounded;
    int64_t scaled;

    if (cell->kind == NU__CELL_FLOAT) {
        if (places >= 0 && nu__exact_places(cell->f, places, &scaled))
            return nu_decimal_from(scaled, -places);
        number = decimal_of_double(cell->f);
    } else if (cell->kind == NU__CELL_INT) {
        number = nu_decimal_from(cell->i, 0);
    } else if (!is_digits(cell) ||
               nu__decimal_parse(nu__cell_text(cell), &number) != NU__DECIMAL_OK) {
        wrong_kind(decoder, cell);
    }
    if (places < 0 ||
        nu__decimal_quantize(number, -places, &nu__decimal_default, &rounded) != NU__DECIMAL_OK)
        return number;
    return rounded;
}

/* ---- dates and times ---------------------------------------------------------------------- */

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

static nu_date date_of(const nu__decoder *decoder, const nu__cell *cell)
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
        wrong_kind(decoder, cell);
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

static nu_datetime datetime_of(const nu__decoder *decoder, const nu__cell *cell)
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
        wrong_kind(decoder, cell);
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

static nu_time time_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_time time = { 0 };

    if (cell->kind == NU__CELL_TIME)
        return (nu_time){ cell->i + 1 };
    if (cell->kind != NU__CELL_TEXT)
        wrong_kind(decoder, cell);
    check_parsed(decoder, nu__parse_time(nu__cell_text(cell), &time), nu__cell_text(cell));
    return time;
}

/* ---- the rest ----------------------------------------------------------------------------- */

/* A blob in a column of texts is its bytes: inspected models have such, as Django's have. */
static nu_str text_of(const nu__cell *cell)
{
    if (cell->kind == NU__CELL_TEXT)
        return nu_copy(nu__cell_text(cell));
    if (cell->kind == NU__CELL_BLOB)
        return nu_copy((nu_str){ (const char *)cell->blob, cell->len });
    return nu_string(nu__cell_value(cell));
}

static nu_uuid uuid_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_uuid uuid = { { 0 } };

    if (cell->kind == NU__CELL_UUID) {
        memcpy(&uuid, cell->blob, sizeof uuid);
        return uuid;
    }
    if (cell->kind != NU__CELL_TEXT)
        wrong_kind(decoder, cell);
    return nu_uuid_parse(nu__cell_text(cell));
}

/* Text that is no JSON is itself, as to Django: in a column it was written past the models, and of
   a key inside JSON it is a string that SQLite has unquoted. What is JSON but can't be held is
   refused: saving would write something else. */
static nu_value json_in(const nu__cell *cell)
{
    bool text = cell->kind == NU__CELL_TEXT || cell->kind == NU__CELL_BLOB;
    nu__json_error error;
    nu_value value;

    if (!text)
        return nu__cell_value(cell);
    if (nu__json_try_wide(nu__cell_text(cell), &value, &error))
        return value;
    if (error.refused)
        nu__json_raise(&error);
    return nu__cell_value(cell);
}

static nu_json_value json_of(const nu__cell *cell)
{
    nu_value *value = nu_alloc(nu_value);

    *value = json_in(cell);
    return (nu_json_value){ value };
}

/* ---- PostgreSQL's ------------------------------------------------------------------------- */

/* That of an array's items, of a range's ends. */
static nu__decoder base_decoder(const nu__decoder *decoder)
{
    const nu__field *base = decoder->type ? decoder->type->base : NULL;

    if (!base)
        return (nu__decoder){ .member = NU__MEMBER_NONE };
    return (nu__decoder){ .type = base,
                          .choices = base->choices,
                          .member = base->member,
                          .column = decoder->column,
                          .zone = decoder->zone };
}

/* An array of a type that has no cells comes as text. */
static nu_value item_of_text(const nu__decoder *decoder, nu_value item)
{
    nu_list *out;

    if (item.kind == NU_KIND_NULL)
        return item;
    if (item.kind != NU_KIND_LIST)
        return nu__decode_value(decoder, &(const nu__cell){ .kind = NU__CELL_TEXT,
                                                            .len = (uint32_t)item.s.len,
                                                            .text = item.s.ptr });
    out = nu_list_new();
    for (size_t i = 0; i < nu_list_len(item.list); i++)
        nu_list_append_(out, item_of_text(decoder, nu_at(item.list, i)));
    return nu_v_list(out);
}

/* Items of arrays in arrays are of the innermost base's type. */
static nu__decoder innermost(nu__decoder decoder)
{
    while (decoder.type && decoder.type->type->type == NU_ARRAY_FIELD)
        decoder = base_decoder(&decoder);
    return decoder;
}

static nu_list *list_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu__decoder base = base_decoder(decoder), inner = innermost(base);
    nu_list *out = nu_list_new(), *parsed;

    if (cell->kind == NU__CELL_TEXT && nu__array_parse(nu__cell_text(cell), &parsed))
        return item_of_text(&inner, nu_v_list(parsed)).list;
    if (cell->kind != NU__CELL_ARRAY)
        wrong_kind(decoder, cell);
    for (uint32_t i = 0; i < cell->len; i++)
        nu_list_append_(out, nu__decode_value(&base, &cell->items[i]));
    return out;
}

static const nu_range *range_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu__decoder base = base_decoder(decoder);
    char bounds[3] = { cell->len & NU__RANGE_LOWER_INC ? '[' : '(',
                       cell->len & NU__RANGE_UPPER_INC ? ']' : ')' };

    base.column = false; /* its decimals have no places of their own */
    if (cell->kind != NU__CELL_RANGE)
        wrong_kind(decoder, cell);
    if (cell->len & NU__RANGE_EMPTY)
        return nu_empty_range();
    return nu_range_of(nu__decode_value(&base, &cell->items[0]),
                       nu__decode_value(&base, &cell->items[1]), bounds);
}

static nu_dict *dict_of(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_dict *out;

    if (cell->kind != NU__CELL_TEXT || !nu__hstore_parse(nu__cell_text(cell), &out))
        wrong_kind(decoder, cell);
    return out;
}

static bool decode_choice(const nu__decoder *decoder, const nu__cell *cell, int *out)
{
    if (!decoder->choices->text) {
        *out = (int)int_of(decoder, cell);
        return true;
    }
    if (cell->kind != NU__CELL_TEXT)
        wrong_kind(decoder, cell);
    *out = 0;
    return !cell->len || nu_choice_parse_(decoder->choices, nu__cell_text(cell), out);
}

/* sqlite3's converter of columns declared so: what is not 1 is false. */
static bool truth_of(const nu__decoder *decoder, const nu__cell *cell)
{
    int64_t number = int_of(decoder, cell);

    return decoder->declared_bool ? number == 1 : number != 0;
}

static bool is_number(const nu__cell *cell)
{
    return cell->kind == NU__CELL_INT || cell->kind == NU__CELL_FLOAT ||
           cell->kind == NU__CELL_DECIMAL;
}

/* A number that is neither 0 nor 1. */
static bool is_beyond_truth(const nu__decoder *decoder, const nu__cell *cell)
{
    double number = is_number(cell) ? float_of(decoder, cell) : 0;

    return number != 0 && number != 1;
}

bool nu__decode(const nu__decoder *decoder, const nu__cell *cell, void *at)
{
    if (cell->kind == NU__CELL_NULL) {
        memset(at, 0, nu__member_size(decoder->member));
        return true;
    }
    switch (decoder->member) {
    case NU__MEMBER_STR:
    case NU__MEMBER_FILE:
        *(nu_str *)at = text_of(cell);
        return cell->kind != NU__CELL_BLOB;
    case NU__MEMBER_BYTES: {
        nu_str bytes = text_of(cell);
        *(nu_bytes *)at = (nu_bytes){ (const uint8_t *)bytes.ptr, bytes.len };
        break;
    }
    case NU__MEMBER_INT:
        *(int64_t *)at = int_of(decoder, cell);
        break;
    case NU__MEMBER_OPT_INT:
        *(nu_opt_int *)at = (nu_opt_int){ int_of(decoder, cell), true };
        break;
    case NU__MEMBER_FLOAT:
        *(double *)at = float_of(decoder, cell);
        break;
    case NU__MEMBER_OPT_FLOAT:
        *(nu_opt_float *)at = (nu_opt_float){ float_of(decoder, cell), true };
        break;
    case NU__MEMBER_BOOL:
        *(bool *)at = truth_of(decoder, cell);
        return decoder->declared_bool || !is_beyond_truth(decoder, cell);
    case NU__MEMBER_OPT_BOOL:
        *(nu_opt_bool *)at = (nu_opt_bool){ truth_of(decoder, cell), true };
        return decoder->declared_bool || !is_beyond_truth(decoder, cell);
    case NU__MEMBER_CHOICE:
        return decode_choice(decoder, cell, at);
    case NU__MEMBER_DATE:
        *(nu_date *)at = date_of(decoder, cell);
        break;
    case NU__MEMBER_DATETIME:
        *(nu_datetime *)at = datetime_of(decoder, cell);
        break;
    case NU__MEMBER_TIME:
        *(nu_time *)at = time_of(decoder, cell);
        break;
    case NU__MEMBER_TIMEDELTA:
        *(nu_timedelta *)at =
            (nu_timedelta){ cell->kind == NU__CELL_DURATION ? cell->i : int_of(decoder, cell),
                            true };
        break;
    case NU__MEMBER_DECIMAL:
        *(nu_decimal *)at = decimal_of(decoder, cell);
        break;
    case NU__MEMBER_UUID:
        *(nu_uuid *)at = uuid_of(decoder, cell);
        break;
    case NU__MEMBER_JSON:
        *(nu_json_value *)at = json_of(cell);
        break;
    case NU__MEMBER_LIST:
        *(nu_list **)at = list_of(decoder, cell);
        break;
    case NU__MEMBER_DICT:
        *(nu_dict **)at = dict_of(decoder, cell);
        break;
    case NU__MEMBER_RANGE:
        *(const nu_range **)at = range_of(decoder, cell);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- values ------------------------------------------------------------------------------- */

static bool is_counted(nu_field_type type)
{
    return type == NU_AUTO_FIELD || type == NU_BIG_AUTO_FIELD || type == NU_SMALL_AUTO_FIELD;
}

/* What Django does not convert: a blob among texts, a sum of texts or dates and a key that was
   computed with are the numbers that came out, and a truth value that is neither 0 nor 1 (an
   average of them) is a number. */
static bool is_raw(const nu__decoder *decoder, const nu__cell *cell)
{
    switch (decoder->member) {
    case NU__MEMBER_STR:
    case NU__MEMBER_FILE:
        return cell->kind == NU__CELL_BLOB || (!decoder->column && is_number(cell));
    case NU__MEMBER_DATE:
        return is_number(cell);
    case NU__MEMBER_BOOL:
    case NU__MEMBER_OPT_BOOL:
        return !decoder->declared_bool && is_beyond_truth(decoder, cell);
    default:
        return is_number(cell) && cell->kind != NU__CELL_INT &&
               is_counted(decoder->type->type->type);
    }
}

nu_value nu__decode_value(const nu__decoder *decoder, const nu__cell *cell)
{
    union {
        char bytes[64];
        int64_t aligned;
        double number;
    } member;

    if (cell->kind == NU__CELL_NULL || !decoder->type)
        return nu__cell_value(cell);
    if (is_raw(decoder, cell))
        return nu__cell_value(cell);
    switch (decoder->member) {
    case NU__MEMBER_NONE:
    case NU__MEMBER_CHOICE:
        return nu__cell_value(cell);
    case NU__MEMBER_JSON:
        return json_in(cell);
    default:
        nu__decode(decoder, cell, &member);
        return nu__member_get(decoder->member, decoder->choices, &member);
    }
}
