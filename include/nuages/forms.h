/**
 * @file
 * Forms. Counterpart: django.forms.
 *
 * A form of one's own is a struct and a table of its fields; a model form is a table of names of a
 * model's fields. Both clean what a visitor sent, give messages in Django's words, and render
 * themselves:
 *
 *     nu_form *form = nu_modelform_for(req, StudentForm, student);
 *
 *     if (!nu_form_valid(form))
 *         return nu_render(req, "students/form.html", ("form", form), ("object", student));
 *     nu_form_save(form);
 *
 * A form is bound when the request's method is POST or PUT: then its data are the request's body
 * and files. Forms belong to the fiber's arena.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/models.h>

/* What a form changes of one of its fields. The name comes first, the others by name. */
typedef struct nu_form_override {
    const char *name;
    const char *widget; /* "Textarea", "DateInput", "CheckboxSelectMultiple", … */
    const char *label;  /* missing: made from the field's verbose name */
    const char *help_text;
    const char *empty_label; /* of a choice that is not required; missing: "---------" */
    const char *attrs[8];    /* HTML attributes of the widget: "rows=4", "autofocus" */
    /* Of an ArrayField: what stands between its items in one input, missing: ","; and, with an
       input for each (.widget = "SplitArrayWidget"), whether empty ones at the end are no items. */
    const char *delimiter;
    bool remove_trailing_nulls;
    /* Further checks of this field alone, when it was valid so far: reads and may change the
       member; reports with nu_form_error() or raises ValidationError. Django: clean_<name>() */
    void (*clean)(nu_form *form, void *instance);
} nu_form_override;

/* ---- forms of one's own ------------------------------------------------------------------- */

typedef struct nu_form_spec {
    nu_class klass;
    const char *name;
    size_t size;
    const nu_field *fields[64];
    nu_form_override overrides[32];
    /* Checks across fields, after each was cleaned. Django: Form.clean() */
    void (*clean)(nu_form *form, void *data);
} nu_form_spec;

extern const nu_object_ops nu__form_struct_ops;
#define FORM(T) .klass = { &nu__form_struct_ops, #T }, .name = #T, .size = sizeof(T)
#define NU_DECLARE_FORM(T)                                                                         \
    typedef struct T T;                                                                            \
    extern const nu_form_spec T##_form

/**
 * Clean the request's data into `p`, a struct of form T. A template renders the form by `p` itself:
 * ("form", &form). False on GET, where the form is shown empty, and when anything is wrong.
 *
 * @raises  what reading the body raises
 * Yields: while the body arrives and references are looked up.   Django: Form.is_valid()
 */
#define nu_form_is_valid(req, T, p) nu_form_is_valid_((req), &T##_form, (T *){ (p) })
bool nu_form_is_valid_(nu_request *req, const nu_form_spec *spec, void *data);
/** The same over the query string, whatever the method: search forms. */
#define nu_query_form_is_valid(req, T, p) nu_query_form_is_valid_((req), &T##_form, (T *){ (p) })
bool nu_query_form_is_valid_(nu_request *req, const nu_form_spec *spec, void *data);
/** The nu_form behind a form's struct, once it has been validated. */
#define nu_form_of(p) nu_form_of_(&(p)->object)
nu_form *nu_form_of_(const nu_object *data);

/* ---- formsets ----------------------------------------------------------------------------- */

/* Numbers: 0 is Django's default, -1 stands for 0. */
typedef struct nu_formset_options {
    NU_NAMED_ONLY;
    const char *prefix;   /* "form" */
    int extra;            /* empty forms behind those with initial data: 1 */
    int min_num, max_num; /* 0, 1000 */
    bool validate_min, validate_max;
    bool can_order, can_delete; /* fields ORDER and DELETE in each form */
    bool no_delete_extra;       /* no DELETE in the extra ones */
    nu_list *initial;           /* a dict for each of the first forms */
} nu_formset_options;
typedef struct nu_formset nu_formset;

