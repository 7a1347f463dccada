/* The table of lookups, and making a node from a row: Query.build_lookup(). */
#include "db/sql/lookups.h"

#include "core/object.h"
#include "db/models/instance.h"
#include "db/models/queryset.h"
#include "db/sql/lookup_sql.h"
#include "db/sql/postgres_lookups.h"

#include <math.h>
#include <string.h>

#define ANY     NU__FAMILY_ANY
#define SEARCH  NU__FAMILY_SEARCH
#define KEYS    (NU__FAMILY_KEY | NU__FAMILY_KEY_TEXT)
#define PATTERN ((ANY & ~(uint32_t)NU__FAMILY_JSON) | NU__FAMILY_KEY_TEXT)
#define ARRAY   NU__FAMILY_ARRAY
#define RANGE   NU__FAMILY_RANGE
#define HSTORE  NU__FAMILY_HSTORE
#define WITHIN  (NU__FAMILY_INTEGER | NU__FAMILY_NUMBER | NU__FAMILY_DATE | NU__FAMILY_DATETIME)
#define EMPTY   NU__SQL_EMPTY
#define FULL    NU__SQL_FULL

/* clang-format off */
static const nu__lookup lookups[] = {
    { "exact", KEYS, .takes_null = true, .sql = nu__key_exact_sql },
    { "exact", NU__FAMILY_JSON, .takes_null = true, .sql = nu__compare_sql },
    { "exact", NU__FAMILY_PART, .sql = nu__year_sql },
    { "exact", NU__FAMILY_INTEGER, .too_small = EMPTY, .too_large = EMPTY, .sql = nu__compare_sql, .param = nu__bound_param },
    { "exact", SEARCH, NU__SIDE_RAW, .sql = nu__search_sql },
    { "exact", ARRAY, .sql = nu__array_sql },
    { "exact", ANY | NU__FAMILY_RELATION, .sql = nu__exact_sql, .param = nu__bound_param },
    { "gt", KEYS, .sql = nu__key_order_sql },
    { "gt", NU__FAMILY_PART, .sql = nu__year_sql },
    { "gt", NU__FAMILY_INTEGER, .too_small = FULL, .too_large = EMPTY, .sql = nu__compare_sql, .param = nu__bound_param },
    { "gt", ANY | NU__FAMILY_RELATION, .sql = nu__compare_sql, .param = nu__bound_param },
    { "gte", KEYS, .sql = nu__key_order_sql },
    { "gte", NU__FAMILY_PART, .sql = nu__year_sql },
    { "gte", NU__FAMILY_INTEGER, .rounds_up = true, .too_small = FULL, .too_large = EMPTY,
      .sql = nu__compare_sql, .param = nu__bound_param },
    { "gte", ANY | NU__FAMILY_RELATION, .sql = nu__compare_sql, .param = nu__bound_param },
    { "lt", KEYS, .sql = nu__key_order_sql },
    { "lt", NU__FAMILY_PART, .sql = nu__year_sql },
    { "lt", NU__FAMILY_INTEGER, .rounds_up = true, .too_small = EMPTY, .too_large = FULL,
      .sql = nu__compare_sql, .param = nu__bound_param },
    { "lt", ANY | NU__FAMILY_RELATION, .sql = nu__compare_sql, .param = nu__bound_param },
    { "lte", KEYS, .sql = nu__key_order_sql },
    { "lte", NU__FAMILY_PART, .sql = nu__year_sql },
    { "lte", NU__FAMILY_INTEGER, .too_small = EMPTY, .too_large = FULL, .sql = nu__compare_sql, .param = nu__bound_param },
    { "lte", ANY | NU__FAMILY_RELATION, .sql = nu__compare_sql, .param = nu__bound_param },
    { "in", KEYS, NU__SIDE_LIST, .sql = nu__key_in_sql },
    { "in", ANY | NU__FAMILY_RELATION | NU__FAMILY_PART, NU__SIDE_LIST, .sql = nu__in_sql },
    { "range", ANY | NU__FAMILY_PART | KEYS, NU__SIDE_LIST, .sql = nu__range_sql },
    { "isnull", KEYS, NU__SIDE_RAW, .sql = nu__key_null_sql },
    { "isnull", ANY | SEARCH | NU__FAMILY_RELATION | NU__FAMILY_PART, NU__SIDE_RAW, .sql = nu__isnull_sql },
    { "contains", ARRAY, .sql = nu__array_sql },
    { "contains", RANGE, .sql = nu__range_contains_sql },
    { "contains", HSTORE, .sql = nu__postgres_sql },
    { "contained_by", ARRAY, .sql = nu__array_sql },
    { "contained_by", RANGE | HSTORE, .sql = nu__postgres_sql },
    { "contained_by", WITHIN, NU__SIDE_RAW, .sql = nu__within_range_sql },
    { "overlap", ARRAY, .sql = nu__array_sql },
    { "overlap", RANGE, .sql = nu__postgres_sql },
    { "fully_lt", RANGE, .sql = nu__postgres_sql },
    { "fully_gt", RANGE, .sql = nu__postgres_sql },
    { "not_lt", RANGE, .sql = nu__postgres_sql },
    { "not_gt", RANGE, .sql = nu__postgres_sql },
    { "adjacent_to", RANGE, .sql = nu__postgres_sql },
    { "has_key", HSTORE, NU__SIDE_RAW, .sql = nu__hstore_keys_sql },
    { "has_keys", HSTORE, NU__SIDE_RAW, .sql = nu__hstore_keys_sql },
    { "has_any_keys", HSTORE, NU__SIDE_RAW, .sql = nu__hstore_keys_sql },
    { "has_key", NU__FAMILY_JSON | NU__FAMILY_KEY, NU__SIDE_RAW, .sql = nu__has_key_sql },
    { "has_keys", NU__FAMILY_JSON | NU__FAMILY_KEY, NU__SIDE_RAW, .sql = nu__has_key_sql },
    { "has_any_keys", NU__FAMILY_JSON | NU__FAMILY_KEY, NU__SIDE_RAW, .sql = nu__has_key_sql },
    { "contains", NU__FAMILY_JSON | NU__FAMILY_KEY, NU__SIDE_RAW, .sql = nu__json_unsupported_sql },
    { "contained_by", NU__FAMILY_JSON | NU__FAMILY_KEY, NU__SIDE_RAW,
      .sql = nu__json_unsupported_sql },
    { "iexact", ANY | KEYS, NU__SIDE_RAW, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "contains", PATTERN, NU__SIDE_RAW, .before = true, .after = true, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "icontains", ANY | KEYS, NU__SIDE_RAW, .before = true, .after = true,
      .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "startswith", (ANY & ~(uint32_t)RANGE) | KEYS, NU__SIDE_RAW, .after = true, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "istartswith", ANY | KEYS, NU__SIDE_RAW, .after = true, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "endswith", (ANY & ~(uint32_t)RANGE) | KEYS, NU__SIDE_RAW, .before = true, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "iendswith", ANY | KEYS, NU__SIDE_RAW, .before = true, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "regex", ANY | KEYS, NU__SIDE_RAW, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "iregex", ANY | KEYS, NU__SIDE_RAW, .sql = nu__pattern_sql, .param = nu__pattern_param },
    { "search", NU__FAMILY_TEXT | SEARCH, NU__SIDE_RAW, .sql = nu__search_sql },
    { "trigram_similar", NU__FAMILY_TEXT, NU__SIDE_RAW, .sql = nu__compare_sql },
    { "trigram_word_similar", NU__FAMILY_TEXT, NU__SIDE_RAW, .sql = nu__compare_sql },
    { "trigram_strict_word_similar", NU__FAMILY_TEXT, NU__SIDE_RAW, .sql = nu__compare_sql },
};
/* clang-format on */

