#include "core/text.h"
#include "db/backends/tokens.h"
#include "db/migrations/inspect.h"

#include <ctype.h>
#include <nuages/postgres.h>
#include <stdlib.h>
#include <string.h>

/* How a declared type begins, and what it is; the first whose last word ends there. */
static const struct {
    const char *words;
    nu_field_type type;
} types[] = {
    { "tinyint(1)", NU_BOOLEAN_FIELD },
    { "bool", NU_BOOLEAN_FIELD },
    { "boolean", NU_BOOLEAN_FIELD },
    { "int4range", NU_INTEGER_RANGE_FIELD },
    { "int8range", NU_BIG_INTEGER_RANGE_FIELD },
    { "bigserial", NU_BIG_INTEGER_FIELD },
    { "bigint", NU_BIG_INTEGER_FIELD },
    { "int8", NU_BIG_INTEGER_FIELD },
    { "smallserial", NU_SMALL_INTEGER_FIELD },
    { "smallint", NU_SMALL_INTEGER_FIELD },
    { "int2", NU_SMALL_INTEGER_FIELD },
    { "tinyint", NU_SMALL_INTEGER_FIELD },
    { "year", NU_INTEGER_FIELD },
    { "mediumint", NU_INTEGER_FIELD },
    { "interval", NU_DURATION_FIELD },
    { "int", NU_INTEGER_FIELD },
    { "int4", NU_INTEGER_FIELD },
    { "integer", NU_INTEGER_FIELD },
    { "serial", NU_INTEGER_FIELD },
    { "numrange", NU_DECIMAL_RANGE_FIELD },
    { "tstzrange", NU_DATETIME_RANGE_FIELD },
    { "daterange", NU_DATE_RANGE_FIELD },
    { "hstore", NU_HSTORE_FIELD },
    { "varchar", NU_CHAR_FIELD },
    { "nvarchar", NU_CHAR_FIELD },
    { "varying character", NU_CHAR_FIELD },
    { "character varying", NU_CHAR_FIELD },
    { "native character", NU_CHAR_FIELD },
    { "nchar", NU_CHAR_FIELD },
    { "character", NU_CHAR_FIELD },
    { "char", NU_CHAR_FIELD },
    { "varchar2", NU_CHAR_FIELD },
    { "nvarchar2", NU_CHAR_FIELD },
    { "bpchar", NU_CHAR_FIELD },
    { "enum", NU_CHAR_FIELD },
    { "set(", NU_CHAR_FIELD },
    { "datetime", NU_DATETIME_FIELD },
    { "datetime2", NU_DATETIME_FIELD },
    { "smalldatetime", NU_DATETIME_FIELD },
    { "datetimeoffset", NU_DATETIME_FIELD },
    { "timestamp", NU_DATETIME_FIELD },
    { "timestamptz", NU_DATETIME_FIELD },
    { "time", NU_TIME_FIELD },
    { "date", NU_DATE_FIELD },
    { "decimal", NU_DECIMAL_FIELD },
    { "dec", NU_DECIMAL_FIELD },
    { "numeric", NU_DECIMAL_FIELD },
    { "money", NU_TEXT_FIELD },
    { "real", NU_FLOAT_FIELD },
    { "double", NU_FLOAT_FIELD },
    { "float", NU_FLOAT_FIELD },
    { "float4", NU_FLOAT_FIELD },
    { "float8", NU_FLOAT_FIELD },
    { "uuid", NU_UUID_FIELD },
    { "json", NU_JSON_FIELD },
    { "jsonb", NU_JSON_FIELD },
    { "inet", NU_GENERIC_IP_ADDRESS_FIELD },
    { "inet4", NU_GENERIC_IP_ADDRESS_FIELD },
    { "inet6", NU_GENERIC_IP_ADDRESS_FIELD },
    { "blob", NU_BINARY_FIELD },
    { "tinyblob", NU_BINARY_FIELD },
    { "mediumblob", NU_BINARY_FIELD },
    { "longblob", NU_BINARY_FIELD },
    { "image", NU_BINARY_FIELD },
    { "bytea", NU_BINARY_FIELD },
    { "binary", NU_BINARY_FIELD },
    { "varbinary", NU_BINARY_FIELD },
    { "text", NU_TEXT_FIELD },
    { "tinytext", NU_TEXT_FIELD },
    { "mediumtext", NU_TEXT_FIELD },
    { "longtext", NU_TEXT_FIELD },
    { "ntext", NU_TEXT_FIELD },
    { "clob", NU_TEXT_FIELD },
    { "citext", NU_TEXT_FIELD },
    { "tsvector", NU_SEARCH_VECTOR_FIELD },
};

/* The `i`th number in the brackets; -1: there is none. */
static int argument(nu_str type, int i)
{
    const char *at = strchr(type.ptr, '(');

    for (; at && i > 0; i--)
        at = strchr(at + 1, ',');
    return at && strpbrk(at + 1, "0123456789") == at + 1 + strspn(at + 1, " ") ? atoi(at + 1) : -1;
}

