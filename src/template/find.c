/* Finding templates by name, and those that are compiled already. */
#include "template/engine.h"

#include "core/context.h"
#include "core/list.h"
#include "core/suggest.h"
#include "core/text.h"
#include "template/parser.h"

#include <stdlib.h>

enum { MOST_SUGGESTED = 10000 }; /* entries of folders that are looked at for a suggestion */

/* ---- names
 * ---------------------------------------------------------------------------------------- */

/* Append a part of the path to `parts`; false when ".." leads out. */
static bool add_part(nu_list *parts, nu_str part)
{
    size_t n = nu_list_len(parts);

    if (!part.len || nu_eq(part, "."))
        return true;
    if (!nu_eq(part, "..")) {
        nu_list_append(parts, part);
        return true;
    }
    if (n)
        nu__list_remove(parts, n - 1);
    return n;
}

bool nu__template_name_normalize(nu_str name, nu_str *out)
{
    nu_list *split, *parts;

    *out = name;
    if (!name.len || name.ptr[0] == '/' || memchr(name.ptr, '\0', name.len))
        return false;
    if (nu__find(name, S("//")) < 0 && nu__find(name, S("./")) < 0 && !nu_ends_with(name, S(".")))
        return name.ptr[name.len - 1] != '/';
    split = nu__split(name, S("/"));
    parts = nu_list_new();
    for (size_t i = 0; i < nu_list_len(split); i++)
        if (!add_part(parts, nu_at(split, i).s))
            return false;
    *out = nu__join(S("/"), parts);
    return out->len;
}

/* ---- finding
 * --------------------------------------------------------------------------------------- */

static bool is_skipped(nu_str origin, const nu__template *const *skip, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq_(skip[i]->origin, origin))
            return true;
    return false;
}

static nu__template *compiled(const nu__symbol *symbol, const nu__source *source)
{
    nu__template *tpl = symbol ? symbol->tpl : NULL;

    while (tpl && (!nu_eq_(tpl->origin, source->origin) || tpl->mtime_ns != source->mtime_ns))
        tpl = tpl->older;
    return tpl;
}

static nu__template *load(nu__template_engine *engine, const nu__loader *loader, nu_str name,
                          nu__source *source)
{
    nu__template *tpl = compiled(nu__symbol_find(engine->symbols, name), source);

    if (tpl)
        return tpl;
    loader->ops->read(loader, name, source);
    return nu__template_compile(engine, name, source);
}

static int by_text(const void *a, const void *b)
{
    return nu__str_compare(((const nu_value *)a)->s, ((const nu_value *)b)->s);
}

/* In order; of folders no more than so many entries are looked at. */
static nu_list *names_within(nu__template_engine *engine, size_t most)
{
    nu__name_search names = { nu_dict_new(), most };
    nu_list *sorted;

    for (size_t i = 0; i < engine->n_loaders; i++)
        engine->loaders[i].ops->names(&engine->loaders[i], &names);
    sorted = nu__list_as(nu__dict_keys(names.found), NU__LIST);
    if (sorted->len)
        qsort(sorted->items, sorted->len, sizeof(nu_value), by_text);
    return sorted;
}

/* The nearest of the names that are found soon. */
static nu_str nearest_name(nu__template_engine *engine, nu_str name)
{
    nu_list *known = names_within(engine, MOST_SUGGESTED);
    size_t n = nu_list_len(known);
    const char **names = nu_alloc_array(const char *, n);

    for (size_t i = 0; i < n; i++)
        if (!nu_eq(name, nu_at(known, i).s.ptr)) /* it was found, and is of no use here */
            names[i] = nu_at(known, i).s.ptr;
    return nu__suggestion(name, names, n);
}

/* "\n  Did you mean …?", or the empty text where debugging is off and where none is near. It is for
   the end of another error's message, which no trouble in looking for it may replace. */
static nu_str suggest_template(nu__template_engine *engine, nu_str name)
{
    nu_str *near = nu_alloc(nu_str);

    if (!engine->debug || nu_catch(NU_EXCEPTION, *near = nearest_name(engine, name)) || !near->len)
        return S("");
    return nu_fmt("\n {}", *near);
}

/* Looks through the loaders; `tried` collects where. NULL: nowhere. */
static nu__template *search(nu__template_engine *engine, nu_str name,
                            const nu__template *const *skip, size_t n_skip, nu__buf *tried)
{
    bool first = true;

    for (size_t i = 0; i < engine->n_loaders; i++) {
        const nu__loader *loader = &engine->loaders[i];
        nu__source source = { 0 };
        bool there = loader->ops->find(loader, name, &source);

        if (there && !is_skipped(source.origin, skip, n_skip)) {
            nu__template *tpl = load(engine, loader, name, &source);

            tpl->first |= first;
            return tpl;
        }
        first &= !there;
        nu__buf_fmt(tried, "\n  tried {}: {}", source.origin,
                    there ? S("it extends itself") : S("there is none"));
    }
    return NULL;
}

nu__template *nu__engine_known(const nu__template_engine *engine, const nu__symbol *symbol,
                               const nu__template *const *skip, size_t n_skip)
{
    nu__template *tpl = symbol ? symbol->tpl : NULL;

    if (engine->auto_reload)
        return NULL;
    while (tpl && !tpl->first)
        tpl = tpl->older;
    return tpl && !is_skipped(tpl->origin, skip, n_skip) ? tpl : NULL;
}

