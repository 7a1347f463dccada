#include "db/migrations/recorder.h"

#include "db/backends/base.h"

#include <nuages/timezone.h>

bool nu__recorder_has_table(nu__connection *connection)
{
    size_t n;
    nu__table *tables = connection->backend->introspection->tables(connection, &n);

    for (size_t i = 0; i < n; i++)
        if (nu_eq(tables[i].name, "django_migrations"))
            return true;
    return false;
}

void nu__recorder_ensure(nu__connection *connection)
{
    if (!nu__recorder_has_table(connection))
        nu__db_execute(connection,
                       S("CREATE TABLE \"django_migrations\" (\"id\" integer NOT NULL PRIMARY KEY "
                         "AUTOINCREMENT, "
                         "\"app\" varchar(255) NOT NULL, \"name\" varchar(255) NOT NULL, "
                         "\"applied\" datetime NOT NULL)"),
                       (nu_values){ NULL, 0 }, NULL);
}

void nu__recorder_load(nu__connection *connection, nu__graph *graph)
{
    nu__rows *rows;

    if (!nu__recorder_has_table(connection))
        return;
    rows = nu__db_query(connection, S("SELECT \"app\", \"name\" FROM \"django_migrations\""),
                        (nu_values){ NULL, 0 });
    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows)) {
        nu__node *node =
            nu__graph_find(graph, nu__cell_text(&rows->cells[0]), nu__cell_text(&rows->cells[1]));

        if (node)
            node->applied = true;
    }
}

void nu__recorder_add(nu__connection *connection, const nu_migration *migration)
{
    nu__db_execute(
        connection,
        S("INSERT INTO \"django_migrations\" (\"app\", \"name\", \"applied\") VALUES (?, ?, ?)"),
        NU_ARGS(migration->app_label, migration->name, nu_now()), NULL);
}

void nu__recorder_remove(nu__connection *connection, const nu_migration *migration)
{
    nu__db_execute(
        connection,
        S("DELETE FROM \"django_migrations\" WHERE (\"django_migrations\".\"app\" = ? AND "
          "\"django_migrations\".\"name\" = ?)"),
        NU_ARGS(migration->app_label, migration->name), NULL);
}
