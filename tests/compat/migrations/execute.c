/* Each scenario of scenarios.inc on a real database: its models made, rows put in, the change
   applied and taken back. Prints the schema and the rows after each, `scenario|stage|text` a line.

   A query of queries.inc gives a text a row: something to compare, or, `again`, a query to run. */
#include "scenarios.h"

#include "core/list.h"
#include "db/connection.h"

typedef struct query {
    const char *sql;
    bool again;
} query;

#include "queries.inc"

static nu__connection *connection;

static nu_list *texts_of(nu_str sql)
{
    nu_list *texts = nu_list_new();
    nu__rows *rows = nu__db_query(connection, sql, (nu_values){ 0 });

    nu_defer(nu__rows_close, rows);
    while (nu__rows_next(rows))
        nu_list_append(texts, nu_string(nu__cell_value(&rows->cells[rows->n_columns - 1])));
    return texts;
}

static void run(nu_str sql)
{
    nu__db_execute(connection, sql, (nu_values){ 0 }, NULL);
}

static void run_all(const char *const *statements)
{
    for (; *statements; statements++)
        run(nu_s(*statements));
}

/* On one connection: what is said of keys is a setting of its session. */
static void reset(void)
{
    nu__connection_hold(connection);
    run_all(unchecked);
    for (const query *q = resets; q->sql; q++) {
        nu_list *drops = texts_of(nu_s(q->sql));

        for (size_t i = 0; i < nu_list_len(drops); i++)
            run(nu_at(drops, i).s);
    }
    run_all(checked);
    nu__connection_let_go(connection);
}

static void print_text(const char *name, const char *stage, nu_str text)
{
    printf("%s|%s|", name, stage);
    for (size_t i = 0; i < text.len; i++)
        putchar(text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
    putchar('\n');
}

static void print_all(const char *name, const char *stage)
{
    for (const query *q = dumps; q->sql; q++) {
        nu_list *texts = texts_of(nu_s(q->sql));

        for (size_t i = 0; i < nu_list_len(texts); i++) {
            nu_list *inner = q->again ? texts_of(nu_at(texts, i).s) : NULL;

            if (!inner)
                print_text(name, stage, nu_at(texts, i).s);
            for (size_t k = 0; inner && k < nu_list_len(inner); k++)
                print_text(name, stage, nu_at(inner, k).s);
        }
    }
}

/* ---- applying ------------------------------------------------------------------------------ */

typedef struct applied {
    const char *app;
    const nu_operation *op;
    nu__project_state *before, *after;
} applied;

static void apply(const applied *ops, size_t n, bool backwards)
{
    nu__schema_editor *editor = nu__schema_begin(connection, false, true);

    nu_defer(nu__schema_abort, editor);
    for (size_t i = 0; i < n; i++) {
        const applied *one = &ops[backwards ? n - 1 - i : i];
        const nu__operation_run step = { editor, one->app, one->before, one->after };

        nu__operation_apply(&step, one->op, backwards);
    }
    nu__schema_end(editor);
}

static applied with_states(nu__project_state *before, const char *app, const nu_operation *op)
{
    applied one = { app, op, before, nu__state_copy(before) };

    nu__operation_type_of(op)->state(one.after, app, op);
    return one;
}

static bool is_ready(const nu__new_migration *made, size_t n, const bool *done,
                     const nu__new_migration *which)
{
    for (size_t d = 0; d < 16 && which->migration.dependencies[d][0]; d++)
        for (size_t k = 0; k < n; k++)
            if (!done[k] && !strcmp(made[k].app_label, which->migration.dependencies[d][0]) &&
                !strcmp(made[k].migration.name, which->migration.dependencies[d][1]))
                return false;
    return true;
}

/* The operations of all migrations, those that others depend on first. */
static size_t in_order(const scenario *s, nu__project_state *state, applied *out)
{
    bool done[16] = { false };
    size_t n, count = 0;
    nu__new_migration *made = detected(s, &n);

    for (size_t round = 0; round < n; round++)
        for (size_t i = 0; i < n; i++) {
            if (done[i] || !is_ready(made, n, done, &made[i]))
                continue;
            done[i] = true;
            for (const nu_operation *op = made[i].operations; op->kind; op++) {
                out[count] = with_states(state, made[i].app_label, op);
                state = out[count++].after;
            }
        }
    return count;
}

/* The models before the change, as a first migration makes them. */
static nu__project_state *set_up(const scenario *s)
{
    static const struct step none[] = { { NULL, { 0 } } };
    const scenario first = { s->name, none, s->before };
    nu__project_state *state = nu__state_new("auth.User");
    applied ops[64];
    size_t n = in_order(&first, state, ops);

    apply(ops, n, false);
    return n ? ops[n - 1].after : state;
}

/* On one connection: what is said of keys is a setting of its session. */
static void put_in(const char *const *rows)
{
    nu__connection_hold(connection);
    run_all(unchecked);
    run_all(rows);
    run_all(checked);
    nu__connection_let_go(connection);
}

static void go_through(const scenario *s, const char *const *rows)
{
    applied ops[64];
    size_t n;
    nu_scratch_scope();

    reset();
    n = in_order(s, set_up(s), ops);
    put_in(rows);
    apply(ops, n, false);
    print_all(s->name, "forwards");
    apply(ops, n, true);
    print_all(s->name, "backwards");
}

static int execute(const nu_command_run *command)
{
    (void)command;
    connection = nu__connection_of("default");
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        const nu_error *error = nu_catch(NU_EXCEPTION, go_through(&scenarios[i], rows_of[i]));

        if (error) {
            print_text(scenarios[i].name, "raises", nu_s(nu_error_class_name(error->klass)));
            fprintf(stderr, "%s: %s\n", scenarios[i].name, nu_copy(error->message).ptr);
        }
    }
    return 0;
}

static const nu_command execute_command = { .name = "execute",
                                            .help = "Apply every change.",
                                            .run = execute };
static const nu_app tools_app = { .name = "tools", .commands = { &execute_command } };
static const nu_settings settings = {
    .secret_key = "for-this-test-only-0123456789abcdefghijklmnopqrstuvwxyz",
    .installed_apps = { &tools_app },
    .databases = { Database("default", .engine = "sqlite3", .url_env = "DATABASE_URL") },
};

int main(int argc, char **argv)
{
    return nu_main(argc, argv, &settings);
}
