/* timedelta. */
#include "cli/shell/dates.h"
#include "cli/shell/int.h"
#include "core/float.h"

#include <math.h>

nu__py nu__py_timedelta(int64_t microseconds)
{
    return (nu__py){ .type = &nu__py_timedelta_type, .i = microseconds };
}

static NU_NORETURN void too_large(void)
{
    nu_raise(NU_OVERFLOW_ERROR, "the timedelta lies outside of the 292,000 years that the shell "
                                "holds");
}

static nu__py of_float(double us)
{
    if (!(fabs(us) < 9.2e18))
        too_large();
    return nu__py_timedelta((int64_t)nearbyint(us));
}

static int64_t times(nu__py value, int64_t unit, const char *name, double *rest)
{
    int64_t us;

    if (!nu__py_given(value))
        return 0;
    if (value.type == &nu__py_float_type) {
        *rest += value.f * (double)unit;
        return 0;
    }
    if (!NU__PY_IS(value, int))
        nu_raise(NU_TYPE_ERROR, "unsupported type for timedelta {} component: {}", name,
                 nu__py_shown(value.type));
    if (__builtin_mul_overflow(nu__py_as_int(value, "timedelta"), unit, &us))
        too_large();
    return us;
}

static nu__py make(nu__py self, const nu__py *args)
{
    static const int64_t units[] = { NU__US_DAY,  NU__US_SECOND, 1, 1000, NU__US_MINUTE,
                                     NU__US_HOUR, 7 * NU__US_DAY };
    static const char *const names[] = { "days",    "seconds", "microseconds", "milliseconds",
                                         "minutes", "hours",   "weeks" };
    int64_t us = 0;
    double rest = 0;

    (void)self;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (__builtin_add_overflow(us, times(args[i], units[i], names[i], &rest), &us))
            too_large();
    if (rest && __builtin_add_overflow(us, of_float(rest).i, &us))
        too_large();
    return nu__py_timedelta(us);
}

/* ---- operators ------------------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    if (!b)
        nu_raise(NU_ZERO_DIVISION_ERROR, "integer division or modulo by zero");
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* Half to even. */
static int64_t rounded_div(int64_t a, int64_t b)
{
    int64_t q = floor_div(a, b), r = a - q * b, twice = r * 2;

    if (b < 0) {
        twice = -twice;
        b = -b;
    }
    return twice > b || (twice == b && (q & 1)) ? q + 1 : q;
}

static bool with_delta(nu__py_operator op, int64_t a, int64_t b, nu__py *out)
{
    int64_t us;

    switch (op) {
    case NU__PY_ADD:
        if (__builtin_add_overflow(a, b, &us))
            too_large();
        break;
    case NU__PY_SUB:
        if (__builtin_sub_overflow(a, b, &us))
            too_large();
        break;
    case NU__PY_DIV:
        if (!b)
            nu_raise(NU_ZERO_DIVISION_ERROR, "division by zero");
        *out = nu__py_float((double)a / (double)b);
        return true;
    case NU__PY_FLOORDIV:
        *out = nu__py_int(floor_div(a, b));
        return true;
    case NU__PY_MOD:
        us = a - floor_div(a, b) * b;
        break;
    case NU__PY_NEG:
        us = -a;
        break;
    case NU__PY_POS:
        us = a;
        break;
    default:
        return false;
    }
    *out = nu__py_timedelta(us);
    return true;
}

static bool with_number(nu__py_operator op, int64_t us, nu__py number, nu__py *out)
{
    int64_t n, product;

    if (op != NU__PY_MUL && op != NU__PY_DIV && op != NU__PY_FLOORDIV)
        return false;
    if (number.type == &nu__py_float_type) {
        if (op == NU__PY_FLOORDIV)
            return false;
        if (op == NU__PY_DIV && !number.f)
            nu_raise(NU_ZERO_DIVISION_ERROR, "division by zero");
        *out = of_float(op == NU__PY_MUL ? (double)us * number.f : (double)us / number.f);
        return true;
    }
    n = nu__py_as_int(number, "timedelta factor");
    if (op == NU__PY_MUL && __builtin_mul_overflow(us, n, &product))
        too_large();
    *out = nu__py_timedelta(op == NU__PY_MUL   ? product
                            : op == NU__PY_DIV ? rounded_div(us, n)
                                               : floor_div(us, n));
    return true;
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (a.type == &nu__py_timedelta_type && b.type == &nu__py_timedelta_type)
        return with_delta(op, a.i, b.i, out);
    if (a.type == &nu__py_timedelta_type && nu__py_is_number(b))
        return with_number(op, a.i, b, out);
    if (b.type == &nu__py_timedelta_type && nu__py_is_number(a) && op == NU__PY_MUL)
        return with_number(op, b.i, a, out);
    return false;
}

bool nu__py_same_count(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = a.i == b.i;
    return true;
}

bool nu__py_compare_counts(nu__py a, nu__py b, int *order)
{
    if (a.type != b.type)
        return false;
    *order = (a.i > b.i) - (a.i < b.i);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = (uint64_t)self.i * 0x9E3779B97F4A7C15u + 1;
    return true;
}

static bool truth(nu__py self)
{
    return self.i != 0;
}

/* ---- text, attributes ------------------------------------------------------------------------ */

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, nu_string(nu_v_timedelta((nu_timedelta){ self.i, true })));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_repr(out, nu_v_timedelta((nu_timedelta){ self.i, true }));
}

static void json(nu__py self, nu__buf *out)
{
    char number[NU__FLOAT_TEXT];

    nu__float_text(number, (double)self.i / 1e6);
    nu__buf_fmt(out, "{{\"$seconds\": {}}}", (const char *)number);
}

static nu__py total_seconds(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_float((double)self.i / 1e6);
}

static nu__py days(nu__py self)
{
    return nu__py_int(nu__floor_div(self.i, NU__US_DAY));
}

static nu__py seconds(nu__py self)
{
    return nu__py_int(nu__floor_mod(self.i, NU__US_DAY) / NU__US_SECOND);
}

static nu__py microseconds(nu__py self)
{
    return nu__py_int(nu__floor_mod(self.i, NU__US_SECOND));
}

static nu__py absolute(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_timedelta(self.i < 0 ? -self.i : self.i);
}

const nu__py_type nu__py_timedelta_type = {
    .name = "timedelta",
    .module = "datetime",
    .methods = (const nu__py_method[]){ { "total_seconds", NULL, total_seconds },
                                        { "__abs__", NULL, absolute },
                                        { NULL, NULL, NULL } },
    .attributes = (const nu__py_attribute[]){ { "days", days },
                                              { "seconds", seconds },
                                              { "microseconds", microseconds },
                                              { NULL, NULL } },
    .signature = "days=, seconds=, microseconds=, milliseconds=, minutes=, hours=, weeks=",
    .make = make,
    .binary = binary,
    .equal = nu__py_same_count,
    .compare = nu__py_compare_counts,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .text = text,
    .json = json,
};
