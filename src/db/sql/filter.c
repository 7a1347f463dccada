/* Conditions to WHERE: Query.add_q(), build_filter(), split_exclude(). */
#include "db/sql/query.h"

#include "core/object.h"
#include "db/models/instance.h"
#include "db/sql/lookups.h"

#include <string.h>

/* ---- which joins may be inner ------------------------------------------------------------- */

/* The joins that some of a node's children need inner, and that every one does: masks and no
   counts, since conditions nest. Django: JoinPromoter */
typedef struct votes {
    nu__joins some, every;
    nu__connector effective; /* NOT (a AND b) counts as OR */
} votes;

static votes votes_new(nu__connector connector, bool negated)
{
    votes v = { .every = ~(nu__joins)0, .effective = connector };

    if (negated)
        v.effective = connector == NU__AND ? NU__OR : NU__AND;
    return v;
}

static void votes_add(votes *v, nu__joins joins)
{
    v->some |= joins;
    v->every &= joins;
}

/* In an OR, a join that not every child needs must be outer, or it would drop rows that another
   child matches. In an AND, one child that needs a row there is enough. */
static nu__joins votes_apply(const votes *v, nu__tree *tree)
{
    nu__joins every = v->some & v->every;
    nu__joins promote = v->effective == NU__OR ? v->some & ~every : 0;
    nu__joins demote = v->effective == NU__AND ? v->some : v->effective == NU__OR ? every : 0;

    nu__tree_promote(tree, promote);
    nu__tree_demote(tree, demote);
    return demote;
}

/* ---- values of conditions ----------------------------------------------------------------- */

static void check_instance(nu_value value, const nu__model_info *model)
{
    if (value.kind != NU_KIND_OBJECT || !value.object->type ||
        ((const nu_class *)value.object->type)->ops != &nu__model_ops)
        return;
    if (!nu__model_is_a(nu__model_info_of(value.object->type), model))
        nu_raise(NU_VALUE_ERROR, "Cannot query \"{}\": Must be \"{}\" instance.", value,
                 model->name);
    if (!nu__pk_is_set(value.object))
        nu_raise(NU_VALUE_ERROR, "Model instances passed to related filters must be saved.");
}

/* A relation as such is only compared, whichever side names it. */
static void check_relational(const nu__names *names, const nu__path *path)
{
    const nu__step *last = path->n_steps ? &path->steps[path->n_steps - 1] : NULL;
    nu_str name = names->items[path->n_names];

    if (!path->relation || !last || last->direct || last->key->model->auto_created ||
        nu__lookup_find(NU__FAMILY_RELATION, name))
        return;
    nu_raise(NU_FIELD_ERROR, "Unsupported lookup '{}' for {} or join on the field not permitted.",
             nu__names_join(names, path->n_names, names->n),
             last->key->relation->generic      ? "GenericRel"
             : last->key->relation->one_to_one ? "OneToOneRel"
                                               : "ManyToOneRel");
}

/* An instance, a query or a list compared with a relation must be of the relation's model. */
static void check_related(const nu__path *path, const nu_expr *rhs, nu_value value)
{
    if (!path->relation)
        return;
    if (rhs && rhs->klass == &nu__query_expr && !rhs->query->has_selected &&
        rhs->query->default_cols && rhs->query->model != path->model)
        nu_raise(NU_VALUE_ERROR, "Cannot use QuerySet for \"{}\": Use a QuerySet for \"{}\".",
                 rhs->query->model->name, path->model->name);
    if (value.kind == NU_KIND_LIST)
        for (size_t i = 0; i < nu_list_len(value.list); i++)
            check_instance(nu_at(value.list, i), path->model);
    else
        check_instance(value, path->model);
}

static bool refuses_filter(const nu_expr *expr, void *arg)
{
    const nu_expr **found = arg;

    if (expr->klass->unfilterable)
        *found = expr;
    return !*found;
}

static void check_filterable(const nu_expr *expr)
{
    const nu_expr *found = NULL;

    nu__expr_walk(expr, refuses_filter, &found);
    if (found)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "{} is disallowed in the filter clause.",
                 found->klass->name);
}

/* ---- one condition ------------------------------------------------------------------------ */

static nu__joins more_used(const nu__tree *tree, const int32_t *before, uint32_t n_before)
{
    nu__joins used = 0;

    for (uint32_t i = 0; i < tree->n_joins; i++)
        if (tree->joins[i].refs > (i < n_before ? before[i] : 0))
            used |= nu__join_bit((int)i);
    return used;
}