#define N_LOOKUPS (sizeof(lookups) / sizeof(*lookups))

static uint32_t family_of_type(const nu__field *type)
{
    if (type->relation)
        return NU__FAMILY_RELATION;
    switch (type->type->type) {
    case NU_CHAR_FIELD:
    case NU_TEXT_FIELD:
    case NU_EMAIL_FIELD:
    case NU_URL_FIELD:
    case NU_SLUG_FIELD:
    case NU_FILE_FIELD:
    case NU_IMAGE_FIELD:
        return NU__FAMILY_TEXT;
    case NU_FLOAT_FIELD:
    case NU_DECIMAL_FIELD:
        return NU__FAMILY_NUMBER;
    case NU_BOOLEAN_FIELD:
        return NU__FAMILY_BOOLEAN;
    case NU_DATE_FIELD:
        return NU__FAMILY_DATE;
    case NU_DATETIME_FIELD:
        return NU__FAMILY_DATETIME;
    case NU_TIME_FIELD:
        return NU__FAMILY_TIME;
    case NU_UUID_FIELD:
        return NU__FAMILY_UUID;
    case NU_JSON_FIELD:
        return NU__FAMILY_JSON;
    case NU_SEARCH_VECTOR_FIELD:
        return NU__FAMILY_SEARCH;
    case NU_ARRAY_FIELD:
        return NU__FAMILY_ARRAY;
    case NU_HSTORE_FIELD:
        return NU__FAMILY_HSTORE;
    default:
        if (type->type->base)
            return NU__FAMILY_RANGE;
        return type->type->max ? NU__FAMILY_INTEGER : NU__FAMILY_OTHER;
    }
}

