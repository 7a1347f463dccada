#include "staticfiles/manifest.h"

#include "conf/settings.h"
#include "core/buf.h"
#include "core/list.h"
#include "core/text.h"
#include "files/safe_join.h"
#include "staticfiles/staticfiles.h"
#include "utils/crypto.h"
#include "utils/regex.h"
#include "utils/url.h"

#include <nuages/json.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a file refers to others by, in Django's order: group 1 is the reference, and the whole is
   written anew around its new name. Blanks before a quote are taken, where Django finds no file. */
static const struct referring {
    const char *suffix, *pattern;
    unsigned flags;
    const char *before, *after;
} referring[] = {
    { ".css", "url\\([ \\t]*['\"]?\\s*(.*?)[ \\t]*[\"']?[ \\t]*\\)", NU__RE_IGNORECASE, "url(\"",
      "\")" },
    { ".css", "@import\\s*[\"']\\s*(.*?)[\"']", NU__RE_IGNORECASE, "@import url(\"", "\")" },
    { ".css", "^/\\*#[ \\t]sourceMappingURL=(.*)[ \\t]*\\*/$", NU__RE_MULTILINE,
      "/*# sourceMappingURL=", " */" },
    { ".js", "^//# sourceMappingURL=(.*)$", NU__RE_MULTILINE, "//# sourceMappingURL=", "" },
};
enum { N_REFERRING = sizeof referring / sizeof *referring, MAX_DEPTH = 64 };

struct nu__manifest {
    nu_str root;
    nu_dict *paths;   /* known files; their names by content once these are worked out */
    nu_dict *working; /* those whose references are being followed */
    nu__re *references[N_REFERRING];
    nu__manifest_tell *tell;
    void *self;
    int64_t processed;
};

/* Where the last part of a path has its extension, with the dot; the length where it has none.
   Dots in front begin none. Python: os.path.splitext() */
static size_t extension_at(nu_str path)
{
    const char *slash = memrchr(path.ptr, '/', path.len);
    size_t first = slash ? (size_t)(slash + 1 - path.ptr) : 0, at = path.len;

    while (first < path.len && path.ptr[first] == '.')
        first++;
    while (at > first && path.ptr[at - 1] != '.')
        at--;
    return at > first ? at - 1 : path.len;
}

nu_str nu__manifest_name(nu_str path, nu_str content)
{
    nu_str hash = nu__hex(nu__digest_of("md5", content));
    size_t at = extension_at(path);

    return nu_fmt("{}.{}{}", ((nu_str){ path.ptr, at }), ((nu_str){ hash.ptr, 12 }),
                  ((nu_str){ path.ptr + at, path.len - at }));
}

/* ---- references ------------------------------------------------------------------------------ */

typedef struct reference {
    nu_str path;     /* as it is written, without what follows */
    nu_str query;    /* with its mark; empty where there is none */
    nu_str fragment; /* the same */
} reference;

static bool has_scheme(nu_str text)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] >= 'a' && text.ptr[len] <= 'z')
        len++;
    return len && len < text.len && text.ptr[len] == ':';
}

/* Of another site, of the page itself, or below another address of this site. */
static bool is_foreign(nu_str text)
{
    return !text.len || text.ptr[0] == '#' || has_scheme(text) || nu_starts_with(text, S("//")) ||
           (text.ptr[0] == '/' && !nu_starts_with(text, nu__settings.static_url));
}

/* A lone "?" counts before a fragment alone: font.eot?#iefix, which an old browser wants. */
static reference reference_split(nu_str text)
{
    const char *hash = memchr(text.ptr, '#', text.len), *mark = memchr(text.ptr, '?', text.len);
    const char *end = text.ptr + text.len, *to = hash ? hash : end;
    reference r = { .fragment = { to, (size_t)(end - to) } };

    if (!mark || mark > to)
        mark = to;
    r.path = nu__strip_chars((nu_str){ text.ptr, (size_t)(mark - text.ptr) }, " \t\r\n\f\v");
    r.query = (nu_str){ mark, (size_t)(to - mark) };
    if (r.fragment.len < 2)
        r.fragment.len = 0;
    if (r.query.len == 1 && !r.fragment.len)
        r.query.len = 0;
    return r;
}