/**
 * Several forms T on one page; bound on POST and PUT. A template renders it by itself, or form by
 * form after {{ formset.management_form }}.
 *
 *     nu_formset *lines = nu_formset_for(req, LineForm, .extra = 3, .can_delete = true);
 *
 *     if (!nu_formset_valid(lines))
 *         return nu_render(req, "order.html", ("lines", nu_formset_value(lines)));
 *     for (int64_t i = 0; i < nu_formset_len(lines); i++)
 *         if (nu_formset_changed(lines, i) && !nu_formset_deleted(lines, i))
 *             save(nu_formset_data(lines, LineForm, i));
 *
 * At most max_num + 1000 forms are made, whatever was sent.
 * Yields: while the body arrives.   Django: formset_factory()(request.POST)
 */
#define nu_formset_for(req, T, ...)                                                                \
    nu_formset_((req), &T##_form, &(const nu_formset_options){ __VA_ARGS__ })
nu_formset *nu_formset_(nu_request *req, const nu_form_spec *spec,
                        const nu_formset_options *options);
/** Whether it is bound, and each form that is not deleted and their number are valid. */
bool nu_formset_valid(nu_formset *formset);
int64_t nu_formset_len(const nu_formset *formset);
/** As a template's variable: ("lines", nu_formset_value(lines)). */
nu_value nu_formset_value(const nu_formset *formset);
/** The struct of a form, with its cleaned values. Raises IndexError. */
#define nu_formset_data(formset, T, i) ((T *)nu_formset_data_((formset), (i)))
void *nu_formset_data_(const nu_formset *formset, int64_t i);
/** Whether a form has other values than it was shown with. Raises IndexError. */
bool nu_formset_changed(const nu_formset *formset, int64_t i);
/** Whether its DELETE is ticked. Raises IndexError. */
bool nu_formset_deleted(const nu_formset *formset, int64_t i);
/** Indexes of the forms that count, by their ORDER. Raises AttributeError where the formset is not
 * valid or has none. Django: ordered_forms */
nu_list *nu_formset_order(nu_formset *formset);

/* ---- model forms -------------------------------------------------------------------------- */

typedef struct nu_modelform {
    const char *name;
    const nu_model *model;
    const char *fields[64];
    nu_form_override overrides[32];
    void (*clean)(nu_form *form, void *instance);
} nu_modelform;
#define MODEL_FORM(T) .name = #T, .model = &T##_model

/**
 * A form over an instance, new (nu_new) or saved. With a request it is bound on POST and PUT; with
 * NULL it is not.
 * Yields: while the body arrives.   Django: ModelForm(request.POST, instance=…)
 */
#define nu_modelform_for(req, spec, p) nu_modelform_((req), &(spec), &(p)->object)
nu_form *nu_modelform_(nu_request *req, const nu_modelform *spec, nu_object *instance);
/** Whether the form is bound and without errors; cleans it at the first call. Yields. */
bool nu_form_valid(nu_form *form);
/**
 * Write the cleaned data into the instance, save it and its many-to-many sets.
 * @raises  ValueError when the form has errors; what nu_save() raises
 * Yields.   Django: ModelForm.save()
 */
void nu_form_save(nu_form *form);
/** The instance that a model form is about. */
void *nu_form_instance(const nu_form *form);

/* ---- errors and data ---------------------------------------------------------------------- */

/**
 * Report an error of a field, or of the whole form (field NULL); the field counts as not cleaned.
 * Django: Form.add_error()
 */
#define nu_form_error(f, field, t, ...) nu_form_error_((f), (field), "" t, NU_ARGS(__VA_ARGS__))
void nu_form_error_(nu_form *form, const char *field, const char *format, nu_values args);
/** Field name -> list of messages; "__all__" has those of the whole form. Yields like
 * nu_form_valid. */
nu_dict *nu_form_errors(nu_form *form);
/** Whether the field was cleaned without an error. */
bool nu_form_cleaned(const nu_form *form, const char *field);
/** The cleaned value of a field; null when it has none. */
nu_value nu_form_value(const nu_form *form, const char *field);
