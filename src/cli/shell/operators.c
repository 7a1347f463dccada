/* Operators and comparisons of any two values. */
#include "cli/shell/object.h"

#include "cli/shell/limits.h"

#include <string.h>

static const char *const texts[] = {
    [NU__PY_ADD] = "+",           [NU__PY_SUB] = "-",       [NU__PY_MUL] = "*",
    [NU__PY_DIV] = "/",           [NU__PY_FLOORDIV] = "//", [NU__PY_MOD] = "%",
    [NU__PY_POW] = "** or pow()", [NU__PY_AND] = "&",       [NU__PY_OR] = "|",
    [NU__PY_XOR] = "^",           [NU__PY_LSHIFT] = "<<",   [NU__PY_RSHIFT] = ">>",
    [NU__PY_MATMUL] = "@",        [NU__PY_NEG] = "-",       [NU__PY_POS] = "+",
    [NU__PY_INVERT] = "~",
};

static bool try_binary(const nu__py_type *type, nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    for (; type; type = type->base)
        if (type->binary)
            return type->binary(op, a, b, out);
    return false;
}

static bool operate(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    bool right_first = b.type != a.type && nu__py_is_a(b.type, a.type);

    if (right_first && try_binary(b.type, op, a, b, out))
        return true;
    return try_binary(a.type, op, a, b, out) ||
           (!right_first && b.type != a.type && try_binary(b.type, op, a, b, out));
}

static bool is_sequence(const nu__py_type *type)
{
    return type == &nu__py_str_type || type == &nu__py_list_type || type == &nu__py_tuple_type ||
           type == &nu__py_bytes_type;
}

static NU_NORETURN void unsupported(nu__py_operator op, const char *suffix, nu__py a, nu__py b)
{
    if (op == NU__PY_MUL && (is_sequence(a.type) || is_sequence(b.type)))
        nu_raise(NU_TYPE_ERROR, "can't multiply sequence by non-int of type '{}'",
                 nu__py_shown(is_sequence(a.type) ? b.type : a.type));
    if (op == NU__PY_ADD && !*suffix && a.type == &nu__py_bytes_type)
        nu_raise(NU_TYPE_ERROR, "can't concat {} to bytes", b.type->name);
    if (op == NU__PY_ADD && !*suffix && a.type == &nu__py_str_type)
        nu_raise(NU_TYPE_ERROR, "can only concatenate str (not \"{}\") to str", b.type->name);
    if (op == NU__PY_ADD && !*suffix &&
        (a.type == &nu__py_list_type || a.type == &nu__py_tuple_type))
        nu_raise(NU_TYPE_ERROR, "can only concatenate {} (not \"{}\") to {}", a.type->name,
                 b.type->name, a.type->name);
    nu_raise(NU_TYPE_ERROR, "unsupported operand type(s) for {}{}: '{}' and '{}'",
             *suffix && op == NU__PY_POW ? "**" : texts[op], suffix, nu__py_shown(a.type),
             nu__py_shown(b.type));
}

nu__py nu__py_binary(nu__py_operator op, nu__py a, nu__py b)
{
    nu__py out;

    if (operate(op, a, b, &out))
        return out;
    unsupported(op, "", a, b);
}

/* Those that change a value in place; false: as the plain operator. */
static bool in_place(nu__py_operator op, nu__py a, nu__py b)
{
    if (a.type == &nu__py_list_type && op == NU__PY_ADD) {
        nu__py more = nu__py_collect(b, &nu__py_list_type);

        for (size_t i = 0; i < more.list->len; i++)
            nu__py_append(a, more.list->items[i]);
        return true;
    }
    if (a.type == &nu__py_set_type || a.type == &nu__py_dict_type) {
        nu__py made;

        if (!operate(op, a, b, &made) || made.type != a.type)
            return false;
        made.dict->missing = a.dict->missing;
        *a.dict = *made.dict;
        return true;
    }
    return false;
}

nu__py nu__py_augmented(nu__py_operator op, nu__py a, nu__py b)
{
    nu__py out;

    if (in_place(op, a, b))
        return a;
    if (operate(op, a, b, &out))
        return out;
    unsupported(op, "=", a, b);
}

nu__py nu__py_unary(nu__py_operator op, nu__py a)
{
    nu__py out;

    if (try_binary(a.type, op, a, a, &out))
        return out;
    nu_raise(NU_TYPE_ERROR, "bad operand type for unary {}: '{}'", texts[op], a.type->name);
}

/* ---- comparison ------------------------------------------------------------------------------ */

static bool try_equal(const nu__py_type *type, nu__py a, nu__py b, bool *out)
{
    for (; type; type = type->base)
        if (type->equal)
            return type->equal(a, b, out);
    return false;
}

bool nu__py_same(nu__py a, nu__py b)
{
    if (a.type != b.type)
        return false;
    if (a.type == &nu__py_none_type || a.type == &nu__py_ellipsis_type)
        return true;
    if (a.type == &nu__py_bool_type)
        return a.b == b.b;
    if (a.type == &nu__py_str_type)
        return a.s.ptr == b.s.ptr && a.s.len == b.s.len;
    if (a.type == &nu__py_uuid_type)
        return nu_uuid_eq(a.uuid, b.uuid);
    return a.i == b.i;
}

bool nu__py_equal(nu__py a, nu__py b)
{
    bool equal;

    nu__py_enter();
    if (!try_equal(a.type, a, b, &equal) && !(b.type != a.type && try_equal(b.type, b, a, &equal)))
        equal = nu__py_same(a, b);
    nu__py_exit();
    return equal;
}

static bool try_compare(const nu__py_type *type, nu__py a, nu__py b, int *order)
{
    for (; type; type = type->base)
        if (type->compare)
            return type->compare(a, b, order);
    return false;
}

static bool try_rich(const nu__py_type *type, const char *op, nu__py a, nu__py b, bool *out)
{
    for (; type; type = type->base)
        if (type->rich_compare)
            return type->rich_compare(op, a, b, out);
    return false;
}

static bool holds(const char *op, int order)
{
    if (op[0] == '<')
        return op[1] ? order <= 0 : order < 0;
    return op[1] ? order >= 0 : order > 0;
}

bool nu__py_ordered(const char *op, nu__py a, nu__py b)
{
    int order = 0;
    bool out, known;

    nu__py_enter();
    known = try_rich(a.type, op, a, b, &out);
    if (!known && (try_compare(a.type, a, b, &order) ||
                   (b.type != a.type && try_compare(b.type, a, b, &order)))) {
        out = holds(op, order);
        known = true;
    }
    if (!known)
        nu_raise(NU_TYPE_ERROR, "'{}' not supported between instances of '{}' and '{}'", op,
                 nu__py_shown(a.type), nu__py_shown(b.type));
    nu__py_exit();
    return out;
}

bool nu__py_less(nu__py a, nu__py b)
{
    return nu__py_ordered("<", a, b);
}

static uint64_t hash_of(nu__py value)
{
    uint64_t out;

    for (const nu__py_type *type = value.type; type; type = type->base)
        if (type->hash) {
            if (type->hash(value, &out))
                return out;
            break;
        } else if (type->equal)
            break;
    if (value.type->hash || value.type->equal)
        nu_raise(NU_TYPE_ERROR, "unhashable type: '{}'", value.type->name);
    return (uint64_t)value.i * 0x9E3779B97F4A7C15u;
}

uint64_t nu__py_hash(nu__py value)
{
    uint64_t out;

    nu__py_enter();
    out = hash_of(value);
    nu__py_exit();
    return out;
}
