#include "db/migrations/drift.h"

#include "core/text.h"
#include "db/backends/base.h"
#include "db/migrations/progress.h"
#include "db/models/router.h"

typedef struct drift {
    nu__connection *connection;
    nu__table *tables;
    size_t n_tables;
    nu_list *missing;
} drift;

static nu__project_state *applied_state(nu__graph *graph)
{
    nu__project_state *state = nu__state_new(nu__user_model_label());
    size_t n;
    nu__node **nodes = nu__graph_full(graph, &n);

    for (size_t i = 0; i < n; i++)
        if (nodes[i]->applied)
            nu__migration_apply_state(nodes[i]->migration, state);
    return state;
}

bool nu__has_own_table(const nu__connection *connection, const nu__model_info *info)
{
    const nu_model *model = info->model;

    return info->concrete == info && !model->unmanaged && !model->swappable &&
           nu__find(info->db_table, S("\"")) < 0 && /* one of another schema, by its own quotes */
           nu__router_allow_migrate(connection->alias, model);
}

static bool is_there(const drift *d, nu_str table)
{
    for (size_t i = 0; i < d->n_tables; i++)
        if (nu__same_name(d->tables[i].name.ptr, table.ptr))
            return true;
    return false;
}

static void compare_columns(drift *d, const nu__model_info *info)
{
    size_t n;
    nu__table_column *columns =
        d->connection->backend->introspection->columns(d->connection, info->db_table, &n);

    for (size_t f = 0; f < info->n_fields; f++) {
        const nu__field *field = &info->fields[f];
        bool found =
            field->origin || !nu__field_db_type(field, d->connection->backend->dialect).ptr;

        for (size_t i = 0; i < n && !found; i++)
            found = nu__same_name(columns[i].name.ptr, field->column.ptr);
        if (!found)
            nu_list_append(d->missing, nu_fmt("{} has no column {} ({}.{})", info->db_table,
                                              field->column, info->label, field->name));
    }
}

static nu_list *missing_of(nu__connection *connection, nu__project_state *state)
{
    const nu__registry *registry = nu__state_registry(state);
    drift d = { .connection = connection, .missing = nu_list_new() };

    d.tables = connection->backend->introspection->tables(connection, &d.n_tables);
    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];

        if (!nu__has_own_table(connection, info))
            continue;
        if (is_there(&d, info->db_table))
            compare_columns(&d, info);
        else
            nu_list_append(d.missing,
                           nu_fmt("there is no table {} ({})", info->db_table, info->label));
    }
    return d.missing;
}

static bool contains(const nu_list *texts, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(texts); i++)
        if (nu_eq_(nu_at(texts, i).s, text))
            return true;
    return false;
}

nu_list *nu__schema_drift(nu__connection *connection, nu__graph *graph, const nu__plan *plan)
{
    nu__project_state *state = applied_state(graph);
    nu_list *missing = missing_of(connection, state), *afterwards, *both = nu_list_new();

    if (!plan->n || !nu_list_len(missing))
        return missing;
    for (size_t i = 0; i < plan->n; i++)
        nu__migration_apply_state(plan->steps[i].node->migration, state);
    afterwards = missing_of(connection, state);
    for (size_t i = 0; i < nu_list_len(missing); i++)
        if (contains(afterwards, nu_at(missing, i).s))
            nu_list_append(both, nu_at(missing, i));
    return both;
}

static bool has_own(const nu_operation *operations)
{
    for (const nu_operation *op = operations; op && op->kind; op++)
        if (op->kind == NU_RUN_SQL || op->kind == NU_RUN_C || has_own(op->database_operations))
            return true;
    return false;
}

static bool has_stopped_half_way(nu__connection *connection)
{
    size_t n;

    nu__halves(connection, &n);
    return n > 0;
}

bool nu__drift_may_be_mended(nu__connection *connection, const nu__plan *plan)
{
    if (plan->n && has_stopped_half_way(connection))
        return true;
    for (size_t i = 0; i < plan->n; i++)
        if (has_own(plan->steps[i].node->migration->operations))
            return true;
    return false;
}
