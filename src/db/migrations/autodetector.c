#include "db/migrations/autodetector.h"

#include "apps/registry.h"
#include "core/buf.h"
#include "db/migrations/operations.h"
#include "db/migrations/writer.h"

#include <stdlib.h>
#include <string.h>

/* ---- one app's operations as they are found ------------------------------------------------ */

typedef struct detection {
    nu__project_state *from, *to;
    nu__graph *graph;
    nu__app_changes *apps;
    size_t n_apps;
} detection;

enum { OPERATIONS = 1024 };

static nu__app_changes *changes_of(detection *d, const char *app)
{
    for (size_t i = 0; i < d->n_apps; i++)
        if (!strcmp(d->apps[i].app_label, app))
            return &d->apps[i];
    d->apps[d->n_apps] =
        (nu__app_changes){ .app_label = app,
                           .operations = nu_alloc_array(nu_operation, OPERATIONS) };
    return &d->apps[d->n_apps++];
}

static void add(detection *d, const char *app, nu_operation op)
{
    nu__app_changes *changes = changes_of(d, app);

    if (changes->n + 1 == OPERATIONS)
        nu_raise(NU_MIGRATION_ERROR, "more than {} operations for {} at once",
                 (int64_t)OPERATIONS - 1, app);
    changes->operations[changes->n++] = op;
}

static bool same_text(void (*write)(nu__buf *, const void *), const void *a, const void *b)
{
    nu__buf x = { 0 }, y = { 0 };

    write(&x, a);
    write(&y, b);
    return nu_eq(nu__buf_str(&x), nu__buf_str(&y));
}

/* Descriptors whose user model is named by setting compare equal to those that name it by label. */
static const nu_field *with_user(const nu__project_state *state, const nu_field *field)
{
    nu_field *named;

    if (!field->to_name || strcmp(field->to_name, NU_AUTH_USER_MODEL))
        return field;
    named = memcpy(nu_alloc_(1, nu__field_def_size(field)), field, nu__field_def_size(field));
    named->to_name = state->user_model;
    return named;
}

static void write_field(nu__buf *out, const void *field)
{
    nu__write_field(out, field);
}

static bool same_field(const detection *d, const nu_field *a, const nu_field *b)
{
    return same_text(write_field, with_user(d->from, a), with_user(d->to, b));
}

/* ---- new models, what they refer to first ---------------------------------------------------- */

typedef struct pending {
    const nu_model *model;
    bool done;
} pending;

static bool is_new(const detection *d, const nu_model *model)
{
    return !nu__state_find(d->from, model->app_label, model->name);
}

static const pending *pending_named(const pending *all, size_t n, const nu_model *model,
                                    const char *label)
{
    for (size_t i = 0; i < n; i++)
        if (!all[i].done && all[i].model != model &&
            !strcmp(all[i].model->app_label, model->app_label) &&
            nu__same_name(nu_fmt("{}.{}", all[i].model->app_label, all[i].model->name).ptr, label))
            return &all[i];
    return NULL;
}

static bool needs_base(const pending *all, size_t n, const nu_model *model)
{
    for (size_t i = 0; i < 4 && model->bases_by_name[i]; i++)
        if (pending_named(all, n, model, model->bases_by_name[i]))
            return true;
    return false;
}

/* The not yet created model of the same app that a field needs; NULL when it needs none. */
static const pending *needs(const detection *d, const pending *all, size_t n, const nu_model *model,
                            const nu_field *field)
{
    const char *target = nu__field_def_target(field, model->app_label);
    const char *through = field->type == NU_MANY_TO_MANY_FIELD
                              ? ((const nu_relation_field *)field)->through_name
                              : NULL;

    (void)d;
    if (target && pending_named(all, n, model, target))
        return pending_named(all, n, model, target);
    if (through)
        return pending_named(all, n, model, through);
    return NULL;
}

