/**
 * @file
 * Form fields made of model fields: Field.formfield() for every class, by the rows of the models'
 * own table (its `form_field` and `widget`).
 */
#pragma once
#include "db/models/options.h"
#include "forms/fields.h"

/* Fill in `out`; `override` may be NULL. `own_form`: the field stands in a form's struct, so that
   `verbose_name` is its label as written and its default is not an initial value of a row. */
void nu__form_field_of_model(nu__form_field *out, const nu__field *field,
                             const nu_form_override *override);
/* A field of a form's own struct as a resolved field: what options.h does for a model's. */
nu__field *nu__form_resolve(const nu_field *def);
const nu_form_override *nu__form_override_find(const nu_form_override overrides[32], nu_str name);
