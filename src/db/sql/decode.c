#include "db/sql/decode_int.h"

#include "core/decimal.h"
#include "core/json.h"
#include "core/text.h"
#include "core/time.h"
#include "core/wide_int.h"
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

NU_NORETURN void nu__decode_wrong_kind(const nu__decoder *decoder, const nu__cell *cell)
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
    nu__decode_wrong_kind(decoder, cell);
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
    nu__decode_wrong_kind(decoder, cell);
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
        nu__decode_wrong_kind(decoder, cell);
    }
    if (places < 0 ||
        nu__decimal_quantize(number, -places, &nu__decimal_default, &rounded) != NU__DECIMAL_OK)
        return number;
    return rounded;
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
        nu__decode_wrong_kind(decoder, cell);
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

static bool decode_choice(const nu__decoder *decoder, const nu__cell *cell, int *out)
{
    if (!decoder->choices->text) {
        *out = (int)int_of(decoder, cell);
        return true;
    }
    if (cell->kind != NU__CELL_TEXT)
        nu__decode_wrong_kind(decoder, cell);
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
        *(nu_date *)at = nu__decode_date(decoder, cell);
        break;
    case NU__MEMBER_DATETIME:
        *(nu_datetime *)at = nu__decode_datetime(decoder, cell);
        break;
    case NU__MEMBER_TIME:
        *(nu_time *)at = nu__decode_time(decoder, cell);
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
        *(nu_list **)at = nu__decode_list(decoder, cell);
        break;
    case NU__MEMBER_DICT:
        *(nu_dict **)at = nu__decode_dict(decoder, cell);
        break;
    case NU__MEMBER_RANGE:
        *(const nu_range **)at = nu__decode_range(decoder, cell);
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

/* Python's int() of a number past 64 bits that the database computed. */
static bool wide_int_of(const nu__decoder *decoder, const nu__cell *cell, nu_value *out)
{
    const char *digits;
    size_t len;
    int64_t narrow;

    if ((decoder->member != NU__MEMBER_INT && decoder->member != NU__MEMBER_OPT_INT) ||
        decoder->column || cell->kind != NU__CELL_DECIMAL)
        return false;
    digits = nu_copy(nu__cell_text(cell)).ptr;
    len = *digits == '-';
    len += strspn(digits + len, "0123456789");
    if (len < 19 || (digits[len] && digits[len] != '.'))
        return false;
    *out = nu__wide_int(nu_copy((nu_str){ digits, len }));
    return out->kind != NU_KIND_DECIMAL || !nu__decimal_try_int(*out->decimal, &narrow);
}

nu_value nu__decode_value(const nu__decoder *decoder, const nu__cell *cell)
{
    nu_value wide;

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
        if (wide_int_of(decoder, cell, &wide))
            return wide;
        nu__decode(decoder, cell, &member);
        return nu__member_get(decoder->member, decoder->choices, &member);
    }
}
