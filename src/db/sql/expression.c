/* Nodes: making, copying, comparing, walking. */
#include "db/sql/expression.h"

#include "core/object.h"
#include "db/models/queryset.h"
#include "db/sql/query.h"

#include <nuages/postgres.h>
#include <string.h>

void nu__exprs_add(nu__exprs *list, const nu_expr *expr)
{
    if (list->n == list->cap) {
        uint32_t cap = list->cap ? 2 * list->cap : 8;
        nu_expr **items = nu_alloc_array(nu_expr *, cap);

        if (list->n)
            memcpy(items, list->items, list->n * sizeof(*items));
        list->items = items;
        list->cap = cap;
    }
    list->items[list->n++] = (nu_expr *)expr;
}

nu_expr *nu__expr_new(const nu__expr_class *klass, size_t n_args)
{
    nu_expr *expr = nu_alloc(nu_expr);

    expr->klass = klass;
    expr->n_args = (uint32_t)n_args;
    if (n_args)
        expr->args = nu_alloc_array(nu_expr *, n_args);
    return expr;
}

nu_expr *nu__expr_copy(const nu_expr *expr)
{
    nu_expr *copy = nu__expr_new(expr->klass, expr->n_args);
    nu_expr **args = copy->args;

    *copy = *expr;
    copy->args = args;
    if (expr->n_args)
        memcpy(args, expr->args, expr->n_args * sizeof(*args));
    return copy;
}

static bool is_query(const nu_expr *expr)
{
    return expr->klass == &nu__subquery || expr->klass == &nu__array_subquery ||
           expr->klass == &nu__exists || expr->klass == &nu__query_expr;
}

NU_NORETURN void nu__expr_too_deep(void)
{
    nu_raise(NU_RUNTIME_ERROR,
             "maximum recursion depth exceeded: conditions, expressions or "
             "queries are nested more than {} deep",
             NU__MAX_DEPTH);
}

nu_expr *nu__expr_done(nu_expr *expr)
{
    const uint32_t inherited = NU__CONTAINS_AGGREGATE | NU__CONTAINS_OVER | NU__CONTAINS_SUBQUERY;
    uint32_t flags = expr->flags & ~inherited;

    expr->depth = 0;
    for (uint32_t i = 0; i < expr->n_args; i++) {
        if (!expr->args[i])
            continue;
        flags |= expr->args[i]->flags & inherited;
        if (expr->depth <= expr->args[i]->depth)
            expr->depth = (uint16_t)(expr->args[i]->depth + 1);
    }
    if (is_query(expr) && expr->depth <= nu__tree_depth(expr->query))
        expr->depth = (uint16_t)(nu__tree_depth(expr->query) + 1);
    if (expr->depth > NU__MAX_DEPTH)
        nu__expr_too_deep();
    if (expr->klass == &nu__aggregate)
        flags |= NU__CONTAINS_AGGREGATE;
    if (expr->klass == &nu__window)
        flags = (flags & ~(uint32_t)NU__CONTAINS_AGGREGATE) | NU__CONTAINS_OVER;
    if (is_query(expr))
        flags |= NU__CONTAINS_SUBQUERY;
    expr->flags = flags;
    return expr;
}

/* ---- resolving ---------------------------------------------------------------------------- */

const nu_expr *nu__expr_resolve(const nu_expr *expr, const nu__resolver *with)
{
    nu_expr *copy = NULL;

    if (!expr)
        return NULL;
    if (expr->klass->resolve)
        return expr->klass->resolve(expr, with);
    for (uint32_t i = 0; i < expr->n_args; i++) {
        const nu_expr *arg = nu__expr_resolve(expr->args[i], with);

        if (arg == expr->args[i])
            continue;
        if (!copy)
            copy = nu__expr_copy(expr);
        copy->args[i] = (nu_expr *)arg;
    }
    return copy ? nu__expr_done(copy) : expr;
}

/* ---- types -------------------------------------------------------------------------------- */

const nu__field *nu__type_of(nu_field_type type)
{
    static nu_plain_field definitions[NU_FIELD_TYPE_COUNT];
    static nu__field types[NU_FIELD_TYPE_COUNT];
    nu__field *field = &types[type];

    if (!field->type) {
        definitions[type].base.type = type;
        field->def = &definitions[type].base;
        field->target = field;
        field->null = true;
        field->member = nu__field_type_row(type)->null_member;
        field->type = nu__field_type_row(type);
        field->base = field->type->base ? nu__type_of(field->type->base) : NULL;
    }
    return field;
}

