/* name.attribute|filter:"argument": Django's FilterExpression and Variable. */
#include "template/parser.h"

#include "core/decimal.h"
#include "core/float.h"
#include "core/text.h"
#include "utils/text.h"

#include <nuages/decimal.h>

/* ---- characters ---------------------------------------------------------------------------------
 */

/* The length of the word character, or point, at text[at]; 0: it is none. */
static size_t name_char(nu_str text, size_t at)
{
    const char *next = text.ptr + at;
    uint32_t c;

    if (at == text.len)
        return 0;
    c = nu__utf8_next(&next, text.ptr + text.len);
    return c == '.' || nu__is_word(c) ? (size_t)(next - text.ptr) - at : 0;
}

static size_t skip_name(nu_str text, size_t at, bool points)
{
    size_t n;

    while ((n = name_char(text, at)) && (points || text.ptr[at] != '.'))
        at += n;
    return at;
}

static bool is_digit_at(nu_str text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* [-+.]?\d[\d.e]* */
static size_t skip_number(nu_str text, size_t at)
{
    size_t start = at;

    at += at < text.len && strchr("-+.", text.ptr[at]) && text.ptr[at];
    if (!is_digit_at(text, at))
        return start;
    while (is_digit_at(text, at) || (at < text.len && strchr(".e", text.ptr[at]) && text.ptr[at]))
        at++;
    return at;
}

static size_t skip_quoted(nu_str text, size_t at)
{
    size_t start = at;
    char quote = at < text.len ? text.ptr[at] : '\0';

    if (quote != '"' && quote != '\'')
        return start;
    for (at++; at < text.len && text.ptr[at] != quote; at++)
        at += text.ptr[at] == '\\';
    return at < text.len ? at + 1 : start;
}

/* A quoted string, or one within _(). Where there is none, `at`. */
static size_t skip_constant(nu_str text, size_t at)
{
    size_t end;

    if (!nu_starts_with(nu__sub(text, at, text.len), S("_(")))
        return skip_quoted(text, at);
    end = skip_quoted(text, at + 2);
    return end > at + 2 && end < text.len && text.ptr[end] == ')' ? end + 1 : at;
}

static size_t skip_variable(nu_str text, size_t at)
{
    size_t end = skip_name(text, at, true);

    return end > at ? end : skip_number(text, at);
}

static size_t skip_space(nu_str text, size_t at)
{
    const char *next = text.ptr + at, *end = text.ptr + text.len;

    while (next < end) {
        at = (size_t)(next - text.ptr);
        if (!nu__is_space(nu__utf8_next(&next, end)))
            return at;
    }
    return text.len;
}

/* ---- variables ----------------------------------------------------------------------------------
 */

/* Digits with single underscores between them, behind a sign. */
static bool is_int(nu_str text)
{
    bool after_digit = false;

    for (size_t i = text.ptr[0] == '-' || text.ptr[0] == '+'; i < text.len; i++) {
        if (!is_digit_at(text, i) && (text.ptr[i] != '_' || !after_digit))
            return false;
        after_digit = is_digit_at(text, i);
    }
    return after_digit;
}

/* int(text) of more digits than a machine word has: as an exact decimal, which looks the same. */
static bool parse_big_int(nu_str digits, nu_value *out)
{
    nu_decimal number;

    if (!is_int(digits))
        return false;
    if (!nu_decimal_try_parse(nu__replace(digits, S("_"), S("")), &number))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "The number {} has more than {} digits. Write it as a text, in quotes.", digits,
                 NU__DECIMAL_DIGITS);
    *out = nu_v_decimal(number);
    return true;
}

static bool parse_int(nu_str text, nu_value *out)
{
    bool negative = text.ptr[0] == '-';
    int64_t value = 0;

    for (size_t i = negative || text.ptr[0] == '+'; i < text.len; i++) {
        if (!is_digit_at(text, i)) {
            if (text.ptr[i] == '_' && is_digit_at(text, i + 1) && i && is_digit_at(text, i - 1))
                continue;
            return false;
        }
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text.ptr[i] - '0', &value))
            return parse_big_int(text, out);
    }
    *out = V(negative ? -value : value);
    return is_digit_at(text, text.len - 1);
}

static bool parse_number(nu_str text, nu_value *out)
{
    double number;

    if (!memchr(text.ptr, '.', text.len) && !memchr(text.ptr, 'e', text.len) &&
        !memchr(text.ptr, 'E', text.len))
        return parse_int(text, out);
    if (text.ptr[text.len - 1] == '.' || !nu__float_try_parse(text, &number))
        return false;
    *out = V(number);
    return true;
}

static bool parse_literal(nu_str text, nu__variable *variable)
{
    nu_str string;

    if (parse_number(text, &variable->literal))
        return true;
    if (nu_starts_with(text, S("_(")) && nu_ends_with(text, S(")"))) {
        variable->translate = true;
        text = nu__sub(text, 2, text.len - 1);
    }
    if (!nu__unescape_string_literal(text, &string))
        return false;
    variable->literal = nu_safe(string.len ? string : S(""));
    return true;
}

static void parse_path(nu_template_parser *parser, nu_str text, nu__variable *variable)
{
    nu_list *bits = nu__split(text, S("."));
    const nu__symbol **path;
    size_t n = nu_list_len(bits);

    if (text.ptr[0] == '_' || nu__find(text, S("._")) >= 0)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "Variables and attributes may not begin with underscores: '{}'", text);
    if (n > NU__MAX_LOOKUPS)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "A variable has more than {} lookups.", NU__MAX_LOOKUPS);
    path = nu_alloc_array(const nu__symbol *, n);
    for (size_t i = 0; i < n; i++)
        path[i] = i ? nu__parser_symbol(parser, nu_at(bits, i).s)
                    : nu__parser_reads(parser, nu_at(bits, i).s);
    variable->path = path;
    variable->n_path = (uint16_t)n;
}

