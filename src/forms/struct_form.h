/**
 * @file
 * Forms that are a struct and a table of its fields.
 */
#pragma once
#include "forms/form.h"

/* A form over the struct `data`, not bound, not made ready, with room for `more` fields. */
nu_form *nu__struct_form_new(const nu_form_spec *spec, nu_object *data, size_t more);
