/**
 * @file
 * What Model._meta.get_field("…") can do, by concept: field_methods.c values, field_lookups.c
 * lookups, field_choices.c what may be chosen, field_relations.c what only relations and files
 * have, field_deconstruct.c the field as it was declared. Each of the functions is a method of the
 * field, with its arguments in the order of its row.
 */
#pragma once
#include "cli/shell/orm/orm.h"

nu__py_function nu__orm_field_lookup, nu__orm_field_transform, nu__orm_field_lookups;
nu__py_function nu__orm_field_choices;
/* The same of a model's rows, for a relation seen from its other end. */
nu__py nu__orm_relation_choices(nu__model_info *model, const nu__py *args);
/* The condition as it was declared; an empty dict where there is none. */
nu__py nu__orm_limit_choices(const nu__field *field);
/* The field's validators as values: those of its type, its own, its column's. */
nu__py nu__orm_validators_of(const nu__field *field);
nu__py_function nu__orm_field_deconstruct, nu__orm_output_deconstruct;
