/* Reading a query: rows decoded straight into instances, or into values. */
#include "db/models/queryset.h"

#include "core/context.h"
#include "core/object.h"
#include "db/sql/compiled_cache.h"
#include "db/sql/decode.h"
#include "db/transaction.h"

#include <nuages/signals.h>
#include <string.h>

#define FIRST_BATCH 16
#define MAX_BATCH   128

/* One object of a row. */
typedef struct part {
    const nu__class_info *info;
    bool heard; /* someone listens to instances being made */
    uint32_t parent;
    nu__peers *peers; /* the part's objects of the batch */
    size_t cap;
} part;

/* A column beside the objects: an annotation, or one of values(). */
typedef struct extra {
    nu_str name;
    nu__decoder decoder;
    uint32_t column;
} extra;

struct nu__cursor {
    const nu_query *query;
    const char *db;
    nu__rows *rows; /* NULL: at the end, or read from `list` */
    nu_list *list;
    size_t at;
    part *parts;
    uint32_t n_parts;
    extra *extras;
    uint32_t n_extras;
    nu__peers *batch;
    uint32_t batch_size;
    bool whole;  /* all rows are one batch */
    size_t slot; /* of the clean-up that closes the rows */
    bool open;
};

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

/* ---- what the columns become -------------------------------------------------------------- */

static void add_part(nu__cursor *cursor, const nu__class_info *info, uint32_t parent)
{
    uint32_t own = cursor->n_parts++;

    cursor->parts[own] =
        (part){ .info = info,
                .heard = nu_signal_has_listeners(NU_PRE_INIT, info->model->model) ||
                         nu_signal_has_listeners(NU_POST_INIT, info->model->model),
                .parent = parent };
    for (const nu__class_info *child = info->children; child; child = child->next)
        add_part(cursor, child, own);
}

static uint32_t count_parts(const nu__class_info *info)
{
    uint32_t n = 1;

    for (const nu__class_info *child = info->children; child; child = child->next)
        n += count_parts(child);
    return n;
}

/* Columns that no object takes. Of related models', which have no name, none is left over. */
static void add_extras(nu__cursor *cursor, const nu__compiled *compiled)
{
    cursor->extras = nu_alloc_array(extra, compiled->n_columns + 1);
    for (uint32_t i = 0; i < compiled->n_columns; i++) {
        const nu__out_column *column = &compiled->columns[i];

        if (column->name.ptr)
            cursor->extras[cursor->n_extras++] = (extra){ column->name, column->decoder, i };
    }
}

static void plan(nu__cursor *cursor, const nu__compiled *compiled)
{
    if (compiled->base && cursor->query->shape == NU__SHAPE_OBJECTS) {
        cursor->parts = nu_alloc_array(part, count_parts(compiled->base));
        add_part(cursor, compiled->base, 0);
    }
    add_extras(cursor, compiled);
}

/* A column of raw SQL by the name of the field that it was said to be. */
static nu_str raw_name(const nu__cursor *cursor, uint32_t i)
{
    nu_str name = nu__rows_name(cursor->rows, i);
    nu_value field;

    if (cursor->query->raw_names && nu_dict_find(cursor->query->raw_names, name, &field))
        return nu_string(field);
    return name;
}

static void add_raw_extra(nu__cursor *cursor, nu_str name, uint32_t column)
{
    cursor->extras[cursor->n_extras++] =
        (extra){ nu_copy(name), { .member = NU__MEMBER_NONE }, column };
}

/* The field whose column a name is; NULL: none is. */
static const nu__field *field_of_column(const nu__model_info *info, nu_str name)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (nu_eq(info->fields[i].column, name))
            return &info->fields[i];
    return NULL;
}

/* Raw SQL: the columns that are fields make objects, the others go beside them. */
static void plan_raw_objects(nu__cursor *cursor, nu__model_info *model)
{
    uint32_t n = cursor->rows->n_columns;
    nu__class_info *info = nu_alloc(nu__class_info);
    const nu__backend *backend = nu__connection_of(cursor->db)->backend;

    info->model = model;
    nu__class_targets(info, backend);
    info->fields = nu_alloc_array(const nu__field *, n + 1);
    info->targets = nu_alloc_array(nu__target, n + 1);
    info->n_fields = n;
    info->key = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        nu_str name = raw_name(cursor, i);
        const nu__field *field = info->fields[i] = field_of_column(model, name);

        info->targets[i].unused = !field;
        if (!field) {
            add_raw_extra(cursor, name, i);
            continue;
        }
        info->targets[i] = nu__target_of(field, backend);
        nu__set_drop(&info->deferred, field->index);
        if (field->primary_key)
            info->key = i;
    }
    if (info->key == UINT32_MAX)
        nu_raise(NU_FIELD_DOES_NOT_EXIST, "Raw query must include the primary key");
    cursor->parts = nu_alloc_array(part, 1);
    add_part(cursor, info, 0);
}

