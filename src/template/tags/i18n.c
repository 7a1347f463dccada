/* {% load i18n %}: {% translate %} and the tags that tell of languages; blocktranslate.c has the
   other one. */
#include "core/object.h"
#include "core/text.h"
#include "i18n/translation.h"
#include "template/tags/blocktranslate.h"
#include "template/tags/libraries.h"
#include "utils/languages.h"
#include "utils/translation.h"

/* ---- translate
 * ------------------------------------------------------------------------------------ */

typedef struct translate_tag {
    nu_template_expression message;
    const nu_template_expression *message_context;
    bool noop;
    const nu__symbol *as;
} translate_tag;

/* Django's call of text.replace(), which only texts have. */
static nu_value text_to_translate(nu_value value)
{
    if (value.kind != NU_KIND_STR && value.kind != NU_KIND_SAFE && value.kind != NU_KIND_OBJECT)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'replace'",
                 nu__kind_name(value.kind));
    return nu__value_text(value);
}

/* The message's value before its filters: a literal is looked up as it stands, a variable's text as
   well. */
static nu_value translated(const translate_tag *tag, nu_template_context *context)
{
    nu_template_expression message = tag->message;
    nu_value text;
    nu_str where = { 0 };

    if (tag->noop)
        return nu_expression_value(&message, context);
    if (!nu__variable_value(&message.variable, context, &text))
        return nu_expression_value(&message, context);
    if (tag->message_context)
        where = nu_string(nu_expression_value(tag->message_context, context));
    text = text_to_translate(text);
    text.s = nu__pgettext(where.len ? where : (nu_str){ 0 }, nu__replace(text.s, S("%"), S("%%")));
    message.variable = (nu__variable){ .literal = text };
    return nu_expression_value(&message, context);
}

static void render_translate(const void *data, nu_template_context *context)
{
    const translate_tag *tag = data;
    nu_value value = nu__value_rendered(translated(tag, context), context);

    value.s = nu__replace(value.s, S("%%"), S("%"));
    nu__tag_result(context, tag->as, value);
}

/* The word behind an option. */
static nu_str option_value(nu__words *words, nu_str tag, const char *option)
{
    nu_str value = words->len ? words->items[0] : (nu_str){ 0 };

    if (!words->len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "No argument provided to the '{}' tag for the {} option.", tag, option);
    *words = nu__words_from(*words, 1);
    return value;
}

static void parse_context(nu_template_parser *parser, translate_tag *tag, nu_str name,
                          nu__words *words)
{
    nu_str value = option_value(words, name, "context");

    if (nu_eq(value, "as") || nu_eq(value, "noop"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "Invalid argument '{}' provided to the '{}' tag for the context option", value,
                 name);
    tag->message_context = nu_parser_expression(parser, value);
}

static void parse_option(nu_template_parser *parser, translate_tag *tag, nu_str name,
                         nu__words *words)
{
    nu_str option = words->items[0];
    bool context = nu_eq(option, "context"), as = nu_eq(option, "as"), noop = nu_eq(option, "noop");

    *words = nu__words_from(*words, 1);
    if ((context && tag->message_context) || (as && tag->as) || (noop && tag->noop))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "The '{}' option was specified more than once.", option);
    if (context)
        parse_context(parser, tag, name, words);
    else if (as)
        tag->as = nu__parser_sets(parser, option_value(words, name, "as"));
    else if (noop)
        tag->noop = true;
    else
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "Unknown argument for '{}' tag: '{}'. The only options available are 'noop', "
                 "'context' \"xxx\", and 'as VAR'.",
                 name, option);
}

static void compile_translate(nu_template_parser *parser)
{
    translate_tag *tag = nu_alloc(translate_tag);
    nu__words words = nu__parser_words(parser);
    nu_str name = words.items[0];

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes at least one argument", name);
    tag->message = *nu_parser_expression(parser, words.items[1]);
    words = nu__words_from(words, 2);
    while (words.len)
        parse_option(parser, tag, name, &words);
    nu_parser_emit(parser, render_translate, tag);
}

/* ---- languages
 * ------------------------------------------------------------------------------------ */

static nu_value language_info(nu_str code)
{
    const nu__language *language = nu__language_named(code);

    if (!language)
        nu_raise(NU_KEY_ERROR, "Unknown language code {}.", code);
    return V(NU_DICT(("bidi", language->bidi), ("code", language->code), ("name", language->name),
                     ("name_local", language->name_local),
                     ("name_translated", nu__gettext(nu_s(language->name)))));
}

static nu_str quoted_words(nu__words words)
{
    nu_list *list = nu_list_new();

    for (size_t i = 0; i < words.len; i++)
        nu_list_append(list, words.items[i]);
    return nu_fmt("{!r}", list);
}

const nu__symbol *nu__parser_as_variable(nu_template_parser *parser, const char *tag)
{
    nu__words words = nu__split_words(parser->token.contents);

    if (words.len != 3 || !nu_eq(words.items[1], "as"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' requires 'as variable' (got {})", tag,
                 quoted_words(words));
    return nu__parser_sets(parser, words.items[2]);
}

static void render_current_language(const void *data, nu_template_context *context)
{
    nu__context_set(context, data, V(nu__current_language()));
}

static void compile_current_language(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_current_language,
                   nu__parser_as_variable(parser, "get_current_language"));
}

static void render_current_language_bidi(const void *data, nu_template_context *context)
{
    const nu__language *language = nu__language_named(nu__current_language());

    nu__context_set(context, data, V((bool)(language && language->bidi)));
}

