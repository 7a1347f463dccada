/**
 * @file
 * What instances of models can do: instances.c their attributes and text, instance_methods.c their
 * methods, instance_copy.c their copies.
 */
#pragma once
#include "cli/shell/orm/orm.h"

#include <nuages/managers.h>

extern const nu__py_method nu__orm_instance_methods[];
extern const nu__py_attribute nu__orm_instance_attributes[];

bool nu__orm_instance_get(nu__py self, nu_str name, nu__py *out);
bool nu__orm_instance_set(nu__py self, nu_str name, nu__py value);
void nu__orm_instance_names(nu__py self, nu_list *out);
nu__py nu__orm_instance_copy(nu__py self, nu__py_dict *memo);
bool nu__orm_instance_equal(nu__py a, nu__py b, bool *out);
bool nu__orm_instance_hash(nu__py self, uint64_t *out);
void nu__orm_instance_repr(nu__py self, nu__buf *out);
void nu__orm_instance_text(nu__py self, nu__buf *out);
void nu__orm_instance_json(nu__py self, nu__buf *out);

/* The ValidationErrors of uniqueness checks, unraised. */
nu__py_function nu__orm_unique_error_message, nu__orm_date_error_message;
/* (total, {label: rows}) */
nu__py nu__orm_deleted(nu_deleted deleted);
