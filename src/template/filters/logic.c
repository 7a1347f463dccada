/* Filters that choose, count and calculate. */
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "core/time.h"
#include "template/filters/filters.h"
#include "template/filters/stringformat.h"
#include "template/formats.h"
#include "template/numbers.h"
#include "template/quick.h"
#include "utils/html.h"
#include "utils/translation.h"

static nu_value default_filter(const nu__filter_call *call)
{
    return nu__value_truth(call->value) ? call->value : call->arg;
}

static nu_value default_if_none(const nu__filter_call *call)
{
    return call->value.kind == NU_KIND_NULL ? call->arg : call->value;
}

static bool write_default(const nu__filter_call *call)
{
    nu__quick_write(nu__quick_truth(&call->value) ? &call->value : &call->arg, call->context);
    return true;
}

static bool write_default_if_none(const nu__filter_call *call)
{
    nu__quick_write(call->value.kind == NU_KIND_NULL ? &call->arg : &call->value, call->context);
    return true;
}

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

static nu_str text_arg(const nu__filter_call *call, const char *method)
{
    if (!is_text(call->arg))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute '{}'",
                 nu__kind_name(call->arg.kind), method);
    return call->arg.s;
}

static nu_value yesno(const nu__filter_call *call)
{
    bool given = call->has_arg && call->arg.kind != NU_KIND_NULL;
    nu_list *bits =
        nu__split(given ? text_arg(call, "split") : nu__gettext(S("yes,no,maybe")), S(","));
    size_t n = nu_list_len(bits);

    if (n < 2)
        return call->value;
    if (call->value.kind == NU_KIND_NULL)
        return nu_at(bits, n == 3 ? 2 : 1);
    return nu_at(bits, nu__value_truth(call->value) ? 0 : 1);
}

/* Is the value 1, or does it hold one thing? False for neither number nor container. */
static bool count_of(nu_value value, bool *is_one)
{
    double number;
    int64_t len;

    *is_one = false;
    if (nu__cast_float(value, &number)) {
        *is_one = number == 1;
        return true;
    }
    if (is_text(value))
        return false;
    len = nu__value_length(value);
    *is_one = len == 1;
    return len >= 0;
}

static nu_value pluralize(const nu__filter_call *call)
{
    nu_str arg = call->has_arg ? text_arg(call, "split") : S("s");
    nu_list *bits = nu__split(arg, S(","));
    size_t n = nu_list_len(bits);
    bool is_one;

    if (n > 2 || !count_of(call->value, &is_one))
        return V("");
    if (n == 1)
        return is_one ? V("") : V(arg);
    return nu_at(bits, is_one ? 0 : 1);
}

static nu_value divisibleby(const nu__filter_call *call)
{
    nu__integer value = nu__cast_int_or_raise(call->value), by = nu__cast_int_or_raise(call->arg);

    if (!by)
        nu_raise(NU_ZERO_DIVISION_ERROR, "integer modulo by zero");
    return V((bool)(value % by == 0));
}

/* ---- add
 * ---------------------------------------------------------------------------------------------- */

static nu_value add_texts(nu_value a, nu_value b)
{
    nu__buf out = { 0 };

    nu__buf_str_add(&out, a.s);
    nu__buf_str_add(&out, b.s);
    return a.kind == NU_KIND_SAFE && b.kind == NU_KIND_SAFE ? nu_safe(nu__buf_str(&out))
                                                            : V(nu__buf_str(&out));
}

static nu_value add_lists(const nu_list *a, const nu_list *b)
{
    nu_list *sum = nu__list_copy(a);

    for (size_t i = 0; i < nu_list_len(b); i++)
        nu_list_append_(sum, nu_at(b, i));
    return V(sum);
}

/* A date or time and a duration, in whatever order. */
static bool add_times(nu_value a, nu_value b, nu_value *out)
{
    nu_value delta = a.kind == NU_KIND_TIMEDELTA ? a : b,
             other = a.kind == NU_KIND_TIMEDELTA ? b : a;
    const nu_timezone *zone;
    bool zoned = other.kind == NU_KIND_OBJECT;
    int64_t sum;

    other = nu__with_zone(other, &zone);

    if (delta.kind != NU_KIND_TIMEDELTA)
        return false;
    *out = other;
    if (other.kind == NU_KIND_DATE) {
        sum = other.i + nu__floor_div(delta.i, NU__US_DAY);
        out->i = sum;
        return sum >= 1 && sum <= NU__ORDINAL_MAX;
    }
    if (other.kind != NU_KIND_DATETIME && other.kind != NU_KIND_TIMEDELTA)
        return false;
    if (__builtin_add_overflow(other.i, delta.i, &sum))
        return false;
    out->i = sum;
    if (zoned && nu__instant_in_range(sum))
        *out = nu__zoned_datetime((nu_datetime){ sum }, zone);
    return other.kind == NU_KIND_TIMEDELTA || nu__instant_in_range(sum);
}

