/* Model.full_clean(): fields, the model's own check, uniqueness. Constraints are in constraints.c.
 */
#include "core/error.h"
#include "core/object.h"
#include "db/models/expression_text.h"
#include "db/models/queryset.h"
#include "db/models/validators.h"
#include "utils/translation.h"

#include <string.h>

/* ---- errors by field ---------------------------------------------------------------------- */

nu__errors nu__errors_new(void)
{
    return (nu__errors){ nu_dict_new(), nu_dict_new(), nu_dict_new() };
}

static nu_list *list_of(nu_dict *dict, nu_str field)
{
    nu_value list;

    if (nu_dict_find(dict, field, &list))
        return list.list;
    list = nu_v_list(nu_list_new());
    nu_dict_set_str(dict, field, list);
    return list.list;
}

void nu__errors_add(nu__errors *errors, nu_str field, const char *code, nu_str message,
                    nu_dict *params)
{
    nu_list_append(list_of(errors->messages, field), message);
    nu_list_append(list_of(errors->codes, field), code ? code : "");
    nu_list_append(list_of(errors->params, field), params ? nu_v_dict(params) : nu_null());
}

static bool has_error(const nu__errors *errors, nu_str field)
{
    nu_value list;

    return nu_dict_find(errors->messages, field, &list);
}

static nu_str code_at(const nu_error *error, nu_str field, size_t i)
{
    nu_value codes;

    if (!error->codes || !nu_dict_find(error->codes, field, &codes) || i >= nu_list_len(codes.list))
        return S("");
    return nu_copy(nu_string(nu_at(codes.list, i)));
}

static nu_dict *params_at(const nu_dict *params, nu_str field, size_t i)
{
    nu_value list;

    return params && nu_dict_find(params, field, &list) ? nu__params_at(list.list, i) : NULL;
}

void nu__errors_take(nu__errors *errors, const nu_error *error)
{
    nu_dict *params = nu__error_params(error);

    if (!error->detail) {
        nu__errors_add(errors, S(NU__WHOLE), error->code ? nu_copy(nu_s(error->code)).ptr : NULL,
                       nu_copy(error->message), params);
        return;
    }
    for (size_t i = 0; i < nu_dict_len(error->detail); i++) {
        nu_list *messages = nu__value_items(nu_dict_value(error->detail, i));
        nu_str field = nu_dict_key(error->detail, i);

        for (size_t k = 0; messages && k < nu_list_len(messages); k++)
            nu__errors_add(errors, nu_copy(field), code_at(error, field, k).ptr,
                           nu_copy(nu_string(nu_at(messages, k))), params_at(params, field, k));
    }
}

nu_str nu__capitalized(nu_str text)
{
    nu_str copy = nu_copy(text);
    char *first = (char *)copy.ptr;

    if (copy.len && *first >= 'a' && *first <= 'z')
        *first = (char)(*first - 32);
    return copy;
}

/* ---- fields ------------------------------------------------------------------------------- */

void nu__check_refers(const nu__field *field, nu_value key, nu__errors *errors)
{
    const nu_relation_field *def = (const nu_relation_field *)field->def;
    nu__model_info *to = field->relation->to;
    const nu__field *target = field->relation->to_field;
    nu_query *rows = nu__query_where(nu__base_manager(to), target->name, key);
    const nu__message_param params[] = { { "model", nu_v_str(to->verbose_name) },
                                         { "field", nu_v_str(target->name) },
                                         { "value", key },
                                         { "pk", key },
                                         { NULL, nu_null() } };

    if (def->limit_choices_to)
        rows = nu__query_meeting(rows, nu__text_condition(nu_s(def->limit_choices_to)));
    if (!nu_exists(rows))
        nu__errors_add(errors, field->name, "invalid",
                       nu__field_error_text(
                           field, "invalid",
                           nu__message_translated("%(model)s instance with %(field)s %(value)r is "
                                                  "not a valid choice.",
                                                  params),
                           params),
                       nu__params_dict(params));
}

static void run_validators(const nu__field *field, nu_value value, nu__errors *errors)
{
    nu__refusals refused = nu__refusals_new();

    nu__field_run_validators(field, value, &refused);
    for (size_t i = 0; i < nu_list_len(refused.messages); i++)
        nu__errors_add(errors, field->name, nu_string(nu_at(refused.codes, i)).ptr,
                       nu_at(refused.messages, i).s, nu__params_at(refused.params, i));
}

static nu_str refusal_text(const nu__field *field, nu_value value, const nu__invalid *why)
{
    const nu__message_param params[] = { { "value", value }, { NULL, nu_null() } };

    return nu__field_error_text(field, why->code, why->message, params);
}

/* An expression is known only when the row is written: what is checked is its text, which only
   fields of text take. Dates are read from text alone, and a JSON field writes no expression. */
