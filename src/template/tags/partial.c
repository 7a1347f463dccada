/* {% partialdef name %} … {% endpartialdef %}, {% partial name %}: Django 6.0. */
#include "core/text.h"
#include "template/tags/tags.h"

static const nu__template *partial_named(const nu__template *tpl, nu_str name)
{
    for (uint32_t i = 0; i < tpl->n_partials; i++) {
        nu_str full = tpl->partials[i].name;

        if (full.len > name.len && full.ptr[full.len - name.len - 1] == '#' &&
            nu_ends_with(full, name))
            return &tpl->partials[i];
    }
    return NULL;
}

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

void nu__compile_partialdef(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    nu_template_nodes *nodes = nu_alloc(nu_template_nodes);
    bool inlined = words.len == 3 && nu_eq(words.items[2], "inline");
    nu_str name, full;

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partialdef' tag requires a name");
    if (words.len == 3 && !inlined)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The 'inline' argument does not have any parameters; either use 'inline' or "
                 "remove it completely.");
    if (words.len > 3)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partialdef' cannot have more than 3 arguments");
    name = words.items[1];
    if (partial_named(parser->tpl, name))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Partial '{}' is already defined in the '{}' template.",
                 name, parser->tpl->name);
    *nodes = nu__parse_until(parser, "endpartialdef");
    full = nu_fmt("endpartialdef {}", name);
    if (!nu_eq(parser->token.contents, "endpartialdef") && !nu_eq_(parser->token.contents, full))
        nu__invalid_tag(parser, parser->token.contents,
                        (const char *const[]){ "endpartialdef", full.ptr, NULL });
    add_partial(parser, name, *nodes);
    if (inlined)
        nu_parser_emit(parser, render_inline, nodes);
}

typedef struct partial_tag {
    nu_str name;
    const nu__template *tpl; /* where it is written */
} partial_tag;

static void render_partial(const void *data, nu_template_context *context)
{
    const partial_tag *tag = data;
    const nu__template *partial = partial_named(tag->tpl, tag->name);
    uint32_t outer = nu__context_push(context);

    if (!partial)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Partial '{}' is not defined in the current template.",
                 tag->name);
    nu_nodes_render(&partial->nodes, context);
    nu__context_pop(context, outer);
}

void nu__compile_partial(nu_template_parser *parser)
{
    partial_tag *tag = nu_alloc(partial_tag);
    nu__words words = nu__parser_words(parser);

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'partial' tag requires a single argument");
    *tag = (partial_tag){ words.items[1], parser->tpl };
    nu_parser_emit(parser, render_partial, tag);
}
