#include "template/engine.h"

#include "core/context.h"
#include "core/error.h"
#include "core/suggest.h"

#include <stdlib.h>

static nu__template_engine *in_use;

void (*nu__template_rendered)(const nu__template *tpl, const nu_template_context *context);
nu_str (*nu__template_reverse)(nu_str name, nu_values args, const nu_var *kwargs,
                               const char *current_app);
nu_str (*nu__template_static)(nu_str path);
nu_str (*nu__template_csrf_token)(nu_request *request);
const nu__template_cache *nu__template_cache_hook;

/* ---- options
 * -------------------------------------------------------------------------------------- */

static size_t count(const void *const *pointers)
{
    size_t n = 0;

    while (pointers && pointers[n])
        n++;
    return n;
}

static void add_loader(nu__template_engine *engine, nu__loader loader)
{
    engine->loaders[engine->n_loaders++] = loader;
}

static void add_folder(nu__template_engine *engine, nu_str path)
{
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    add_loader(engine, (nu__loader){ .ops = &nu__folder_loader_ops, .path = nu_copy(path) });
}

static void add_table(nu__template_engine *engine, const nu_embedded_file *files, nu_str what)
{
    if (files)
        add_loader(engine,
                   (nu__loader){ .ops = &nu__table_loader_ops, .path = what, .files = files });
}

