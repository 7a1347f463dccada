#include "urls/resolver.h"

/* request.resolver_match as templates read it. */

static const nu__url_match *of(const nu_object *self)
{
    return (const nu__url_match *)self;
}

static nu_value split_names(nu_str names)
{
    nu_list *list = nu_list_new();
    size_t start = 0;

    for (size_t i = 0; names.len && i <= names.len; i++)
        if (i == names.len || names.ptr[i] == ':') {
            nu_list_append(list, ((nu_str){ names.ptr + start, i - start }));
            start = i + 1;
        }
    return V(list);
}

static nu_value get_url_name(const nu__url_match *match)
{
    return match->leaf->url_name.len ? V(match->leaf->url_name) : nu_null();
}

static nu_value get_view_name(const nu__url_match *match)
{
    return V(match->leaf->view_name);
}

static nu_value get_route(const nu__url_match *match)
{
    return V(match->leaf->route);
}

static nu_value get_namespace(const nu__url_match *match)
{
    return V(match->leaf->namespace);
}

static nu_value get_namespaces(const nu__url_match *match)
{
    return split_names(match->leaf->namespace);
}

static nu_value get_app_name(const nu__url_match *match)
{
    return V(match->leaf->app_name);
}

static nu_value get_app_names(const nu__url_match *match)
{
    return split_names(match->leaf->app_name);
}

static nu_value get_args(const nu__url_match *match)
{
    return V(nu_list_of_((nu_values){ match->args, match->n_args }));
}

static nu_value get_kwargs(const nu__url_match *match)
{
    nu_dict *dict = nu_dict_new();

    for (size_t i = 0; i < match->n_kwargs; i++)
        nu_dict_set_str(dict, match->kwargs[i].name, match->kwargs[i].value);
    return V(dict);
}

static nu_value get_captured_kwargs(const nu__url_match *match)
{
    return V(nu__url_match_captured_kwargs(match));
}

static nu_value get_extra_kwargs(const nu__url_match *match)
{
    return V(nu__url_match_extra_kwargs(match));
}

static const struct {
    const char *name;
    nu_value (*get)(const nu__url_match *match);
} attributes[] = {
    { "url_name", get_url_name },
    { "view_name", get_view_name },
    { "route", get_route },
    { "namespace", get_namespace },
    { "namespaces", get_namespaces },
    { "app_name", get_app_name },
    { "app_names", get_app_names },
    { "args", get_args },
    { "kwargs", get_kwargs },
    { "captured_kwargs", get_captured_kwargs },
    { "extra_kwargs", get_extra_kwargs },
};

static bool match_get(const nu_object *self, nu_str name, nu_value *out)
{
    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        if (nu_eq(name, attributes[i].name)) {
            *out = attributes[i].get(of(self));
            return true;
        }
    return false;
}

static nu_value match_text(const nu_object *self)
{
    return V(nu_fmt("ResolverMatch({})", of(self)->leaf->view_name));
}

static const nu_object_ops match_ops = { .kind = "ResolverMatch",
                                         .get = match_get,
                                         .text = match_text };
const nu_class nu__url_match_class = { &match_ops, "ResolverMatch" };