static nu_model *without_fields(const nu_model *model)
{
    nu_model *copy = memcpy(nu_alloc(nu_model), model, sizeof *copy);

    memset(copy->fields, 0, sizeof copy->fields);
    memset(copy->indexes, 0, sizeof copy->indexes);
    memset(copy->constraints, 0, sizeof copy->constraints);
    return copy;
}

/* A model with the fields that can be had now; the others are added once their models are there. */
static void create(detection *d, const pending *all, size_t n, pending *p, const nu_field **later)
{
    nu_model *model = without_fields(p->model);
    size_t kept = 0, put_off = 0;

    for (size_t i = 0; i < nu__model_field_count(p->model); i++) {
        if (needs(d, all, n, p->model, p->model->fields[i]))
            later[put_off++] = p->model->fields[i];
        else
            model->fields[kept++] = p->model->fields[i];
    }
    if (put_off)
        memset(model->unique_together, 0, sizeof model->unique_together);
    add(d, p->model->app_label, (nu_operation){ .kind = NU_CREATE_MODEL, .model = model });
    p->done = true;
}

static void add_later(detection *d, const nu_model *model, const nu_field *const *later)
{
    for (; *later; later++)
        add(d, model->app_label,
            (nu_operation){ .kind = NU_ADD_FIELD, .model_name = model->name, .field = *later });
}

static void add_indexes_and_constraints(detection *d, const nu_model *model)
{
    for (int i = 0; i < 16 && nu__index_is_there(&model->indexes[i]); i++)
        add(d, model->app_label,
            (nu_operation){
                .kind = NU_ADD_INDEX, .model_name = model->name, .index = model->indexes[i] });
    for (int i = 0; i < 16 && model->constraints[i].name; i++)
        add(d, model->app_label,
            (nu_operation){ .kind = NU_ADD_CONSTRAINT,
                            .model_name = model->name,
                            .constraint = model->constraints[i] });
}

static bool ready(const detection *d, const pending *all, size_t n, const nu_model *model)
{
    if (needs_base(all, n, model))
        return false;
    for (size_t i = 0; i < nu__model_field_count(model); i++)
        if (needs(d, all, n, model, model->fields[i]))
            return false;
    return true;
}

static pending *next_model(const detection *d, pending *all, size_t n)
{
    pending *first = NULL;

    for (size_t i = 0; i < n; i++) {
        if (all[i].done)
            continue;
        if (ready(d, all, n, all[i].model))
            return &all[i];
        if (!first && !needs_base(all, n, all[i].model))
            first = &all[i]; /* a circle: it is cut at the first */
    }
    return first;
}

static void detect_new_models(detection *d)
{
    pending *all = nu_alloc_array(pending, d->to->n + 1), *next;
    const nu_field **later = nu_alloc_array(const nu_field *, (d->to->n + 1) * 128);
    size_t n = 0, created = 0;

    for (size_t i = 0; i < d->to->n; i++)
        if (is_new(d, d->to->models[i]))
            all[n++] = (pending){ d->to->models[i], false };
    const pending **order = nu_alloc_array(const pending *, n + 1);

    for (; (next = next_model(d, all, n)); created++) {
        order[created] = next;
        create(d, all, n, next, &later[created * 128]);
    }
    for (size_t i = 0; i < created; i++)
        add_later(d, order[i]->model, &later[i * 128]);
    for (size_t i = 0; i < created; i++) {
        const nu_model *model = order[i]->model;

        if (later[i * 128] && model->unique_together[0][0]) {
            nu_operation op = { .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = model->name };

            memcpy(op.unique_together, model->unique_together, sizeof op.unique_together);
            add(d, model->app_label, op);
        }
        add_indexes_and_constraints(d, model);
    }
}

/* ---- models that are gone -------------------------------------------------------------------- */

static bool gone(const detection *d, const nu_model *model)
{
    return nu__app_find(nu_s(model->app_label)) &&
           !nu__state_find(d->to, model->app_label, model->name);
}

