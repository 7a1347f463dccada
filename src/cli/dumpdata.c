/* dumpdata: the database's rows as a fixture. */
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/excluded.h"
#include "cli/migration_files.h"
#include "db/models/queryset.h"
#include "serializers/compressed_file.h"
#include "serializers/serializer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- which models ---------------------------------------------------------------------------- */

typedef struct chosen {
    nu__model_info **items;
    size_t n;
    const char *using;
} chosen;

static bool has_dot(nu_str label)
{
    return label.len && memchr(label.ptr, '.', label.len);
}

static bool is_excluded(const nu__model_info *info, const nu_list *exclude)
{
    for (size_t i = 0; i < nu_list_len(exclude); i++) {
        nu_str name = nu_at(exclude, i).s;

        if (!has_dot(name) ? nu_eq_(name, info->app_label) : nu__labelled_model(name) == info)
            return true;
    }
    return false;
}

/* Behind those of its app, whatever was named between them. */
static void insert(chosen *c, nu__model_info *info)
{
    size_t at = c->n;

    while (at && !nu_eq_(c->items[at - 1]->app_label, info->app_label))
        at--;
    at = at ? at : c->n;
    memmove(c->items + at + 1, c->items + at, (c->n - at) * sizeof *c->items);
    c->items[at] = info;
    c->n++;
}

static void add(chosen *c, nu__model_info *info, const nu_list *exclude)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->items[i] == info)
            return;
    if (info->auto_created || info->model->proxy || info->model->unmanaged ||
        is_excluded(info, exclude) || !nu__router_allow_migrate(c->using, info->model))
        return;
    insert(c, info);
}

static void add_app(chosen *c, const nu_app *app, const nu_list *exclude)
{
    for (size_t i = 0; i < 128 && app->models[i]; i++)
        add(c, nu__model_info_of(app->models[i]), exclude);
}

