/**
 * @file
 * The template engine: finding, compiling and rendering Django templates.
 *
 *   name -> loaders -> source -> lexer -> parser -> nodes (kept) -> render -> nu__buf
 *
 * An engine owns the compiled templates; one of them is the site's (nu__template_engine_use()).
 * A compiled template is immutable and outlives the fibers that render it. All of this is for one
 * thread.
 *
 * Counterpart: django.template.engine, django.template.backends.django, django.template.loader.
 */
#pragma once
#include <nuages/conf.h>

#include "core/buf.h"

typedef struct nu__template nu__template;
typedef struct nu__template_engine nu__template_engine;

/* ---- engines -------------------------------------------------------------------------------- */

/* Django's TEMPLATES entry. Arrays of pointers end with NULL, and an array may be missing. The
   engine copies what it keeps; apps, libraries and embedded files must live as long as it does. */
typedef struct nu__template_options {
    const char *const *dirs;          /* DIRS: folders, first match wins */
    const nu_app *const *apps;        /* after DIRS: templates/ in each app's path, then those
                                         embedded; their libraries are there for {% load %} */
    const nu_embedded_file *embedded; /* after the apps; ends with a NULL name */
    const nu_embedded_file *memory;   /* the locmem loader: before everything else; copied */
    bool no_source_dirs;              /* embedded templates only: apps' folders are not looked at */
    nu_context_processor *const *context_processors;
    const nu_template_library *const *libraries; /* for {% load %}, beside Nuages' own */
    const char *const *own_libraries;            /* which of Nuages' own; missing: all */
    const nu_template_library *const *builtins;  /* there without {% load %} */
    const char *string_if_invalid;               /* missing: "" */
    const char *static_url, *media_url;          /* STATIC_URL, MEDIA_URL */
    bool debug;          /* errors show the template's lines; {% debug %} works */
    bool auto_reload;    /* look at the files' times at every use */
    bool autoescape_off; /* for text that is not HTML */
    bool naive_times;    /* USE_TZ = False: date-times are shown without a zone */
} nu__template_options;

/* Raises MemoryError, ImproperlyConfigured when two libraries have one name. */
nu__template_engine *nu__template_engine_new(const nu__template_options *options);
void nu__template_engine_free(nu__template_engine *engine);
/* The engine of the functions below that name none; the previous one. NULL: none. */
nu__template_engine *nu__template_engine_use(nu__template_engine *engine);
/* Raises ImproperlyConfigured when none is in use. */
nu__template_engine *nu__template_engine_default(void);
/* Every name that the loaders can find, sorted; for `check`, which compiles them all. */
nu_list *nu__template_names(nu__template_engine *engine);

/* ---- templates ------------------------------------------------------------------------------ */

/**
 * The compiled template of that name, from the default engine. Lives as long as the engine, even
 * when its file changes meanwhile.
 *
 * @raises   TemplateDoesNotExist, listing the places that were looked at; TemplateSyntaxError with
 *           file, line, column and a suggestion; SuspiciousFileOperation never: a name that leads
 *           out of a folder does not exist
 * Yields: never (files are read where a template is compiled).   Django: get_template()
 */
nu__template *nu__template_get(nu_str name);
/* The first of the names that exists. Django: select_template() */
nu__template *nu__template_select(const nu_str *names, size_t n);
nu__template *nu__template_engine_get(nu__template_engine *engine, nu_str name);
/* Compile a text without a name; goes with the running fiber. Raises TemplateSyntaxError. */
nu__template *nu__template_from_string(nu__template_engine *engine, nu_str source);
/* The text of a template of the default engine; null for one that is not there. *file: its file;
   null for one that is compiled in. Raises OSError. */
nu_str nu__template_text(nu_str name, nu_str *file);
nu_str nu__template_name(const nu__template *tpl); /* "" for a text */

/* How one rendering differs from the engine. */
typedef struct nu__render_options {
    nu_dict *dict;       /* the variables; unchanged; NULL: none */
    nu_request *request; /* NULL: no context processors run, {% csrf_token %} is empty */
    bool autoescape_off, l10n_off, tz_off;
    /* Called with what is there of the output when it has grown long, which then begins anew: so a
       page is sent while it is rendered. What is left at the end is the caller's. NULL: never. */
    void (*flush)(void *to, nu_str piece);
    void *flush_to;
} nu__render_options;

/**
 * Append the rendered template to `out`. With a request, the context processors' variables are
 * there too; those of `context` win.
 *
 * @param context  unchanged; may be NULL
 * @param request  may be NULL
 * @raises   whatever the template's tags, filters and objects raise; TemplateDoesNotExist,
 *           TemplateSyntaxError from templates it includes. `out` then holds a part
 * Yields: where objects do (relations, queries).   Django: Template.render()
 */
void nu__template_render(const nu__template *tpl, nu_dict *context, nu_request *request,
                         nu__buf *out);
void nu__template_render_with(const nu__template *tpl, const nu__render_options *context,
                              nu__buf *out);

/* ---- what later layers install --------------------------------------------------------------- */

/* Told of each template that is rendered, those that it extends and includes too; test/ and the
   debug toolbar set it. Unset: no one is. Django: the signal template_rendered */
extern void (*nu__template_rendered)(const nu__template *tpl, const nu_template_context *context);
/* reverse() for {% url %}; urls/ sets it. `kwargs` ends with a null key, NULL: none. `current_app`
   NULL: none. Raises NoReverseMatch. */
extern nu_str (*nu__template_reverse)(nu_str name, nu_values args, const nu_var *kwargs,
                                      const char *current_app);
/* The URL of a static file for {% static %}; staticfiles/ sets it. Unset: STATIC_URL + the path,
   percent-encoded. */
extern nu_str (*nu__template_static)(nu_str path);
/* get_token(): the masked token for {% csrf_token %} and the variable of that name; csrf/ sets
   it. */
extern nu_str (*nu__template_csrf_token)(nu_request *request);
/* The cache behind {% cache %}; cache/ sets it. Unset: nothing is kept. `using` names a cache,
   {NULL, 0} the one for template fragments; `timeout` in seconds, -1: for ever. Both yield. */
typedef struct nu__template_cache {
    bool (*get)(nu_str using, nu_str key, nu_str *text);
    void (*set)(nu_str using, nu_str key, nu_str text, int64_t timeout);
} nu__template_cache;
extern const nu__template_cache *nu__template_cache_hook;
