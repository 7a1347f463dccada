/* Cleaning a formset: each form, then their number. */
#include "forms/formset.h"

#include "core/object.h"
#include "utils/translation.h"

bool nu__formset_is_deleted(const nu_formset *formset, int64_t i)
{
    nu__form_errors(formset->forms[i]);
    return formset->can_delete && nu__value_truth(nu_form_value(formset->forms[i], "DELETE"));
}

static bool form_changed(const nu_formset *formset, int64_t i)
{
    return nu_list_len(nu__form_changed(formset->forms[i])) > 0;
}

bool nu__formset_has_changed(const nu_formset *formset)
{
    for (int64_t i = 0; i < formset->n_forms; i++)
        if (form_changed(formset, i))
            return true;
    return false;
}

static void complain(nu_formset *formset, const char *code, nu_str message)
{
    nu_list_append(formset->non_form_errors, NU_DICT(("message", message), ("code", code)));
}

static void check_management(nu_formset *formset)
{
    nu_dict *errors = nu__form_errors(formset->management);
    nu__buf names = { 0 };

    if (!nu_dict_len(errors))
        return;
    for (size_t i = 0; i < nu_dict_len(errors); i++)
        nu__buf_fmt(&names, "{}{}-{}", i ? ", " : "", formset->prefix, nu_dict_key(errors, i));
    complain(formset, "missing_management_form",
             nu__message_translated(
                 "ManagementForm data is missing or has been tampered with. Missing fields: "
                 "%(field_names)s. You may need to file a bug report if the issue persists.",
                 NU__PARAMS({ "field_names", V(nu__buf_str(&names)) })));
}

/* Each form's errors; how many extra forms were left empty. */
static int64_t clean_forms(nu_formset *formset)
{
    int64_t empty = 0;

    for (int64_t i = 0; i < formset->n_forms; i++) {
        nu_dict *errors = nu__form_errors(formset->forms[i]);

        empty += i >= formset->n_initial && !form_changed(formset, i);
        if (!nu__formset_is_deleted(formset, i))
            nu_list_append(formset->errors, errors);
    }
    return empty;
}

static bool forms_valid(const nu_formset *formset)
{
    bool valid = true;

    for (int64_t i = 0; i < formset->n_forms; i++)
        valid &= nu__formset_is_deleted(formset, i) || nu_form_valid(formset->forms[i]);
    return valid;
}

/* Forms to be deleted, which there are only once every other one is valid. */
static int64_t count_deleted(const nu_formset *formset)
{
    int64_t n = 0;

    if (!formset->can_delete || !forms_valid(formset) || nu_list_len(formset->non_form_errors))
        return 0;
    for (int64_t i = 0; i < formset->n_forms; i++)
        n += nu__formset_is_deleted(formset, i) &&
             (i < formset->n_initial || form_changed(formset, i));
    return n;
}

/* Too many or too few forms take the place of the other complaints. */
static void check_numbers(nu_formset *formset, int64_t empty)
{
    int64_t total = nu__formset_total(formset), deleted = count_deleted(formset);

    if ((formset->validate_max && total - deleted > formset->max_num) ||
        nu__formset_sent(formset, NU__TOTAL_FORMS) > formset->absolute_max) {
        formset->non_form_errors = nu_list_new();
        complain(formset, "too_many_forms",
                 nu__counted("Please submit at most %(num)d form.",
                             "Please submit at most %(num)d forms.", "%(num)d", formset->max_num));
    } else if (formset->validate_min && total - deleted - empty < formset->min_num) {
        formset->non_form_errors = nu_list_new();
        complain(formset, "too_few_forms",
                 nu__counted("Please submit at least %(num)d form.",
                             "Please submit at least %(num)d forms.", "%(num)d", formset->min_num));
    }
}

void nu__formset_clean(nu_formset *formset)
{
    if (formset->cleaned)
        return;
    formset->cleaned = true;
    formset->errors = nu_list_new();
    formset->non_form_errors = nu_list_new();
    if (!formset->bound)
        return;
    check_management(formset);
    check_numbers(formset, clean_forms(formset));
}

bool nu_formset_valid(nu_formset *formset)
{
    nu__formset_clean(formset);
    return formset->bound && forms_valid(formset) && !nu_list_len(formset->non_form_errors);
}

/* An extra form that nobody touched is neither deleted nor ordered. */
static bool counts(const nu_formset *formset, int64_t i)
{
    return i < formset->n_initial || form_changed(formset, i);
}

nu_list *nu__formset_deleted(nu_formset *formset)
{
    nu_list *indexes = nu_list_new();

    if (!formset->can_delete || !nu_formset_valid(formset))
        return indexes;
    for (int64_t i = 0; i < formset->n_forms; i++)
        if (counts(formset, i) && nu__formset_is_deleted(formset, i))
            nu_list_append(indexes, i);
    return indexes;
}

/* Whether form `a` stands before `b`: by ORDER, those without one last. */
static bool before(const nu_formset *formset, int64_t a, int64_t b)
{
    nu_value one = nu_form_value(formset->forms[a], "ORDER");
    nu_value two = nu_form_value(formset->forms[b], "ORDER");
    int order;

    if (one.kind == NU_KIND_NULL || two.kind == NU_KIND_NULL)
        return one.kind != NU_KIND_NULL && two.kind == NU_KIND_NULL;
    return nu__value_compare(one, two, &order) && order < 0;
}

nu_list *nu__formset_ordered(nu_formset *formset)
{
    int64_t *order = nu_alloc_array(int64_t, (size_t)formset->n_forms), n = 0, at;
    nu_list *indexes = nu_list_new();

    if (!formset->can_order || !nu_formset_valid(formset))
        nu_raise(NU_ATTRIBUTE_ERROR, "'FormSet' object has no attribute 'ordered_forms'");
    for (int64_t i = 0; i < formset->n_forms; i++) {
        if (!counts(formset, i) || nu__formset_is_deleted(formset, i))
            continue;
        for (at = n++; at > 0 && before(formset, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (int64_t i = 0; i < n; i++)
        nu_list_append(indexes, order[i]);
    return indexes;
}
