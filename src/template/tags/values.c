/* Tags that work out a value: firstof, now, widthratio, regroup; csrf_token, templatetag, debug. */
#include "core/object.h"
#include "core/text.h"
#include "template/formats.h"
#include "template/numbers.h"
#include "template/tags/tags.h"
#include "utils/dateformat.h"
#include "utils/html.h"

#include <math.h>
#include <nuages/timezone.h>
#include <stdio.h>

void nu__tag_result(nu_template_context *context, const nu__symbol *as, nu_value value)
{
    if (as)
        nu__context_set(context, as, value);
    else
        nu__buf_value(context->out, value);
}

/* ---- firstof
 * ------------------------------------------------------------------------------------- */

typedef struct firstof {
    nu__expressions values;
    const nu__symbol *as;
} firstof;

static void render_firstof(const void *data, nu_template_context *context)
{
    const firstof *tag = data;
    nu_value first = V("");

    for (size_t i = 0; i < tag->values.len; i++) {
        nu_value value = nu__expression_or_null(tag->values.items[i], context);

        if (nu__value_truth(value)) {
            first = nu__value_rendered(value, context);
            break;
        }
    }
    nu__tag_result(context, tag->as, first);
}

void nu__compile_firstof(nu_template_parser *parser)
{
    firstof *tag = nu_alloc(firstof);
    nu__words words = nu__words_from(nu__parser_words(parser), 1);

    if (!words.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'firstof' statement requires at least one argument");
    words = nu__words_take_as(parser, words, &tag->as);
    tag->values = nu__parser_expressions(parser, words);
    nu_parser_emit(parser, render_firstof, tag);
}

/* ---- now
 * ------------------------------------------------------------------------------------------ */

typedef struct now_tag {
    nu_str format;
    const nu__symbol *as;
} now_tag;

static nu_str format_named(nu_str format)
{
    const char *named =
        nu__get_format(nu__locale_current(), format.len ? format : S("DATE_FORMAT"));

    return named ? nu_s(named) : format;
}

/* In the current zone, whatever {% localtime %} says of the variables. */
static void render_now(const void *data, nu_template_context *context)
{
    const now_tag *tag = data;
    const nu_timezone *zone = context->engine->use_tz ? nu_timezone_current() : NULL;

    nu__tag_result(context, tag->as,
                   V(nu__date_format(V(nu_now()), zone, format_named(tag->format))));
}

void nu__compile_now(nu_template_parser *parser)
{
    now_tag *tag = nu_alloc(now_tag);
    nu__words words = nu__parser_words(parser);
    nu_str quoted;

    if (words.len == 4)
        words = nu__words_take_as(parser, words, &tag->as);
    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'now' statement takes one argument");
    quoted = words.items[1];
    tag->format = quoted.len < 2 ? S("") : nu__utf8_slice(quoted, 1, nu__utf8_count(quoted) - 1);
    nu_parser_emit(parser, render_now, tag);
}

/* ---- widthratio
 * ------------------------------------------------------------------------------------- */

typedef struct widthratio {
    const nu_template_expression *value, *max, *width;
    const nu__symbol *as;
} widthratio;

/* str(round(ratio)), or "" where Python's round() would raise. */
static nu_value rounded(double ratio)
{
    char text[512];
    int len;

    if (!isfinite(ratio))
        return V("");
    if (fabs(ratio) < 0x1p63)
        return V(nu_string(nu_v_int((int64_t)rint(ratio))));
    len = snprintf(text, sizeof(text), "%.0f", ratio);
    return V(nu_copy((nu_str){ text, (size_t)len }));
}

static void render_widthratio(const void *data, nu_template_context *context)
{
    const widthratio *tag = data;
    nu_value value = nu_expression_value(tag->value, context);
    nu_value max = nu_expression_value(tag->max, context);
    nu_value width = nu_expression_value(tag->width, context), result = V("");
    double numerator, denominator;
    nu__integer pixels;

    if (!nu__cast_int(width, &pixels))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "widthratio final argument must be a number");
    if (nu__cast_float(value, &numerator) && nu__cast_float(max, &denominator))
        result = denominator == 0 ? V("0") : rounded(numerator / denominator * (double)pixels);
    nu__tag_result(context, tag->as, result);
}