/* The right side resolved: an expression, a query, or NULL for a plain value. */
static const nu_expr *resolve_side(nu__tree *tree, const nu_expr *condition,
                                   const nu__filtering *how, nu__joins *used)
{
    nu__resolver with = { .query = tree,
                          .reuse = how->reuse,
                          .allow_joins = how->allow_joins,
                          .summarize = how->summarize };
    int32_t before[NU__MAX_JOINS];
    uint32_t n_before = tree->n_joins;
    const nu_expr *side;

    for (uint32_t i = 0; i < n_before; i++)
        before[i] = tree->joins[i].refs;
    side = nu__side_of(condition, &with);
    *used = more_used(tree, before, n_before);
    if (how->check_filterable)
        check_filterable(side);
    return side;
}

static nu_expr *split_exclude(nu__tree *tree, const nu_expr *condition, const nu__filtering *how,
                              const nu__joined *joined, nu__joins *inner);

/* The names of an annotation at the start of a lookup, the longest that is one. */
static const nu__annotation *leading_annotation(const nu__tree *tree, const nu__names *names,
                                                uint32_t *n)
{
    for (uint32_t end = tree->n_annotations ? names->n : 0; end > 0; end--) {
        const nu__annotation *found = nu__tree_annotation(tree, nu__names_join(names, 0, end));

        if (found) {
            *n = end;
            return found;
        }
    }
    return NULL;
}

/* NOT (col = x) does not match where col is null, and Python's `!=` would: say that it is not. */
static void match_nulls(nu__tree *tree, nu_expr *clause, const nu__joined *joined,
                        const nu__field *target, const nu_expr *rhs)
{
    int last = joined->joins[joined->n_joins - 1];

    if (target->null || tree->joins[last].type == NU__LOUTER)
        nu__where_add(clause, nu__is_null(nu__col_of(last, target, joined->path.target), false),
                      NU__AND);
    if (rhs && rhs->klass == &nu__col && rhs->field->null)
        nu__where_add(clause, nu__is_null(rhs, false), NU__AND);
}

static nu_expr *annotation_clause(const nu__annotation *annotation, const nu__names *names,
                                  uint32_t n, const nu_expr *rhs, const nu_expr *condition,
                                  const nu__filtering *how)
{
    const nu_expr *lhs = annotation->expr;

    if (how->check_filterable)
        check_filterable(lhs);
    if (how->summarize)
        lhs = nu__ref_to(annotation->name, lhs);
    return nu__where_of(nu__build_lookup(names, n, lhs, rhs, condition->value));
}

static nu_expr *expression_clause(nu__tree *tree, const nu_expr *expr, const nu__filtering *how)
{
    nu__resolver with = { .query = tree,
                          .reuse = how->reuse,
                          .allow_joins = how->allow_joins,
                          .summarize = how->summarize };
    nu__names none = { .n = 0 };
    const nu_expr *resolved;

    if (!expr->klass->conditional && nu__expr_output(expr) != nu__type_of(NU_BOOLEAN_FIELD))
        nu_raise(NU_TYPE_ERROR, "Cannot filter against a non-conditional expression.");
    resolved = nu__expr_resolve(expr, &with);
    if (resolved->klass != &nu__lookup_expr)
        resolved = nu__build_lookup(&none, 0, resolved, NULL, nu_v_bool(true));
    return nu__where_of(resolved);
}

static bool rhs_is(const nu_expr *lookup, bool truth)
{
    return lookup->value.kind == NU_KIND_BOOL && lookup->value.b == truth;
}

/* Not inlined, since conditions nest: its frame is large. */
__attribute__((noinline)) static nu_expr *field_clause(nu__tree *tree, const nu__names *names,
                                                       const nu_expr *condition,
                                                       const nu__filtering *how, nu__joins *inner)
{
    nu__joins used;
    const nu_expr *rhs = resolve_side(tree, condition, how, &used), *lookup;
    nu__joined joined;
    const nu__field *target;
    nu_expr *clause;
    bool isnull, outer;

    if (!nu__tree_join_path(tree, names, tree->model, nu__tree_base(tree), how->reuse,
                            !how->branch_negated || !how->split, &joined))
        return split_exclude(tree, condition, how, &joined, inner);
    check_related(&joined.path, rhs, condition->value);
    if (joined.path.n_names < names->n)
        check_relational(names, &joined.path);
    tree->lookup_joins = 0;
    for (uint32_t i = 0; i < joined.n_joins; i++)
        tree->lookup_joins |= nu__join_bit(joined.joins[i]);
    used |= tree->lookup_joins;
    target = nu__tree_trim(tree, &joined);
    for (uint32_t i = 0; how->reuse && i < joined.n_joins; i++)
        *how->reuse |= nu__join_bit(joined.joins[i]);
    if (!how->allow_joins && joined.path.n_names > 1)
        nu_raise(NU_FIELD_ERROR, "Joined field references are not permitted in this query");

    lookup =
        nu__build_lookup(names, joined.path.n_names,
                         nu__col_of(joined.joins[joined.n_joins - 1], target, joined.path.final),
                         rhs, condition->value);
    clause = nu__where_of(lookup);
    isnull = nu__is_isnull(lookup);
    outer = isnull && rhs_is(lookup, true) && !how->current_negated;
    if (how->current_negated && (!isnull || rhs_is(lookup, false)) &&
        !(lookup->n_args == 1 && lookup->value.kind == NU_KIND_NULL)) {
        outer = true;
        if (!isnull)
            match_nulls(tree, clause, &joined, target, rhs);
    }
    *inner = outer ? 0 : used;
    return clause;
}

