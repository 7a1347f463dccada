/* inspectdb: sets of columns, unique or indexed. */
#include "core/text.h"
#include "db/backends/base.h"
#include "db/migrations/inspect_int.h"

#include <string.h>

/* ---- unique together, indexes -------------------------------------------------------------- */

static const char *field_of_column(const nu__reading *r, nu_str column)
{
    for (size_t i = 0; i < r->item->n_fields; i++)
        if (nu__same_identifier(r->all, r->item->fields[i].column, column))
            return r->item->fields[i].def->name;
    return NULL;
}

static bool take_columns(const nu__reading *r, const nu__table_constraint *constraint,
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

static void add_unique_together(nu__reading *r)
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

static bool is_own_index(const nu__reading *r, const nu__table_constraint *constraint)
{
    return constraint->n_columns == 1 && nu__inspected_reference(r, constraint->columns[0]);
}

static bool take_included(const nu__reading *r, const nu__table_constraint *constraint,
                          const char *out[4])
{
    for (size_t k = 0; k < constraint->n_included; k++)
        if (!(out[k] = field_of_column(r, constraint->included[k])))
            return false;
    return true;
}

static bool take_kind(const nu__table_constraint *constraint, nu_index *index)
{
    if (constraint->type.ptr && !nu__index_type_of(constraint->type, &index->type))
        return false;
    if (nu_is_null(constraint->opclasses[0]))
        return true;
    for (size_t k = 0; k < constraint->n_columns && k < 4; k++)
        index->opclasses[k] = constraint->opclasses[k].ptr;
    return constraint->n_columns <= 4;
}

/* PostgreSQL: the second index of a unique text, for LIKE, which the field makes by itself. */
static bool is_for_like(const nu__reading *r, const nu__table_constraint *constraint)
{
    return constraint->n_columns == 1 && !nu_is_null(constraint->opclasses[0]) &&
           nu_ends_with(constraint->opclasses[0], S("_pattern_ops")) &&
           nu__is_unique_column(r->all, r->constraints, r->n_constraints, constraint->columns[0]);
}

/* Whose columns or expressions are all that it has; no model says more. */
static bool can_be_said(const nu__table_constraint *constraint)
{
    return !constraint->in_part && nu_is_null(constraint->own);
}

/* What migrations are to look after; the names of longer ones they cannot have. */
static void add_indexes(nu__reading *r)
{
    size_t n = 0;

    for (size_t i = 0; r->all->managed && i < r->n_constraints && n < 15; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];
        nu_index index = { .name = constraint->name.ptr };

        if (constraint->index && can_be_said(constraint) && !constraint->unique &&
            !constraint->primary_key && !is_own_index(r, constraint) &&
            !is_for_like(r, constraint) && constraint->name.len <= 30 &&
            take_columns(r, constraint, index.fields) &&
            take_included(r, constraint, index.include) && take_kind(constraint, &index))
            r->item->model->indexes[n++] = index;
    }
}

/* ---- what no model says -------------------------------------------------------------------- */

static void note_indexes(nu__reading *r)
{
    nu_list *found = nu_list_new();

    for (size_t i = 0; i < r->n_constraints; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];

        if (constraint->index && !can_be_said(constraint))
            nu_list_append(
                found, nu_fmt("{}{} ({})", constraint->unique ? "unique " : "", constraint->name,
                              nu_is_null(constraint->own) ? S("of some rows, or over an expression")
                                                          : constraint->own));
    }
    if (nu_list_len(found))
        r->item->note = nu__both_notes(
            r->item->note, nu_fmt("Indexes that stay the database's own, as they are not said "
                                  "here: {}.",
                                  nu__join(S(", "), found))
                               .ptr);
}

void nu__inspect_sets(nu__reading *r)
{
    add_unique_together(r);
    add_indexes(r);
    note_indexes(r);
}
