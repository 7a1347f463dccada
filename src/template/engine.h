/**
 * @file
 * What an engine holds.
 */
#pragma once
#include "core/arena.h"
#include "template/library.h"
#include "template/template.h"

/* Where templates come from: one folder, one table. In the order of searching. */
typedef struct nu__loader nu__loader;

/* A template's text as a loader found it. */
typedef struct nu__source {
    nu_str origin;    /* path, or "embedded:name" */
    int64_t mtime_ns; /* 0: never changes */
    nu_str text;
} nu__source;

/* A search for all names: what it found, and how many entries of folders it may still look at. */
typedef struct nu__name_search {
    nu_dict *found;
    size_t left;
} nu__name_search;

typedef struct nu__loader_ops {
    /* Is it there? Sets all but the text. In the running arena. */
    bool (*find)(const nu__loader *self, nu_str name, nu__source *out);
    /* Its text, in the running arena or in memory that outlives the engine. Raises OSError. */
    void (*read)(const nu__loader *self, nu_str name, nu__source *out);
    /* Add every name, as far as there is leave to look; what can't be read is passed over. */
    void (*names)(const nu__loader *self, nu__name_search *names);
} nu__loader_ops;

struct nu__loader {
    const nu__loader_ops *ops;
    nu_str path;                   /* a folder, or what a table is called in messages */
    const nu_embedded_file *files; /* a table */
};

extern const nu__loader_ops nu__folder_loader_ops, nu__table_loader_ops;

struct nu__template_engine {
    nu__arena arena; /* options, libraries, loaders, the table of templates */
    nu__symbols *symbols;
    nu__loader *loaders;
    size_t n_loaders;
    const nu__library **libraries; /* for {% load %} */
    size_t n_libraries;
    const nu__library **builtins;
    size_t n_builtins;
    nu_context_processor **context_processors;
    nu_str string_if_invalid, static_url, media_url;
    bool debug, auto_reload, autoescape, use_tz;
};

/* NULL: none of that name. */
const nu__library *nu__engine_library(const nu__template_engine *engine, nu_str name);
/* " Write {% load static %} above it.", where a library that can be loaded has a tag, or filter, of
   that name; else the empty text. */
nu_str nu__engine_suggest_load_tag(const nu__template_engine *engine, nu_str name);
nu_str nu__engine_suggest_load_filter(const nu__template_engine *engine, nu_str name);
/* " Did you mean 'humanize'?", or the empty text. */
nu_str nu__engine_suggest_library(const nu__template_engine *engine, nu_str name);

/* "a/./b//c" as "a/b/c"; false for a name that leads out of a folder, or holds NUL, or is empty. */
bool nu__template_name_normalize(nu_str name, nu_str *out);

/* Compile a source and keep it under its name; it lives as long as the engine. Raises UnicodeError
   for what is not UTF-8, TemplateSyntaxError with the place. */
nu__template *nu__template_compile(nu__template_engine *engine, nu_str name,
                                   const nu__source *source);

/* The template of that name, not one of the `skip` origins (a template that extends its own name
   means the next folder's); the name of a file, not of a partial. Raises TemplateDoesNotExist. */
nu__template *nu__engine_find(nu__template_engine *engine, nu_str name,
                              const nu__template *const *skip, size_t n_skip);
/* The same where it is compiled already and can't have changed; NULL: it has to be looked for.
   `symbol` may be NULL. */
nu__template *nu__engine_known(const nu__template_engine *engine, const nu__symbol *symbol,
                               const nu__template *const *skip, size_t n_skip);
/* The same with nothing to skip, where it is what was compiled last, as it nearly always is. */
static inline nu__template *nu__engine_newest(const nu__template_engine *engine,
                                              const nu__symbol *symbol)
{
    nu__template *tpl = symbol && !engine->auto_reload ? symbol->tpl : NULL;

    return tpl && tpl->first ? tpl : NULL;
}
/* The first of the names that exists. Raises TemplateDoesNotExist, naming all. */
nu__template *nu__engine_select(nu__template_engine *engine, const nu_str *names, size_t n);

/* A template's partial; NULL: none of that name. " Did you mean 'row'?", or the empty text. */
const nu__template *nu__template_partial(const nu__template *tpl, nu_str name);
nu_str nu__template_suggest_partial(const nu__template *tpl, nu_str name);

/* Names that a page reads and that neither `context` nor its tags give: each as a dict of name,
   place
   ("registry/list.html:3:14") and hint ("Did you mean …?", may be empty). Empty where a tag of the
   site's own may set any name. */
nu_list *nu__template_unknown(const nu__template *tpl, const nu_dict *context);
