/* Files of rows: found, read, loaded in one transaction. */
#include "apps/registry.h"
#include "conf/settings.h"
#include "core/text.h"
#include "db/backends/base.h"
#include "serializers/serializer.h"

#include <errno.h>
#include <nuages/transaction.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { MOST_BYTES = 512 << 20 };

/* ---- names ----------------------------------------------------------------------------------- */

/* "students.json.gz" taken apart; what is not given is null. */
typedef struct label {
    nu_str name, format;
    bool compressed;
} label;

static bool cut_extension(nu_str *name, nu_str *extension)
{
    const char *dot = name->len ? memrchr(name->ptr, '.', name->len) : NULL;
    size_t at = dot ? (size_t)(dot - name->ptr) : 0;

    if (!dot || memchr(dot, '/', name->len - at) || !at)
        return false;
    *extension = nu__sub(*name, at + 1, name->len);
    *name = nu__sub(*name, 0, at);
    return true;
}

static label parse_label(nu_str given)
{
    label parsed = { .name = given };
    nu_str extension;

    if (!cut_extension(&parsed.name, &extension))
        return parsed;
    if (nu_eq(extension, "gz")) {
        parsed.compressed = true;
        if (!cut_extension(&parsed.name, &extension))
            return parsed;
    }
    if (!nu__serializer_find(extension))
        nu_raise(NU_COMMAND_ERROR,
                 "Problem installing fixture '{}': {} is not a known serialization format.",
                 parsed.name, extension);
    parsed.format = extension;
    return parsed;
}

/* ---- finding --------------------------------------------------------------------------------- */

static void add_app_folders(nu_list *folders, nu_str only)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++)
        if (apps[i].app->path && (!only.ptr || nu_eq_(only, apps[i].label)))
            nu_list_append(folders, nu_fmt("{}/fixtures/", apps[i].app->path));
}

static nu_list *folders_for(nu_str name, nu_str app)
{
    nu_list *folders = nu_list_new();

    if (nu_starts_with(name, S("/"))) {
        nu_list_append(folders, "");
        return folders;
    }
    add_app_folders(folders, app);
    for (size_t i = 0; !app.ptr && i < nu__settings.fixture_dirs.len; i++)
        nu_list_append(folders, nu_fmt("{}/", nu__settings.fixture_dirs.items[i]));
    if (!app.ptr)
        nu_list_append(folders, "");
    return folders;
}

/* A file and its format. */
static void add_found(nu_list *found, nu_str path, nu_str format)
{
    if (access(path.ptr, R_OK) == 0)
        nu_list_append(found, NU_LIST(path, format));
}

static void add_from(nu_list *found, nu_str folder, const label *parsed, const char *alias)
{
    static const char *const endings[] = { "json", "jsonl", "xml", "yaml", "yml" };

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        nu_str stem = nu_fmt("{}{}", folder, parsed->name);

        if (!nu__serializer_find(nu_s(endings[i])) ||
            (parsed->format.ptr && !nu_eq(parsed->format, endings[i])))
            continue;
        for (int zipped = parsed->compressed; zipped < 2; zipped++) {
            const char *gz = zipped ? ".gz" : "";

            if (parsed->format.ptr && zipped && !parsed->compressed)
                continue;
            add_found(found, nu_fmt("{}.{}{}", stem, endings[i], gz), nu_s(endings[i]));
            add_found(found, nu_fmt("{}.{}.{}{}", stem, alias, endings[i], gz), nu_s(endings[i]));
        }
    }
}

static nu_list *find(const nu__fixture_options *options, nu_str given)
{
    nu_list *found = nu_list_new(), *folders = folders_for(given, options->app);
    label parsed = parse_label(given);

    for (size_t i = 0; i < nu_list_len(folders); i++) {
        size_t before = nu_list_len(found);
        nu_str folder = nu_string(nu_at(folders, i));

        add_from(found, folder, &parsed, options->using);
        if (nu_list_len(found) > before + 1)
            nu_raise(NU_COMMAND_ERROR, "Multiple fixtures named '{}' in {}. Aborting.", parsed.name,
                     folder.len ? nu_fmt("'{}'", folder) : S("current directory"));
    }
    if (!nu_list_len(found))
        nu_raise(NU_COMMAND_ERROR, "No fixture named '{}' found.", parsed.name);
    return found;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void close_file(void *file)
{
    gzclose(file);
}

/* gzread() gives what is not compressed as it is. */
static nu_str read_all(gzFile file, nu_str path)
{
    nu__buf out = { 0 };
    char block[16384];
    int n;

    if (!file)
        nu_raise(NU_OS_ERROR, "{} can't be read: {}", path, (const char *)strerror(errno));
    nu_defer(close_file, file);
    while ((n = gzread(file, block, sizeof block)) > 0) {
        nu__buf_add(&out, block, (size_t)n);
        if (out.len > MOST_BYTES)
            nu_raise(NU_COMMAND_ERROR, "{} is larger than {} bytes", path, (int64_t)MOST_BYTES);
    }
    if (n < 0)
        nu_raise(NU_OS_ERROR, "{} can't be read: {}", path,
                 (const char *)gzerror(file, &(int){ 0 }));
    return nu__buf_str(&out);
}

typedef struct load {
    nu__loading loading;
    const nu__fixture_options *options;
    nu__fixture_counts counts;
} load;

static void take(void *self, nu_dict *object)
{
    nu__load_object(&((load *)self)->loading, object);
}

static int read_into(load *l, const nu__serializer *format, nu_str text)
{
    if (!nu__utf8_valid(text))
        nu_raise(NU_DESERIALIZATION_ERROR, "the file is no UTF-8");
    format->read(text, take, l);
    return 0;
}

static void load_text(load *l, nu_str path, nu_str format, nu_str text)
{
    const nu__serializer *serializer = nu__serializer_find(format);
    int64_t before = l->loading.n_found;
    const nu_error *error;

    error = nu_catch(NU_EXCEPTION, read_into(l, serializer, text));
    if (error)
        nu_raise_from(error, error->klass, "Problem installing fixture '{}': {}", path,
                      error->message);
    l->counts.files++;
    if (l->loading.n_found == before && l->options->tell)
        l->options->tell(
            l->options->self, 1,
            nu_fmt("No fixture data found for '{}'. (The file format may be invalid.)", path));
}

static void load_label(load *l, nu_str given)
{
    nu_list *found;

    if (nu_eq(given, "-")) {
        if (!l->options->format.ptr)
            nu_raise(NU_COMMAND_ERROR, "--format must be specified when reading from stdin.");
        load_text(l, S("-"), l->options->format,
                  read_all(gzdopen(dup(STDIN_FILENO), "rb"), S("-")));
        return;
    }
    found = find(l->options, given);
    for (size_t i = 0; i < nu_list_len(found); i++) {
        nu_list *file = nu_at(found, i).list;
        nu_str path = nu_at(file, 0).s;

        if (l->options->tell)
            l->options->tell(l->options->self, 2,
                             nu_fmt("Installing {} fixture '{}'.", nu_at(file, 1), path));
        load_text(l, path, nu_at(file, 1).s, read_all(gzopen(path.ptr, "rbe"), path));
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
