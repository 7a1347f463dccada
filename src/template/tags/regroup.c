/* {% regroup people by town as towns %}. */
#include "core/list.h"
#include "core/object.h"
#include "template/tags/tags.h"

/* ---- a group: (grouper, list)
 * ---------------------------------------------------------------------- */

typedef struct group {
    nu_object object;
    nu_value grouper;
    nu_list *list;
} group;

static bool get_of_group(const nu_object *self, nu_str name, nu_value *out)
{
    const group *g = (const group *)self;

    *out = nu_eq(name, "grouper") ? g->grouper : nu_v_list(g->list);
    return nu_eq(name, "grouper") || nu_eq(name, "list");
}

static bool at_of_group(const nu_object *self, int64_t index, nu_value *out)
{
    index += index < 0 ? 2 : 0;
    return get_of_group(self, index == 0 ? S("grouper") : index == 1 ? S("list") : S(""), out);
}

static nu_list *items_of_group(const nu_object *self)
{
    const group *g = (const group *)self;

    return NU_LIST(g->grouper, g->list);
}

static int64_t length_of_group(const nu_object *self)
{
    (void)self;
    return 2;
}

static nu_value text_of_group(const nu_object *self)
{
    nu__buf text = { 0 };

    nu__buf_lit(&text, "GroupedResult(grouper=");
    nu__buf_repr(&text, ((const group *)self)->grouper);
    nu__buf_lit(&text, ", list=");
    nu__buf_repr(&text, nu_v_list(((const group *)self)->list));
    nu__buf_lit(&text, ")");
    return V(nu__buf_str(&text));
}

static const nu_object_ops group_ops = {
    .kind = "group",
    .get = get_of_group,
    .text = text_of_group,
    .repr = text_of_group,
    .items = items_of_group,
    .length = length_of_group,
    .at = at_of_group,
};
static const nu_class group_class = { &group_ops, "GroupedResult" };

/* ---- the tag
 * ----------------------------------------------------------------------------------------- */

typedef struct regroup {
    const nu_template_expression *target, *key; /* the key reads the variable that `as` names */
    const nu__symbol *as;
} regroup;

static group *new_group(nu_value grouper)
{
    group *g = nu_alloc(group);

    *g = (group){ { .type = &group_class }, grouper, nu_list_new() };
    return g;
}

static nu_list *regrouped(const regroup *tag, const nu_list *items, nu_template_context *context)
{
    nu_list *groups = nu_list_new();
    group *last = NULL;

    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_value item = nu_at(items, i), key;

        nu__context_set(context, tag->as, item);
        key = nu__expression_or_null(tag->key, context);
        if (!last || !nu__value_equal(last->grouper, key)) {
            last = new_group(key);
            nu_list_append_(groups, nu_v_object(last));
        }
        nu_list_append_(last->list, item);
    }
    return groups;
}

static void render_regroup(const void *data, nu_template_context *context)
{
    const regroup *tag = data;
    nu_value target = nu__expression_or_null(tag->target, context);
    nu_list *items = target.kind == NU_KIND_NULL ? nu_list_new() : nu__value_items(target);

    if (!items)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(target.kind));
    nu__context_set(context, tag->as, nu_v_list(regrouped(tag, items, context)));
}

void nu__compile_regroup(nu_template_parser *parser)
{
    regroup *tag = nu_alloc(regroup);
    nu__words words = nu__parser_words(parser);

    if (words.len != 6)
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "'regroup' tag takes five arguments");
    if (!nu_eq(words.items[2], "by"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "second argument to 'regroup' tag must be 'by'");
    if (!nu_eq(words.items[4], "as"))
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR, "next-to-last argument to 'regroup' tag must be 'as'");
    tag->target = nu_parser_expression(parser, words.items[1]);
    tag->as = nu__parser_sets(parser, words.items[5]);
    tag->key = nu_parser_expression(parser, nu_fmt("{}.{}", words.items[5], words.items[3]));
    nu_parser_emit(parser, render_regroup, tag);
}
