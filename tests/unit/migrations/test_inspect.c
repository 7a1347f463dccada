#include "harness.h"

#include "db/migrations/inspect.h"

#include <string.h>

static const struct {
    const char *type;
    nu_field_type field;
    int max_length, max_digits;
    const char *note; /* a piece of it; NULL: there is none */
} types[] = {
    { "varchar(45)", NU_CHAR_FIELD, 45, 0, NULL },
    { "VARCHAR(45)", NU_CHAR_FIELD, 45, 0, NULL },
    { "character varying(45)", NU_CHAR_FIELD, 45, 0, NULL },
    { "character varying", NU_CHAR_FIELD, 255, 0, "length is a guess" },
    { "enum('a','bcd','ef')", NU_CHAR_FIELD, 3, 0, NULL },
    { "set('a','bcd','ef')", NU_CHAR_FIELD, 8, 0, NULL },
    { "numeric(5,2)", NU_DECIMAL_FIELD, 0, 5, NULL },
    { "numeric", NU_DECIMAL_FIELD, 0, 10, "digits are a guess" },
    { "int(10) unsigned", NU_POSITIVE_INTEGER_FIELD, 0, 0, NULL },
    { "bigint unsigned", NU_POSITIVE_BIG_INTEGER_FIELD, 0, 0, NULL },
    { "tinyint(1)", NU_BOOLEAN_FIELD, 0, 0, NULL },
    { "tinyint(4)", NU_SMALL_INTEGER_FIELD, 0, 0, NULL },
    { "year(4)", NU_INTEGER_FIELD, 0, 0, NULL },
    { "interval", NU_DURATION_FIELD, 0, 0, NULL },
    { "timestamp with time zone", NU_DATETIME_FIELD, 0, 0, NULL },
    { "time without time zone", NU_TIME_FIELD, 0, 0, NULL },
    { "double precision", NU_FLOAT_FIELD, 0, 0, NULL },
    { "jsonb", NU_JSON_FIELD, 0, 0, NULL },
    { "tsvector", NU_SEARCH_VECTOR_FIELD, 0, 0, NULL },
    { "bytea", NU_BINARY_FIELD, 0, 0, NULL },
    { "text[]", NU_ARRAY_FIELD, 0, 0, NULL },
    { "box[]", NU_TEXT_FIELD, 0, 0, "\"box[]\"" },
    { "int4range", NU_INTEGER_RANGE_FIELD, 0, 0, NULL },
    { "geometry", NU_TEXT_FIELD, 0, 0, "\"geometry\"" },
    { "", NU_TEXT_FIELD, 0, 0, "guess" },
};

static void declared_types_become_fields(void)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const nu__table_column column = { .type = nu_s(types[i].type), .null = true };
        const char *note = NULL;
        const nu_field *field = nu__inspected_column(&column, false, &note);

        CHECK_INT(field->type, types[i].field);
        CHECK(field->null && field->blank);
        if (types[i].max_length)
            CHECK_INT(((const nu_char_field *)field)->max_length, types[i].max_length);
        if (types[i].max_digits)
            CHECK_INT(((const nu_decimal_field *)field)->max_digits, types[i].max_digits);
        CHECK(types[i].note ? note && strstr(note, types[i].note) : !note);
    }
}

static const struct {
    const char *check, *column, *values; /* joined by "|"; NULL: any */
} checks[] = {
    { "\"kind\" IN ('a', 'b')", "kind", "a|b" },
    { "`kind` in ('a','b')", "kind", "a|b" },
    { "[kind] IN ('a')", "kind", "a" },
    { "kind IN ('it''s', '', 'x')", "kind", "it's||x" },
    { "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
      "varying])::text[])))",
      "kind", "a|b" },
    { "other IN ('a') AND kind IN ('b')", "kind", "b" },
    { "mankind IN ('a')", "kind", NULL },
    { "kinds IN ('a')", "kind", NULL },
    { "kind > 'a'", "kind", NULL },
    { "kind IN ('a", "kind", NULL },
    { "kind IN (1, 2)", "kind", NULL },
    { "", "kind", NULL },
};

static nu_str joined(const nu_choices *choices)
{
    nu_str text = S("");

    for (int i = 0; i < choices->len; i++)
        text = nu_fmt("{}{}{}", text, i ? "|" : "", choices->items[i].value);
    return text;
}

static void checks_become_choices(void)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        nu_list *texts = nu_list_new();
        const nu_choices *choices;

        nu_list_append(texts, nu_s(checks[i].check));
        choices = nu__inspected_choices(texts, nu_s(checks[i].column));
        CHECK(!choices == !checks[i].values);
        if (choices && checks[i].values)
            CHECK_STR(joined(choices), checks[i].values);
    }
}

HARNESS(declared_types_become_fields, checks_become_choices)
