/* {% load l10n %}: {% localize on|off %}, |localize, |unlocalize. */
#include "template/formats.h"
#include "template/tags/libraries.h"

typedef struct localize_tag {
    bool on;
    nu_template_nodes nodes;
} localize_tag;

static void render_localize(const void *data, nu_template_context *context)
{
    const localize_tag *tag = data;
    bool outer = context->use_l10n;

    context->use_l10n = tag->on;
    nu_nodes_render(&tag->nodes, context);
    context->use_l10n = outer;
}

bool nu__parser_on_off(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    bool on = words.len == 1 || nu_eq(words.items[1], "on");

    if (words.len > 2 || (!on && !nu_eq(words.items[1], "off")))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{} argument should be 'on' or 'off'",
                 nu__quoted(words.items[0]));
    return on;
}

static void compile_localize(nu_template_parser *parser)
{
    localize_tag *tag = nu_alloc(localize_tag);

    tag->on = nu__parser_on_off(parser);
    tag->nodes = nu__parse_until(parser, "endlocalize");
    nu_parser_emit(parser, render_localize, tag);
}

static nu_value localize(const nu__filter_call *call)
{
    return nu__localized(call->value, true, nu__zone_of(call->context));
}

static nu_value unlocalize(const nu__filter_call *call)
{
    return nu__localized(call->value, false, nu__zone_of(call->context));
}

static const nu__tag tags[] = { { "localize", compile_localize, NULL }, { 0 } };
static const nu__filter filters[] = {
    { "localize", localize, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { "unlocalize", unlocalize, NU__ARG_NONE, NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__l10n_library = { "l10n", tags, filters };
