/* Fields that are new, gone, changed, or called otherwise. */
#include "core/buf.h"
#include "core/text.h"
#include "db/migrations/detector.h"
#include "db/migrations/writer.h"

#include <string.h>

static nu_field *called(const nu_field *field, const char *name)
{
    nu_field *copy = nu__field_def_copy(field);

    copy->name = name;
    return copy;
}

static bool is_many(const nu_field *field)
{
    return field->type == NU_MANY_TO_MANY_FIELD;
}

/* ---- renamed ------------------------------------------------------------------------------- */

static const char *column_of(const nu_field *field)
{
    bool is_key = field->type == NU_FOREIGN_KEY || field->type == NU_ONE_TO_ONE_FIELD;

    if (field->db_column)
        return field->db_column;
    return is_key ? nu_fmt("{}_id", field->name).ptr : field->name;
}

const char *nu__renamed_field(const nu__detector *d, const nu_model *model, const char *name)
{
    for (size_t i = 0; i < d->n_renamed; i++)
        if (d->renamed[i].model && !strcmp(d->renamed[i].app, model->app_label) &&
            nu__same_name(d->renamed[i].model, model->name) && !strcmp(d->renamed[i].name, name))
            return d->renamed[i].old;
    return NULL;
}

bool nu__is_renamed_away(const nu__detector *d, const nu_model *model, const char *old)
{
    for (size_t i = 0; i < d->n_renamed; i++)
        if (d->renamed[i].model && !strcmp(d->renamed[i].app, model->app_label) &&
            nu__same_name(d->renamed[i].model, model->name) && !strcmp(d->renamed[i].old, old))
            return true;
    return false;
}

/* Alike but for the name; or the new one keeps the old one's column by .db_column. */
static bool may_be_renamed(const nu__detector *d, const nu_field *old, const nu_field *field)
{
    nu_field *was = called(nu__after_renames(d, old), ""), *is = called(field, "");

    if (nu__same_field(was, is))
        return true;
    was->db_column = column_of(old);
    return old->type == field->type && nu__same_field(was, is);
}

static void find_old_name(nu__detector *d, const nu__kept_model *kept, const nu_field *field)
{
    size_t n;
    const char **names = nu__sorted_field_names(kept->from, &n);

    for (size_t i = 0; i < n; i++) {
        const nu_field *old = nu__model_field_def(kept->from, names[i]);

        if (nu__model_field_def(kept->to, names[i]) || nu__is_renamed_away(d, kept->to, names[i]) ||
            !may_be_renamed(d, old, field) ||
            !d->ask->rename_field(d->ask->self, kept->to, old, field))
            continue;
        nu__remember_renamed(
            d, (nu__renamed){ kept->to->app_label, kept->to->name, names[i], field->name });
        return;
    }
}

void nu__find_renamed_fields(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu__kept_model *kept = &d->kept.items[i];
        size_t n;
        const char **names = nu__sorted_field_names(kept->to, &n);

        for (size_t k = 0; k < n; k++)
            if (!nu__model_field_def(kept->from, names[k]))
                find_old_name(d, kept, nu__model_field_def(kept->to, names[k]));
    }
}

static void rename_field(nu__detector *d, const nu__renamed *renamed)
{
    const char *old_model = nu__renamed_model(d, renamed->app, renamed->model);
    const nu_model *from =
        nu__state_find(d->from, renamed->app, old_model ? old_model : renamed->model);
    const nu_model *to = nu__state_find(d->to, renamed->app, renamed->model);
    const nu_field *old = nu__model_field_def(from, renamed->old),
                   *field = nu__model_field_def(to, renamed->name);
    nu__dependencies none = { 0 };

    if (!nu__same_text(old->db_column, field->db_column))
        nu__detected(d, to->app_label,
                     (nu_operation){ .kind = NU_ALTER_FIELD,
                                     .model_name = to->name,
                                     .field = called(field, old->name) },
                     none);
    nu__detected(d, to->app_label,
                 (nu_operation){ .kind = NU_RENAME_FIELD,
                                 .model_name = to->name,
                                 .name = old->name,
                                 .new_name = field->name },
                 none);
}

void nu__detect_renamed_fields(nu__detector *d)
{
    for (size_t i = 0; i < d->n_renamed; i++)
        if (d->renamed[i].model)
            rename_field(d, &d->renamed[i]);
}

/* ---- removed ------------------------------------------------------------------------------- */

static void remove_field(nu__detector *d, const nu_model *model, const char *name)
{
    nu__dependencies deps = { 0 };

    nu__depend(&deps, model->app_label, model->name, name, NU__DEPENDS_ON_REMOVE_ORDER);
    nu__depend(&deps, model->app_label, model->name, name, NU__DEPENDS_ON_ALTER_TOGETHER);
    nu__detected(d, model->app_label,
                 (nu_operation){ .kind = NU_REMOVE_FIELD, .model_name = model->name, .name = name },
                 deps);
}

void nu__detect_removed_fields(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu__kept_model *kept = &d->kept.items[i];
        size_t n;
        const char **names = nu__sorted_field_names(kept->from, &n);

        for (size_t k = 0; k < n; k++)
            if (!nu__model_field_def(kept->to, names[k]) &&
                !nu__is_renamed_away(d, kept->to, names[k]))
                remove_field(d, kept->to, names[k]);
    }
}