static nu_value checked_value(const nu__field *field, nu_value value)
{
    nu_field_type type = field->target->type->type;

    if (value.kind != NU_KIND_EXPR)
        return value;
    if (type == NU_DATE_FIELD || type == NU_DATETIME_FIELD || type == NU_TIME_FIELD)
        nu_raise(NU_TYPE_ERROR, "fromisoformat: argument must be str");
    if (type == NU_DURATION_FIELD)
        nu_raise(NU_TYPE_ERROR, "expected string or bytes-like object, got an expression: {}",
                 nu__expr_str(value.p));
    return type == NU_JSON_FIELD ? value : nu_v_str(nu__expr_str(value.p));
}

static void clean_field(const nu__field *field, nu_object *object, nu__errors *errors)
{
    nu_value value = nu__instance_value(field, object), converted;
    nu__invalid why;

    if (field->def->expression || nu__takes_db_default(field, object) ||
        (field->blank && nu__field_value_empty(value)))
        return;
    value = checked_value(field, value);
    if (!nu__field_to_python(field, value, &converted, &why)) {
        nu__errors_add(errors, field->name, why.code, refusal_text(field, value, &why),
                       nu__params_of_value(why.code, value));
        return;
    }
    if (!nu__field_validate(field, converted, &why)) {
        nu__errors_add(errors, field->name, why.code, why.message,
                       nu__params_of_value(why.code, converted));
        return;
    }
    if (field->relation && converted.kind != NU_KIND_NULL &&
        !((const nu_relation_field *)field->def)->parent_link)
        nu__check_refers(field, converted, errors);
    else
        run_validators(field, converted, errors);
    if (!has_error(errors, field->name) && !field->relation)
        nu__instance_set(field, object, converted);
}

static void clean_fields(nu_object *object, const nu__field_bits *skip, nu__errors *errors)
{
    nu__model_info *info = nu__info_of(object);

    for (size_t i = 0; i < info->n_fields; i++)
        if (!nu__set_has(skip, (uint32_t)i))
            clean_field(&info->fields[i], object, errors);
}

/* ---- all of it ---------------------------------------------------------------------------- */

static void clean_model(nu_object *object, nu__errors *errors)
{
    const nu_model *model = object->type;
    const nu_error *error;

    if (!model->clean)
        return;
    error = nu_catch(NU_VALIDATION_ERROR, model->clean(object));
    if (error)
        nu__errors_take(errors, error);
}

/* Fields that are wrong already need not be unique too. */
static nu__field_bits with_errors(const nu__model_info *info, const nu__field_bits *skip,
                                  const nu__errors *errors)
{
    nu__field_bits out = *skip;

    for (size_t i = 0; i < info->n_fields; i++)
        if (has_error(errors, info->fields[i].name))
            nu__set_add(&out, (uint32_t)i);
    return out;
}

nu__errors nu__instance_errors(nu_object *object, const nu__field_bits *skip, unsigned parts)
{
    static const nu__field_bits none;
    nu__model_info *info = nu__info_of(object);
    nu__errors errors = nu__errors_new();
    nu__field_bits wrong;

    skip = skip ? skip : &none;
    if (parts & NU_CLEAN_FIELDS)
        clean_fields(object, skip, &errors);
    if (parts & NU_CLEAN_MODEL)
        clean_model(object, &errors);
    wrong = with_errors(info, skip, &errors);
    if (parts & NU_CLEAN_UNIQUE)
        nu__validate_unique(object, &wrong, &errors);
    wrong = with_errors(info, &wrong, &errors);
    if (parts & NU_CLEAN_CONSTRAINTS)
        nu__validate_constraints(object, &wrong, &errors);
    return errors;
}

nu_dict *nu_errors_of_(nu_object *object)
{
    nu__errors errors = nu__instance_errors(object, NULL, NU_CLEAN_ALL);

    return nu_dict_len(errors.messages) ? errors.messages : NULL;
}

static nu__field_bits named(const nu__model_info *info, const char *const *names)
{
    nu__field_bits out = { { 0 } };

    for (; names && *names; names++) {
        const nu__field *field = nu__model_field(info, nu_s(*names));

        if (field)
            nu__set_add(&out, field->index);
    }
    return out;
}

void nu_clean_(nu_object *object, unsigned parts, const char *const *exclude)
{
    nu_error error = { .klass = NU_VALIDATION_ERROR, .file = __FILE__, .line = __LINE__ };
    nu__field_bits skip = named(nu__info_of(object), exclude);
    nu__errors errors = nu__instance_errors(object, &skip, parts);

    if (!nu_dict_len(errors.messages))
        return;
    error.detail = errors.messages;
    error.codes = errors.codes;
    error.params = errors.params;
    error.message = nu_string(nu_v_dict(error.detail));
    nu__raise_like(&error);
}

void nu_full_clean_(nu_object *object)
{
    nu_clean_(object, NU_CLEAN_ALL, NULL);
}
