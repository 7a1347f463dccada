/* inspectdb: columns as fields and relations. */
#include "core/text.h"
#include "db/connection.h"
#include "db/migrations/inspect_int.h"
#include "db/migrations/references.h"

#include <string.h>

/* Is it the whole key of a table? A reference may leave the column out: then it is to the key. */
static bool is_sole_key(const nu__inspection *what, nu_str table, nu_str column, bool *unique)
{
    size_t n;
    nu__table_constraint *constraints =
        what->connection->backend->introspection->constraints(what->connection, table, &n);
    bool sole = false;

    for (size_t i = 0; i < n; i++)
        sole |= constraints[i].primary_key && constraints[i].n_columns == 1 &&
                (!column.ptr || nu__same_identifier(what, constraints[i].columns[0], column));
    *unique = column.ptr && nu__is_unique_column(what, constraints, n, column);
    return sole;
}

/* ---- relations ----------------------------------------------------------------------------- */

/* The foreign key over just this column, to a table that is among the models. */
const nu__table_constraint *nu__inspected_reference(const nu__reading *r, nu_str column)
{
    for (size_t i = 0; i < r->n_constraints; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];

        if (constraint->to_table.ptr && constraint->n_columns == 1 &&
            nu_eq(constraint->columns[0], column) && nu__inspected_of(r->all, constraint->to_table))
            return constraint;
    }
    return NULL;
}

static bool refers_already(const nu__reading *r, const char *label)
{
    for (size_t i = 0; i < r->item->n_fields; i++)
        if (nu__same_text(r->item->fields[i].def->to_name, label))
            return true;
    return false;
}

/* The way back must have no name that is a column there. */
static bool clashes(const nu__reading *r, const nu__table_constraint *reference)
{
    size_t n;
    nu__table_column *columns = r->all->connection->backend->introspection->columns(
        r->all->connection, nu__inspected_of(r->all, reference->to_table)->table, &n);

    for (size_t i = 0; i < n; i++)
        if (nu__same_name(columns[i].name.ptr, r->item->model->name) ||
            nu__same_name(columns[i].name.ptr, nu_fmt("{}_id", r->item->model->name).ptr))
            return true;
    return false;
}

static nu__member member_of(const nu__table_column *columns, size_t n, const nu__inspection *what,
                            nu_str column)
{
    const char *note;

    for (size_t i = 0; i < n; i++)
        if (nu__same_identifier(what, columns[i].name, column))
            return nu__field_type_row(nu__inspected_column(&columns[i], false, &note)->type)
                ->member;
    return NU__MEMBER_STR;
}

/* A reference holds a key: of another column only one that is as the key is. */
static bool is_as_the_key(const nu__inspection *what, nu_str table, nu_str column)
{
    const nu__introspection *introspection = what->connection->backend->introspection;
    size_t n, n_constraints;
    nu__table_column *columns = introspection->columns(what->connection, table, &n);
    nu__table_constraint *constraints =
        introspection->constraints(what->connection, table, &n_constraints);

    for (size_t i = 0; i < n_constraints; i++)
        if (constraints[i].primary_key && constraints[i].n_columns == 1)
            return member_of(columns, n, what, constraints[i].columns[0]) ==
                   member_of(columns, n, what, column);
    return false;
}

static nu_field *relation(const nu__reading *r, const nu__table_column *column,
                          const nu__table_constraint *reference, const char **note)
{
    nu__inspected *to = nu__inspected_of(r->all, reference->to_table);
    bool unique, key = nu__is_inspected_key(r, column->name) && r->n_keys == 1,
                 sole = is_sole_key(r->all, to->table, reference->to_column, &unique);
    nu_relation_field *field;

    if (!sole && !unique)
        return NULL; /* a part of a key of several columns */
    if (key && to == r->item) {
        *note = "Refers to itself: a key can't be such a relation.";
        return NULL;
    }
    if (!sole && (key || to->contrib) && !is_as_the_key(r->all, to->table, reference->to_column)) {
        *note = nu_fmt("Refers to {} of {}, which is not of its key's type: no relation.",
                       reference->to_column, to->table)
                    .ptr;
        return NULL;
    }
    field = nu_alloc(nu_relation_field);
    field->base.to_name = nu_fmt("{}.{}", to->model->app_label, to->model->name).ptr;
    field->base.type =
        key || nu__is_unique_column(r->all, r->constraints, r->n_constraints, column->name)
            ? NU_ONE_TO_ONE_FIELD
            : NU_FOREIGN_KEY;
    field->on_delete = column->null ? SET_NULL : DO_NOTHING;
    field->base.null = field->base.blank = column->null;
    if (!sole)
        field->to_field = reference->to_column.ptr;
    if (refers_already(r, field->base.to_name) || clashes(r, reference) || to == r->item)
        field->related_name =
            nu_fmt("{}_{}_set", nu_lower(nu_s(r->item->model->name)), nu_lower(column->name)).ptr;
    *note = "on_delete is a guess.";
    return &field->base;
}

/* ---- fields -------------------------------------------------------------------------------- */

