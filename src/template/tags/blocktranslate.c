#include "template/tags/blocktranslate.h"

#include "core/object.h"
#include "core/text.h"
#include "template/context.h"
#include "template/filters/stringformat.h"
#include "template/tags/tags.h"
#include "utils/translation.h"

/* What is inside as a message: "%(name)s comments", and the names in it. */
typedef struct message {
    nu_str text;
    bool any; /* something stands there, be it only what is trimmed off */
    const nu__symbol **names;
    size_t n_names, cap;
} message;

typedef struct blocktranslate {
    nu_str tag;
    nu__assignments with, count;
    const nu_template_expression *message_context;
    bool trimmed;
    const nu__symbol *as;
    message singular, plural;
} blocktranslate;

/* ---- rendering
 * -------------------------------------------------------------------------------------- */

static nu_str value_in_text(const nu__symbol *name, nu_template_context *context)
{
    const nu__variable variable = { .path = &name, .n_path = 1 };
    nu_str invalid = context->engine->string_if_invalid;
    nu_value value;

    if (nu__variable_value(&variable, context, &value))
        return nu_string(nu__value_rendered(value, context));
    invalid = nu__replace(invalid, S("%s"), name->text);
    return nu_string(nu__value_rendered(V(invalid), context));
}

static void add_values(nu_dict *data, const message *message, nu_template_context *context)
{
    for (size_t i = 0; i < message->n_names; i++)
        nu_dict_set_str(data, message->names[i]->text,
                        V(value_in_text(message->names[i], context)));
}

/* The number that chooses the plural form; nothing between 1 and 2 is one. */
static int64_t count_value(const blocktranslate *tag, nu_template_context *context)
{
    nu_value count = nu_expression_value(tag->count.items[0].value, context);

    if (count.kind == NU_KIND_NULL || count.kind > NU_KIND_DECIMAL)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{!r} argument to {!r} tag must be a number.",
                 tag->count.items[0].name->text, tag->tag);
    nu__context_set(context, tag->count.items[0].name, count);
    if (count.kind == NU_KIND_INT || count.kind == NU_KIND_BOOL)
        return nu_int(count);
    return nu__value_equal(count, V(1)) ? 1 : 2;
}

static bool format(nu__buf *out, nu_str text, nu_dict *data)
{
    bool done = false;

    return !nu_catch(NU_KEY_ERROR, done = nu__percent_format_text(out, text, V(data))) && done;
}

static nu_str translated(const blocktranslate *tag, nu_str where, bool plural, int64_t count)
{
    nu_str many = plural ? tag->plural.text : (nu_str){ 0 };

    return nu__npgettext(where.len ? where : (nu_str){ 0 }, tag->singular.text, many, count);
}

static nu_str render_message(const blocktranslate *tag, nu_template_context *context)
{
    bool plural = tag->plural.any;
    nu_dict *data = nu_dict_new();
    nu_str where = { 0 }, text;
    nu__buf out = { 0 };
    int64_t count;

    if (tag->message_context)
        where = nu_string(nu_expression_value(tag->message_context, context));
    count = plural ? count_value(tag, context) : 1;
    text = translated(tag, where, plural, count);
    add_values(data, &tag->singular, context);
    add_values(data, &tag->plural, context);
    if (format(&out, text, data))
        return nu__buf_str(&out);
    out.len = 0; /* the translation is broken: the original */
    if (!format(&out, plural && count != 1 ? tag->plural.text : tag->singular.text, data))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "{!r} is unable to format string returned by gettext: {!r} using {!r}", tag->tag,
                 text, data);
    return nu__buf_str(&out);
}

static void render_blocktranslate(const void *data, nu_template_context *context)
{
    const blocktranslate *tag = data;
    uint32_t outer;
    nu_str text;

    nu__bind_assignments(context, tag->with, &outer);
    text = render_message(tag, context);
    nu__context_pop(context, outer);
    nu__tag_result(context, tag->as, nu_safe(text));
}

/* ---- compiling
 * --------------------------------------------------------------------------------------- */

static void add_name(nu_template_parser *parser, message *message, nu_str name)
{
    size_t cap = message->cap ? message->cap * 2 : 4;

    if (message->n_names == message->cap) {
        message->names = nu__grow(message->names, message->cap * sizeof(*message->names),
                                  cap * sizeof(*message->names));
        message->cap = cap;
    }
    message->names[message->n_names++] = nu__parser_reads(parser, name);
}