const nu__field *nu__array_of(const nu__field *items)
{
    static const nu_array_field definition = { .base = { .type = NU_ARRAY_FIELD } };
    nu__field *array = nu_alloc(nu__field);

    array->def = &definition.base;
    array->type = nu__field_type_row(NU_ARRAY_FIELD);
    array->target = array;
    array->base = items->target;
    array->null = true;
    array->member = NU__MEMBER_LIST;
    return array;
}

/* Django's classes whose parent is another field's, not Field itself. */
static const nu_field_type parents[NU_FIELD_TYPE_COUNT] = {
    [NU_AUTO_FIELD] = NU_INTEGER_FIELD,
    [NU_BIG_AUTO_FIELD] = NU_BIG_INTEGER_FIELD,
    [NU_SMALL_AUTO_FIELD] = NU_SMALL_INTEGER_FIELD,
    [NU_BIG_INTEGER_FIELD] = NU_INTEGER_FIELD,
    [NU_SMALL_INTEGER_FIELD] = NU_INTEGER_FIELD,
    [NU_POSITIVE_INTEGER_FIELD] = NU_INTEGER_FIELD,
    [NU_POSITIVE_BIG_INTEGER_FIELD] = NU_BIG_INTEGER_FIELD,
    [NU_POSITIVE_SMALL_INTEGER_FIELD] = NU_SMALL_INTEGER_FIELD,
    [NU_EMAIL_FIELD] = NU_CHAR_FIELD,
    [NU_SLUG_FIELD] = NU_CHAR_FIELD,
    [NU_URL_FIELD] = NU_CHAR_FIELD,
    [NU_DATETIME_FIELD] = NU_DATE_FIELD,
    [NU_IMAGE_FIELD] = NU_FILE_FIELD,
};

bool nu__field_is_a(nu_field_type type, nu_field_type ancestor)
{
    while (type && type != ancestor)
        type = parents[type];
    return type == ancestor;
}

const nu__field *nu__common_type(nu_expr *const *args, uint32_t n)
{
    const nu__field *found = NULL;

    for (uint32_t i = 0; i < n; i++) {
        const nu__field *type = args[i] ? nu__expr_output(args[i]) : NULL;

        if (!type)
            continue;
        type = type->target;
        if (found && !nu__field_is_a(found->type->type, type->type->type))
            nu_raise(NU_FIELD_ERROR,
                     "Expression contains mixed types: {}, {}. You must set output_field.",
                     found->type->name, type->type->name);
        if (!found)
            found = type;
    }
    return found;
}

const nu__field *nu__expr_output(const nu_expr *expr)
{
    if (expr->output)
        return expr->output;
    if (expr->klass->output)
        return expr->klass->output(expr);
    return nu__common_type(expr->args, expr->n_args);
}

const nu__field *nu__expr_output_or_null(const nu_expr *expr)
{
    const nu__field *type = NULL;

    return nu_catch(NU_FIELD_ERROR, type = nu__expr_output(expr)) ? NULL : type;
}

const nu__field *nu__expr_type(const nu_expr *expr)
{
    const nu__field *type = nu__expr_output(expr);

    if (!type)
        nu_raise(NU_OUTPUT_FIELD_IS_NONE_ERROR,
                 "Cannot resolve expression type, unknown output_field");
    return type;
}

/* ---- grouping ----------------------------------------------------------------------------- */

void nu__expr_group_by(const nu_expr *expr, nu__exprs *out)
{
    if (!expr)
        return;
    if (expr->klass->group_by)
        expr->klass->group_by(expr, out);
    else
        nu__group_by_default(expr, out);
}

void nu__group_by_default(const nu_expr *expr, nu__exprs *out)
{
    if (!nu__has_aggregate(expr)) {
        nu__exprs_add(out, expr);
        return;
    }
    for (uint32_t i = 0; i < expr->n_args; i++)
        nu__expr_group_by(expr->args[i], out);
}

/* ---- comparing, replacing, walking -------------------------------------------------------- */

static bool same_value(nu_value a, nu_value b)
{
    return a.kind == b.kind && nu__value_equal(a, b);
}

static bool same_end(nu_opt_int a, nu_opt_int b)
{
    return a.set == b.set && a.value == b.value;
}

static bool same_frame(const nu_frame *a, const nu_frame *b)
{
    return a->set == b->set && a->range == b->range && same_end(a->start, b->start) &&
           same_end(a->end, b->end) && a->exclusion == b->exclusion;
}

