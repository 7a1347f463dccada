#include "views/generic.h"

#include "http/message.h"
#include "template/template.h"

#include <nuages/logging.h>

/* ---- methods --------------------------------------------------------------------------------- */

nu_response *nu__generic_answers(nu_request *req, int methods)
{
    nu_response *response;

    methods |= OPTIONS;
    if (req->method != OPTIONS && methods & (int)req->method)
        return NULL;
    response = nu_not_allowed(req, methods);
    if (req->method == OPTIONS)
        response->status = 200;
    return response;
}

/* ---- the query ------------------------------------------------------------------------------- */

static const char *or_default(const char *text, const char *fallback)
{
    return text ? text : fallback;
}

nu_query *nu__generic_query(nu_request *req, const nu_generic *options)
{
    nu_query *query;

    if (options->get_queryset)
        query = options->get_queryset(req);
    else if (options->model)
        query = nu_objects_(options->model);
    else
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "A generic view is missing a query. Give it a model or .get_queryset.");
    return options->ordering[0] ? nu_order_by_(query, options->ordering) : query;
}

/* ---- the object ------------------------------------------------------------------------------ */

static nu_query *narrowed(nu_query *query, const char *lookup, nu_value value)
{
    return nu_filter_(query, (const nu_cond[]){ { .lookup = lookup, .value = value }, { 0 } });
}

void *nu__generic_object(nu_request *req, const nu_generic *options)
{
    nu_query *query;
    nu_value pk, slug;
    void *object;

    if (options->get_object)
        return options->get_object(req);
    query = nu__generic_query(req, options);
    pk = nu_path_value(req, or_default(options->pk_url_kwarg, "pk"));
    slug = nu_path_value(req, or_default(options->slug_url_kwarg, "slug"));
    if (pk.kind == NU_KIND_NULL && slug.kind == NU_KIND_NULL)
        nu_raise(NU_ATTRIBUTE_ERROR,
                 "The generic view of {} must be called with either an object "
                 "pk or a slug in the URLconf.",
                 nu__model_info_of(options->model)->label);
    if (pk.kind != NU_KIND_NULL)
        query = narrowed(query, "pk", pk);
    if (slug.kind != NU_KIND_NULL && (pk.kind == NU_KIND_NULL || options->query_pk_and_slug))
        query = narrowed(query, or_default(options->slug_field, "slug"), slug);
    object = nu_find_(query, options->model, NU_CONDS());
    if (!object)
        nu_raise(NU_HTTP404, "No {} found matching the query",
                 nu__model_info_of(options->model)->verbose_name);
    return object;
}

void nu__generic_put_object(nu_dict *context, const nu_generic *options, const nu_object *object)
{
    nu_value value = nu_v_object(object);

    nu_dict_set_(context, "object", value);
    if (options->context_object_name)
        nu_dict_set_(context, options->context_object_name, value);
    else
        nu_dict_set_str(context, nu__model_info_of(options->model)->model_name, value);
}

/* ---- the view variable ----------------------------------------------------------------------- */

typedef struct view_object {
    nu_object object;
    nu_request *req;
} view_object;

static bool view_get(const nu_object *self, nu_str name, nu_value *out)
{
    nu_request *req = ((const view_object *)self)->req;
    nu_dict *kwargs;

    if (nu_eq(name, "request")) {
        *out = nu__request_object(req);
        return true;
    }
    if (!nu_eq(name, "kwargs"))
        return false;
    kwargs = nu_dict_new();
    for (size_t i = 0; i < req->n_path_values; i++)
        nu_dict_set_str(kwargs, req->path_values[i].name, req->path_values[i].value);
    *out = V(kwargs);
    return true;
}

static const nu_object_ops view_ops = { .kind = "view", .get = view_get };
static const nu_class view_class = { &view_ops, "View" };

/* ---- the page -------------------------------------------------------------------------------- */

const char *nu__generic_template(const nu_generic *options, const char *suffix)
{
    const nu__model_info *info;

    if (options->template_name)
        return options->template_name;
    if (!options->model)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "A generic view needs a .template_name or a model.");
    info = nu__model_info_of(options->model);
    return nu_fmt("{}/{}{}.html", info->app_label, info->model_name, suffix).ptr;
}

nu_response *nu__generic_render(nu_request *req, const nu_generic *options, const char *suffix,
                                nu_dict *context)
{
    view_object *view = nu_alloc(view_object);
    nu_response *response;

    view->object.type = &view_class;
    view->req = req;
    nu_dict_set_(context, "view", nu_v_object(view));
    for (size_t i = 0; i < NU__N_EXTRA_CONTEXT && options->extra_context[i].name; i++)
        nu_dict_set(context, options->extra_context[i].name, options->extra_context[i].value);
    if (options->get_context_data)
        options->get_context_data(req, context);
    response = nu_render_dict(req, nu__generic_template(options, suffix), context);
    if (options->content_type)
        nu_set_header(response, "Content-Type", options->content_type);
    return response;
}
