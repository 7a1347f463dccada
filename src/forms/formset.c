/* Making a formset: how many forms there are, and each of them. */
#include "forms/formset.h"

#include "utils/translation.h"

enum { MOST_FORMS = 1000 };

/* ---- the management form -----------------------------------------------------------------------
 */

enum { MIN_NUM = NU__INITIAL_FORMS + 1, MAX_NUM, COUNTS };
static const char *const count_names[COUNTS] = { "TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS",
                                                 "MAX_NUM_FORMS" };

static nu_form *management_form(const nu_formset *formset)
{
    nu_form *form = nu__form_new(S("ManagementForm"), COUNTS);

    for (int i = 0; i < COUNTS; i++) {
        nu__form_field *field = &form->fields[i];

        nu__form_field_begin(field, nu__form_field_type_find(S("IntegerField")),
                             nu_s(count_names[i]));
        field->required = i <= NU__INITIAL_FORMS;
        nu__form_field_finish(field, nu__widget_type_find(S("HiddenInput")));
    }
    nu__form_ready(form);
    form->prefix = formset->prefix;
    form->auto_id = formset->auto_id;
    form->bound = formset->bound;
    form->data = formset->data;
    return form;
}

int64_t nu__formset_sent(const nu_formset *formset, int which)
{
    nu_value count = nu_form_value(formset->management, count_names[which]);

    return count.kind == NU_KIND_INT ? count.i : 0;
}

int64_t nu__formset_total(const nu_formset *formset)
{
    int64_t total;

    if (formset->bound) {
        total = nu__formset_sent(formset, NU__TOTAL_FORMS);
        return total < formset->absolute_max ? total : formset->absolute_max;
    }
    total = formset->n_initial > formset->min_num ? formset->n_initial : formset->min_num;
    total += formset->extra;
    if (formset->n_initial > formset->max_num && formset->max_num >= 0)
        return formset->n_initial;
    return total > formset->max_num && formset->max_num >= 0 ? formset->max_num : total;
}

/* ---- the forms
 * ----------------------------------------------------------------------------------- */

static void add_field(nu_form *form, const char *name, const char *type, const char *label,
                      nu_value initial)
{
    nu__form_field *field = &form->fields[form->n_fields++];

    nu__form_field_begin(field, nu__form_field_type_find(nu_s(type)), nu_s(name));
    field->required = false;
    field->has_label = true;
    field->label = nu__gettext(nu_s(label));
    field->initial = initial;
    nu__form_field_finish(field, NULL);
}

/* The form of an index; -1: the one that scripts copy, of no index yet. */
static nu_form *construct(const nu_formset *formset, int64_t i)
{
    nu_form *form = formset->make(formset->make_arg);
    bool known = i >= 0 && i < formset->n_initial;

    if (formset->can_order)
        add_field(form, "ORDER", "IntegerField", "Order", known ? nu_v_int(i + 1) : nu_null());
    if (formset->can_delete && (known || formset->can_delete_extra))
        add_field(form, "DELETE", "BooleanField", "Delete", nu_null());
    nu__form_ready(form);
    form->auto_id = formset->auto_id;
    form->prefix =
        i < 0 ? nu_fmt("{}-__prefix__", formset->prefix) : nu_fmt("{}-{}", formset->prefix, i);
    form->use_required_attribute = false;
    form->empty_permitted = i < 0 || (i >= formset->n_initial && i >= formset->min_num);
    form->bound = formset->bound && i >= 0;
    if (form->bound)
        form->data = formset->data;
    if (i >= 0 && formset->initial && i < (int64_t)nu_list_len(formset->initial))
        form->initial = nu_as_dict(nu_at(formset->initial, (size_t)i));
    return form;
}

nu_form *nu__formset_empty_form(const nu_formset *formset)
{
    return construct(formset, -1);
}

nu_formset *nu__formset_new(nu__formset_maker *make, void *arg)
{
    nu_formset *formset = nu_alloc(nu_formset);

    *formset = (nu_formset){ .object = { .type = &nu__formset_class },
                             .prefix = S("form"),
                             .auto_id = S("id_{}"),
                             .make = make,
                             .make_arg = arg,
                             .extra = 1,
                             .max_num = MOST_FORMS,
                             .can_delete_extra = true };
    formset->data.fields = nu_querydict_new();
    return formset;
}

void nu__formset_ready(nu_formset *formset)
{
    int64_t total;

    formset->absolute_max = formset->max_num + MOST_FORMS;
    formset->management = management_form(formset);
    if (formset->bound)
        nu__form_errors(formset->management);
    formset->n_initial = formset->bound     ? nu__formset_sent(formset, NU__INITIAL_FORMS)
                         : formset->initial ? (int64_t)nu_list_len(formset->initial)
                                            : 0;
    total = nu__formset_total(formset);
    if (!formset->bound) {
        int64_t counts[COUNTS] = { total, formset->n_initial, formset->min_num, formset->max_num };

        for (int i = 0; i < COUNTS; i++)
            nu_dict_set(formset->management->initial, count_names[i], counts[i]);
    }
    formset->n_forms = total > 0 ? total : 0;
    formset->forms = nu_alloc_array(nu_form *, (size_t)formset->n_forms);
    for (int64_t i = 0; i < formset->n_forms; i++)
        formset->forms[i] = construct(formset, i);
}
