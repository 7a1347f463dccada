#include "db/migrations/inspect.h"

#include "core/suggest.h"
#include "core/text.h"
#include "db/migrations/recorder.h"
#include "db/migrations/references.h"

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

/* What is known of a table while its model is made. */
typedef struct reading {
    nu__inspection *all;
    nu__inspected *item;
    nu__table_column *columns;
    size_t n_columns;
    nu__table_constraint *constraints;
    size_t n_constraints;
    nu_list *checks;
    nu_str keys[16];
    size_t n_keys;
} reading;

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

        if (app.len > longest && nu_starts_with(table, nu_fmt("{}_", app))) {
            longest = app.len;
            found = app.ptr;
        }
    }
    return found;
}

static nu__inspected *item_of(const nu__inspection *what, nu_str table)
{
    for (size_t i = 0; i < what->n; i++)
        if (nu_eq(what->items[i].table, table))
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
    name_model(what, item, table, app_of(what, history, table->name));
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
        if (!found)
            nu_raise(NU_COMMAND_ERROR, "The database has no table {}.{}", nu_at(what->tables, i),
                     nu__suggestion(nu_at(what->tables, i).s, names, n));
    }
}

/* ---- keys ---------------------------------------------------------------------------------- */

static void find_keys(reading *r)
{
    for (size_t i = 0; i < r->n_constraints; i++)
        for (size_t k = 0; r->constraints[i].primary_key && k < r->constraints[i].n_columns; k++)
            r->keys[r->n_keys++] = r->constraints[i].columns[k];
    for (size_t i = 0; !r->n_keys && i < r->n_columns; i++)
        if (r->columns[i].primary_key)
            r->keys[r->n_keys++] = r->columns[i].name;
}

/* The one column that stands for the row; of several the first, of none the first column. */
static bool is_key(const reading *r, nu_str column)
{
    return nu_eq(column, r->n_keys ? r->keys[0] : r->columns[0].name);
}

static bool is_unique(const nu__table_constraint *constraints, size_t n, nu_str column)
{
    for (size_t i = 0; i < n; i++)
        if (constraints[i].unique && !constraints[i].in_part && constraints[i].n_columns == 1 &&
            nu_eq(constraints[i].columns[0], column))
            return true;
    return false;
}

static bool is_sole_key(nu__connection *connection, nu_str table, nu_str column, bool *unique)
{
    size_t n;
    nu__table_constraint *constraints =
        connection->backend->introspection->constraints(connection, table, &n);
    bool sole = false;

    for (size_t i = 0; i < n; i++)
        sole |= constraints[i].primary_key && constraints[i].n_columns == 1 &&
                nu_eq(constraints[i].columns[0], column);
    *unique = is_unique(constraints, n, column);
    return sole;
}

/* ---- relations ----------------------------------------------------------------------------- */

/* The foreign key over just this column, to a table that is among the models. */
static const nu__table_constraint *reference_of(const reading *r, nu_str column)
{
    for (size_t i = 0; i < r->n_constraints; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];

        if (constraint->to_table.ptr && constraint->n_columns == 1 &&
            nu_eq(constraint->columns[0], column) && item_of(r->all, constraint->to_table))
            return constraint;
    }
    return NULL;
}

static bool refers_already(const reading *r, const char *label)
{
    for (size_t i = 0; i < r->item->n_fields; i++)
        if (nu__same_text(r->item->fields[i].def->to_name, label))
            return true;
    return false;
}

/* The way back must have no name that is a column there. */
static bool clashes(const reading *r, const nu__table_constraint *reference)
{
    size_t n;
    nu__table_column *columns = r->all->connection->backend->introspection->columns(
        r->all->connection, reference->to_table, &n);

    for (size_t i = 0; i < n; i++)
        if (nu__same_name(columns[i].name.ptr, r->item->model->name) ||
            nu__same_name(columns[i].name.ptr, nu_fmt("{}_id", r->item->model->name).ptr))
            return true;
    return false;
}

static nu_field *relation(const reading *r, const nu__table_column *column,
                          const nu__table_constraint *reference, const char **note)
{
    nu__inspected *to = item_of(r->all, reference->to_table);
    bool unique,
        key = is_key(r, column->name) && r->n_keys == 1,
        sole = is_sole_key(r->all->connection, reference->to_table, reference->to_column, &unique);
    nu_relation_field *field;

    if (!sole && !unique && reference->to_column.ptr)
        return NULL; /* a part of a key of several columns */
    field = nu_alloc(nu_relation_field);
    field->base.to_name = nu_fmt("{}.{}", to->model->app_label, to->model->name).ptr;
    field->base.type = key || is_unique(r->constraints, r->n_constraints, column->name)
                           ? NU_ONE_TO_ONE_FIELD
                           : NU_FOREIGN_KEY;
    field->on_delete = column->null ? SET_NULL : DO_NOTHING;
    field->base.null = field->base.blank = column->null;
    if (!sole && reference->to_column.ptr)
        field->to_field = reference->to_column.ptr;
    if (refers_already(r, field->base.to_name) || clashes(r, reference) || to == r->item)
        field->related_name =
            nu_fmt("{}_{}_set", nu_lower(nu_s(r->item->model->name)), nu_lower(column->name)).ptr;
    *note = "on_delete is a guess.";
    return &field->base;
}