static void parse_variable(nu_template_parser *parser, nu_str text, nu__variable *variable)
{
    variable->text = text;
    if (!parse_literal(text, variable)) {
        variable->translate = false;
        parse_path(parser, text, variable);
    }
}

const nu__variable *nu__parser_variable(nu_template_parser *parser, nu_str text)
{
    nu__variable *variable = nu_alloc(nu__variable);

    if (!text.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "A variable's name is empty.");
    parse_variable(parser, text, variable);
    return variable;
}

/* ---- filters ------------------------------------------------------------------------------------
 */

/* `|name:argument` in text, from `start` to `end`. */
typedef struct match {
    size_t start, end;
    nu_str name, arg;
    bool constant;
} match;

static void match_argument(nu_str text, match *m)
{
    size_t at = m->end + 1, end;

    if (m->end == text.len || text.ptr[m->end] != ':')
        return;
    end = skip_constant(text, at);
    m->constant = end > at;
    if (!m->constant)
        end = skip_variable(text, at);
    if (end == at)
        return;
    m->arg = nu__sub(text, at, end);
    m->end = end;
}

static size_t before_space(nu_str text, size_t from, size_t at)
{
    while (at > from && (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '\t'))
        at--;
    return at;
}

/* The first `|name` from `from` on. */
static bool find_filter(nu_str text, size_t from, match *m)
{
    size_t name, end;

    for (size_t at = from; at < text.len; at++) {
        if (text.ptr[at] != '|')
            continue;
        name = skip_space(text, at + 1);
        end = skip_name(text, name, false);
        if (end == name)
            continue;
        *m = (match){ .start = skip_space(text, from) == at ? from : before_space(text, from, at),
                      .end = end,
                      .name = nu__sub(text, name, end) };
        match_argument(text, m);
        return true;
    }
    return false;
}

static const nu__filter *filter_named(nu_template_parser *parser, nu_str name)
{
    const nu__filter *filter = nu__scope_filter(&parser->scope, name);

    if (!filter) {
        parser->suggestion = nu__engine_suggest_load_filter(parser->engine, name);
        if (!parser->suggestion.len)
            parser->suggestion = nu__scope_suggest_filter(&parser->scope, name);
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Invalid filter: '{}'", name);
    }
    return filter;
}

static void check_argument(const nu__filter *filter, bool given)
{
    if ((filter->arg == NU__ARG_NEEDED && !given) || (filter->arg == NU__ARG_NONE && given))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{} requires {} arguments, {} provided", filter->name,
                 filter->arg == NU__ARG_NEEDED ? 2 : 1, given ? 2 : 1);
}

static nu__filter_use compile_filter(nu_template_parser *parser, const match *m)
{
    const nu__variable *arg = m->arg.ptr ? nu__parser_variable(parser, m->arg) : NULL;
    const nu__filter *filter = filter_named(parser, m->name);

    check_argument(filter, arg);
    return (nu__filter_use){ filter, arg };
}

static bool is_pure(const nu__filter_use *use)
{
    return use->filter->flags & NU__FILTER_PURE && (!use->arg || !use->arg->n_path);
}

/* It may write its result to the output itself. */
static bool writes(const nu__filter_use *use)
{
    return use->filter->write && (!use->arg || (!use->arg->n_path && !use->arg->translate));
}

static void add_filter(nu_template_parser *parser, nu_template_expression *expression,
                       const match *m)
{
    size_t n = expression->n_filters;
    nu__filter_use *uses = (nu__filter_use *)expression->filters; /* ours until it is returned */

    if (n == NU__MAX_FILTERS)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "An expression has more than {} filters.",
                 NU__MAX_FILTERS);
    if (!(n & (n - 1))) /* full at each power of two */
        uses = nu__grow(uses, n * sizeof(*uses), (n ? n * 2 : 1) * sizeof(*uses));
    uses[n] = compile_filter(parser, m);
    expression->filters = uses;
    expression->pure = is_pure(&uses[n]) && (!n || expression->pure);
    expression->direct = writes(&uses[n]) && (!n || expression->passing);
    expression->passing = uses[n].filter->flags & NU__FILTER_PASSES && (!n || expression->passing);
    expression->n_filters++;
}

NU_NORETURN static void unparsed(nu_str text, size_t upto, size_t start)
{
    nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Could not parse some characters: {}|{}|{}",
             nu__sub(text, 0, upto), nu__sub(text, upto, start), nu__sub(text, start, text.len));
}

static size_t parse_start(nu_template_parser *parser, nu_template_expression *expression)
{
    nu_str text = expression->text;
    size_t end = skip_constant(text, 0);

    expression->constant = end > 0;
    if (!end)
        end = skip_variable(text, 0);
    if (end)
        parse_variable(parser, nu__sub(text, 0, end), &expression->variable);
    return end;
}

const nu_template_expression *nu_parser_expression(nu_template_parser *parser, nu_str text)
{
    nu_template_expression *expression = nu_alloc(nu_template_expression);
    size_t upto;
    match m;

    expression->text = text.ptr ? text : S("");
    upto = parse_start(parser, expression);
    while (find_filter(expression->text, upto, &m)) {
        if (m.start != upto)
            unparsed(text, upto, m.start);
        if (!upto)
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Could not find variable at start of {}.", text);
        add_filter(parser, expression, &m);
        upto = m.end;
    }
    if (upto < text.len || !text.len)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Could not parse the remainder: '{}' from '{}'",
                 nu__sub(text, upto, text.len), text);
    return expression;
}