static const nu_embedded_file *copy_files(const nu_embedded_file *files)
{
    size_t n = 0;
    nu_embedded_file *copy;

    while (files && files[n].name)
        n++;
    copy = nu_alloc_array(nu_embedded_file, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = (nu_embedded_file){
            .name = nu_copy_cstr(files[i].name).ptr,
            .bytes =
                (const uint8_t *)nu_copy((nu_str){ (const char *)files[i].bytes, files[i].len })
                    .ptr,
            .len = files[i].len,
        };
    return files ? copy : NULL;
}

static void add_loaders(nu__template_engine *engine, const nu__template_options *options)
{
    const nu_app *const *apps = options->apps;

    engine->loaders = nu_alloc_array(nu__loader, count((const void *const *)options->dirs) +
                                                     2 * count((const void *const *)apps) + 2);
    add_table(engine, copy_files(options->memory), S("memory"));
    for (const char *const *dir = options->dirs; dir && *dir; dir++)
        add_folder(engine, nu_s(*dir));
    for (const nu_app *const *app = apps; app && *app; app++) {
        if ((*app)->path && !options->no_source_dirs)
            add_folder(engine, nu_fmt("{}/templates", (*app)->path));
        add_table(engine, (*app)->templates, S("embedded"));
    }
    add_table(engine, options->embedded, S("embedded"));
}

static void add_library(nu__template_engine *engine, const nu__library *library)
{
    for (size_t i = 0; i < engine->n_libraries; i++)
        if (nu_eq(engine->libraries[i]->name, library->name))
            nu_raise(NU_IMPROPERLY_CONFIGURED,
                     "Two template libraries are called '{}'. Give one another name.",
                     library->name);
    engine->libraries[engine->n_libraries++] = library;
}

static size_t count_app_libraries(const nu_app *const *apps)
{
    size_t n = 0;

    for (; apps && *apps; apps++)
        n += sizeof((*apps)->libraries) / sizeof((*apps)->libraries[0]);
    return n;
}

static void add_app_libraries(nu__template_engine *engine, const nu_app *app)
{
    for (size_t i = 0; i < sizeof(app->libraries) / sizeof(app->libraries[0]); i++)
        if (app->libraries[i])
            add_library(engine, nu__library_of_site(app->libraries[i]));
}

/* No names: all are. */
static bool is_named(const char *name, const char *const *names)
{
    bool all = !names;

    while (names && *names && !nu_eq(name, *names))
        names++;
    return all || *names;
}

static void add_libraries(nu__template_engine *engine, const nu__template_options *options)
{
    const nu_template_library *const *site = options->libraries, *const * builtin;
    size_t n = count_app_libraries(options->apps) +
               count((const void *const *)nu__loadable_libraries) +
               count((const void *const *)site);

    engine->libraries = nu_alloc_array(const nu__library *, n);
    for (size_t i = 0; nu__loadable_libraries[i]; i++)
        if (is_named(nu__loadable_libraries[i]->name, options->own_libraries))
            add_library(engine, nu__loadable_libraries[i]);
    for (const nu_app *const *app = options->apps; app && *app; app++)
        add_app_libraries(engine, *app);
    for (; site && *site; site++)
        add_library(engine, nu__library_of_site(*site));
    builtin = options->builtins;
    engine->builtins = nu_alloc_array(const nu__library *, count((const void *const *)builtin));
    for (; builtin && *builtin; builtin++)
        engine->builtins[engine->n_builtins++] = nu__library_of_site(*builtin);
}

static nu_context_processor **copy_processors(nu_context_processor *const *processors)
{
    size_t n = 0;
    nu_context_processor **copy;

    while (processors && processors[n])
        n++;
    copy = nu_alloc_array(nu_context_processor *, n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = processors[i];
    return copy;
}

static nu_str text_or(const char *text, nu_str otherwise)
{
    return text ? nu_copy_cstr(text) : otherwise;
}

static void configure(nu__template_engine *engine, const nu__template_options *options)
{
    engine->symbols = nu__symbols_new();
    engine->string_if_invalid = text_or(options->string_if_invalid, S(""));
    engine->static_url = text_or(options->static_url, S("/static/"));
    engine->media_url = text_or(options->media_url, S("/"));
    engine->debug = options->debug;
    engine->auto_reload = options->auto_reload;
    engine->autoescape = !options->autoescape_off;
    engine->use_tz = !options->naive_times;
    engine->context_processors = copy_processors(options->context_processors);
    add_loaders(engine, options);
    add_libraries(engine, options);
}

nu__template_engine *nu__template_engine_new(const nu__template_options *options)
{
    nu__template_engine *engine = nu__malloc(sizeof(*engine));
    nu__arena *arena;
    const nu_error *error;

    if (!engine)
        nu__raise_no_memory(sizeof(*engine));
    memset(engine, 0, sizeof(*engine));
    nu__arena_init(&engine->arena);
    arena = nu__arena_use(&engine->arena);
    error = nu_catch(NU_EXCEPTION, configure(engine, options));
    nu__arena_use(arena);
    if (error) {
        nu__template_engine_free(engine);
        nu_reraise(error);
    }
    return engine;
}

void nu__template_engine_free(nu__template_engine *engine)
{
    if (!engine)
        return;
    if (in_use == engine)
        in_use = NULL;
    nu__symbols_free(engine->symbols);
    nu__arena_release(&engine->arena);
    free(engine);
}

nu__template_engine *nu__template_engine_use(nu__template_engine *engine)
{
    nu__template_engine *outer = in_use;

    in_use = engine;
    return outer;
}

nu__template_engine *nu__template_engine_default(void)
{
    if (!in_use)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "No template engine is configured. Start the program through nu_main(), or call "
                 "nu__template_engine_use().");
    return in_use;
}

const nu__library *nu__engine_library(const nu__template_engine *engine, nu_str name)
{
    for (size_t i = 0; i < engine->n_libraries; i++)
        if (nu_eq(name, engine->libraries[i]->name))
            return engine->libraries[i];
    return NULL;
}

static nu_str load(const nu__library *library)
{
    return nu_fmt(" Write {{% load {} %}} above it.", library->name);
}

nu_str nu__engine_suggest_load_tag(const nu__template_engine *engine, nu_str name)
{
    for (size_t i = 0; i < engine->n_libraries; i++)
        if (nu__library_tag(engine->libraries[i], name))
            return load(engine->libraries[i]);
    return S("");
}

nu_str nu__engine_suggest_load_filter(const nu__template_engine *engine, nu_str name)
{
    for (size_t i = 0; i < engine->n_libraries; i++)
        if (nu__library_filter(engine->libraries[i], name))
            return load(engine->libraries[i]);
    return S("");
}

nu_str nu__engine_suggest_library(const nu__template_engine *engine, nu_str name)
{
    const char **names = nu_alloc_array(const char *, engine->n_libraries);

    for (size_t i = 0; i < engine->n_libraries; i++)
        names[i] = engine->libraries[i]->name;
    return nu__suggestion(name, names, engine->n_libraries);
}
