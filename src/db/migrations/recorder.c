#include "db/migrations/recorder.h"

#include "db/backends/base.h"
#include "db/migrations/advice.h"

#include <nuages/migrations.h>
#include <nuages/timezone.h>
#include <string.h>

/* clang-format off */
static const nu_model migration_model = {
    .name = "Migration", .app_label = "migrations", .db_table = "django_migrations",
    .fields = {
        models_BigAutoField("id", .primary_key = true, .verbose_name = "ID"),
        models_CharField("app", .max_length = 255),
        models_CharField("name", .max_length = 255),
        models_DateTimeField("applied", .default_call = nu_default_now),
    },
};
/* clang-format on */

bool nu__has_table(nu__connection *connection, nu_str name)
{
    size_t n;
    nu__table *tables = connection->backend->introspection->tables(connection, &n);

    for (size_t i = 0; i < n; i++)
        if (nu_eq(tables[i].name, name))
            return true;
    return false;
}

bool nu__has_column(nu__connection *connection, nu_str table, nu_str name)
{
    size_t n;
    nu__table_column *columns = connection->backend->introspection->columns(connection, table, &n);

    for (size_t i = 0; i < n; i++)
        if (nu_eq(columns[i].name, name))
            return true;
    return false;
}

static void create_table(nu__connection *connection, const nu_model *model)
{
    nu__project_state *state = nu__state_new(NULL);
    nu__schema_editor *editor = nu__schema_begin(connection, false, true);

    nu_defer(nu__schema_abort, editor);
    nu__state_add(state, model->app_label, model);
    nu__schema_create_model(editor, nu__state_info(state, model->app_label, model->name));
    nu__schema_end(editor);
}

void nu__ensure_table(nu__connection *connection, const nu_model *model)
{
    if (!nu__has_table(connection, nu_s(model->db_table)))
        create_table(connection, model);
}

void nu__recorder_ensure(nu__connection *connection)
{
    const nu_error *error =
        nu_catch(NU_DATABASE_ERROR_BASE, nu__ensure_table(connection, &migration_model));

    if (error)
        nu_raise_(error->klass, error->file, error->line,
                  "Unable to create the django_migrations table ({}) on database '{}'.{}",
                  NU_ARGS(error->message, connection->alias, nu__database_advice(error)));
}

nu_str nu__dialect_sql(const nu__connection *connection, const char *sql)
{
    const nu__operations *operations = connection->backend->operations;
    nu__buf out = { 0 };

    for (const char *c = sql; *c; c++) {
        const char *end = *c == '"' ? strchr(c + 1, '"') : NULL;

        if (!end) {
            nu__buf_char(&out, *c);
            continue;
        }
        operations->quote_name(&out, (nu_str){ c + 1, (size_t)(end - c - 1) });
        c = end;
    }
    return operations->convert_query(nu__buf_str(&out));
}

/* A time in UTC, as text on SQLite, without its fraction. */
static nu_str to_the_second(nu_value applied)
{
    nu_str text = nu_fmt("{}", applied);

    return nu_copy((nu_str){ text.ptr, text.len < 19 ? text.len : 19 });
}

static nu__history read_history(nu__connection *connection)
{
    nu__history history = { NULL, 0 };
    nu__rows *rows;
    size_t capacity = 0;

    if (!nu__has_table(connection, S("django_migrations")))
        return history;
    rows = nu__db_query(connection,
                        nu__dialect_sql(connection, "SELECT \"app\", \"name\", \"applied\" FROM "
                                                    "\"django_migrations\" ORDER BY \"id\""),
                        (nu_values){ NULL, 0 });
    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows)) {
        if (history.n == capacity) {
            nu__applied *grown = nu_alloc_array(nu__applied, capacity = 2 * capacity + 32);

            if (history.n)
                memcpy(grown, history.items, history.n * sizeof *grown);
            history.items = grown;
        }
        history.items[history.n++] = (nu__applied){
            .app = nu_string(nu__cell_value(&rows->cells[0])),
            .name = nu_string(nu__cell_value(&rows->cells[1])),
            .at = to_the_second(nu__cell_value(&rows->cells[2])),
        };
    }
    return history;
}

nu__history nu__recorder_history(nu__connection *connection)
{
    nu__history history = { NULL, 0 };
    const nu_error *error = nu_catch(NU_DATABASE_ERROR_BASE, history = read_history(connection));

    if (error)
        nu_raise_(error->klass, error->file, error->line, "{}{}",
                  NU_ARGS(error->message, nu__database_advice(error)));
    return history;
}

void nu__recorder_add_name(nu__connection *connection, const char *app, const char *name)
{
    nu__project_state *state = nu__state_new(NULL);
    const nu__field *applied;

    nu__state_add(state, "migrations", &migration_model);
    applied = nu__model_field(nu__state_info(state, "migrations", "Migration"), S("applied"));
    nu__db_execute(
        connection,
        nu__dialect_sql(connection, "INSERT INTO \"django_migrations\" (\"app\", "
                                    "\"name\", \"applied\") VALUES (%s, %s, %s)"),
        NU_ARGS(app, name, nu__field_db_value(applied, V(nu_now()), connection->backend->dialect)),
        NULL);
}

void nu__recorder_remove_name(nu__connection *connection, const char *app, const char *name)
{
    nu__db_execute(connection,
                   nu__dialect_sql(connection, "DELETE FROM \"django_migrations\" WHERE "
                                               "(\"app\" = %s AND \"name\" = %s)"),
                   NU_ARGS(app, name), NULL);
}

void nu__recorder_add(nu__connection *connection, const nu_migration *migration)
{
    const char *const(*replaces)[2] = migration->replaces;

    for (; replaces && (*replaces)[0]; replaces++)
        nu__recorder_add_name(connection, (*replaces)[0], (*replaces)[1]);
    nu__recorder_add_name(connection, migration->app_label, migration->name);
}

void nu__recorder_remove(nu__connection *connection, const nu_migration *migration)
{
    const char *const(*replaces)[2] = migration->replaces;

    for (; replaces && (*replaces)[0]; replaces++)
        nu__recorder_remove_name(connection, (*replaces)[0], (*replaces)[1]);
    nu__recorder_remove_name(connection, migration->app_label, migration->name);
}
