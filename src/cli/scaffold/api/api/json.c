#include "json.h"

enum { PAGE_SIZE = 20 };

nu_response *invalid(const char *field, const char *message)
{
    nu_dict *errors = nu_dict_new();

    nu_dict_set(errors, field, NU_LIST(message));
    return nu_json_response(400, V(errors));
}

/* The address of another page of the same query; the first has no number in it. */
static nu_value address(nu_request *req, int64_t number)
{
    nu_querydict *query = nu_querydict_copy(nu_request_get(req));
    nu_str text;

    nu_querydict_remove(query, S("page"));
    if (number > 1)
        nu_querydict_set(query, S("page"), nu_fmt("{}", number));
    text = nu_querydict_urlencode(query, NULL);
    return V(nu_build_absolute_uri(
        req, nu_fmt("{}{}{}", nu_request_path(req), text.len ? "?" : "", text).ptr));
}

nu_response *page_of(nu_request *req, nu_query *query)
{
    nu_page *page = nu_paginate(req, query, PAGE_SIZE);
    int64_t number = nu_page_number(page);

    return nu_json(200, ("count", nu_paginator_count(nu_page_paginator(page))),
                   ("next", nu_page_has_next(page) ? address(req, number + 1) : nu_null()),
                   ("previous", nu_page_has_previous(page) ? address(req, number - 1) : nu_null()),
                   ("results", nu_page_object_list(page)));
}
