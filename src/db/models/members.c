/* The C types of members: how each is read as a value, written, and found null. */
#include "db/models/field_values.h"
#include "db/models/fields.h"

#include "core/object.h"

#include <string.h>

typedef struct nu__member_ops {
    size_t size;
    nu_value (*get)(const void *at);
    bool (*set)(void *at, nu_value value); /* false: the value is of another kind */
} nu__member_ops;

/* ---- reading ------------------------------------------------------------------------------ */

#define MEMBER_GETTER(NAME, T, ...)                                                                \
    static nu_value get_##NAME(const void *at)                                                     \
    {                                                                                              \
        T member = *(T const *)at;                                                                 \
        return __VA_ARGS__;                                                                        \
    }

MEMBER_GETTER(str, nu_str, nu_v_str(member))
MEMBER_GETTER(bytes, nu_bytes, nu_v_bytes(member))
MEMBER_GETTER(int, int64_t, nu_v_int(member))
MEMBER_GETTER(opt_int, nu_opt_int, nu_v_opt_int(member))
MEMBER_GETTER(float, double, nu_v_float(member))
MEMBER_GETTER(opt_float, nu_opt_float, nu_v_opt_float(member))
MEMBER_GETTER(bool, bool, nu_v_bool(member))
MEMBER_GETTER(opt_bool, nu_opt_bool, nu_v_opt_bool(member))
MEMBER_GETTER(date, nu_date, nu_v_date(member))
MEMBER_GETTER(datetime, nu_datetime, nu_v_datetime(member))
MEMBER_GETTER(time, nu_time, nu_v_time(member))
MEMBER_GETTER(timedelta, nu_timedelta, nu_v_timedelta(member))
MEMBER_GETTER(decimal, nu_decimal, nu_v_decimal(member))
MEMBER_GETTER(uuid, nu_uuid, nu_v_uuid(member))
MEMBER_GETTER(json, nu_json_value, nu_v_json(member))
MEMBER_GETTER(file, nu_file_ref, nu_v_str(member.name))
MEMBER_GETTER(list, nu_list *, nu_v_list(member))
MEMBER_GETTER(dict, nu_dict *, nu_v_dict(member))
MEMBER_GETTER(range, const nu_range *, member ? nu_v_object(member) : nu_null())

/* ---- writing ------------------------------------------------------------------------------ */

/* Whole numbers of any kind; a bool is 0 or 1, as in Python. */
static bool int_of(nu_value value, int64_t *out)
{
    switch (value.kind) {
    case NU_KIND_INT:
        *out = value.i;
        return true;
    case NU_KIND_BOOL:
        *out = value.b;
        return true;
    case NU_KIND_FLOAT:
        if (!(value.f >= -9.2e18 && value.f <= 9.2e18) || value.f != (double)(int64_t)value.f)
            return false;
        *out = (int64_t)value.f;
        return true;
    default:
        return false;
    }
}

static bool float_of(nu_value value, double *out)
{
    int64_t whole;

    if (value.kind == NU_KIND_FLOAT)
        *out = value.f;
    else if (value.kind == NU_KIND_UINT)
        *out = (double)value.u;
    else if (value.kind == NU_KIND_DECIMAL)
        *out = nu_float(value);
    else if (int_of(value, &whole))
        *out = (double)whole;
    else
        return false;
    return true;
}

static bool set_str(void *at, nu_value value)
{
    if (!nu__is_text(value))
        return false;
    *(nu_str *)at = value.s;
    return true;
}

static bool set_bytes(void *at, nu_value value)
{
    if (value.kind == NU_KIND_BYTES)
        *(nu_bytes *)at = value.bytes;
    else if (nu__is_text(value))
        *(nu_bytes *)at = (nu_bytes){ (const uint8_t *)value.s.ptr, value.s.len };
    else
        return false;
    return true;
}

static bool set_int(void *at, nu_value value)
{
    return int_of(value, at);
}

static bool set_opt_int(void *at, nu_value value)
{
    nu_opt_int *member = at;

    return member->set = int_of(value, &member->value);
}

static bool set_float(void *at, nu_value value)
{
    return float_of(value, at);
}

static bool set_opt_float(void *at, nu_value value)
{
    nu_opt_float *member = at;

    return member->set = float_of(value, &member->value);
}

static bool set_bool(void *at, nu_value value)
{
    int64_t number;

    if (!int_of(value, &number) || (number != 0 && number != 1))
        return false;
    *(bool *)at = number;
    return true;
}

static bool set_opt_bool(void *at, nu_value value)
{
    nu_opt_bool *member = at;

    return member->set = set_bool(&member->value, value);
}

static bool set_date(void *at, nu_value value)
{
    if (value.kind != NU_KIND_DATE)
        return false;
    *(nu_date *)at = (nu_date){ (int32_t)value.i };
    return true;
}

static bool set_datetime(void *at, nu_value value)
{
    if (value.kind != NU_KIND_DATETIME)
        return false;
    *(nu_datetime *)at = (nu_datetime){ value.i };
    return true;
}

static bool set_time(void *at, nu_value value)
{
    if (value.kind != NU_KIND_TIME)
        return false;
    *(nu_time *)at = (nu_time){ value.i + 1 };
    return true;
}

