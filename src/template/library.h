/**
 * @file
 * Rows of tags and filters, and the libraries that hold them.
 *
 * Built-in tags and filters are rows of const tables (tags/, filters/); a site's own come from its
 * nu_template_library. A parser sees them through its scope: names to rows, the last one loaded
 * wins, as in Django.
 */
#pragma once
#include "template/node.h"

/* ---- filters -------------------------------------------------------------------------------- */

typedef struct nu__filter_call {
    nu_value value;
    nu_value arg; /* null when there is none */
    bool has_arg;
    bool autoescape;
    const nu_filter_def *custom;  /* a site's own */
    nu_template_context *context; /* NULL: called outside of a rendering */
} nu__filter_call;

typedef nu_value nu__filter_fn(const nu__filter_call *call);

typedef enum nu__filter_flags {
    NU__FILTER_SAFE = 1,      /* is_safe: safe in, safe out */
    NU__FILTER_STRING = 2,    /* @stringfilter: the value comes as STR or SAFE */
    NU__FILTER_LOCALTIME = 4, /* expects_localtime */
    NU__FILTER_AUTO = 8,      /* needs_autoescape */
    NU__FILTER_PASSES = 32,   /* gives its value or its argument, and makes nothing */
    NU__FILTER_PURE = 16      /* of scalars it makes scalars, and keeps nothing: see expression.c */
} nu__filter_flags;

typedef enum nu__filter_arg {
    NU__ARG_NONE,
    NU__ARG_OPTIONAL,
    NU__ARG_NEEDED,
} nu__filter_arg;

typedef struct nu__filter {
    const char *name;
    nu__filter_fn *fn;
    nu__filter_arg arg;
    uint32_t flags;
    const nu_filter_def *custom;
    /* Write to the output what {{ }} makes of the filter's result, without making the result.
       False: nothing was written, and `fn` is to be asked. The argument is a literal. May be
       missing. */
    bool (*write)(const nu__filter_call *call);
} nu__filter;

/* ---- tags -------------------------------------------------------------------------------------
 */

typedef struct nu__tag nu__tag;
struct nu__tag {
    const char *name;
    void (*compile)(nu_template_parser *parser);
    const nu_tag_def *custom; /* a site's simple, inclusion or block tag */
    bool own_parser;          /* a site's own compile function: nobody knows what it sets */
};

/* Rows end with a null name; either may be missing. */
typedef struct nu__library {
    const char *name;
    const nu__tag *tags;
    const nu__filter *filters;
} nu__library;

/* Nuages' own, ending with NULL: those that are there without {% load %} (Django's defaulttags,
   defaultfilters, loader_tags), and static, humanize, i18n, l10n, tz, cache. */
extern const nu__library *const nu__builtin_libraries[];
extern const nu__library *const nu__loadable_libraries[];

/* A site's own as rows, in the running arena. */
const nu__library *nu__library_of_site(const nu_template_library *library);

const nu__tag *nu__library_tag(const nu__library *library, nu_str name); /* NULL: none */
const nu__filter *nu__library_filter(const nu__library *library, nu_str name);

/* ---- what a parser sees ------------------------------------------------------------------------
 */

/* Loaded libraries, the last one first to be asked; `only` of a library, or all of it. */
typedef struct nu__loaded {
    const nu__library *library;
    nu_str only; /* {NULL, 0}: all */
} nu__loaded;

typedef struct nu__scope {
    nu__loaded *items;
    size_t len, cap;
} nu__scope;

/* Loading once more moves it to the end. In the running arena. */
void nu__scope_add(nu__scope *scope, const nu__library *library, nu_str only);
const nu__tag *nu__scope_tag(const nu__scope *scope, nu_str name);
const nu__filter *nu__scope_filter(const nu__scope *scope, nu_str name);
/* " Did you mean 'upper'?", or the empty text. */
nu_str nu__scope_suggest_filter(const nu__scope *scope, nu_str name);
/* `others`: further names that could stand there, ending with NULL; may be NULL. */
nu_str nu__scope_suggest_tag(const nu__scope *scope, nu_str name, const char *const *others);

/* Call a filter's function as Python code would: what is_safe says of the outcome is a matter of
   templates, but for string filters. Changes call->value to text for these. */
nu_value nu__filter_call_fn(const nu__filter *filter, nu__filter_call *call);