static bool is_whole(const nu_field *field)
{
    nu__member member = nu__field_type_row(field->type)->member;

    return member == NU__MEMBER_INT || member == NU__MEMBER_OPT_INT;
}

static bool may_have_choices(const nu_field *field)
{
    return field->type == NU_CHAR_FIELD || field->type == NU_TEXT_FIELD || is_whole(field);
}

static nu_field *field_of(const nu__reading *r, const nu__table_column *column, const char **note)
{
    const nu__table_constraint *reference = nu__inspected_reference(r, column->name);
    nu_field *field = reference ? relation(r, column, reference, note) : NULL;

    if (field)
        return field;
    field = nu__inspected_column(
        column, r->n_keys == 1 && nu__is_inspected_key(r, column->name) && column->counted, note);
    if (may_have_choices(field))
        field->choices = nu__inspected_choices(r->all->connection->backend->dialect, r->checks,
                                               column->name, is_whole(field));
    field->unique = nu__is_unique_column(r->all, r->constraints, r->n_constraints, column->name);
    return field;
}

/* A relation is known by two names: author and author_id. */
static size_t names_so_far(const nu__inspected *item, const char **names)
{
    size_t n = 0;

    for (size_t i = 0; i < item->n_fields; i++) {
        const nu_field *field = item->fields[i].def;

        names[n++] = field->name;
        if (field->to_name)
            names[n++] = nu_fmt("{}_id", field->name).ptr;
    }
    return n;
}

const char *nu__both_notes(const char *a, const char *b)
{
    return a && b ? nu_fmt("{} {}", a, b).ptr : a ? a : b;
}

/* Only the key may be called id. */
static void name_field(const nu__reading *r, nu_field *field, nu_str column, const char **note)
{
    const char *renamed;
    const char **taken = nu_alloc_array(const char *, 2 * r->item->n_fields + 1);
    size_t n = names_so_far(r->item, taken);

    if (!nu__is_inspected_key(r, column))
        taken[n++] = "id";
    field->name = nu__inspected_field_name(column, field->to_name != NULL, taken, n, &renamed);
    *note = nu__both_notes(renamed, *note);
    if (!nu_eq(column, field->to_name ? nu_fmt("{}_id", field->name).ptr : field->name))
        field->db_column = column.ptr;
}

/* What the database works out by itself, and a model has no words for. */
static const char *note_of_counting(const nu__reading *r, const nu__table_column *column,
                                    const nu_field *field)
{
    bool key = r->n_keys == 1 && nu__is_inspected_key(r, column->name);

    if (column->computed)
        return "The database computes it: write a GeneratedField, or never save it.";
    if (column->always_counted && key)
        return "GENERATED ALWAYS AS IDENTITY: the database refuses a key that is given, by "
               "create() or a fixture.";
    if (column->always_counted)
        return "GENERATED ALWAYS AS IDENTITY: the database refuses any value; leave the field out "
               "to save rows.";
    if (column->counted && !key && !field->to_name)
        return "The database counts it where it is left out; save() never does: give it a value, "
               "or leave the field out.";
    if (column->counted && strstr(nu_lower(column->type).ptr, "unsigned"))
        return nu_fmt("The database has {}; one that these migrations make from nothing counts "
                      "with a sign.",
                      nu__replace(nu_lower(column->type), S(" auto_increment"), S("")))
            .ptr;
    return NULL;
}

static void add_field(nu__reading *r, const nu__table_column *column)
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
    if (nu__is_inspected_key(r, column->name)) {
        field->primary_key = true;
        field->null = field->blank = field->unique = false;
        if (field->to_name && ((nu_relation_field *)field)->on_delete == SET_NULL)
            ((nu_relation_field *)field)->on_delete = DO_NOTHING;
    }
    note = nu__both_notes(note, note_of_counting(r, column, field));
    field->db_comment = column->comment.ptr;
    *made = (nu__inspected_field){ .def = field, .note = note, .column = column->name };
    item->model->fields[item->n_fields++] = field;
}

void nu__inspect_fields(nu__reading *r)
{
    for (size_t i = 0; i < r->n_columns; i++)
        add_field(r, &r->columns[i]);
}

/* ---- what relations lead to ---------------------------------------------------------------- */

static const char *field_of_target(const nu__inspection *what, const nu_relation_field *relation)
{
    for (size_t i = 0; i < what->n; i++) {
        const nu__inspected *item = &what->items[i];

        if (!nu__label_is(relation->base.to_name, item->model->app_label, item->model->name))
            continue;
        for (size_t k = 0; k < item->n_fields; k++)
            if (nu__same_identifier(what, item->fields[k].column, nu_s(relation->to_field)))
                return item->fields[k].def->name;
    }
    return relation
        ->to_field; /* of a model that Nuages has: its fields are called as its columns */
}

void nu__inspect_targets(nu__inspection *what)
{
    for (size_t i = 0; i < what->n; i++)
        for (size_t k = 0; k < what->items[i].n_fields; k++) {
            nu_field *field = what->items[i].fields[k].def;
            nu_relation_field *relation = (nu_relation_field *)field;

            if (field->to_name && relation->to_field)
                relation->to_field = field_of_target(what, relation);
        }
}
