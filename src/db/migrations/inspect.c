#include "db/migrations/inspect_int.h"

#include "core/suggest.h"
#include "core/text.h"
#include "db/migrations/recorder.h"
#include "db/migrations/references.h"

#include <nuages/conf.h>
#include <stdlib.h>
#include <string.h>

/* Tables whose models Nuages has already, with their names in C. */
static const struct {
    const char *table, *app, *name, *type;
} contrib[] = {
    { "auth_user", "auth", "User", "nu_user" },
    { "auth_group", "auth", "Group", "nu_group" },
    { "auth_permission", "auth", "Permission", "nu_permission" },
    { "auth_user_groups", "auth", NULL, NULL },
    { "auth_user_user_permissions", "auth", NULL, NULL },
    { "auth_group_permissions", "auth", NULL, NULL },
    { "django_content_type", "contenttypes", "ContentType", "nu_content_type" },
    { "django_session", "sessions", "Session", NULL },
    { "django_migrations", NULL, NULL, NULL },
    { "nuages_migration_progress", NULL, NULL, NULL },
};

enum { CONTRIB = sizeof contrib / sizeof *contrib };

/* ---- which tables -------------------------------------------------------------------------- */

static bool is_wanted(const nu__inspection *what, const nu__table *table)
{
    for (size_t i = 0; i < nu_list_len(what->tables); i++)
        if (nu_eq(nu_at(what->tables, i).s, table->name))
            return true;
    return !nu_list_len(what->tables) &&
           (table->kind == 't' || (table->kind == 'v' && what->views) ||
            (table->kind == 'p' && what->partitions));
}

/* The app of django_migrations that a table's name begins with, the longest. */
static const char *app_of(const nu__inspection *what, const nu__history *history, nu_str table)
{
    const char *found = what->app;
    size_t longest = 0;

    for (size_t i = 0; i < history->n; i++) {
        nu_str app = history->items[i].app;

        if (app.len > longest && nu__is_identifier(app) &&
            nu_starts_with(table, nu_fmt("{}_", app))) {
            longest = app.len;
            found = app.ptr;
        }
    }
    return found;
}

/* An app has room for so many models; more go to "legacy_2", and so on. */
static const char *label_with_room(const nu__inspection *what, const char *label)
{
    const char *found = label;

    for (int64_t number = 2;; number++) {
        size_t n = 0;

        for (size_t i = 0; i < what->n; i++)
            n += !what->items[i].contrib && !strcmp(what->items[i].model->app_label, found);
        if (n < sizeof((nu_app *)NULL)->models / sizeof(nu_model *))
            return found;
        found = nu_fmt("{}_{}", label, number).ptr;
    }
}

bool nu__same_identifier(const nu__inspection *what, nu_str a, nu_str b)
{
    bool any_case = what->connection->backend->dialect == NU__SQLITE;

    return any_case ? nu__same_name(a.ptr, b.ptr) : nu_eq(a, b);
}

nu__inspected *nu__inspected_of(const nu__inspection *what, nu_str table)
{
    for (size_t i = 0; i < what->n; i++)
        if (nu__same_identifier(what, what->items[i].table, table))
            return &what->items[i];
    return NULL;
}

static bool name_is_taken(const nu__inspection *what, const char *app, const char *name)
{
    for (size_t i = 0; i < what->n; i++)
        if (what->items[i].model && nu__same_name(what->items[i].model->name, name) &&
            (!what->items[i].contrib || !strcmp(what->items[i].model->app_label, app)))
            return true;
    return false;
}

static void name_model(nu__inspection *what, nu__inspected *item, const nu__table *table,
                       const char *app)
{
    const char *name = nu__inspected_model_name(item->table, app), *plain = name;

    for (int64_t i = 2; name_is_taken(what, app, name); i++)
        name = nu_fmt("{}{}", plain, i).ptr;
    item->model = nu_alloc(nu_model);
    item->model->name = name;
    item->model->app_label = app;
    item->model->unmanaged = !what->managed || table->kind != 't';
    item->model->db_table_comment = table->comment.ptr;
    if (!nu_eq(item->table, nu_lower(nu_fmt("{}_{}", app, name)).ptr))
        item->model->db_table = item->table.ptr;
}

static void add_table(nu__inspection *what, const nu__history *history, const nu__table *table)
{
    nu__inspected *item = &what->items[what->n];

    *item = (nu__inspected){ .table = table->name, .kind = table->kind };
    for (size_t i = 0; i < CONTRIB; i++) {
        if (!nu_eq(table->name, contrib[i].table))
            continue;
        if (!contrib[i].type)
            return;
        item->contrib = contrib[i].type;
        item->model = nu_alloc(nu_model);
        item->model->name = contrib[i].name;
        item->model->app_label = contrib[i].app;
        what->n++;
        return;
    }
    if (!is_wanted(what, table))
        return;
    name_model(what, item, table, label_with_room(what, app_of(what, history, table->name)));
    what->n++;
}

