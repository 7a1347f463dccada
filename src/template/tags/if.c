/* {% if %}, {% elif %}, {% else %}; {% ifchanged %}. */
#include "core/object.h"
#include "template/smart_if.h"
#include "template/tags/for.h"
#include "template/tags/tags.h"

#include <math.h>

/* ---- if
 * ------------------------------------------------------------------------------------------- */

typedef struct branch {
    const nu__if_condition *condition; /* NULL: else */
    nu_template_nodes nodes;
    const struct branch *next;
} branch;

static void render_if(const void *data, nu_template_context *context)
{
    for (const branch *b = data; b; b = b->next)
        if (!b->condition || nu__if_holds(b->condition, context)) {
            nu_nodes_render(&b->nodes, context);
            return;
        }
}

void nu__compile_if(nu_template_parser *parser)
{
    branch *first = nu_alloc(branch), *last = first;

    first->condition = nu__if_parse(parser, nu__words_from(nu__parser_words(parser), 1));
    first->nodes = nu__parse_until(parser, "elif", "else", "endif");
    while (nu_starts_with(parser->token.contents, S("elif"))) {
        last = (branch *)(last->next = nu_alloc(branch));
        last->condition = nu__if_parse(parser, nu__words_from(nu__parser_words(parser), 1));
        last->nodes = nu__parse_until(parser, "elif", "else", "endif");
    }
    if (nu_eq(parser->token.contents, "else")) {
        last = (branch *)(last->next = nu_alloc(branch));
        last->nodes = nu__parse_until(parser, "endif");
    }
    if (!nu_eq(parser->token.contents, "endif"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Malformed template tag at line {}: \"{}\"",
                 (int64_t)parser->token.line, parser->token.contents);
    nu_parser_emit(parser, render_if, first);
}

/* ---- ifchanged
 * ------------------------------------------------------------------------------------- */

typedef struct ifchanged {
    nu__expressions values; /* none: what is inside is compared, as it renders */
    nu_template_nodes changed, unchanged;
} ifchanged;

/* The state lies in the innermost loop, so that it begins anew with each run of it. */
static nu__seen *seen_by(const ifchanged *tag, nu_template_context *context)
{
    nu__forloop *loop = nu__forloop_current(context);
    nu__seen **list = loop ? &loop->seen : &context->frame->seen;
    const void *includer = context->frame->includer;

    for (nu__seen *seen = *list; seen; seen = seen->next)
        if (seen->tag == tag && seen->includer == includer)
            return seen;
    nu__seen *seen = nu_alloc(nu__seen);

    *seen = (nu__seen){ .tag = tag, .includer = includer, .next = *list };
    *list = seen;
    return seen;
}

static nu_value compared_values(const ifchanged *tag, nu_template_context *context)
{
    nu_list *values = nu_list_new();

    for (size_t i = 0; i < tag->values.len; i++)
        nu_list_append_(values, nu__expression_or_null(tag->values.items[i], context));
    return V(values);
}

static bool is_nan(nu_value value)
{
    return value.kind == NU_KIND_FLOAT && isnan(value.f);
}

/* As Python's lists compare their items: the same object is equal to itself, NaN too. */
static bool are_same(nu_value now, nu_value before)
{
    if (now.kind != NU_KIND_LIST)
        return nu__value_equal(now, before);
    for (size_t i = 0; i < now.list->len; i++) {
        nu_value a = now.list->items[i], b = before.list->items[i];

        if (!(is_nan(a) && is_nan(b)) && !nu__value_equal(a, b))
            return false;
    }
    return true;
}

/* What is inside may have been rendered to be compared; where that gave nothing it is rendered once
   more, as in Django: tags that count go on twice. */
static void render_changed(const ifchanged *tag, nu_template_context *context, nu_str rendered)
{
    if (rendered.len)
        nu__buf_str_add(context->out, rendered);
    else
        nu_nodes_render(&tag->changed, context);
}

static void render_ifchanged(const void *data, nu_template_context *context)
{
    const ifchanged *tag = data;
    nu__seen *seen = seen_by(tag, context);
    bool compares_output = !tag->values.len;
    nu_value now =
        compares_output ? nu_nodes_text(&tag->changed, context) : compared_values(tag, context);

    if (seen->value.kind == NU_KIND_NULL || !are_same(now, seen->value)) {
        seen->value = now;
        render_changed(tag, context, compares_output ? now.s : S(""));
    } else {
        nu_nodes_render(&tag->unchanged, context);
    }
}

void nu__compile_ifchanged(nu_template_parser *parser)
{
    ifchanged *tag = nu_alloc(ifchanged);
    nu__words words = nu__parser_words(parser);

    tag->changed = nu__parse_until(parser, "else", "endifchanged");
    if (nu_eq(parser->token.contents, "else"))
        tag->unchanged = nu__parse_until(parser, "endifchanged");
    tag->values = nu__parser_expressions(parser, nu__words_from(words, 1));
    nu_parser_emit(parser, render_ifchanged, tag);
}
