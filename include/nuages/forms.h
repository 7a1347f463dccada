/**
 * @file
 * Forms and model forms.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/models.h>

typedef struct nu_modelform nu_modelform;
typedef struct {
    const char *name;
    const char *widget, *label, *help_text;
} nu_form_override;
struct nu_modelform {
    const char *name;
    const nu_model *model;
    const char *fields[64];
    nu_form_override overrides[32];
    void (*clean)(nu_form *, void *);
};
#define MODEL_FORM(T) .name = #T, .model = &T##_model
typedef struct nu_form_spec {
    const char *name;
    size_t size;
    const nu_field *fields[64];
    void (*clean)(nu_form *, void *);
} nu_form_spec;
#define FORM(T) .name = #T, .size = sizeof(T)
#define NU_DECLARE_FORM(T)                                                                         \
    typedef struct T T;                                                                            \
    extern const nu_form_spec T##_form
void nu_form_error_(nu_form *, const char *field, const char *, nu_values);
#define nu_form_error(f, field, t, ...) nu_form_error_((f), (field), "" t, NU_ARGS(__VA_ARGS__))
bool nu_form_is_valid_(nu_request *, const nu_form_spec *, void *);
nu_form *nu_modelform_(nu_request *, const nu_modelform *, nu_object *);
bool nu_form_valid(nu_form *);
nu_dict *nu_form_errors(nu_form *);
#define nu_form_is_valid(req, T, p)    nu_form_is_valid_((req), &T##_form, (T *){ (p) })
#define nu_modelform_for(req, spec, p) nu_modelform_((req), &(spec), &(p)->object)
