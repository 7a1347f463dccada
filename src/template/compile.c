/* A template's source compiled into the engine's arena, or the running one. */
#include "core/context.h"
#include "core/text.h"
#include "template/engine.h"
#include "template/parser.h"

static void check_text(nu_str text, nu_str origin)
{
    size_t valid = nu__utf8_valid_prefix(text);

    if (valid < text.len)
        nu_raise(NU_UNICODE_ERROR, "The template {} is not UTF-8: byte {} is wrong.", origin,
                 valid);
    if (text.len > NU__MAX_SOURCE)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "The template {} has more than {} bytes.", origin,
                 NU__MAX_SOURCE);
}

NU_NORETURN static void raise_with_place(const nu_error *error, nu_str place)
{
    if (error->klass != NU_TEMPLATE_SYNTAX_ERROR)
        nu_reraise(error);
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{}{}", error->message, place);
}

/* In the arena that is in use; what only the parser needs goes to `scratch`. */
static nu_str padded_copy(nu_str text)
{
    char *copy = nu__alloc_raw(text.len + NU__PADDING);

    if (text.len)
        memcpy(copy, text.ptr, text.len);
    memset(copy + text.len, 0, NU__PADDING);
    return (nu_str){ copy, text.len };
}

static nu__template *compile(nu__template_engine *engine, nu_str name, const nu__source *source,
                             nu__arena *scratch)
{
    nu__arena *arena = nu__here->arena;
    nu__arena_mark mark = nu__arena_mark_take(arena);
    nu__template *tpl = nu_alloc(nu__template);
    nu_template_parser *parser;
    const nu_error *error;
    nu_str place;

    *tpl = (nu__template){ .engine = engine,
                           .name = nu_copy(name),
                           .origin = nu_copy(source->origin),
                           .source = padded_copy(source->text),
                           .mtime_ns = source->mtime_ns };
    nu__arena_use(scratch);
    parser = nu_alloc(nu_template_parser);
    parser->scratch = scratch;
    nu__arena_use(arena);
    error = nu_catch(NU_EXCEPTION, nu__parse_template(parser, tpl));
    if (!error)
        return tpl;
    nu__arena_use(scratch);
    place = nu__parser_place(parser);
    if (arena != scratch)
        nu__arena_mark_release(arena, mark);
    raise_with_place(error, place);
}

nu__template *nu__template_compile(nu__template_engine *engine, nu_str name,
                                   const nu__source *source)
{
    nu__arena *scratch;
    nu__template *tpl;
    nu__symbol *symbol;

    check_text(source->text, source->origin);
    scratch = nu__arena_use(&engine->arena);
    tpl = compile(engine, name, source, scratch);
    symbol = nu__symbol_intern(engine->symbols, name);
    tpl->older = symbol->tpl;
    symbol->tpl = tpl;
    nu__arena_use(scratch);
    return tpl;
}

nu__template *nu__template_from_string(nu__template_engine *engine, nu_str source)
{
    nu__source text = { .origin = S("<template>"), .text = source };

    check_text(source, text.origin);
    return compile(engine, S(""), &text, nu__here->arena);
}
