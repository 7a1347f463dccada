#include "db/sql/query_key.h"

#include "core/context.h"
#include "core/object.h"
#include "db/sql/lookups.h"

#include <nuages/timezone.h>
#include <string.h>

/* Who adds a member to one of these decides here whether SQL depends on it. */
_Static_assert(sizeof(void *) != 8 ||
                   (sizeof(nu__tree) == 352 && sizeof(nu__join) == 64 && sizeof(nu_expr) == 96 &&
                    sizeof(nu__annotation) == 32 && sizeof(nu__selected) == 24 &&
                    sizeof(nu__related) == 32 && sizeof(nu__order) == 24 && sizeof(nu_value) == 24),
               "a member came or went: look through the keys of queries");

static void put(nu__query_key *key, uint64_t word)
{
    if (key->n_words == NU__KEY_WORDS)
        key->impossible = true;
    else
        key->words[key->n_words++] = word;
}

static void put_pointer(nu__query_key *key, const void *pointer)
{
    put(key, (uintptr_t)pointer);
}

static void put_text(nu__query_key *key, nu_str text)
{
    size_t n = (text.len + 7) / 8;

    put(key, text.ptr ? text.len : UINT64_MAX);
    if (n > NU__KEY_WORDS - key->n_words) {
        key->impossible = true;
        return;
    }
    if (!n)
        return;
    key->words[key->n_words + n - 1] = 0;
    memcpy(&key->words[key->n_words], text.ptr, text.len);
    key->n_words += (uint32_t)n;
}

/* Models and fields that migrations and casts make live no longer than their fiber: another may
   stand at the same address later. */
static void put_model(nu__query_key *key, const nu__model_info *model)
{
    key->impossible |= !nu__model_is_lasting(model);
    put_pointer(key, model);
}

static void put_field(nu__query_key *key, const nu__field *field)
{
    if (field)
        key->impossible |= field->model ? !nu__model_is_lasting(field->model)
                                        : field != nu__type_of(field->type->type);
    put_pointer(key, field);
}

/* ---- values ------------------------------------------------------------------------------- */

static void put_value(nu__query_key *key, nu_value value);

static void put_list(nu__query_key *key, const nu_list *list)
{
    size_t n = nu_list_len(list);

    put(key, n);
    for (size_t i = 0; i < n && !key->impossible; i++)
        put_value(key, nu_at(list, i));
}

static void put_value(nu__query_key *key, nu_value value)
{
    uint64_t word = 0;

    put(key, value.kind);
    switch (value.kind) {
    case NU_KIND_NULL:
        return;
    case NU_KIND_BOOL:
        put(key, value.b);
        return;
    case NU_KIND_FLOAT:
        memcpy(&word, &value.f, sizeof value.f);
        put(key, word);
        return;
    case NU_KIND_INT:
    case NU_KIND_UINT:
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_TIMEDELTA:
        put(key, value.u);
        return;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        put_text(key, value.s);
        return;
    case NU_KIND_UUID:
        put_text(key, (nu_str){ (const char *)&value.uuid, sizeof value.uuid });
        return;
    case NU_KIND_LIST:
        put_list(key, value.list);
        return;
    default:
        key->impossible = true;
    }
}

/* ---- nodes -------------------------------------------------------------------------------- */

static void put_tree(nu__query_key *key, const nu__tree *tree);

static void put_expr(nu__query_key *key, const nu_expr *expr)
{
    put_pointer(key, expr ? expr->klass : NULL);
    if (!expr)
        return;
    if (!expr->klass->key) {
        key->impossible = true;
        return;
    }
    put(key, (uint64_t)expr->n_args << 32 | expr->flags);
    put_field(key, expr->output);
    put_text(key, expr->name);
    put_value(key, expr->value);
    expr->klass->key(expr, key);
    for (uint32_t i = 0; i < expr->n_args && !key->impossible; i++)
        put_expr(key, expr->args[i]);
}

void nu__key_plain(const nu_expr *expr, nu__query_key *key)
{
    put_pointer(key, expr->lookup); /* the union's number, or what lives as long as the process */
}

void nu__key_col(const nu_expr *col, nu__query_key *key)
{
    put_field(key, col->field);
    put(key, (uint64_t)(uint16_t)col->join << 16 | col->level);
}

void nu__key_query(const nu_expr *expr, nu__query_key *key)
{
    put_tree(key, expr->query);
}

/* ---- WHERE -------------------------------------------------------------------------------- */

