/**
 * @file
 * Several forms of one kind on a page. Counterpart: django.forms.formsets.
 *
 *   nu__formset_new             the management form says how many forms there are; each is made by
 *                               options.make, with ORDER and DELETE added where they are asked for
 *   nu__formset_errors          cleans once
 *     -> the management form, each form, then the numbers: min_num, max_num
 */
#pragma once
#include "forms/form.h"

/* Makes a form that is not bound, with room for two fields more. Called once for each form. */
typedef nu_form *nu__formset_maker(void *arg);

struct nu_formset {
    nu_object object;
    nu_str prefix, auto_id;
    nu__formset_maker *make;
    void *make_arg;
    int64_t extra, min_num, max_num, absolute_max;
    bool validate_min, validate_max, can_order, can_delete, can_delete_extra, bound;
    nu__form_data data;
    nu_list *initial; /* a dict for each of the first forms; NULL: none */

    nu_form *management;
    nu_form **forms;
    int64_t n_forms, n_initial;
    bool cleaned;
    nu_list *errors;          /* of each form that is not deleted: name -> list of dicts */
    nu_list *non_form_errors; /* dicts {message, code} */
};

extern const nu_class nu__formset_class;

/* Django's defaults; the caller changes members, then calls nu__formset_ready(). */
nu_formset *nu__formset_new(nu__formset_maker *make, void *arg);
void nu__formset_ready(nu_formset *formset);
/* A count that the management form was sent; 0 where it is wrong. */
enum { NU__TOTAL_FORMS, NU__INITIAL_FORMS };
int64_t nu__formset_sent(const nu_formset *formset, int which);
/* What the management form says of a bound formset, which may be less than nothing. */
int64_t nu__formset_total(const nu_formset *formset);
void nu__formset_clean(nu_formset *formset);
bool nu__formset_is_deleted(const nu_formset *formset, int64_t i);
bool nu__formset_has_changed(const nu_formset *formset);
/* Indexes of the forms to be deleted; of the others, in the order that was sent. */
nu_list *nu__formset_deleted(nu_formset *formset);
nu_list *nu__formset_ordered(nu_formset *formset);
nu_form *nu__formset_empty_form(const nu_formset *formset);
nu_str nu__formset_render(const nu_formset *formset, const nu__form_layout *layout);
