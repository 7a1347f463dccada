/* What the library's own values are to the shell, and back. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"
#include "cli/shell/long.h"
#include "cli/shell/orm/orm.h"
#include "core/list.h"
#include "core/object.h"
#include "core/time.h"
#include "core/wide_int.h"

/* ---- from the library ------------------------------------------------------------------------ */

static nu__py of_list(const nu_list *list)
{
    nu__py out = nu__py_list_new(&nu__py_list_type, nu_list_len(list));

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu__py_append(out, nu__py_of(nu_at(list, i)));
    return out;
}

static nu__py of_dict(const nu_dict *dict)
{
    nu__py out = nu__py_dict_new(&nu__py_dict_type);

    for (size_t i = 0; i < nu_dict_len(dict); i++)
        nu__py_dict_set(out.dict, nu__py_str(nu_dict_key(dict, i)),
                        nu__py_of(nu_dict_value(dict, i)));
    return out;
}

static nu__py of_callable(nu_value value)
{
    const nu__callable *callable = value.p;

    return nu__py_of(callable->call(callable->self));
}

nu__py nu__py_of(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_BOOL:
        return nu__py_bool(value.b);
    case NU_KIND_INT:
        return nu__py_int(value.i);
    case NU_KIND_UINT:
        return nu__py_long_value(nu__py_long_parse(nu_fmt("{}", value), 10));
    case NU_KIND_FLOAT:
        return nu__py_float(value.f);
    case NU_KIND_DECIMAL:
        if (value.plain)
            return nu__py_long_value(nu__py_long_parse(nu_string(value), 10));
        return nu__py_decimal(*value.decimal);
    case NU_KIND_STR:
    case NU_KIND_SAFE:
        return nu__py_str(value.s);
    case NU_KIND_DATE:
        return nu__py_date((nu_date){ (int32_t)value.i });
    case NU_KIND_DATETIME:
        return nu__py_datetime((nu_datetime){ value.i }, nu_utc);
    case NU_KIND_TIME:
        return nu__py_time((nu_time){ value.i + 1 });
    case NU_KIND_TIMEDELTA:
        return nu__py_timedelta(value.i);
    case NU_KIND_UUID:
        return nu__py_uuid(value.uuid);
    case NU_KIND_BYTES:
        return nu__py_bytes(value.bytes);
    case NU_KIND_LIST:
        return of_list(value.list);
    case NU_KIND_DICT:
        return of_dict(value.dict);
    case NU_KIND_CALLABLE:
        return of_callable(value);
    case NU_KIND_NULL:
        return nu__py_none();
    default:
        return nu__orm_of(value);
    }
}

/* ---- to the library -------------------------------------------------------------------------- */

static nu_value from_items(nu__py value)
{
    nu_list *out = nu_list_new();
    nu__py iterator = nu__py_iterate(value), each;

    while (nu__py_step(iterator, &each))
        nu_list_append_(out, nu__py_to_value(each));
    return nu_v_list(out);
}

/* As json.dumps() writes keys: of None and booleans their words. */
nu_str nu__py_key_text(nu__py key)
{
    if (NU__PY_IS(key, str))
        return key.s;
    if (NU__PY_IS(key, none))
        return S("null");
    if (key.type == &nu__py_bool_type)
        return key.b ? S("true") : S("false");
    return nu__py_text(key);
}

static nu_value from_dict(const nu__py_dict *dict)
{
    nu_dict *out = nu_dict_new();
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(dict, &at));) {
        if (NU__PY_IS(entry->key, tuple))
            nu_raise(NU_TYPE_ERROR, "keys must be str, int, float, bool or None, not tuple");
        nu_dict_set_str(out, nu__py_key_text(entry->key), nu__py_to_value(entry->value));
    }
    return nu_v_dict(out);
}

/* An unsigned number of 64 bits, or a wider one. */
static nu_value from_long(nu__py value)
{
    nu__py_long number = nu__py_long_of(value);

    if (!number.negative && number.n == 2)
        return nu_v_uint(number.limbs[0] | (uint64_t)number.limbs[1] << 32);
    return nu__wide_int(nu__py_text(value));
}

static nu_value from_datetime(nu__py value)
{
    return nu_v_datetime(nu__py_instant(value));
}

static nu_value to_value(nu__py value)
{
    const nu__py_type *type = value.type;

    if (type == &nu__py_none_type)
        return nu_null();
    if (type == &nu__py_bool_type)
        return nu_v_bool(value.b);
    if (type == &nu__py_long_type)
        return from_long(value);
    if (NU__PY_IS(value, int))
        return (nu_value){ .kind = NU_KIND_INT, .plain = true, .i = value.i };
    if (type == &nu__py_float_type)
        return nu_v_float(value.f);
    if (NU__PY_IS(value, str))
        return nu_v_str(value.s);
    if (type == &nu__py_decimal_type)
        return nu_v_decimal(*value.decimal);
    if (type == &nu__py_datetime_type)
        return from_datetime(value);
    if (type == &nu__py_date_type)
        return nu_v_date((nu_date){ (int32_t)value.i });
    if (type == &nu__py_time_type)
        return nu_v_time((nu_time){ value.i + 1 });
    if (type == &nu__py_timedelta_type)
        return nu_v_timedelta((nu_timedelta){ value.i, true });
    if (type == &nu__py_uuid_type)
        return nu_v_uuid(value.uuid);
    if (type == &nu__py_bytes_type)
        return nu_v_bytes(value.bytes);
    if (NU__PY_IS(value, dict))
        return from_dict(value.dict);
    if (type == &nu__py_set_type || type == &nu__py_frozenset_type) {
        nu_value out = from_items(value);

        out.plain = true;
        return out;
    }
    if (NU__PY_IS(value, list) || NU__PY_IS(value, tuple) || type == &nu__py_range_type ||
        type->next)
        return from_items(value);
    return nu__orm_to_value(value);
}

nu_value nu__py_to_value(nu__py value)
{
    nu_value out;

    nu__py_enter();
    out = to_value(value);
    nu__py_exit();
    return out;
}
