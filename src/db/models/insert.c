#include "db/models/insert.h"

static void names_to(nu__buf *sql, const nu__connection *connection, const nu__field *const *fields,
                     size_t n)
{
    for (size_t i = 0; i < n && fields[i]; i++) {
        if (i)
            nu__buf_lit(sql, ", ");
        connection->backend->operations->quote_name(sql, fields[i]->column);
    }
}

static void rows_to(nu__buf *sql, const nu__connection *connection, size_t n_fields, size_t n_rows)
{
    uint32_t number = 0;

    nu__buf_lit(sql, ") VALUES ");
    for (size_t r = 0; r < n_rows; r++) {
        nu__buf_add(sql, r ? ", (" : "(", r ? 3 : 1);
        for (size_t i = 0; i < n_fields; i++) {
            if (i)
                nu__buf_lit(sql, ", ");
            connection->backend->operations->placeholder(sql, ++number);
        }
        nu__buf_lit(sql, ")");
    }
}

static void conflict_to(nu__buf *sql, const nu__connection *connection, const nu__insert *insert)
{
    const nu__operations *ops = connection->backend->operations;

    if (insert->ignore_conflicts && connection->backend->dialect == NU__POSTGRESQL)
        nu__buf_lit(sql, " ON CONFLICT DO NOTHING");
    if (!insert->update || !insert->update[0])
        return;
    nu__buf_lit(sql, " ON CONFLICT(");
    names_to(sql, connection, insert->unique, SIZE_MAX);
    nu__buf_lit(sql, ") DO UPDATE SET ");
    for (size_t i = 0; insert->update[i]; i++) {
        if (i)
            nu__buf_lit(sql, ", ");
        ops->quote_name(sql, insert->update[i]->column);
        nu__buf_lit(sql, " = EXCLUDED.");
        ops->quote_name(sql, insert->update[i]->column);
    }
}

static const char *verb(const nu__connection *connection, const nu__insert *insert)
{
    if (!insert->ignore_conflicts || connection->backend->dialect == NU__POSTGRESQL)
        return "INSERT INTO ";
    return connection->backend->dialect == NU__SQLITE ? "INSERT OR IGNORE INTO "
                                                      : "INSERT IGNORE INTO ";
}

static void read_keys(nu__connection *connection, nu_str sql, nu_values params, int64_t *keys,
                      size_t n)
{
    nu__rows *rows = nu__db_query(connection, sql, params);

    for (size_t i = 0; i < n && nu__rows_next(rows); i++)
        keys[i] = rows->cells[0].i;
    nu__rows_close(rows);
}

static void insert_batch(nu__connection *connection, const nu__insert *insert,
                         const nu_value *values, size_t n_rows, int64_t *keys)
{
    const nu__operations *ops = connection->backend->operations;
    size_t n_params = insert->n_fields * n_rows;
    nu_value *params = nu_alloc_array(nu_value, n_params + 1);
    nu__buf sql = { 0 };

    for (size_t i = 0; i < n_params; i++)
        params[i] = nu__field_db_value(insert->fields[i % insert->n_fields], values[i],
                                       connection->backend->dialect);
    nu__buf_str_add(&sql, nu_s(verb(connection, insert)));
    ops->quote_name(&sql, insert->info->db_table);
    nu__buf_lit(&sql, " (");
    names_to(&sql, connection, insert->fields, insert->n_fields);
    rows_to(&sql, connection, insert->n_fields, n_rows);
    conflict_to(&sql, connection, insert);
    if (!keys) {
        nu__db_execute(connection, nu__buf_str(&sql), (nu_values){ params, n_params }, NULL);
        return;
    }
    nu__buf_lit(&sql, " RETURNING ");
    ops->quote_name(&sql, insert->info->db_table);
    nu__buf_lit(&sql, ".");
    ops->quote_name(&sql, insert->info->pk->column);
    read_keys(connection, nu__buf_str(&sql), (nu_values){ params, n_params }, keys, n_rows);
}

void nu__insert_rows(nu__connection *connection, const nu__insert *insert, const nu_value *values,
                     size_t n_rows)
{
    size_t most = connection->backend->operations->bulk_batch_size(insert->n_fields, n_rows);
    int64_t *keys = insert->returning ? insert->keys : NULL;

    for (size_t at = 0; at < n_rows; at += most) {
        size_t n = n_rows - at < most ? n_rows - at : most;

        insert_batch(connection, insert, values + at * insert->n_fields, n,
                     keys ? keys + at : NULL);
    }
}