static void check_wanted(const nu__inspection *what, const nu__table *tables, size_t n)
{
    const char **names = nu_alloc_array(const char *, n + 1);

    for (size_t k = 0; k < n; k++)
        names[k] = tables[k].name.ptr;
    for (size_t i = 0; i < nu_list_len(what->tables); i++) {
        bool found = false;

        for (size_t k = 0; k < n && !found; k++)
            found = nu_eq(nu_at(what->tables, i).s, tables[k].name);
        if (!found && !what->unknown)
            nu_raise(NU_COMMAND_ERROR, "The database has no table {}.{}", nu_at(what->tables, i),
                     nu__suggestion(nu_at(what->tables, i).s, names, n));
        if (!found)
            nu_list_append(
                what->unknown,
                nu_fmt("Unable to inspect table '{}'\n   The error was: the database has "
                       "no table of this name.{}",
                       nu_at(what->tables, i), nu__suggestion(nu_at(what->tables, i).s, names, n)));
    }
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void find_keys(nu__reading *r)
{
    for (size_t i = 0; i < r->n_constraints; i++)
        for (size_t k = 0; r->constraints[i].primary_key && k < r->constraints[i].n_columns; k++)
            r->keys[r->n_keys++] = r->constraints[i].columns[k];
    for (size_t i = 0; !r->n_keys && i < r->n_columns; i++)
        if (r->columns[i].primary_key)
            r->keys[r->n_keys++] = r->columns[i].name;
}

bool nu__is_unique_column(const nu__inspection *what, const nu__table_constraint *constraints,
                          size_t n, nu_str column)
{
    for (size_t i = 0; i < n; i++)
        if (constraints[i].unique && !constraints[i].in_part && constraints[i].n_columns == 1 &&
            nu__same_identifier(what, constraints[i].columns[0], column))
            return true;
    return false;
}

/* The one column that stands for the row: the key, of several its first; without any a unique one,
   else the first that is never null. */
static nu_str standing_for_row(const nu__reading *r, bool *unique)
{
    size_t first = r->n_columns;

    *unique = r->n_keys == 1;
    if (r->n_keys)
        return r->keys[0];
    for (size_t i = 0; i < r->n_columns; i++) {
        if (r->columns[i].null)
            continue;
        first = first == r->n_columns ? i : first;
        if (!nu__is_unique_column(r->all, r->constraints, r->n_constraints, r->columns[i].name))
            continue;
        *unique = true;
        return r->columns[i].name;
    }
    return r->columns[first == r->n_columns ? 0 : first].name;
}

bool nu__is_inspected_key(const nu__reading *r, nu_str column)
{
    return nu_eq(column, r->key);
}

/* ---- a table ------------------------------------------------------------------------------- */

static nu_str joined(const nu_str *texts, size_t n)
{
    nu_list *list = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(list, texts[i]);
    return nu__join(S(", "), list);
}

static const char *note_of_key(const nu__reading *r, bool unique)
{
    if (r->n_keys > 1)
        return nu_fmt("The key has several columns, {}; the first stands for it. ",
                      joined(r->keys, r->n_keys))
            .ptr;
    if (r->n_keys)
        return "";
    return nu_fmt("{}{} stands for the key{}",
                  r->item->kind == 't' ? "There is no primary key; " : "", r->key,
                  unique ? ", as it is unique. " : ". ")
        .ptr;
}

/* A relation has one column. */
static nu_str note_of_references(const nu__reading *r)
{
    nu_str note = S("");

    for (size_t i = 0; i < r->n_constraints; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];

        if (constraint->to_table.ptr && constraint->n_columns > 1)
            note =
                nu_fmt("{}{} together refer to {}: no field here, follow it by nu_filter(). ", note,
                       joined(constraint->columns, constraint->n_columns), constraint->to_table);
    }
    return note;
}

static void note_table(nu__reading *r, bool unique)
{
    static const char shared[] = "Rows are read, made, filtered, updated and deleted by queries; "
                                 "save() and delete() of one that was read raise an error. ";
    const char *kind = r->item->kind == 't'   ? ""
                       : r->item->kind == 'v' ? "A view. "
                                              : "A partition. ";
    nu_str note = nu_fmt("{}{}{}{}", kind, note_of_key(r, unique), unique ? "" : shared,
                         note_of_references(r));

    r->item->note = note.len ? nu_copy((nu_str){ note.ptr, note.len - 1 }).ptr : NULL;
}

static void read_table(nu__inspection *what, nu__inspected *item)
{
    const nu__introspection *introspection = what->connection->backend->introspection;
    nu__reading r = { .all = what, .item = item };
    bool unique;

    r.columns = introspection->columns(what->connection, item->table, &r.n_columns);
    r.constraints = introspection->constraints(what->connection, item->table, &r.n_constraints);
    r.checks = nu__inspected_checks(what->connection, item->table);
    if (!r.n_columns)
        return; /* PostgreSQL allows such a table */
    find_keys(&r);
    r.key = standing_for_row(&r, &unique);
    note_table(&r, unique);
    item->model->unmanaged |= r.n_keys != 1;
    item->model->shared_key = !unique;
    nu__inspect_fields(&r);
    nu__inspect_sets(&r);
}

void nu__inspect(nu__inspection *what)
{
    nu__history history = nu__recorder_history(what->connection);
    size_t n;
    nu__table *tables = what->connection->backend->introspection->tables(what->connection, &n);

    check_wanted(what, tables, n);
    what->items = nu_alloc_array(nu__inspected, n + 1);
    what->n = 0;
    for (size_t i = 0; i < n; i++)
        add_table(what, &history, &tables[i]);
    for (size_t i = 0; i < what->n; i++)
        if (!what->items[i].contrib)
            read_table(what, &what->items[i]);
    nu__inspect_targets(what);
}
