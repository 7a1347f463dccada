/* What Field.validate() and Field.run_validators() check. */
#include "core/error.h"
#include "core/json.h"
#include "core/object.h"
#include "db/models/options.h"
#include "db/models/postgres_values.h"
#include "db/models/validators.h"

#include <nuages/postgres.h>
#include <string.h>

/* ---- errors ------------------------------------------------------------------------------- */

nu_str nu__field_error_text(const nu__field *field, const char *code, nu_str message,
                            const nu__message_param *params)
{
    for (int i = 0; i < NU_MAX_VALIDATORS && field->def->error_messages[i][0]; i++)
        if (code && !strcmp(field->def->error_messages[i][0], code))
            return nu__message_expand(field->def->error_messages[i][1], params);
    return message;
}

static bool refuse(const nu__field *field, nu_value value, nu__invalid *why, const char *code,
                   nu_str message)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    *why = (nu__invalid){
        code, nu__field_error_text(field, code, nu__message_translated(message.ptr, params), params)
    };
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

/* Choices of a field that is no enum are texts, also where its values are numbers. */
static bool is_choice(const nu__field *field, nu_value value)
{
    const nu_choices *choices = field->choices;
    bool as_text = choices->text && field->def->type != NU_CHOICE_FIELD;

    for (int i = 0; i < choices->len; i++) {
        const nu_choice *choice = &choices->items[i];
        nu_value own = choices->text ? nu_v_cstr(choice->value) : nu_v_int(choice->number);

        if (nu__value_equal(own, as_text ? nu_v_str(nu_string(value)) : value))
            return true;
    }
    return false;
}

/* JSONField.validate(): json.dumps() has to take it. */
static bool is_json(nu_value value)
{
    nu__buf text = { 0 };
    const nu_error *error = NULL;

    if (value.kind == NU_KIND_EXPR)
        return false;
    error = nu_catch(NU_TYPE_ERROR, nu__json_value(&text, value, &nu__json_dumps));
    return !error;
}

bool nu__field_validate(const nu__field *field, nu_value value, nu__invalid *why)
{
    bool empty = nu__field_value_empty(value);

    if (!field->editable)
        return true;
    if (field->type->type == NU_JSON_FIELD && !empty && !is_json(value))
        return refuse(field, value, why, "invalid", S("Value must be valid JSON."));
    if (field->choices && !empty) {
        if (is_choice(field, value))
            return true;
        return refuse(field, value, why, "invalid_choice",
                      S("Value %(value)r is not a valid choice."));
    }
    if (value.kind == NU_KIND_NULL && !field->null)
        return refuse(field, value, why, "null", S("This field cannot be null."));
    if (!field->blank && empty)
        return refuse(field, value, why, "blank", S("This field cannot be blank."));
    if (field->type->type == NU_ARRAY_FIELD && value.kind == NU_KIND_LIST)
        return nu__array_validate(field, value.list, why);
    if (field->type->type == NU_HSTORE_FIELD && value.kind == NU_KIND_DICT)
        return nu__hstore_validate(field, value.dict, why);
    return true;
}

/* ---- validators --------------------------------------------------------------------------- */

/* What a field's type checks before the field's own validators. */
static nu_validator of_type(const nu__field *field)
{
    static const nu_validator email = ValidateEmail, url = ValidateURL, slug = ValidateSlug,
                              unicode = ValidateUnicodeSlug;
    static const int protocols[] = { [NU_BOTH] = 46, [NU_IPV4] = 4, [NU_IPV6] = 6 };

    switch (field->type->type) {
    case NU_ARRAY_FIELD:
        return field->array_size
                   ? (nu_validator){ .check = nu__array_max_length, .limit = field->array_size }
                   : (nu_validator){ 0 };
    case NU_EMAIL_FIELD:
        return email;
    case NU_URL_FIELD:
        return url;
    case NU_SLUG_FIELD:
        return ((const nu_slug_field *)field->def)->allow_unicode ? unicode : slug;
    case NU_GENERIC_IP_ADDRESS_FIELD:
        return (nu_validator){ .check = nu__validate_ip,
                               .flags = protocols[((const nu_ip_field *)field->def)->protocol] };
    default:
        return (nu_validator){ 0 };
    }
}

