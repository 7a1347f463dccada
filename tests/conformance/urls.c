#include "urls_ops.h"

#include "urlconf.h"
#include "urls/reverse.h"

static void forget(void *unused)
{
    (void)unused;
    conf_urlconf_done();
}

static nu__resolver *resolver_of(const conf_case *c)
{
    return nu__resolver_get(conf_urlconf("urls_urlconfs.json", conf_member_text(c, "urlconf")));
}

/* ---- resolve --------------------------------------------------------------------------------- */

static nu_value names(nu_str joined)
{
    nu_list *list = nu_list_new();

    for (size_t i = 0, start = 0; joined.len && i <= joined.len; i++)
        if (i == joined.len || joined.ptr[i] == ':') {
            nu_list_append(list, ((nu_str){ joined.ptr + start, i - start }));
            start = i + 1;
        }
    return V(list);
}

static nu_value resolve(const conf_case *c)
{
    const nu__url_match *match;
    nu_dict *kwargs = nu_dict_new(), *found;

    nu_defer(forget, NULL);
    match = nu__resolve(resolver_of(c), conf_member_text(c, "path"));
    if (!match)
        nu_raise(NU_RESOLVER404, "no match");
    for (size_t i = 0; i < match->n_kwargs; i++)
        nu_dict_set_str(kwargs, match->kwargs[i].name, match->kwargs[i].value);
    found = NU_DICT(("name", nu_copy(match->leaf->url_name)),
                    ("view_name", nu_copy(match->leaf->view_name)),
                    ("namespaces", names(nu_copy(match->leaf->namespace))),
                    ("app_names", names(nu_copy(match->leaf->app_name))),
                    ("route", nu_copy(match->leaf->route)),
                    ("args", nu_list_of_((nu_values){ match->args, match->n_args })),
                    ("kwargs", kwargs), ("captured_kwargs", nu__url_match_captured_kwargs(match)),
                    ("extra_kwargs", nu__url_match_extra_kwargs(match)));
    return V(NU_DICT(("match", found)));
}

/* ---- reverse --------------------------------------------------------------------------------- */

static const char *member(const conf_case *c, const char *name)
{
    nu_str text = conf_member_text(c, name);

    return text.ptr ? nu_copy(text).ptr : NULL;
}

static nu_value reverse(const conf_case *c)
{
    nu_list *args = nu_as_list(conf_untag(V((nu_list *)c->args)));
    nu_dict *kwargs = nu_as_dict(conf_untag(V((nu_dict *)c->kwargs)));
    nu_value *values = nu_alloc_array(nu_value, nu_list_len(args) + 1);
    nu_var *vars = nu_alloc_array(nu_var, nu_dict_len(kwargs) + 1);
    nu_reverse_options options = { .kwargs = vars, .current_app = member(c, "current_app") };
    const char *prefix = member(c, "script_prefix");

    nu_defer(forget, NULL);
    for (size_t i = 0; i < nu_list_len(args); i++)
        values[i] = nu_at(args, i);
    options.args = (nu_values){ values, nu_list_len(args) };
    for (size_t i = 0; i < nu_dict_len(kwargs); i++)
        vars[i] = (nu_var){ nu_copy(nu_dict_key(kwargs, i)).ptr, nu_dict_value(kwargs, i) };
    nu__url_set_script_prefix(nu_s(prefix ? prefix : "/"));
    return V(nu__url_reverse(resolver_of(c), conf_member_text(c, "name"), &options));
}

static nu_value reverse_url(const conf_case *c)
{
    nu_value url;
    const nu_error *error = nu_catch(NU_EXCEPTION, url = reverse(c));

    if (error)
        conf_raise_plain(error);
    return V(NU_DICT(("url", url)));
}

/* ---- route ----------------------------------------------------------------------------------- */

static nu_value probe(nu__resolver *resolver, nu_str path)
{
    const nu__url_match *match = nu__resolve(resolver, nu_fmt("/{}", path));

    return match ? V(nu__url_match_captured_kwargs(match)) : nu_null();
}

static nu_value route(const conf_case *c)
{
    nu__resolver *resolver;
    const nu__url_pattern *pattern;
    nu_dict *converters = nu_dict_new(), *probes = nu_dict_new();
    const nu_dict *asked;

    nu_defer(forget, NULL);
    if (!nu_dict_find(c->data, S("probes"), &(nu_value){ 0 })) { /* the message is a member */
        const nu_error *error = nu_catch(
            NU_EXCEPTION, nu__resolver_get(conf_urlconf_of_route(conf_member_text(c, "route"))));

        if (!error || !nu_eq(error->message, conf_member_text(c, "message")))
            nu_raise(NU_KEY_ERROR, "another message: {}", error ? error->message : S("none"));
        nu_reraise(error);
    }
    resolver = nu__resolver_get(conf_urlconf_of_route(conf_member_text(c, "route")));
    pattern = resolver->root.items[0].pattern;
    asked = nu_as_dict(nu_item(c->data, "probes"));
    for (size_t i = 0; i < pattern->n_captures; i++)
        nu_dict_set_str(converters, pattern->captures[i].name,
                        V(pattern->captures[i].converter->name));
    for (size_t i = 0; i < nu_dict_len(asked); i++)
        nu_dict_set_str(probes, nu_dict_key(asked, i), probe(resolver, nu_dict_key(asked, i)));
    return V(NU_DICT(("converters", converters), ("probes", probes)));
}

const conf_op conf_urls[] = {
    { "resolve", resolve, "match" },
    { "reverse", reverse_url, "url" },
    { "route", route, "converters probes" },
    { 0 },
};
