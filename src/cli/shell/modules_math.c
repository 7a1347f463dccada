/* The module math. */
#include "cli/shell/modules.h"

#include "cli/shell/int.h"
#include "cli/shell/limits.h"

#include <math.h>

static double real(nu__py value)
{
    if (value.type == &nu__py_decimal_type)
        return nu_decimal_to_float(*value.decimal);
    if (!nu__py_is_number(value))
        nu_raise(NU_TYPE_ERROR, "must be real number, not {}", value.type->name);
    return nu__py_number_as_float(value);
}

/* What C's functions say by NaN and infinity, Python says by errors. */
static nu__py checked(double out, bool finite_arguments)
{
    if (finite_arguments && isnan(out))
        nu_raise(NU_VALUE_ERROR, "math domain error");
    if (finite_arguments && isinf(out))
        nu_raise(NU_OVERFLOW_ERROR, "math range error");
    return nu__py_float(out);
}

#define UNARY(python, c)                                                                           \
    static nu__py python(nu__py self, const nu__py *args)                                          \
    {                                                                                              \
        double x = real(args[0]);                                                                  \
                                                                                                   \
        (void)self;                                                                                \
        return checked(c(x), isfinite(x));                                                         \
    }
UNARY(math_sqrt, sqrt)
UNARY(math_exp, exp)
UNARY(math_sin, sin)
UNARY(math_cos, cos)
UNARY(math_tan, tan)
UNARY(math_asin, asin)
UNARY(math_acos, acos)
UNARY(math_atan, atan)
UNARY(math_fabs, fabs)

#define BINARY(python, c)                                                                          \
    static nu__py python(nu__py self, const nu__py *args)                                          \
    {                                                                                              \
        double x = real(args[0]), y = real(args[1]);                                               \
                                                                                                   \
        (void)self;                                                                                \
        return checked(c(x, y), isfinite(x) && isfinite(y));                                       \
    }
BINARY(math_pow, pow)
BINARY(math_fmod, fmod)
BINARY(math_atan2, atan2)
BINARY(math_hypot, hypot)
BINARY(math_copysign, copysign)

static nu__py logarithm(double x, double (*log_of)(double))
{
    if (x <= 0)
        nu_raise(NU_VALUE_ERROR, "math domain error");
    return nu__py_float(log_of(x));
}

static nu__py math_log(nu__py self, const nu__py *args)
{
    nu__py top = logarithm(real(args[0]), log);

    (void)self;
    return nu__py_given(args[1]) ? nu__py_binary(NU__PY_DIV, top, logarithm(real(args[1]), log))
                                 : top;
}

static nu__py math_log2(nu__py self, const nu__py *args)
{
    (void)self;
    return logarithm(real(args[0]), log2);
}

static nu__py math_log10(nu__py self, const nu__py *args)
{
    (void)self;
    return logarithm(real(args[0]), log10);
}

static nu__py whole(double x)
{
    nu__py value = nu__py_float(x);

    return nu__py_apply(nu__py_class(&nu__py_int_type), value);
}

#define ROUNDING(python, c)                                                                        \
    static nu__py python(nu__py self, const nu__py *args)                                          \
    {                                                                                              \
        (void)self;                                                                                \
        return NU__PY_IS(args[0], int) ? nu__py_unary(NU__PY_POS, args[0])                         \
                                       : whole(c(real(args[0])));                                  \
    }
ROUNDING(math_floor, floor)
ROUNDING(math_ceil, ceil)
ROUNDING(math_trunc, trunc)

#define QUESTION(python, test)                                                                     \
    static nu__py python(nu__py self, const nu__py *args)                                          \
    {                                                                                              \
        (void)self;                                                                                \
        return nu__py_bool(test(real(args[0])));                                                   \
    }
QUESTION(math_isnan, isnan)
QUESTION(math_isinf, isinf)
QUESTION(math_isfinite, isfinite)

static nu__py gcd_of(nu__py a, nu__py b)
{
    while (nu__py_truth(b)) {
        nu__py rest = nu__py_binary(NU__PY_MOD, a, b);

        a = b;
        b = rest;
    }
    return nu__py_less(a, nu__py_int(0)) ? nu__py_unary(NU__PY_NEG, a) : a;
}

static nu__py math_gcd(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_int(0);

    (void)self;
    for (size_t i = 0; i < args[0].list->len; i++)
        out = gcd_of(out, args[0].list->items[i]);
    return out;
}

static nu__py math_lcm(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_int(1), gcd, each;

    (void)self;
    for (size_t i = 0; i < args[0].list->len; i++) {
        each = args[0].list->items[i];
        gcd = gcd_of(out, each);
        if (!nu__py_truth(gcd) || !nu__py_truth(each))
            return nu__py_int(0);
        out = nu__py_binary(NU__PY_MUL, nu__py_binary(NU__PY_FLOORDIV, out, gcd), each);
    }
    return nu__py_less(out, nu__py_int(0)) ? nu__py_unary(NU__PY_NEG, out) : out;
}

static nu__py product(int64_t from, int64_t to)
{
    nu__py out = nu__py_int(1);

    for (int64_t i = from; i <= to; i++) {
        nu__py_tick();
        out = nu__py_binary(NU__PY_MUL, out, nu__py_int(i));
    }
    return out;
}