/* ---- fields -------------------------------------------------------------------------------- */

static nu_field *field_of(const reading *r, const nu__table_column *column, const char **note)
{
    const nu__table_constraint *reference = reference_of(r, column->name);
    nu_field *field = reference ? relation(r, column, reference, note) : NULL;

    if (field)
        return field;
    field = nu__inspected_column(
        column, r->n_keys == 1 && is_key(r, column->name) && column->counted, note);
    if (field->type == NU_CHAR_FIELD || field->type == NU_TEXT_FIELD)
        field->choices = nu__inspected_choices(r->checks, column->name);
    field->unique = is_unique(r->constraints, r->n_constraints, column->name);
    return field;
}

static const char **names_so_far(const nu__inspected *item)
{
    const char **names = nu_alloc_array(const char *, item->n_fields + 2);

    for (size_t i = 0; i < item->n_fields; i++)
        names[i] = item->fields[i].def->name;
    return names;
}

static const char *both_notes(const char *a, const char *b)
{
    return a && b ? nu_fmt("{} {}", a, b).ptr : a ? a : b;
}

/* Only the key may be called id. */
static void name_field(const reading *r, nu_field *field, nu_str column, const char **note)
{
    const char *renamed;
    const char **taken = names_so_far(r->item);
    size_t n = r->item->n_fields;

    if (!is_key(r, column))
        taken[n++] = "id";
    field->name = nu__inspected_field_name(column, field->to_name != NULL, taken, n, &renamed);
    *note = both_notes(renamed, *note);
    if (!nu_eq(column, field->to_name ? nu_fmt("{}_id", field->name).ptr : field->name))
        field->db_column = column.ptr;
}

static void add_field(reading *r, const nu__table_column *column)
{
    nu__inspected *item = r->item;
    nu__inspected_field *made = &item->fields[item->n_fields];
    const char *note = NULL;
    nu_field *field = field_of(r, column, &note);

    if (item->n_fields == 127)
        nu_raise(NU_COMMAND_ERROR,
                 "{} has more than 127 columns: name the other tables, and write "
                 "this one by hand",
                 item->table);
    name_field(r, field, column->name, &note);
    if (is_key(r, column->name)) {
        field->primary_key = true;
        field->null = field->blank = field->unique = false;
    }
    field->db_comment = column->comment.ptr;
    *made = (nu__inspected_field){ .def = field, .note = note };
    item->model->fields[item->n_fields++] = field;
}

/* ---- unique together, indexes -------------------------------------------------------------- */

static const char *field_of_column(const reading *r, nu_str column)
{
    for (size_t i = 0; i < r->n_columns && i < r->item->n_fields; i++)
        if (nu_eq(r->columns[i].name, column))
            return r->item->fields[i].def->name;
    return NULL;
}

static bool take_columns(const reading *r, const nu__table_constraint *constraint,
                         const char *out[8])
{
    if (constraint->n_columns > 8 || !constraint->n_columns)
        return false;
    for (size_t k = 0; k < constraint->n_columns; k++) {
        const char *name = field_of_column(r, constraint->columns[k]);

        if (!name)
            return false;
        out[k] = constraint->descending[k] ? nu_fmt("-{}", name).ptr : name;
    }
    return true;
}

static void add_unique_together(reading *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->n_constraints && n < 4; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];
        const char *names[8] = { NULL };
        bool several = (constraint->unique || constraint->primary_key) && !constraint->in_part &&
                       constraint->n_columns > 1;

        if (several && take_columns(r, constraint, names))
            memcpy(r->item->model->unique_together[n++], names, sizeof names);
    }
}

static bool is_own_index(const reading *r, const nu__table_constraint *constraint)
{
    return constraint->n_columns == 1 && reference_of(r, constraint->columns[0]);
}

/* What migrations are to look after; the names of longer ones they cannot have. */
static void add_indexes(reading *r)
{
    size_t n = 0;

    for (size_t i = 0; r->all->managed && i < r->n_constraints && n < 15; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];
        nu_index index = { .name = constraint->name.ptr };

        if (constraint->index && !constraint->in_part && !constraint->unique &&
            !constraint->primary_key && !is_own_index(r, constraint) &&
            constraint->name.len <= 30 && take_columns(r, constraint, index.fields))
            r->item->model->indexes[n++] = index;
    }
}

static void read_table(nu__inspection *what, nu__inspected *item)
{
    const nu__introspection *introspection = what->connection->backend->introspection;
    reading r = { .all = what, .item = item };

    r.columns = introspection->columns(what->connection, item->table, &r.n_columns);
    r.constraints = introspection->constraints(what->connection, item->table, &r.n_constraints);
    r.checks = nu__inspected_checks(what->connection, item->table);
    find_keys(&r);
    if (item->kind != 't')
        item->note = item->kind == 'v' ? "A view." : "A partition.";
    else if (r.n_keys > 1)
        item->note = "The key has several columns; the first stands for it. Rows that share it are "
                     "read, but must not be saved or deleted as instances.";
    else if (!r.n_keys)
        item->note = "There is no primary key; the first column stands for it.";
    if (r.n_keys != 1)
        item->model->unmanaged = true;
    for (size_t i = 0; i < r.n_columns; i++)
        add_field(&r, &r.columns[i]);
    add_unique_together(&r);
    add_indexes(&r);
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
}
