/* A path resolves by the tree as it does when the patterns are tried one by one; a match of a name
   reverses to a path that resolves to the same. */
#include "target.h"
#include "urls/resolver.h"
#include "urls/reverse.h"
#include "utils/url.h"

#include <nuages/urls.h>

static nu_response *view(nu_request *req)
{
    (void)req;
    return NULL;
}

static const nu_urlconf notes = {
    .app_name = "notes",
    .urlpatterns = { path("", view, .name = "list"), path("<int:n>/", view, .name = "one") },
};

static const nu_urlconf site = {
    .urlpatterns = {
        path("", view, .name = "home"),
        path("students/", view, .name = "list"),
        path("students/new/", view, .name = "new"),
        path("students/<int:pk>/", view, .name = "student"),
        path("students/<slug:name>/", view, .name = "by-name"),
        path("students/<int:student>/edit/", view, .name = "edit"),
        include("students/<int:student>/notes/", notes),
        path("u/<uuid:key>/", view, .name = "by-key"),
        path("mix/<str:a>-<int:b>.html", view, .name = "mix"),
        path("files/<path:rest>", view, .name = "files"),
        path("two/<path:a>/<str:b>/", view, .name = "two"),
        re_path("^re/(?P<a>\\d+)/(?P<b>\\w+)/$", view, .name = "named"),
        re_path("^pos/(\\d+)/(\\w+)?$", view, .name = "positional"),
    },
};

/* The first entry whose pattern fits the path from end to end, as Django tries them. */
static const nu__url_pattern *try_each(const nu__url_level *level, nu_str path)
{
    for (size_t i = 0; i < level->n_items; i++) {
        const nu__url_item *item = &level->items[i];
        const nu__url_pattern *found = item->pattern;
        nu_str rest;

        if (!nu__url_pattern_match(item->pattern, path, &rest))
            continue;
        if (item->level)
            found = try_each(item->level, rest);
        if (found)
            return found;
    }
    return NULL;
}

static void check_kwargs(const nu__url_match *match, const nu__url_match *again)
{
    FUZZ_CHECK(match->n_kwargs == again->n_kwargs);
    for (size_t i = 0; i < match->n_kwargs; i++) {
        FUZZ_UTF8(nu_string(match->kwargs[i].value));
        FUZZ_SAME(match->kwargs[i].name, again->kwargs[i].name);
        FUZZ_SAME(nu_string(match->kwargs[i].value), nu_string(again->kwargs[i].value));
    }
}

static nu_var *kwargs_of(const nu__url_match *match)
{
    nu_var *vars = nu_alloc_array(nu_var, match->n_kwargs + 1);

    for (size_t i = 0; i < match->n_kwargs; i++)
        vars[i] = (nu_var){ nu_copy(match->kwargs[i].name).ptr, match->kwargs[i].value };
    return vars;
}

static void check_reverse(nu__resolver *resolver, const nu__url_match *match)
{
    nu_reverse_options options = { .urlconf = &site, .kwargs = kwargs_of(match) };
    const nu__url_match *again;
    nu_str url;

    if (match->n_args)
        return;
    url = nu__url_reverse(resolver, match->leaf->view_name, &options);
    FUZZ_CHECK(nu__is_ascii(url) && !nu_starts_with(url, S("//")));
    again = nu__resolve(resolver, fuzz_exact(nu__unquote(url)));
    FUZZ_CHECK(again && again->leaf == match->leaf);
    check_kwargs(match, again);
}

FUZZ_TARGET(urlconf)
{
    nu__resolver *resolver = nu__resolver_get(&site);
    nu_str path = fuzz_as_utf8(input);
    const nu__url_match *match;
    const nu__url_pattern *tried;

    if (!path.len || path.ptr[0] != '/')
        path = nu_fmt("/{}", path);
    path = fuzz_exact(path);
    match = nu__resolve(resolver, path);
    tried = try_each(&resolver->root, nu__sub(path, 1, path.len));
    FUZZ_CHECK((match != NULL) == (tried != NULL));
    nu__url_tried(resolver, path);
    if (!match)
        return;
    FUZZ_CHECK(match->leaf->entry == tried->entry);
    check_reverse(resolver, match);
}
