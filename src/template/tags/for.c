/* {% for %} … {% empty %}. */
#include "template/tags/for.h"

#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "template/tags/tags.h"

/* ---- forloop
 * --------------------------------------------------------------------------------------- */

/* Outside of another loop: an empty dict, as in Django. */
static nu_value parent_of(const nu__forloop *loop)
{
    return loop->parent.kind == NU_KIND_NULL ? V(nu_dict_new()) : loop->parent;
}

bool nu__forloop_get(const nu__forloop *loop, const nu__symbol *name, nu_value *out)
{
    switch (name->id) {
    case NU__SYM_COUNTER:
        *out = nu_v_int(loop->index + 1);
        return true;
    case NU__SYM_COUNTER0:
        *out = nu_v_int(loop->index);
        return true;
    case NU__SYM_REVCOUNTER:
        *out = nu_v_int(loop->len - loop->index);
        return true;
    case NU__SYM_REVCOUNTER0:
        *out = nu_v_int(loop->len - loop->index - 1);
        return true;
    case NU__SYM_FIRST:
        *out = nu_v_bool(!loop->index);
        return true;
    case NU__SYM_LAST:
        *out = nu_v_bool(loop->index == loop->len - 1);
        return true;
    case NU__SYM_PARENTLOOP:
        *out = parent_of(loop);
        return true;
    default:
        return false;
    }
}

/* As the dict that it is in Django. */
static nu_value forloop_text(const nu_object *self)
{
    const nu__forloop *loop = (const nu__forloop *)self;

    return V(nu_fmt("{{'parentloop': {}, 'counter0': {}, 'counter': {}, 'revcounter': {}, "
                    "'revcounter0': {}, 'first': {}, 'last': {}}}",
                    parent_of(loop), loop->index, loop->index + 1, loop->len - loop->index,
                    loop->len - loop->index - 1, (bool)!loop->index,
                    (bool)(loop->index == loop->len - 1)));
}

static const nu_object_ops forloop_ops = { .kind = "forloop", .text = forloop_text };
const nu_class nu__forloop_class = { &forloop_ops, "forloop" };

static nu_value forloop_in_sight(nu_template_context *context)
{
    const nu_value *value =
        nu__context_find(context, nu__symbol_known(context->engine->symbols, NU__SYM_FORLOOP));

    return value ? *value : nu_null();
}

static nu__forloop *as_forloop(nu_value value)
{
    return value.kind == NU_KIND_OBJECT && value.object->type == &nu__forloop_class
               ? (nu__forloop *)value.object
               : NULL;
}

nu__forloop *nu__forloop_current(nu_template_context *context)
{
    return as_forloop(forloop_in_sight(context));
}

/* ---- rendering
 * -------------------------------------------------------------------------------------- */

typedef struct for_tag {
    const nu__symbol *const *names;
    size_t n_names;
    bool reversed;
    const nu_template_expression *sequence;
    nu_template_nodes body, empty;
} for_tag;

static const nu_list *items_of(nu_value value)
{
    const nu_list *items = value.kind == NU_KIND_LIST ? value.list : nu__value_items(value);

    if (!items)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(value.kind));
    return items;
}

/* The parts of an item for several names; NULL when it has another number of them. */
static const nu_list *unpacked(nu_value item, size_t wanted)
{
    int64_t len = nu__value_length(item);

    len = len < 0 ? 1 : len;
    if ((size_t)len != wanted)
        nu_raise(NU_VALUE_ERROR, "Need {} values to unpack in for loop; got {}. ", wanted, len);
    return items_of(item);
}

static void render_unpacked(const for_tag *tag, nu_template_context *context, nu_value item)
{
    const nu_list *parts = unpacked(item, tag->n_names);
    uint32_t outer = nu__context_push(context);

    for (size_t i = 0; i < tag->n_names; i++)
        nu__context_bind(context, tag->names[i], parts->items[i]);
    nu_nodes_render(&tag->body, context);
    nu__context_pop(context, outer);
}

static void render_items(const for_tag *tag, nu_template_context *context, const nu_list *items,
                         nu_value parent)
{
    const nu__symbol *name = nu__symbol_known(context->engine->symbols, NU__SYM_FORLOOP);
    nu__forloop *loop = nu_alloc(nu__forloop);
    uint32_t place = 0;

    *loop = (nu__forloop){ .object = { .type = &nu__forloop_class },
                           .len = (int64_t)items->len,
                           .parent = parent };
    nu__context_bind(context, name, nu_v_object(loop));
    if (tag->n_names == 1)
        place = nu__context_bind(context, tag->names[0], nu_null());
    for (; loop->index < loop->len && (size_t)loop->index < items->len; loop->index++) {
        size_t i = (size_t)(tag->reversed ? loop->len - 1 - loop->index : loop->index);

        if (tag->n_names == 1) {
            context->stack[place].value = items->items[i];
            nu_nodes_render(&tag->body, context);
        } else {
            render_unpacked(tag, context, items->items[i]);
        }
        nu__context_flush(context);
    }
}

static void render_for(const void *data, nu_template_context *context)
{
    const for_tag *tag = data;
    nu_value parent = forloop_in_sight(context);
    uint32_t outer = nu__context_push(context);
    nu_value sequence = nu__expression_or_null(tag->sequence, context);
    const nu_list *items;

    items = sequence.kind == NU_KIND_NULL ? NULL : items_of(sequence);
    if (!nu_list_len(items))
        nu_nodes_render(&tag->empty, context);
    else
        render_items(tag, context, items, parent);
    nu__context_pop(context, outer);
}

/* ---- compiling
 * --------------------------------------------------------------------------------------- */

static bool is_bad_name(nu_str name)
{
    if (!name.len)
        return true;
    for (size_t i = 0; i < name.len; i++)
        if (strchr(" \"'|", name.ptr[i]) && name.ptr[i])
            return true;
    return false;
}

/* "a, b" of the words before "in". */
static void parse_names(nu_template_parser *parser, nu__words words, for_tag *tag)
{
    nu_list *bits = nu_list_new(), *names;
    const nu__symbol **symbols;

    for (size_t i = 0; i < words.len; i++)
        nu_list_append(bits, words.items[i]);
    names = nu__split(nu__join(S(" "), bits), S(","));
    symbols = nu_alloc_array(const nu__symbol *, nu_list_len(names));
    for (size_t i = 0; i < nu_list_len(names); i++) {
        nu_str name = nu__strip_chars(nu_at(names, i).s, " ");

        if (is_bad_name(name))
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'for' tag received an invalid argument: {}",
                     parser->token.contents);
        symbols[i] = nu__parser_sets(parser, name);
    }
    tag->names = symbols;
    tag->n_names = nu_list_len(names);
}

void nu__compile_for(nu_template_parser *parser)
{
    for_tag *tag = nu_alloc(for_tag);
    nu__words words = nu__parser_words(parser);
    size_t in;

    if (words.len < 4)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'for' statements should have at least four words: {}",
                 parser->token.contents);
    tag->reversed = nu_eq(words.items[words.len - 1], "reversed");
    in = words.len - (tag->reversed ? 3 : 2);
    if (!nu_eq(words.items[in], "in"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "'for' statements should use the format 'for x in y': {}", parser->token.contents);
    parse_names(parser, (nu__words){ words.items + 1, in - 1 }, tag);
    tag->sequence = nu_parser_expression(parser, words.items[in + 1]);
    tag->body = nu__parse_until(parser, "empty", "endfor");
    if (nu_eq(parser->token.contents, "empty"))
        tag->empty = nu__parse_until(parser, "endfor");
    nu_parser_emit(parser, render_for, tag);
}
