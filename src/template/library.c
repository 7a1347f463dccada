#include "template/library.h"

#include "core/arena.h"
#include "core/suggest.h"
#include "template/tags/tags.h"

enum {
    MAX_FILTERS = sizeof(((nu_template_library *)0)->filters) / sizeof(nu_filter_def),
    MAX_SIMPLE = sizeof(((nu_template_library *)0)->simple_tags) / sizeof(nu_tag_def),
    MAX_INCLUSION = sizeof(((nu_template_library *)0)->inclusion_tags) / sizeof(nu_tag_def),
    MAX_SIMPLE_BLOCK = sizeof(((nu_template_library *)0)->simple_block_tags) / sizeof(nu_tag_def),
    MAX_COMPILED = sizeof(((nu_template_library *)0)->tags) / sizeof(nu_compiled_tag_def),
    MAX_TAGS = MAX_SIMPLE + MAX_INCLUSION + MAX_SIMPLE_BLOCK + MAX_COMPILED,
};

/* ---- a site's own ------------------------------------------------------------------------------
 */

static nu_value call_custom(const nu__filter_call *call)
{
    return call->custom->fn(call->value, call->arg);
}

static nu__filter filter_of_site(const nu_filter_def *def)
{
    return (nu__filter){
        .name = def->name,
        .fn = call_custom,
        .arg = def->needs_arg ? NU__ARG_NEEDED : NU__ARG_OPTIONAL,
        .flags = (def->is_safe ? NU__FILTER_SAFE : 0) |
                 (def->stringfilter ? NU__FILTER_STRING : 0) |
                 (def->expects_localtime ? NU__FILTER_LOCALTIME : 0),
        .custom = def,
    };
}

static size_t add_tags(nu__tag *rows, size_t n, const nu_tag_def *defs, size_t max,
                       void (*compile)(nu_template_parser *))
{
    for (size_t i = 0; i < max && defs[i].name; i++)
        rows[n++] = (nu__tag){ defs[i].name, compile, &defs[i] };
    return n;
}

const nu__library *nu__library_of_site(const nu_template_library *site)
{
    nu__library *library = nu_alloc(nu__library);
    nu__filter *filters = nu_alloc_array(nu__filter, MAX_FILTERS + 1);
    nu__tag *tags = nu_alloc_array(nu__tag, MAX_TAGS + 1);
    size_t n = 0;

    for (size_t i = 0; i < MAX_FILTERS && site->filters[i].name; i++)
        filters[i] = filter_of_site(&site->filters[i]);
    n = add_tags(tags, n, site->simple_tags, MAX_SIMPLE, nu__compile_simple_tag);
    n = add_tags(tags, n, site->inclusion_tags, MAX_INCLUSION, nu__compile_inclusion_tag);
    n = add_tags(tags, n, site->simple_block_tags, MAX_SIMPLE_BLOCK, nu__compile_simple_block_tag);
    for (size_t i = 0; i < MAX_COMPILED && site->tags[i].name; i++)
        tags[n++] = (nu__tag){ site->tags[i].name, site->tags[i].compile, NULL, true };
    *library = (nu__library){ site->name, tags, filters };
    return library;
}

/* ---- searching ----------------------------------------------------------------------------------
 */

const nu__tag *nu__library_tag(const nu__library *library, nu_str name)
{
    for (const nu__tag *tag = library->tags; tag && tag->name; tag++)
        if (nu_eq(name, tag->name))
            return tag;
    return NULL;
}

const nu__filter *nu__library_filter(const nu__library *library, nu_str name)
{
    for (const nu__filter *filter = library->filters; filter && filter->name; filter++)
        if (nu_eq(name, filter->name))
            return filter;
    return NULL;
}

static bool same(const nu__loaded *a, const nu__library *library, nu_str only)
{
    return a->library == library && !a->only.ptr == !only.ptr && nu_eq_(a->only, only);
}

void nu__scope_add(nu__scope *scope, const nu__library *library, nu_str only)
{
    size_t kept = 0, cap = scope->cap ? scope->cap * 2 : 8;

    for (size_t i = 0; i < scope->len; i++)
        if (!same(&scope->items[i], library, only))
            scope->items[kept++] = scope->items[i];
    scope->len = kept;
    if (scope->len == scope->cap) {
        scope->items =
            nu__grow(scope->items, scope->cap * sizeof(nu__loaded), cap * sizeof(nu__loaded));
        scope->cap = cap;
    }
    scope->items[scope->len++] = (nu__loaded){ library, only };
}

static bool offers(const nu__loaded *loaded, nu_str name)
{
    return !loaded->only.ptr || nu_eq_(loaded->only, name);
}

const nu__tag *nu__scope_tag(const nu__scope *scope, nu_str name)
{
    const nu__tag *tag;

    for (size_t i = scope->len; i-- > 0;)
        if (offers(&scope->items[i], name) &&
            (tag = nu__library_tag(scope->items[i].library, name)))
            return tag;
    return NULL;
}

const nu__filter *nu__scope_filter(const nu__scope *scope, nu_str name)
{
    const nu__filter *filter;

    for (size_t i = scope->len; i-- > 0;)
        if (offers(&scope->items[i], name) &&
            (filter = nu__library_filter(scope->items[i].library, name)))
            return filter;
    return NULL;
}

/* ---- suggestions
 * --------------------------------------------------------------------------------- */

typedef struct names {
    const char **items;
    size_t len, cap;
} names;

static void add_name(names *names, const char *name)
{
    size_t cap = names->cap ? names->cap * 2 : 64;

    if (names->len == names->cap) {
        names->items = nu__grow(names->items, names->cap * sizeof(char *), cap * sizeof(char *));
        names->cap = cap;
    }
    names->items[names->len++] = name;
}

nu_str nu__scope_suggest_filter(const nu__scope *scope, nu_str name)
{
    names names = { 0 };

    for (size_t i = 0; i < scope->len; i++)
        for (const nu__filter *filter = scope->items[i].library->filters; filter && filter->name;
             filter++)
            if (offers(&scope->items[i], nu_s(filter->name)))
                add_name(&names, filter->name);
    return nu__suggestion(name, names.items, names.len);
}

nu_str nu__scope_suggest_tag(const nu__scope *scope, nu_str name, const char *const *others)
{
    names names = { 0 };

    for (; others && *others; others++)
        add_name(&names, *others);
    for (size_t i = 0; i < scope->len; i++)
        for (const nu__tag *tag = scope->items[i].library->tags; tag && tag->name; tag++)
            if (offers(&scope->items[i], nu_s(tag->name)))
                add_name(&names, tag->name);
    return nu__suggestion(name, names.items, names.len);
}
