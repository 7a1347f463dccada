/* squashmigrations: one migration in the place of many. */
#include "apps/registry.h"
#include "cli/commands.h"
#include "cli/makemigrations.h"
#include "cli/migration_files.h"
#include "cli/questions.h"
#include "db/migrations/reduce.h"

#include <string.h>
#include <unistd.h>

typedef struct squashing {
    const nu_command_run *run;
    nu_str app;
    nu__node **nodes; /* in their order */
    size_t n;
    nu__node *start; /* NULL: from the first */
    nu_migration squashed;
} squashing;

/* ---- which --------------------------------------------------------------------------------- */

static void start_at(squashing *s, nu__node *start)
{
    size_t at = 0;

    while (at < s->n && s->nodes[at] != start)
        at++;
    if (at == s->n)
        nu_raise(NU_COMMAND_ERROR,
                 "The migration '{}.{}' cannot be found. Maybe it comes after the migration "
                 "'{}.{}'?\nHave a look at:\n  {} showmigrations {}\nto debug this issue.",
                 s->app, start->migration->name, s->app, s->nodes[s->n - 1]->migration->name,
                 s->run->program, s->app);
    s->start = start;
    s->nodes += at;
    s->n -= at;
}

static void find_migrations(squashing *s, nu__graph *graph)
{
    nu_str first = nu_command_text(s->run, "migration_name"),
           last = nu_command_text(s->run, "last_migration_name");
    nu__node *start = last.ptr ? nu__graph_target(graph, s->app, first) : NULL;
    nu__node *end = nu__graph_target(graph, s->app, last.ptr ? last : first);
    nu__node **all = nu__graph_order(graph, end, true, &s->n);
    size_t own = 0;

    for (size_t i = 0; i < s->n; i++)
        if (nu_eq(s->app, all[i]->migration->app_label))
            all[own++] = all[i];
    s->nodes = all;
    s->n = own;
    if (start)
        start_at(s, start);
}

static void must_be_normal(const squashing *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->nodes[i]->migration->replaces)
            nu_raise(NU_COMMAND_ERROR,
                     "You cannot squash squashed migrations! Please transition {}.{} to a normal "
                     "migration first: take its .replaces away, and delete those that it replaced.",
                     s->app, s->nodes[i]->migration->name);
}

static bool is_agreed(const squashing *s)
{
    nu_command_styled(s->run, NU_STYLE_HEADING, "Will squash the following migrations:\n");
    for (size_t i = 0; i < s->n; i++)
        nu_command_print(s->run, " - {}\n", s->nodes[i]->migration->name);
    return nu__ask_yes(s->run, S("Do you wish to proceed? [y/N]"),
                       nu_command_flag(s->run, "--noinput"));
}

/* ---- the migration ------------------------------------------------------------------------- */

static nu_operation *all_operations(const squashing *s)
{
    nu_operation *all;
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += nu__operation_count(s->nodes[i]->migration->operations);
    all = nu_alloc_array(nu_operation, n + 1);
    n = 0;
    for (size_t i = 0; i < s->n; i++)
        for (const nu_operation *op = s->nodes[i]->migration->operations; op && op->kind; op++)
            all[n++] = *op;
    return all;
}

static const nu_operation *optimized(const squashing *s, const nu_operation *all)
{
    size_t n = nu__operation_count(all), left;
    const nu_operation *shorter;

    if (nu_command_flag(s->run, "--no-optimize")) {
        nu_command_styled(s->run, NU_STYLE_HEADING, "(Skipping optimization.)\n");
        return all;
    }
    nu_command_styled(s->run, NU_STYLE_HEADING, "Optimizing...\n");
    shorter = nu__optimize(all, s->app.ptr);
    left = nu__operation_count(shorter);
    if (left == n)
        nu_command_print(s->run, "  No optimizations possible.\n");
    else
        nu_command_print(s->run, "  Optimized from {} operations to {} operations.\n", n, left);
    return shorter;
}

static bool is_squashed(const squashing *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (!strcmp(s->nodes[i]->migration->name, name))
            return true;
    return false;
}

static void depend(nu_migration *migration, const char *app, const char *name)
{
    size_t n = 0;

    for (; migration->dependencies[n][0]; n++)
        if (!strcmp(migration->dependencies[n][0], app) &&
            !strcmp(migration->dependencies[n][1], name))
            return;
    if (n == 15)
        nu_raise(NU_COMMAND_ERROR, "The squashed migration would depend on more than 15 others.");
    migration->dependencies[n][0] = app;
    migration->dependencies[n][1] = name;
}