static bool set_timedelta(void *at, nu_value value)
{
    if (value.kind != NU_KIND_TIMEDELTA)
        return false;
    *(nu_timedelta *)at = (nu_timedelta){ value.i, true };
    return true;
}

static bool set_decimal(void *at, nu_value value)
{
    if (value.kind != NU_KIND_DECIMAL && value.kind != NU_KIND_INT)
        return false;
    *(nu_decimal *)at = nu_dec(value);
    return true;
}

static bool set_uuid(void *at, nu_value value)
{
    if (value.kind != NU_KIND_UUID)
        return false;
    *(nu_uuid *)at = value.uuid;
    return true;
}

static bool set_json(void *at, nu_value value)
{
    nu_value *kept = nu_alloc(nu_value);

    *kept = value;
    *(nu_json_value *)at = (nu_json_value){ kept };
    return true;
}

static bool set_list(void *at, nu_value value)
{
    if (value.kind != NU_KIND_LIST)
        return false;
    *(nu_list **)at = value.list;
    return true;
}

static bool set_dict(void *at, nu_value value)
{
    if (value.kind != NU_KIND_DICT)
        return false;
    *(nu_dict **)at = value.dict;
    return true;
}

static bool set_range(void *at, nu_value value)
{
    const nu_range *range = nu_as_range(value);

    if (range)
        *(const nu_range **)at = range;
    return range != NULL;
}

static const nu__member_ops members[NU__MEMBER_COUNT] = {
    [NU__MEMBER_STR] = { sizeof(nu_str), get_str, set_str },
    [NU__MEMBER_BYTES] = { sizeof(nu_bytes), get_bytes, set_bytes },
    [NU__MEMBER_INT] = { sizeof(int64_t), get_int, set_int },
    [NU__MEMBER_OPT_INT] = { sizeof(nu_opt_int), get_opt_int, set_opt_int },
    [NU__MEMBER_FLOAT] = { sizeof(double), get_float, set_float },
    [NU__MEMBER_OPT_FLOAT] = { sizeof(nu_opt_float), get_opt_float, set_opt_float },
    [NU__MEMBER_BOOL] = { sizeof(bool), get_bool, set_bool },
    [NU__MEMBER_OPT_BOOL] = { sizeof(nu_opt_bool), get_opt_bool, set_opt_bool },
    [NU__MEMBER_CHOICE] = { sizeof(int), NULL, NULL },
    [NU__MEMBER_DATE] = { sizeof(nu_date), get_date, set_date },
    [NU__MEMBER_DATETIME] = { sizeof(nu_datetime), get_datetime, set_datetime },
    [NU__MEMBER_TIME] = { sizeof(nu_time), get_time, set_time },
    [NU__MEMBER_TIMEDELTA] = { sizeof(nu_timedelta), get_timedelta, set_timedelta },
    [NU__MEMBER_DECIMAL] = { sizeof(nu_decimal), get_decimal, set_decimal },
    [NU__MEMBER_UUID] = { sizeof(nu_uuid), get_uuid, set_uuid },
    [NU__MEMBER_JSON] = { sizeof(nu_json_value), get_json, set_json },
    [NU__MEMBER_FILE] = { sizeof(nu_file_ref), get_file, set_str },
    [NU__MEMBER_LIST] = { sizeof(nu_list *), get_list, set_list },
    [NU__MEMBER_DICT] = { sizeof(nu_dict *), get_dict, set_dict },
    [NU__MEMBER_RANGE] = { sizeof(nu_range *), get_range, set_range },
};

/* ---- choices: an enum beside its text ----------------------------------------------------- */

static nu_value choice_get(const nu_choices *choices, const void *at)
{
    int number;

    memcpy(&number, at, sizeof(number));
    if (!choices->text)
        return nu_v_int(number);
    return number ? nu_v_str(nu_choice_value_(choices, number)) : nu_null();
}

static bool choice_set(const nu_choices *choices, void *at, nu_value value)
{
    int64_t number;
    int found;

    if (choices->text && nu__is_text(value)) {
        if (nu_choice_parse_(choices, value.s, &found))
            number = found;
        else if (!value.s.len)
            number = 0;
        else
            return false;
    } else if (!int_of(value, &number) || number < INT32_MIN || number > INT32_MAX) {
        return false;
    } else if (choices->text && (value.plain || !nu_choice_known_(choices, (int)number))) {
        return false;
    }
    memcpy(at, &(int){ (int)number }, sizeof(int));
    return true;
}

/* ---- by kind ------------------------------------------------------------------------------ */

size_t nu__member_size(nu__member member)
{
    return members[member].size;
}

nu_value nu__member_get(nu__member member, const nu_choices *choices, const void *at)
{
    return member == NU__MEMBER_CHOICE ? choice_get(choices, at) : members[member].get(at);
}

bool nu__member_set(nu__member member, const nu_choices *choices, void *at, nu_value value)
{
    if (value.kind == NU_KIND_NULL) {
        memset(at, 0, members[member].size);
        return true;
    }
    if (member == NU__MEMBER_CHOICE)
        return choice_set(choices, at, value);
    return members[member].set(at, value);
}

bool nu__member_is_null(nu__member member, const nu_choices *choices, const void *at)
{
    return nu__member_get(member, choices, at).kind == NU_KIND_NULL;
}
