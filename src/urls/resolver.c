#include "urls/resolver.h"

#include "core/context.h"
#include "core/text.h"
#include "utils/translation.h"

#include <stdlib.h>
#include <string.h>

/* ---- making ---------------------------------------------------------------------------------- */

static size_t entries_of(const nu_urlconf *urlconf)
{
    size_t n = 0;

    while (n < sizeof(urlconf->urlpatterns) / sizeof(urlconf->urlpatterns[0]) &&
           urlconf->urlpatterns[n])
        n++;
    return n;
}

static void level_fill(nu__url_memory *memory, nu__url_level *level, const nu_urlconf *urlconf,
                       int depth);

static void item_fill(nu__url_memory *memory, nu__url_item *item, const nu_urlconf *urlconf,
                      const nu_url_entry *entry, int depth)
{
    item->pattern = nu__url_pattern_new(memory, urlconf, entry);
    if (!entry->include)
        return;
    if (entry->namespace && !entry->include->app_name)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "Specifying a namespace in include() without providing an app_name is not "
                 "supported. Set .app_name in the urlconf included at \"{}\".",
                 item->pattern->route);
    item->level = nu__url_alloc(memory, 1, sizeof(*item->level));
    item->level->app_name = nu_s(entry->include->app_name);
    item->level->namespace = nu_s(entry->namespace ? entry->namespace : entry->include->app_name);
    level_fill(memory, item->level, entry->include, depth + 1);
}

static void level_fill(nu__url_memory *memory, nu__url_level *level, const nu_urlconf *urlconf,
                       int depth)
{
    if (depth > 16)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "URL configurations include each other more than 16 deep; is there a circle?");
    level->urlconf = urlconf;
    level->n_items = entries_of(urlconf);
    level->items = nu__url_alloc(memory, level->n_items + 1, sizeof(*level->items));
    for (size_t i = 0; i < level->n_items; i++)
        item_fill(memory, &level->items[i], urlconf, urlconf->urlpatterns[i], depth);
}

static void resolver_free(nu__resolver *resolver)
{
    nu__url_memory_release(&resolver->memory);
    free(resolver);
}

static void resolver_fill(void *argument)
{
    nu__resolver *resolver = argument;

    level_fill(&resolver->memory, &resolver->root, resolver->urlconf, 0);
    resolver->tree = nu__url_tree_build(resolver);
}

static nu__resolver *resolver_new(const nu_urlconf *urlconf)
{
    nu__resolver *resolver = calloc(1, sizeof(*resolver));
    const nu_error *error;

    if (!resolver || !(resolver->memory.arena = nu__arena_new())) {
        free(resolver);
        nu_raise(NU_MEMORY_ERROR, "out of memory while building the URL resolver");
    }
    resolver->urlconf = urlconf;
    resolver->language = nu__url_by_language(urlconf)
                             ? nu__url_copy(&resolver->memory, nu__current_language())
                             : (nu_str){ 0 };
    error = nu__guard(resolver_fill, resolver);
    if (error) {
        resolver_free(resolver);
        nu_reraise(error);
    }
    return resolver;
}

const nu_url_entry *nu__url_by_language(const nu_urlconf *urlconf)
{
    for (size_t i = 0; i < entries_of(urlconf); i++)
        if (urlconf->urlpatterns[i]->by_language)
            return urlconf->urlpatterns[i];
    return NULL;
}

static nu__resolver *resolvers; /* the root first, most often */

static bool serves(const nu__resolver *resolver, const nu_urlconf *urlconf)
{
    return resolver->urlconf == urlconf &&
           (!resolver->language.ptr || nu_eq_(resolver->language, nu__current_language()));
}

nu__resolver *nu__resolver_get(const nu_urlconf *urlconf)
{
    nu__resolver **last = &resolvers;

    for (; *last; last = &(*last)->next)
        if (serves(*last, urlconf))
            return *last;
    *last = resolver_new(urlconf);
    return *last;
}

void nu__resolvers_release(void)
{
    while (resolvers) {
        nu__resolver *next = resolvers->next;

        resolver_free(resolvers);
        resolvers = next;
    }
}

/* ---- the match ------------------------------------------------------------------------------- */

nu_value nu__url_kwarg_value(const nu_url_kwarg *kwarg)
{
    switch (kwarg->kind) {
    case NU_KIND_BOOL:
        return nu_v_bool(kwarg->i != 0);
    case NU_KIND_FLOAT:
        return nu_v_float(kwarg->f);
    case NU_KIND_STR:
        return nu_v_cstr(kwarg->s);
    default:
        return nu_v_int(kwarg->i);
    }
}

static void kwarg_put(nu__url_match *match, nu_str name, nu_value value)
{
    size_t i = 0;

    while (i < match->n_kwargs && !nu_eq_(match->kwargs[i].name, name))
        i++;
    match->kwargs[i] = (nu__path_value){ name, value };
    match->n_kwargs += i == match->n_kwargs;
}

