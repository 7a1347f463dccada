/* Formsets of a form of one's own: nu_formset_for(). */
#include "forms/formset.h"
#include "forms/struct_form.h"

typedef struct maker {
    const nu_form_spec *spec;
} maker;

static nu_form *make(void *arg)
{
    const maker *m = arg;

    return nu__struct_form_new(m->spec, nu_alloc_(1, m->spec->size), 2);
}

/* A number of the options: 0 is Django's default, -1 none. */
static int64_t number(int given, int64_t fallback)
{
    return given < 0 ? 0 : given ? given : fallback;
}

static nu_file *request_file(void *request, nu_str name)
{
    return nu_request_file(request, nu_copy(name).ptr);
}

nu_formset *nu_formset_(nu_request *req, const nu_form_spec *spec,
                        const nu_formset_options *options)
{
    maker *m = nu_alloc(maker);
    nu_formset *formset = nu__formset_new(make, m);

    m->spec = spec;
    formset->prefix = options->prefix ? nu_s(options->prefix) : formset->prefix;
    formset->extra = number(options->extra, formset->extra);
    formset->min_num = number(options->min_num, 0);
    formset->max_num = number(options->max_num, formset->max_num);
    formset->validate_min = options->validate_min;
    formset->validate_max = options->validate_max;
    formset->can_order = options->can_order;
    formset->can_delete = options->can_delete;
    formset->can_delete_extra = !options->no_delete_extra;
    formset->initial = options->initial;
    if (req && (nu_request_method(req) & (POST | PUT))) {
        formset->data = (nu__form_data){ nu_request_post(req), request_file, req };
        formset->bound = true;
    }
    nu__formset_ready(formset);
    return formset;
}

static nu_form *form_at(const nu_formset *formset, int64_t i)
{
    if (i < 0 || i >= formset->n_forms)
        nu_raise(NU_INDEX_ERROR, "the formset has {} forms, and none at {}", formset->n_forms, i);
    return formset->forms[i];
}

int64_t nu_formset_len(const nu_formset *formset)
{
    return formset->n_forms;
}

nu_value nu_formset_value(const nu_formset *formset)
{
    return nu_v_object(&formset->object);
}

void *nu_formset_data_(const nu_formset *formset, int64_t i)
{
    return form_at(formset, i)->target;
}

bool nu_formset_changed(const nu_formset *formset, int64_t i)
{
    return nu_list_len(nu__form_changed(form_at(formset, i))) > 0;
}

bool nu_formset_deleted(const nu_formset *formset, int64_t i)
{
    form_at(formset, i);
    return nu__formset_is_deleted(formset, i);
}

nu_list *nu_formset_order(nu_formset *formset)
{
    return nu__formset_ordered(formset);
}
