/* FOR UPDATE: which tables' rows are locked, and what to do where others hold them. */
#include "db/sql/select.h"

#include <string.h>

/* ---- of which tables ---------------------------------------------------------------------- */

static nu_str step_name(const nu__class_info *info)
{
    if (info->attribute.ptr)
        return info->attribute;
    return info->reverse ? info->relation->query_name : info->relation->field->name;
}

static const nu__class_info *below(const nu__class_info *info, nu_str name)
{
    for (const nu__class_info *child = info->children; child; child = child->next)
        if (nu_eq(step_name(child), name))
            return child;
    return NULL;
}

/* What a path leads to over what select_related() follows: "self", "course__department". NULL: to
   nothing. */
static const nu__class_info *info_of(const nu__class_info *base, nu_str path)
{
    nu__names names = nu__names_split(path);

    if (nu_eq(path, "self"))
        return base;
    for (uint32_t i = 0; i < names.n && base; i++)
        base = below(base, names.items[i]);
    return base;
}

/* Of values(), which follow nothing: the model's table alone, where one of its columns is selected;
   else none (-1). NULL: no column is selected at all, and the tables are not asked for. */
static const nu__class_info *of_values(const nu__tree *query)
{
    nu__class_info *info = query->n_select ? nu_alloc(nu__class_info) : NULL;

    if (!info)
        return NULL;
    info->model = query->model;
    info->join = -1;
    for (uint32_t i = 0; i < query->n_select && info->join < 0; i++) {
        const nu_expr *column = query->select[i];

        if (column->klass == &nu__col && column->field->model->concrete == query->model->concrete)
            info->join = column->join;
    }
    return info;
}

/* Level by level, as Django lists them. */
static void add_level(nu__buf *out, const nu__class_info *info, nu_str path, uint32_t depth)
{
    for (const nu__class_info *child = info->children; child; child = child->next) {
        nu_str name = path.len ? nu_fmt("{}__{}", path, step_name(child)) : step_name(child);

        if (depth)
            add_level(out, child, name, depth - 1);
        else
            nu__buf_fmt(out, ", {}", name);
    }
}

static NU_NORETURN void refuse(const nu__class_info *base, nu_list *invalid)
{
    nu__buf choices = { 0 }, names = { 0 };
    size_t before = 0;

    nu__buf_lit(&choices, "self");
    for (uint32_t depth = 0; choices.len != before; depth++) {
        before = choices.len;
        add_level(&choices, base, S(""), depth);
    }
    for (size_t i = 0; i < nu_list_len(invalid); i++)
        nu__buf_fmt(&names, "{}{}", i ? ", " : "", nu_at(invalid, i));
    nu_raise(NU_FIELD_ERROR,
             "Invalid field name(s) given in select_for_update(of=(...)): {}. Only relational "
             "fields followed in the query are allowed. Choices are: {}.",
             nu__buf_str(&names), nu__buf_str(&choices));
}

static void table_sql(nu__compiler *out, const nu__join *join)
{
    if (nu_eq(join->alias, join->model->db_table))
        nu__sql_name(out, join->alias);
    else
        nu__sql_text(out, join->alias);
}

static void tables_sql(nu__compiler *out, const nu__class_info *base, const nu_lock *lock)
{
    nu_list *invalid = nu_list_new();
    bool first = true;

    for (size_t i = 0; i < sizeof lock->of / sizeof *lock->of && lock->of[i]; i++) {
        const nu__class_info *info = info_of(base, nu_s(lock->of[i]));

        if (!info) {
            nu_list_append(invalid, lock->of[i]);
        } else if (info->join >= 0) {
            nu__sql_text(out, first ? S(" OF ") : S(", "));
            table_sql(out, &out->query->joins[info->join]);
            first = false;
        }
    }
    if (nu_list_len(invalid))
        refuse(base, invalid);
}

/* ---- the clause --------------------------------------------------------------------------- */

static void check(const nu__features *features, const nu_lock *lock)
{
    const char *lacks =
        lock->nowait && !features->has_select_for_update_nowait             ? "NOWAIT"
        : lock->skip_locked && !features->has_select_for_update_skip_locked ? "SKIP LOCKED"
        : lock->of[0] && !features->has_select_for_update_of                ? "FOR UPDATE OF"
        : lock->no_key && !features->has_select_for_no_key_update           ? "FOR NO KEY UPDATE"
                                                                            : NULL;

    if (lacks)
        nu_raise(NU_NOT_SUPPORTED_ERROR, "{} is not supported on this database backend.", lacks);
}

void nu__lock_sql(nu__select *select)
{
    nu__compiler *out = select->out;
    const nu_lock *lock = out->query->lock;
    const nu__class_info *base = select->base ? select->base : of_values(out->query);

    if (!lock || !out->backend->features->has_select_for_update)
        return;
    check(out->backend->features, lock);
    nu__sql_text(out, lock->no_key ? S(" FOR NO KEY UPDATE") : S(" FOR UPDATE"));
    if (base)
        tables_sql(out, base, lock);
    nu__sql_text(out, lock->nowait ? S(" NOWAIT") : lock->skip_locked ? S(" SKIP LOCKED") : S(""));
}
