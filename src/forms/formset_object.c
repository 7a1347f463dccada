/* A formset's HTML, and what templates see of it. */
#include "forms/formset.h"

#include "core/object.h"

#include <nuages/template.h>

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
