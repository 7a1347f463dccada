/* What an operation must come after, and the lists of operations that know it. */
#include "db/migrations/detector.h"

#include <string.h>

/* Arrays grow by doubling. */
static void *room_for_one(void *items, size_t n, size_t *capacity, size_t size)
{
    void *grown;

    if (n < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 8;
    grown = nu_alloc_(*capacity, size);
    if (n)
        memcpy(grown, items, n * size);
    return grown;
}

void nu__depend(nu__dependencies *deps, const char *app, const char *model, const char *field,
                nu__dependency_type type)
{
    deps->items = room_for_one(deps->items, deps->n, &deps->capacity, sizeof *deps->items);
    deps->items[deps->n++] = (nu__dependency){ app, model, field, type };
}

static void depend_on_model(nu__dependencies *deps, const char *label)
{
    nu__depend(deps, nu__label_app(label), nu__label_name(label), NULL, NU__DEPENDS_ON_CREATE);
}

void nu__depend_on_relation(nu__dependencies *deps, const char *app, const nu_field *field)
{
    nu__reference reference = nu__reference_of(field, app);

    if (nu__same_text(field->to_name, NU_AUTH_USER_MODEL))
        nu__depend(deps, NU_AUTH_USER_MODEL, NU_AUTH_USER_MODEL, NULL, NU__DEPENDS_ON_CREATE);
    else if (reference.to)
        depend_on_model(deps, reference.to);
    if (reference.through)
        depend_on_model(deps, reference.through);
}

void nu__depend_on_relations(nu__dependencies *deps, const nu_model *model)
{
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        nu__depend_on_relation(deps, model->app_label, model->fields[i]);
}

nu__dependency nu__resolved(const nu__dependency *dep)
{
    nu__dependency resolved = *dep;

    if (!strcmp(dep->app, NU_AUTH_USER_MODEL)) {
        resolved.app = nu__label_app(nu__user_model_label());
        resolved.model = nu__label_name(nu__user_model_label());
    }
    return resolved;
}

/* ---- operations ---------------------------------------------------------------------------- */

static nu__app_operations *operations_of(nu__detector *d, const char *app)
{
    for (size_t i = 0; i < d->n_apps; i++)
        if (!strcmp(d->apps[i].app, app))
            return &d->apps[i];
    d->apps[d->n_apps] = (nu__app_operations){ .app = app };
    return &d->apps[d->n_apps++];
}

static void put(nu__detector *d, const char *app, nu_operation op, nu__dependencies deps,
                bool first)
{
    nu__app_operations *operations = operations_of(d, app);
    nu__generated *generated = nu_alloc(nu__generated);
    size_t at = first ? 0 : operations->n;

    *generated = (nu__generated){ op, deps };
    operations->items = room_for_one(operations->items, operations->n, &operations->capacity,
                                     sizeof *operations->items);
    memmove(&operations->items[at + 1], &operations->items[at],
            (operations->n - at) * sizeof *operations->items);
    operations->items[at] = generated;
    operations->n++;
}

void nu__detected(nu__detector *d, const char *app, nu_operation op, nu__dependencies deps)
{
    put(d, app, op, deps, false);
}

void nu__detected_first(nu__detector *d, const char *app, nu_operation op, nu__dependencies deps)
{
    put(d, app, op, deps, true);
}

void nu__remember_renamed(nu__detector *d, nu__renamed renamed)
{
    d->renamed = room_for_one(d->renamed, d->n_renamed, &d->renamed_capacity, sizeof *d->renamed);
    d->renamed[d->n_renamed++] = renamed;
}

/* ---- does an operation meet a dependency? -------------------------------------------------- */

static bool creates_field(const nu_operation *op, const char *field)
{
    if (op->kind == NU_CREATE_MODEL)
        return nu__model_field_def(op->model, field) != NULL;
    return op->kind == NU_ADD_FIELD && nu__same_name(op->field->name, field);
}

static bool is_field_change(const nu_operation *op, nu_operation_kind kind, const char *field)
{
    return op->kind == kind && nu__same_name(nu__operation_field(op), field);
}

bool nu__depends_on(const nu__dependency *dep, const nu_operation *op)
{
    if (!nu__same_name(nu__operation_model(op), dep->model))
        return false;
    switch (dep->type) {
    case NU__DEPENDS_ON_CREATE:
        return dep->field ? creates_field(op, dep->field) : op->kind == NU_CREATE_MODEL;
    case NU__DEPENDS_ON_REMOVE:
        return dep->field ? is_field_change(op, NU_REMOVE_FIELD, dep->field)
                          : op->kind == NU_DELETE_MODEL;
    case NU__DEPENDS_ON_ALTER:
        return is_field_change(op, NU_ALTER_FIELD, dep->field);
    case NU__DEPENDS_ON_REMOVE_ORDER:
        return op->kind == NU_ALTER_ORDER_WITH_RESPECT_TO && !nu__same_name(op->name, dep->field);
    case NU__DEPENDS_ON_ALTER_TOGETHER:
        return op->kind == NU_ALTER_UNIQUE_TOGETHER;
    }
    return false;
}
