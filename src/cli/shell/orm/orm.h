/**
 * @file
 * The ORM in the shell: models, managers, query sets, expressions as values of the shell.
 *
 *   Student            a class: a nu__py_type made at run time, `of` its nu__model_info
 *   Student(…), get()  an instance of that type, `cp` its nu_object
 *   Student.objects    nu__orm_manager_type, `cp` a nu_query of all rows
 *   .filter(…)         nu__orm_queryset_type, `cp` a nu_query
 */
#pragma once
#include "cli/shell/evaluator.h"
#include "cli/shell/modules.h"
#include "db/models/queryset.h"

/* The names that the shell has without an import: models, expressions, functions. */
void nu__orm_globals(nu__py_scope *scope);
/* django.db.models and so on; ends with NULL. */
extern const nu__py_module_row *const nu__orm_modules[];

/* Objects, query sets and expressions of the library as values, and back; TypeError for what is
   none. Called by nu__py_of() and nu__py_to_value() for what they do not know themselves. */
nu__py nu__orm_of(nu_value value);
nu_value nu__orm_to_value(nu__py value);

/* The class of a model. */
const nu__py_type *nu__orm_model_class(nu__model_info *info);
nu__py nu__orm_instance(const nu_object *object); /* NULL gives None */
nu__py nu__orm_queryset(const nu_query *query);

extern const nu__py_type nu__orm_model_type, nu__orm_manager_type, nu__orm_queryset_type;