static void set_dependencies(squashing *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < 16 && s->nodes[i]->migration->dependencies[k][0]; k++) {
            const char *app = s->nodes[i]->migration->dependencies[k][0],
                       *name = s->nodes[i]->migration->dependencies[k][1];

            if (!nu_eq(s->app, app) || !is_squashed(s, name))
                depend(&s->squashed, app, name);
        }
}

static void set_replaces(squashing *s)
{
    const char *(*replaces)[2] = (void *)nu_alloc_array(const char *, 2 * (s->n + 1));

    for (size_t i = 0; i < s->n; i++) {
        replaces[i][0] = s->app.ptr;
        replaces[i][1] = s->nodes[i]->migration->name;
    }
    s->squashed.replaces = (const char *const(*)[2])replaces;
}

static const char *name_of(const squashing *s)
{
    nu_str given = nu_command_text(s->run, "--squashed-name");
    const char *last = s->nodes[s->n - 1]->migration->name;

    if (!s->start)
        return given.len ? nu_fmt("0001_{}", given).ptr : nu_fmt("0001_squashed_{}", last).ptr;
    if (!given.len)
        return nu_fmt("{}_squashed_{}", s->start->migration->name, last).ptr;
    return nu_fmt("{:04}_{}", nu__migration_number(s->start->migration->name), given).ptr;
}

static void write_squashed(squashing *s)
{
    const nu_app *app = nu__app_get(s->app)->app;

    if (!access(nu__migration_file_path(app, s->squashed.name).ptr, F_OK))
        nu_raise(NU_COMMAND_ERROR, "Migration {} already exists. Use a different name.",
                 s->squashed.name);
    nu_command_styled(s->run, NU_STYLE_HEADING, "Created new squashed migration {}\n",
                      nu__migration_file_write(app, &s->squashed,
                                               nu__migration_header(s->run, "squashmigrations")));
    nu_command_print(s->run,
                     "  You should commit this migration but leave the old ones in place;\n"
                     "  the new migration will be used for new installs. Once you are sure\n"
                     "  all instances of the codebase have applied the migrations you squashed,\n"
                     "  you can delete them.\n");
    for (const nu_operation *op = s->squashed.operations; op->kind; op++)
        if (op->kind == NU_RUN_C)
            nu_command_styled(s->run, NU_STYLE_WARNING,
                              "  {} stands in one of the old files: move it over before you delete "
                              "that.\n",
                              op->code_name);
}

static int squashmigrations(const nu_command_run *run)
{
    squashing s = { .run = run, .app = nu_command_text(run, "app_label") };
    nu__graph *graph;

    nu__check_migration_name(nu_command_text(run, "--squashed-name"));
    nu__labelled_app(s.app);
    nu__migration_files_check(run);
    graph = nu__graph_build(NULL);
    if (!nu__graph_has_app(graph, s.app))
        nu_raise(NU_COMMAND_ERROR,
                 "App '{}' does not have migrations (so squashmigrations on it makes no sense)",
                 s.app);
    find_migrations(&s, graph);
    if (!is_agreed(&s))
        return 0;
    must_be_normal(&s);
    s.squashed = (nu_migration){ .app_label = s.app.ptr, .initial = !s.start };
    s.squashed.operations = optimized(&s, all_operations(&s));
    set_dependencies(&s);
    set_replaces(&s);
    s.squashed.name = name_of(&s);
    write_squashed(&s);
    return 0;
}

const nu_command nu__squashmigrations_command = {
    .name = "squashmigrations",
    .help = "Write one migration in the place of many, from the first of an app up to the one named.",
    .run = squashmigrations,
    .arguments = {
        { "app_label", .help = "the app" },
        { "migration_name", .help = "the last migration to squash; with another name after it, the first" },
        { "last_migration_name", .optional = true, .help = "the last migration to squash" },
        { "--no-optimize", .flag = true, .help = "leave the operations as they are" },
        { "--squashed-name", .help = "the name after the number" },
        { "--no-header", .flag = true, .help = "no line in the file that tells who wrote it" },
        { "--noinput", .short_name = "--no-input", .flag = true, .help = "ask nothing" },
    },
};
