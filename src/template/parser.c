#include "template/parser.h"

#include "core/context.h"
#include "core/text.h"
#include "template/expression.h"
#include "utils/text.h"

/* ---- tokens
 * -------------------------------------------------------------------------------------- */

nu__token nu__parser_next(nu_template_parser *parser)
{
    parser->split = false;
    return parser->token = nu__lexer_next(&parser->lexer);
}

static nu__open_tag *innermost(nu_template_parser *parser)
{
    return parser->n_open ? &parser->open[parser->n_open - 1] : NULL;
}

static bool is_in_source(const nu_template_parser *parser, nu_str text)
{
    nu_str source = parser->tpl->source;

    return text.ptr >= source.ptr && text.ptr + text.len <= source.ptr + source.len;
}

nu__words nu__parser_words(nu_template_parser *parser)
{
    nu__arena *arena;

    if (parser->split)
        return parser->words;
    arena = nu__arena_use(parser->scratch);
    parser->words = nu__split_contents(parser->token.contents);
    nu__arena_use(arena);
    for (size_t i = 0; i < parser->words.len; i++)
        if (!is_in_source(parser, parser->words.items[i])) /* compiled tags keep slices of words */
            parser->words.items[i] = nu_copy(parser->words.items[i]);
    parser->split = true;
    return parser->words;
}

nu_str nu_parser_word(nu_template_parser *parser, int index)
{
    nu__words words = nu__parser_words(parser);

    return index >= 0 && (size_t)index < words.len ? words.items[index] : (nu_str){ 0 };
}

int nu_parser_word_count(nu_template_parser *parser)
{
    return (int)nu__parser_words(parser).len;
}

nu_str nu_parser_contents(nu_template_parser *parser)
{
    return parser->token.contents;
}

/* ---- nodes
 * ---------------------------------------------------------------------------------------- */

static void add_node(nu_template_parser *parser, nu__node node)
{
    size_t cap = parser->cap_nodes ? parser->cap_nodes * 2 : 32;

    if (parser->n_nodes == parser->cap_nodes) {
        nu__arena *arena = nu__arena_use(parser->scratch);

        parser->nodes = nu__grow(parser->nodes, parser->n_nodes * sizeof(node), cap * sizeof(node));
        nu__arena_use(arena);
        parser->cap_nodes = cap;
    }
    parser->nodes[parser->n_nodes++] = node;
}

/* The text that was read becomes a node without a tag. */
static void flush_text(nu_template_parser *parser)
{
    if (parser->text.len)
        add_node(parser,
                 (nu__node){ .text = parser->text.ptr, .text_len = (uint32_t)parser->text.len });
    parser->text = (nu_str){ 0 };
}

/* Text behind text: one slice where the source has them side by side. */
static void add_text(nu_template_parser *parser, nu_str text)
{
    if (parser->text.len && parser->text.ptr + parser->text.len == text.ptr) {
        parser->text.len += text.len;
        return;
    }
    flush_text(parser);
    parser->text = text;
}

static void emit(nu_template_parser *parser, const nu__token *token, nu_str text,
                 nu_tag_render *render, const void *data)
{
    add_node(parser, (nu__node){
                         .text = text.ptr,
                         .text_len = (uint32_t)text.len,
                         .position = (uint32_t)(token->whole.ptr - parser->tpl->source.ptr),
                         .render = render,
                         .data = data,
                     });
}

void nu_parser_emit(nu_template_parser *parser, nu_tag_render *render, const void *data)
{
    nu__open_tag *open = innermost(parser);

    flush_text(parser);
    emit(parser, &open->token, open->text, render, data);
    open->text = (nu_str){ 0 };
}

/* The nodes from `base` on as a list of their own. */
static nu_template_nodes take_nodes(nu_template_parser *parser, size_t base)
{
    size_t n = parser->n_nodes - base;
    nu__node *nodes = nu_alloc_array(nu__node, n);

    if (n)
        memcpy(nodes, parser->nodes + base, n * sizeof(*nodes));
    parser->n_nodes = base;
    return (nu_template_nodes){ nodes, (uint32_t)n };
}