uint32_t nu__family_of(const nu_expr *lhs)
{
    if (lhs->klass == &nu__json_key)
        return nu__expr_type(lhs)->type->type == NU_JSON_FIELD ? NU__FAMILY_KEY
                                                               : NU__FAMILY_KEY_TEXT;
    if (lhs->klass == &nu__extract && (nu_eq(lhs->name, "year") || nu_eq(lhs->name, "iso_year")))
        return NU__FAMILY_PART;
    return family_of_type(nu__expr_type(lhs));
}

const nu__lookup *nu__lookup_find(uint32_t family, nu_str name)
{
    for (size_t i = 0; i < N_LOOKUPS; i++)
        if (lookups[i].families & family && nu_eq(name, lookups[i].name))
            return &lookups[i];
    return NULL;
}

nu_list *nu__lookup_names(uint32_t family)
{
    nu_list *names = nu_list_new();

    for (size_t i = 0; i < N_LOOKUPS; i++)
        if (lookups[i].families & family)
            nu_list_append(names, lookups[i].name);
    return names;
}

/* ---- values ------------------------------------------------------------------------------- */

static bool is_temporal(nu_field_type type)
{
    return type == NU_DATE_FIELD || type == NU_DATETIME_FIELD || type == NU_TIME_FIELD;
}

/* The error that Python's own conversion raises: of a text that can't be read ValueError, of what
   is no text TypeError. */
static NU_NORETURN void refuse(const nu__field *type, nu_value value, nu__invalid why)
{
    const nu__field *target = type->target;
    bool text = value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;

    if (is_temporal(target->type->type) && !text)
        nu_raise(NU_TYPE_ERROR, "fromisoformat: argument must be str");
    if (target->type->max && (value.kind == NU_KIND_LIST || value.kind == NU_KIND_DICT ||
                              value.kind == NU_KIND_EXPR || value.kind == NU_KIND_OBJECT))
        nu_raise(NU_TYPE_ERROR, "Field '{}' expected a number but got {!r}.", target->name, value);
    if (target->type->max || target->type->type == NU_FLOAT_FIELD)
        nu_raise(NU_VALUE_ERROR, "Field '{}' expected a number but got {!r}.", target->name, value);
    nu_raise(NU_VALIDATION_ERROR, "{}", why.message);
}

/* Enumerators of text choices come as their numbers. */
static nu_value text_of_enumerator(const nu__field *type, int64_t number)
{
    if (number != (int)number || !nu_choice_known_(type->choices, (int)number))
        nu_raise(NU_VALUE_ERROR,
                 "Field '{}' expected an enumerator of its choices or a text but got {}.",
                 type->name, number);
    return nu_v_str(nu_choice_value_(type->choices, (int)number));
}

static void check_saved(const nu__field *type, nu_value value)
{
    if (type->relation && value.kind == NU_KIND_OBJECT && value.object->type &&
        ((const nu_class *)value.object->type)->ops == &nu__model_ops &&
        !nu__pk_is_set(value.object))
        nu_raise(NU_VALUE_ERROR, "Unsaved model instance {!r} cannot be used in an ORM query.",
                 value);
}

