/* {% url %}, {% querystring %}. */
#include "core/object.h"
#include "core/text.h"
#include "http/message.h"
#include "http/querydict.h"
#include "template/tags/tags.h"
#include "utils/html.h"

/* ---- url
 * -------------------------------------------------------------------------------------------- */

typedef struct url_tag {
    const nu_template_expression *name;
    nu__expressions args;
    nu__assignments kwargs;
    const nu__symbol *as;
} url_tag;

static nu_values resolve_args(nu__expressions args, nu_template_context *context)
{
    nu_value *values = nu_alloc_array(nu_value, args.len);

    for (size_t i = 0; i < args.len; i++)
        values[i] = nu_expression_value(args.items[i], context);
    return (nu_values){ values, args.len };
}

/* Ends with a null key; NULL when there are none. */
static const nu_var *resolve_kwargs(nu__assignments kwargs, nu_template_context *context)
{
    nu_var *vars = kwargs.len ? nu_alloc_array(nu_var, kwargs.len + 1) : NULL;

    for (size_t i = 0; i < kwargs.len; i++)
        vars[i] = (nu_var){ kwargs.items[i].name->text.ptr,
                            nu_expression_value(kwargs.items[i].value, context) };
    return vars;
}

/* request.current_app, else request.resolver_match.namespace, else NULL. */
static const char *current_app(nu_request *request)
{
    nu_value object = request ? nu__request_object(request) : nu_null(), value;

    if (!request)
        return NULL;
    if (nu__value_get(object, S("current_app"), &value))
        return nu_string(value).ptr;
    if (nu__value_get(object, S("resolver_match"), &value) &&
        nu__value_get(value, S("namespace"), &value) && nu__value_truth(value))
        return nu_string(value).ptr;
    return NULL;
}

static nu_str reverse(const url_tag *tag, nu_template_context *context)
{
    nu_values args = resolve_args(tag->args, context);
    const nu_var *kwargs = resolve_kwargs(tag->kwargs, context);
    nu_str name = nu_string(nu_expression_value(tag->name, context)), url = S("");

    if (!nu__template_reverse)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{{% url '{}' %}}: no URLs are configured.", name);
    if (!tag->as)
        return nu__template_reverse(name, args, kwargs, current_app(context->request));
    if (nu_catch(NU_NO_REVERSE_MATCH,
                 url = nu__template_reverse(name, args, kwargs, current_app(context->request))))
        return S("");
    return url;
}

static void render_url(const void *data, nu_template_context *context)
{
    const url_tag *tag = data;
    nu_str url = reverse(tag, context);

    if (tag->as)
        nu__context_set(context, tag->as, V(url));
    else if (context->autoescape)
        nu__escape_to(context->out, url);
    else
        nu__buf_str_add(context->out, url);
}

typedef struct url_args {
    nu_str *words, *names, *values;
    size_t n_words, n_names;
} url_args;

static url_args split_args(nu__words words)
{
    url_args args = { nu_alloc_array(nu_str, words.len), nu_alloc_array(nu_str, words.len),
                      nu_alloc_array(nu_str, words.len), 0, 0 };

    for (size_t i = 0; i < words.len; i++) {
        if (nu__split_assignment(words.items[i], &args.names[args.n_names],
                                 &args.values[args.n_names]))
            args.n_names++;
        else
            args.words[args.n_words++] = words.items[i];
    }
    return args;
}

static nu__assignments parse_kwargs(nu_template_parser *parser, const url_args *args)
{
    nu__assignment *items = nu_alloc_array(nu__assignment, args->n_names);

    for (size_t i = 0; i < args->n_names; i++)
        items[i] = (nu__assignment){ nu__parser_symbol(parser, args->names[i]),
                                     nu_parser_expression(parser, args->values[i]) };
    return (nu__assignments){ items, args->n_names };
}

void nu__compile_url(nu_template_parser *parser)
{
    url_tag *tag = nu_alloc(url_tag);
    nu__words words = nu__parser_words(parser);
    url_args args;

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes at least one argument, a URL pattern name.",
                 words.items[0]);
    tag->name = nu_parser_expression(parser, words.items[1]);
    words = nu__words_take_as(parser, nu__words_from(words, 2), &tag->as);
    args = split_args(words);
    tag->args = nu__parser_expressions(parser, (nu__words){ args.words, args.n_words });
    tag->kwargs = parse_kwargs(parser, &args);
    nu_parser_emit(parser, render_url, tag);
}

