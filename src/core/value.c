/* C values as nu_value, and back. */
#include "core/context.h"
#include "core/error.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"

#include <nuages/decimal.h>

const struct nu__any nu__none;

nu_value nu_null(void)
{
    return (nu_value){ .kind = NU_KIND_NULL };
}

nu_value nu_v_null(const void *null)
{
    (void)null;
    return nu_null();
}

nu_value nu_v_value(nu_value value)
{
    return value;
}

nu_value nu_v_bool(bool b)
{
    return (nu_value){ .kind = NU_KIND_BOOL, .b = b };
}

nu_value nu_v_int(int64_t i)
{
    return (nu_value){ .kind = NU_KIND_INT, .i = i };
}

nu_value nu_v_uint(uint64_t u)
{
    return u > INT64_MAX ? (nu_value){ .kind = NU_KIND_UINT, .u = u } : nu_v_int((int64_t)u);
}

nu_value nu_v_float(double f)
{
    return (nu_value){ .kind = NU_KIND_FLOAT, .f = f };
}

nu_value nu_v_str(nu_str s)
{
    return s.ptr ? (nu_value){ .kind = NU_KIND_STR, .s = s } : nu_null();
}

nu_value nu_v_cstr(const char *s)
{
    return nu_v_str(nu_s(s));
}

nu_value nu_v_date(nu_date date)
{
    return date.ordinal ? (nu_value){ .kind = NU_KIND_DATE, .i = date.ordinal } : nu_null();
}

nu_value nu_v_datetime(nu_datetime datetime)
{
    return datetime.us ? (nu_value){ .kind = NU_KIND_DATETIME, .i = datetime.us } : nu_null();
}

nu_value nu_v_time(nu_time time)
{
    return time.us_plus_1 ? (nu_value){ .kind = NU_KIND_TIME, .i = time.us_plus_1 - 1 } : nu_null();
}

nu_value nu_v_timedelta(nu_timedelta delta)
{
    return delta.set ? (nu_value){ .kind = NU_KIND_TIMEDELTA, .i = delta.us } : nu_null();
}

nu_value nu_v_decimal(nu_decimal decimal)
{
    nu_decimal *copy;

    if (nu_null_decimal(decimal))
        return nu_null();
    copy = nu_alloc(nu_decimal);
    *copy = decimal;
    return (nu_value){ .kind = NU_KIND_DECIMAL, .decimal = copy };
}

nu_value nu_v_uuid(nu_uuid uuid)
{
    return nu_null_uuid(uuid) ? nu_null() : (nu_value){ .kind = NU_KIND_UUID, .uuid = uuid };
}

nu_value nu_v_bytes(nu_bytes bytes)
{
    return bytes.ptr ? (nu_value){ .kind = NU_KIND_BYTES, .bytes = bytes } : nu_null();
}

nu_value nu_v_opt_int(nu_opt_int opt)
{
    return opt.set ? nu_v_int(opt.value) : nu_null();
}

nu_value nu_v_opt_float(nu_opt_float opt)
{
    return opt.set ? nu_v_float(opt.value) : nu_null();
}

nu_value nu_v_opt_bool(nu_opt_bool opt)
{
    return opt.set ? nu_v_bool(opt.value) : nu_null();
}

nu_value nu_v_json(nu_json_value json)
{
    return json.json ? *(const nu_value *)json.json : nu_null();
}

nu_value nu_v_file_ref(nu_file_ref file)
{
    return file.name.ptr ? (nu_value){ .kind = NU_KIND_FILE, .s = file.name } : nu_null();
}

static nu_value pointer(nu_kind kind, const void *p)
{
    return p ? (nu_value){ .kind = kind, .p = p } : nu_null();
}

nu_value nu_v_query(const nu_query *query)
{
    return pointer(NU_KIND_QUERY, query);
}

nu_value nu_v_expr(const nu_expr *expr)
{
    return pointer(NU_KIND_EXPR, expr);
}

nu_value nu_v_object(const void *object)
{
    return pointer(NU_KIND_OBJECT, object);
}

nu_value nu_v_page(const nu_page *page)
{
    return nu_v_object(page);
}

nu_value nu_v_form(const nu_form *form)
{
    return nu_v_object(form);
}

nu_value nu_v_list(const nu_list *list)
{
    return list ? (nu_value){ .kind = NU_KIND_LIST, .list = (nu_list *)list } : nu_null();
}

