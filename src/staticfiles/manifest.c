#include "staticfiles/manifest.h"

#include "core/buf.h"
#include "core/list.h"
#include "files/safe_join.h"
#include "staticfiles/staticfiles.h"
#include "utils/crypto.h"
#include "utils/regex.h"
#include "utils/url.h"

#include <nuages/json.h>
#include <string.h>

struct nu__manifest {
    nu_str root;
    nu_dict *paths;   /* known files; their names by content once these are worked out */
    nu_dict *working; /* those whose references are being followed */
    nu__re *reference;
    int64_t copies;
};

nu_str nu__manifest_name(nu_str path, nu_str content)
{
    nu_str hash = nu__hex(nu__digest_of("md5", content));
    size_t dot = path.len;

    while (dot && path.ptr[dot - 1] != '.' && path.ptr[dot - 1] != '/')
        dot--;
    if (!dot || path.ptr[dot - 1] == '/')
        return nu_fmt("{}.{}", path, ((nu_str){ hash.ptr, 12 }));
    return nu_fmt("{}.{}.{}", ((nu_str){ path.ptr, dot - 1 }), ((nu_str){ hash.ptr, 12 }),
                  ((nu_str){ path.ptr + dot, path.len - dot }));
}

/* ---- references of style sheets -------------------------------------------------------------- */

/* What a reference names, by its path below the folder of static files; false for other sites, data
   and places within the page. */
static bool reference_path(nu_str from, nu_str reference, nu_str *path, nu_str *rest)
{
    size_t len = reference.len ? strcspn(nu_copy(reference).ptr, "?#") : 0, slash = from.len;

    *rest = (nu_str){ reference.ptr + len, reference.len - len };
    reference.len = len;
    if (!len || reference.ptr[0] == '/' || memchr(reference.ptr, ':', len))
        return false;
    while (slash && from.ptr[slash - 1] != '/')
        slash--;
    *path =
        nu__path_normalize(nu_fmt("{}{}", ((nu_str){ from.ptr, slash }), nu__unquote(reference)));
    return true;
}

static nu_str last_part(nu_str path)
{
    const char *slash = memrchr(path.ptr, '/', path.len);

    return slash ? (nu_str){ slash + 1, path.len - (size_t)(slash + 1 - path.ptr) } : path;
}

static nu_str name_of(nu__manifest *manifest, nu_str path);

/* The reference with the last part of its path named by content. */
static nu_str renamed(nu__manifest *manifest, nu_str from, nu_str reference)
{
    nu_str path, rest, name, bare;
    nu_value known;

    if (!reference_path(from, reference, &path, &rest))
        return reference;
    if (!nu_dict_find(manifest->paths, path, &known))
        nu_raise(NU_VALUE_ERROR, "The file '{}' could not be found; {} refers to it.", path, from);
    name = last_part(name_of(manifest, path));
    bare = (nu_str){ reference.ptr, reference.len - rest.len };
    bare.len -= last_part(bare).len;
    return nu_fmt("{}{}{}", bare, nu__filepath_to_uri(name), rest);
}

static nu_str rewritten(nu__manifest *manifest, nu_str path, nu_str content)
{
    nu__buf out = { 0 };
    nu__re_group groups[3];
    nu_str rest = content;

    if (!nu_ends_with(path, S(".css")))
        return content;
    while (nu__re_match(manifest->reference, rest, groups, 3)) {
        nu_str found = groups[1].ptr ? groups[1] : groups[2];

        nu__buf_add(&out, rest.ptr, (size_t)(found.ptr - rest.ptr));
        nu__buf_str_add(&out, renamed(manifest, path, found));
        found.ptr += found.len;
        rest = (nu_str){ found.ptr, (size_t)(content.ptr + content.len - found.ptr) };
    }
    nu__buf_str_add(&out, rest);
    return nu__buf_str(&out);
}

/* ---- the manifest ---------------------------------------------------------------------------- */

static void regex_release(void *manifest)
{
    nu__re_free(((nu__manifest *)manifest)->reference);
}

nu__manifest *nu__manifest_new(nu_str root)
{
    nu__manifest *manifest = nu_alloc(nu__manifest);
    char error[96];

    manifest->root = root;
    manifest->paths = nu_dict_new();
    manifest->working = nu_dict_new();
    manifest->reference = nu__re_compile(S("url\\(\\s*['\"]?([^'\")\\s]+)['\"]?\\s*\\)|"
                                           "@import\\s+['\"]([^'\"]+)['\"]"),
                                         NU__RE_IGNORECASE, error);
    if (!manifest->reference)
        nu_raise(NU_MEMORY_ERROR, "{}", (const char *)error);
    nu_on_fiber_end(regex_release, manifest);
    return manifest;
}

void nu__manifest_add(nu__manifest *manifest, nu_str path)
{
    nu_dict_set_str(manifest->paths, path, nu_null());
}

static nu_str name_of(nu__manifest *manifest, nu_str path)
{
    nu_value known = nu_null();
    nu_str content, name;
    bool circle;

    nu_dict_find(manifest->paths, path, &known);
    if (known.kind == NU_KIND_STR)
        return known.s;
    content = nu__static_read(&(nu__static_file){ .path = path, .folder = manifest->root });
    circle = nu_dict_find(manifest->working, path, &known);
    if (circle) /* style sheets that import each other are named by what they were */
        return nu__manifest_name(path, content);
    nu_dict_set_str(manifest->working, path, nu_v_bool(true));
    content = rewritten(manifest, path, content);
    name = nu__manifest_name(path, content);
    nu__static_write(nu_fmt("{}/{}", manifest->root, name), content);
    manifest->copies++;
    nu_dict_set_str(manifest->paths, path, nu_v_str(name));
    nu_dict_remove(manifest->working, path);
    return name;
}

/* Python's json.dumps(sorted(paths.items())) hashed: changes when any name does. */
static nu_str manifest_hash(const nu_list *pairs)
{
    nu_str hash = nu__hex(nu__digest_of("md5", nu_to_json_(nu_v_list(pairs))));

    return (nu_str){ hash.ptr, 12 };
}

int64_t nu__manifest_write(nu__manifest *manifest)
{
    nu_list *pairs = nu_list_new();
    nu_dict *all;

    for (size_t i = 0; i < nu_dict_len(manifest->paths); i++) {
        nu_str path = nu_dict_key(manifest->paths, i);

        nu_list_append(pairs, NU_LIST(path, name_of(manifest, path)));
    }
    all = NU_DICT(("paths", manifest->paths), ("version", "1.1"), ("hash", manifest_hash(pairs)));
    nu__static_write(nu_fmt("{}/staticfiles.json", manifest->root), nu_to_json_(nu_v_dict(all)));
    return manifest->copies;
}
