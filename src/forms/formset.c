#include "forms/formset.h"

#include "core/object.h"
#include "utils/translation.h"

#include <nuages/template.h>

enum { MOST_FORMS = 1000 };

/* ---- the management form -----------------------------------------------------------------------
 */

enum { TOTAL, INITIAL, MIN_NUM, MAX_NUM, COUNTS };
static const char *const count_names[COUNTS] = { "TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS",
                                                 "MAX_NUM_FORMS" };

static nu_form *management_form(const nu_formset *formset)
{
    nu_form *form = nu__form_new(S("ManagementForm"), COUNTS);

    for (int i = 0; i < COUNTS; i++) {
        nu__form_field *field = &form->fields[i];

        nu__form_field_begin(field, nu__form_field_type_find(S("IntegerField")),
                             nu_s(count_names[i]));
        field->required = i <= INITIAL;
        nu__form_field_finish(field, nu__widget_type_find(S("HiddenInput")));
    }
    nu__form_ready(form);
    form->prefix = formset->prefix;
    form->auto_id = formset->auto_id;
    form->bound = formset->bound;
    form->data = formset->data;
    return form;
}

/* A count that was sent; 0 where the management form is wrong. */
static int64_t sent_count(const nu_formset *formset, int which)
{
    nu_value count = nu_form_value(formset->management, count_names[which]);

    return count.kind == NU_KIND_INT ? count.i : 0;
}

int64_t nu__formset_total(const nu_formset *formset)
{
    int64_t total;

    if (formset->bound) {
        total = sent_count(formset, TOTAL);
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
    formset->n_initial = formset->bound     ? sent_count(formset, INITIAL)
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

/* ---- cleaning
 * --------------------------------------------------------------------------------------- */

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
        sent_count(formset, TOTAL) > formset->absolute_max) {
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

/* ---- rendering
 * ---------------------------------------------------------------------------------------- */

static nu_str management_html(const nu_formset *formset)
{
    return nu__form_render(formset->management, nu__form_layout_find(S("as_div")));
}

nu_str nu__formset_render(const nu_formset *formset, const nu__form_layout *layout)
{
    nu__buf out = { 0 };

    nu__buf_str_add(&out, management_html(formset));
    for (int64_t i = 0; i < formset->n_forms; i++)
        nu__buf_str_add(&out, nu__form_render(formset->forms[i], layout));
    return nu__buf_str(&out);
}

/* ---- what templates see
 * --------------------------------------------------------------------------------- */

static nu_formset *formset_of(const nu_object *self)
{
    return (nu_formset *)self;
}

static nu_list *items(const nu_object *self)
{
    const nu_formset *formset = formset_of(self);
    nu_list *forms = nu_list_new();

    for (int64_t i = 0; i < formset->n_forms; i++)
        nu_list_append(forms, nu_v_form(formset->forms[i]));
    return forms;
}

static int64_t length(const nu_object *self)
{
    return formset_of(self)->n_forms;
}

static bool truth(const nu_object *self)
{
    (void)self;
    return true;
}

static nu_value text(const nu_object *self)
{
    return nu_safe(nu__formset_render(formset_of(self), nu__form_layout_find(S("as_div"))));
}

static nu_value get_forms(nu_formset *formset)
{
    return nu_v_list(items(&formset->object));
}

static nu_value get_management_form(nu_formset *formset)
{
    return nu_v_form(formset->management);
}

static nu_value get_empty_form(nu_formset *formset)
{
    return nu_v_form(nu__formset_empty_form(formset));
}

static nu_value get_non_form_errors(nu_formset *formset)
{
    nu__error_list *list = nu_alloc(nu__error_list);

    nu__formset_clean(formset);
    *list = (nu__error_list){ .object = { .type = &nu__error_list_class },
                              .items = formset->non_form_errors,
                              .error_class = "errorlist nonform" };
    return nu_v_object(&list->object);
}

static nu_value get_is_bound(nu_formset *formset)
{
    return nu_v_bool(formset->bound);
}

static nu_value get_is_valid(nu_formset *formset)
{
    return nu_v_bool(nu_formset_valid(formset));
}

static nu_value get_total_form_count(nu_formset *formset)
{
    return nu_v_int(nu__formset_total(formset));
}

static nu_value get_initial_form_count(nu_formset *formset)
{
    return nu_v_int(formset->n_initial);
}

static nu_value get_prefix(nu_formset *formset)
{
    return nu_v_str(formset->prefix);
}

static const struct {
    const char *name;
    nu_value (*get)(nu_formset *formset);
} attributes[] = {
    { "forms", get_forms },
    { "management_form", get_management_form },
    { "empty_form", get_empty_form },
    { "non_form_errors", get_non_form_errors },
    { "is_bound", get_is_bound },
    { "is_valid", get_is_valid },
    { "total_form_count", get_total_form_count },
    { "initial_form_count", get_initial_form_count },
    { "prefix", get_prefix },
};

static bool get(const nu_object *self, nu_str name, nu_value *out)
{
    const nu__form_layout *layout = nu__form_layout_find(name);

    if (layout) {
        *out = nu_safe(nu__formset_render(formset_of(self), layout));
        return true;
    }
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!nu_eq(name, attributes[i].name))
            continue;
        *out = attributes[i].get(formset_of(self));
        return true;
    }
    return false;
}

static const nu_object_ops ops = {
    .kind = "formset",
    .get = get,
    .text = text,
    .truth = truth,
    .items = items,
    .length = length,
};
const nu_class nu__formset_class = { &ops, "FormSet" };
