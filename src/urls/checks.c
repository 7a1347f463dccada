#include "urls/checks.h"

#include "conf/settings.h"
#include "urls/reverse.h"

#include <string.h>

static void warn(nu_list *found, const char *id, nu_str message)
{
    nu_list_append(found, NU_DICT(("id", id), ("level", "warning"), ("msg", message),
                                  ("hint", nu_null()), ("object", nu_null())));
}

static nu_str describe(const nu__url_pattern *pattern)
{
    if (!pattern->entry->name)
        return nu_fmt("'{}'", pattern->route);
    return nu_fmt("'{}' [name='{}']", pattern->route, nu_s(pattern->entry->name));
}

static void check_leading_slash(nu_list *found, const nu__url_pattern *pattern)
{
    nu_str regex = pattern->regex_text;

    if (!nu__settings.append_slash || nu_ends_with(regex, S("/")) ||
        !(nu_starts_with(regex, S("/")) || nu_starts_with(regex, S("^/")) ||
          nu_starts_with(regex, S("^\\/"))))
        return;
    warn(found, "urls.W002",
         nu_fmt("Your URL pattern {} has a route beginning with a '/'. Remove this slash as it is "
                "unnecessary. If this pattern is targeted in an include(), ensure the include() "
                "pattern has a trailing '/'.",
                describe(pattern)));
}

static void check_trailing_dollar(nu_list *found, const nu__url_pattern *pattern)
{
    if (!pattern->entry->include || !nu_ends_with(pattern->route, S("$")) ||
        nu_ends_with(pattern->route, S("\\$")))
        return;
    warn(found, "urls.W001",
         nu_fmt("Your URL pattern {} uses include with a route ending with a '$'. Remove the "
                "dollar from the route to avoid problems including URLs.",
                describe(pattern)));
}

static void check_like_regex(nu_list *found, const nu__url_pattern *pattern)
{
    nu_str route = pattern->route;

    if (memmem(route.ptr, route.len, "(?P<", 4) || nu_starts_with(route, S("^")) ||
        nu_ends_with(route, S("$")))
        warn(found, "2_0.W001",
             nu_fmt("Your URL pattern {} has a route that contains '(?P<', begins with a '^', or "
                    "ends with a '$'. This was likely an oversight when migrating to "
                    "django.urls.path().",
                    describe(pattern)));
}

static void check_brackets(nu_list *found, const nu__url_pattern *pattern)
{
    int open = 0;

    for (size_t i = 0; i < pattern->route.len; i++) {
        char c = pattern->route.ptr[i];

        open += (c == '<') - (c == '>');
        if (open < 0)
            warn(found, "urls.W010",
                 nu_fmt("Your URL pattern {} has an unmatched '>' bracket.", describe(pattern)));
        open = open < 0 ? 0 : open;
    }
    if (open)
        warn(found, "urls.W010",
             nu_fmt("Your URL pattern {} has an unmatched '<' bracket.", describe(pattern)));
}

static void check_name(nu_list *found, const nu__url_pattern *pattern)
{
    if (pattern->entry->name && strchr(pattern->entry->name, ':'))
        warn(found, "urls.W003",
             nu_fmt("Your URL pattern {} has a name including a ':'. Remove the colon, to avoid "
                    "ambiguous namespace references.",
                    describe(pattern)));
}

static void check_level(nu_list *found, const nu__url_level *level)
{
    for (size_t i = 0; i < level->n_items; i++) {
        const nu__url_pattern *pattern = level->items[i].pattern;

        if (level->items[i].level)
            check_level(found, level->items[i].level);
        else
            check_name(found, pattern);
        check_leading_slash(found, pattern);
        if (pattern->entry->regex) {
            check_trailing_dollar(found, pattern);
        } else {
            check_brackets(found, pattern);
            check_like_regex(found, pattern);
        }
    }
}

static void namespaces_add(nu_list *all, const nu__url_level *level, nu_str parents)
{
    for (size_t i = 0; i < level->n_items; i++) {
        const nu__url_level *inner = level->items[i].level;
        nu_str name = parents;

        if (!inner)
            continue;
        if (inner->namespace.len) {
            name = parents.len ? nu_fmt("{}:{}", parents, inner->namespace) : inner->namespace;
            nu_list_append(all, name);
        }
        namespaces_add(all, inner, name);
    }
}

nu_list *nu__url_namespaces(const nu__resolver *resolver)
{
    nu_list *all = nu_list_new();

    namespaces_add(all, &resolver->root, S(""));
    return all;
}

static void check_namespaces(nu_list *found, const nu__resolver *resolver)
{
    nu_list *all = nu__url_namespaces(resolver);
    nu_dict *counts = nu_dict_new();

    for (size_t i = 0; i < nu_list_len(all); i++) {
        nu_value count = nu_null();

        nu_dict_find(counts, nu_at(all, i).s, &count);
        nu_dict_set_str(counts, nu_at(all, i).s,
                        nu_v_int(count.kind == NU_KIND_INT ? count.i + 1 : 1));
    }
    for (size_t i = 0; i < nu_dict_len(counts); i++)
        if (nu_dict_value(counts, i).i > 1)
            warn(found, "urls.W005",
                 nu_fmt("URL namespace '{}' isn't unique. You may not be able to reverse all URLs "
                        "in this namespace",
                        nu_dict_key(counts, i)));
}

nu_list *nu__url_checks(const nu__resolver *resolver)
{
    nu_list *found = nu_list_new();

    check_level(found, &resolver->root);
    check_namespaces(found, resolver);
    return found;
}

nu_list *nu__urls_check(void)
{
    const nu_urlconf *urlconf = nu__url_urlconf_find();

    return urlconf ? nu__url_checks(nu__resolver_get(urlconf)) : nu_list_new();
}
