/* inspectdb: sets of columns, unique or indexed. */
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

/* What migrations are to look after; the names of longer ones they cannot have. */
static void add_indexes(nu__reading *r)
{
    size_t n = 0;

    for (size_t i = 0; r->all->managed && i < r->n_constraints && n < 15; i++) {
        const nu__table_constraint *constraint = &r->constraints[i];
        nu_index index = { .name = constraint->name.ptr };

        if (constraint->index && !constraint->in_part && !constraint->unique &&
            !constraint->primary_key && !is_own_index(r, constraint) &&
            constraint->name.len <= 30 && take_columns(r, constraint, index.fields) &&
            take_included(r, constraint, index.include))
            r->item->model->indexes[n++] = index;
    }
}

void nu__inspect_sets(nu__reading *r)
{
    add_unique_together(r);
    add_indexes(r);
}
