/* What Field.validate() and Field.run_validators() check. */
#include "core/decimal.h"
#include "core/object.h"
#include "db/models/options.h"
#include "db/models/validators.h"
#include <nuages/decimal.h>

static bool refuse(nu__invalid *why, const char *code, nu_str message)
{
    *why = (nu__invalid){ code, message };
    return false;
}

bool nu__field_value_empty(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_NULL:
        return true;
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return !value.s.len;
    case NU_KIND_LIST:
        return !nu_list_len(value.list);
    case NU_KIND_DICT:
        return !nu_dict_len(value.dict);
    case NU_KIND_BYTES:
        return !value.bytes.len;
    default:
        return false;
    }
}

static bool is_choice(const nu_choices *choices, nu_value value)
{
    for (int i = 0; i < choices->len; i++) {
        const nu_choice *choice = &choices->items[i];
        nu_value own = choices->text ? nu_v_cstr(choice->value) : nu_v_int(choice->number);

        if (nu__value_equal(own, value))
            return true;
    }
    return false;
}

bool nu__field_validate(const nu__field *field, nu_value value, nu__invalid *why)
{
    bool empty = nu__field_value_empty(value);

    if (!field->editable)
        return true;
    if (field->choices && !empty) {
        if (is_choice(field->choices, value))
            return true;
        return refuse(why, "invalid_choice", nu_fmt("Value {!r} is not a valid choice.", value));
    }
    if (value.kind == NU_KIND_NULL && !field->null)
        return refuse(why, "null", S("This field cannot be null."));
    if (!field->blank && empty)
        return refuse(why, "blank", S("This field cannot be blank."));
    return true;
}

/* ---- validators that a field's type brings ------------------------------------------------ */

static void check_length(const nu__field *field, nu_value value, nu_list *messages)
{
    int64_t length = nu__value_length(value);

    if (!field->max_length || length <= field->max_length)
        return;
    nu_list_append(messages, nu_fmt("Ensure this value has at most {} character{} (it has {}).",
                                    field->max_length, field->max_length == 1 ? "" : "s", length));
}

static void no_more_than(nu_list *messages, int max, const char *what, const char *rest)
{
    nu_list_append(messages, nu_fmt("Ensure that there are no more than {} {}{}{}.", max, what,
                                    max == 1 ? "" : "s", rest));
}

static void check_digits(const nu__field *field, nu_value value, nu_list *messages)
{
    nu__decimal_parts parts = nu__decimal_unpack(nu_dec(value));
    int digits = nu__decimal_count_digits(parts.coefficient), decimals = 0;

    if (parts.exponent >= 0) {
        if (parts.coefficient)
            digits += parts.exponent;
    } else {
        decimals = -parts.exponent;
        if (decimals > digits)
            digits = decimals;
    }
    if (digits > field->max_digits)
        no_more_than(messages, field->max_digits, "digit", " in total");
    else if (decimals > field->decimal_places)
        no_more_than(messages, field->decimal_places, "decimal place", "");
    else if (digits - decimals > field->max_digits - field->decimal_places)
        no_more_than(messages, field->max_digits - field->decimal_places, "digit",
                     " before the decimal point");
}

/* The range of the column, unless the user's own limits are narrower. */
static void check_range(const nu__field *field, nu_value value, nu_list *messages)
{
    static const struct {
        void (*check)(const nu_validator *, nu_value);
        int sign;
        const char *words;
    } ends[] = { { nu__min, -1, "greater" }, { nu__max, 1, "less" } };
    nu__range range = nu__field_range(field);

    for (int e = 0; e < 2; e++) {
        int64_t limit = e ? range.max : range.min;
        bool narrower = false;
        int order;

        for (int i = 0; i < 4 && field->def->validators[i].check; i++) {
            const nu_validator *v = &field->def->validators[i];

            narrower |= v->check == ends[e].check &&
                        v->limit * ends[e].sign <= (double)limit * ends[e].sign;
        }
        if (!narrower && nu__value_compare(value, nu_v_int(limit), &order) && order == ends[e].sign)
            nu_list_append(messages, nu_fmt("Ensure this value is {} than or equal to {}.",
                                            ends[e].words, limit));
    }
}

static void check_text(const nu__field *field, nu_value value, nu_list *messages)
{
    static const struct {
        nu_field_type type;
        bool (*valid)(nu_str text);
        const char *message;
    } rows[] = {
        { NU_EMAIL_FIELD, nu__email_valid, "Enter a valid email address." },
        { NU_URL_FIELD, nu__url_valid, "Enter a valid URL." },
        { NU_SLUG_FIELD, nu__slug_valid,
          "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens." },
        { NU_GENERIC_IP_ADDRESS_FIELD, nu__ip_valid, "Enter a valid IPv4 or IPv6 address." },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].type == field->type->type && !rows[i].valid(value.s))
            nu_list_append(messages, rows[i].message);
}

void nu__field_run_validators(const nu__field *field, nu_value value, nu_list *messages)
{
    bool text = value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;

    if (nu__field_value_empty(value))
        return;
    if (text)
        check_text(field, value, messages);
    for (int i = 0; i < 4 && field->def->validators[i].check; i++) {
        const nu_validator *v = &field->def->validators[i];
        const nu_error *error = nu_catch(NU_VALIDATION_ERROR, v->check(v, value));

        if (error)
            nu_list_append(messages, nu_copy(error->message));
    }
    if (text && field->type->type != NU_TEXT_FIELD)
        check_length(field, value, messages);
    else if (value.kind == NU_KIND_DECIMAL && field->type->type == NU_DECIMAL_FIELD)
        check_digits(field, value, messages);
    else if (field->type->to_python && (field->type->min || field->type->max))
        check_range(field, value, messages);
}