static bool refers_to(const nu_model *model, const nu_model *to)
{
    for (size_t i = 0; i < nu__model_field_count(model); i++) {
        const char *target = nu__field_def_target(model->fields[i], model->app_label);

        if (target && model != to &&
            nu__same_name(target, nu_fmt("{}.{}", to->app_label, to->name).ptr))
            return true;
    }
    return false;
}

/* Those that refer to others go first; in a circle, the first one. */
static void detect_deleted_models(detection *d)
{
    pending *all = nu_alloc_array(pending, d->from->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < d->from->n; i++)
        if (gone(d, d->from->models[i]))
            all[n++] = (pending){ d->from->models[i], false };
    for (size_t left = n; left; left--) {
        size_t pick = n;

        for (size_t i = n; i-- > 0;) {
            bool referred = false;

            for (size_t k = 0; k < n; k++)
                referred |= !all[k].done && refers_to(all[k].model, all[i].model);
            if (!all[i].done && (!referred || pick == n))
                pick = i;
        }
        all[pick].done = true;
        add(d, all[pick].model->app_label,
            (nu_operation){ .kind = NU_DELETE_MODEL, .model_name = all[pick].model->name });
    }
}

/* ---- models that changed ----------------------------------------------------------------------
 */

static void must_have_default(const nu_model *model, const nu_field *field)
{
    const nu__field_type *type = nu__field_type_row(field->type);
    bool automatic =
        (field->type == NU_DATE_FIELD || field->type == NU_DATETIME_FIELD ||
         field->type == NU_TIME_FIELD) &&
        (((const nu_date_field *)field)->auto_now || ((const nu_date_field *)field)->auto_now_add);

    if (field->null || field->type == NU_MANY_TO_MANY_FIELD || field->default_.kind ||
        field->default_call || field->db_default.kind || field->expression || automatic ||
        (field->blank && type->empty_strings))
        return;
    nu_raise(NU_MIGRATION_ERROR,
             "It is impossible to add the field '{}' to {}.{} as it is: the rows that are there "
             "need a value. Give it "
             "Default(…), or .null = true, in models.c.",
             field->name, model->app_label, model->name);
}

static void detect_fields(detection *d, const nu_model *from, const nu_model *to)
{
    for (size_t i = 0; i < nu__model_field_count(from); i++)
        if (!nu__model_field_def(to, from->fields[i]->name))
            add(d, to->app_label,
                (nu_operation){ .kind = NU_REMOVE_FIELD,
                                .model_name = to->name,
                                .name = from->fields[i]->name });
    for (size_t i = 0; i < nu__model_field_count(to); i++) {
        const nu_field *field = to->fields[i], *was = nu__model_field_def(from, field->name);

        if (!was)
            must_have_default(to, field);
        if (!was || !same_field(d, was, field))
            add(d, to->app_label,
                (nu_operation){ .kind = was ? NU_ALTER_FIELD : NU_ADD_FIELD,
                                .model_name = to->name,
                                .field = field });
    }
}

static void write_options(nu__buf *out, const void *model)
{
    nu__write_options(out, model, "");
}

static void detect_options(detection *d, const nu_model *from, const nu_model *to)
{
    const char *was = from->db_table, *is = to->db_table;

    if (!same_text(write_options, from, to))
        add(d, to->app_label,
            (nu_operation){ .kind = NU_ALTER_MODEL_OPTIONS, .model_name = to->name, .model = to });
    if ((was || is) && (!was || !is || strcmp(was, is)))
        add(d, to->app_label,
            (nu_operation){ .kind = NU_ALTER_MODEL_TABLE, .model_name = to->name, .name = is });
}

static void write_unique(nu__buf *out, const void *model)
{
    nu__write_unique_together(out, ((const nu_model *)model)->unique_together);
}

static void detect_unique_together(detection *d, const nu_model *from, const nu_model *to)
{
    nu_operation op = { .kind = NU_ALTER_UNIQUE_TOGETHER, .model_name = to->name };

    if (same_text(write_unique, from, to))
        return;
    memcpy(op.unique_together, to->unique_together, sizeof op.unique_together);
    add(d, to->app_label, op);
}