/* And after them: the length of the column, the digits of a decimal. */
static nu_validator of_column(const nu__field *field)
{
    nu__def_family family = field->type->family;

    if (field->max_length && field->type->type != NU_TEXT_FIELD &&
        (family == NU__CHAR_OPTIONS || family == NU__SLUG_OPTIONS))
        return (nu_validator){ .check = nu__max_length, .limit = field->max_length };
    if (family == NU__DECIMAL_OPTIONS)
        return (nu_validator){ .check = nu__decimal_digits,
                               .limit = field->max_digits,
                               .flags = field->decimal_places };
    return (nu_validator){ 0 };
}

/* Whether the field's own limits leave nothing for the column's to refuse. */
static bool is_narrower(const nu__field *field, const nu_validator *end)
{
    int sign = end->check == nu__min ? -1 : 1;

    for (int i = 0; i < NU_MAX_VALIDATORS && field->def->validators[i].check; i++) {
        const nu_validator *own = &field->def->validators[i];

        if (own->check == end->check && own->limit * sign <= end->limit * sign)
            return true;
    }
    return false;
}

nu__refusals nu__refusals_new(void)
{
    return (nu__refusals){ nu_list_new(), nu_list_new(), nu_list_new() };
}

void nu__refusals_add(nu__refusals *to, const char *code, nu_str message, nu_dict *params)
{
    nu_list_append(to->codes, code ? code : "");
    nu_list_append(to->messages, message);
    nu_list_append(to->params, params ? nu_v_dict(params) : nu_null());
}

nu_dict *nu__params_at(const nu_list *params, size_t i)
{
    nu_value each = i < nu_list_len(params) ? nu_at(params, i) : nu_null();

    return each.kind == NU_KIND_DICT ? each.dict : NULL;
}

typedef struct running {
    const nu__field *field;
    nu_value value;
    nu__refusals *out;
} running;

static void run(const running *r, const nu_validator *validator)
{
    const nu_error *error;
    const nu__message_param params[] = { { "value", r->value }, { NULL, nu_null() } };

    error = nu_catch(NU_VALIDATION_ERROR, validator->check(validator, r->value));
    if (!error)
        return;
    nu__refusals_add(r->out, error->code,
                     nu__field_error_text(r->field, error->code, nu_copy(error->message), params),
                     nu__error_params(error));
}

/* The range of the column, unless the user's own limits are narrower. */
static size_t add_range(const nu__field *field, nu_validator *out)
{
    nu__range range = nu__field_range(field);
    nu_validator ends[] = {
        { .check = nu__min, .limit = (double)range.min, .text = nu_fmt("{}", range.min).ptr },
        { .check = nu__max, .limit = (double)range.max, .text = nu_fmt("{}", range.max).ptr },
    };
    size_t n = 0;

    for (int i = 0; i < 2; i++)
        if (!is_narrower(field, &ends[i]))
            out[n++] = ends[i];
    return n;
}

size_t nu__field_validators(const nu__field *field, nu_validator out[NU__MOST_VALIDATORS])
{
    nu_validator first = of_type(field), last = of_column(field);
    size_t n = 0;

    if (first.check)
        out[n++] = first;
    for (int i = 0; i < NU_MAX_VALIDATORS && field->def->validators[i].check; i++)
        out[n++] = field->def->validators[i];
    if (last.check)
        out[n++] = last;
    if (field->type->min || field->type->max)
        n += add_range(field, out + n);
    return n;
}

void nu__field_run_validators(const nu__field *field, nu_value value, nu__refusals *out)
{
    nu_validator validators[NU__MOST_VALIDATORS];
    running r = { field, value, out };
    size_t n;

    if (nu__field_value_empty(value))
        return;
    n = nu__field_validators(field, validators);
    for (size_t i = 0; i < n; i++)
        run(&r, &validators[i]);
    if (field->type->type == NU_ARRAY_FIELD && value.kind == NU_KIND_LIST)
        nu__array_run_validators(field, value.list, out);
}
