/* Tags around a part of a template: with, autoescape, filter, spaceless; comment, verbatim. */
#include "core/object.h"
#include "core/text.h"
#include "template/tags/tags.h"
#include "utils/html.h"

/* ---- with
 * -------------------------------------------------------------------------------------------- */

typedef struct with_tag {
    nu__assignments values;
    nu_template_nodes nodes;
} with_tag;

static void render_with(const void *data, nu_template_context *context)
{
    const with_tag *tag = data;
    uint32_t outer;

    nu__bind_assignments(context, tag->values, &outer);
    nu_nodes_render(&tag->nodes, context);
    nu__context_pop(context, outer);
}

void nu__compile_with(nu_template_parser *parser)
{
    with_tag *tag = nu_alloc(with_tag);
    nu__words words = nu__parser_words(parser), rest = nu__words_from(words, 1);

    tag->values = nu__parser_assignments(parser, &rest, true);
    if (!tag->values.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{} expected at least one variable assignment",
                 nu__quoted(words.items[0]));
    if (rest.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{} received an invalid token: {}",
                 nu__quoted(words.items[0]), nu__quoted(rest.items[0]));
    tag->nodes = nu__parse_until(parser, "endwith");
    nu_parser_emit(parser, render_with, tag);
}

/* ---- autoescape
 * ------------------------------------------------------------------------------------------ */

typedef struct autoescape {
    bool on;
    nu_template_nodes nodes;
} autoescape;

static void render_autoescape(const void *data, nu_template_context *context)
{
    const autoescape *tag = data;
    bool outer = context->autoescape;

    context->autoescape = tag->on;
    nu_nodes_render(&tag->nodes, context);
    context->autoescape = outer;
}

void nu__compile_autoescape(nu_template_parser *parser)
{
    autoescape *tag = nu_alloc(autoescape);
    nu__words words = nu__split_words(parser->token.contents);

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'autoescape' tag requires exactly one argument.");
    tag->on = nu_eq(words.items[1], "on");
    if (!tag->on && !nu_eq(words.items[1], "off"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'autoescape' argument should be 'on' or 'off'");
    tag->nodes = nu__parse_until(parser, "endautoescape");
    nu_parser_emit(parser, render_autoescape, tag);
}

/* ---- filter
 * ---------------------------------------------------------------------------------------------- */

typedef struct filter_tag {
    const nu_template_expression *filters; /* of the variable `var` */
    nu_template_nodes nodes;
} filter_tag;

static void render_filter(const void *data, nu_template_context *context)
{
    const filter_tag *tag = data;
    nu_value inner = nu_nodes_text(&tag->nodes, context), filtered;
    uint32_t outer = nu__context_push(context);

    nu__context_bind(context, nu__symbol_known(context->engine->symbols, NU__SYM_VAR), inner);
    filtered = nu_expression_value(tag->filters, context);
    nu__context_pop(context, outer);
    if (filtered.kind != NU_KIND_STR && filtered.kind != NU_KIND_SAFE)
        nu_raise(NU_TYPE_ERROR, "the filters of {{% filter %}} must give text, not {}",
                 nu__kind_name(filtered.kind));
    nu__buf_str_add(context->out, filtered.s);
}

static void refuse_escaping(const nu_template_expression *expression)
{
    for (size_t i = 0; i < expression->n_filters; i++) {
        const char *name = expression->filters[i].filter->name;

        if (!strcmp(name, "escape") || !strcmp(name, "safe"))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "\"filter {}\" is not permitted.  Use the \"autoescape\" tag instead.", name);
    }
}

void nu__compile_filter(nu_template_parser *parser)
{
    filter_tag *tag = nu_alloc(filter_tag);
    nu_str contents = parser->token.contents;
    nu_str rest = nu_trim(nu__sub(contents, S("filter").len, contents.len));

    if (!rest.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'filter' tag requires at least one filter.");
    tag->filters = nu_parser_expression(parser, nu_fmt("var|{}", rest));
    refuse_escaping(tag->filters);
    tag->nodes = nu__parse_until(parser, "endfilter");
    nu_parser_emit(parser, render_filter, tag);
}

/* ---- spaceless
 * --------------------------------------------------------------------------------------------- */

static void render_spaceless(const void *data, nu_template_context *context)
{
    nu_str inner = nu__nodes_capture(data, context);

    nu__buf_str_add(context->out, nu__strip_spaces_between_tags(nu_trim(inner)));
}

void nu__compile_spaceless(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_spaceless, nu_parser_until(parser, "endspaceless"));
}

/* ---- comment, verbatim
 * --------------------------------------------------------------------------------------- */

void nu__compile_comment(nu_template_parser *parser)
{
    nu__parser_skip_past(parser, "endcomment");
}

static void render_nodes(const void *data, nu_template_context *context)
{
    nu_nodes_render(data, context);
}

/* The lexer has made everything inside one text already. */
void nu__compile_verbatim(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_nodes, nu_parser_until(parser, "endverbatim"));
}