static void compile_current_language_bidi(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_current_language_bidi,
                   nu__parser_as_variable(parser, "get_current_language_bidi"));
}

static void render_available_languages(const void *data, nu_template_context *context)
{
    nu_list *list = nu_list_new(), *names = nu__i18n_names();

    for (size_t i = 0; i < nu_list_len(names); i++) {
        const nu_list *pair = nu_as_list(nu_at(names, i));

        nu_list_append(list, NU_LIST(nu_at(pair, 0), nu__gettext(nu_at(pair, 1).s)));
    }
    nu__context_set(context, data, V(list));
}

static void compile_available_languages(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_available_languages,
                   nu__parser_as_variable(parser, "get_available_languages"));
}

typedef struct info_tag {
    const nu_template_expression *of;
    const nu__symbol *as;
} info_tag;

static info_tag *parse_info(nu_template_parser *parser, const char *what)
{
    nu__words words = nu__parser_words(parser);
    info_tag *tag = nu_alloc(info_tag);

    if (words.len != 5 || !nu_eq(words.items[1], "for") || !nu_eq(words.items[3], "as"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' requires 'for {} as variable' (got {})",
                 words.items[0], what, quoted_words(nu__words_from(words, 1)));
    *tag = (info_tag){ nu_parser_expression(parser, words.items[2]),
                       nu__parser_sets(parser, words.items[4]) };
    return tag;
}

static void render_language_info(const void *data, nu_template_context *context)
{
    const info_tag *tag = data;

    nu__context_set(context, tag->as,
                    language_info(nu_string(nu_expression_value(tag->of, context))));
}

static void compile_language_info(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_language_info, parse_info(parser, "string"));
}

/* A code, or a sequence that begins with one. */
static nu_str code_of(nu_value language)
{
    nu_list *items = language.kind == NU_KIND_LIST ? language.list : NULL;

    return nu_string(items ? nu_at(items, 0) : language);
}

static void render_language_info_list(const void *data, nu_template_context *context)
{
    const info_tag *tag = data;
    nu_value of = nu_expression_value(tag->of, context);
    nu_list *languages = nu__value_items(of), *infos = nu_list_new();

    if (!languages)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(of.kind));
    for (size_t i = 0; i < nu_list_len(languages); i++)
        nu_list_append_(infos, language_info(code_of(nu_at(languages, i))));
    nu__context_set(context, tag->as, V(infos));
}

static void compile_language_info_list(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_language_info_list, parse_info(parser, "sequence"));
}

/* ---- language
 * --------------------------------------------------------------------------------------- */

typedef struct language_tag {
    const nu_template_expression *language;
    nu_template_nodes nodes;
} language_tag;

static void activate(void *code)
{
    if (nu__translator_installed)
        nu__translator_installed->activate(*(nu_str *)code);
}

static void render_language(const void *data, nu_template_context *context)
{
    const language_tag *tag = data;
    nu_value wanted = nu_expression_value(tag->language, context);
    nu_str code = wanted.kind == NU_KIND_NULL ? (nu_str){ 0 } : nu_string(wanted);
    nu_str *outer = nu_alloc(nu_str);

    *outer = nu__current_language();
    nu_defer(activate, outer);
    activate(&code);
    nu_nodes_render(&tag->nodes, context);
}

static void compile_language(nu_template_parser *parser)
{
    language_tag *tag = nu_alloc(language_tag);
    nu__words words = nu__parser_words(parser);

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'{}' takes one argument (language)", words.items[0]);
    tag->language = nu_parser_expression(parser, words.items[1]);
    tag->nodes = nu__parse_until(parser, "endlanguage");
    nu_parser_emit(parser, render_language, tag);
}

/* ---- filters
 * ------------------------------------------------------------------------------------------ */

static nu_value language_name(const nu__filter_call *call)
{
    return nu_item(language_info(nu_string(call->value)).dict, "name");
}

static nu_value language_name_translated(const nu__filter_call *call)
{
    return nu_item(language_info(nu_string(call->value)).dict, "name_translated");
}

static nu_value language_name_local(const nu__filter_call *call)
{
    return nu_item(language_info(nu_string(call->value)).dict, "name_local");
}

static nu_value language_bidi(const nu__filter_call *call)
{
    return nu_item(language_info(nu_string(call->value)).dict, "bidi");
}

static const nu__tag tags[] = {
    { "blocktrans", nu__compile_blocktranslate, NULL },
    { "blocktranslate", nu__compile_blocktranslate, NULL },
    { "get_available_languages", compile_available_languages, NULL },
    { "get_current_language", compile_current_language, NULL },
    { "get_current_language_bidi", compile_current_language_bidi, NULL },
    { "get_language_info", compile_language_info, NULL },
    { "get_language_info_list", compile_language_info_list, NULL },
    { "language", compile_language, NULL },
    { "trans", compile_translate, NULL },
    { "translate", compile_translate, NULL },
    { 0 },
};
static const nu__filter filters[] = {
    { "language_bidi", language_bidi, NU__ARG_NONE, 0, NULL },
    { "language_name", language_name, NU__ARG_NONE, 0, NULL },
    { "language_name_local", language_name_local, NU__ARG_NONE, 0, NULL },
    { "language_name_translated", language_name_translated, NU__ARG_NONE, 0, NULL },
    { 0 },
};

const nu__library nu__i18n_library = { "i18n", tags, filters };