/* NaN is no int(), but a number all the same. */
static bool add_nan(nu_value a, nu_value b, nu_value *out)
{
    bool numbers = a.kind >= NU_KIND_BOOL && a.kind <= NU_KIND_DECIMAL && b.kind >= NU_KIND_BOOL &&
                   b.kind <= NU_KIND_DECIMAL;
    bool mixed = (a.kind == NU_KIND_FLOAT && b.kind == NU_KIND_DECIMAL) ||
                 (a.kind == NU_KIND_DECIMAL && b.kind == NU_KIND_FLOAT);

    *out = a.kind == NU_KIND_FLOAT || a.kind == NU_KIND_DECIMAL ? a : b;
    return numbers && !mixed;
}

static nu_value add(const nu__filter_call *call)
{
    nu_value a = call->value, b = call->arg, sum;
    nu__integer x, y, total;

    if (nu__cast_int_or_overflow(a, &x) && nu__cast_int_or_overflow(b, &y))
        return __builtin_add_overflow(x, y, &total) ? V("") : nu__integer_value(total);
    if (is_text(a) && is_text(b))
        return add_texts(a, b);
    if (a.kind == NU_KIND_LIST && b.kind == NU_KIND_LIST && a.list->sequence == b.list->sequence)
        return add_lists(a.list, b.list);
    if (add_times(a, b, &sum) || add_nan(a, b, &sum))
        return sum;
    return V("");
}

/* int(value); False where it is text that is no number. */
static bool int_of(nu_value value, nu__integer *out)
{
    if (nu__int_is_type_error(value))
        *out = nu__cast_int_or_raise(value);
    return nu__cast_int_or_overflow(value, out);
}

static nu_value get_digit(const nu__filter_call *call)
{
    nu__integer value, place;
    nu_str digits;

    if (!int_of(call->arg, &place) || !int_of(call->value, &value))
        return call->value;
    if (place < 1)
        return nu__integer_value(value);
    digits = nu_string(nu__integer_value(value));
    if (place > (nu__integer)digits.len)
        return V(0);
    digits = nu__sub(digits, digits.len - (size_t)place, digits.len - (size_t)place + 1);
    return nu__integer_value(nu__cast_int_or_raise(V(digits)));
}

/* ---- stringformat, pprint
 * --------------------------------------------------------------------------------- */

/* What formatting left as it was stays safe, as Python gives the same object back. */
static nu_value stringformat(const nu__filter_call *call)
{
    bool tuple = call->value.kind == NU_KIND_LIST && call->value.list->sequence == NU__TUPLE;
    nu_value value = tuple ? V(nu_string(call->value)) : call->value;
    nu__buf out = { 0 };

    if (!nu__percent_format(&out, nu_string(call->arg), value))
        return V("");
    return value.kind == NU_KIND_SAFE && value.s.len && nu_eq(nu__buf_str(&out), value.s)
               ? value
               : V(nu__buf_str(&out));
}

static nu_value pprint(const nu__filter_call *call)
{
    nu__buf out = { 0 };

    nu__pformat(&out, call->value);
    return V(nu__buf_str(&out));
}

static const nu__filter filters[] = {
    { "add", add, NU__ARG_NEEDED, NU__FILTER_PURE, NULL },
    { "default", default_filter, NU__ARG_NEEDED, NU__FILTER_PURE | NU__FILTER_PASSES, NULL,
      write_default },
    { "default_if_none", default_if_none, NU__ARG_NEEDED, NU__FILTER_PURE | NU__FILTER_PASSES, NULL,
      write_default_if_none },
    { "divisibleby", divisibleby, NU__ARG_NEEDED, NU__FILTER_PURE, NULL },
    { "get_digit", get_digit, NU__ARG_NEEDED, NU__FILTER_PURE, NULL },
    { "pluralize", pluralize, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { "pprint", pprint, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "stringformat", stringformat, NU__ARG_NEEDED, NU__FILTER_SAFE, NULL },
    { "yesno", yesno, NU__ARG_OPTIONAL, NU__FILTER_PURE, NULL },
    { 0 },
};

const nu__library nu__logic_filters = { "", NULL, filters };
