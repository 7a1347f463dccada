/**
 * @file
 * Template libraries of one's own: filters and tags for {% load %}.
 *
 *     static nu_value badge(nu_tag_args *args)
 *     {
 *         const Student *student = nu_tag_object(args, 0, Student);
 *         return nu_format_html("<b class=\"{}\">{}</b>", nu_tag_option(args, "class"),
 *                               student->name);
 *     }
 *     const nu_template_library school_tags = {
 *         .name = "school_tags",
 *         .simple_tags = { SimpleTag("badge", badge, .params = { "student", "class=" }) },
 *     };
 *
 * An app names its libraries in nu_app.libraries. What a tag returns is escaped unless it is safe
 * (nu_safe(), nu_format_html()).
 *
 * Counterpart: django.template.Library.
 */
#pragma once
#include <nuages/http.h>

/* ---- filters -------------------------------------------------------------------------------- */

typedef struct nu_filter_def {
    const char *name;
    /* `arg` is null when the template gives none. */
    nu_value (*fn)(nu_value value, nu_value arg);
    NU_NAMED_ONLY;
    bool is_safe;           /* adds no character that needs escaping: safe in, safe out */
    bool stringfilter;      /* the value comes as text: str(value) */
    bool needs_arg;         /* a template that gives none does not compile */
    bool expects_localtime; /* date-times come in the current time zone */
} nu_filter_def;
/** Django: @register.filter(name, is_safe=True). */
#define Filter(n, f, ...)                                                                          \
    {                                                                                              \
        .name = (n), .fn = (f), __VA_ARGS__                                                        \
    }

/* ---- tags that are a function of their arguments --------------------------------------------- */

typedef struct nu_tag_args nu_tag_args;

typedef struct nu_tag_def {
    const char *name;
    nu_value (*fn)(nu_tag_args *args);
    NU_NAMED_ONLY;
    const char *template_name; /* inclusion tags: the template; `fn` returns its dict */
    const char *end_name;      /* simple block tags; missing: "end" + name */
    /* What the tag accepts, checked when a template is compiled: "name" needed, "name=" optional,
       "*" more by position, "**" more by name. Missing: everything. */
    const char *params[12];
} nu_tag_def;
/** {% badge student class="big" %}, {% badge student as html %}. Django: simple_tag(). */
#define SimpleTag(n, f, ...)                                                                       \
    {                                                                                              \
        .name = (n), .fn = (f), __VA_ARGS__                                                        \
    }
/** {% pager %} renders `t` with the dict that `f` returns. Django: inclusion_tag(). */
#define InclusionTag(n, t, f, ...)                                                                 \
    {                                                                                              \
        .name = (n), .fn = (f), .template_name = (t), __VA_ARGS__                                  \
    }
/** {% panel "Title" %}…{% endpanel %}: nu_tag_content(). Django: simple_block_tag(). */
#define SimpleBlockTag(n, f, ...)                                                                  \
    {                                                                                              \
        .name = (n), .fn = (f), __VA_ARGS__                                                        \
    }

/** An argument by position, from 0; one that was given by name counts at its place in .params. Null
 * when it was not given. */
nu_value nu_tag_arg(nu_tag_args *args, int index);
/** An argument by name; null when it was not given. */
nu_value nu_tag_option(nu_tag_args *args, const char *name);
/** How many were given by position. */
int nu_tag_arg_count(nu_tag_args *args);
/** A variable of the template's context; null when there is none. */
nu_value nu_tag_context(nu_tag_args *args, const char *name);
/** Set a variable in the innermost scope of the template's context. Django: context[name] = value
 */
void nu_tag_set(nu_tag_args *args, const char *name, nu_value value);
/** NULL where the template is rendered without one. */
nu_request *nu_tag_request(nu_tag_args *args);
/** What stands between a simple block tag and its end, rendered; safe. */
nu_value nu_tag_content(nu_tag_args *args);
/**
 * The model instance at a position.
 *
 * @raises  TypeError, naming tag and argument, when it is none or of another model
 */
