/* makemigrations --merge: two people wrote the next migration of an app. */
#include "apps/registry.h"
#include "cli/makemigrations.h"
#include "cli/migration_files.h"
#include "cli/questions.h"
#include "core/text.h"
#include "db/migrations/operations.h"
#include "db/migrations/writer.h"

#include <string.h>

typedef struct branches {
    nu_str app;
    nu__node **leaves;
    size_t n;
} branches;

/* The migrations of its app that lead to a leaf, the first first. */
static nu__node **ancestry(nu__graph *graph, const branches *b, nu__node *leaf, size_t *n)
{
    nu__node **all = nu__graph_order(graph, leaf, true, n);
    size_t own = 0;

    for (size_t i = 0; i < *n; i++)
        if (nu_eq(b->app, all[i]->migration->app_label))
            all[own++] = all[i];
    *n = own;
    return all;
}

static size_t count_common(nu__graph *graph, const branches *b)
{
    size_t n, common;
    nu__node **first = ancestry(graph, b, b->leaves[0], &common);

    for (size_t i = 1; i < b->n; i++) {
        nu__node **other = ancestry(graph, b, b->leaves[i], &n);
        size_t k = 0;

        while (k < common && k < n && first[k] == other[k])
            k++;
        common = k;
    }
    return common;
}

static void print_branches(const nu_command_run *run, nu__graph *graph, const branches *b)
{
    size_t common = count_common(graph, b), n;

    if (!common)
        nu_raise(NU_VALUE_ERROR, "Could not find common ancestor of the branches of {}", b->app);
    nu_command_styled(run, NU_STYLE_HEADING, "Merging {}\n", b->app);
    for (size_t i = 0; i < b->n; i++) {
        nu__node **path = ancestry(graph, b, b->leaves[i], &n);

        nu_command_styled(run, NU_STYLE_LABEL, "  Branch {}\n", b->leaves[i]->migration->name);
        for (size_t k = common; k < n; k++)
            for (const nu_operation *op = path[k]->migration->operations; op->kind; op++)
                nu_command_print(run, "    {}\n", nu__operation_signed(op));
    }
}

static const char *merged_name(const branches *b, nu_str name)
{
    static const nu_operation none[] = { { 0 } };
    int64_t number = 0;
    nu_list *names = nu_list_new();
    nu_str leaves;

    for (size_t i = 0; i < b->n; i++) {
        int64_t own = nu__migration_number(b->leaves[i]->migration->name);

        number = own > number ? own : number;
        nu_list_append(names, b->leaves[i]->migration->name);
    }
    leaves = nu__join(S("_"), names);
    if (name.ptr)
        return nu_fmt("{:04}_{}", number + 1, name).ptr;
    if (nu__utf8_count(leaves) > 47) /* the time, as Django has it there */
        leaves = nu_s(nu__migration_words(none, false).ptr + strlen("auto_"));
    return nu_fmt("{:04}_merge_{}", number + 1, leaves).ptr;
}

static void write_merge(const nu_command_run *run, const branches *b, nu_str name)
{
    static const nu_operation none[] = { { 0 } };
    const nu_app *app = nu__app_get(b->app)->app;
    const char *header = nu__migration_header(run, "makemigrations --merge");
    nu_migration merge = { .app_label = b->app.ptr,
                           .name = merged_name(b, name),
                           .operations = none };

    if (b->n > 15)
        nu_raise(NU_MIGRATION_ERROR, "{} has more than 15 branches", b->app);
    for (size_t i = 0; i < b->n; i++) {
        merge.dependencies[i][0] = b->app.ptr;
        merge.dependencies[i][1] = b->leaves[i]->migration->name;
    }
    if (!nu_command_flag(run, "--dry-run")) {
        nu_str path = nu__migration_file_write(app, &merge, header);

        nu_command_print(run, "\nCreated new merge migration {}\n", path);
        nu__command_tell_path(run, path);
    } else if (nu_command_verbosity(run) >= 3) {
        nu_command_print(run, "Full merge migrations file '{}.c':\n{}", merge.name,
                         nu__write_migration(&merge, header));
    }
}

static bool is_wanted(const nu_list *labels, nu_str app)
{
    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq(nu_at(labels, i).s, app))
            return true;
    return !nu_list_len(labels);
}

int nu__merge_migrations(const nu_command_run *run, nu__graph *graph, const nu_list *labels,
                         nu_str name)
{
    size_t n_apps, merged = 0;
    const nu__app_config *apps = nu__apps(&n_apps);

    for (size_t i = 0; i < n_apps; i++) {
        branches b = { .app = apps[i].label };

        b.leaves = nu__graph_leaves(graph, b.app, &b.n);
        if (b.n < 2 || !is_wanted(labels, b.app))
            continue;
        merged++;
        print_branches(run, graph, &b);
        if (nu__ask_yes(run,
                        S("\nMerging will only work if the operations printed above do not "
                          "conflict\nwith each other (working on different fields or models)\n"
                          "Should these migration branches be merged? [y/N]"),
                        true))
            write_merge(run, &b, name);
    }
    if (!merged)
        nu_command_print(run, "No conflicts detected to merge.\n");
    return 0;
}