static bool binds(nu_kind kind)
{
    switch (kind) {
    case NU_KIND_INT:
    case NU_KIND_FLOAT:
    case NU_KIND_DECIMAL:
    case NU_KIND_STR:
    case NU_KIND_DATE:
    case NU_KIND_DATETIME:
    case NU_KIND_TIME:
    case NU_KIND_UUID:
    case NU_KIND_BYTES:
        return true;
    default: /* NULL, true and false are words of SQL, a list is as long as it is */
        return false;
    }
}

/* Types whose operators and casts depend on what they are compared with. */
#define UNLIKE_OTHERS                                                                              \
    (NU__FAMILY_JSON | NU__FAMILY_KEY | NU__FAMILY_KEY_TEXT | NU__FAMILY_PART |                    \
     NU__FAMILY_SEARCH | NU__FAMILY_ARRAY | NU__FAMILY_RANGE | NU__FAMILY_HSTORE)

bool nu__query_key_leaves_out(const nu_expr *expr)
{
    const nu__field *type;

    if (expr->klass != &nu__lookup_expr || expr->n_args != 1 || !expr->lookup->param ||
        !binds(expr->value.kind))
        return false;
    type = nu__expr_output(expr->args[0]);
    return type && !(nu__family_of(expr->args[0]) & UNLIKE_OTHERS);
}

static const char hole_mark; /* in the place of a class */

static void put_hole(nu__query_key *key, const nu_expr *lookup)
{
    if (key->n_holes == NU__KEY_HOLES) {
        key->impossible = true;
        return;
    }
    key->holes[key->n_holes++] = lookup;
    put_pointer(key, &hole_mark);
    put_pointer(key, lookup->lookup);
    put(key, (uint64_t)lookup->flags << 32 | (uint64_t)lookup->value.kind << 8 |
                 nu__lookup_range(lookup));
    put_field(key, lookup->output);
    put_expr(key, lookup->args[0]);
}

static void put_condition(nu__query_key *key, const nu_expr *expr)
{
    if (nu__query_key_leaves_out(expr)) {
        put_hole(key, expr);
        return;
    }
    if (expr->klass != &nu__where) {
        put_expr(key, expr);
        return;
    }
    put_pointer(key, expr->klass);
    put(key, (uint64_t)expr->n_args << 32 | expr->flags);
    put(key, expr->connector);
    for (uint32_t i = 0; i < expr->n_args && !key->impossible; i++)
        put_condition(key, expr->args[i]);
}

/* What is grouped is compared with other expressions, by its values too. */
static void put_where(nu__query_key *key, const nu_expr *where, bool with_holes)
{
    if (with_holes && !(where->flags & (NU__CONTAINS_AGGREGATE | NU__CONTAINS_OVER)))
        put_condition(key, where);
    else
        put_expr(key, where);
}

/* ---- the tree ----------------------------------------------------------------------------- */

static void put_joins(nu__query_key *key, const nu__tree *tree)
{
    put(key, tree->n_joins);
    for (uint32_t i = 0; i < tree->n_joins && !key->impossible; i++) {
        const nu__join *join = &tree->joins[i];

        key->impossible |= join->filtered != NULL;
        put_model(key, join->model);
        put_text(key, join->alias);
        put(key, (uint64_t)(uint16_t)join->parent << 32 | (uint64_t)join->type << 3 |
                     (join->refs > 0) << 2 | join->nullable << 1 | join->direct);
        put_field(key, join->key);
        put_expr(key, join->condition);
    }
}

static void put_annotation(nu__query_key *key, const nu__annotation *annotation)
{
    put_text(key, annotation->name);
    put(key, annotation->selected);
    put_expr(key, annotation->expr);
}

static void put_names(nu__query_key *key, const nu_str *names, uint32_t n)
{
    put(key, names ? n : UINT64_MAX);
    for (uint32_t i = 0; names && i < n && !key->impossible; i++)
        put_text(key, names[i]);
}

static void put_exprs(nu__query_key *key, const nu_expr *const *exprs, uint32_t n)
{
    put(key, n);
    for (uint32_t i = 0; i < n && !key->impossible; i++)
        put_expr(key, exprs[i]);
}

/* values() without names: the model, which the key has, tells what that is. */
static void put_columns(nu__query_key *key, const nu__tree *tree)
{
    if (nu__tree_selects_whole(tree)) {
        put(key, UINT64_MAX);
        return;
    }
    put_exprs(key, tree->select, tree->n_select);
    put_names(key, tree->select_names, tree->n_select);
}

