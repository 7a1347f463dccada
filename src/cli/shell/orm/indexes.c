/* Indexes and constraints of a model, as Model._meta has them. */
#include "cli/shell/orm/orm.h"

#include <string.h>

static nu__py text_or_none(const char *text)
{
    return text ? nu__py_str(nu_s(text)) : nu__py_none();
}

static bool is_descending(const char *field)
{
    return *field == '-';
}

/* ---- indexes
 * --------------------------------------------------------------------------------------- */

static nu__py index_name(nu__py self)
{
    const nu_index *index = self.cp;

    return nu__py_str(nu_s(index->name ? index->name : ""));
}

static nu__py index_fields(nu__py self)
{
    const nu_index *index = self.cp;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; i < 8 && index->fields[i]; i++)
        nu__py_append(out, nu__py_str(nu_s(index->fields[i])));
    return out;
}

static nu__py index_orders(nu__py self)
{
    const nu_index *index = self.cp;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; i < 8 && index->fields[i]; i++) {
        bool descending = is_descending(index->fields[i]);

        nu__py_append(out, nu__py_pair(nu__py_str(nu_s(index->fields[i] + descending)),
                                       nu__py_str(descending ? S("DESC") : S(""))));
    }
    return out;
}

static const nu__py_type index_type = {
    .name = "Index",
    .module = "django.db.models.indexes",
    .attributes = (const nu__py_attribute[]){ { "name", index_name },
                                              { "fields", index_fields },
                                              { "fields_orders", index_orders },
                                              { 0 } },
};

nu__py nu__orm_indexes(const nu__model_info *info)
{
    const nu_index *indexes = info->model->indexes;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; i < 16 && (indexes[i].fields[0] || indexes[i].expressions[0]); i++)
        nu__py_append(out, nu__py_pointer(&index_type, &indexes[i]));
    return out;
}

/* ---- constraints
 * ----------------------------------------------------------------------------------- */

static nu__py constraint_name(nu__py self)
{
    return text_or_none(((const nu_constraint *)self.cp)->name);
}

static nu__py constraint_fields(nu__py self)
{
    const nu_constraint *constraint = self.cp;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 4);

    for (size_t i = 0; i < 8 && constraint->fields[i]; i++)
        nu__py_append(out, nu__py_str(nu_s(constraint->fields[i])));
    return out;
}

static nu__py constraint_message(nu__py self)
{
    const char *own = ((const nu_constraint *)self.cp)->violation_error_message;

    return nu__py_str(own ? nu_s(own) : S("Constraint “%(name)s” is violated."));
}

static nu__py constraint_code(nu__py self)
{
    return text_or_none(((const nu_constraint *)self.cp)->violation_error_code);
}

static const nu__py_type constraint_type = {
    .name = "BaseConstraint",
    .module = "django.db.models.constraints",
    .attributes = (const nu__py_attribute[]){ { "name", constraint_name },
                                              { "fields", constraint_fields },
                                              { "violation_error_message", constraint_message },
                                              { "violation_error_code", constraint_code },
                                              { 0 } },
};

nu__py nu__orm_constraints(const nu__model_info *info)
{
    const nu_constraint *constraints = info->model->constraints;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; i < 16 && constraints[i].name; i++)
        nu__py_append(out, nu__py_pointer(&constraint_type, &constraints[i]));
    return out;
}