static chosen choose(const nu_command_run *run)
{
    const nu_list *labels = nu_command_list(run, "app_label"),
                  *exclude = nu_command_list(run, "--exclude");
    chosen c = { nu_alloc_array(nu__model_info *, nu__models()->n_models + 1), 0,
                 nu_command_text(run, "--database").ptr };
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    nu__excluded_check(exclude);
    for (size_t i = 0; !nu_list_len(labels) && i < n; i++)
        add_app(&c, apps[i].app, exclude);
    for (size_t i = 0; i < nu_list_len(labels); i++) {
        nu_str label = nu_at(labels, i).s;

        if (!has_dot(label))
            add_app(&c, nu__labelled_app(label), exclude);
        else
            add(&c, nu__labelled_model(label), exclude);
    }
    if (nu_command_flag(run, "--natural-foreign"))
        nu__sort_dependencies(c.items, c.n);
    return c;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static nu_list *split_keys(nu_str text)
{
    nu_list *keys = nu_list_new();

    for (const char *at = text.ptr, *end = at + text.len; at < end; at++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        size_t len = (size_t)((comma ? comma : end) - at);

        nu_list_append(keys, nu_copy((nu_str){ at, len }));
        at += len;
    }
    return keys;
}

static nu_query *rows_of(const nu_command_run *run, nu__model_info *info, const char *using)
{
    nu_query *query =
        nu_command_flag(run, "--all") ? nu__base_manager(info) : nu__default_manager(info);
    nu_str pks = nu_command_text(run, "--pks");

    query = nu_order_by(nu_using(query, using), "pk");
    return pks.ptr ? nu__query_where(query, S("pk__in"), V(split_keys(pks))) : query;
}

typedef struct sink {
    const nu__serializer *format;
    nu__record_options options;
    nu__buf out;
    FILE *file;
    bool any;
    int indent;
} sink;

static NU_NORETURN void cannot_write(nu_str path)
{
    nu_raise(NU_OS_ERROR, "[Errno {}] {}: '{}'", errno, (const char *)strerror(errno), path);
}

static void write_out(sink *s)
{
    if (s->out.len && fwrite(s->out.data, s->out.len, 1, s->file) != 1)
        nu_raise(NU_OS_ERROR, "[Errno {}] {}", errno, (const char *)strerror(errno));
    s->out.len = 0;
}

static void dump_model(const nu_command_run *run, sink *s, nu__model_info *info)
{
    nu__cursor *cursor = nu__cursor_open(rows_of(run, info, s->options.using));
    nu_object *object;

    while ((object = nu__cursor_next(cursor))) {
        nu__record record = nu__record_of(object, &s->options);

        s->format->write(&s->out, &record, s->indent, !s->any);
        s->any = true;
        if (s->out.len > 65536)
            write_out(s);
    }
    nu__cursor_close(cursor);
}

/* ---- where to -------------------------------------------------------------------------------- */

static void close_output(void *self)
{
    sink *s = self;

    if (s->file && s->file != stdout)
        fclose(s->file);
    s->file = NULL;
}

/* What is compressed comes out at the end only. */
static void finish_output(sink *s, nu_str path)
{
    FILE *file = s->file;

    s->file = NULL;
    if (file == stdout ? fflush(file) : fclose(file))
        cannot_write(path);
}

static int dump(const nu_command_run *run, sink *s, const chosen *c)
{
    nu_str path = nu_command_text(run, "--output");

    s->file = path.ptr ? nu__compressed_open(path, "w") : stdout;
    if (!s->file)
        cannot_write(path);
    nu_defer(close_output, s);
    s->format->begin(&s->out, s->indent);
    for (size_t i = 0; i < c->n; i++)
        dump_model(run, s, c->items[i]);
    s->format->end(&s->out, s->indent, s->any);
    write_out(s);
    finish_output(s, path);
    return 0;
}

static int dumpdata(const nu_command_run *run)
{
    nu_str format = nu_command_text(run, "--format");
    sink s = { .format = nu__serializer_find(format),
               .indent = (int)nu_command_int(run, "--indent", 0) };
    const nu_error *error;
    chosen c;

    s.options = (nu__record_options){ .natural_foreign = nu_command_flag(run, "--natural-foreign"),
                                      .natural_primary = nu_command_flag(run, "--natural-primary"),
                                      .using = nu_command_text(run, "--database").ptr };
    if (!s.format)
        nu_raise(NU_COMMAND_ERROR, "Unknown serialization format: {}. There are: {}.", format,
                 nu__serializer_names());
    c = choose(run);
    if (nu_command_text(run, "--pks").ptr && c.n != 1)
        nu_raise(NU_COMMAND_ERROR, "You can only use --pks option with one model");
    error = nu_catch(NU_EXCEPTION, dump(run, &s, &c));
    if (error)
        nu_raise_from(error, NU_COMMAND_ERROR, "Unable to serialize database: {}", error->message);
    return 0;
}

const nu_command nu__dumpdata_command = {
    .name = "dumpdata",
    .help = "Output the contents of the database as a fixture of the given format.",
    .run = dumpdata,
    .arguments = {
        { "app_label", .optional = true, .repeated = true, .metavar = "app_label[.ModelName]", .help = "apps or models; without them all" },
        { "--format", .default_ = "json", .help = "json, xml, yaml or jsonl" },
        { "--indent", .metavar = "N", .help = "spaces to indent by" },
        { "--database", .database = true, .default_ = "default", .help = "the database by its alias" },
        { "--exclude", .short_name = "-e", .metavar = "app_label[.ModelName]", .repeated = true, .help = "an app or app.Model to leave out; may be given again" },
        { "--natural-foreign", .flag = true, .help = "natural keys for what rows refer to" },
        { "--natural-primary", .flag = true, .help = "natural keys instead of primary keys" },
        { "--all", .short_name = "-a", .flag = true, .help = "all rows, also those that a default manager leaves out" },
        { "--pks", .help = "only the rows with these keys, separated by commas; with one model" },
        { "--output", .short_name = "-o", .metavar = "FILE", .help = "the file; compressed where it ends in .gz, .bz2, .xz or .lzma" },
    },
};