/* What it names, by the path below the folder of static files. */
static nu_str target_of(nu_str from, nu_str path)
{
    const char *slash = memrchr(from.ptr, '/', from.len);

    if (nu_starts_with(path, nu__settings.static_url))
        path = (nu_str){ path.ptr + nu__settings.static_url.len,
                         path.len - nu__settings.static_url.len };
    else
        path = nu_fmt("{}{}", ((nu_str){ from.ptr, slash ? (size_t)(slash + 1 - from.ptr) : 0 }),
                      path);
    return nu__path_normalize(nu__unquote(path));
}

static nu_str last_part(nu_str path)
{
    const char *slash = memrchr(path.ptr, '/', path.len);

    return slash ? (nu_str){ slash + 1, path.len - (size_t)(slash + 1 - path.ptr) } : path;
}

static bool is_folder(nu_str path)
{
    struct stat st;

    return stat(path.ptr, &st) == 0 && S_ISDIR(st.st_mode);
}

static nu_str name_of(nu__manifest *manifest, nu_str path);

/* The reference with the last part of its path named by content; folders keep their names. */
static nu_str renamed(nu__manifest *manifest, nu_str from, nu_str text)
{
    reference r = reference_split(text);
    nu_str last = last_part(r.path), path = target_of(from, r.path);
    nu_value known;

    if (nu_dict_find(manifest->paths, path, &known))
        last = last_part(name_of(manifest, path));
    else if (last.len && !is_folder(nu_fmt("{}/{}", manifest->root, path)))
        nu_raise(NU_VALUE_ERROR, "Post-processing '{}' failed: the file '{}' could not be found.",
                 from, path);
    r.path.len -= last_part(r.path).len;
    return nu_fmt("{}{}{}", nu__unquote(r.path), last,
                  nu__unquote(nu_fmt("{}{}", r.query, r.fragment)));
}

static nu_str rewritten_by(nu__manifest *manifest, size_t kind, nu_str path, nu_str content)
{
    const struct referring *by = &referring[kind];
    nu__buf out = { 0 };
    nu__re_group groups[2];
    size_t at = 0;

    while (nu__re_match_from(manifest->references[kind], content, at, groups, 2)) {
        nu__buf_add(&out, content.ptr + at, (size_t)(groups[0].ptr - (content.ptr + at)));
        if (is_foreign(groups[1]))
            nu__buf_str_add(&out, groups[0]);
        else
            nu__buf_str_add(
                &out, nu_fmt("{}{}{}", by->before, renamed(manifest, path, groups[1]), by->after));
        at = (size_t)(groups[0].ptr + groups[0].len - content.ptr);
    }
    nu__buf_add(&out, content.ptr + at, content.len - at);
    return nu__buf_str(&out);
}

/* Whether a file may refer to others. */
static bool is_adjustable(nu_str path)
{
    for (size_t i = 0; i < N_REFERRING; i++)
        if (nu_ends_with(path, nu_s(referring[i].suffix)))
            return true;
    return false;
}

static nu_str rewritten(nu__manifest *manifest, nu_str path, nu_str content)
{
    if (is_adjustable(path) && !nu__utf8_valid(content))
        nu_raise(NU_VALUE_ERROR, "Post-processing '{}' failed: it is not UTF-8.", path);
    for (size_t i = 0; i < N_REFERRING; i++)
        if (nu_ends_with(path, nu_s(referring[i].suffix)))
            content = rewritten_by(manifest, i, path, content);
    return content;
}

/* ---- the manifest ---------------------------------------------------------------------------- */

static void references_release(void *self)
{
    nu__manifest *manifest = self;

    for (size_t i = 0; i < N_REFERRING; i++)
        if (manifest->references[i])
            nu__re_free(manifest->references[i]);
}