static void write_index(nu__buf *out, const void *index)
{
    nu__write_index(out, index);
}

static void write_constraint(nu__buf *out, const void *constraint)
{
    nu__write_constraint(out, constraint);
}

static const nu_index *same_index(const nu_model *model, const nu_index *index)
{
    for (int i = 0; i < 16 && model->indexes[i].name; i++)
        if (same_text(write_index, &model->indexes[i], index))
            return &model->indexes[i];
    return NULL;
}

static const nu_constraint *same_constraint(const nu_model *model, const nu_constraint *constraint)
{
    for (int i = 0; i < 16 && model->constraints[i].name; i++)
        if (same_text(write_constraint, &model->constraints[i], constraint))
            return &model->constraints[i];
    return NULL;
}

static void detect_removed(detection *d, const nu_model *from, const nu_model *to)
{
    for (int i = 0; i < 16 && from->indexes[i].name; i++)
        if (!same_index(to, &from->indexes[i]))
            add(d, to->app_label,
                (nu_operation){ .kind = NU_REMOVE_INDEX,
                                .model_name = to->name,
                                .name = from->indexes[i].name });
    for (int i = 0; i < 16 && from->constraints[i].name; i++)
        if (!same_constraint(to, &from->constraints[i]))
            add(d, to->app_label,
                (nu_operation){ .kind = NU_REMOVE_CONSTRAINT,
                                .model_name = to->name,
                                .name = from->constraints[i].name });
}

static void detect_added(detection *d, const nu_model *from, const nu_model *to)
{
    for (int i = 0; i < 16 && to->indexes[i].name; i++)
        if (!same_index(from, &to->indexes[i]))
            add(d, to->app_label,
                (nu_operation){
                    .kind = NU_ADD_INDEX, .model_name = to->name, .index = to->indexes[i] });
    for (int i = 0; i < 16 && to->constraints[i].name; i++)
        if (!same_constraint(from, &to->constraints[i]))
            add(d, to->app_label,
                (nu_operation){ .kind = NU_ADD_CONSTRAINT,
                                .model_name = to->name,
                                .constraint = to->constraints[i] });
}

static void detect_changed_models(detection *d)
{
    for (size_t i = 0; i < d->to->n; i++) {
        const nu_model *to = d->to->models[i],
                       *from = nu__state_find(d->from, to->app_label, to->name);

        if (!from)
            continue;
        detect_options(d, from, to);
        detect_removed(d, from, to);
        detect_fields(d, from, to);
        detect_unique_together(d, from, to);
        detect_added(d, from, to);
    }
}

/* ---- the migration of an app ------------------------------------------------------------------
 */

/* "Create model Student" alone is "student"; Django's migration_name_fragment for the rest. */
static nu_str fragment(const nu_operation *op)
{
    nu_str model = op->model_name ? nu_lower(nu_s(op->model_name)) : (nu_str){ NULL, 0 };

    switch (op->kind) {
    case NU_CREATE_MODEL:
        return nu_lower(nu_s(op->model->name));
    case NU_DELETE_MODEL:
        return nu_fmt("delete_{}", model);
    case NU_ADD_FIELD:
        return nu_fmt("{}_{}", model, op->field->name);
    case NU_REMOVE_FIELD:
        return nu_fmt("remove_{}_{}", model, op->name);
    case NU_ALTER_FIELD:
        return nu_fmt("alter_{}_{}", model, op->field->name);
    case NU_ALTER_MODEL_OPTIONS:
        return nu_fmt("alter_{}_options", model);
    case NU_ALTER_MODEL_TABLE:
        return nu_fmt("alter_{}_table", model);
    case NU_ALTER_UNIQUE_TOGETHER:
        return nu_fmt("alter_{}_unique_together", model);
    case NU_ADD_INDEX:
        return nu_fmt("{}_{}", model, nu_lower(nu_s(op->index.name)));
    case NU_REMOVE_INDEX:
    case NU_REMOVE_CONSTRAINT:
        return nu_fmt("remove_{}_{}", model, nu_lower(nu_s(op->name)));
    case NU_ADD_CONSTRAINT:
        return nu_fmt("{}_{}", model, nu_lower(nu_s(op->constraint.name)));
    default:
        return S("sql");
    }
}