/* ---- tags
 * ------------------------------------------------------------------------------------------ */

static void parse_variable_tag(nu_template_parser *parser)
{
    nu__token token = parser->token;
    nu_str text = parser->text;
    const nu_template_expression *expression;

    parser->in_variable = true;
    if (!token.contents.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Empty variable tag on line {}", (int64_t)token.line);
    expression = nu_parser_expression(parser, token.contents);
    parser->in_variable = false;
    parser->text = (nu_str){ 0 };
    parser->seen_tag = true;
    emit(parser, &token, text, nu__render_variable, expression);
}

static nu_str quoted_list(const char *const *names)
{
    nu_list *list = nu_list_new();

    for (; *names; names++)
        nu_list_append(list, nu_fmt("'{}'", *names));
    return nu__get_text_list(list, S("or"));
}

void nu__invalid_tag(nu_template_parser *parser, nu_str name, const char *const *expected)
{
    nu_str what = expected ? nu_fmt(", expected {}", quoted_list(expected)) : S("");

    parser->suggestion = nu__engine_suggest_load_tag(parser->engine, name);
    if (!parser->suggestion.len)
        parser->suggestion = nu__scope_suggest_tag(&parser->scope, name, expected);
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
             "Invalid block tag on line {}: '{}'{}. Did you forget to register or load this tag?",
             (int64_t)parser->token.line, name, what);
}

static void open_tag(nu_template_parser *parser, nu_str name)
{
    if (parser->n_open == NU__MAX_NESTING)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "More than {} tags are open at once on line {}.",
                 NU__MAX_NESTING, (int64_t)parser->token.line);
    parser->open[parser->n_open++] = (nu__open_tag){
        .name = name,
        .token = parser->token,
        .text = parser->text,
    };
    parser->text = (nu_str){ 0 };
}

/* A tag that left no node gives the text before it back. */
static void close_tag(nu_template_parser *parser)
{
    nu_str text = parser->open[--parser->n_open].text;

    if (text.len)
        parser->text = text;
}

static void parse_block_tag(nu_template_parser *parser, nu_str name, const char *const *until)
{
    const nu__tag *tag;

    open_tag(parser, name);
    tag = nu__scope_tag(&parser->scope, name);
    if (!tag)
        nu__invalid_tag(parser, name, until);
    innermost(parser)->tag = tag;
    tag->compile(parser);
    parser->tpl->sets_more |= tag->own_parser;
    parser->seen_tag = !parser->extends_now; /* a second one right behind has its own message */
    parser->extends_now = false;
    close_tag(parser);
}

NU_NORETURN static void unclosed_tag(nu_template_parser *parser, const char *const *until)
{
    const nu__open_tag *open = innermost(parser);
    nu__buf names = { 0 };

    for (size_t i = 0; until[i]; i++)
        nu__buf_fmt(&names, "{}{}", i ? ", " : "", until[i]);
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unclosed tag on line {}: '{}'. Looking for one of: {}.",
             (int64_t)open->token.line, open->name, nu__buf_str(&names));
}

static nu_str first_word(nu_template_parser *parser)
{
    nu_str contents = parser->token.contents;
    const char *at = contents.ptr, *end = contents.ptr + contents.len, *next = at;

    if (!contents.len) {
        parser->in_variable = true; /* the error is about this token */
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Empty block tag on line {}",
                 (int64_t)parser->token.line);
    }
    while (next < end) {
        at = next;
        if (nu__is_space(nu__utf8_next(&next, end)))
            return nu__sub(contents, 0, (size_t)(at - contents.ptr));
    }
    return contents;
}

static bool is_one_of(nu_str name, const char *const *names)
{
    for (; names && *names; names++)
        if (nu_eq(name, *names))
            return true;
    return false;
}