static bool same_members(const nu_expr *a, const nu_expr *b)
{
    if (a->klass == &nu__col)
        return a->field == b->field && a->join == b->join && a->level == b->level &&
               a->output == b->output;
    if (a->klass == &nu__window)
        return a->n_partition == b->n_partition && a->n_order == b->n_order &&
               same_frame(a->frame, b->frame);
    return a->lookup == b->lookup; /* the union's pointers and numbers */
}

/* Up to their values and arguments. */
static bool same_node(const nu_expr *a, const nu_expr *b)
{
    return a && b && a->klass == b->klass && a->n_args == b->n_args && a->flags == b->flags &&
           nu_eq(a->name, b->name) && same_members(a, b);
}

bool nu__expr_equal(const nu_expr *a, const nu_expr *b)
{
    if (a == b)
        return true;
    if (!same_node(a, b) || !same_value(a->value, b->value))
        return false;
    for (uint32_t i = 0; i < a->n_args; i++)
        if (!nu__expr_equal(a->args[i], b->args[i]))
            return false;
    return true;
}

static bool same_output(const nu__field *a, const nu__field *b)
{
    return a == b || (a && b && a->type == b->type && a->model == b->model);
}

bool nu__expr_same(const nu_expr *a, const nu_expr *b)
{
    if (a == b)
        return true;
    if (!same_node(a, b) || !same_output(a->output, b->output) ||
        !nu__value_equal(a->value, b->value))
        return false;
    for (uint32_t i = 0; i < a->n_args; i++)
        if (!nu__expr_same(a->args[i], b->args[i]))
            return false;
    return true;
}

const nu_expr *nu__expr_replace(const nu_expr *expr, const nu_expr *from, const nu_expr *to)
{
    nu_expr *copy = NULL;

    if (!expr || nu__expr_equal(expr, from))
        return expr ? to : NULL;
    for (uint32_t i = 0; i < expr->n_args; i++) {
        const nu_expr *arg = nu__expr_replace(expr->args[i], from, to);

        if (arg == expr->args[i])
            continue;
        if (!copy)
            copy = nu__expr_copy(expr);
        copy->args[i] = (nu_expr *)arg;
    }
    return copy ? nu__expr_done(copy) : expr;
}

void nu__expr_walk(const nu_expr *expr, bool (*visit)(const nu_expr *expr, void *arg), void *arg)
{
    if (!expr || !visit(expr, arg))
        return;
    for (uint32_t i = 0; i < expr->n_args; i++)
        nu__expr_walk(expr->args[i], visit, arg);
}

/* ---- small nodes -------------------------------------------------------------------------- */

const nu_expr *nu__literal_of(nu_value value, const nu__field *output)
{
    nu_expr *expr = nu__expr_new(&nu__literal, 0);

    expr->value = value;
    expr->output = output;
    return expr;
}

const nu_expr *nu__col_of(int join, const nu__field *field, const nu__field *output)
{
    nu_expr *expr = nu__expr_new(&nu__col, 0);

    expr->join = (int16_t)join;
    expr->field = field;
    expr->output = output ? output : field;
    return expr;
}

const nu_expr *nu__ref_to(nu_str name, const nu_expr *source)
{
    nu_expr *expr = nu__expr_new(&nu__ref, 1);

    expr->name = name;
    expr->args[0] = (nu_expr *)source;
    return nu__expr_done(expr);
}

const nu_expr *nu__order_of(const nu_expr *source, bool descending)
{
    nu_expr *expr = nu__expr_new(&nu__order_by, 1);

    expr->args[0] = (nu_expr *)source;
    expr->flags = descending ? NU__DESCENDING : 0;
    return nu__expr_done(expr);
}

const nu_expr *nu__query_of(nu__tree *query)
{
    nu_expr *expr = nu__expr_new(&nu__query_expr, 0);

    expr->query = query;
    return nu__expr_done(expr);
}

const nu_expr *nu__argument(nu_value value, bool text_is_field)
{
    if (value.kind == NU_KIND_EXPR)
        return value.p;
    if (value.kind == NU_KIND_QUERY)
        return nu__query_of(nu__tree_clone(nu__query_tree(value.p)));
    if (text_is_field && value.kind == NU_KIND_STR) {
        if (nu_eq(value.s, "*"))
            return nu__expr_new(&nu__star, 0);
        return F(nu_copy(value.s).ptr);
    }
    return nu__literal_of(value, NULL);
}
