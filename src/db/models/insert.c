#include "db/models/insert.h"

#include "core/arena.h"
#include "db/models/expression_text.h"
#include "db/sql/decode.h"
#include "db/sql/lookups.h"

static void names_to(nu__compiler *out, const nu__field *const *fields, size_t n)
{
    for (size_t i = 0; i < n && fields[i]; i++) {
        if (i)
            nu__sql_text(out, S(", "));
        nu__sql_name(out, fields[i]->column);
    }
}

const nu__field *const *nu__returned_fields(const nu__model_info *info, size_t *n)
{
    const nu__field **fields = nu_alloc_array(const nu__field *, info->n_fields + 1);

    *n = 0;
    for (size_t i = 0; i < info->n_fields; i++) {
        const nu__field *field = &info->fields[i];

        if (field->origin && !info->model->proxy)
            continue;
        if (field->auto_key || field->def->expression ||
            field->def->db_default.kind != NU_KIND_NULL)
            fields[(*n)++] = field;
    }
    return fields;
}

const nu_expr *nu__db_default_of(const nu__field *field)
{
    if (field->def->db_default.kind == NU_KIND_EXPR)
        return nu__text_expression(nu_s(field->def->db_default.s));
    return nu__literal_of(nu__default_value(field, &field->def->db_default), field);
}

/* ---- rows --------------------------------------------------------------------------------- */

static bool reads_column(const nu_expr *expr, void *found)
{
    *(bool *)found |= expr->klass == &nu__col;
    return true;
}

static void expression_to(nu__compiler *out, const nu__field *field, const nu_expr *expr)
{
    nu__resolver with = { .query = out->query, .for_save = true };
    bool column = false;

    expr = nu__resolve_assigned(expr, &with);
    nu__expr_walk(expr, reads_column, &column);
    if (column)
        nu_raise(NU_VALUE_ERROR,
                 "Failed to insert expression \"{}\" on {}.{}. F() expressions can only be used to "
                 "update, not to insert.",
                 expr->klass->name, field->model->label, field->name);
    nu__check_assigned(field, expr);
    nu__compile(expr, out);
}

static void row_to(nu__compiler *out, const nu__insert *insert, const nu_value *values)
{
    nu__sql_text(out, S("("));
    if (!insert->n_fields)
        nu__sql_text(out, nu_s(out->backend->operations->default_key));
    for (size_t i = 0; i < insert->n_fields; i++) {
        if (i)
            nu__sql_text(out, S(", "));
        if (values[i].kind == NU_KIND_EXPR)
            expression_to(out, insert->fields[i], values[i].p);
        else
            nu__sql_param(out, nu__saved_param(insert->fields[i], values[i], out->backend));
    }
    nu__sql_text(out, S(")"));
}

/* ---- the statement ------------------------------------------------------------------------ */

/* Of whatever key it was: MariaDB's VALUE() is what the row would have had. */
static void on_duplicate_to(nu__compiler *out, const nu__insert *insert)
{
    for (size_t i = 0; insert->update[i]; i++) {
        nu__sql_text(out, i ? S(", ") : S(" ON DUPLICATE KEY UPDATE "));
        nu__sql_name(out, insert->update[i]->column);
        nu__sql_text(out, S(" = VALUE("));
        nu__sql_name(out, insert->update[i]->column);
        nu__sql_text(out, S(")"));
    }
}

static void conflict_to(nu__compiler *out, const nu__insert *insert)
{
    if (insert->ignore_conflicts)
        nu__sql_text(out, nu_s(out->backend->operations->ignore_conflicts));
    if (!insert->update || !insert->update[0])
        return;
    if (out->backend->features->has_on_duplicate_key) {
        on_duplicate_to(out, insert);
        return;
    }
    nu__sql_text(out, S(" ON CONFLICT("));
    names_to(out, insert->unique, SIZE_MAX);
    nu__sql_text(out, S(") DO UPDATE SET "));
    for (size_t i = 0; insert->update[i]; i++) {
        if (i)
            nu__sql_text(out, S(", "));
        nu__sql_name(out, insert->update[i]->column);
        nu__sql_text(out, S(" = EXCLUDED."));
        nu__sql_name(out, insert->update[i]->column);
    }
}

static nu_str verb(const nu__compiler *out, const nu__insert *insert)
{
    return insert->ignore_conflicts ? nu_s(out->backend->operations->insert_or_ignore)
                                    : S("INSERT INTO ");
}

