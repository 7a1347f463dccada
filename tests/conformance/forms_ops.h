#pragma once
#include "conformance.h"

#include "forms/form.h"

extern const conf_op conf_forms[], conf_forms_postgres[], conf_forms_whole[];

/* A widget, a field, by a recorded {class, args, kwargs}. NotImplementedError for what we lack. */
void conf_widget(nu__widget *widget, const nu_dict *spec);
void conf_field(nu__form_field *field, nu_str name, const nu_dict *spec);
/* A form of recorded fields, to be made ready. */
nu_form *conf_form(const nu_list *fields);
/* Python's "id_%s", True or False as ours. */
nu_str conf_auto_id(nu_value value);
nu_dict *conf_form_errors(nu_form *form);
/* Dicts {code, message} alone. */
nu_list *conf_errors(const nu_list *errors);
/* A range as the list of its ends and bounds. */
nu_value conf_plain_range(nu_value value);
