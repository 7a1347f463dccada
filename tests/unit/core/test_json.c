#include "core/arena.h"
#include "core/json.h"
#include "core/object.h"
#include "table.h"

#include <math.h>
#include <nuages/decimal.h>
#include <nuages/timezone.h>
#include <nuages/uuid.h>
#include <string.h>

/* ---- reading ------------------------------------------------------------------------------ */

static nu_str outcome(nu_str text)
{
    nu__json_error error;
    nu_value value;

    if (nu__json_try_read(text, &value, &error))
        return nu_to_json(value);
    return nu_fmt("{}: line {} column {} (char {})", error.message, error.line, error.column,
                  error.position);
}

static bool check_row(const nu_str cells[TABLE_CELLS], size_t n)
{
    (void)n;
    return CHECK_STR(outcome(cells[2]), cells[1]);
}

static void texts_are_accepted_and_refused_in_the_words_of_python(void)
{
    table_each("json/cases.txt", check_row);
}

static bool check_rule(const nu_str cells[TABLE_CELLS], size_t n)
{
    nu__json_error error;
    nu_value value;

    return CHECK_INT(n, 3) &&
           CHECK_INT(nu__json_try_read(cells[2], &value, &error), nu_eq(cells[0], "+"));
}

static void what_must_be_accepted_is_and_what_must_be_refused_is_not(void)
{
    table_each("json/grammar.txt", check_rule);
}

static void refused_text_raises_with_its_place(void)
{
    CHECK_RAISES(NU_JSON_DECODE_ERROR, "Expecting ',' delimiter: line 3 column 2 (char 12)",
                 nu_json_read(S("[\n \"\xc3\xa9\xe2\x82\xac\", 1\n 2]")));
}

static void numbers_keep_their_kind(void)
{
    CHECK_INT(nu_json_read(S("9223372036854775807")).kind, NU_KIND_INT);
    CHECK_INT(nu_json_read(S("9223372036854775808")).kind, NU_KIND_UINT);
    CHECK_INT(nu_json_read(S("18446744073709551616")).kind, NU_KIND_FLOAT);
    CHECK_INT(nu_json_read(S("1.0")).kind, NU_KIND_FLOAT);
    CHECK_INT(nu_json_read(S("1e2")).kind, NU_KIND_FLOAT);
    CHECK_INT(nu_json_read(S("-9223372036854775808")).i, INT64_MIN);
    CHECK(nu_json_read(S("0.1")).f == 0.1);
    CHECK(signbit(nu_json_read(S("-0.0")).f));
}

static void the_last_of_equal_keys_wins_in_the_place_of_the_first(void)
{
    nu_dict *dict = nu_as_dict(nu_json_read(S("{\"a\":1,\"b\":2,\"a\":3}")));

    CHECK_INT(nu_dict_len(dict), 2);
    CHECK_STR(nu_dict_key(dict, 0), "a");
    CHECK_INT(nu_item(dict, "a").i, 3);
}

static nu_str nested(size_t depth, const char *open, const char *close)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < depth; i++)
        nu__buf_add(&buf, open, strlen(open));
    nu__buf_char(&buf, '1');
    for (size_t i = 0; i < depth; i++)
        nu__buf_add(&buf, close, strlen(close));
    return nu__buf_str(&buf);
}

static void nesting_is_limited_to_512(void)
{
    nu_str lists = nested(512, "[", "]"), dicts = nested(512, "{\"a\": ", "}");

    CHECK_STR(nu_to_json(nu_json_read(lists)), lists);
    CHECK_STR(nu_to_json(nu_json_read(dicts)), dicts);
    CHECK_RAISES(NU_JSON_DECODE_ERROR, "Nested too deep: line 1 column 513",
                 nu_json_read(nested(513, "[", "]")));
    CHECK_STR(outcome(nested(100000, "[", "")), "Nested too deep: line 1 column 513 (char 512)");
}

/* The scan takes 16 bytes at a time: what stops it may stand at any place of a block. */
static void a_hundred_thousand_levels_are_refused(void)
{
    nu__json_error error;
    nu_value value;

    CHECK(!nu__json_try_read(nested(100000, "[", ""), &value, &error));
    CHECK(!nu__json_try_read(nested(50000, "[{\"\":", "\n"), &value, &error));
    CHECK(!nu__json_try_read(nested(100000, "[", "]"), &value, &error));
}