static bool begins_with(nu_str type, nu_str words)
{
    char last = words.ptr[words.len - 1];

    return nu_starts_with(type, words) &&
           (last == ')' || last == '(' ||
            !(isalnum((unsigned char)type.ptr[words.len]) || type.ptr[words.len] == '_'));
}

static nu_field_type type_of(nu_str type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (begins_with(type, nu_s(types[i].words)))
            return types[i].type;
    return 0;
}

/* Positive where the database says "unsigned". */
static nu_field_type unsigned_of(nu_field_type type)
{
    switch (type) {
    case NU_BIG_INTEGER_FIELD:
        return NU_POSITIVE_BIG_INTEGER_FIELD;
    case NU_INTEGER_FIELD:
        return NU_POSITIVE_INTEGER_FIELD;
    case NU_SMALL_INTEGER_FIELD:
        return NU_POSITIVE_SMALL_INTEGER_FIELD;
    default:
        return type;
    }
}

static nu_field_type counted_of(nu_field_type type)
{
    switch (type) {
    case NU_BIG_INTEGER_FIELD:
    case NU_POSITIVE_BIG_INTEGER_FIELD:
        return NU_BIG_AUTO_FIELD;
    case NU_SMALL_INTEGER_FIELD:
    case NU_POSITIVE_SMALL_INTEGER_FIELD:
        return NU_SMALL_AUTO_FIELD;
    case NU_INTEGER_FIELD:
    case NU_POSITIVE_INTEGER_FIELD:
        return NU_AUTO_FIELD;
    default:
        return type;
    }
}

/* enum('a','bc') is as long as the longest, set('a','bc') as all with commas between: "a,bc". */
static int length_of_words(nu_str type, bool all)
{
    int longest = 1, total = 0;
    nu__token token;

    while ((token = nu__sql_token_of(NU__MYSQL, &type)).kind != NU__TOKEN_END) {
        int len = (int)nu__token_text(NU__MYSQL, &token).len;

        if (token.kind != NU__TOKEN_TEXT)
            continue;
        total += len + (total > 0);
        longest = len > longest ? len : longest;
    }
    return all && total ? total : longest;
}

static bool has_collation(const nu_field *field)
{
    return field->type == NU_CHAR_FIELD || field->type == NU_TEXT_FIELD;
}

static void take_arguments(nu_field *field, nu_str type, const char **note)
{
    int first = argument(type, 0), second = argument(type, 1);

    if (field->type == NU_CHAR_FIELD) {
        bool set = nu_starts_with(type, S("set(")), words = set || nu_starts_with(type, S("enum"));

        ((nu_char_field *)field)->max_length = words       ? length_of_words(type, set)
                                               : first > 0 ? first
                                                           : 255;
        if (first <= 0 && !words)
            *note = "The length is a guess.";
    }
    if (field->type == NU_DECIMAL_FIELD) {
        ((nu_decimal_field *)field)->max_digits = first > 0 ? first : 10;
        ((nu_decimal_field *)field)->decimal_places = first > 0 ? (second > 0 ? second : 0) : 5;
        if (first <= 0)
            *note = "The digits are a guess: the database keeps numbers as they come.";
    }
}

/* What one item of an array is declared as: "character varying(20)[]" without its brackets. */
static nu_field *items_of(nu_str type, const char **note)
{
    const nu__table_column item = { .type = { type.ptr, type.len - 2 } };
    nu__table_column copy = item;

    copy.type = nu_copy(item.type);
    return nu__inspected_column(&copy, false, note);
}

nu_field *nu__inspected_column(const nu__table_column *column, bool counted, const char **note)
{
    nu_str type = nu_lower(column->type);
    nu_field_type kind = column->json ? NU_JSON_FIELD : type_of(type);
    nu_field bare = { .type = kind ? kind : NU_TEXT_FIELD };
    bool array = nu_ends_with(type, S("[]")) && kind;
    nu_field *field;

    if (array)
        bare.type = NU_ARRAY_FIELD;
    if (!kind) {
        bare.type = NU_TEXT_FIELD;
        *note = nu_fmt("The type is a guess: the database has \"{}\".", column->type).ptr;
    }
    if (strstr(type.ptr, "unsigned"))
        bare.type = unsigned_of(bare.type);
    if (counted)
        bare.type = counted_of(bare.type);
    field = nu_alloc_(1, nu__field_def_size(&bare));
    field->type = bare.type;
    if (array)
        ((nu_array_field *)field)->base_field = items_of(type, note);
    else
        take_arguments(field, type, note);
    if (has_collation(field))
        ((nu_char_field *)field)->db_collation = column->collation.ptr;
    field->null = column->null && !column->primary_key;
    field->blank = field->null;
    return field;
}
