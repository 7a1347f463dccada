/* Fields of ranges: two ends, each by a field of its own. Django: contrib.postgres.forms.ranges */
#include "forms/postgres_fields.h"

#include "core/object.h"
#include "forms/convert.h"
#include "forms/widget_types.h"

static bool is_told(const nu_list *errors, const nu_dict *error)
{
    for (size_t i = 0; i < nu_list_len(errors); i++) {
        const nu_dict *known = nu_at(errors, i).dict;

        if (nu_eq(nu_string(nu_item(known, "message")), nu_string(nu_item(error, "message"))) &&
            nu_eq(nu_string(nu_item(known, "code")), nu_string(nu_item(error, "code"))))
            return true;
    }
    return false;
}

/* What both ends are refused for is told once. */
static bool clean_end(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_list *of_end = nu_list_new();
    bool valid = nu__form_field_clean(field->base, in, nu_null(), out, of_end);

    for (size_t i = 0; i < nu_list_len(of_end); i++)
        if (!is_told(errors, nu_at(of_end, i).dict))
            nu_list_append_(errors, nu_at(of_end, i));
    return valid;
}

static bool has_end(nu_value in)
{
    for (size_t i = 0; in.kind == NU_KIND_LIST && i < nu_list_len(in.list); i++)
        if (!nu__field_value_empty(nu_at(in.list, i)))
            return true;
    return false;
}

static bool make_range(const nu__form_field *field, nu_value lower, nu_value upper, nu_value *out,
                       nu_list *errors)
{
    size_t before = nu_list_len(errors);
    int order;

    if (lower.kind != NU_KIND_NULL && upper.kind != NU_KIND_NULL &&
        nu__value_compare(lower, upper, &order) && order > 0)
        return nu__form_refuse(field, errors, "bound_ordering",
                               S("The start of the range must not exceed the end of the range."));
    *out = V(nu_range_of(lower, upper, field->default_bounds));
    nu__form_run_validators(field, *out, errors);
    return nu_list_len(errors) == before;
}

bool nu__form_clean_range(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    nu_value lower, upper;
    bool begins, ends;

    *out = nu_null();
    if (field->disabled && in.kind != NU_KIND_LIST)
        in = nu_v_list(field->widget.type->decompress(in));
    if (in.kind != NU_KIND_LIST && nu__value_truth(in))
        return nu__form_refuse(field, errors, "invalid", nu_s(field->type->invalid));
    if (!has_end(in))
        return !field->required ||
               nu__form_refuse(field, errors, "required", S("This field is required."));
    begins = clean_end(field, nu_at(in.list, 0), &lower, errors);
    ends = clean_end(field, nu_at(in.list, 1), &upper, errors);
    return begins && ends && make_range(field, lower, upper, out, errors);
}

/* Each end by the rules of its own class. */
bool nu__form_range_changed(const nu__form_field *field, nu_value initial, nu_value data)
{
    nu_list *was = initial.kind == NU_KIND_LIST ? initial.list : nu__range_decompress(initial);
    nu_list *now = data.kind == NU_KIND_LIST ? data.list : nu_list_new();

    for (size_t i = 0; i < 2 && i < nu_list_len(now) && i < nu_list_len(was); i++) {
        nu_value before;

        if (!field->base->type->to_python(field->base, nu_at(was, i), &before, nu_list_new()) ||
            nu__form_field_has_changed(field->base, before, nu_at(now, i)))
            return true;
    }
    return false;
}

nu_value nu__form_prepare_range(const nu__form_field *field, nu_value value)
{
    nu_list *ends;

    if (value.kind != NU_KIND_NULL && !nu_as_range(value))
        return value;
    ends = nu__range_decompress(value);
    return nu_v_list(NU_LIST(nu__form_field_prepare(field->base, nu_at(ends, 0)),
                             nu__form_field_prepare(field->base, nu_at(ends, 1))));
}
