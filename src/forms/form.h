/**
 * @file
 * A form: fields, what was sent, what came of it.
 *
 *   nu__form_errors                cleans once
 *     -> each field: the widget finds its value, nu__form_field_clean, the override's clean
 *     -> spec clean              across fields
 *     -> post_clean              model forms: the instance's own validation (model_form.c)
 *
 * `cleaned` has the values of the fields without errors: adding an error removes one.
 */
#pragma once
#include "core/object.h"
#include "forms/fields.h"

#include <nuages/forms.h>

typedef struct nu__bound_field {
    nu_object object;
    nu_form *form;
    nu__form_field *field;
} nu__bound_field;

/* Messages of one field or of the form: an object for templates, `items` dicts {message, code}. */
typedef struct nu__error_list {
    nu_object object;
    nu_list *items;
    const char *error_class; /* "errorlist", "errorlist nonfield" */
    nu_str field_id;         /* the id of the list is <field_id>_error; {NULL, 0}: none */
} nu__error_list;

struct nu_form {
    nu_object object;
    nu_str name;
    nu_str prefix;       /* {NULL, 0}: none */
    nu_str auto_id;      /* "id_{}": {} becomes the field's name; {NULL, 0}: no ids */
    nu_str label_suffix; /* ":", as the language of the form's maker writes it */
    const char *error_css_class, *required_css_class; /* NULL: none */
    bool bound, cleaned_once, empty_permitted, use_required_attribute;
    nu__form_data data;

    nu__form_field *fields;
    nu__bound_field *bound_fields; /* one a field, in order */
    size_t n_fields;
    nu_dict *initial; /* by name; before the field's own */
    nu_dict *errors;  /* name -> list of dicts; NULL before cleaning */
    nu_dict *cleaned;

    /* the struct that cleaned members are written to: a form's own, or a copy of the instance */
    void *target;
    void (*write)(nu_form *form, nu__form_field *field, nu_value value);
    nu_value (*read)(nu_form *form, nu__form_field *field);
    void (*clean)(nu_form *form, void *target);
    void (*post_clean)(nu_form *form);

    /* model forms */
    const nu_modelform *spec;
    struct nu__model_info *info;
    nu_object *instance;
};

extern const nu_class nu__form_class;

/* A form with room for `n` fields and Django's defaults; the caller fills `fields`, then calls
   nu__form_ready(). */
nu_form *nu__form_new(nu_str name, size_t n);
void nu__form_ready(nu_form *form);
/* Bind to the request's body (POST, PUT) or, when `query`, to its query string. Yields. */
void nu__form_bind(nu_form *form, nu_request *req, bool query);
nu__form_field *nu__form_field_named(const nu_form *form, nu_str name);

/* Clean at the first call; name -> list of dicts {message, code}. */
nu_dict *nu__form_errors(nu_form *form);
void nu__form_add_error(nu_form *form, nu_str field, nu_str message, const char *code);
nu_value nu__form_initial(const nu_form *form, const nu__form_field *field);
nu_str nu__form_html_name(const nu_form *form, nu_str name);
nu_list *nu__form_changed(nu_form *form);

/* ---- bound fields (bound_field.c; bound_field_object.c: what templates see of them) --------- */

extern const nu_class nu__bound_field_class, nu__error_list_class;

nu_value nu__bound_field_data(const nu__bound_field *bound);
nu_value nu__bound_field_value(const nu__bound_field *bound); /* as the widget shows it */
nu_str nu__bound_field_id(const nu__bound_field *bound);      /* auto_id; "" without one */
nu_str nu__bound_field_own_id(const nu__bound_field *bound);  /* its widget's, else that */
nu_str nu__bound_field_label(const nu__bound_field *bound);
nu__error_list *nu__bound_field_errors(const nu__bound_field *bound);
nu__error_list *nu__form_non_field_errors(nu_form *form);
nu_str nu__bound_field_describedby(const nu__bound_field *bound);
/* What the field looks like where nobody shall see it. */
const nu__widget_type *nu__bound_field_hidden_widget(const nu__form_field *field);
/* What the form's state adds to a widget's attributes: required, disabled, aria-invalid, id, … */
nu_dict *nu__bound_field_attrs(const nu__bound_field *bound, const nu__widget *widget);
void nu__bound_field_render(const nu__bound_field *bound, nu__buf *out, const nu__widget *widget);
/* `{{ field }}`: its own widget, and the hidden first value where there is one. */
void nu__bound_field_text(const nu__bound_field *bound, nu__buf *out);
/* What the form was shown with: sent along, or the form's own. */
nu_value nu__bound_field_initial(const nu__bound_field *bound);
void nu__bound_field_label_tag(const nu__bound_field *bound, nu__buf *out, const char *tag);

/* ---- rendering (render.c) ------------------------------------------------------------------ */

/* Django's div.html, p.html, table.html, ul.html, byte for byte. */
typedef struct nu__form_layout nu__form_layout;
const nu__form_layout *nu__form_layout_find(nu_str name); /* "as_p"; NULL: none of that name */
nu_str nu__form_render(nu_form *form, const nu__form_layout *layout);
nu_str nu__bound_field_group(const nu__bound_field *bound);
void nu__error_list_render(const nu__error_list *list, nu__buf *out);
