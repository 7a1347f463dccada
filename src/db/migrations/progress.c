/* The table nuages_migration_progress. */
#include "db/migrations/progress.h"

#include "db/migrations/writer.h"

#include <nuages/json.h>

#include <string.h>

/* clang-format off */
static const nu_model progress_model = {
    .name = "Progress", .app_label = "migrations", .db_table = "nuages_migration_progress",
    .fields = {
        models_BigAutoField("id", .primary_key = true),
        models_CharField("app", .max_length = 255),
        models_CharField("name", .max_length = 255),
        models_BooleanField("backwards", Default(false)),
        models_IntegerField("operation"),
        models_IntegerField("done"),
        models_TextField("statements"),
    },
};
/* clang-format on */

static void execute(nu__connection *connection, const char *sql, nu_values params)
{
    nu__db_execute(connection, nu__dialect_sql(connection, sql), params, NULL);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The last column: what has no column of its own. */
static nu_str as_text(const nu__half *half)
{
    return nu_to_json(NU_DICT(("operations", half->operations), ("statements", half->statements),
                              ("mark", half->mark), ("refused", half->refused)));
}

/* A list alone is of an executable that did not write down the operations. */
static void read_text(nu__half *half, nu_str text)
{
    nu_value value = nu_json_read(text);
    nu_dict *of;

    if (value.kind == NU_KIND_LIST) {
        half->operations = nu_list_new();
        half->statements = value.list;
        return;
    }
    of = nu_as_dict(value);
    half->operations = nu_as_list(nu_item(of, "operations"));
    half->statements = nu_as_list(nu_item(of, "statements"));
    half->mark = nu_string(nu_item(of, "mark"));
    half->refused = nu_item(of, "refused").b;
}

static nu__half read_row(const nu__rows *rows)
{
    nu__half half = {
        .app = nu_copy(nu_string(nu__cell_value(&rows->cells[0]))),
        .name = nu_copy(nu_string(nu__cell_value(&rows->cells[1]))),
        .backwards = nu__cell_value(&rows->cells[2]).i != 0,
        .operation = nu__cell_value(&rows->cells[3]).i,
        .done = nu__cell_value(&rows->cells[4]).i,
    };

    read_text(&half, nu_string(nu__cell_value(&rows->cells[5])));
    return half;
}

nu__half *nu__halves(nu__connection *connection, size_t *n)
{
    size_t capacity = 8;
    nu__half *halves = nu_alloc_array(nu__half, capacity);
    nu__rows *rows;

    *n = 0;
    if (!nu__has_table(connection, nu_s(progress_model.db_table)))
        return halves;
    rows = nu__db_query(connection,
                        nu__dialect_sql(connection,
                                        "SELECT \"app\", \"name\", \"backwards\", \"operation\", "
                                        "\"done\", \"statements\" FROM "
                                        "\"nuages_migration_progress\" ORDER BY \"id\""),
                        (nu_values){ NULL, 0 });
    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows)) {
        if (*n == capacity) {
            nu__half *grown = nu_alloc_array(nu__half, capacity *= 2);

            memcpy(grown, halves, *n * sizeof *halves);
            halves = grown;
        }
        halves[(*n)++] = read_row(rows);
    }
    return halves;
}

nu__half nu__half_find(const nu__applying *a)
{
    const nu_migration *m = a->migration;
    size_t n;
    nu__half *halves;

    nu__ensure_table(a->execution->connection, &progress_model);
    halves = nu__halves(a->execution->connection, &n);
    for (size_t i = 0; i < n; i++)
        if (nu_eq(halves[i].app, m->app_label) && nu_eq(halves[i].name, m->name))
            return halves[i];
    return (
        nu__half){ .app = nu_s(m->app_label), .name = nu_s(m->name), .backwards = a->backwards };
}

void nu__half_add(nu__connection *connection, const nu__half *half)
{
    execute(connection,
            "INSERT INTO \"nuages_migration_progress\" (\"app\", \"name\", \"backwards\", "
            "\"operation\", \"done\", \"statements\") VALUES (%s, %s, %s, %s, %s, %s)",
            NU_ARGS(half->app, half->name, half->backwards, half->operation, half->done,
                    as_text(half)));
}

void nu__half_save(nu__connection *connection, const nu__half *half)
{
    execute(connection,
            "UPDATE \"nuages_migration_progress\" SET \"operation\" = %s, \"done\" = %s, "
            "\"statements\" = %s WHERE \"app\" = %s AND \"name\" = %s",
            NU_ARGS(half->operation, half->done, as_text(half), half->app, half->name));
}

static void forget(nu__connection *connection, nu_str app, nu_str name)
{
    execute(connection,
            "DELETE FROM \"nuages_migration_progress\" WHERE \"app\" = %s AND \"name\" = %s",
            NU_ARGS(app, name));
}

void nu__half_forget(nu__connection *connection, const nu_migration *migration)
{
    if (nu__has_table(connection, nu_s(progress_model.db_table)))
        forget(connection, nu_s(migration->app_label), nu_s(migration->name));
}