static void returning_to(nu__compiler *out, const nu__insert *insert)
{
    for (size_t i = 0; i < insert->n_returning; i++) {
        nu__sql_text(out, i ? S(", ") : S(" RETURNING "));
        nu__sql_name(out, insert->info->db_table);
        nu__sql_text(out, S("."));
        nu__sql_name(out, insert->returning[i]->column);
    }
}

static void read_back(nu__connection *connection, nu_str sql, nu_values params,
                      const nu__insert *insert, nu_value *returned, size_t n_rows)
{
    nu__rows *rows = nu__db_query(connection, sql, params);

    for (size_t i = 0; i < n_rows && nu__rows_next(rows); i++)
        for (size_t k = 0; k < insert->n_returning; k++) {
            const nu__field *field = insert->returning[k];
            nu__decoder decoder = {
                .type = field, .choices = field->choices, .member = field->member, .column = true
            };

            returned[i * insert->n_returning + k] = nu__decode_value(&decoder, &rows->cells[k]);
        }
    nu__rows_close(rows);
}

static void head_to(nu__compiler *out, const nu__insert *insert)
{
    const nu__field *key[] = { insert->info->pk };

    nu__sql_text(out, verb(out, insert));
    nu__sql_name(out, insert->info->db_table);
    nu__sql_text(out, S(" ("));
    names_to(out, insert->n_fields ? insert->fields : key, insert->n_fields ? insert->n_fields : 1);
    nu__sql_text(out, S(") VALUES "));
}

static int64_t insert_batch(nu__connection *connection, const nu__insert *insert,
                            const nu_value *values, size_t n_rows, nu_value *returned)
{
    nu__sql sql = { 0 };
    nu__compiler out = { nu__tree_new(insert->info), connection->backend, NULL, &sql, NULL };
    int64_t last_id = 0;
    nu_values params;
    nu_str text;

    head_to(&out, insert);
    for (size_t r = 0; r < n_rows; r++) {
        if (r)
            nu__sql_text(&out, S(", "));
        row_to(&out, insert, values + r * insert->n_fields);
    }
    conflict_to(&out, insert);
    if (returned)
        returning_to(&out, insert);
    text = nu__sql_finish(&sql, connection->backend);
    params = (nu_values){ sql.params, sql.n_params };
    if (returned)
        read_back(connection, text, params, insert, returned, n_rows);
    else
        nu__db_execute(connection, text, params, &last_id);
    return last_id;
}

/* ---- row by row --------------------------------------------------------------------------- */

/* Where the driver prefers it, what would take several statements is the INSERT of one row, with so
   many lists of parameters at a time: the driver finds the quickest way for them. */
enum { RUNS = 4096 };

static bool plain_values(const nu__insert *insert, const nu_value *values, size_t n_rows)
{
    for (size_t i = 0; i < n_rows * insert->n_fields; i++)
        if (values[i].kind == NU_KIND_EXPR)
            return false;
    return insert->n_fields > 0;
}

/* The only thing to read back is the key that the database counts. */
static bool key_suffices(const nu__insert *insert)
{
    return insert->n_returning == 1 && insert->returning[0] == insert->info->pk &&
           insert->info->pk->auto_key && !(insert->update && insert->update[0]);
}

static bool goes_by_row(const nu__connection *connection, const nu__insert *insert,
                        const nu_value *values, size_t n_rows, size_t most)
{
    return n_rows > most && !insert->batch_size && connection->backend->driver->insert_by_row &&
           (!insert->n_returning || key_suffices(insert)) && plain_values(insert, values, n_rows);
}

static void run_rows(nu__connection *connection, const nu__insert *insert, nu_str sql,
                     const nu_value *values, size_t n, nu_value *returned)
{
    nu_scratch_scope();
    size_t width = insert->n_fields;
    nu_value *params = nu__alloc_raw(n * width * sizeof *params); /* each is written */
    nu_values *runs = nu_alloc_array(nu_values, n);
    int64_t *keys = returned ? nu_alloc_array(int64_t, n) : NULL;

    nu__saved_rows(insert->fields, width, values, n, connection->backend, params);
    for (size_t i = 0; i < n; i++)
        runs[i] = (nu_values){ params + i * width, width };
    nu__db_insert_many(connection, sql, runs, n, keys);
    for (size_t i = 0; returned && i < n; i++)
        returned[i] = nu_v_int(keys[i]);
}

