/* A site's simple tags, inclusion tags and simple block tags, from the rows of its library. */
#include "core/object.h"
#include "core/text.h"
#include "template/tags/tags.h"
#include "utils/html.h"

enum { MAX_PARAMS = sizeof(((nu_tag_def *)0)->params) / sizeof(const char *) };

typedef struct custom_tag {
    const nu_tag_def *def;
    nu__expressions args;
    nu__assignments options;
    const nu__symbol *as;
    nu_template_nodes content;
} custom_tag;

struct nu_tag_args {
    const nu_tag_def *def;
    nu_template_context *context;
    nu_values args;
    const nu__assignment *names; /* of the options */
    nu_values options;
    nu_value content;
};

/* ---- what the function asks
 * --------------------------------------------------------------------------- */

nu_value nu_tag_option(nu_tag_args *args, const char *name)
{
    for (size_t i = 0; i < args->options.len; i++)
        if (nu_eq(args->names[i].name->text, name))
            return args->options.items[i];
    return nu_null();
}

/* "class" of the parameter "class=". */
static nu_str param_name(const char *param)
{
    nu_str name = nu_s(param);

    return nu_ends_with(name, S("=")) ? nu__sub(name, 0, name.len - 1) : name;
}

nu_value nu_tag_arg(nu_tag_args *args, int index)
{
    if (index < 0)
        return nu_null();
    if ((size_t)index < args->args.len)
        return args->args.items[index];
    if (index >= MAX_PARAMS || !args->def->params[index])
        return nu_null();
    return nu_tag_option(args, nu_copy(param_name(args->def->params[index])).ptr);
}

int nu_tag_arg_count(nu_tag_args *args)
{
    return (int)args->args.len;
}

nu_value nu_tag_context(nu_tag_args *args, const char *name)
{
    return nu_context_get(args->context, name);
}

void nu_tag_set(nu_tag_args *args, const char *name, nu_value value)
{
    nu_context_set(args->context, name, value);
}

nu_request *nu_tag_request(nu_tag_args *args)
{
    return args->context->request;
}

nu_value nu_tag_content(nu_tag_args *args)
{
    return args->content;
}

const void *nu_tag_object_(nu_tag_args *args, int index, const void *model)
{
    nu_value value = nu_tag_arg(args, index);
    const nu_class *wanted = model, *got;

    if (value.kind != NU_KIND_OBJECT)
        nu_raise(NU_TYPE_ERROR, "{{% {} %}}: argument {} is {}, not a {}.", args->def->name,
                 index + 1, nu__kind_name(value.kind), wanted->name);
    got = value.object->type;
    if (got != wanted)
        nu_raise(NU_TYPE_ERROR, "{{% {} %}}: argument {} is a {}, not a {}.", args->def->name,
                 index + 1, got->name, wanted->name);
    return value.object;
}

/* ---- rendering
 * ------------------------------------------------------------------------------------------ */

static nu_values values_of(nu__expressions expressions, nu_template_context *context)
{
    nu_value *values = nu_alloc_array(nu_value, expressions.len);

    for (size_t i = 0; i < expressions.len; i++)
        values[i] = nu_expression_value(expressions.items[i], context);
    return (nu_values){ values, expressions.len };
}

static nu_values options_of(nu__assignments options, nu_template_context *context)
{
    nu_value *values = nu_alloc_array(nu_value, options.len);

    for (size_t i = 0; i < options.len; i++)
        values[i] = nu_expression_value(options.items[i].value, context);
    return (nu_values){ values, options.len };
}

static nu_value call(const custom_tag *tag, nu_template_context *context, nu_value content)
{
    nu_tag_args args = {
        .def = tag->def,
        .context = context,
        .args = values_of(tag->args, context),
        .names = tag->options.items,
        .options = options_of(tag->options, context),
        .content = content,
    };

    return tag->def->fn(&args);
}

static void finish(const custom_tag *tag, nu_template_context *context, nu_value result)
{
    if (tag->as)
        nu__context_set(context, tag->as, result);
    else if (context->autoescape)
        nu__conditional_escape_to(context->out, result);
    else
        nu__buf_value(context->out, result);
}

static void render_simple(const void *data, nu_template_context *context)
{
    finish(data, context, call(data, context, nu_null()));
}

static void render_simple_block(const void *data, nu_template_context *context)
{
    const custom_tag *tag = data;

    finish(tag, context, call(tag, context, nu_nodes_text(&tag->content, context)));
}

