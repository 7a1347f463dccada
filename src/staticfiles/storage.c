#include "conf/settings.h"
#include "core/arena.h"
#include "core/list.h"
#include "staticfiles/staticfiles.h"
#include "utils/url.h"

#include <nuages/json.h>
#include <string.h>

static nu__arena *owner;  /* of the manifest */
static nu_dict *manifest; /* path -> path with its hash; NULL: none is used */

static nu_str kept(nu_str text)
{
    char *bytes = nu__arena_try_alloc(owner, text.len + 1, 1);

    if (!bytes)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading staticfiles.json");
    memcpy(bytes, text.ptr, text.len);
    return (nu_str){ bytes, text.len };
}

static void manifest_read(void)
{
    nu_str text = nu__static_read(
        &(nu__static_file){ .path = S("staticfiles.json"), .folder = nu__settings.static_root });
    nu_dict *paths = nu_as_dict(nu_item(nu_as_dict(nu_json_read(text)), "paths"));

    manifest = nu__dict_in(owner);
    for (size_t i = 0; i < nu_dict_len(paths); i++)
        nu_dict_set_str(manifest, nu_dict_key(paths, i),
                        nu_v_str(kept(nu_string(nu_dict_value(paths, i)))));
}

void nu__staticfiles_setup(void)
{
    if (owner)
        nu__arena_free(owner);
    owner = NULL;
    manifest = NULL;
    if (!nu__settings.staticfiles_manifest || nu__settings.debug || !nu__settings.static_root.len)
        return;
    owner = nu__arena_new();
    if (!owner)
        nu_raise(NU_MEMORY_ERROR, "out of memory while reading staticfiles.json");
    /* before the first collectstatic there is none */
    if (nu_catch(NU_OS_ERROR, manifest_read()))
        manifest = NULL;
}

/* The name by content of a path that the manifest knows. */
static nu_str stored_name(nu_str path)
{
    nu_value named;

    if (!path.len || nu_ends_with(path, S("/")))
        return path;
    if (!nu_dict_find(manifest, path, &named))
        nu_raise(NU_VALUE_ERROR, "Missing staticfiles manifest entry for '{}'", path);
    return nu_string(named);
}

/* A path that names a file, and perhaps a query and a place in it. Written as it is, not quoted, as
   Django does for these names. */
static nu_str by_content(nu_str path)
{
    size_t len;

    path = nu__unquote(path);
    len = path.len ? strcspn(nu_copy(path).ptr, "?#") : 0;
    return nu_fmt("{}{}", stored_name((nu_str){ path.ptr, len }),
                  ((nu_str){ path.ptr + len, path.len - len }));
}

nu_str nu__static_url(nu_str path)
{
    if (!nu__settings.static_url.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "Static files need the setting STATIC_URL.");
    while (nu_starts_with(path, S("/")))
        path = (nu_str){ path.ptr + 1, path.len - 1 };
    return nu_fmt("{}{}", nu__settings.static_url,
                  manifest ? by_content(path) : nu__filepath_to_uri(path));
}

nu_str nu_static_url(nu_str path)
{
    return nu__static_url(path);
}

static nu__static_serving serving;

void nu__static_serving_set(nu__static_serving when)
{
    serving = when;
}

bool nu__static_is_served(nu_str path, nu_str *rest)
{
    nu_str base = nu__settings.static_url;
    bool served =
        serving == NU__STATIC_ALWAYS || (serving == NU__STATIC_UNDER_DEBUG && nu__settings.debug);

    if (!served || !base.len || base.ptr[0] != '/' || !nu_starts_with(path, base))
        return false;
    *rest = (nu_str){ path.ptr + base.len, path.len - base.len };
    return true;
}