nu_value nu__prepare(const nu__field *type, nu_value value)
{
    const nu_choices *choices = type->choices;
    nu_value out;
    nu__invalid why;

    if (choices && choices->text && value.kind == NU_KIND_INT && !value.plain)
        return text_of_enumerator(type, value.i);
    check_saved(type, value);
    if (nu__postgres_prepare(type, value, &out))
        return out;
    if (!nu__field_to_python(type, value, &out, &why))
        refuse(type, value, why);
    return out;
}

static nu_value prepare_list(const nu__field *type, nu_value value)
{
    nu_list *items = nu__value_items(value), *out = nu_list_new();

    if (!items)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(value.kind));
    for (size_t i = 0; i < nu_list_len(items); i++) {
        nu_value item = nu_at(items, i);

        nu_list_append_(out, item.kind == NU_KIND_EXPR ? item : nu__prepare(type, item));
    }
    return nu_v_list(out);
}

nu_value nu__lookup_value(const nu__lookup *lookup, const nu_expr *lhs, nu_value value)
{
    const nu__field *type = nu__expr_output(lhs);

    if (!type || lookup->side == NU__SIDE_RAW || lhs->klass == &nu__literal)
        return value;
    if (lookup->rounds_up && value.kind == NU_KIND_FLOAT)
        value.f = ceil(value.f);
    return lookup->side == NU__SIDE_LIST ? prepare_list(type, value) : nu__prepare(type, value);
}

/* The items of a list among which are expressions take the left side's type. */
static const nu_expr *typed_list(const nu_expr *lhs, const nu_expr *list)
{
    const nu__field *type = nu__expr_output(lhs);
    nu_expr *copy = nu__expr_copy(list);

    if (type && type->target->type->type == NU_ARRAY_FIELD)
        type = type->target->base;
    for (uint32_t i = 0; i < copy->n_args; i++)
        if (copy->args[i]->klass == &nu__literal && type)
            copy->args[i] =
                (nu_expr *)nu__literal_of(nu__prepare(type, copy->args[i]->value), type);
    return copy;
}

/* ---- queries as a right side -------------------------------------------------------------- */

static int64_t selected_columns(const nu__tree *query)
{
    return query->has_selected ? query->n_selected : query->default_cols ? 1 : query->n_select;
}

static void select_key(nu__tree *query)
{
    if (query->has_selected || !query->default_cols)
        return;
    nu__tree_clear_select(query);
    nu__tree_add_fields(query, (const nu_str[]){ S("pk") }, 1);
}

static void prepare_query(const nu__lookup *lookup, nu__tree *query)
{
    bool in = !strcmp(lookup->name, "in");

    if (!in && strcmp(lookup->name, "exact"))
        return;
    if (!in && !(query->high >= 0 && query->high - query->low == 1))
        nu_raise(NU_VALUE_ERROR, "The QuerySet value for an exact lookup must be limited to one "
                                 "result using slicing.");
    if (selected_columns(query) != 1)
        nu_raise(NU_VALUE_ERROR,
                 "The QuerySet value for the {} lookup must have 1 selected fields (received {})",
                 in ? "'in'" : "exact", selected_columns(query));
    if (in)
        nu__tree_clear_ordering(query, false);
    select_key(query);
}

static const nu_expr *resolve_list(nu_list *list, const nu__resolver *with)
{
    size_t n = nu_list_len(list), n_exprs = 0;
    nu_expr *out;

    for (size_t i = 0; i < n; i++)
        n_exprs += nu_at(list, i).kind == NU_KIND_EXPR;
    if (!n_exprs)
        return NULL;
    out = nu__expr_new(&nu__list_expr, n);
    for (size_t i = 0; i < n; i++)
        out->args[i] = (nu_expr *)nu__expr_resolve(nu__argument(nu_at(list, i), false), with);
    return nu__expr_done(out);
}

const nu_expr *nu__side_of(const nu_expr *condition, const nu__resolver *with)
{
    nu_value value = condition->value;

    if (condition->n_args && condition->args[0])
        return nu__expr_resolve(condition->args[0], with);
    if (value.kind == NU_KIND_QUERY) {
        const nu_expr *query = nu__query_of(nu__query_tree(value.p));

        return nu__expr_resolve(query, with);
    }
    return value.kind == NU_KIND_LIST ? resolve_list(value.list, with) : NULL;
}

