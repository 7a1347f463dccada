/* Reading a query: opened, read row by row, closed. */
#include "db/models/cursor_int.h"

#include "core/context.h"
#include "core/object.h"
#include "db/sql/compiled_cache.h"
#include "db/transaction.h"

const char *nu__db_for_read(const nu_query *query)
{
    if (query->using)
        return query->using;
    return query->for_update ? nu__router_db_for_write(nu__query_model(query), NULL)
                             : nu__router_db_for_read(nu__query_model(query), NULL);
}

const char *nu__db_for_write(const nu_query *query)
{
    return query->using ? query->using : nu__router_db_for_write(nu__query_model(query), NULL);
}

nu__connection *nu__query_connection(const nu_query *query)
{
    return nu__connection_of(nu__db_for_read(query));
}

/* ---- opening and closing ------------------------------------------------------------------ */

static void close_rows(void *arg)
{
    nu__cursor *cursor = arg;

    nu__rows_close(cursor->rows);
    cursor->rows = NULL;
}

void nu__cursor_take_rows(nu__cursor *cursor, nu__rows *rows)
{
    cursor->rows = rows;
    cursor->slot = nu__cleanup_push(close_rows, cursor);
    cursor->open = true;
}

static void open_raw(nu__cursor *cursor)
{
    const nu_query *query = cursor->query;
    nu__connection *connection = nu__connection_of(cursor->db);
    nu_str sql = connection->backend->operations->convert_query(query->raw_sql);

    nu__cursor_take_rows(cursor, nu__db_query(connection, sql, query->raw_params));
    nu__cursor_plan_raw(cursor);
}

nu__compiled nu__query_compiled(const nu_query *query, const nu__backend *backend)
{
    return nu__compile_select(query->tree, backend);
}

void nu__check_lock(const nu_query *query, const nu__connection *connection)
{
    if (query->tree->lock && connection->backend->features->has_select_for_update &&
        !nu__in_atomic_block(connection))
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "select_for_update cannot be used outside of a transaction.");
}

static nu__rows *ask(const nu__cursor *cursor, nu__connection *connection,
                     const nu__compiled *compiled)
{
    if (cursor->query->chunk)
        return nu__db_query_chunked(connection, compiled->sql, compiled->params,
                                    cursor->query->chunk);
    if (compiled->plain)
        return nu__db_query_plain(connection, compiled->sql, compiled->params);
    return nu__db_query_listed(connection, compiled->sql, compiled->params, compiled->columns_end);
}

static void open_compiled(nu__cursor *cursor, nu__connection *connection,
                          const nu__compiled *compiled)
{
    if (compiled->result != NU__SQL_OK)
        return;
    nu__cursor_plan(cursor, compiled);
    nu__cursor_take_rows(cursor, ask(cursor, connection, compiled));
}

static void open_query(nu__cursor *cursor)
{
    nu__connection *connection = nu__connection_of(cursor->db);
    nu__compiled compiled;

    nu__check_lock(cursor->query, connection);
    compiled = nu__query_compiled(cursor->query, connection->backend);
    open_compiled(cursor, connection, &compiled);
}

nu__cursor *nu__cursor_on(const nu_query *query, const char *db)
{
    nu__cursor *cursor = nu_alloc(nu__cursor);

    cursor->query = query;
    cursor->db = db;
    return cursor;
}

static nu__cursor *open_on(const nu_query *query, const char *db)
{
    nu__cursor *cursor = nu__cursor_on(query, db);

    if (query->results || query->prefetches)
        cursor->list = nu__query_results(query);
    else if (query->tree)
        open_query(cursor);
    else
        open_raw(cursor);
    return cursor;
}

nu__cursor *nu__cursor_open(const nu_query *query)
{
    return open_on(query, nu__db_for_read(query));
}

/* Its own rows are asked for, as they are in the database. */
static bool is_plain(const nu_query *query)
{
    return query->tree && query->shape == NU__SHAPE_OBJECTS && !query->results &&
           !query->prefetches && !query->tree->n_combined && !query->chunk;
}

/* What was kept of a get() is what the narrowed query is compiled to: in tests, each time. */
static void check_kept(const nu__compiled *kept, const nu__backend *backend, nu_query *query,
                       const nu_cond *conditions)
{
#ifdef NU__ASAN
    nu__compiled anew = nu__query_compiled(nu__query_to_get(query, conditions), backend);

    nu__compiled_check(kept, &anew);
#else
    (void)kept, (void)backend, (void)query, (void)conditions;
#endif
}