static void every_place_of_a_block_is_looked_at(void)
{
    static const char *const stops[] = { "\\n", "\\u00e9", "\xc3\xa9", "\\\"", "\\\\" };

    for (size_t s = 0; s < sizeof stops / sizeof *stops; s++)
        for (size_t before = 0; before < 40; before++) {
            nu_scratch_scope();
            nu__buf buf = { 0 };
            nu_str text, read;

            nu__buf_char(&buf, '"');
            nu__buf_fill(&buf, 'x', before);
            nu__buf_add(&buf, stops[s], strlen(stops[s]));
            nu__buf_fill(&buf, 'y', 40 - before);
            nu__buf_char(&buf, '"');
            text = nu_copy(nu__buf_str(&buf));
            read = nu_json_read(text).s;
            CHECK_INT(read.ptr[before - (before > 0)], before ? 'x' : read.ptr[0]);
            CHECK_STR(nu_json_read(nu_to_json(read)).s, read);
        }
}

static void the_text_read_is_not_kept(void)
{
    char text[] = "{\"key\":[\"value\"]}";
    nu_dict *dict = nu_as_dict(nu_json_read(nu_s(text)));

    memset(text, '#', sizeof text - 1);
    CHECK_STR(nu_to_json(dict), "{\"key\": [\"value\"]}");
}

/* ---- writing ------------------------------------------------------------------------------ */

static nu_str written(nu_value value, const nu__json_style *style)
{
    nu__buf buf = { 0 };

    nu__json_value(&buf, value, style);
    return nu__buf_str(&buf);
}

static nu_datetime moment(void)
{
    nu_datetime moment = nu_datetime_of(2024, 5, 17, 12, 30, 45);

    return (nu_datetime){ moment.us + 123456 };
}

static void django_writes_spaces_and_ascii(void)
{
    nu_dict *dict = NU_DICT(("a", NU_LIST(1, 2.5, nu_null())), ("\xc3\xa9", "\xe2\x82\xac\x7f\n"));

    CHECK_STR(nu_to_json(dict), "{\"a\": [1, 2.5, null], \"\\u00e9\": \"\\u20ac\\u007f\\n\"}");
    CHECK_STR(nu_to_json(S("\xf0\x9f\x98\x80")), "\"\\ud83d\\ude00\"");
}

static void rest_writes_no_spaces_and_utf_8(void)
{
    nu_value value = V(NU_DICT(("a", NU_LIST(1, 2)), ("b", "\xc3\xa9\x7f\xe2\x82\xac")));

    CHECK_STR(written(value, &nu__json_rest), "{\"a\":[1,2],\"b\":\"\xc3\xa9\x7f\xe2\x82\xac\"}");
    CHECK_STR(written(V("a\xe2\x80\xa8"
                        "b\xe2\x80\xa9"),
                      &nu__json_rest),
              "\"a\\u2028b\\u2029\"");
}

static void dates_and_numbers_are_text_as_django_encodes_them(void)
{
    nu_list *values =
        NU_LIST(moment(), nu_datetime_of(2024, 5, 17, 0, 0, 0), nu_date_of(2024, 5, 17),
                nu_time_of(12, 30, 45, 123456), nu_time_of(12, 30, 0, 0), nu_seconds(93784.5),
                nu_seconds(-1), DEC(1.10), nu_namespace_dns, true);

    CHECK_STR(nu_to_json(values),
              "[\"2024-05-17T12:30:45.123Z\", \"2024-05-17T00:00:00Z\", \"2024-05-17\", "
              "\"12:30:45.123\", \"12:30:00\", \"P1DT02H03M04.500000S\", \"-P0DT00H00M01S\", "
              "\"1.10\", \"6ba7b810-9dad-11d1-80b4-00c04fd430c8\", true]");
    CHECK_STR(written(V(NU_LIST(moment(), nu_time_of(12, 30, 45, 123456))), &nu__json_rest),
              "[\"2024-05-17T12:30:45.123456Z\",\"12:30:45.123456\"]");
}