static void insert_by_row(nu__connection *connection, const nu__insert *insert,
                          const nu_value *values, size_t n_rows, nu_value *returned)
{
    nu__sql sql = { 0 };
    nu__compiler out = { nu__tree_new(insert->info), connection->backend, NULL, &sql, NULL };
    nu_str text;

    head_to(&out, insert);
    row_to(&out, insert, values);
    conflict_to(&out, insert);
    text = nu__sql_finish(&sql, connection->backend);
    for (size_t at = 0; at < n_rows; at += RUNS)
        run_rows(connection, insert, text, values + at * insert->n_fields,
                 n_rows - at < RUNS ? n_rows - at : RUNS, returned ? returned + at : NULL);
}

/* ---- as a stream -------------------------------------------------------------------------- */

/* Fewer rows are not worth the keys that are fetched before. */
enum { STREAMED = 200 };

static bool goes_by_copy(const nu__connection *connection, const nu__insert *insert,
                         const nu_value *values, size_t n_rows)
{
    return connection->backend->driver->copy && n_rows >= STREAMED && !insert->batch_size &&
           !insert->ignore_conflicts && !(insert->update && insert->update[0]) &&
           (!insert->n_returning || key_suffices(insert)) && plain_values(insert, values, n_rows);
}

static nu_str copy_columns(const nu__connection *connection, const nu__insert *insert, bool keyed)
{
    const nu__operations *operations = connection->backend->operations;
    nu__buf out = { 0 };

    if (keyed)
        operations->quote_name(&out, insert->info->pk->column);
    for (size_t i = 0; i < insert->n_fields; i++) {
        if (out.len)
            nu__buf_lit(&out, ", ");
        operations->quote_name(&out, insert->fields[i]->column);
    }
    return nu__buf_str(&out);
}

static nu_str copy_table(const nu__connection *connection, const nu__insert *insert)
{
    nu__buf out = { 0 };

    connection->backend->operations->quote_name(&out, insert->info->db_table);
    return nu__buf_str(&out);
}

static size_t place_of_key(const nu__insert *insert)
{
    size_t i = 0;

    while (i < insert->n_fields && insert->fields[i] != insert->info->pk)
        i++;
    return i;
}

/* false: the key is counted by nothing that could be asked beforehand. */
static bool insert_by_copy(nu__connection *connection, const nu__insert *insert,
                           const nu_value *values, size_t n_rows, nu_value *returned)
{
    size_t width = insert->n_fields, key = place_of_key(insert);
    bool keyed = returned && key == width;
    nu__copy copy = { .table = copy_table(connection, insert),
                      .columns = copy_columns(connection, insert, keyed),
                      .n_rows = n_rows };
    int64_t *keys = keyed ? nu_alloc_array(int64_t, n_rows) : NULL;
    nu_scratch_scope();
    nu_value *stored = nu_alloc_array(nu_value, n_rows * width);

    if (keyed &&
        !nu__db_reserve_keys(connection, copy.table, insert->info->pk->column, keys, n_rows))
        return false;
    nu__saved_rows(insert->fields, width, values, n_rows, connection->backend, stored);
    copy.values = stored;
    copy.keys = keys;
    nu__db_copy(connection, &copy);
    for (size_t i = 0; returned && i < n_rows; i++)
        returned[i] = keyed ? nu_v_int(keys[i]) : values[i * width + key];
    return true;
}

size_t nu__insert_most(const nu__connection *connection, const nu__insert *insert, size_t n_rows)
{
    size_t most = connection->backend->operations->bulk_batch_size(insert->n_fields, n_rows);

    if (!most)
        most = 1;
    return insert->batch_size && insert->batch_size < most ? insert->batch_size : most;
}

int64_t nu__insert_rows(nu__connection *connection, const nu__insert *insert,
                        const nu_value *values, size_t n_rows, nu_value *returned)
{
    size_t most = nu__insert_most(connection, insert, n_rows);
    int64_t last_id = 0;

    if (goes_by_row(connection, insert, values, n_rows, most)) {
        insert_by_row(connection, insert, values, n_rows, returned);
        return 0;
    }
    if (goes_by_copy(connection, insert, values, n_rows) &&
        insert_by_copy(connection, insert, values, n_rows, returned))
        return 0;
    for (size_t at = 0; at < n_rows; at += most)
        last_id = insert_batch(connection, insert, values + at * insert->n_fields,
                               n_rows - at < most ? n_rows - at : most,
                               returned ? returned + at * insert->n_returning : NULL);
    return last_id;
}
