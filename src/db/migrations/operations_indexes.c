/* Operations on indexes. */
#include "db/migrations/operations_int.h"

#include "core/text.h"

#include <string.h>

enum { INDEXES = 16 };

static size_t find(const nu_model *model, const char *name)
{
    size_t i = 0;

    while (i < INDEXES && !nu__same_text(model->indexes[i].name, name))
        i++;
    return i;
}

static const nu_index *index_named(const nu_model *model, const char *name)
{
    size_t i = find(model, name);

    if (i == INDEXES)
        nu_raise(NU_VALUE_ERROR, "No index named {} on model {}", name, model->name);
    return &model->indexes[i];
}

/* ---- AddIndex ------------------------------------------------------------------------------ */

static void add_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t n = 0;

    if (!op->index.name)
        nu_raise(NU_VALUE_ERROR,
                 "Indexes passed to AddIndex operations require a name argument: "
                 "one of {}.{} has none",
                 app, op->model_name);
    if (find(model, op->index.name) < INDEXES)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} has an index {} already", app, op->model_name,
                 op->index.name);
    while (n < INDEXES && nu__index_is_there(&model->indexes[n]))
        n++;
    if (n + 1 >= INDEXES)
        nu_raise(NU_MIGRATION_ERROR, "{}.{} would have more than {} indexes", app, model->name,
                 (int64_t)INDEXES - 1);
    model->indexes[n] = op->index;
}

static void add_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_index(run->editor, nu__info_after(run, op->model_name), &op->index);
}

static void add_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_index(run->editor, nu__info_after(run, op->model_name), &op->index);
}

static nu_str columns_words(const nu_index *index)
{
    nu_list *names = nu_list_new();

    for (int i = 0; i < 4 && index->expressions[i]; i++)
        nu_list_append(names, index->expressions[i]);
    for (int i = 0; i < 8 && index->fields[i]; i++)
        nu_list_append(names, index->fields[i]);
    return nu__join(S(", "), names);
}

static nu_str made_words(const char *how, const nu_operation *op)
{
    if (op->index.expressions[0])
        return nu_fmt("{} index {} on {} on model {}", how, op->index.name,
                      columns_words(&op->index), nu__lower(op->model_name));
    return nu_fmt("{} index {} on field(s) {} of model {}", how, op->index.name,
                  columns_words(&op->index), nu__lower(op->model_name));
}

static nu_str add_words(const nu_operation *op)
{
    return made_words("Create", op);
}

static nu_str add_fragment(const nu_operation *op)
{
    return nu_fmt("{}_{}", nu__lower(op->model_name), nu__lower(op->index.name));
}

const nu__operation_type nu__add_index_type = {
    NU_ADD_INDEX, "AddIndex", '+', add_state, add_forwards, add_backwards, add_words, add_fragment,
};

/* ---- RemoveIndex --------------------------------------------------------------------------- */

static void remove_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);
    size_t at = (size_t)(index_named(model, op->name) - model->indexes);

    memmove(&model->indexes[at], &model->indexes[at + 1],
            (INDEXES - 1 - at) * sizeof *model->indexes);
    memset(&model->indexes[INDEXES - 1], 0, sizeof *model->indexes);
}

static const nu_index *removed(const nu__operation_run *run, const nu_operation *op)
{
    return index_named(nu__state_find(run->before, run->app, op->model_name), op->name);
}

static void remove_forwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_settle_index(run->editor, nu__info_before(run, op->model_name), removed(run, op));
    nu__schema_remove_index(run->editor, nu__info_before(run, op->model_name), removed(run, op));
}

static void remove_backwards(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_index(run->editor, nu__info_before(run, op->model_name), removed(run, op));
}

static nu_str remove_words(const nu_operation *op)
{
    return nu_fmt("Remove index {} from {}", op->name, nu__lower(op->model_name));
}

static nu_str remove_fragment(const nu_operation *op)
{
    return nu_fmt("remove_{}_{}", nu__lower(op->model_name), nu__lower(op->name));
}

const nu__operation_type nu__remove_index_type = {
    NU_REMOVE_INDEX, "RemoveIndex",    '-',          remove_state,
    remove_forwards, remove_backwards, remove_words, remove_fragment,
};

/* ---- RenameIndex --------------------------------------------------------------------------- */

static void rename_state(nu__project_state *state, const char *app, const nu_operation *op)
{
    nu_model *model = nu__state_change(state, app, op->model_name);

    model->indexes[index_named(model, op->name) - model->indexes].name = op->new_name;
}

static void rename_from_to(const nu__operation_run *run, const nu_operation *op, bool forwards)
{
    const nu_model *before = nu__state_find(run->before, run->app, op->model_name),
                   *after = nu__state_find(run->after, run->app, op->model_name);
    const nu_index *was = index_named(before, op->name), *is = index_named(after, op->new_name);

    if (nu__same_text(was->name, is->name))
        return; /* what is left when two indexes have changed their names */
    if (forwards) {
        nu__schema_settle_index(run->editor, nu__info_before(run, op->model_name), was);
        nu__schema_rename_index(run->editor, nu__info_after(run, op->model_name), was, is);
    } else {
        nu__schema_rename_index(run->editor, nu__info_before(run, op->model_name), is, was);
    }
}

static void rename_forwards(const nu__operation_run *run, const nu_operation *op)
{
    rename_from_to(run, op, true);
}

static void rename_backwards(const nu__operation_run *run, const nu_operation *op)
{
    rename_from_to(run, op, false);
}

static nu_str rename_words(const nu_operation *op)
{
    return nu_fmt("Rename index {} on {} to {}", op->name, nu__lower(op->model_name), op->new_name);
}

static nu_str rename_fragment(const nu_operation *op)
{
    return nu_fmt("rename_{}_{}", nu__lower(op->name), nu__lower(op->new_name));
}

const nu__operation_type nu__rename_index_type = {
    NU_RENAME_INDEX, "RenameIndex",    '~',          rename_state,
    rename_forwards, rename_backwards, rename_words, rename_fragment,
};

/* ---- PostgreSQL's, without a lock ---------------------------------------------------------- */

static void add_concurrently(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_index_concurrently(run->editor, nu__info_after(run, op->model_name), &op->index);
}

static void remove_added_concurrently(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_index_concurrently(run->editor, nu__info_after(run, op->model_name),
                                         &op->index);
}

static void remove_concurrently(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_remove_index_concurrently(run->editor, nu__info_before(run, op->model_name),
                                         removed(run, op));
}

static void add_removed_concurrently(const nu__operation_run *run, const nu_operation *op)
{
    nu__schema_add_index_concurrently(run->editor, nu__info_before(run, op->model_name),
                                      removed(run, op));
}

static nu_str add_concurrently_words(const nu_operation *op)
{
    return made_words("Concurrently create", op);
}

static nu_str remove_concurrently_words(const nu_operation *op)
{
    return nu_fmt("Concurrently remove index {} from {}", op->name, nu__lower(op->model_name));
}

const nu__operation_type nu__add_index_concurrently_type = {
    NU_ADD_INDEX_CONCURRENTLY, "AddIndexConcurrently", '+',          add_state, add_concurrently,
    remove_added_concurrently, add_concurrently_words, add_fragment,
};

const nu__operation_type nu__remove_index_concurrently_type = {
    NU_REMOVE_INDEX_CONCURRENTLY,
    "RemoveIndexConcurrently",
    '-',
    remove_state,
    remove_concurrently,
    add_removed_concurrently,
    remove_concurrently_words,
    remove_fragment,
};
