/* Assertions about responses: their status, text, templates, forms and where they lead. */
#include "core/object.h"
#include "core/text.h"
#include "http/message.h"
#include "http/url_join.h"
#include "test/html.h"
#include "test/run.h"

#include <nuages/json.h>

/* ---- text ------------------------------------------------------------------------------------ */

static void check_status(const nu_place *place, const nu_response *response, int status)
{
    status = status ? status : 200;
    if (nu_status(response) != status)
        nu__test_failed(place, nu_fmt("    got   status {}\n    want  {}\n{}",
                                      (int64_t)nu_status(response), (int64_t)status,
                                      nu__utf8_cut(nu_body(response), 2000)));
}

static int count_text(nu_str in, nu_str what)
{
    int n = 0;

    for (ptrdiff_t at; what.len && (at = nu__find(in, what)) >= 0; n++)
        in = nu__sub(in, (size_t)at + what.len, in.len);
    return n;
}

static int count_in(nu_response *response, nu_str text, bool html)
{
    if (html)
        return nu__html_count(nu__html_tree(nu_body(response)), nu__html_tree(text));
    return count_text(nu_body(response), text);
}

void nu_assert_contains_(const nu_place *place, nu_response *response, nu_str text,
                         const nu_contains *options)
{
    int n;

    check_status(place, response, options->status);
    n = count_in(response, text, options->html);
    if (options->count && n != options->count)
        nu__test_failed(place,
                        nu_fmt("    found {} instances of {} (expected {}) in:\n{}", (int64_t)n,
                               nu__repr_str(text), (int64_t)options->count, nu_body(response)));
    if (!n)
        nu__test_failed(
            place, nu_fmt("    couldn't find {} in:\n{}", nu__repr_str(text), nu_body(response)));
}

void nu_assert_not_contains_(const nu_place *place, nu_response *response, nu_str text,
                             const nu_contains *options)
{
    check_status(place, response, options->status);
    if (count_in(response, text, options->html))
        nu__test_failed(place, nu_fmt("    {} unexpectedly found in:\n{}", nu__repr_str(text),
                                      nu_body(response)));
}

/* ---- redirects ------------------------------------------------------------------------------- */

/* "http://testserver/a/" and "/a/" are the same place. */
static nu_str local(nu_str url)
{
    nu__url_parts parts = nu__url_split(url);

    if (!parts.netloc.len || nu_eq(parts.netloc, "testserver"))
        return nu_fmt("{}{}", parts.path.len ? parts.path : S("/"), parts.rest);
    return url;
}

static void check_followed(const nu_place *place, const nu__exchange *exchange,
                           const nu_response *response, nu_str to, const nu_redirects *options)
{
    int status = options->status ? options->status : 302,
        target = options->target_status ? options->target_status : 200;

    if (exchange->first_redirect != status)
        nu__test_failed(place, nu_fmt("    initial response didn't redirect as expected: status {} "
                                      "(expected {})",
                                      (int64_t)exchange->first_redirect, (int64_t)status));
    if (nu_status(response) != target)
        nu__test_failed(place, nu_fmt("    response didn't redirect as expected: final status {} "
                                      "(expected {})",
                                      (int64_t)nu_status(response), (int64_t)target));
    if (!nu_eq_(exchange->url, local(to)))
        nu__test_failed(place, nu_fmt("    response redirected to {}, expected {}",
                                      nu__repr_str(exchange->url), nu__repr_str(to)));
}

static void check_target(const nu_place *place, const nu__exchange *exchange, nu_str location,
                         const nu_redirects *options)
{
    int want = options->target_status ? options->target_status : 200, got;

    if (options->do_not_fetch || !nu_starts_with(location, S("/")))
        return;
    got = nu_status(nu_client_request(exchange->client, GET, location, .secure = exchange->secure));
    if (got != want)
        nu__test_failed(place,
                        nu_fmt("    couldn't retrieve redirection page {}: response code was "
                               "{} (expected {})",
                               nu__repr_str(location), (int64_t)got, (int64_t)want));
}

void nu_assert_redirects_(const nu_place *place, nu_response *response, nu_str to,
                          const nu_redirects *options)
{
    const nu__exchange *exchange = nu__exchange_of(response);
    nu_str location = nu_response_header(response, "Location");

    if (exchange->first_redirect) {
        check_followed(place, exchange, response, to, options);
        return;
    }
    if (nu_status(response) != (options->status ? options->status : 302) || !location.ptr)
        nu__test_failed(place, nu_fmt("    response didn't redirect as expected: status {} "
                                      "(expected {})",
                                      (int64_t)nu_status(response),
                                      (int64_t)(options->status ? options->status : 302)));
    if (!nu_eq_(local(location), local(to)))
        nu__test_failed(place, nu_fmt("    response redirected to {}, expected {}",
                                      nu__repr_str(location), nu__repr_str(to)));
    check_target(place, exchange, local(location), options);
}

/* ---- templates and forms --------------------------------------------------------------------- */

nu_list *nu_response_templates(const nu_response *response)
{
    nu_list *names = nu_list_new();

    for (nu__rendering *at = nu__exchange_of(response)->renderings; at; at = at->next)
        nu_list_append(names, at->name);
    return names;
}

nu_value nu_response_context(const nu_response *response, const char *name)
{
    nu_value value;

    for (nu__rendering *at = nu__exchange_of(response)->renderings; at; at = at->next)
        if (nu_dict_find(at->dict, nu_s(name), &value) ||
            nu_dict_find(at->processed, nu_s(name), &value))
            return value;
    return nu_null();
}

nu_form *nu_response_form(const nu_response *response, const char *name)
{
    nu_value value = nu_response_context(response, name);
    const nu_object_ops *ops = nu__value_ops(value);

    if (!ops || !nu_eq(ops->kind, "form"))
        nu_raise(NU_KEY_ERROR, "the response's context has no form '{}'", name);
    return (nu_form *)value.object;
}

nu_value nu_response_json(const nu_response *response)
{
    return nu_json_read(nu_body(response));
}

void nu_assert_template_(const nu_place *place, nu_response *response, const char *name, bool used)
{
    nu_list *names = nu_response_templates(response);
    bool found = nu__value_contains(V(names), V(name));

    if (found == used)
        return;
    if (!used)
        nu__test_failed(place, nu_fmt("    template '{}' was used unexpectedly", name));
    nu__test_failed(
        place, nu_list_len(names)
                   ? nu_fmt("    template '{}' was not a template used to render the response. "
                            "Actual template(s) used: {}",
                            name, nu__join(S(", "), names))
                   : S("    no templates used to render the response"));
}

void nu_assert_form_error_(const nu_place *place, nu_form *form, const char *field,
                           nu_values messages)
{
    nu_value got = nu_null();

    nu_dict_find(nu_form_errors(form), nu_s(field ? field : "__all__"), &got);
    if (got.kind == NU_KIND_NULL)
        got = V(nu_list_new());
    nu_assert_equal_(place, got, V(nu_list_of_(messages)), true);
}