/* Texts and variables up to a tag, which is then the parser's token; the last one before the end of
   a template that lacks the tag. */
static message parse_message(nu_template_parser *parser, bool trim)
{
    nu__token last = parser->token;
    message message = { 0 };
    nu__buf text = { 0 };

    for (;; last = parser->token) {
        nu__token token = nu__parser_next(parser);

        if (token.kind == NU__TOKEN_VARIABLE) {
            nu__buf_fmt(&text, "%({})s", token.contents);
            add_name(parser, &message, token.contents);
        } else if (token.kind == NU__TOKEN_TEXT) {
            nu__buf_str_add(&text, nu__replace(token.contents, S("%"), S("%%")));
        } else {
            break;
        }
    }
    if (parser->token.kind == NU__TOKEN_END)
        parser->token = last;
    message.any = text.len;
    message.text = trim ? nu__trim_message(nu__buf_str(&text)) : nu__buf_str(&text);
    return message;
}

static nu_str option_value(nu__words *words)
{
    nu_str value = words->len ? words->items[0] : (nu_str){ 0 };

    *words = nu__words_from(*words, 1);
    return value;
}

static void parse_with(nu_template_parser *parser, blocktranslate *tag, nu__words *words)
{
    tag->with = nu__parser_assignments(parser, words, true);
    if (!tag->with.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "\"with\" in {!r} tag needs at least one keyword argument.", tag->tag);
}

static void parse_count(nu_template_parser *parser, blocktranslate *tag, nu__words *words)
{
    tag->count = nu__parser_assignments(parser, words, true);
    if (tag->count.len != 1)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "\"count\" in {!r} tag expected exactly one keyword argument.", tag->tag);
}

static void parse_context(nu_template_parser *parser, blocktranslate *tag, nu__words *words)
{
    nu_str value = option_value(words);

    if (!value.ptr || nu_catch(NU_TEMPLATE_SYNTAX_ERROR,
                               tag->message_context = nu_parser_expression(parser, value)))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "\"context\" in {!r} tag expected exactly one argument.",
                 tag->tag);
}

static void parse_trimmed(nu_template_parser *parser, blocktranslate *tag, nu__words *words)
{
    (void)parser;
    (void)words;
    tag->trimmed = true;
}

static void parse_asvar(nu_template_parser *parser, blocktranslate *tag, nu__words *words)
{
    nu_str value = option_value(words);

    if (!value.ptr)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "No argument provided to the '{}' tag for the asvar option.", tag->tag);
    tag->as = nu__parser_sets(parser, value);
}

static const struct {
    const char *name;
    void (*parse)(nu_template_parser *parser, blocktranslate *tag, nu__words *words);
} options[] = {
    { "with", parse_with },       { "count", parse_count }, { "context", parse_context },
    { "trimmed", parse_trimmed }, { "asvar", parse_asvar },
};
enum { N_OPTIONS = sizeof(options) / sizeof(*options) };

static void parse_options(nu_template_parser *parser, blocktranslate *tag, nu__words words)
{
    bool seen[N_OPTIONS] = { 0 };

    while (words.len) {
        nu_str option = option_value(&words);
        size_t i = 0;

        while (i < N_OPTIONS && !nu_eq(option, options[i].name))
            i++;
        if (i == N_OPTIONS)
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Unknown argument for {!r} tag: {!r}.", tag->tag,
                     option);
        if (seen[i])
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "The {!r} option was specified more than once.",
                     option);
        seen[i] = true;
        options[i].parse(parser, tag, &words);
    }
}

void nu__compile_blocktranslate(nu_template_parser *parser)
{
    blocktranslate *tag = nu_alloc(blocktranslate);
    nu__words words = nu__parser_words(parser);

    tag->tag = words.items[0];
    parse_options(parser, tag, nu__words_from(words, 1));
    tag->singular = parse_message(parser, tag->trimmed);
    if (tag->count.len) {
        if (!nu_eq(parser->token.contents, "plural"))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{!r} doesn't allow other block tags inside it",
                     tag->tag);
        tag->plural = parse_message(parser, tag->trimmed);
    }
    if (!nu_eq_(parser->token.contents, nu_fmt("end{}", tag->tag)))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "{!r} doesn't allow other block tags (seen {!r}) inside it", tag->tag,
                 parser->token.contents);
    nu_parser_emit(parser, render_blocktranslate, tag);
}