static nu__py math_factorial(nu__py self, const nu__py *args)
{
    int64_t n = nu__py_as_int(args[0], "factorial() argument");

    (void)self;
    if (n < 0)
        nu_raise(NU_VALUE_ERROR, "factorial() not defined for negative values");
    return product(2, n);
}

static nu__py math_comb(nu__py self, const nu__py *args)
{
    int64_t n = nu__py_as_int(args[0], "n"), k = nu__py_as_int(args[1], "k");

    (void)self;
    if (n < 0 || k < 0)
        nu_raise(NU_VALUE_ERROR, "{} must be a non-negative integer", n < 0 ? "n" : "k");
    if (k > n)
        return nu__py_int(0);
    k = k > n - k ? n - k : k;
    return nu__py_binary(NU__PY_FLOORDIV, product(n - k + 1, n), product(2, k));
}

static nu__py math_prod(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;
    nu__py out = nu__py_given(args[1]) ? args[1] : nu__py_int(1);

    (void)self;
    while (nu__py_step(iterator, &each))
        out = nu__py_binary(NU__PY_MUL, out, each);
    return out;
}

/* Kahan's sum, as Neumaier has it. */
static nu__py math_fsum(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;
    double sum = 0, lost = 0;

    (void)self;
    while (nu__py_step(iterator, &each)) {
        double x = real(each), next = sum + x;

        lost += fabs(sum) >= fabs(x) ? (sum - next) + x : (x - next) + sum;
        sum = next;
    }
    return nu__py_float(sum + lost);
}

static nu__py math_isclose(nu__py self, const nu__py *args)
{
    double a = real(args[0]), b = real(args[1]), distance = fabs(a - b);
    double relative = nu__py_given(args[2]) ? real(args[2]) : 1e-9;
    double absolute = nu__py_given(args[3]) ? real(args[3]) : 0;

    (void)self;
    return nu__py_bool(a == b ||
                       (isfinite(distance) &&
                        (distance <= relative * fmax(fabs(a), fabs(b)) || distance <= absolute)));
}

static nu__py math_isqrt(nu__py self, const nu__py *args)
{
    int64_t n = nu__py_as_int(args[0], "isqrt() argument"), root;

    (void)self;
    if (n < 0)
        nu_raise(NU_VALUE_ERROR, "isqrt() argument must be nonnegative");
    root = (int64_t)sqrt((double)n);
    while ((__int128)root * root > n)
        root--;
    while (((__int128)root + 1) * (root + 1) <= n)
        root++;
    return nu__py_int(root);
}

static nu__py math_degrees(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_float(real(args[0]) * (180.0 / M_PI));
}

static nu__py math_radians(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_float(real(args[0]) * (M_PI / 180.0));
}

#define CONSTANT(python, value)                                                                    \
    static nu__py python(void)                                                                     \
    {                                                                                              \
        return nu__py_float(value);                                                                \
    }
CONSTANT(constant_pi, M_PI)
CONSTANT(constant_e, M_E)
CONSTANT(constant_tau, 2 * M_PI)
CONSTANT(constant_inf, (double)INFINITY)
CONSTANT(constant_nan, (double)NAN)

const nu__py_module_row nu__py_math_module = {
    .name = "math",
    .functions =
        (const nu__py_method[]){ { "acos", "x, /", math_acos },
                                 { "asin", "x, /", math_asin },
                                 { "atan", "x, /", math_atan },
                                 { "atan2", "y, x, /", math_atan2 },
                                 { "ceil", "x, /", math_ceil },
                                 { "comb", "n, k, /", math_comb },
                                 { "copysign", "x, y, /", math_copysign },
                                 { "cos", "x, /", math_cos },
                                 { "degrees", "x, /", math_degrees },
                                 { "exp", "x, /", math_exp },
                                 { "fabs", "x, /", math_fabs },
                                 { "factorial", "x, /", math_factorial },
                                 { "floor", "x, /", math_floor },
                                 { "fmod", "x, y, /", math_fmod },
                                 { "fsum", "seq, /", math_fsum },
                                 { "gcd", "*integers", math_gcd },
                                 { "hypot", "x, y, /", math_hypot },
                                 { "isclose", "a, b, *, rel_tol=, abs_tol=", math_isclose },
                                 { "isfinite", "x, /", math_isfinite },
                                 { "isinf", "x, /", math_isinf },
                                 { "isnan", "x, /", math_isnan },
                                 { "isqrt", "n, /", math_isqrt },
                                 { "lcm", "*integers", math_lcm },
                                 { "log", "x, base=, /", math_log },
                                 { "log10", "x, /", math_log10 },
                                 { "log2", "x, /", math_log2 },
                                 { "pow", "x, y, /", math_pow },
                                 { "prod", "iterable, /, *, start=", math_prod },
                                 { "radians", "x, /", math_radians },
                                 { "sin", "x, /", math_sin },
                                 { "sqrt", "x, /", math_sqrt },
                                 { "tan", "x, /", math_tan },
                                 { "trunc", "x, /", math_trunc },
                                 { NULL, NULL, NULL } },
    .constants = (const nu__py_constant[]){ { "pi", constant_pi },
                                            { "e", constant_e },
                                            { "tau", constant_tau },
                                            { "inf", constant_inf },
                                            { "nan", constant_nan },
                                            { NULL, NULL } },
};
