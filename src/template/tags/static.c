/* {% load static %}: {% static %}, {% get_static_prefix %}, {% get_media_prefix %}. */
#include "core/text.h"
#include "template/tags/libraries.h"
#include "utils/html.h"
#include "utils/url.h"

/* urljoin(STATIC_URL, path) of a path that is percent-encoded. */
static nu_str static_url(nu_str path, const nu__template_engine *engine)
{
    nu_str prefix = nu__iri_to_uri(engine->static_url);

    if (nu__template_static)
        return nu__template_static(path);
    path = nu__urlquote(path, "/");
    while (path.len && path.ptr[0] == '/')
        path = nu__sub(path, 1, path.len);
    return nu_fmt("{}{}", prefix, path);
}

/* ---- static -------------------------------------------------------------------------------------
 */

typedef struct static_tag {
    const nu_template_expression *path;
    const nu__symbol *as;
} static_tag;

static void render_static(const void *data, nu_template_context *context)
{
    const static_tag *tag = data;
    nu_str url = static_url(nu_string(nu_expression_value(tag->path, context)), context->engine);

    if (context->autoescape)
        url = nu__escape(url);
    nu__tag_result(context, tag->as, nu_safe(url));
}

static void compile_static(nu_template_parser *parser)
{
    static_tag *tag = nu_alloc(static_tag);
    nu__words words = nu__parser_words(parser);

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes at least one argument (path to file)",
                 words.items[0]);
    tag->path = nu_parser_expression(parser, words.items[1]);
    nu__words_take_as(parser, nu__words_from(words, 2), &tag->as);
    nu_parser_emit(parser, render_static, tag);
}

/* ---- prefixes
 * ------------------------------------------------------------------------------------- */

typedef struct prefix_tag {
    nu_str prefix;
    const nu__symbol *as;
} prefix_tag;

static void render_prefix(const void *data, nu_template_context *context)
{
    const prefix_tag *tag = data;

    nu__tag_result(context, tag->as, V(tag->prefix));
}

static void compile_prefix(nu_template_parser *parser, nu_str prefix)
{
    prefix_tag *tag = nu_alloc(prefix_tag);
    nu__words words = nu__split_words(parser->token.contents);

    if (words.len > 1 && !nu_eq(words.items[1], "as"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "First argument in '{}' must be 'as'", words.items[0]);
    if (words.len > 2)
        tag->as = nu__parser_sets(parser, words.items[2]);
    tag->prefix = nu__iri_to_uri(prefix);
    nu_parser_emit(parser, render_prefix, tag);
}

static void compile_static_prefix(nu_template_parser *parser)
{
    compile_prefix(parser, parser->engine->static_url);
}

static void compile_media_prefix(nu_template_parser *parser)
{
    compile_prefix(parser, parser->engine->media_url);
}

static const nu__tag tags[] = {
    { "static", compile_static, NULL },
    { "get_static_prefix", compile_static_prefix, NULL },
    { "get_media_prefix", compile_media_prefix, NULL },
    { 0 },
};

const nu__library nu__static_library = { "static", tags, NULL };