static nu__template *find_file(nu__template_engine *engine, nu_str name,
                               const nu__template *const *skip, size_t n_skip, nu__buf *tried)
{
    nu__template *tpl =
        nu__engine_known(engine, nu__symbol_find(engine->symbols, name), skip, n_skip);

    return tpl ? tpl : search(engine, name, skip, n_skip, tried);
}

NU_NORETURN static void not_found(nu__template_engine *engine, nu_str name, nu__buf *tried)
{
    nu_raise(NU_TEMPLATE_DOES_NOT_EXIST, "{}{}{}", name, nu__buf_str(tried),
             suggest_template(engine, name));
}

nu__template *nu__engine_find(nu__template_engine *engine, nu_str name,
                              const nu__template *const *skip, size_t n_skip)
{
    nu__buf tried = { 0 };
    nu__template *tpl = find_file(engine, name, skip, n_skip, &tried);

    if (!tpl)
        not_found(engine, name, &tried);
    return tpl;
}

/* ---- partials ---------------------------------------------------------------------------------
 */

/* The names of partials are their template's, '#' and their own. */
static nu_str own_name(const nu__template *tpl, const nu__template *partial)
{
    return nu__sub(partial->name, tpl->name.len + 1, partial->name.len);
}

const nu__template *nu__template_partial(const nu__template *tpl, nu_str name)
{
    for (uint32_t i = 0; i < tpl->n_partials; i++)
        if (nu_eq_(own_name(tpl, &tpl->partials[i]), name))
            return &tpl->partials[i];
    return NULL;
}

nu_str nu__template_suggest_partial(const nu__template *tpl, nu_str name)
{
    const char **names = nu_alloc_array(const char *, tpl->n_partials);

    for (uint32_t i = 0; i < tpl->n_partials; i++)
        names[i] = own_name(tpl, &tpl->partials[i]).ptr;
    return nu__suggestion(name, names, tpl->n_partials);
}

/* "page.html" or "page.html#row"; NULL: *name is what there is none of. */
static nu__template *find(nu__template_engine *engine, nu_str *name, nu__buf *tried)
{
    const char *hash = name->len ? memchr(name->ptr, '#', name->len) : NULL;
    nu__template *tpl, *partial;
    nu_str file, own;

    if (!hash)
        return find_file(engine, *name, NULL, 0, tried);
    file = nu__sub(*name, 0, (size_t)(hash - name->ptr));
    own = nu__sub(*name, file.len + 1, name->len);
    tpl = find_file(engine, file, NULL, 0, tried);
    if (file.len)
        *name = tpl ? own : file;
    if (!tpl || !own.len)
        return tpl;
    partial = (nu__template *)nu__template_partial(tpl, own);
    if (!partial)
        nu__buf_fmt(tried, "\n  tried {}: it has no such partial.{}", tpl->origin,
                    nu__template_suggest_partial(tpl, own));
    return partial;
}

static bool is_told(const nu_str *names, size_t n, nu_str name)
{
    for (size_t i = 0; i < n; i++)
        if (nu_eq_(names[i], name))
            return true;
    return false;
}

nu__template *nu__engine_select(nu__template_engine *engine, const nu_str *names, size_t n)
{
    nu_str *missing = nu_alloc_array(nu_str, n);
    nu__buf tried = { 0 }, list = { 0 };

    if (!n)
        nu_raise(NU_TEMPLATE_DOES_NOT_EXIST, "No template names provided");
    for (size_t i = 0; i < n; i++) {
        nu__template *tpl;

        missing[i] = names[i];
        tpl = find(engine, &missing[i], &tried);
        if (tpl)
            return tpl;
        if (!is_told(missing, i, missing[i]))
            nu__buf_fmt(&list, "{}{}", i ? ", " : "", missing[i]);
    }
    nu_raise(NU_TEMPLATE_DOES_NOT_EXIST, "{}{}{}", nu__buf_str(&list), nu__buf_str(&tried),
             suggest_template(engine, missing[n - 1]));
}

/* ---- for views
 * -------------------------------------------------------------------------------------- */

nu__template *nu__template_engine_get(nu__template_engine *engine, nu_str name)
{
    nu__buf tried = { 0 };
    nu__template *tpl = find(engine, &name, &tried);

    if (!tpl)
        not_found(engine, name, &tried);
    return tpl;
}

nu__template *nu__template_get(nu_str name)
{
    return nu__template_engine_get(nu__template_engine_default(), name);
}

nu__template *nu__template_select(const nu_str *names, size_t n)
{
    return nu__engine_select(nu__template_engine_default(), names, n);
}

nu_str nu__template_name(const nu__template *tpl)
{
    return tpl->name;
}

nu_list *nu__template_names(nu__template_engine *engine)
{
    return names_within(engine, SIZE_MAX);
}

nu_str nu__template_text(nu_str name, nu_str *file)
{
    nu__template_engine *engine = nu__template_engine_default();
    nu__source source = { 0 };

    *file = (nu_str){ 0 };
    if (!nu__template_name_normalize(name, &name))
        return (nu_str){ 0 };
    for (size_t i = 0; i < engine->n_loaders; i++) {
        const nu__loader *loader = &engine->loaders[i];

        if (!loader->ops->find(loader, name, &source))
            continue;
        loader->ops->read(loader, name, &source);
        if (loader->ops == &nu__folder_loader_ops)
            *file = source.origin;
        return source.text;
    }
    return (nu_str){ 0 };
}