nu_expr *nu__tree_clause(nu__tree *tree, const nu_expr *condition, nu__filtering how,
                         nu__joins *inner)
{
    nu__names names;
    const nu__annotation *annotation;
    uint32_t n = 0;

    *inner = 0;
    if (condition->klass == &nu__q)
        return nu__tree_add_q(tree, condition, how, inner);
    if (condition->klass != &nu__condition_expr)
        return expression_clause(tree, condition, &how);
    if (!condition->name.len)
        nu_raise(NU_FIELD_ERROR, "Cannot parse keyword query ''");
    names = nu__names_split(condition->name);
    annotation = leading_annotation(tree, &names, &n);
    if (annotation) {
        const nu_expr *rhs = resolve_side(tree, condition, &how, inner);

        *inner = 0;
        return annotation_clause(annotation, &names, n, rhs, condition, &how);
    }
    return field_clause(tree, &names, condition, &how, inner);
}

/* ---- many conditions ---------------------------------------------------------------------- */

nu_expr *nu__tree_add_q(nu__tree *tree, const nu_expr *q, nu__filtering how, nu__joins *inner)
{
    bool negated = q->klass == &nu__q && q->flags & NU__NEGATED;
    nu__connector connector = q->klass == &nu__q ? q->connector : NU__AND;
    nu_expr *const *children = q->klass == &nu__q ? q->args : (nu_expr *const *)&q;
    uint32_t n = q->klass == &nu__q ? q->n_args : 1;
    nu_expr *clause = nu__where_new(connector, negated);
    votes v;

    how.current_negated ^= negated;
    how.branch_negated |= negated;
    v = votes_new(connector, how.current_negated);
    for (uint32_t i = 0; i < n; i++) {
        nu__joins needed;
        const nu_expr *child = nu__tree_clause(tree, children[i], how, &needed);

        votes_add(&v, needed);
        if (child->n_args)
            nu__where_add(clause, child, connector);
    }
    *inner = how.update_join_types ? votes_apply(&v, tree) : 0;
    return clause;
}

void nu__tree_filter(nu__tree *tree, const nu_expr *q)
{
    nu__joins existing_inner = 0, reuse = tree->used, inner;
    nu__filtering how = { .reuse = &reuse,
                          .allow_joins = true,
                          .split = true,
                          .check_filterable = true,
                          .update_join_types = true };
    nu_expr *clause;

    for (uint32_t i = 0; i < tree->n_joins; i++)
        if (tree->joins[i].type == NU__INNER)
            existing_inner |= nu__join_bit((int)i);
    clause = nu__tree_add_q(tree, q, how, &inner);
    if (clause->n_args)
        nu__where_add(tree->where, clause, NU__AND);
    nu__tree_demote(tree, existing_inner);
    tree->sticky = tree->keep_used;
    tree->used = tree->keep_used ? reuse : 0;
}

/* ---- excluding over many-valued relations ------------------------------------------------- */

static uint32_t steps_of(const nu__path *path, uint32_t name)
{
    return path->steps_of ? path->steps_of[name] : 0;
}

/* The start of the inner query that can be left out, since the outer query has it: select the
   column that leads back, and give its name on the outer side. Django: Query.trim_start() */