/* ---- the node ----------------------------------------------------------------------------- */

static nu_expr *lookup_node(const nu__lookup *lookup, const nu_expr *lhs, const nu_expr *rhs,
                            nu_value value)
{
    nu_expr *node;

    if (rhs && rhs->klass == &nu__list_expr)
        rhs = typed_list(lhs, rhs);
    node = nu__expr_new(&nu__lookup_expr, rhs ? 2 : 1);
    node->lookup = lookup;
    node->output = nu__type_of(NU_BOOLEAN_FIELD);
    node->args[0] = (nu_expr *)lhs;
    if (rhs)
        node->args[1] = (nu_expr *)rhs;
    else
        node->value = value;
    return nu__expr_done(node);
}

const nu_expr *nu__is_null(const nu_expr *lhs, bool truth)
{
    return lookup_node(nu__lookup_find(nu__family_of(lhs), S("isnull")), lhs, NULL,
                       nu_v_bool(truth));
}

bool nu__is_isnull(const nu_expr *lookup)
{
    return lookup->klass == &nu__lookup_expr && !strcmp(lookup->lookup->name, "isnull");
}

const nu_expr *nu__build_lookup(const nu__names *lookups_, uint32_t from, const nu_expr *lhs,
                                const nu_expr *rhs, nu_value value)
{
    nu_str name = lookups_->n > from ? lookups_->items[lookups_->n - 1] : S("exact");
    const nu__lookup *lookup;

    for (uint32_t i = from; i + 1 < lookups_->n; i++)
        lhs = nu__transform_of(lhs, lookups_->items[i], lookups_, i);
    lookup = nu__lookup_find(nu__family_of(lhs), name);
    if (!lookup) {
        lhs = nu__transform_of(lhs, name, NULL, 0);
        name = S("exact");
        lookup = nu__lookup_find(nu__family_of(lhs), name);
    }
    if (rhs && rhs->klass == &nu__query_expr) {
        prepare_query(lookup, rhs->query);
    } else if (!rhs) {
        if (value.kind == NU_KIND_NULL && !lookup->takes_null && lookup->side != NU__SIDE_LIST) {
            if (!nu_eq(name, "exact") && !nu_eq(name, "iexact"))
                nu_raise(NU_VALUE_ERROR, "Cannot use None as a query value");
            return nu__is_null(lhs, true);
        }
        value = nu__lookup_value(lookup, lhs, value);
        rhs = nu__bilateral_side(lhs, value);
    }
    return lookup_node(lookup, lhs, rhs, value);
}

/* ---- lookups as expressions --------------------------------------------------------------- */

/* args: left, and right where it is an expression. */
static const nu_expr *resolve_call(const nu_expr *call, const nu__resolver *with)
{
    nu__names name = { .items = (nu_str[]){ call->name }, .n = 1 };
    const nu_expr *lhs = nu__expr_resolve(call->args[0], with), *rhs;
    nu_expr *condition = nu__expr_new(&nu__condition_expr, 1);

    condition->args[0] = call->n_args > 1 ? call->args[1] : NULL;
    condition->value = call->value;
    rhs = nu__side_of(condition, with);
    return nu__build_lookup(&name, 0, lhs, rhs, call->value);
}

static const nu__field *boolean(const nu_expr *expr)
{
    (void)expr;
    return nu__type_of(NU_BOOLEAN_FIELD);
}

static const nu__expr_class call_class = { "Lookup", resolve_call, NULL,
                                           boolean,  NULL,         .conditional = true };

nu_expr *nu_lookup_(const char *name, nu_value left, nu_value right)
{
    bool list = right.kind == NU_KIND_LIST;
    bool direct = list || right.kind == NU_KIND_NULL || right.kind == NU_KIND_QUERY ||
                  !strcmp(name, "isnull");
    nu_expr *call = nu__expr_new(&call_class, direct ? 1 : 2);

    call->name = nu_copy_cstr(name);
    call->args[0] = (nu_expr *)nu__argument(left, true);
    if (direct)
        call->value = right;
    else
        call->args[1] = (nu_expr *)nu__argument(right, false);
    return nu__expr_done(call);
}