/* Raw SQL: columns by their names. */
static void plan_raw(nu__cursor *cursor)
{
    uint32_t n = cursor->rows->n_columns;

    cursor->extras = nu_alloc_array(extra, n + 1);
    if (cursor->query->raw_model) {
        plan_raw_objects(cursor, cursor->query->raw_model);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        add_raw_extra(cursor, nu__rows_name(cursor->rows, i), i);
}

/* ---- opening and closing ------------------------------------------------------------------ */

static void close_rows(void *arg)
{
    nu__cursor *cursor = arg;

    nu__rows_close(cursor->rows);
    cursor->rows = NULL;
}

static void open_raw(nu__cursor *cursor)
{
    const nu_query *query = cursor->query;
    nu__connection *connection = nu__connection_of(cursor->db);
    nu_str sql = connection->backend->operations->convert_query(query->raw_sql);

    cursor->rows = nu__db_query(connection, sql, query->raw_params);
    cursor->slot = nu__cleanup_push(close_rows, cursor);
    cursor->open = true;
    plan_raw(cursor);
}

nu__compiled nu__query_compiled(const nu_query *query, const nu__backend *backend)
{
    return nu__compile_select(query->tree, backend);
}

/* A lock lasts until the transaction ends: without one it would be gone at once. */
static void check_lock(const nu_query *query, const nu__connection *connection)
{
    if (query->tree->lock && connection->backend->features->has_select_for_update &&
        !nu__in_atomic_block(connection))
        nu_raise(NU_TRANSACTION_MANAGEMENT_ERROR,
                 "select_for_update cannot be used outside of a transaction.");
}

static void take_rows(nu__cursor *cursor, nu__rows *rows)
{
    cursor->rows = rows;
    cursor->slot = nu__cleanup_push(close_rows, cursor);
    cursor->open = true;
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
    plan(cursor, compiled);
    take_rows(cursor, ask(cursor, connection, compiled));
}

static void open_query(nu__cursor *cursor)
{
    nu__connection *connection = nu__connection_of(cursor->db);
    nu__compiled compiled;

    check_lock(cursor->query, connection);
    compiled = nu__query_compiled(cursor->query, connection->backend);
    open_compiled(cursor, connection, &compiled);
}

/* `db`: where to, which is asked for once: replicas take turns. */
static nu__cursor *cursor_on(const nu_query *query, const char *db)
{
    nu__cursor *cursor = nu_alloc(nu__cursor);

    cursor->query = query;
    cursor->db = db;
    return cursor;
}

static nu__cursor *open_on(const nu_query *query, const char *db)
{
    nu__cursor *cursor = cursor_on(query, db);

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
        cursor = cursor_on(query, db);
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

static bool next_row(nu__cursor *cursor)
{
    if (cursor->rows && nu__rows_next(cursor->rows))
        return true;
    nu__cursor_close(cursor);
    return false;
}

/* ---- objects ------------------------------------------------------------------------------ */

static nu_object *decode_part(const nu__cursor *cursor, const part *p)
{
    const nu__cell *cells = cursor->rows->cells;
    const nu__class_info *info = p->info;
    nu_object *object;
    nu__row *row;

    if (cells[info->key].kind == NU__CELL_NULL && info->relation)
        return NULL;
    object = nu__instance_new(info->model);
    if (p->heard)
        nu__init_signal(object, NU_PRE_INIT);
    row = object->extra;
    row->db = cursor->db;
    row->deferred = info->deferred;
    for (uint32_t i = 0; i < info->n_fields; i++) {
        const nu__target *to = &info->targets[i];
        const nu__cell *cell = &cells[info->first + i];

        if (!to->unused && !nu__decode_cell(&to->decoder, cell, (char *)object + to->offset))
            nu__assigned_keep(info->fields[i], object, nu__cell_value(cell));
    }
    if (p->heard)
        nu__init_signal(object, NU_POST_INIT);
    return object;
}

/* An attribute of the parent's, where a row meets the condition; what a key of the row's own says
   of its parent holds as well. */
static void link_filtered(const nu__class_info *info, nu_object *parent, nu_object *child)
{
    nu__row *row = parent->extra;

    if (!child)
        return;
    if (!row->annotations)
        row->annotations = nu_dict_new();
    nu_dict_set_str(row->annotations, info->attribute, nu_v_object(child));
    if (info->near && info->reverse && !info->relation->generic)
        *nu__field_cached(info->relation->field, child) = parent;
}

/* Parent and child know each other where the relation leads to one row. */
static void link_parts(const nu__class_info *info, nu_object *parent, nu_object *child)
{
    const nu__relation *relation = info->relation;

    if (info->attribute.ptr) {
        link_filtered(info, parent, child);
        return;
    }
    if (!info->reverse) {
        *nu__field_cached(relation->field, parent) = child;
        if (child && relation->field->unique && relation->accessor.ptr)
            nu__kept_put(child, relation->accessor)->object = parent;
        return;
    }
    nu__kept_put(parent, relation->accessor)->object = child;
    if (child)
        *nu__field_cached(relation->field, child) = parent;
}

static void add_annotations(const nu__cursor *cursor, nu_object *object)
{
    nu__row *row = object->extra;

    if (!cursor->n_extras)
        return;
    if (!row->annotations)
        row->annotations = nu_dict_new();
    for (uint32_t i = 0; i < cursor->n_extras; i++)
        nu_dict_set_str(row->annotations, cursor->extras[i].name,
                        nu__decode_value(&cursor->extras[i].decoder,
                                         &cursor->rows->cells[cursor->extras[i].column]));
}

/* Instances that came together, of one part each: what one lacks, it is read for all. */
static void add_peer(part *p, nu_object *object)
{
    if (p->peers->n == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : FIRST_BATCH;
        nu_object **grown = nu_alloc_array(nu_object *, cap);

        if (p->cap)
            memcpy(grown, p->peers->items, p->cap * sizeof(*grown));
        p->peers->items = grown;
        p->cap = cap;
    }
    ((nu__row *)object->extra)->peers = p->peers;
    p->peers->items[p->peers->n++] = object;
}

static void new_peers(nu__cursor *cursor)
{
    for (uint32_t i = 0; i < cursor->n_parts; i++) {
        cursor->parts[i].peers = nu_alloc(nu__peers);
        cursor->parts[i].peers->mode = cursor->query->fetch_mode;
        cursor->parts[i].cap = 0;
    }
}

static nu_object *decode_object(nu__cursor *cursor)
{
    nu_object *objects[32];
    const nu__known *known = &cursor->query->known;

    if (cursor->n_parts > sizeof(objects) / sizeof(*objects))
        nu_raise(NU_FIELD_ERROR, "select_related() of more than {} relations",
                 sizeof(objects) / sizeof(*objects));
    for (uint32_t i = 0; i < cursor->n_parts; i++) {
        part *p = &cursor->parts[i];

        objects[i] = i && !objects[p->parent] ? NULL : decode_part(cursor, p);
        if (objects[i])
            add_peer(p, objects[i]);
        if (i && objects[p->parent])
            link_parts(p->info, objects[p->parent], objects[i]);
    }
    add_annotations(cursor, objects[0]);
    if (known->field && !*nu__field_cached(known->field, objects[0]))
        *nu__field_cached(known->field, objects[0]) = known->object;
    return objects[0];
}

static bool fill_batch(nu__cursor *cursor)
{
    uint32_t size = cursor->batch_size ? cursor->batch_size : FIRST_BATCH;

    if (!cursor->n_parts)
        return false;
    cursor->batch_size = 2 * size < MAX_BATCH ? 2 * size : MAX_BATCH;
    new_peers(cursor);
    cursor->batch = cursor->parts->peers;
    while ((cursor->whole || cursor->batch->n < size) && next_row(cursor))
        decode_object(cursor);
    cursor->at = 0;
    return cursor->batch->n > 0;
}

nu_object *nu__cursor_next(nu__cursor *cursor)
{
    if (cursor->list) {
        nu_value item = nu_at(cursor->list, cursor->at++);

        return item.kind == NU_KIND_OBJECT ? (nu_object *)item.object : NULL;
    }
    if ((!cursor->batch || cursor->at == cursor->batch->n) && !fill_batch(cursor))
        return NULL;
    return cursor->batch->items[cursor->at++];
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

static bool gives_objects(const nu_query *query)
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
    if (gives_objects(cursor->query)) {
        nu_object *object = nu__cursor_next(cursor);

        if (object)
            *out = nu_v_object(object);
        return object != NULL;
    }
    if (!next_row(cursor))
        return false;
    *out = row_value(cursor);
    return true;
}

const nu__cell *nu__cursor_row(nu__cursor *cursor)
{
    return next_row(cursor) ? cursor->rows->cells : NULL;
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

/* ---- all of them -------------------------------------------------------------------------- */

static void prefetch_all(const nu_query *query, nu_list *results)
{
    size_t n = nu_list_len(results);
    nu_object **objects = nu_alloc_array(nu_object *, n + 1);

    for (size_t i = 0; i < n; i++)
        objects[i] = (nu_object *)nu_at(results, i).object;
    if (n)
        nu__prefetch_related(objects, n, query->prefetches);
}

/* All that the cursor has; they stay with the query, if it lives as long. */
static nu_list *read_all(const nu_query *query, nu__cursor *cursor)
{
    nu_list *results = nu_list_new();
    nu_value value;

    cursor->whole = true;
    while (nu__cursor_next_value(cursor, &value))
        nu_list_append_(results, value);
    if (query->prefetches && gives_objects(query))
        prefetch_all(query, results);
    if (query->scratches == nu__here->scratches)
        ((nu_query *)query)->results = results;
    return results;
}

nu_list *nu__query_results(const nu_query *query)
{
    nu_query unread = *query;

    if (query->results)
        return query->results;
    unread.prefetches = NULL;
    return read_all(query, nu__cursor_open(&unread));
}

/* ---- several at once ---------------------------------------------------------------------- */

/* Does its SQL stand by itself, and will its rows be remembered? */
static bool can_join(const nu_query *query, const char *db)
{
    return query->tree && !query->results && query->scratches == nu__here->scratches &&
           strcmp(nu__db_for_read(query), db) == 0;
}

/* The cursor of a query that is planned and not yet asked; NULL: it needs no asking. */
static nu__cursor *planned(const nu_query *query, nu__connection *connection, nu__statement *out)
{
    nu__cursor *cursor = nu_alloc(nu__cursor);
    nu__compiled compiled;

    check_lock(query, connection);
    compiled = nu__query_compiled(query, connection->backend);
    if (compiled.result != NU__SQL_OK)
        return NULL;
    cursor->query = query;
    cursor->db = nu__db_for_read(query);
    plan(cursor, &compiled);
    *out = (nu__statement){ compiled.sql, compiled.params };
    return cursor;
}

static void read_together(nu_query *const *queries, size_t n, const char *db)
{
    nu__connection *connection = nu__connection_of(db);
    nu__cursor **cursors = nu_alloc_array(nu__cursor *, n + 1);
    nu__statement *statements = nu_alloc_array(nu__statement, n + 1);
    nu__rows **rows = nu_alloc_array(nu__rows *, n + 1);
    size_t asked = 0;

    for (size_t i = 0; i < n; i++)
        if (can_join(queries[i], db) &&
            (cursors[asked] = planned(queries[i], connection, &statements[asked])))
            asked++;
    nu__db_query_many(connection, statements, asked, rows);
    for (size_t i = asked; i--;)
        take_rows(cursors[i], rows[i]);
    for (size_t i = 0; i < asked; i++)
        read_all(cursors[i]->query, cursors[i]);
}

void nu_pipeline_(nu_query *const *queries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *db = nu__db_for_read(queries[i]);

        if (can_join(queries[i], db))
            read_together(queries + i, n - i, db);
        nu__query_results(queries[i]);
    }
}

bool nu__select_one(nu__connection *connection, const nu__compiled *compiled, nu_value *out)
{
    nu__rows *rows;
    bool found;

    if (compiled->result != NU__SQL_OK)
        return false;
    rows = nu__db_query(connection, compiled->sql, compiled->params);
    found = nu__rows_next(rows);
    for (uint32_t i = 0; found && i < compiled->n_columns; i++)
        out[i] = nu__decode_value(&compiled->columns[i].decoder, &rows->cells[i]);
    nu__rows_close(rows);
    return found;
}
