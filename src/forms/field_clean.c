/* Cleaning a value by a field, and its errors. */
#include "core/object.h"
#include "forms/convert.h"
#include "utils/regex.h"
#include "utils/translation.h"

#include <string.h>

/* ---- errors -------------------------------------------------------------------------------- */

void nu__form_field_tell(const nu__form_field *field, nu_list *errors, const char *code,
                         nu_str message, const nu__message_param *params)
{
    nu_value own = field->error_messages ? nu_item(field->error_messages, code) : nu_null();

    if (own.kind != NU_KIND_NULL)
        message = params ? nu__message_expand(nu_copy(nu_string(own)).ptr, params) : nu_string(own);
    nu_list_append(errors, NU_DICT(("message", message), ("code", code)));
}

void nu__form_field_error(const nu__form_field *field, nu_list *errors, const char *code,
                          nu_str message, const nu__message_param *params)
{
    message = nu__gettext(message);
    nu__form_field_tell(field, errors, code,
                        params ? nu__message_expand(message.ptr, params) : message, params);
}

bool nu__form_refuse(const nu__form_field *field, nu_list *errors, const char *code, nu_str message)
{
    nu__form_field_error(field, errors, code, message, NULL);
    return false;
}

bool nu__form_invalid_choice(const nu__form_field *field, nu_value value, nu_list *errors)
{
    nu__form_field_error(field, errors, "invalid_choice",
                         S("Select a valid choice. %(value)s is not one of the available choices."),
                         NU__PARAMS({ "value", V(value) }));
    return false;
}

/* ---- cleaning ------------------------------------------------------------------------------ */

static void refuse_length(const nu__form_field *field, nu_value value, int64_t length,
                          nu_list *errors, bool too_long)
{
    int64_t limit = too_long ? field->max_length : field->min_length;
    const nu__message_param *params =
        NU__PARAMS({ "limit_value", V(limit) }, { "show_value", V(length) }, { "value", value });

    nu__form_field_tell(field, errors, too_long ? "max_length" : "min_length",
                        nu__message_of_length(too_long, limit, params), params);
}

static void check_lengths(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int64_t length = nu__form_length(value.s);

    if (field->min_length >= 0 && length < field->min_length)
        refuse_length(field, value, length, errors, false);
    if (field->max_length >= 0 && length > field->max_length)
        refuse_length(field, value, length, errors, true);
    if (memchr(value.s.ptr, 0, value.s.len))
        nu__form_field_error(field, errors, "null_characters_not_allowed",
                             S("Null characters are not allowed."), NULL);
}

static void check_range(const nu__form_field *field, nu_value value, nu_list *errors)
{
    int order;

    if (field->max_value.kind != NU_KIND_NULL &&
        nu__value_compare(value, field->max_value, &order) && order > 0)
        nu__form_field_error(field, errors, "max_value",
                             S("Ensure this value is less than or equal to %(limit_value)s."),
                             NU__PARAMS({ "limit_value", V(field->max_value) },
                                        { "show_value", V(value) }, { "value", V(value) }));
    if (field->min_value.kind != NU_KIND_NULL &&
        nu__value_compare(value, field->min_value, &order) && order < 0)
        nu__form_field_error(field, errors, "min_value",
                             S("Ensure this value is greater than or equal to %(limit_value)s."),
                             NU__PARAMS({ "limit_value", V(field->min_value) },
                                        { "show_value", V(value) }, { "value", V(value) }));
    if (field->step_size.kind != NU_KIND_NULL)
        nu__form_check_step(field, value, errors);
    if (value.kind == NU_KIND_DECIMAL)
        nu__form_check_digits(field, *value.decimal, errors);
}

static void run_user_validator(const nu__form_field *field, const nu_validator *validator,
                               nu_value value, nu_list *errors)
{
    const nu_error *error = nu_catch(NU_VALIDATION_ERROR, validator->check(validator, value));

    if (error)
        nu__form_field_tell(field, errors, error->code ? error->code : "invalid",
                            nu_copy(error->message), NULL);
}

void nu__form_run_validators(const nu__form_field *field, nu_value value, nu_list *errors)
{
    size_t before = nu_list_len(errors);

    if (nu__field_value_empty(value))
        return;
    if (field->type->check)
        field->type->check(field, value, errors);
    if (field->type->text && value.kind == NU_KIND_STR)
        check_lengths(field, value, errors);
    if (field->regex && value.kind == NU_KIND_STR && !nu__re_test(field->regex, value.s))
        nu__form_field_error(field, errors, "invalid", S("Enter a valid value."), NULL);
    if (field->type->number)
        check_range(field, value, errors);
    for (const nu_validator *v = field->validators; v && v->check; v++)
        run_user_validator(field, v, value, errors);
    if (field->type->check_items && nu_list_len(errors) == before)
        field->type->check_items(field, value, errors);
}