static void floats_are_their_shortest_text(void)
{
    CHECK_STR(nu_to_json(NU_LIST(0.1, 1e16, 1e-7, 100.0, -0.0, 5e-324)),
              "[0.1, 1e+16, 1e-07, 100.0, -0.0, 5e-324]");
    CHECK_STR(nu_to_json(NU_LIST(NAN, INFINITY, -INFINITY)), "[NaN, Infinity, -Infinity]");
    CHECK_RAISES(NU_VALUE_ERROR, "not JSON compliant", written(V(NAN), &nu__json_rest));
}

static void what_json_does_not_hold_is_an_error_that_names_it(void)
{
    nu_list *own = nu_list_new();

    nu_list_append(own, own);
    CHECK_RAISES(NU_VALUE_ERROR, "Circular reference detected", nu_to_json(own));
    CHECK_RAISES(NU_TYPE_ERROR, "Object of type bytes is not JSON serializable",
                 nu_to_json(((nu_bytes){ (const uint8_t *)"a", 1 })));
    CHECK_RAISES(NU_TYPE_ERROR, "Object of type datetime is not JSON serializable",
                 written(V(moment()), &nu__json_compact));
}

static void rows_can_be_written_without_a_tree(void)
{
    nu__buf buf = { 0 };

    nu__buf_lit(&buf, "{\"id\":");
    nu__buf_int(&buf, 7);
    nu__buf_lit(&buf, ",\"name\":");
    nu__json_str(&buf, S("a \"b\""), &nu__json_rest);
    nu__buf_lit(&buf, ",\"gpa\":");
    nu__json_decimal(&buf, DEC(3.50));
    nu__buf_lit(&buf, ",\"born\":");
    nu__json_date(&buf, (nu_date){ 0 });
    nu__buf_lit(&buf, ",\"active\":");
    nu__json_bool(&buf, true);
    nu__buf_char(&buf, '}');
    CHECK_STR(nu__buf_str(&buf),
              "{\"id\":7,\"name\":\"a \\\"b\\\"\",\"gpa\":\"3.50\",\"born\":null,\"active\":true}");
}

/* ---- members ------------------------------------------------------------------------------ */

static void a_member_holds_a_copy_of_its_own(void)
{
    nu_list *tags = NU_LIST("a", "b");
    nu_json_value json = nu_json_of(NU_DICT(("tags", tags), ("address", NU_DICT(("city", "X")))));

    nu_list_append(tags, "c");
    CHECK_STR(nu_to_json(nu_json_value_of(json)),
              "{\"tags\": [\"a\", \"b\"], \"address\": {\"city\": \"X\"}}");
}

static void paths_lead_into_members(void)
{
    nu_json_value json = nu_json_of(
        nu_json_read(S("{\"tags\": [\"a\", {\"b\": 2}], \"address\": {\"city\": \"X\"}}")));

    CHECK_STR(nu_string(nu_json_get_(json, "address.city")), "X");
    CHECK_STR(nu_string(nu_json_get_(json, "tags.0")), "a");
    CHECK_INT(nu_int(nu_json_get_(json, "tags.1.b")), 2);
    CHECK_INT(nu_json_get_(json, "tags.2").kind, NU_KIND_NULL);
    CHECK_INT(nu_json_get_(json, "tags.99999999999999999999").kind, NU_KIND_NULL);
    CHECK_INT(nu_json_get_(json, "address.city.x").kind, NU_KIND_NULL);
    CHECK_INT(nu_json_get_((nu_json_value){ NULL }, "a").kind, NU_KIND_NULL);
}

HARNESS(texts_are_accepted_and_refused_in_the_words_of_python,
        what_must_be_accepted_is_and_what_must_be_refused_is_not,
        a_hundred_thousand_levels_are_refused, refused_text_raises_with_its_place,
        numbers_keep_their_kind, the_last_of_equal_keys_wins_in_the_place_of_the_first,
        nesting_is_limited_to_512, every_place_of_a_block_is_looked_at, the_text_read_is_not_kept,
        django_writes_spaces_and_ascii, rest_writes_no_spaces_and_utf_8,
        dates_and_numbers_are_text_as_django_encodes_them, floats_are_their_shortest_text,
        what_json_does_not_hold_is_an_error_that_names_it, rows_can_be_written_without_a_tree,
        a_member_holds_a_copy_of_its_own, paths_lead_into_members)
