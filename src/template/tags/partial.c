/* {% partialdef name %} … {% endpartialdef %}, {% partial name %}: Django 6.0. */
#include "core/text.h"
#include "template/tags/tags.h"

static void add_partial(nu_template_parser *parser, nu_str name, nu_template_nodes nodes)
{
    nu__template *tpl = parser->tpl;
    size_t cap = parser->cap_partials ? parser->cap_partials * 2 : 4;

    if (parser->n_partials == parser->cap_partials) {
        parser->partials =
            nu__grow(parser->partials, parser->cap_partials * sizeof(*tpl), cap * sizeof(*tpl));
        parser->cap_partials = cap;
    }
    parser->partials[parser->n_partials++] = (nu__template){
        .engine = tpl->engine,
        .name = nu_fmt("{}#{}", tpl->name, name),
        .origin = nu_fmt("{}#{}", tpl->origin, name),
        .source = tpl->source,
        .nodes = nodes,
    };
    tpl->partials = parser->partials;
    tpl->n_partials = (uint32_t)parser->n_partials;
}

static void render_inline(const void *data, nu_template_context *context)
{
    nu_nodes_render(data, context);
}

static nu_str definition_name(const nu__words *words, bool inlined)
{
    if (words->len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partialdef' tag requires a name");
    if (words->len > 3)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partialdef' tag takes at most 2 arguments");
    if (words->len == 3 && !inlined)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The 'inline' argument does not have any parameters; either use 'inline' or "
                 "remove it completely.");
    return words->items[1];
}

static nu_template_nodes parse_definition(nu_template_parser *parser, nu_str name)
{
    nu_str full = nu_fmt("endpartialdef {}", name);
    const char *const ends[] = { "endpartialdef", full.ptr, NULL };
    nu_template_nodes nodes = nu__parse(parser, ends);

    if (!nu_eq(parser->token.contents, "endpartialdef") && !nu_eq_(parser->token.contents, full))
        nu__invalid_tag(parser, S("endpartialdef"), ends);
    return nodes;
}

void nu__compile_partialdef(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    nu_template_nodes *nodes = nu_alloc(nu_template_nodes);
    bool inlined = words.len == 3 && nu_eq(words.items[2], "inline");
    nu_str name = definition_name(&words, inlined);

    *nodes = parse_definition(parser, name);
    if (nu__template_partial(parser->tpl, name))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Partial '{}' is already defined in the '{}' template.",
                 name, parser->tpl->name.len ? parser->tpl->name : S("<unknown source>"));
    add_partial(parser, name, *nodes);
    if (inlined)
        nu_parser_emit(parser, render_inline, nodes);
}

typedef struct partial_tag {
    nu_str name;
    const nu__template *tpl; /* where it is written */
    size_t position;         /* in its source, in bytes */
} partial_tag;

NU_NORETURN static void not_defined(const partial_tag *tag)
{
    nu_str hint = nu__template_suggest_partial(tag->tpl, tag->name);

    nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
             "Partial '{}' is not defined in the current template.\n  {}{}{}", tag->name,
             nu__template_place(tag->tpl, tag->position), hint.len ? S(":") : S(""), hint);
}

/* What counts and what blocks there are begins anew, as in an include; variables are the same. */
static void render_partial(const void *data, nu_template_context *context)
{
    const partial_tag *tag = data;
    const nu__template *partial = nu__template_partial(tag->tpl, tag->name);

    if (!partial)
        not_defined(tag);
    nu__template_include(partial, context, context->frame->includer);
}

void nu__compile_partial(nu_template_parser *parser)
{
    partial_tag *tag = nu_alloc(partial_tag);
    nu__words words = nu__parser_words(parser);

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partial' tag requires a single argument");
    *tag = (partial_tag){ words.items[1], parser->tpl,
                          (size_t)(parser->token.whole.ptr - parser->tpl->source.ptr) };
    nu_parser_emit(parser, render_partial, tag);
}
