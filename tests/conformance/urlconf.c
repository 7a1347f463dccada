#include "urlconf.h"

#include "core/buf.h"
#include "urls/resolver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static nu_response *view(nu_request *req)
{
    (void)req;
    return NULL;
}

static const char *text_of(const nu_dict *data, const char *name)
{
    nu_value value = nu_item(data, name);

    return value.kind == NU_KIND_STR ? nu_copy(value.s).ptr : NULL;
}

static nu_url_kwarg kwarg_of(nu_str name, nu_value value)
{
    nu_url_kwarg kwarg = { .name = nu_copy(name).ptr, .kind = value.kind };

    if (value.kind == NU_KIND_STR)
        kwarg.s = nu_copy(value.s).ptr;
    else if (value.kind == NU_KIND_FLOAT)
        kwarg.f = value.f;
    else
        kwarg.i = value.kind == NU_KIND_BOOL ? value.b : value.i;
    return kwarg;
}

static const nu_urlconf *build(const nu_list *entries, const char *app_name);

static const nu_url_entry *entry_of(const nu_dict *data)
{
    nu_url_entry *entry = nu_alloc(nu_url_entry);
    nu_value inner = nu_item(data, "include"), kwargs = nu_item(data, "kwargs");

    entry->regex = nu_eq(nu_string(nu_item(data, "type")), "re_path");
    entry->route = text_of(data, entry->regex ? "regex" : "route");
    entry->name = text_of(data, "name");
    entry->namespace = text_of(data, "namespace");
    for (size_t i = 0; kwargs.kind == NU_KIND_DICT && i < nu_dict_len(kwargs.dict); i++)
        entry->kwargs[i] = kwarg_of(nu_dict_key(kwargs.dict, i), nu_dict_value(kwargs.dict, i));
    if (inner.kind == NU_KIND_LIST)
        entry->include = build(inner.list, text_of(data, "app_name"));
    else
        entry->view = view;
    return entry;
}

static const nu_urlconf *build(const nu_list *entries, const char *app_name)
{
    nu_urlconf *urlconf = nu_alloc(nu_urlconf);

    urlconf->app_name = app_name;
    for (size_t i = 0; i < nu_list_len(entries); i++)
        urlconf->urlpatterns[i] = entry_of(nu_as_dict(nu_at(entries, i)));
    return urlconf;
}

static nu_str file_text(nu_str path)
{
    FILE *file = fopen(path.ptr, "r");
    nu__buf out = { 0 };
    size_t got;

    if (!file)
        nu_raise(NU_OS_ERROR, "{}: {}", path, strerror(errno));
    do {
        nu__buf_reserve(&out, 4096);
        got = fread(out.data + out.len, 1, 4096, file);
        out.len += got;
    } while (got);
    fclose(file);
    return nu__buf_str(&out);
}

const nu_urlconf *conf_urlconf(const char *file, nu_str name)
{
    nu_dict *all = nu_as_dict(nu_json_read(file_text(nu_fmt("{}/{}", conf_folder, file))));
    nu_value entries;

    if (!nu_dict_find(all, name, &entries))
        nu_raise(NU_KEY_ERROR, "{} has no configuration {}", file, name);
    return build(nu_as_list(entries), NULL);
}

const nu_urlconf *conf_urlconf_of_route(nu_str route)
{
    nu_urlconf *urlconf = nu_alloc(nu_urlconf);
    nu_url_entry *entry = nu_alloc(nu_url_entry);

    *entry = (nu_url_entry){ .route = nu_copy(route).ptr, .view = view };
    urlconf->urlpatterns[0] = entry;
    return urlconf;
}

void conf_urlconf_done(void)
{
    nu__resolvers_release();
}