enum { NAME_MAX_LENGTH = 52 };

static nu_str suggested_name(const nu__app_changes *changes, bool initial)
{
    nu__buf name = { 0 };

    if (initial)
        return S("initial");
    for (size_t i = 0; i < changes->n; i++) {
        nu_str next = fragment(&changes->operations[i]);

        if (name.len && name.len + 1 + next.len > NAME_MAX_LENGTH) {
            nu__buf_lit(&name, "_and_more");
            break;
        }
        nu__buf_fmt(&name, "{}{}", name.len ? "_" : "", next);
    }
    return nu__buf_str(&name);
}

static void depend(nu_migration *migration, const char *app, const char *name)
{
    size_t i = 0;

    for (; i < 15 && migration->dependencies[i][0]; i++)
        if (!strcmp(migration->dependencies[i][0], app))
            return;
    migration->dependencies[i][0] = app;
    migration->dependencies[i][1] = name;
}

/* On the last migration of each other app that a relation leads to. */
static void depend_on_relation(const detection *d, nu_migration *migration, const nu_field *field)
{
    const char *target = nu__field_def_target(field, migration->app_label), *dot;
    nu__node *leaf;
    nu_str app;

    if (!target)
        return;
    if (!strcmp(target, NU_AUTH_USER_MODEL))
        target = d->to->user_model;
    dot = strchr(target, '.');
    app = nu_copy((nu_str){ target, (size_t)(dot - target) });
    if (nu_eq(app, migration->app_label))
        return;
    leaf = nu__graph_leaf(d->graph, app);
    depend(migration, app.ptr, leaf ? leaf->migration->name : "__first__");
}

static void depend_on_operations(const detection *d, nu__app_changes *changes)
{
    for (size_t i = 0; i < changes->n; i++) {
        const nu_operation *op = &changes->operations[i];

        if (op->field)
            depend_on_relation(d, &changes->migration, op->field);
        for (size_t k = 0; op->kind == NU_CREATE_MODEL && k < nu__model_field_count(op->model); k++)
            depend_on_relation(d, &changes->migration, op->model->fields[k]);
    }
}

static void make_migration(const detection *d, nu__app_changes *changes, const char *name)
{
    nu__node *leaf = nu__graph_leaf(d->graph, nu_s(changes->app_label));
    int64_t number = leaf ? strtol(leaf->migration->name, NULL, 10) + 1 : 1;
    nu_str words = name ? nu_s(name) : suggested_name(changes, !leaf);

    changes->migration = (nu_migration){ .app_label = changes->app_label,
                                         .initial = !leaf,
                                         .name = nu_fmt("{:04}_{}", number, words).ptr,
                                         .operations = changes->operations };
    if (leaf)
        depend(&changes->migration, changes->app_label, leaf->migration->name);
    depend_on_operations(d, changes);
}

static int by_label(const void *a, const void *b)
{
    return strcmp(((const nu__app_changes *)a)->app_label, ((const nu__app_changes *)b)->app_label);
}

nu__app_changes *nu__autodetect(nu__graph *graph, const char *name, size_t *n)
{
    detection d = { .from = nu__graph_state(graph, NULL, false), .graph = graph };

    d.to = nu__state_of_site(nu__user_model_label());
    d.apps = nu_alloc_array(nu__app_changes, d.from->n + d.to->n + 1);
    detect_deleted_models(&d);
    detect_new_models(&d);
    detect_changed_models(&d);
    for (size_t i = 0; i < d.n_apps; i++)
        make_migration(&d, &d.apps[i], name);
    qsort(d.apps, d.n_apps, sizeof *d.apps, by_label);
    *n = d.n_apps;
    return d.apps;
}
