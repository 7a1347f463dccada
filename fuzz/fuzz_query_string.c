/* A query string reads as valid text whatever its bytes are, and what is written of it reads back
   as the same names and values in the same order. */
#include "http/querydict.h"
#include "target.h"

enum { MAX_FIELDS = 200 };

static void check_texts(const nu_querydict *dict)
{
    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str name = nu_querydict_key(dict, i);
        nu_list *values = nu_querydict_list(dict, name);
        size_t n = nu_list_len(values);

        FUZZ_UTF8(name);
        FUZZ_CHECK(n > 0 && nu_querydict_has(dict, name));
        for (size_t j = 0; j < n; j++)
            FUZZ_UTF8(nu_at(values, j).s);
        FUZZ_SAME(nu_querydict_get(dict, name), nu_at(values, n - 1).s);
        FUZZ_CHECK(i == 0 || !nu_eq_(name, nu_querydict_key(dict, i - 1)));
    }
}

static void check_same(const nu_querydict *a, const nu_querydict *b)
{
    FUZZ_CHECK(nu_querydict_len(a) == nu_querydict_len(b));
    for (size_t i = 0; i < nu_querydict_len(a); i++) {
        nu_list *values = nu_querydict_list(a, nu_querydict_key(a, i));
        nu_list *others = nu_querydict_list(b, nu_querydict_key(b, i));

        FUZZ_SAME(nu_querydict_key(a, i), nu_querydict_key(b, i));
        FUZZ_CHECK(nu_list_len(values) == nu_list_len(others));
        for (size_t j = 0; j < nu_list_len(values); j++)
            FUZZ_SAME(nu_at(values, j).s, nu_at(others, j).s);
    }
}

static void check_changes(const nu_querydict *original)
{
    nu_querydict *dict = nu_querydict_copy(original);
    nu_str name = nu_copy(nu_querydict_key(dict, nu_querydict_len(dict) / 2));
    size_t n = nu_querydict_len(dict);

    check_same(dict, original);
    nu_querydict_append(dict, name, S("appended"));
    FUZZ_SAME(nu_querydict_get(dict, name), S("appended"));
    nu_querydict_set(dict, name, S("set"));
    FUZZ_CHECK(nu_list_len(nu_querydict_list(dict, name)) == 1);
    FUZZ_CHECK(nu_querydict_remove(dict, name) && !nu_querydict_has(dict, name));
    FUZZ_CHECK(nu_querydict_len(dict) == n - 1);
}

static void check_read(nu_str input)
{
    nu_querydict *dict = nu_querydict_parse(input, 0);
    nu_str written = nu_querydict_urlencode(dict, "");

    check_texts(dict);
    FUZZ_CHECK(nu__is_ascii(written));
    check_same(nu_querydict_parse(fuzz_exact(written), 0), dict);
    written = nu_querydict_urlencode(dict, "/:");
    check_same(nu_querydict_parse(fuzz_exact(written), 0), dict);
    FUZZ_UTF8(nu_string(nu_querydict_value(dict)));
    if (nu_querydict_len(dict))
        check_changes(dict);
}

static void check_latin1(nu_str input)
{
    nu_querydict *dict = nu_querydict_new();

    nu__querydict_read(dict, input, 0, NU__LATIN1);
    check_texts(dict);
}

FUZZ_TARGET(query_string)
{
    size_t fields = 1;
    const nu_error *error =
        nu_catch(NU_TOO_MANY_FIELDS_SENT, nu_querydict_parse(input, MAX_FIELDS));

    for (size_t i = 0; i < input.len; i++)
        fields += input.ptr[i] == '&';
    FUZZ_CHECK((error != NULL) == (fields > MAX_FIELDS));
    check_read(input);
    check_latin1(input);
}