nu_template_nodes nu__parse(nu_template_parser *parser, const char *const *until)
{
    size_t base = parser->n_nodes;
    nu_str name;

    for (;;) {
        nu__parser_next(parser);
        switch (parser->token.kind) {
        case NU__TOKEN_TEXT:
            add_text(parser, parser->token.contents);
            break;
        case NU__TOKEN_VARIABLE:
            parse_variable_tag(parser);
            break;
        case NU__TOKEN_BLOCK:
            name = first_word(parser);
            if (is_one_of(name, until)) {
                flush_text(parser);
                return take_nodes(parser, base);
            }
            parse_block_tag(parser, name, until);
            break;
        case NU__TOKEN_COMMENT:
            break;
        case NU__TOKEN_END:
            if (until)
                unclosed_tag(parser, until);
            flush_text(parser);
            return take_nodes(parser, base);
        }
    }
}

const nu_template_nodes *nu_parser_until_(nu_template_parser *parser, const char *const *names)
{
    nu_template_nodes *nodes = nu_alloc(nu_template_nodes);

    *nodes = nu__parse(parser, names);
    return nodes;
}

void nu__parser_skip_past(nu_template_parser *parser, const char *end)
{
    do {
        nu__parser_next(parser);
        if (parser->token.kind == NU__TOKEN_END)
            unclosed_tag(parser, (const char *const[]){ end, NULL });
    } while (parser->token.kind != NU__TOKEN_BLOCK || !nu_eq(parser->token.contents, end));
}

/* ---- the whole
 * -------------------------------------------------------------------------------------- */

/* They count in states of their own, in the slots that the template gave out. */
static void finish_partials(nu_template_parser *parser)
{
    for (size_t i = 0; i < parser->n_partials; i++)
        parser->partials[i].n_states = parser->tpl->n_states;
}

void nu__parse_template(nu_template_parser *parser, nu__template *tpl)
{
    parser->engine = tpl->engine;
    parser->tpl = tpl;
    parser->block_names = nu_dict_new();
    for (size_t i = 0; nu__builtin_libraries[i]; i++)
        nu__scope_add(&parser->scope, nu__builtin_libraries[i], (nu_str){ 0 });
    for (size_t i = 0; i < tpl->engine->n_builtins; i++)
        nu__scope_add(&parser->scope, tpl->engine->builtins[i], (nu_str){ 0 });
    nu__lexer_init(&parser->lexer, tpl->source);
    tpl->nodes = nu__parse(parser, NULL);
    tpl->blocks = parser->blocks;
    tpl->n_blocks = (uint32_t)parser->n_blocks;
    finish_partials(parser);
}

static void count_to(nu_str source, size_t position, int64_t *line, int64_t *column)
{
    size_t start = 0;

    *line = 1;
    for (size_t i = 0; i < position; i++)
        if (source.ptr[i] == '\n') {
            *line += 1;
            start = i + 1;
        }
    *column = (int64_t)nu__utf8_count(nu__sub(source, start, position)) + 1;
}

nu_str nu__template_place(const nu__template *tpl, size_t position)
{
    const char *hash = tpl->name.len ? memchr(tpl->name.ptr, '#', tpl->name.len) : NULL;
    nu_str file = hash ? nu__sub(tpl->name, 0, (size_t)(hash - tpl->name.ptr)) : tpl->name;
    int64_t line, column;

    count_to(tpl->source, position, &line, &column);
    return nu_fmt("{}:{}:{}", file.len ? file : S("<template>"), line, column);
}

nu_str nu__parser_place(const nu_template_parser *parser)
{
    const nu__token *token = &parser->token;
    const char *start = parser->tpl->source.ptr;

    if (!parser->in_variable && parser->n_open)
        token = &parser->open[parser->n_open - 1].token;
    return nu_fmt(
        "\n  {}{}{}",
        nu__template_place(parser->tpl, token->whole.ptr ? (size_t)(token->whole.ptr - start) : 0),
        parser->suggestion.len ? S(":") : S(""),
        parser->suggestion.len ? parser->suggestion : S(""));
}