#define nu_tag_object(args, index, T) ((const T *)nu_tag_object_((args), (index), &T##_model))
const void *nu_tag_object_(nu_tag_args *args, int index, const void *model);

/** Text that is HTML already. Django: mark_safe() */
nu_value nu_safe(nu_str html);
/**
 * HTML from a literal with `{}` for each argument, escaped unless it is safe.
 * Django: format_html()
 */
#define nu_format_html(f, ...) nu_format_html_("" f, NU_ARGS(__VA_ARGS__))
nu_value nu_format_html_(const char *format, nu_values args);

/* ---- tags with a parser of their own -----------------------------------------------------------
 */

typedef struct nu_template_parser nu_template_parser;
typedef struct nu_template_context nu_template_context;
typedef struct nu_template_nodes nu_template_nodes;
typedef struct nu_template_expression nu_template_expression;

/* Writes a tag's output. `data` is what the compile function left. */
typedef void nu_tag_render(const void *data, nu_template_context *context);

typedef struct nu_compiled_tag_def {
    const char *name;
    /* Called for each occurrence when a template is compiled. nu_alloc() in it gives memory that
       lives as long as the template; an error that it raises gets the place in the file. */
    void (*compile)(nu_template_parser *parser);
} nu_compiled_tag_def;
/** Django: @register.tag(name). */
#define Tag(n, f)                                                                                  \
    {                                                                                              \
        .name = (n), .compile = (f)                                                                \
    }

/** The words of the tag, strings kept whole; word 0 is its name. {NULL, 0} past the last. */
nu_str nu_parser_word(nu_template_parser *parser, int index);
int nu_parser_word_count(nu_template_parser *parser);
/** All of the tag between its delimiters. */
nu_str nu_parser_contents(nu_template_parser *parser);
/** Compile `name.attribute|filter:"arg"`. Raises TemplateSyntaxError. */
const nu_template_expression *nu_parser_expression(nu_template_parser *parser, nu_str text);
/** Compile up to one of these tags: nu_parser_until(parser, "else", "endpanel"). The words of the
 * tag it ended at are then the parser's words. Raises TemplateSyntaxError. */
#define nu_parser_until(parser, ...)                                                               \
    nu_parser_until_((parser), (const char *const[]){ __VA_ARGS__, NULL })
const nu_template_nodes *nu_parser_until_(nu_template_parser *parser, const char *const *names);
/** Put the tag into the template. A tag that leaves nothing there does not call it. */
void nu_parser_emit(nu_template_parser *parser, nu_tag_render *render, const void *data);

/** The value of an expression; one that is missing is the engine's string_if_invalid. Yields as
 * objects do. */
nu_value nu_expression_value(const nu_template_expression *expression,
                             nu_template_context *context);
/** Render inner nodes to the output, or as a safe text. */
void nu_nodes_render(const nu_template_nodes *nodes, nu_template_context *context);
nu_value nu_nodes_text(const nu_template_nodes *nodes, nu_template_context *context);
/** Write a value as {{ }} does: localized, escaped unless it is safe. */
void nu_context_write(nu_template_context *context, nu_value value);
/** Variables: the innermost of that name (null when there is none); set one in the innermost scope;
 * open a scope, and close it with what opening gave. Django: Context */
nu_value nu_context_get(nu_template_context *context, const char *name);
void nu_context_set(nu_template_context *context, const char *name, nu_value value);
uint32_t nu_context_push(nu_template_context *context);
void nu_context_pop(nu_template_context *context, uint32_t scope);
nu_request *nu_context_request(nu_template_context *context);

/* ---- libraries ------------------------------------------------------------------------------- */

typedef struct nu_template_library {
    const char *name; /* {% load name %} */
    nu_filter_def filters[64];
    nu_tag_def simple_tags[64], inclusion_tags[32], simple_block_tags[32];
    nu_compiled_tag_def tags[32];
} nu_template_library;

/* Adds variables to every context rendered for a request. */
typedef void nu_context_processor(nu_request *req, nu_dict *context);