nu__manifest *nu__manifest_new(nu_str root, nu__manifest_tell *tell, void *self)
{
    nu__manifest *manifest = nu_alloc(nu__manifest);
    char error[96];

    *manifest = (nu__manifest){
        .root = root, .paths = nu_dict_new(), .working = nu_dict_new(), .tell = tell, .self = self
    };
    nu_on_fiber_end(references_release, manifest);
    for (size_t i = 0; i < N_REFERRING; i++) {
        manifest->references[i] =
            nu__re_compile(nu_s(referring[i].pattern), referring[i].flags, error);
        if (!manifest->references[i])
            nu_raise(NU_MEMORY_ERROR, "{}", (const char *)error);
    }
    return manifest;
}

void nu__manifest_add(nu__manifest *manifest, nu_str path)
{
    nu_dict_set_str(manifest->paths, path, nu_null());
}

/* The copy of that name; one of a file that refers to nothing stays when it is there. */
static void copy_write(nu__manifest *manifest, nu_str path, nu_str name, nu_str content)
{
    nu_str copy = nu_fmt("{}/{}", manifest->root, name);
    bool stays = !is_adjustable(path) && access(copy.ptr, F_OK) == 0;

    if (!stays) {
        nu__static_write(copy, content);
        manifest->processed++;
    }
    if (manifest->tell)
        manifest->tell(manifest->self, path, stays ? S("") : name);
}

static nu_str named_by_content(nu__manifest *manifest, nu_str path, nu_str content)
{
    nu_str name;

    if (nu_dict_len(manifest->working) >= MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR,
                 "Post-processing '{}' failed: files refer to each other more than {} deep.", path,
                 (int64_t)MAX_DEPTH);
    nu_dict_set_str(manifest->working, path, nu_v_bool(true));
    content = rewritten(manifest, path, content);
    name = nu__manifest_name(path, content);
    copy_write(manifest, path, name, content);
    nu_dict_set_str(manifest->paths, path, nu_v_str(name));
    nu_dict_remove(manifest->working, path);
    return name;
}

static nu_str name_of(nu__manifest *manifest, nu_str path)
{
    nu_value known = nu_null();
    nu_str content;

    nu_dict_find(manifest->paths, path, &known);
    if (known.kind == NU_KIND_STR)
        return known.s;
    if (nu_dict_find(manifest->working, path, &known))
        nu_raise(NU_VALUE_ERROR,
                 "Post-processing '{}' failed: files that refer to each other cannot be named by "
                 "content.",
                 path);
    content = nu__static_read(&(nu__static_file){ .path = path, .folder = manifest->root });
    return named_by_content(manifest, path, content);
}

/* Python's json.dumps(sorted(paths.items())) hashed: changes when any name does. */
static nu_str manifest_hash(const nu_dict *names)
{
    nu_list *paths = nu_list_new(), *pairs = nu_list_new();
    nu_str hash;

    for (size_t i = 0; i < nu_dict_len(names); i++)
        nu_list_append(paths, nu_dict_key(names, i));
    paths = nu__sorted_texts(paths);
    for (size_t i = 0; i < nu_list_len(paths); i++) {
        nu_value name = nu_null();

        nu_dict_find(names, nu_at(paths, i).s, &name);
        nu_list_append(pairs, NU_LIST(nu_at(paths, i), name));
    }
    hash = nu__hex(nu__digest_of("md5", nu_to_json_(nu_v_list(pairs))));
    return (nu_str){ hash.ptr, 12 };
}

int64_t nu__manifest_write(nu__manifest *manifest)
{
    nu_dict *all;

    for (size_t i = 0; i < nu_dict_len(manifest->paths); i++)
        name_of(manifest, nu_dict_key(manifest->paths, i));
    all = NU_DICT(("paths", manifest->paths), ("version", "1.1"),
                  ("hash", manifest_hash(manifest->paths)));
    nu__static_write(nu_fmt("{}/staticfiles.json", manifest->root), nu_to_json_(nu_v_dict(all)));
    return manifest->processed;
}
