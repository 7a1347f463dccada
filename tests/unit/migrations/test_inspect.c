#include "harness.h"

#include "core/buf.h"
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
    { "enum('it''s','a')", NU_CHAR_FIELD, 4, 0, NULL },
    { "enum('x,y)','a')", NU_CHAR_FIELD, 4, 0, NULL },
    { "boolean", NU_BOOLEAN_FIELD, 0, 0, NULL },
    { "integer", NU_INTEGER_FIELD, 0, 0, NULL },
    { "timestamptz", NU_DATETIME_FIELD, 0, 0, NULL },
    { "inet6", NU_GENERIC_IP_ADDRESS_FIELD, 0, 0, NULL },
    { "realm", NU_TEXT_FIELD, 0, 0, "\"realm\"" },
    { "date_kind", NU_TEXT_FIELD, 0, 0, "\"date_kind\"" },
    { "int4multirange", NU_TEXT_FIELD, 0, 0, "\"int4multirange\"" },
    { "jsonpath", NU_TEXT_FIELD, 0, 0, "\"jsonpath\"" },
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
    nu__dialect dialect;
    const char *check, *column, *values; /* joined by "|"; NULL: any */
    bool numbers;
} checks[] = {
    { NU__SQLITE, "\"kind\" IN ('a', 'b')", "kind", "a|b", false },
    { NU__MYSQL, "`kind` in ('a','b')", "kind", "a|b", false },
    { NU__SQLITE, "[kind] IN ('a')", "kind", "a", false },
    { NU__SQLITE, "KIND in ('a')", "kind", "a", false },
    { NU__POSTGRESQL, "\"Kind\" IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "kind IN ('it''s', '', 'x')", "kind", "it's||x", false },
    { NU__MYSQL, "`kind` in ('it\\'s','a\\\\b')", "kind", "it's|a\\b", false },
    { NU__POSTGRESQL, "CHECK ((kind = ANY (ARRAY[E'a\\\\b'::text, 'c'::text])))", "kind", "a\\b|c",
      false },
    { NU__MYSQL, "`kind` in (_utf8mb4'a',_utf8mb4'b')", "kind", "a|b", false },
    { NU__POSTGRESQL,
      "CHECK (((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
      "varying])::text[])))",
      "kind", "a|b", false },
    { NU__POSTGRESQL, "CHECK (((kind)::text = 'a'::text) OR ((kind)::text = 'b'::text))", "kind",
      "a|b", false },
    { NU__POSTGRESQL, "CHECK ((level = ANY (ARRAY[1, 2, '-3'::integer])))", "level", "1|2|-3",
      true },
    { NU__SQLITE, "level IN (1, 2, -3)", "level", "1|2|-3", true },
    { NU__SQLITE, "level IN (1, 2.5)", "level", NULL, true },
    { NU__SQLITE, "1 = level OR level = 2", "level", "1|2", true },
    { NU__SQLITE, "other IN ('a') AND kind IN ('b')", "kind", "b", false },
    { NU__SQLITE, "kind IS NULL OR kind IN ('a')", "kind", "a", false },
    { NU__SQLITE, "kind IN ('a', 'a', NULL)", "kind", "a", false },
    { NU__SQLITE, "length(kind) BETWEEN 1 AND 9 AND kind IN ('a')", "kind", "a", false },
    { NU__SQLITE, "kind IN ('a') OR level > 3", "kind", NULL, false },
    { NU__SQLITE, "kind IN ('a') OR other IN ('b')", "kind", NULL, false },
    { NU__SQLITE, "NOT (kind IN ('a'))", "kind", NULL, false },
    { NU__SQLITE, "kind NOT IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "lower(kind) IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "kind || 'x' IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "kind = 'a' || other", "kind", NULL, false },
    { NU__SQLITE, "CASE WHEN level THEN kind IN ('a') END", "kind", NULL, false },
    { NU__SQLITE, "(kind IN ('a')) = 0", "kind", NULL, false },
    { NU__SQLITE, "kind IN (other, 'a')", "kind", NULL, false },
    { NU__SQLITE, "kind IN (SELECT x FROM y)", "kind", NULL, false },
    { NU__SQLITE, "kind IN ()", "kind", NULL, false },
    { NU__SQLITE,
      "CREATE TABLE t (kind text DEFAULT 'CHECK (kind IN (''x''))' /* kind IN ('y') */, "
      "n AS (kind IN ('p')), CONSTRAINT c CHECK (kind IN ('a', 'b')))",
      "kind", "a|b", false },
    { NU__SQLITE, "CREATE TABLE kind (kind, a)", "kind", NULL, false },
    { NU__SQLITE, "mankind IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "kinds IN ('a')", "kind", NULL, false },
    { NU__SQLITE, "kind > 'a'", "kind", NULL, false },
    { NU__SQLITE, "kind IN ('a", "kind", NULL, false },
    { NU__SQLITE, "kind IN ('a'", "kind", NULL, false },
    { NU__SQLITE, "kind IN", "kind", NULL, false },
    { NU__SQLITE, "kind.", "kind", NULL, false },
    { NU__SQLITE, "((((", "kind", NULL, false },
    { NU__SQLITE, "))", "kind", NULL, false },
    { NU__SQLITE, "", "kind", NULL, false },
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
        choices = nu__inspected_choices(checks[i].dialect, texts, nu_s(checks[i].column),
                                        checks[i].numbers);
        CHECK(!choices == !checks[i].values);
        if (choices && checks[i].values)
            CHECK_STR(joined(choices), checks[i].values);
    }
}

/* Nested past what is followed, and cut anywhere: an end, and no choices that are not there. */
static void deep_checks_say_nothing(void)
{
    nu__buf text = { 0 };
    nu_list *texts = nu_list_new();

    for (int i = 0; i < 5000; i++)
        nu__buf_char(&text, '(');
    nu__buf_lit(&text, "kind IN ('a')");
    nu_list_append(texts, nu__buf_str(&text));
    CHECK(!nu__inspected_choices(NU__SQLITE, texts, S("kind"), false));
}

HARNESS(declared_types_become_fields, checks_become_choices, deep_checks_say_nothing)
