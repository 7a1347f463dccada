/* Fixtures loaded in one transaction, and what must hold afterwards. */
#include "core/text.h"
#include "db/backends/base.h"
#include "serializers/fixture_files.h"
#include "serializers/serializer.h"

#include <nuages/transaction.h>
#include <string.h>

typedef struct load {
    nu__loading loading;
    const nu__fixture_options *options;
    nu__fixture_counts counts;
    int64_t loaded_before; /* by the files before this one */
} load;

static void tell(const load *l, int level, nu_str text)
{
    if (l->options->tell)
        l->options->tell(l->options->self, level, text);
}

static void take(void *self, nu_dict *object)
{
    load *l = self;
    int64_t before = l->loading.n_loaded;

    nu__load_object(&l->loading, object);
    if (l->options->tell_each && l->loading.n_loaded > before)
        tell(l, NU__TELL_PROGRESS,
             nu_fmt("\rProcessed {} object(s).", l->loading.n_loaded - l->loaded_before));
}

static int read_into(load *l, const nu__serializer *format, nu_str text)
{
    if (!nu__utf8_valid(text))
        nu_raise(NU_DESERIALIZATION_ERROR, "the file is no UTF-8");
    format->read(text, take, l);
    return 0;
}

static void load_text(load *l, const nu__fixture_file *file, nu_str text)
{
    const nu__serializer *serializer = nu__serializer_find(file->format);
    int64_t before = l->loading.n_found;
    const nu_error *error;

    l->loaded_before = l->loading.n_loaded;
    error = nu_catch(NU_EXCEPTION, read_into(l, serializer, text));
    if (error)
        nu_raise_from(error, error->klass, "Problem installing fixture '{}': {}", file->path,
                      error->message);
    l->counts.files++;
    if (l->loading.n_found == before)
        tell(l, NU__TELL_WARNING,
             nu_fmt("No fixture data found for '{}'. (File format may be invalid.)", file->name));
    else if (l->options->tell_each)
        tell(l, NU__TELL_PROGRESS, S("\n"));
}

static void load_label(load *l, nu_str given)
{
    size_t n;
    const nu__fixture_file *files = nu__fixture_files_find(l->options, given, &n);

    for (size_t i = 0; i < n; i++) {
        tell(l, NU__TELL_STEPS,
             nu_fmt("Installing {} fixture '{}' from {}.", files[i].format, files[i].name,
                    nu__fixture_folder_named(files[i].folder)));
        load_text(l, &files[i], nu__fixture_file_read(&files[i]));
    }
}

/* ---- what must hold afterwards --------------------------------------------------------------- */

static nu_str quoted(nu__connection *connection, nu_str name)
{
    nu__buf out = { 0 };

    connection->backend->operations->quote_name(&out, name);
    return nu__buf_str(&out);
}

/* References to no row, which the database would only tell of at the end, and not of which. */
static void check_references(nu__connection *connection, const nu__field *field)
{
    const nu__field *target = field->target;
    nu_str table = quoted(connection, field->model->db_table),
           column = quoted(connection, field->column),
           sql = nu_fmt(
               "SELECT a.{}, a.{} FROM {} a LEFT JOIN {} b ON a.{} = b.{} WHERE a.{} IS NOT "
               "NULL AND b.{} IS NULL",
               quoted(connection, field->model->pk->column), column, table,
               quoted(connection, target->model->db_table), column,
               quoted(connection, target->column), column, quoted(connection, target->column));
    nu__rows *rows = nu__db_query(connection, sql, (nu_values){ 0 });

    nu_defer(nu__rows_close, rows);
    if (nu__rows_next(rows))
        nu_raise(NU_INTEGRITY_ERROR,
                 "Problem installing fixtures: The row in table '{}' with primary key '{}' has an "
                 "invalid foreign key: {}.{} contains a value '{}' that does not have a "
                 "corresponding value in {}.{}.",
                 field->model->db_table, nu__cell_value(&rows->cells[0]), field->model->db_table,
                 field->column, nu__cell_value(&rows->cells[1]), target->model->db_table,
                 target->column);
}

static void check_touched(const nu__loading *loading, nu__connection *connection)
{
    const nu__registry *registry = nu__models();

    for (size_t i = 0; i < registry->n_models; i++) {
        const nu__model_info *info = registry->models[i];

        for (size_t k = 0; loading->touched[info->id] && k < info->n_fields; k++)
            if (info->fields[k].relation && !info->fields[k].origin &&
                info->fields[k].target->model->model != info->model)
                check_references(connection, &info->fields[k]);
    }
}

nu_list *nu__sequence_reset_sql(nu__connection *connection, nu__model_info *const *models, size_t n)
{
    nu_list *statements = nu_list_new();

    for (size_t i = 0; connection->backend->dialect == NU__POSTGRESQL && i < n; i++) {
        nu_str table = quoted(connection, models[i]->db_table), key;

        if (!models[i]->pk->auto_key || models[i]->concrete != models[i])
            continue;
        key = quoted(connection, models[i]->pk->column);
        nu_list_append(
            statements,
            nu_fmt("SELECT setval(pg_get_serial_sequence('{}','{}'), coalesce(max({}), 1), "
                   "max({}) IS NOT null) FROM {};",
                   table, models[i]->pk->column, key, key, table));
    }
    return statements;
}

static void reset_sequences(const nu__loading *loading, nu__connection *connection)
{
    const nu__registry *registry = nu__models();
    nu__model_info **touched = nu_alloc_array(nu__model_info *, registry->n_models + 1);
    nu_list *statements;
    size_t n = 0;

    for (size_t i = 0; i < registry->n_models; i++)
        if (loading->touched[registry->models[i]->id])
            touched[n++] = registry->models[i];
    statements = nu__sequence_reset_sql(connection, touched, n);
    for (size_t i = 0; i < nu_list_len(statements); i++)
        nu__rows_close(nu__db_query(connection, nu_at(statements, i).s, (nu_values){ 0 }));
}

static void end_forward_references(void *arg)
{
    nu__connection *connection = arg;

    nu__db_execute(connection, nu_s(connection->backend->operations->enable_constraints),
                   (nu_values){ 0 }, NULL);
    nu__connection_let_go(connection);
}

/* Rows may refer to those that come later: they are looked at in the end. */
static void begin_forward_references(nu__connection *connection)
{
    nu__connection_hold(connection);
    nu__db_execute(connection, nu_s(connection->backend->operations->disable_constraints),
                   (nu_values){ 0 }, NULL);
}

static nu__fixture_counts load_all(const nu__fixture_options *options)
{
    load l = { .options = options };
    nu__connection *connection = nu__connection_of(options->using);

    l.loading = (nu__loading){ .using = options->using,
                               .ignore_unknown = options->ignore_unknown,
                               .exclude = options->exclude };
    l.loading.touched = nu_alloc_array(bool, nu__models()->n_models + 1);
    nu_atomic_scope(.using = options->using);
    for (size_t i = 0; i < nu_list_len(options->labels); i++)
        load_label(&l, nu_at(options->labels, i).s);
    nu__load_references(&l.loading);
    check_touched(&l.loading, connection);
    reset_sequences(&l.loading, connection);
    l.counts.found = l.loading.n_found;
    l.counts.loaded = l.loading.n_loaded;
    return l.counts;
}

nu__fixture_counts nu__fixtures_load(const nu__fixture_options *options)
{
    nu__connection *connection = nu__connection_of(options->using);

    if (!connection->backend->operations->disable_constraints)
        return load_all(options);
    begin_forward_references(connection);
    nu_defer(end_forward_references, connection);
    return load_all(options);
}