static nu_str trim_start(nu__tree *inner, const nu__joined *outer, bool *contains_louter)
{
    const nu__path *path = &outer->path;
    int tables[NU__MAX_JOINS];
    uint32_t n_tables = 0, trimmed = 0, left;
    nu__names prefix = { .items = nu_alloc_array(nu_str, path->n_names + 1) };
    const nu__field *key;
    int select;

    for (uint32_t i = 0; i < inner->n_joins; i++)
        if (!i || inner->lookup_joins & nu__join_bit((int)i))
            tables[n_tables++] = (int)i;
    for (; !path->steps[trimmed].many; trimmed++) {
        *contains_louter |= inner->joins[tables[trimmed + 1]].type == NU__LOUTER;
        inner->joins[tables[trimmed]].refs--;
    }
    key = path->steps[trimmed].key;
    left = trimmed;
    for (uint32_t i = 0; i < path->n_names && steps_of(path, i) <= left; i++) {
        left -= steps_of(path, i);
        prefix.items[prefix.n++] = outer->names.items[i];
    }
    prefix.items[prefix.n++] = key->relation->to_field->name;
    select = tables[trimmed];
    if (inner->joins[tables[trimmed + 1]].type != NU__LOUTER &&
        !inner->joins[tables[trimmed + 1]].filtered) {
        inner->joins[select].refs--;
        select = tables[trimmed + 1];
        if (key->relation->generic) /* the join goes, and its condition with it */
            nu__where_add(inner->where, inner->joins[select].condition, NU__AND);
    } else {
        key = key->relation->to_field;
    }
    for (uint32_t i = 0; i < inner->n_joins; i++)
        if (inner->joins[i].refs > 0) {
            inner->joins[i].type = NU__BASE;
            inner->joins[i].parent = -1;
            break;
        }
    inner->default_cols = false;
    inner->select = nu_alloc_array(const nu_expr *, 1);
    inner->select[0] = nu__col_of(select, key, NULL);
    inner->n_select = 1;
    return nu__names_join(&prefix, 0, prefix.n);
}

/* The same condition for the inner query: what F() names there is the outer query's. */
static const nu_expr *for_inner(const nu_expr *condition)
{
    nu_expr *copy = nu__expr_copy(condition), *rhs = condition->args[0], *outer;

    if (rhs && (rhs->klass == &nu__f || rhs->klass == &nu__outer_ref)) {
        outer = nu__expr_new(&nu__outer_ref, rhs->klass == &nu__outer_ref);
        outer->name = rhs->name;
        if (outer->n_args)
            outer->args[0] = rhs;
        copy->args[0] = outer;
    }
    return copy;
}

/* A join of the outer query that may be used again and has the alias of the inner column. */
static int same_alias(const nu__tree *tree, nu__joins reuse, nu_str alias)
{
    for (uint32_t i = 0; i < tree->n_joins; i++)
        if (reuse & nu__join_bit((int)i) && nu_eq(tree->joins[i].alias, alias))
            return (int)i;
    return -1;
}

static void restrict_inner(nu__tree *tree, nu__tree *inner, const nu__filtering *how, nu_str prefix)
{
    const nu_expr *col = inner->select[0], *lhs = col, *rhs;
    int outer = how->reuse ? same_alias(tree, *how->reuse, inner->joins[col->join].alias) : -1;
    nu__names none = { .n = 0 };

    if (outer >= 0) {
        const nu__field *key = col->field->model->pk;
        nu_expr *other = nu__expr_copy(nu__col_of(outer, key, NULL));

        nu__tree_bump_prefix(inner, tree);
        other->level = 1;
        lhs = nu__col_of(col->join, key, NULL);
        rhs = other;
    } else {
        nu_expr *reference = nu__expr_new(&nu__resolved_outer_ref, 0);

        reference->name = prefix;
        rhs = reference;
    }
    nu__where_add(inner->where, nu__build_lookup(&none, 0, lhs, rhs, nu_null()), NU__AND);
}

static nu_expr *split_exclude(nu__tree *tree, const nu_expr *condition, const nu__filtering *how,
                              const nu__joined *joined, nu__joins *needed)
{
    nu__tree *inner = nu__tree_new(tree->model);
    nu__filtering plain = {
        .allow_joins = true, .split = true, .check_filterable = true, .update_join_types = true
    };
    bool contains_louter = false;
    nu_str prefix;
    nu_expr *exists, *clause;

    inner->filtered = tree->filtered;
    inner->n_filtered = tree->n_filtered;
    nu__tree_filter(inner, for_inner(condition));
    nu__tree_clear_ordering(inner, true);
    prefix = trim_start(inner, joined, &contains_louter);
    restrict_inner(tree, inner, how, prefix);
    exists = nu__expr_new(&nu__exists, 0);
    exists->query = nu__tree_exists(inner);
    clause = nu__tree_clause(tree, nu__expr_done(exists), plain, needed);
    if (contains_louter) {
        nu_cond null = { .lookup = nu_fmt("{}__isnull", prefix).ptr, .value = nu_v_bool(true) };
        nu_cond conditions[] = { null, { 0 } };
        nu__joins ignored;

        plain.reuse = how->reuse;
        plain.current_negated = plain.branch_negated = true;
        nu__where_add(
            clause,
            nu__tree_clause(tree, nu__q_of(conditions, NU__AND, false)->args[0], plain, &ignored),
            NU__OR);
    }
    return clause;
}
