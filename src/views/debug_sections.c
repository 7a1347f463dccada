/* What the pages for developers tell of the request and of the site. */
#include "conf/settings.h"
#include "http/cookies.h"
#include "http/message.h"
#include "urls/reverse.h"
#include "utils/dateformat.h"
#include "views/debug_page.h"
#include "views/recorder.h"
#include "views/secrets.h"

#include <nuages/timezone.h>
#include <nuages/version.h>
#include <unistd.h>

static nu_str address_of(nu_request *req)
{
    nu_str address = { 0 };

    if (nu_catch(NU_EXCEPTION, address = nu_build_absolute_uri(req, NULL)))
        return nu_request_full_path(req);
    return address;
}

void nu__page_request(nu__page *p, nu_request *req, const char *raised)
{
    nu__page_table_begin(p);
    nu__page_row(p, S("Request Method"), req->method_name);
    nu__page_row(p, S("Request URL"), address_of(req));
    if (nu_view_name(req).len)
        nu__page_row(p, nu_s(raised), nu_view_name(req));
    nu__page_table_end(p);
}

static nu_str executable(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    return nu_copy((nu_str){ path, n > 0 ? (size_t)n : 0 });
}

void nu__page_environment(nu__page *p)
{
    nu__page_table_begin(p);
    nu__page_row(p, S("Nuages Version"), S(NU_VERSION));
    nu__page_row(p, S("Executable"), executable());
    nu__page_row(p, S("Server time"),
                 nu__date_format(V(nu_now()), nu_timezone_current(), S("D, d M Y H:i:s O")));
    nu__page_table_end(p);
}

void nu__page_querydict(nu__page *p, const char *title, const nu_querydict *dict)
{
    if (!dict || !nu_querydict_len(dict))
        return;
    nu__page_section(p, title);
    nu__page_table_begin(p);
    for (size_t i = 0; i < nu_querydict_len(dict); i++) {
        nu_str name = nu_querydict_key(dict, i);

        nu__page_row(p, name,
                     nu__is_secret(name) ? S(NU__MASK)
                                         : nu__url_repr(V(nu_querydict_list(dict, name))));
    }
    nu__page_table_end(p);
}

static bool is_secret_cookie(nu_str name)
{
    return nu__is_secret(name) || nu_eq_(name, nu__settings.session_cookie_name);
}

void nu__page_cookies(nu__page *p, nu_request *req)
{
    const nu_dict *cookies = nu__request_cookies(req);

    if (!nu_dict_len(cookies))
        return;
    nu__page_section(p, "Cookies");
    nu__page_table_begin(p);
    for (size_t i = 0; i < nu_dict_len(cookies); i++) {
        nu_str name = nu_dict_key(cookies, i);

        nu__page_row(p, name,
                     is_secret_cookie(name) ? S(NU__MASK)
                                            : nu__url_repr(nu_dict_value(cookies, i)));
    }
    nu__page_table_end(p);
}

void nu__page_headers(nu__page *p, const nu_request *req)
{
    nu__page_section(p, "Request headers");
    nu__page_table_begin(p);
    for (uint32_t i = 0; i < req->headers.len; i++) {
        const nu__header *header = &req->headers.items[i];

        nu__page_row(p, header->name, nu__is_secret(header->name) ? S(NU__MASK) : header->value);
    }
    nu__page_table_end(p);
}

void nu__page_sent(nu__page *p, nu_request *req)
{
    nu__page_querydict(p, "GET", req->get);
    nu__page_querydict(p, "POST", req->post);
    nu__page_querydict(p, "FILES", req->files);
    nu__page_cookies(p, req);
    nu__page_headers(p, req);
}

void nu__page_settings(nu__page *p)
{
    nu__setting setting;

    nu__page_section(p, "Settings");
    nu__page_table_begin(p);
    for (size_t i = 0; nu__conf_setting(i, &setting); i++)
        nu__page_row(p, setting.name,
                     nu__is_secret(setting.name) && setting.value.kind == NU_KIND_STR
                         ? S(NU__MASK)
                         : nu__url_repr(setting.value));
    nu__page_table_end(p);
}

void nu__page_queries(nu__page *p, const nu_request *req)
{
    const nu__recorder *recorder = nu__recorder_of(req);

    if (!recorder || !recorder->n_queries)
        return;
    nu__page_section(p, "SQL");
    nu__page_paragraph(p, "p",
                       nu_fmt("{} quer{} in {:.1f} ms{}.", recorder->n_queries,
                              recorder->n_queries == 1 ? "y" : "ies",
                              recorder->query_seconds * 1000, nu__recorded_repeats(recorder)));
    nu__page_table_begin(p);
    for (size_t i = 0; i < recorder->n_queries && i < NU__MOST_QUERIES; i++) {
        const nu__recorded_query *query = &recorder->queries[i];

        nu__page_row(p, nu_fmt("{:.2f} ms{}", query->seconds * 1000, nu__recorded_before(query)),
                     nu_fmt("{}{}", query->sql,
                            query->params.len ? nu_fmt("  [{}]", query->params) : S("")));
    }
    nu__page_table_end(p);
}
