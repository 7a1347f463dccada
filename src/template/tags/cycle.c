/* {% cycle %}, {% resetcycle %}. */
#include "core/text.h"
#include "template/quick.h"
#include "template/tags/tags.h"

typedef struct nu__cycle {
    nu__expressions values;
    const nu__symbol *as;
    bool silent;
    uint32_t state;
    struct nu__cycle *next; /* among the named ones of the template */
} nu__cycle;

static void render_cycle(const void *data, nu_template_context *context)
{
    const nu__cycle *cycle = data;
    uint32_t *turn = nu__context_state(context, cycle->state);
    const nu_template_expression *expression = cycle->values.items[*turn];
    nu_value value;

    *turn = *turn + 1 == cycle->values.len ? 0 : *turn + 1;
    if (!cycle->as) {
        nu__expression_write(expression, context);
        return;
    }
    value = nu_expression_value(expression, context);
    nu__context_set_upward(context, cycle->as, value);
    if (!cycle->silent)
        nu__quick_write(&value, context);
}

static void render_resetcycle(const void *data, nu_template_context *context)
{
    *nu__context_state(context, ((const nu__cycle *)data)->state) = 0;
}

static nu__cycle *cycle_named(const nu_template_parser *parser, nu_str name)
{
    nu__cycle *cycle = parser->named_cycles;

    while (cycle && !nu_eq_(cycle->as->text, name))
        cycle = cycle->next;
    return cycle;
}

static void emit_named(nu_template_parser *parser, nu_str name)
{
    nu__cycle *cycle = cycle_named(parser, name);

    if (!parser->named_cycles)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "No named cycles in template. '{}' is not defined",
                 name);
    if (!cycle)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Named cycle '{}' does not exist", name);
    nu_parser_emit(parser, render_cycle, cycle);
}

/* "… as name [silent]" off the end of the words. */
static nu__words take_name(nu_template_parser *parser, nu__words words, nu__cycle *cycle)
{
    if (words.len <= 4)
        return words;
    if (nu_eq(words.items[words.len - 3], "as")) {
        if (!nu_eq(words.items[words.len - 1], "silent"))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "Only 'silent' flag is allowed after cycle's name, not '{}'.",
                     words.items[words.len - 1]);
        cycle->silent = true;
        words.len--;
    }
    return nu__words_take_as(parser, words, &cycle->as);
}

void nu__compile_cycle(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    nu__cycle *cycle;

    if (words.len < 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'cycle' tag requires at least two arguments");
    if (words.len == 2) {
        emit_named(parser, words.items[1]);
        return;
    }
    cycle = nu_alloc(nu__cycle);
    words = take_name(parser, words, cycle);
    cycle->values = nu__parser_expressions(parser, nu__words_from(words, 1));
    cycle->state = nu__parser_state(parser);
    if (cycle->as) {
        cycle->next = parser->named_cycles;
        parser->named_cycles = cycle;
    }
    parser->last_cycle = cycle;
    nu_parser_emit(parser, render_cycle, cycle);
}

void nu__compile_resetcycle(nu_template_parser *parser)
{
    nu__words words = nu__parser_words(parser);
    const nu__cycle *cycle = parser->last_cycle;

    if (words.len > 2)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "{} tag accepts at most one argument.",
                 nu__quoted(words.items[0]));
    if (words.len == 2 && !(cycle = cycle_named(parser, words.items[1])))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "Named cycle '{}' does not exist.", words.items[1]);
    if (!cycle)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "No cycles in template.");
    nu_parser_emit(parser, render_resetcycle, cycle);
}
