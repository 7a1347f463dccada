/* What is read can be written, and reads back as the same; what is refused is blamed on a place
   inside the text. */
#include "core/json.h"
#include "target.h"

static bool same_value(nu_value a, nu_value b);

static bool same_lists(const nu_list *a, const nu_list *b)
{
    size_t n = nu_list_len(a);

    if (n != nu_list_len(b))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same_value(nu_at(a, i), nu_at(b, i)))
            return false;
    return true;
}

static bool same_dicts(const nu_dict *a, const nu_dict *b)
{
    size_t n = nu_dict_len(a);

    if (n != nu_dict_len(b))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!nu_eq_(nu_dict_key(a, i), nu_dict_key(b, i)) ||
            !same_value(nu_dict_value(a, i), nu_dict_value(b, i)))
            return false;
    return true;
}

/* To the bit: -0.0 is not 0.0. The reader's depth limit bounds the recursion. */
static bool same_value(nu_value a, nu_value b)
{
    if (a.kind != b.kind)
        return false;
    switch (a.kind) {
    case NU_KIND_STR:
        return nu_eq_(a.s, b.s);
    case NU_KIND_LIST:
        return same_lists(a.list, b.list);
    case NU_KIND_DICT:
        return same_dicts(a.dict, b.dict);
    case NU_KIND_BOOL:
        return a.b == b.b;
    case NU_KIND_NULL:
        return true;
    default:
        return a.u == b.u;
    }
}

static void check_error(nu_str input, const nu__json_error *error)
{
    size_t characters = nu__utf8_count(input);

    FUZZ_CHECK(error->message && *error->message);
    FUZZ_CHECK(error->position <= characters);
    FUZZ_CHECK(error->line >= 1 && error->column >= 1);
    FUZZ_CHECK(error->column <= error->position + 1 && error->line <= error->position + 1);
    FUZZ_CHECK(nu_catch(NU_JSON_DECODE_ERROR, nu_json_read(input)) != NULL);
}

static void check_written(nu_value value, const nu__json_style *style)
{
    nu__buf first = { 0 }, second = { 0 };
    nu__json_error error;
    nu_value again;

    nu__json_value(&first, value, style);
    FUZZ_UTF8(nu__buf_str(&first));
    FUZZ_CHECK(!style->ascii || nu__is_ascii(nu__buf_str(&first)));
    FUZZ_CHECK(nu__json_try_read(fuzz_exact(nu__buf_str(&first)), &again, &error));
    FUZZ_CHECK(same_value(value, again));
    nu__json_value(&second, again, style);
    FUZZ_SAME(nu__buf_str(&second), nu__buf_str(&first));
}

FUZZ_TARGET(json)
{
    nu__json_error error;
    nu_value value;

    if (!nu__json_try_read(input, &value, &error)) {
        check_error(input, &error);
        return;
    }
    FUZZ_UTF8(input);
    check_written(value, &nu__json_django);
    check_written(value, &nu__json_rest);
    check_written(value, &nu__json_compact);
    FUZZ_UTF8(nu_string(value));
}
