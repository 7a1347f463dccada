/* What a URL's view gives to its template, as far as it is declared: for ./manage check. */
#include "views/generic.h"

#include <string.h>

static void add(nu_dict *names, const char *name)
{
    nu_dict_set(names, name, nu_null());
}

static void add_all(nu_dict *names, const char *const *more, size_t most)
{
    for (size_t i = 0; i < most && more[i]; i++)
        add(names, more[i]);
}

/* "<int:pk>" of a route, "(?P<pk>…)" of a pattern. */
static void add_captures(nu_dict *names, const char *route)
{
    const char *end;

    while ((route = strchr(route, '<')) && (end = strchr(route, '>'))) {
        const char *colon = memchr(route, ':', (size_t)(end - route)),
                   *name = (colon ? colon : route) + 1;

        nu_dict_set_str(names, nu_copy((nu_str){ name, (size_t)(end - name) }), nu_null());
        route = end;
    }
}

static void add_object(nu_dict *names, const nu_generic *options, const char *suffix)
{
    if (options->context_object_name)
        add(names, options->context_object_name);
    else if (options->model)
        add(names, nu_fmt("{}{}", nu__model_info_of(options->model)->model_name, suffix).ptr);
}

static void of_list(const nu_generic *options, nu_dict *names)
{
    static const char *const own[] = { "paginator", "page_obj", "is_paginated", "object_list" };

    add_all(names, own, sizeof(own) / sizeof(*own));
    add_object(names, options, "_list");
}

static void of_object(const nu_generic *options, nu_dict *names)
{
    add(names, "object");
    add_object(names, options, "");
}

/* A new object is none yet, which templates ask for: {% if object %}. */
static void of_form(const nu_generic *options, nu_dict *names)
{
    of_object(options, names);
    add(names, "form");
}

static void of_template(const nu_generic *options, nu_dict *names)
{
    (void)options;
    (void)names;
}

static const struct generic_kind {
    nu_view *view;
    const char *suffix;
    void (*add)(const nu_generic *options, nu_dict *names);
} kinds[] = {
    { nu_list_view, "_list", of_list },    { nu_detail_view, "_detail", of_object },
    { nu_template_view, "", of_template }, { nu_create_view, "_form", of_form },
    { nu_update_view, "_form", of_form },  { nu_delete_view, "_confirm_delete", of_form },
};

static nu_str of_generic(const nu_url_entry *entry, const struct generic_kind *kind, nu_dict *names)
{
    const nu_generic *options = entry->config;

    if (options->get_context_data && !entry->context[0])
        return (nu_str){ NULL, 0 };
    add(names, "view");
    for (size_t i = 0; i < NU__N_EXTRA_CONTEXT && options->extra_context[i].name; i++)
        add(names, options->extra_context[i].name);
    add_captures(names, entry->route);
    kind->add(options, names);
    return nu_s(nu__generic_template(options, kind->suffix));
}

nu_str nu__view_context(const nu_url_entry *entry, nu_dict *names)
{
    add_all(names, entry->context, sizeof(entry->context) / sizeof(*entry->context));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (entry->view == kinds[i].view && entry->config)
            return of_generic(entry, &kinds[i], names);
    return entry->template_name ? nu_s(entry->template_name) : (nu_str){ NULL, 0 };
}
