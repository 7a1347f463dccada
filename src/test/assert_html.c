/* Assertions about HTML and JSON. */
#include "test/html.h"
#include "test/run.h"

#include "core/object.h"

#include <nuages/json.h>

/* The tree, or the failure that says what is wrong with the text. */
static nu__html_node *parsed(const nu_place *place, const char *which, nu_str html)
{
    nu__html_node *tree = NULL;
    const nu_error *error = nu_catch(NU_VALUE_ERROR, tree = nu__html_tree(html));

    if (error)
        nu__test_failed(place,
                        nu_fmt("    {} is no HTML: {}\n{}", which, nu_copy(error->message), html));
    return tree;
}

void nu_assert_html_(const nu_place *place, nu_str got, nu_str want, bool equal)
{
    nu__html_node *one = parsed(place, "the first text", got),
                  *two = parsed(place, "the second text", want);

    if (nu__html_same(one, two) == equal)
        return;
    nu__test_failed(place,
                    equal ? nu_fmt("got:\n{}want:\n{}", nu__html_shown(one), nu__html_shown(two))
                          : nu_fmt("is the same HTML:\n{}", nu__html_shown(one)));
}

void nu_assert_in_html_(const nu_place *place, nu_str needle, nu_str haystack,
                        const nu_contains *options)
{
    nu__html_node *what = parsed(place, "the first text", needle),
                  *in = parsed(place, "the second text", haystack);
    int n = nu__html_count(in, what);

    if (options->count ? n == options->count : n > 0)
        return;
    nu__test_failed(
        place, nu_fmt("found {} times instead of {}:\n{}in:\n{}", (int64_t)n,
                      options->count ? nu_fmt("{}", (int64_t)options->count) : S("at least once"),
                      nu__html_shown(what), nu__html_shown(in)));
}

void nu_assert_json_(const nu_place *place, nu_str got, nu_str want)
{
    nu_value one = nu_null(), two = nu_null();

    if (nu_catch(NU_VALUE_ERROR, one = nu_json_read(got)))
        nu__test_failed(place, nu_fmt("    the first text is no JSON: {}", got));
    if (nu_catch(NU_VALUE_ERROR, two = nu_json_read(want)))
        nu__test_failed(place, nu_fmt("    the second text is no JSON: {}", want));
    nu_assert_equal_(place, one, two, true);
}
