/* A field's member, default and database value. */
#include "core/json.h"
#include "core/object.h"
#include "core/wide_int.h"
#include "db/models/field_values.h"
#include "db/models/instance.h"
#include "db/models/postgres_values.h"
#include "db/sql/compiler.h"

#include <nuages/timezone.h>
#include <nuages/uuid.h>

static void *member_at(const nu__field *field, const nu_object *object)
{
    return (char *)object + field->offset;
}

/* A counted key of 0 is none: the database counts from 1; so is a reference of 0 that may be null.
 */
static bool zero_is_none(const nu__field *field)
{
    return field->auto_key || (field->relation && (field->target->auto_key || field->null));
}

/* An enum that is not set is "" in a column that can't be null, as in Django. */
nu_value nu__field_get(const nu__field *field, const nu_object *object)
{
    nu_value value = nu__member_get(field->member, field->choices, member_at(field, object));

    if (value.kind == NU_KIND_NULL && field->member == NU__MEMBER_CHOICE && !field->null)
        return nu_v_str(S(""));
    return value.kind == NU_KIND_INT && !value.i && zero_is_none(field) ? nu_null() : value;
}

bool nu__field_is_null(const nu__field *field, const nu_object *object)
{
    return nu__field_get(field, object).kind == NU_KIND_NULL;
}

void **nu__field_cached(const nu__field *field, const nu_object *object)
{
    static void *nowhere;
    size_t key = (nu__member_size(field->member) + 7) / 8 * 8;

    /* a child's key is its parent's own member: there is no room for the parent beside it */
    if (field->parent_link) {
        nowhere = NULL;
        return &nowhere;
    }
    return (void **)((char *)object + field->offset + key);
}

static void set_key(const nu__field *field, nu_object *object, nu_value value)
{
    nu__invalid why;
    nu_value converted;

    if (nu__member_set(field->member, field->choices, member_at(field, object), value))
        return;
    if (!nu__field_to_python(field, value, &converted, &why))
        nu_raise(NU_TYPE_ERROR, "{}.{}: {}", field->model->label, field->name, why.message);
    if (!nu__member_set(field->member, field->choices, member_at(field, object), converted))
        nu_raise(NU_TYPE_ERROR, "{}.{} does not take {!r}", field->model->label, field->name,
                 value);
}

void nu__field_set(const nu__field *field, nu_object *object, nu_value value)
{
    const nu__model_info *to;

    if (!field->relation) {
        set_key(field, object, value);
        return;
    }
    *nu__field_cached(field, object) = NULL;
    if (value.kind != NU_KIND_OBJECT) {
        set_key(field, object, value);
        return;
    }
    to = field->relation->to;
    if (!nu__model_is_a(nu__info_of(value.object), to))
        nu_raise(NU_VALUE_ERROR, "Cannot assign \"{!r}\": \"{}.{}\" must be a \"{}\" instance.",
                 value, field->model->name, field->name, to->name);
    set_key(field, object, nu__referred_value(field->relation, value.object));
    *nu__field_cached(field, object) = (void *)value.object;
}

nu_str nu__field_display(const nu__field *field, const nu_object *object)
{
    nu_value value = nu__instance_value(field, object);

    for (int i = 0; field->choices && i < field->choices->len; i++) {
        const nu_choice *choice = &field->choices->items[i];
        nu_value own = field->choices->text ? nu_v_cstr(choice->value) : nu_v_int(choice->number);

        if (nu__value_equal(own, value))
            return nu_s(choice->label);
    }
    return nu_string(value);
}

/* ---- defaults ----------------------------------------------------------------------------- */

bool nu__field_has_default(const nu__field *field)
{
    return field->def->default_call || field->def->default_.kind != NU_KIND_NULL;
}

static nu_value given_default(const nu__field *field, const nu_default *given)
{
    switch (given->kind) {
    case NU_KIND_BOOL:
        return nu_v_bool(given->i);
    case NU_KIND_FLOAT:
        return nu_v_float(given->f);
    case NU_KIND_STR:
        return nu_v_cstr(given->s);
    default:
        if (field->choices && field->choices->text)
            return nu_v_str(nu_choice_value_(field->choices, (int)given->i));
        return nu_v_int(given->i);
    }
}

nu_value nu__default_value(const nu__field *field, const nu_default *given)
{
    nu_value value = nu_null();
    nu__invalid why;

    if (!nu__field_to_python(field, given_default(field, given), &value, &why))
        nu_raise(NU_IMPROPERLY_CONFIGURED, "{}.{}: the default is wrong: {}", field->model->label,
                 field->name, why.message);
    return value;
}

nu_value nu__field_default(const nu__field *field)
{
    if (field->def->default_call)
        return field->def->default_call();
    if (nu__field_has_default(field))
        return nu__default_value(field, &field->def->default_);
    return field->target->type->empty_strings && !field->null ? nu_v_str(S("")) : nu_null();
}

nu_value nu_default_dict(void)
{
    return nu_v_dict(nu_dict_new());
}

nu_value nu_default_list(void)
{
    return nu_v_list(nu_list_new());
}

nu_value nu_default_uuid4(void)
{
    return nu_v_uuid(nu_uuid4());
}

nu_value nu_default_now(void)
{
    return nu_v_datetime(nu_now());
}

/* ---- the database ------------------------------------------------------------------------- */

static nu_value item_db_value(const nu__field *base, nu_value item, void *dialect)
{
    return nu__field_db_value(base, nu__prepare(base, item), *(const nu__dialect *)dialect);
}

/* A whole number that only a decimal holds: SQLite would take its text, or round it. */
static bool is_past_64_bits(const nu__field *field, nu_value value)
{
    return (value.kind == NU_KIND_DECIMAL || value.kind == NU_KIND_UINT ||
            nu__is_too_wide(value)) &&
           field->type->to_python == nu__to_integer;
}

nu_value nu__field_db_value(const nu__field *field, nu_value value, nu__dialect dialect)
{
    const nu__field *target = field->target;
    nu__buf text = { 0 };

    if (value.kind == NU_KIND_NULL ||
        (nu__kind_is_simple(value.kind) && target->type->type != NU_JSON_FIELD))
        return value;
    if (dialect == NU__SQLITE && is_past_64_bits(target, value))
        nu_raise(NU_OVERFLOW_ERROR, "Python int too large to convert to SQLite INTEGER");
    if (target->type->type == NU_JSON_FIELD) {
        nu__json_value(&text, value, &nu__json_dumps);
        return nu_v_str(nu__buf_str(&text));
    }
    if (value.kind == NU_KIND_LIST && target->type->type == NU_ARRAY_FIELD && target->base)
        return nu_v_list(nu__array_map(target, value.list, item_db_value, &dialect));
    if (value.kind == NU_KIND_LIST && target->type->base)
        return nu__prepare(target, value);
    if (value.kind == NU_KIND_DICT && target->type->type == NU_HSTORE_FIELD)
        return nu_v_str(nu__hstore_text(value.dict));
    return value;
}