nu__cursor *nu__cursor_open_get(nu_query *query, const nu_cond *conditions)
{
    nu__compiled compiled;
    nu__connection *connection;
    nu__cursor *cursor;
    nu_query *narrowed;
    const char *db;

    if (!is_plain(query))
        return nu__cursor_open(nu__query_to_get(query, conditions));
    db = nu__db_for_read(query);
    connection = nu__connection_of(db);
    if (nu__compiled_get(query->tree, connection->backend, conditions, &compiled)) {
        check_kept(&compiled, connection->backend, query, conditions);
        cursor = nu__cursor_on(query, db);
        open_compiled(cursor, connection, &compiled);
        return cursor;
    }
    narrowed = nu__query_to_get(query, conditions);
    nu__compiled_get_keep(query->tree, connection->backend, conditions, narrowed->tree);
    return open_on(narrowed, db);
}

void nu__cursor_close(nu__cursor *cursor)
{
    if (!cursor->open)
        return;
    cursor->open = false;
    nu__cleanup_pop(cursor->slot);
    close_rows(cursor);
}

bool nu__cursor_step(nu__cursor *cursor)
{
    if (cursor->rows && nu__rows_next(cursor->rows))
        return true;
    nu__cursor_close(cursor);
    return false;
}

/* ---- values ------------------------------------------------------------------------------- */

static nu_value extra_value(const nu__cursor *cursor, uint32_t i)
{
    return nu__decode_value(&cursor->extras[i].decoder,
                            &cursor->rows->cells[cursor->extras[i].column]);
}

static nu_value row_value(const nu__cursor *cursor)
{
    nu_dict *dict;
    nu_list *list;

    switch (cursor->query->shape) {
    case NU__SHAPE_FLAT:
        return extra_value(cursor, 0);
    case NU__SHAPE_LISTS:
        list = nu_list_new();
        for (uint32_t i = 0; i < cursor->n_extras; i++)
            nu_list_append_(list, extra_value(cursor, i));
        return nu_v_list(list);
    default:
        dict = nu_dict_new();
        for (uint32_t i = 0; i < cursor->n_extras; i++)
            nu_dict_set_str(dict, cursor->extras[i].name, extra_value(cursor, i));
        return nu_v_dict(dict);
    }
}

bool nu__query_gives_objects(const nu_query *query)
{
    return query->tree ? query->shape == NU__SHAPE_OBJECTS : query->raw_model != NULL;
}

bool nu__cursor_next_value(nu__cursor *cursor, nu_value *out)
{
    if (cursor->list) {
        if (cursor->at == nu_list_len(cursor->list))
            return false;
        *out = nu_at(cursor->list, cursor->at++);
        return true;
    }
    if (nu__query_gives_objects(cursor->query)) {
        nu_object *object = nu__cursor_next(cursor);

        if (object)
            *out = nu_v_object(object);
        return object != NULL;
    }
    if (!nu__cursor_step(cursor))
        return false;
    *out = row_value(cursor);
    return true;
}

const nu__cell *nu__cursor_row(nu__cursor *cursor)
{
    return nu__cursor_step(cursor) ? cursor->rows->cells : NULL;
}

/* The object that the row itself is; NULL: rows of values. */
static const nu__class_info *own_class(const nu__cursor *cursor)
{
    return cursor->n_parts ? cursor->parts->info : NULL;
}

static bool is_called(const nu__field *field, nu_str name)
{
    return field && (nu_eq(field->attname, name) || nu_eq(field->name, name));
}

int nu__cursor_column(const nu__cursor *cursor, nu_str name)
{
    const nu__class_info *info = own_class(cursor);

    for (uint32_t i = 0; i < cursor->n_extras; i++)
        if (nu_eq(cursor->extras[i].name, name))
            return (int)cursor->extras[i].column;
    for (uint32_t i = 0; info && i < info->n_fields; i++)
        if (is_called(info->fields[i], name))
            return (int)(info->first + i);
    return -1;
}

const nu__decoder *nu__cursor_decoder(const nu__cursor *cursor, int column)
{
    const nu__class_info *info = own_class(cursor);

    for (uint32_t i = 0; i < cursor->n_extras; i++)
        if ((int)cursor->extras[i].column == column)
            return &cursor->extras[i].decoder;
    for (uint32_t i = 0; info && i < info->n_fields; i++)
        if ((int)(info->first + i) == column)
            return &info->targets[i].decoder;
    return NULL;
}

nu_str nu__cursor_names(const nu__cursor *cursor)
{
    const nu__class_info *info = own_class(cursor);
    nu__buf out = { 0 };

    for (uint32_t i = 0; info && i < info->n_fields; i++)
        nu__buf_fmt(&out, "{}{}", out.len ? ", " : "",
                    info->fields[i] ? info->fields[i]->attname : S("?"));
    for (uint32_t i = 0; i < cursor->n_extras; i++)
        nu__buf_fmt(&out, "{}{}", out.len ? ", " : "", cursor->extras[i].name);
    return nu__buf_str(&out);
}

bool nu__cursor_is_open(const nu__cursor *cursor)
{
    return cursor->open;
}
