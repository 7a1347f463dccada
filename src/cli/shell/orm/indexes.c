/* Indexes and constraints of a model, as Model._meta has them. */
#include "cli/shell/orm/orm.h"
#include "db/models/expression_text.h"

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

/* What a check asks, or of which rows a unique constraint is. */
static nu__py constraint_condition(nu__py self)
{
    const nu_constraint *constraint = self.cp;
    const char *text = constraint->check ? constraint->check : constraint->condition;

    return text ? nu__orm_expression(&nu__orm_q_type, nu__text_condition(nu_s(text)))
                : nu__py_none();
}

static nu__py constraint_include(nu__py self)
{
    const nu_constraint *constraint = self.cp;
    nu__py out = nu__py_list_new(&nu__py_tuple_type, 4);

    for (size_t i = 0; i < 4 && constraint->include[i]; i++)
        nu__py_append(out, nu__py_str(nu_s(constraint->include[i])));
    return out;
}

#define SHARED                                                                                     \
    { "name", constraint_name }, { "violation_error_message", constraint_message },                \
        { "violation_error_code", constraint_code },                                               \
    {                                                                                              \
        "condition", constraint_condition                                                          \
    }
#define CONSTRAINT(n, ...)                                                                         \
    {                                                                                              \
        .name = (n), .module = "django.db.models.constraints",                                     \
        .attributes = (const nu__py_attribute[])                                                   \
        {                                                                                          \
            SHARED, __VA_ARGS__                                                                    \
            {                                                                                      \
                0                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
static const nu__py_type check_type = CONSTRAINT("CheckConstraint", );
static const nu__py_type unique_type = CONSTRAINT(
    "UniqueConstraint", { "fields", constraint_fields }, { "include", constraint_include }, );
static const nu__py_type exclusion_type = CONSTRAINT("ExclusionConstraint", );

static const nu__py_type *type_of(const nu_constraint *constraint)
{
    return constraint->check            ? &check_type
           : constraint->excludes[0][0] ? &exclusion_type
                                        : &unique_type;
}

nu__py nu__orm_constraints(const nu__model_info *info)
{
    const nu_constraint *constraints = info->model->constraints;
    nu__py out = nu__py_list_new(&nu__py_list_type, 4);

    for (size_t i = 0; i < 16 && constraints[i].name; i++)
        nu__py_append(out, nu__py_pointer(type_of(&constraints[i]), &constraints[i]));
    return out;
}