#define EACH_KWARG(kwarg, entry)                                                                   \
    for (const nu_url_kwarg *kwarg = (entry)->kwargs;                                              \
         kwarg < (entry)->kwargs + sizeof((entry)->kwargs) / sizeof((entry)->kwargs[0]) &&         \
         kwarg->name;                                                                              \
         kwarg++)

static size_t frame_captures(const nu__url_leaf *leaf, size_t frame)
{
    return leaf->frames[frame].pattern->n_captures;
}

/* A frame's captures and own arguments, over what the includes around it gave. */
static void frame_kwargs(nu__url_match *match, size_t frame)
{
    const nu__url_leaf *leaf = match->leaf;
    size_t first = leaf->frames[frame].first_capture;

    for (size_t i = first; i < first + frame_captures(leaf, frame); i++) {
        const nu__url_capture *capture = leaf->captures[i];
        nu_value value = { 0 };

        if (!capture->name.len || !match->captured[i].ptr)
            continue;
        nu__converter_to_value(capture->converter, match->captured[i], &value);
        kwarg_put(match, capture->name, value);
    }
    EACH_KWARG(kwarg, leaf->frames[frame].pattern->entry)
    kwarg_put(match, nu_s(kwarg->name), nu__url_kwarg_value(kwarg));
}

static bool frame_has_kwargs(const nu__url_match *match, size_t frame)
{
    const nu__url_leaf *leaf = match->leaf;
    size_t first = leaf->frames[frame].first_capture;

    for (size_t i = first; i < first + frame_captures(leaf, frame); i++)
        if (leaf->captures[i]->name.len && match->captured[i].ptr)
            return true;
    return leaf->frames[frame].pattern->entry->kwargs[0].name != NULL;
}

/* The endpoint's positional captures, behind those of the includes around it, outwards as long as
   nothing has a name: any name drops what has none. */
static void match_args(nu__url_match *match)
{
    const nu__url_leaf *leaf = match->leaf;
    size_t first = leaf->n_frames - 1;

    if (!frame_has_kwargs(match, first))
        while (first && !frame_has_kwargs(match, first - 1))
            first--;
    match->args = nu_alloc_array(nu_value, leaf->n_captures);
    for (size_t i = leaf->frames[first].first_capture; i < leaf->n_captures; i++)
        if (!leaf->captures[i]->name.len)
            match->args[match->n_args++] =
                match->captured[i].ptr ? nu_v_str(match->captured[i]) : nu_null();
}

static bool has_args(const nu__url_leaf *leaf)
{
    for (size_t i = 0; i < leaf->n_captures; i++)
        if (!leaf->captures[i]->name.len)
            return true;
    return false;
}

const nu__url_match *nu__resolve(const nu__resolver *resolver, nu_str path)
{
    nu_str captured[NU__URL_MAX_CAPTURES];
    const nu__url_leaf *leaf;
    nu__url_match *match;

    if (!path.len || path.ptr[0] != '/')
        return NULL;
    leaf = nu__url_tree_find(resolver->tree, (nu_str){ path.ptr + 1, path.len - 1 }, captured);
    if (!leaf)
        return NULL;
    match = nu_alloc(nu__url_match);
    match->object.type = &nu__url_match_class;
    match->leaf = leaf;
    if (leaf->n_captures) {
        match->captured = nu_alloc_array(nu_str, leaf->n_captures);
        memcpy(match->captured, captured, leaf->n_captures * sizeof(nu_str));
    }
    if (leaf->n_kwargs)
        match->kwargs = nu_alloc_array(nu__path_value, leaf->n_kwargs);
    for (size_t i = 0; leaf->n_kwargs && i < leaf->n_frames; i++)
        frame_kwargs(match, i);
    if (has_args(leaf))
        match_args(match);
    return match;
}

const nu__path_value *nu__url_match_kwarg(const nu__url_match *match, nu_str name)
{
    for (size_t i = 0; match && i < match->n_kwargs; i++)
        if (nu_eq_(match->kwargs[i].name, name))
            return &match->kwargs[i];
    return NULL;
}

nu_dict *nu__url_match_captured_kwargs(const nu__url_match *match)
{
    const nu__url_leaf *leaf = match->leaf;
    const nu__url_frame *last = &leaf->frames[leaf->n_frames - 1];
    nu_dict *dict = nu_dict_new();

    for (size_t i = last->first_capture; i < leaf->n_captures; i++) {
        nu_value value = { 0 };

        if (!leaf->captures[i]->name.len || !match->captured[i].ptr)
            continue;
        nu__converter_to_value(leaf->captures[i]->converter, match->captured[i], &value);
        nu_dict_set_str(dict, leaf->captures[i]->name, value);
    }
    return dict;
}

nu_dict *nu__url_match_extra_kwargs(const nu__url_match *match)
{
    nu_dict *dict = nu_dict_new();

    for (size_t i = 0; i < match->leaf->n_frames; i++)
        EACH_KWARG(kwarg, match->leaf->frames[i].pattern->entry)
    nu_dict_set_(dict, kwarg->name, nu__url_kwarg_value(kwarg));
    return dict;
}
