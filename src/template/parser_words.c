/* What tags read from their words: names, expressions, name=value pairs. */
#include "template/parser.h"

#include "core/text.h"

nu_str nu__quoted(nu_str text)
{
    return nu__repr_str(text.ptr ? text : S(""));
}

nu__words nu__words_from(nu__words words, size_t skip)
{
    skip = skip < words.len ? skip : words.len;
    return (nu__words){ words.items + skip, words.len - skip };
}

nu__words nu__words_take_as(nu_template_parser *parser, nu__words words, const nu__symbol **as)
{
    *as = NULL;
    if (words.len < 2 || !nu_eq(words.items[words.len - 2], "as"))
        return words;
    *as = nu__parser_sets(parser, words.items[words.len - 1]);
    return (nu__words){ words.items, words.len - 2 };
}

const nu__symbol *nu__parser_symbol(nu_template_parser *parser, nu_str name)
{
    return nu__symbol_intern(parser->engine->symbols, name.ptr ? name : S(""));
}

static const nu__symbol *mention(nu_template_parser *parser, nu_str name, const nu__mention **list)
{
    nu__mention *added = nu_alloc(nu__mention);

    *added = (nu__mention){
        .name = nu__parser_symbol(parser, name),
        .position = (uint32_t)(parser->token.whole.ptr - parser->tpl->source.ptr),
        .next = *list,
    };
    *list = added;
    return added->name;
}

const nu__symbol *nu__parser_reads(nu_template_parser *parser, nu_str name)
{
    return mention(parser, name, &parser->tpl->reads);
}

const nu__symbol *nu__parser_sets(nu_template_parser *parser, nu_str name)
{
    return mention(parser, name, &parser->tpl->sets);
}

const nu__symbol *nu__parser_includes(nu_template_parser *parser, nu_str name)
{
    return mention(parser, name, &parser->tpl->includes);
}

uint32_t nu__parser_state(nu_template_parser *parser)
{
    return parser->tpl->n_states++;
}

nu__expressions nu__parser_expressions(nu_template_parser *parser, nu__words words)
{
    const nu_template_expression **items =
        nu_alloc_array(const nu_template_expression *, words.len);

    for (size_t i = 0; i < words.len; i++)
        items[i] = nu_parser_expression(parser, words.items[i]);
    return (nu__expressions){ items, words.len };
}

/* \w+= */
bool nu__split_assignment(nu_str word, nu_str *name, nu_str *value)
{
    const char *at = word.ptr, *end = nu__str_end(word), *next = at;

    while (next < end) {
        at = next;
        if (!nu__is_word(nu__utf8_next(&next, end)))
            break;
    }
    if (at == word.ptr || at == end || *at != '=' || at + 1 == end)
        return false;
    *name = nu__sub(word, 0, (size_t)(at - word.ptr));
    *value = nu__sub(word, name->len + 1, word.len);
    return true;
}

bool nu__words_assign(nu__words words, nu_str name)
{
    nu_str other, value;

    for (size_t i = 0; i < words.len; i++)
        if (nu__split_assignment(words.items[i], &other, &value) && nu_eq_(other, name))
            return true;
    return false;
}

typedef struct assignments {
    nu__assignment *items;
    size_t len, cap;
} assignments;

/* As in a dict: the last value of a name, in the place of the first. */
static void add_assignment(assignments *list, const nu__symbol *name,
                           const nu_template_expression *value)
{
    size_t cap = list->cap ? list->cap * 2 : 4;

    for (size_t i = 0; i < list->len; i++)
        if (list->items[i].name == name) {
            list->items[i].value = value;
            return;
        }
    if (list->len == list->cap) {
        list->items =
            nu__grow(list->items, list->cap * sizeof(nu__assignment), cap * sizeof(nu__assignment));
        list->cap = cap;
    }
    list->items[list->len++] = (nu__assignment){ name, value };
}

/* value as name and value as name … */
static void legacy_assignments(nu_template_parser *parser, nu__words *words, assignments *list)
{
    while (words->len >= 3 && nu_eq(words->items[1], "as")) {
        add_assignment(list, nu__parser_sets(parser, words->items[2]),
                       nu_parser_expression(parser, words->items[0]));
        *words = nu__words_from(*words, 3);
        if (!words->len || !nu_eq(words->items[0], "and"))
            return;
        *words = nu__words_from(*words, 1);
    }
}

nu__assignments nu__parser_assignments(nu_template_parser *parser, nu__words *words, bool legacy)
{
    assignments list = { 0 };
    nu_str name, value;

    if (!words->len)
        return (nu__assignments){ 0 };
    if (legacy && !nu__split_assignment(words->items[0], &name, &value))
        legacy_assignments(parser, words, &list);
    else
        while (words->len && nu__split_assignment(words->items[0], &name, &value)) {
            add_assignment(&list, nu__parser_sets(parser, name),
                           nu_parser_expression(parser, value));
            *words = nu__words_from(*words, 1);
        }
    return (nu__assignments){ list.items, list.len };
}
