/* Foreign keys of SQLite are looked at before a change of the schema is committed. */
#include "db/backends/sqlite/schema.h"
#include "db/backends/sqlite/sqlite.h"

/* A row that refers to nothing. */
typedef struct violation {
    nu_str table, to_table;
    nu_value rowid; /* null: of a table without */
    int64_t key;
} violation;

typedef struct foreign_key {
    nu_str column, to_column;
} foreign_key;

static foreign_key find_key(const nu__editor *editor, const violation *bad)
{
    nu__rows *rows =
        nu__db_query(editor->editor.connection,
                     nu_fmt("PRAGMA foreign_key_list({})", nu__editor_quote(editor, bad->table)),
                     (nu_values){ 0 });
    foreign_key key = { S("?"), S("?") };

    while (nu__rows_next(rows))
        if (rows->cells[0].i == bad->key)
            key = (foreign_key){ nu_string(nu__cell_value(&rows->cells[3])),
                                 nu_string(nu__cell_value(&rows->cells[4])) };
    nu__rows_close(rows);
    return key;
}

static nu_str primary_key_of(nu__connection *connection, nu_str table)
{
    size_t n;
    nu__table_column *columns = nu__sqlite_introspection.columns(connection, table, &n);

    for (size_t i = 0; i < n; i++)
        if (columns[i].primary_key)
            return columns[i].name;
    return S("rowid");
}

static NU_NORETURN void raise_without_rowid(const violation *bad, const foreign_key *key)
{
    nu_raise(NU_INTEGRITY_ERROR,
             "A row in table '{}' has an invalid foreign key: {}.{} contains a value that does not "
             "have a corresponding value in {}.{}.",
             bad->table, bad->table, key->column, bad->to_table, key->to_column);
}

static NU_NORETURN void raise_violation(const nu__editor *editor, const violation *bad)
{
    foreign_key key = find_key(editor, bad);
    nu_str primary_key = primary_key_of(editor->editor.connection, bad->table);
    nu_value id = nu_null(), value = nu_null();
    nu__rows *rows;

    if (bad->rowid.kind == NU_KIND_NULL)
        raise_without_rowid(bad, &key);
    rows = nu__db_query(
        editor->editor.connection,
        nu_fmt("SELECT {}, {} FROM {} WHERE rowid = ?", nu__editor_quote(editor, primary_key),
               nu__editor_quote(editor, key.column), nu__editor_quote(editor, bad->table)),
        NU_ARGS(bad->rowid));
    if (nu__rows_next(rows)) {
        id = nu__cell_value(&rows->cells[0]);
        value = nu__cell_value(&rows->cells[1]);
    }
    nu__rows_close(rows);
    nu_raise(NU_INTEGRITY_ERROR,
             "The row in table '{}' with primary key '{}' has an invalid foreign key: {}.{} "
             "contains a value '{}' that does not have a corresponding value in {}.{}.",
             bad->table, id, bad->table, key.column, value, bad->to_table, key.to_column);
}

void nu__check_references(nu__editor *editor)
{
    nu__rows *rows =
        nu__db_query(editor->editor.connection, S("PRAGMA foreign_key_check"), (nu_values){ 0 });
    violation bad;

    if (!nu__rows_next(rows))
        return;
    bad = (violation){ .table = nu_string(nu__cell_value(&rows->cells[0])),
                       .rowid = nu__cell_value(&rows->cells[1]),
                       .to_table = nu_string(nu__cell_value(&rows->cells[2])),
                       .key = rows->cells[3].i };
    nu__rows_close(rows);
    raise_violation(editor, &bad);
}
