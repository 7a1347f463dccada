/* Indexes and constraints of models that are kept. */
#include "core/buf.h"
#include "db/migrations/detector.h"
#include "db/migrations/writer.h"

#include <string.h>

enum { MOST = 16 };

bool nu__same_index(const nu_index *a, const nu_index *b)
{
    nu__buf x = { 0 }, y = { 0 };

    nu__write_index(&x, a);
    nu__write_index(&y, b);
    return nu_eq(nu__buf_str(&x), nu__buf_str(&y));
}

bool nu__same_constraint(const nu_constraint *a, const nu_constraint *b)
{
    nu__buf x = { 0 }, y = { 0 };

    nu__write_constraint(&x, a);
    nu__write_constraint(&y, b);
    return nu_eq(nu__buf_str(&x), nu__buf_str(&y));
}

static nu__dependencies relations_of(const nu_model *model)
{
    nu__dependencies deps = { 0 };

    nu__depend_on_relations(&deps, model);
    return deps;
}

/* ---- indexes ------------------------------------------------------------------------------- */

static bool has_index(const nu_model *model, const nu_index *index)
{
    for (size_t i = 0; i < MOST && nu__index_is_there(&model->indexes[i]); i++)
        if (nu__same_index(&model->indexes[i], index))
            return true;
    return false;
}

/* An index that only one side has, and that is like `index` but for its name; NULL: there is
   none. */
static const nu_index *counterpart(const nu_model *of, const nu_model *other, const nu_index *index)
{
    for (size_t i = 0; i < MOST && nu__index_is_there(&of->indexes[i]); i++) {
        nu_index renamed = of->indexes[i];

        renamed.name = index->name;
        if (!has_index(other, &of->indexes[i]) && nu__same_index(&renamed, index))
            return &of->indexes[i];
    }
    return NULL;
}

void nu__detect_removed_indexes(nu__detector *d)
{
    for (size_t k = 0; k < d->kept.n; k++) {
        const nu_model *from = d->kept.items[k].from, *to = d->kept.items[k].to;

        for (size_t i = 0; i < MOST && nu__index_is_there(&from->indexes[i]); i++)
            if (!has_index(to, &from->indexes[i]) && !counterpart(to, from, &from->indexes[i]))
                nu__detected(d, to->app_label,
                             (nu_operation){ .kind = NU_REMOVE_INDEX,
                                             .model_name = to->name,
                                             .name = from->indexes[i].name },
                             (nu__dependencies){ 0 });
    }
}

void nu__detect_renamed_indexes(nu__detector *d)
{
    for (size_t k = 0; k < d->kept.n; k++) {
        const nu_model *from = d->kept.items[k].from, *to = d->kept.items[k].to;

        for (size_t i = 0; i < MOST && nu__index_is_there(&to->indexes[i]); i++) {
            const nu_index *was =
                has_index(from, &to->indexes[i]) ? NULL : counterpart(from, to, &to->indexes[i]);

            if (was)
                nu__detected(d, to->app_label,
                             (nu_operation){ .kind = NU_RENAME_INDEX,
                                             .model_name = to->name,
                                             .name = was->name,
                                             .new_name = to->indexes[i].name },
                             (nu__dependencies){ 0 });
        }
    }
}

void nu__detect_added_indexes(nu__detector *d)
{
    for (size_t k = 0; k < d->kept.n; k++) {
        const nu_model *from = d->kept.items[k].from, *to = d->kept.items[k].to;

        for (size_t i = 0; i < MOST && nu__index_is_there(&to->indexes[i]); i++)
            if (!has_index(from, &to->indexes[i]) && !counterpart(from, to, &to->indexes[i]))
                nu__detected(d, to->app_label,
                             (nu_operation){ .kind = NU_ADD_INDEX,
                                             .model_name = to->name,
                                             .index = to->indexes[i] },
                             relations_of(to));
    }
}

/* ---- constraints --------------------------------------------------------------------------- */

static bool has_constraint(const nu_model *model, const nu_constraint *constraint)
{
    for (size_t i = 0; i < MOST && model->constraints[i].name; i++)
        if (nu__same_constraint(&model->constraints[i], constraint))
            return true;
    return false;
}

/* Messages and codes are nothing to the database. */
static nu_constraint in_database(const nu_constraint *constraint)
{
    nu_constraint bare = *constraint;

    bare.violation_error_code = bare.violation_error_message = NULL;
    return bare;
}

/* Of the same name in the other model, and different only in what the database does not know. */
static bool is_only_altered(const nu_model *other, const nu_constraint *constraint)
{
    nu_constraint bare = in_database(constraint);

    for (size_t i = 0; i < MOST && other->constraints[i].name; i++) {
        nu_constraint there = in_database(&other->constraints[i]);

        if (!strcmp(there.name, bare.name) && nu__same_constraint(&there, &bare) &&
            !nu__same_constraint(&other->constraints[i], constraint))
            return true;
    }
    return false;
}

void nu__detect_removed_constraints(nu__detector *d)
{
    for (size_t k = 0; k < d->kept.n; k++) {
        const nu_model *from = d->kept.items[k].from, *to = d->kept.items[k].to;

        for (size_t i = 0; i < MOST && from->constraints[i].name; i++)
            if (!has_constraint(to, &from->constraints[i]) &&
                !is_only_altered(to, &from->constraints[i]))
                nu__detected(d, to->app_label,
                             (nu_operation){ .kind = NU_REMOVE_CONSTRAINT,
                                             .model_name = to->name,
                                             .name = from->constraints[i].name },
                             (nu__dependencies){ 0 });
    }
}

static void detect_new(nu__detector *d, nu_operation_kind kind)
{
    for (size_t k = 0; k < d->kept.n; k++) {
        const nu_model *from = d->kept.items[k].from, *to = d->kept.items[k].to;

        for (size_t i = 0; i < MOST && to->constraints[i].name; i++) {
            const nu_constraint *constraint = &to->constraints[i];

            if (!has_constraint(from, constraint) &&
                is_only_altered(from, constraint) == (kind == NU_ALTER_CONSTRAINT))
                nu__detected(d, to->app_label,
                             (nu_operation){
                                 .kind = kind, .model_name = to->name, .constraint = *constraint },
                             relations_of(to));
        }
    }
}

void nu__detect_added_constraints(nu__detector *d)
{
    detect_new(d, NU_ADD_CONSTRAINT);
}

void nu__detect_altered_constraints(nu__detector *d)
{
    detect_new(d, NU_ALTER_CONSTRAINT);
}