/* ---- querystring
 * -------------------------------------------------------------------------------------- */

static bool is_sequence(nu_value value)
{
    return value.kind == NU_KIND_LIST || value.kind == NU_KIND_DICT ||
           (nu__value_ops(value) && nu__value_ops(value)->items);
}

static void set_all(nu_querydict *query, nu_str name, nu_value value)
{
    nu_list *items = nu__value_items(value);

    nu_querydict_remove(query, name);
    for (size_t i = 0; i < nu_list_len(items); i++)
        nu_querydict_append(query, name, nu_string(nu_at(items, i)));
}

static void set_parameter(nu_querydict *query, nu_str name, nu_value value)
{
    if (value.kind == NU_KIND_NULL)
        nu_querydict_remove(query, name);
    else if (is_sequence(value))
        set_all(query, name, value);
    else
        nu_querydict_set(query, name, nu_string(value));
}

static const nu_querydict *as_querydict(nu_value value)
{
    return value.kind == NU_KIND_OBJECT && value.object->type == &nu__querydict_class
               ? (const nu_querydict *)value.object
               : NULL;
}

/* Another dict's pairs over those that are there. */
static void merge(nu_querydict *query, nu_value dict)
{
    const nu_querydict *other = as_querydict(dict);

    if (dict.kind == NU_KIND_DICT) {
        for (size_t i = 0; i < nu_dict_len(dict.dict); i++)
            set_parameter(query, nu_dict_key(dict.dict, i), nu_dict_value(dict.dict, i));
    } else if (other) {
        for (size_t i = 0; i < nu_querydict_len(other); i++) {
            nu_str name = nu_querydict_key(other, i);

            set_all(query, name, V(nu_querydict_list(other, name)));
        }
    } else if (dict.kind != NU_KIND_NULL) {
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "querystring requires mappings for positional arguments (got {!r} instead).",
                 dict);
    }
}

typedef struct querystring {
    nu__expressions dicts;
    nu__assignments parameters;
    const nu__symbol *as;
} querystring;

static nu_querydict *base_query(const querystring *tag, nu_template_context *context)
{
    nu_querydict *query = nu_querydict_new();

    if (tag->dicts.len) {
        for (size_t i = 0; i < tag->dicts.len; i++)
            merge(query, nu_expression_value(tag->dicts.items[i], context));
        return query;
    }
    if (!context->request)
        nu_raise(NU_ATTRIBUTE_ERROR, "'Context' object has no attribute 'request'");
    return nu_querydict_copy(nu_request_get(context->request));
}

static void render_querystring(const void *data, nu_template_context *context)
{
    const querystring *tag = data;
    nu_querydict *query = base_query(tag, context);
    bool was_empty = !nu_querydict_len(query);
    nu_value text = V("");

    for (size_t i = 0; i < tag->parameters.len; i++)
        set_parameter(query, tag->parameters.items[i].name->text,
                      nu_expression_value(tag->parameters.items[i].value, context));
    if (!was_empty || nu_querydict_len(query))
        text = V(nu_fmt("?{}", nu_querydict_urlencode(query, NULL)));
    if (tag->as)
        nu__context_set(context, tag->as, text);
    else if (context->autoescape)
        nu__conditional_escape_to(context->out, text);
    else
        nu__buf_str_add(context->out, text.s);
}

void nu__compile_querystring(nu_template_parser *parser)
{
    querystring *tag = nu_alloc(querystring);
    nu__words words = nu__words_from(nu__parser_words(parser), 1);
    size_t n = 0;
    nu_str name, value;

    words = nu__words_take_as(parser, words, &tag->as);
    while (n < words.len && !nu__split_assignment(words.items[n], &name, &value))
        n++;
    for (size_t i = n; i < words.len; i++) {
        if (!nu__split_assignment(words.items[i], &name, &value))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "'querystring' received some positional argument(s) after some keyword "
                     "argument(s)");
        if (nu__words_assign((nu__words){ words.items + n, i - n }, name))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "'querystring' received multiple values for keyword argument '{}'", name);
    }
    tag->dicts = nu__parser_expressions(parser, (nu__words){ words.items, n });
    words = nu__words_from(words, n);
    tag->parameters = nu__parser_assignments(parser, &words, false);
    nu_parser_emit(parser, render_querystring, tag);
}