/* ---- added --------------------------------------------------------------------------------- */

static bool is_time(const nu_field *field)
{
    return nu__field_type_row(field->type)->family == NU__DATE_OPTIONS;
}

static bool is_auto_key(const nu_field *field)
{
    return field->type == NU_AUTO_FIELD || field->type == NU_BIG_AUTO_FIELD ||
           field->type == NU_SMALL_AUTO_FIELD;
}

static bool has_default(const nu_field *field)
{
    return field->default_.kind || field->default_call;
}

/* Whether the rows that are there get a value by themselves. */
static bool fills_itself(const nu_field *field)
{
    return field->null || has_default(field) || field->db_default.kind || is_many(field) ||
           field->expression || (field->blank && nu__field_type_row(field->type)->empty_strings) ||
           (is_time(field) && ((const nu_date_field *)field)->auto_now) || is_auto_key(field);
}

static const nu_field *with_one_off(const nu_field *field, const nu__one_off *value)
{
    nu_field *copy = nu__field_def_copy(field);

    copy->default_ = value->value;
    copy->default_call = value->call;
    return copy;
}

static const nu_field *ask_for_default(nu__detector *d, const nu_model *model,
                                       const nu_field *field)
{
    nu__one_off value = { .call = NULL };

    if (is_time(field) && ((const nu_date_field *)field)->auto_now_add)
        d->ask->auto_now_add_addition(d->ask->self, model, field, &value);
    else
        d->ask->not_null_addition(d->ask->self, model, field, &value);
    return with_one_off(field, &value);
}

/* A generated column needs those that are added with it. */
static void depend_on_new_columns(const nu__kept_model *kept, const nu_field *field,
                                  nu__dependencies *deps)
{
    for (size_t i = 0; field->expression && i < nu__model_field_count(kept->to); i++) {
        const char *name = kept->to->fields[i]->name;

        if (!nu__model_field_def(kept->from, name) && strcmp(name, field->name) &&
            strstr(field->expression, name))
            nu__depend(deps, kept->to->app_label, kept->to->name, name, NU__DEPENDS_ON_CREATE);
    }
}

static void add_field(nu__detector *d, const nu__kept_model *kept, const nu_field *field)
{
    const nu_model *model = kept->to;
    bool one_off = !fills_itself(field);
    nu__dependencies deps = { 0 };

    nu__depend(&deps, model->app_label, model->name, field->name, NU__DEPENDS_ON_REMOVE);
    nu__depend_on_relation(&deps, model->app_label, field);
    depend_on_new_columns(kept, field, &deps);
    if (one_off)
        field = ask_for_default(d, model, field);
    if (field->unique && field->default_call)
        d->ask->unique_callable(d->ask->self, model, field);
    nu__detected(d, model->app_label,
                 (nu_operation){ .kind = NU_ADD_FIELD,
                                 .model_name = model->name,
                                 .field = field,
                                 .one_off_default = one_off },
                 deps);
}

void nu__detect_added_fields(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu__kept_model *kept = &d->kept.items[i];
        size_t n;
        const char **names = nu__sorted_field_names(kept->to, &n);

        for (size_t k = 0; k < n; k++)
            if (!nu__model_field_def(kept->from, names[k]) &&
                !nu__renamed_field(d, kept->to, names[k]))
                add_field(d, kept, nu__model_field_def(kept->to, names[k]));
    }
}

/* ---- altered ------------------------------------------------------------------------------- */

/* A column that is to be not null, and has nothing for the rows where it is. */
static bool needs_value(const nu_field *old, const nu_field *field)
{
    return old->null && !field->null && !has_default(field) && !field->db_default.kind &&
           !is_many(field);
}

static void alter_field(nu__detector *d, const nu_model *model, const nu_field *old,
                        const nu_field *field)
{
    nu_operation op = { .kind = NU_ALTER_FIELD, .model_name = model->name, .field = field };
    nu__one_off value = { .call = NULL };
    nu__dependencies deps = { 0 };

    nu__depend_on_relation(&deps, model->app_label, field);
    if (needs_value(old, field) &&
        d->ask->not_null_alteration(d->ask->self, model, field, &value) == NU__ANSWER_VALUE) {
        op.field = with_one_off(field, &value);
        op.one_off_default = true;
    }
    nu__detected(d, model->app_label, op, deps);
}

/* The tables between cannot become columns, nor one with a model of its own an automatic one. */
static bool is_alterable(const nu_field *old, const nu_field *field)
{
    return is_many(old) == is_many(field);
}

void nu__detect_altered_fields(nu__detector *d)
{
    for (size_t i = 0; i < d->kept.n; i++) {
        const nu__kept_model *kept = &d->kept.items[i];
        size_t n;
        const char **names = nu__sorted_field_names(kept->to, &n);

        for (size_t k = 0; k < n; k++) {
            const nu_field *old = nu__model_field_def(kept->from, names[k]),
                           *field = nu__model_field_def(kept->to, names[k]);

            if (!old || nu__same_field(nu__after_renames(d, old), field))
                continue;
            if (is_alterable(old, field)) {
                alter_field(d, kept->to, old, field);
            } else {
                remove_field(d, kept->to, names[k]);
                add_field(d, kept, field);
            }
        }
    }
}