static void render_inclusion(const void *data, nu_template_context *context)
{
    const custom_tag *tag = data;
    nu_value dict = call(tag, context, nu_null());
    const nu_value *token =
        nu__context_find(context, nu__symbol_intern(context->engine->symbols, S("csrf_token")));
    nu_str name = nu_s(tag->def->template_name);
    nu__hidden hidden;

    hidden = nu__context_hide(context, dict.kind == NU_KIND_NULL ? NULL : nu_as_dict(dict));
    if (token)
        nu_context_set(context, "csrf_token",
                       *token); /* not called: asking for it sends a cookie */
    nu__template_include(nu__engine_select(context->engine, &name, 1), context, tag);
    nu__context_show(context, hidden);
}

/* ---- compiling: Django's parse_bits()
 * ------------------------------------------------------------------- */

typedef struct params {
    const nu_tag_def *def;
    bool any, more_args, more_options; /* everything; "*"; "**" */
    const char *names[MAX_PARAMS];     /* with their "=" */
    bool given[MAX_PARAMS];
    size_t n;
} params;

static params params_of(const nu_tag_def *def)
{
    params params = { .def = def, .any = !def->params[0] };

    for (size_t i = 0; i < MAX_PARAMS && def->params[i]; i++) {
        if (!strcmp(def->params[i], "*"))
            params.more_args = true;
        else if (!strcmp(def->params[i], "**"))
            params.more_options = true;
        else
            params.names[params.n++] = def->params[i];
    }
    return params;
}

static void take_option(params *params, nu_str name)
{
    for (size_t i = 0; i < params->n; i++)
        if (nu_eq_(param_name(params->names[i]), name)) {
            params->given[i] = true;
            return;
        }
    if (!params->any && !params->more_options)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' received unexpected keyword argument '{}'",
                 params->def->name, name);
}

static void take_arg(params *params)
{
    for (size_t i = 0; i < params->n; i++)
        if (!params->given[i]) {
            params->given[i] = true;
            return;
        }
    if (!params->any && !params->more_args)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' received too many positional arguments",
                 params->def->name);
}

static void check_missing(const params *params)
{
    nu__buf missing = { 0 };

    for (size_t i = 0; i < params->n; i++)
        if (!params->given[i] && !nu_ends_with(nu_s(params->names[i]), S("=")))
            nu__buf_fmt(&missing, "{}'{}'", missing.len ? ", " : "", params->names[i]);
    if (missing.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' did not receive value(s) for the argument(s): {}",
                 params->def->name, nu__buf_str(&missing));
}

static void parse_bits(nu_template_parser *parser, custom_tag *tag, nu__words words)
{
    params params = params_of(tag->def);
    size_t n_args = 0;
    nu_str name, value;

    for (size_t i = 0; i < words.len; i++) {
        if (!nu__split_assignment(words.items[i], &name, &value)) {
            if (n_args != i)
                nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                         "'{}' received some positional argument(s) after some keyword "
                         "argument(s)",
                         tag->def->name);
            take_arg(&params);
            n_args++;
            continue;
        }
        if (nu__words_assign((nu__words){ words.items, i }, name))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "'{}' received multiple values for keyword argument '{}'", tag->def->name,
                     name);
        take_option(&params, name);
    }
    check_missing(&params);
    tag->args = nu__parser_expressions(parser, (nu__words){ words.items, n_args });
    words = nu__words_from(words, n_args);
    tag->options = nu__parser_assignments(parser, &words, false);
}

static custom_tag *new_tag(nu_template_parser *parser)
{
    custom_tag *tag = nu_alloc(custom_tag);

    tag->def = parser->open[parser->n_open - 1].tag->custom;
    return tag;
}

void nu__compile_simple_tag(nu_template_parser *parser)
{
    custom_tag *tag = new_tag(parser);
    nu__words words = nu__words_from(nu__parser_words(parser), 1);

    parse_bits(parser, tag, nu__words_take_as(parser, words, &tag->as));
    nu_parser_emit(parser, render_simple, tag);
}

void nu__compile_inclusion_tag(nu_template_parser *parser)
{
    custom_tag *tag = new_tag(parser);

    parse_bits(parser, tag, nu__words_from(nu__parser_words(parser), 1));
    nu_parser_emit(parser, render_inclusion, tag);
}

void nu__compile_simple_block_tag(nu_template_parser *parser)
{
    custom_tag *tag = new_tag(parser);
    nu__words words = nu__words_from(nu__parser_words(parser), 1);
    nu_str end = tag->def->end_name ? nu_s(tag->def->end_name) : nu_fmt("end{}", tag->def->name);

    words = nu__words_take_as(parser, words, &tag->as);
    tag->content = nu__parse(parser, (const char *const[]){ end.ptr, NULL });
    parse_bits(parser, tag, words);
    nu_parser_emit(parser, render_simple_block, tag);
}