nu_value nu_v_dict(const nu_dict *dict)
{
    return dict ? (nu_value){ .kind = NU_KIND_DICT, .dict = (nu_dict *)dict } : nu_null();
}

nu_value nu__callable_value(nu_value (*call)(const void *self), const void *self)
{
    nu__callable *callable = nu_alloc(nu__callable);

    *callable = (nu__callable){ .call = call, .self = self };
    return pointer(NU_KIND_CALLABLE, callable);
}

/* ---- nullables ---------------------------------------------------------------------------- */

nu_opt_int nu_some_int(int64_t value)
{
    return (nu_opt_int){ value, true };
}

nu_opt_float nu_some_float(double value)
{
    return (nu_opt_float){ value, true };
}

nu_opt_bool nu_some_bool(bool value)
{
    return (nu_opt_bool){ value, true };
}

bool nu_null_date(nu_date date)
{
    return !date.ordinal;
}

bool nu_null_datetime(nu_datetime datetime)
{
    return !datetime.us;
}

bool nu_null_time(nu_time time)
{
    return !time.us_plus_1;
}

bool nu_null_timedelta(nu_timedelta delta)
{
    return !delta.set;
}

bool nu_null_bytes(nu_bytes bytes)
{
    return !bytes.ptr;
}

bool nu_null_json(nu_json_value json)
{
    return !json.json || ((const nu_value *)json.json)->kind == NU_KIND_NULL;
}

bool nu_null_decimal(nu_decimal decimal)
{
    return !decimal.kind;
}

bool nu_null_uuid(nu_uuid uuid)
{
    static const nu_uuid nil;

    return memcmp(&uuid, &nil, sizeof(nil)) == 0;
}

bool nu_null_int(nu_opt_int opt)
{
    return !opt.set;
}

bool nu_null_float(nu_opt_float opt)
{
    return !opt.set;
}

bool nu_null_bool(nu_opt_bool opt)
{
    return !opt.set;
}

bool nu_null_value(nu_value value)
{
    return value.kind == NU_KIND_NULL;
}

/* ---- conversions -------------------------------------------------------------------------- */

static NU_NORETURN void wrong_kind(const char *wanted, nu_value value)
{
    nu__buf repr = { 0 };

    nu__buf_repr(&repr, value);
    nu_raise(NU_TYPE_ERROR, "expected {}, got {} {}", wanted, nu__kind_name(value.kind),
             nu__utf8_cut(nu__buf_str(&repr), 100));
}

nu_list *nu_as_list(nu_value value)
{
    if (value.kind != NU_KIND_LIST)
        wrong_kind("a list", value);
    return value.list;
}

nu_dict *nu_as_dict(nu_value value)
{
    if (value.kind != NU_KIND_DICT)
        wrong_kind("a dict", value);
    return value.dict;
}

int64_t nu_int(nu_value value)
{
    if (value.kind == NU_KIND_BOOL)
        return value.b;
    if (value.kind == NU_KIND_UINT)
        nu_raise(NU_OVERFLOW_ERROR, "{} does not fit a signed integer of 64 bits", value);
    if (value.kind != NU_KIND_INT)
        wrong_kind("an int", value);
    return value.i;
}

double nu_float(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_FLOAT:
        return value.f;
    case NU_KIND_BOOL:
        return value.b;
    case NU_KIND_INT:
        return (double)value.i;
    case NU_KIND_UINT:
        return (double)value.u;
    case NU_KIND_DECIMAL:
        return nu_decimal_to_float(*value.decimal);
    default:
        wrong_kind("a float", value);
    }
}

nu_decimal nu_dec(nu_value value)
{
    switch (value.kind) {
    case NU_KIND_DECIMAL:
        return *value.decimal;
    case NU_KIND_BOOL:
        return nu_decimal_from(value.b, 0);
    case NU_KIND_INT:
        return nu_decimal_from(value.i, 0);
    case NU_KIND_UINT:
        return (nu_decimal){ .lo = value.u, .kind = 1 };
    default:
        wrong_kind("a decimal", value);
    }
}

nu_str nu_string(nu_value value)
{
    nu__buf text = { 0 };

    if (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE)
        return value.s;
    nu__buf_value(&text, value);
    return nu__buf_take(&text);
}