size_t nu__halves_forget(nu__connection *connection, nu_str app, const nu__graph *graph)
{
    size_t n, forgotten = 0;
    nu__half *halves = nu__halves(connection, &n);

    for (size_t i = 0; i < n; i++)
        if ((!app.ptr || nu_eq(app, halves[i].app)) &&
            !(graph && nu__graph_find(graph, halves[i].app, halves[i].name))) {
            forget(connection, halves[i].app, halves[i].name);
            forgotten++;
        }
    return forgotten;
}

/* Without a mark a statement is counted in one transaction with what it does. */
static bool is_untouched(const nu__half *half)
{
    return !half->done && (half->refused || !half->mark.len);
}

bool nu__half_is_nothing(const nu__half *half)
{
    return !half->operation && is_untouched(half);
}

/* ---- what the file says now ------------------------------------------------------------------ */

nu_list *nu__operation_texts(const nu__applying *a)
{
    nu_list *texts = nu_list_new();

    for (size_t i = 0; i < a->n; i++) {
        nu__buf out = { 0 };

        nu__write_operation(&out, &a->migration->operations[a->backwards ? a->n - 1 - i : i]);
        nu_list_append(texts, nu__buf_str(&out));
    }
    return texts;
}

static NU_NORETURN void was_edited(const nu__applying *a, const nu__half *half, size_t i,
                                   const nu_list *texts)
{
    nu_str is = i < nu_list_len(texts) ? nu_string(nu_at(texts, i)) : S("none");
    nu_str was = i < nu_list_len(half->operations) ? nu_string(nu_at(half->operations, i))
                                                   : S("none that is known");

    nu_raise(NU_MIGRATION_ERROR,
             "Migration {}.{} cannot go on: its file was changed after it was cut short at "
             "operation {}. Operation {} was `{}`, and is `{}`. Put it back as it was, and "
             "migrate; what is to be different comes in a migration of its own. Or make the "
             "database by hand what the file says, and record that by `manage migrate {} {} "
             "--fake`.",
             a->migration->app_label, a->migration->name, half->operation + 1, (int64_t)i + 1, was,
             is, a->migration->app_label, a->migration->name);
}

bool nu__half_may_restart(const nu__applying *a, const nu__half *half, const nu_list *texts)
{
    bool untouched = is_untouched(half);
    size_t n = (size_t)half->operation + !untouched;

    for (size_t i = 0; i < n; i++)
        if (i >= nu_list_len(texts) || i >= nu_list_len(half->operations) ||
            !nu_eq(nu_string(nu_at(texts, i)), nu_string(nu_at(half->operations, i))))
            was_edited(a, half, i, texts);
    return untouched;
}

/* ---- those that a plan leaves ---------------------------------------------------------------- */

/* Where `migrate` must go to complete it. */
static nu_str way_on(const nu__half *half, const nu__node *node)
{
    if (!half->backwards)
        return half->name;
    for (size_t i = 0; i < node->n_parents; i++)
        if (nu_eq(half->app, node->parents[i]->migration->app_label))
            return nu_s(node->parents[i]->migration->name);
    return S("zero");
}

static NU_NORETURN void left_half(const nu__half *half, const nu__node *node)
{
    nu_str way = way_on(half, node);

    nu_raise(
        NU_MIGRATION_ERROR,
        "Migration {}.{} was cut short at operation {} while it was {}: `manage migrate {} {}` "
        "goes on with it, and must come first. Where it is not to be completed, make the "
        "database by hand what another migration leaves (`manage sqlmigrate` prints the "
        "statements), and record that by `manage migrate {} NAME --fake`.",
        half->app, half->name, half->operation + 1, half->backwards ? "taken back" : "applied",
        half->app, way, half->app);
}

static NU_NORETURN void has_no_file(const nu__half *half)
{
    nu_raise(NU_MIGRATION_ERROR,
             "Migration {}.{} was cut short at operation {} while it was {}, and its file is gone: "
             "put it back and run `manage migrate {}`, or mend the database by hand and forget "
             "it by `manage migrate {} --prune`.",
             half->app, half->name, half->operation + 1, half->backwards ? "taken back" : "applied",
             half->app, half->app);
}

static const nu__plan_step *step_of(const nu__plan *plan, const nu__node *node)
{
    for (size_t i = 0; i < plan->n; i++)
        if (plan->steps[i].node == node)
            return &plan->steps[i];
    return NULL;
}

/* Is something taken back that the node rests on? */
static bool loses_ground(nu__graph *graph, const nu__plan *plan, nu__node *node)
{
    size_t n;
    nu__node **under = nu__graph_order(graph, node, true, &n);

    for (size_t i = 0; i < n; i++) {
        const nu__plan_step *step = step_of(plan, under[i]);

        if (step && step->backwards)
            return true;
    }
    return false;
}

void nu__halves_check(nu__connection *connection, nu__graph *graph, const nu__plan *plan,
                      nu_str app)
{
    size_t n;
    nu__half *halves = nu__halves(connection, &n);

    for (size_t i = 0; i < n; i++) {
        const nu__half *half = &halves[i];
        nu__node *node = nu__graph_find(graph, half->app, half->name);
        const nu__plan_step *step = node ? step_of(plan, node) : NULL;
        bool meant = !app.ptr || nu_eq(app, half->app);

        if (nu__half_is_nothing(half))
            continue;
        if (!node && meant)
            has_no_file(half);
        if (node &&
            (step ? step->backwards != half->backwards : meant || loses_ground(graph, plan, node)))
            left_half(half, node);
    }
}