void nu__compile_widthratio(nu_template_parser *parser)
{
    widthratio *tag = nu_alloc(widthratio);
    nu__words words = nu__parser_words(parser);

    if (words.len == 6 && !nu_eq(words.items[4], "as"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "Invalid syntax in widthratio tag. Expecting 'as' keyword");
    if (words.len == 6)
        words = nu__words_take_as(parser, words, &tag->as);
    if (words.len != 4)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "widthratio takes at least three arguments");
    tag->value = nu_parser_expression(parser, words.items[1]);
    tag->max = nu_parser_expression(parser, words.items[2]);
    tag->width = nu_parser_expression(parser, words.items[3]);
    nu_parser_emit(parser, render_widthratio, tag);
}

/* ---- csrf_token
 * --------------------------------------------------------------------------------------- */

static nu_value call_get_token(const void *request)
{
    return V(nu__template_csrf_token((nu_request *)request));
}

nu_value nu__csrf_token_value(nu_request *request)
{
    return nu__callable_value(call_get_token, request);
}

static void render_csrf_token(const void *data, nu_template_context *context)
{
    nu_value token = nu_context_get(context, "csrf_token");

    (void)data;
    if (!nu__value_truth(token) || (token.kind == NU_KIND_STR && nu_eq(token.s, "NOTPROVIDED")))
        return;
    nu__buf_lit(context->out, "<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"");
    nu__conditional_escape_to(context->out, token);
    nu__buf_lit(context->out, "\">");
}

void nu__compile_csrf_token(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_csrf_token, NULL);
}

/* ---- templatetag
 * ---------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} delimiters[] = {
    { "openblock", "{%" },     { "closeblock", "%}" },   { "openvariable", "{{" },
    { "closevariable", "}}" }, { "openbrace", "{" },     { "closebrace", "}" },
    { "opencomment", "{#" },   { "closecomment", "#}" },
};

static void render_literal(const void *data, nu_template_context *context)
{
    const char *text = data;

    nu__buf_add(context->out, text, strlen(text));
}

void nu__compile_templatetag(nu_template_parser *parser)
{
    nu__words words = nu__split_words(parser->token.contents);
    nu__buf names = { 0 };

    if (words.len != 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'templatetag' statement takes one argument");
    for (size_t i = 0; i < sizeof(delimiters) / sizeof(*delimiters); i++) {
        if (nu_eq(words.items[1], delimiters[i].name)) {
            nu_parser_emit(parser, render_literal, delimiters[i].text);
            return;
        }
        nu__buf_fmt(&names, "{}'{}'", i ? ", " : "", delimiters[i].name);
    }
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Invalid templatetag argument: '{}'. Must be one of: [{}]",
             words.items[1], nu__buf_str(&names));
}

/* ---- debug
 * ------------------------------------------------------------------------------------------------
 */

static void add_variable(nu_template_context *context, nu_str name, nu_value value)
{
    nu__buf text = { 0 };

    nu__buf_repr_str(&text, name);
    nu__buf_lit(&text, ": ");
    nu__buf_repr(&text, value);
    nu__buf_lit(&text, "\n");
    nu__escape_to(context->out, nu__buf_str(&text));
}

static void add_dict(nu_template_context *context, const nu_dict *dict)
{
    for (size_t i = 0; i < nu_dict_len(dict); i++)
        add_variable(context, nu_dict_key(dict, i), nu_dict_value(dict, i));
}

/* The variables in sight, innermost first. */
static void render_debug(const void *data, nu_template_context *context)
{
    (void)data;
    if (!context->engine->debug)
        return;
    for (uint32_t i = context->top; i-- > context->floor;)
        add_variable(context, context->stack[i].name->text, context->stack[i].value);
    add_dict(context, context->dict);
    add_dict(context, context->processed);
}

void nu__compile_debug(nu_template_parser *parser)
{
    nu_parser_emit(parser, render_debug, NULL);
}