static void put_selection(nu__query_key *key, const nu__tree *tree)
{
    put(key, tree->n_annotations);
    for (uint32_t i = 0; i < tree->n_annotations && !key->impossible; i++)
        put_annotation(key, &tree->annotations[i]);
    put_annotation(key, &tree->extra);
    put_columns(key, tree);
    put(key, tree->n_selected);
    for (uint32_t i = 0; i < tree->n_selected && !key->impossible; i++) {
        put_text(key, tree->selected[i].name);
        put(key, (uint64_t)(int64_t)tree->selected[i].column);
    }
    put_names(key, tree->deferred, tree->n_deferred);
    put_names(key, tree->distinct_on, tree->n_distinct_on);
}

static void put_related(nu__query_key *key, const nu__related *related)
{
    for (; related && !key->impossible; related = related->next) {
        put_text(key, related->name);
        put_related(key, related->children);
    }
    put(key, 0);
}

static void put_order(nu__query_key *key, const nu__tree *tree)
{
    put_exprs(key, (const nu_expr *const *)tree->group_exprs.items, tree->group_exprs.n);
    put(key, tree->n_order);
    for (uint32_t i = 0; i < tree->n_order && !key->impossible; i++) {
        put_text(key, tree->order_by[i].name);
        put_expr(key, tree->order_by[i].expr);
    }
    put(key, (uint64_t)tree->low);
    put(key, (uint64_t)tree->high);
}

static uint64_t flags_of(const nu__tree *tree)
{
    const bool flags[] = { tree->has_selected, tree->default_cols,   tree->default_ordering,
                           tree->reversed,     tree->distinct,       tree->only,
                           tree->union_all,    tree->subquery,       tree->no_aliases,
                           tree->no_table,     tree->matches_nothing };
    uint64_t bits = 1;

    for (size_t i = 0; i < sizeof flags; i++)
        bits = bits << 1 | flags[i];
    return bits << 32 | (uint64_t)tree->group_by << 16 | (uint64_t)tree->combinator << 8 |
           tree->prefix;
}

static void put_parts(nu__query_key *key, const nu__tree *tree)
{
    put(key, tree->n_combined);
    for (uint32_t i = 0; i < tree->n_combined && !key->impossible; i++)
        put_tree(key, tree->combined[i]);
    put(key, tree->inner != NULL);
    if (tree->inner && !key->impossible)
        put_tree(key, tree->inner);
}

static void put_all(nu__query_key *key, const nu__tree *tree, bool with_holes)
{
    key->impossible |= tree->extra_tables || tree->lock || tree->n_filtered;
    put_model(key, tree->model);
    put(key, flags_of(tree));
    put(key, tree->prefixes);
    put_joins(key, tree);
    put_where(key, tree->where, with_holes);
    put_selection(key, tree);
    put_related(key, tree->related);
    put_order(key, tree);
    put_parts(key, tree);
}

static void put_tree(nu__query_key *key, const nu__tree *tree)
{
    put_all(key, tree, false);
}

static void begin(nu__query_key *key, const nu__backend *backend, uint64_t what)
{
    key->n_words = key->n_holes = 0;
    key->impossible = false;
    put_pointer(key, backend);
    put_pointer(key, nu_timezone_current());
    put(key, what);
}

static bool finish(nu__query_key *key)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; i < key->n_words; i++) {
        hash = (hash ^ key->words[i]) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    key->hash = hash;
    return !key->impossible;
}

bool nu__query_key_of(const nu__tree *tree, const nu__backend *backend, bool always,
                      nu__query_key *out)
{
    begin(out, backend, always);
    put_all(out, tree, true);
    return finish(out);
}

enum { OF_GET = 2, OF_GET_FROM_ALL }; /* beside `always`, which is 0 or 1 */

bool nu__query_key_of_get(const nu__tree *tree, const nu__backend *backend,
                          const nu_cond *condition, nu__query_key *out)
{
    bool whole = nu__tree_is_whole(tree);

    begin(out, backend, whole ? OF_GET_FROM_ALL : OF_GET);
    if (whole)
        put_model(out, tree->model);
    else
        put_all(out, tree, true);
    put_text(out, nu_s(condition->lookup));
    put(out, condition->value.kind);
    out->impossible |= out->n_holes == NU__KEY_HOLES;
    return finish(out);
}

int nu__query_key_hole(const nu__query_key *key, const nu_expr *lookup)
{
    for (uint32_t i = 0; key && i < key->n_holes; i++)
        if (key->holes[i] == lookup)
            return (int)i;
    return -1;
}
