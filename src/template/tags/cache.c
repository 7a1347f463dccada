/* {% load cache %}: {% cache timeout name … %}. */
#include "core/object.h"
#include "core/text.h"
#include "template/numbers.h"
#include "template/tags/libraries.h"
#include "utils/crypto.h"

typedef struct cache_tag {
    const nu_template_expression *timeout, *using; /* using: NULL: the default cache */
    nu_str name;
    nu__expressions vary_on;
    nu_template_nodes nodes;
} cache_tag;

/* Seconds, -1 for ever. */
static int64_t timeout_of(const cache_tag *tag, nu_template_context *context)
{
    nu_value value = nu_expression_value(tag->timeout, context);
    int64_t seconds;

    if (value.kind == NU_KIND_NULL)
        return -1;
    if (!nu__cast_int_within(value, 0, INT64_MAX, &seconds))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "\"cache\" tag got a non-integer timeout value: {!r}",
                 value);
    return seconds;
}

/* Django's make_template_fragment_key(). */
static nu_str key_of(const cache_tag *tag, nu_template_context *context)
{
    nu__buf vary = { 0 };

    for (size_t i = 0; i < tag->vary_on.len; i++) {
        nu__buf_value(&vary, nu_expression_value(tag->vary_on.items[i], context));
        nu__buf_char(&vary, ':');
    }
    return nu_fmt("template.cache.{}.{}", tag->name,
                  nu__hex(nu__digest_of("md5", nu__buf_str(&vary))));
}

static void render_cache(const void *data, nu_template_context *context)
{
    const cache_tag *tag = data;
    int64_t timeout = timeout_of(tag, context);
    const nu__template_cache *cache = nu__template_cache_hook;
    nu_str using, key, text;

    if (!cache) {
        nu_nodes_render(&tag->nodes, context);
        return;
    }
    using = tag->using ? nu_string(nu_expression_value(tag->using, context)) : (nu_str){ 0 };
    key = key_of(tag, context);
    if (!cache->get(using, key, &text)) {
        text = nu__nodes_capture(&tag->nodes, context);
        cache->set(using, key, text, timeout);
    }
    nu__buf_str_add(context->out, text);
}

static void compile_cache(nu_template_parser *parser)
{
    cache_tag *tag = nu_alloc(cache_tag);
    nu__words words = nu__parser_words(parser);
    nu_str using = S("using=");

    tag->nodes = nu__parse_until(parser, "endcache");
    if (words.len < 3)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' tag requires at least 2 arguments.",
                 nu__quoted(words.items[0]));
    if (words.len > 3 && nu_starts_with(words.items[words.len - 1], using)) {
        nu_str last = words.items[--words.len];

        tag->using = nu_parser_expression(parser, nu__sub(last, using.len, last.len));
    }
    tag->timeout = nu_parser_expression(parser, words.items[1]);
    tag->name = words.items[2];
    tag->vary_on = nu__parser_expressions(parser, nu__words_from(words, 3));
    nu_parser_emit(parser, render_cache, tag);
}

static const nu__tag tags[] = { { "cache", compile_cache, NULL }, { 0 } };

const nu__library nu__cache_library = { "cache", tags, NULL };