static bool missing(const nu__form_field *field, nu_value value)
{
    return field->required && !field->type->never_missing &&
           (nu__field_value_empty(value) || (field->type->tick && !value.b));
}

/* What the coercion refuses is none of the choices. */
static bool coerced(const nu__form_field *field, nu_value value, nu_value *out, nu_list *errors)
{
    nu_list *all;

    if (nu__field_value_empty(value)) {
        *out = field->empty_null            ? nu_null()
               : value.kind == NU_KIND_LIST ? nu_v_list(nu_list_new())
                                            : nu_v_str(S(""));
        return true;
    }
    if (value.kind != NU_KIND_LIST) {
        if (!nu__form_coerce(field, value, out))
            return nu__form_invalid_choice(field, value, errors);
        return true;
    }
    all = nu_list_new();
    for (size_t i = 0; i < nu_list_len(value.list); i++) {
        nu_value one;

        if (!nu__form_coerce(field, nu_at(value.list, i), &one))
            return nu__form_invalid_choice(field, nu_at(value.list, i), errors);
        nu_list_append(all, one);
    }
    *out = nu_v_list(all);
    return true;
}

bool nu__form_field_validate(const nu__form_field *field, nu_value value, nu_list *errors)
{
    if (missing(field, value))
        return nu__form_refuse(field, errors, "required", S("This field is required."));
    return !field->type->validate || field->type->validate(field, value, errors);
}

static bool clean_value(const nu__form_field *field, nu_value in, nu_value *out, nu_list *errors)
{
    size_t before = nu_list_len(errors);

    if (field->type->clean)
        return field->type->clean(field, in, out, errors);
    if (!field->type->to_python(field, in, out, errors))
        return false;
    if (!nu__form_field_validate(field, *out, errors))
        return false;
    nu__form_run_validators(field, *out, errors);
    if (nu_list_len(errors) != before)
        return false;
    if (field->type->settle)
        return field->type->settle(field, out, errors);
    return !field->coerce || coerced(field, *out, out, errors);
}

/* A file that is kept: nothing was sent and there is one, or the box to clear it is ticked. */
static bool clean_kept_file(const nu__form_field *field, nu_value *in, nu_value initial,
                            nu_value *out)
{
    if (in->kind == NU_KIND_BOOL) {
        *out = *in;
        if (!field->required)
            return true;
        *in = nu_null();
    }
    *out = initial;
    return nu__field_value_empty(*in) && nu__value_truth(initial);
}

bool nu__form_field_clean(const nu__form_field *field, nu_value in, nu_value initial, nu_value *out,
                          nu_list *errors)
{
    if (field->type->file) {
        if (in.kind == NU_KIND_STR && nu_eq(in.s, "contradiction"))
            return nu__form_refuse(
                field, errors, "contradiction",
                S("Please either submit a file or check the clear checkbox, not both."));
        if (clean_kept_file(field, &in, initial, out))
            return true;
    }
    return clean_value(field, in, out, errors);
}

static bool has_text(nu_list *texts, nu_str text)
{
    for (size_t i = 0; i < nu_list_len(texts); i++)
        if (nu_eq(nu_string(nu_at(texts, i)), text))
            return true;
    return false;
}

/* The same values, in any order. */
static bool same_texts(nu_value a, nu_value b)
{
    nu_list *one = nu__value_items(a),
            *two = b.kind == NU_KIND_NULL ? nu_list_new() : nu__value_items(b);
    bool same = nu_list_len(one) == nu_list_len(two);

    for (size_t i = 0; same && i < nu_list_len(one); i++)
        same = has_text(two, nu_string(nu_at(one, i)));
    return same;
}

bool nu__form_field_has_changed(const nu__form_field *field, nu_value initial, nu_value data)
{
    nu_value value, was = initial;

    if (field->disabled)
        return false;
    if (field->type->file)
        return data.kind != NU_KIND_NULL;
    if (field->type->changed)
        return field->type->changed(field, initial, data);
    if (!field->type->to_python(field, data, &value, nu_list_new()))
        return true;
    if (field->type->tick || field->type->converts_initial)
        field->type->to_python(field, initial, &was, nu_list_new());
    if (nu__field_value_empty(value) && nu__field_value_empty(was))
        return false;
    if (value.kind == NU_KIND_LIST && field->type->choices)
        return !same_texts(nu__form_field_prepare(field, value),
                           nu__form_field_prepare(field, was));
    if (field->type->choices)
        return !nu_eq(nu_string(nu__form_field_prepare(field, value)),
                      nu_string(nu__form_field_prepare(field, was)));
    return !nu__value_equal(value, was);
}
