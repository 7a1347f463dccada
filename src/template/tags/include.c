/* {% include %}, and variables for what is inside of a tag. */
#include "core/object.h"
#include "template/tags/tags.h"

/* ---- rendering ------------------------------------------------------------------------------- */

typedef struct include_tag {
    const nu_template_expression *tpl;
    const nu__symbol *name; /* a literal's; NULL: none */
    nu__assignments with;
    bool only;
} include_tag;

static const nu__template *template_of(nu_value name, nu_template_context *context)
{
    nu_str current = nu__context_template(context)->name;
    const nu_list *list;
    nu_str *names;

    if (name.kind == NU_KIND_STR || name.kind == NU_KIND_SAFE) {
        nu_str single = nu__relative_name(current, name.s, true);

        return nu__engine_select(context->engine, &single, single.len ? 1 : 0);
    }
    list = nu__value_truth(name) ? nu__value_items(name) : nu_list_new();
    names = nu_alloc_array(nu_str, nu_list_len(list));
    if (!list)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(name.kind));
    for (size_t i = 0; i < nu_list_len(list); i++)
        names[i] = nu_string(nu_at(list, i));
    return nu__engine_select(context->engine, names, nu_list_len(list));
}

void nu__bind_assignments(nu_template_context *context, nu__assignments assignments,
                          uint32_t *outer)
{
    uint32_t first = context->top;

    for (size_t i = 0; i < assignments.len; i++) { /* nameless until all are resolved */
        const nu_template_expression *value = assignments.items[i].value;

        if (nu__is_literal(value))
            nu__context_bind(context, NULL, value->variable.literal);
        else
            nu__context_bind(context, NULL, nu_expression_value(value, context));
    }
    for (size_t i = 0; i < assignments.len; i++)
        context->stack[first + i].name = assignments.items[i].name;
    *outer = context->scope;
    context->scope = first;
}

static void render_only(const include_tag *tag, const nu__template *tpl,
                        nu_template_context *context)
{
    nu_value *values = nu_alloc_array(nu_value, tag->with.len);
    nu__hidden hidden;

    for (size_t i = 0; i < tag->with.len; i++)
        values[i] = nu_expression_value(tag->with.items[i].value, context);
    hidden = nu__context_hide(context, NULL);
    for (size_t i = 0; i < tag->with.len; i++)
        nu__context_bind(context, tag->with.items[i].name, values[i]);
    nu__template_include(tpl, context, tag);
    nu__context_show(context, hidden);
}

static void render_include(const void *data, nu_template_context *context)
{
    const include_tag *tag = data;
    const nu__template *tpl = nu__engine_newest(context->engine, tag->name);
    uint32_t outer;

    if (!tpl)
        tpl = template_of(nu_expression_value(tag->tpl, context), context);
    if (tag->only) {
        render_only(tag, tpl, context);
        return;
    }
    nu__bind_assignments(context, tag->with, &outer);
    nu__template_include(tpl, context, tag);
    nu__context_pop(context, outer);
}

/* ---- compiling ------------------------------------------------------------------------------- */

static void parse_with(nu_template_parser *parser, nu_str tag_name, nu__words *words,
                       include_tag *tag)
{
    tag->with = nu__parser_assignments(parser, words, false);
    if (!tag->with.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "\"with\" in {} tag needs at least one keyword argument.", nu__quoted(tag_name));
}

void nu__compile_include(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser), rest = nu__words_from(words, 2);
    include_tag *tag = nu_alloc(include_tag);

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "{} tag takes at least one argument: the name of the template to be included.",
                 nu__quoted(words.items[0]));
    while (rest.len) {
        nu_str option = rest.items[0];

        rest = nu__words_from(rest, 1);
        if ((nu_eq(option, "with") && tag->with.len) || (nu_eq(option, "only") && tag->only))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "The {} option was specified more than once.",
                     nu__quoted(option));
        if (nu_eq(option, "with"))
            parse_with(parser, words.items[0], &rest, tag);
        else if (nu_eq(option, "only"))
            tag->only = true;
        else
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unknown argument for {} tag: {}.",
                     nu__quoted(words.items[0]), nu__quoted(option));
    }
    tag->tpl =
        nu_parser_expression(parser, nu__relative_name(parser->tpl->name, words.items[1], true));
    tag->name = nu__literal_template(parser, tag->tpl);
    if (tag->name)
        nu__parser_includes(parser, tag->name->text);
    nu_parser_emit(parser, render_include, tag);
}
