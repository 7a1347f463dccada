#include "views/generic.h"
#include "views/pagination.h"

#include "http/message.h"

/* ---- ListView -------------------------------------------------------------------------------- */

static nu_value page_asked(nu_request *req, const nu_generic *options)
{
    const char *name = options->page_kwarg ? options->page_kwarg : "page";
    nu_value captured = nu_path_value(req, name);
    nu_str given;

    if (captured.kind != NU_KIND_NULL)
        return captured;
    given = nu_query_param(req, name);
    return given.len ? V(given) : nu_v_int(1);
}

/* paginator, page_obj, is_paginated and object_list. Returns the rows of the page. */
static nu_value put_rows(nu_request *req, const nu_generic *options, nu_query *query,
                         nu_dict *context)
{
    nu_value rows = nu_v_query(query), paginator = nu_null(), page_obj = nu_null();
    bool paginated = false;

    if (options->paginate_by) {
        nu_paginator *made = nu_paginator_of(rows, .per_page = options->paginate_by,
                                             .orphans = options->paginate_orphans,
                                             .disallow_empty_first_page = options->disallow_empty);
        nu_page *page = nu__paginate(made, page_asked(req, options));

        paginator = nu_paginator_value(made);
        page_obj = nu_v_page(page);
        paginated = nu_page_has_other_pages(page);
        rows = nu_page_object_list(page);
    }
    nu_dict_set_(context, "paginator", paginator);
    nu_dict_set_(context, "page_obj", page_obj);
    nu_dict_set_(context, "is_paginated", nu_v_bool(paginated));
    nu_dict_set_(context, "object_list", rows);
    return rows;
}

nu_response *nu_list_view_with(nu_request *req, const nu_generic *options)
{
    nu_response *other = nu__generic_answers(req, GET | HEAD);
    nu_dict *context = nu_dict_new();
    nu_query *query;
    nu_value rows;

    if (other)
        return other;
    query = nu__generic_query(req, options);
    if (options->disallow_empty && !nu_exists(query))
        nu_raise(NU_HTTP404, "Empty list and “ListView.allow_empty” is False.");
    rows = put_rows(req, options, query, context);
    if (options->context_object_name)
        nu_dict_set_(context, options->context_object_name, rows);
    else if (options->model)
        nu_dict_set_str(context, nu_fmt("{}_list", nu__model_info_of(options->model)->model_name),
                        rows);
    return nu__generic_render(req, options, "_list", context);
}

nu_response *nu_list_view(nu_request *req)
{
    return nu_list_view_with(req, req->locals[NU__REQUEST_VIEW]);
}

/* ---- DetailView ------------------------------------------------------------------------------ */

nu_response *nu_detail_view_with(nu_request *req, const nu_generic *options)
{
    nu_response *other = nu__generic_answers(req, GET | HEAD);
    nu_dict *context = nu_dict_new();

    if (other)
        return other;
    nu__generic_put_object(context, options, nu__generic_object(req, options));
    return nu__generic_render(req, options, "_detail", context);
}

nu_response *nu_detail_view(nu_request *req)
{
    return nu_detail_view_with(req, req->locals[NU__REQUEST_VIEW]);
}
