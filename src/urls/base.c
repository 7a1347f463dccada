/* What a view, a template or a command asks: names and paths of the running fiber's urlconf. */
#include "core/context.h"
#include "urls/reverse.h"
#include "utils/url.h"

/* ---- of the running fiber -------------------------------------------------------------------- */

typedef struct url_state {
    nu_str script_prefix;
    const nu_urlconf *urlconf;
} url_state;

static const nu_urlconf *root_urlconf;

static url_state *state_own(void)
{
    if (!nu__here->locals[NU__LOCAL_URLCONF])
        nu__here->locals[NU__LOCAL_URLCONF] = nu_alloc(url_state);
    return nu__here->locals[NU__LOCAL_URLCONF];
}

static const url_state *state(void)
{
    return nu__here ? nu__here->locals[NU__LOCAL_URLCONF] : NULL;
}

void nu__url_set_script_prefix(nu_str prefix)
{
    if (prefix.len && !nu_ends_with(prefix, S("/")))
        prefix = nu_fmt("{}/", prefix);
    state_own()->script_prefix = prefix;
}

nu_str nu__url_script_prefix(void)
{
    const url_state *own = state();

    return own && own->script_prefix.len ? own->script_prefix : S("/");
}

void nu__url_set_urlconf(const nu_urlconf *urlconf)
{
    state_own()->urlconf = urlconf;
}

const nu_urlconf *nu__url_urlconf_find(void)
{
    const url_state *own = state();

    return own && own->urlconf ? own->urlconf : root_urlconf;
}

const nu_urlconf *nu__url_urlconf(void)
{
    const nu_urlconf *urlconf = nu__url_urlconf_find();

    if (!urlconf)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "No URL configuration: set .root_urlconf in the settings.");
    return urlconf;
}

/* ---- quoting --------------------------------------------------------------------------------- */

/* What a path may hold as it is: RFC 3986's pchar, and "/". */
#define PATH_SAFE "!$&'()*+,;=/~:@"

void nu__url_quote(nu__buf *out, nu_str prefix, nu_str path)
{
    if (prefix.len == 1 && nu_starts_with(path, S("/"))) {
        nu__buf_lit(out, "/%2F");
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    } else {
        nu__urlquote_to(out, prefix, PATH_SAFE);
    }
    nu__urlquote_to(out, path, PATH_SAFE);
}

/* ---- public ---------------------------------------------------------------------------------- */

nu_str nu_url_(const char *name, nu_values args)
{
    return nu__url_reverse(nu__resolver_get(nu__url_urlconf()), nu_s(name),
                           &(const nu_reverse_options){ .args = args });
}

nu_str nu_reverse_(const char *name, const nu_reverse_options *options)
{
    const nu_urlconf *urlconf = options->urlconf ? options->urlconf : nu__url_urlconf();

    return nu__url_reverse(nu__resolver_get(urlconf), nu_s(name), options);
}

bool nu_is_valid_path(nu_str path)
{
    return nu__resolve(nu__resolver_get(nu__url_urlconf()), path) != NULL;
}

static const nu__url_match *match_of(const nu_request *req)
{
    return req->locals[NU__REQUEST_URLS];
}

nu_value nu_path_value(nu_request *req, const char *name)
{
    for (size_t i = 0; i < req->n_path_values; i++)
        if (nu_eq(req->path_values[i].name, name))
            return req->path_values[i].value;
    return nu_null();
}

nu_value nu_path_arg(nu_request *req, int index)
{
    const nu__url_match *match = match_of(req);

    return match && index >= 0 && (size_t)index < match->n_args ? match->args[index] : nu_null();
}

nu_str nu_view_name(nu_request *req)
{
    const nu__url_match *match = match_of(req);

    return match ? match->leaf->view_name : S("");
}

nu_str nu__url_reverse_for_template(nu_str name, nu_values args, const nu_var *kwargs,
                                    const char *current_app)
{
    const nu_reverse_options options = { .args = args,
                                         .kwargs = kwargs,
                                         .current_app = current_app };

    return nu__url_reverse(nu__resolver_get(nu__url_urlconf()), name, &options);
}

void nu__url_setup(const nu_urlconf *root)
{
    root_urlconf = root;
    nu__resolvers_release();
    if (root)
        nu__resolver_get(root);
}
