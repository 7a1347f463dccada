/* The names that are always there: functions, types, exceptions. */
#include "cli/shell/evaluator.h"

#include "cli/shell/int.h"
#include "cli/shell/limits.h"
#include "cli/shell/list.h"
#include "core/decimal.h"
#include "core/list.h"
#include "core/text.h"

#include <math.h>
#include <stdio.h>

/* ---- numbers --------------------------------------------------------------------------------- */

static nu__py absolute(nu__py self, const nu__py *args)
{
    nu__py x = args[0], method;

    (void)self;
    if (nu__py_find(x, S("__abs__"), &method))
        return nu__py_invoke(method, &(nu__py_call){ 0 });
    if (!nu__py_is_number(x) && x.type != &nu__py_decimal_type)
        nu_raise(NU_TYPE_ERROR, "bad operand type for abs(): '{}'", x.type->name);
    if (x.type == &nu__py_float_type)
        return nu__py_float(fabs(x.f));
    return nu__py_less(x, nu__py_int(0)) ? nu__py_unary(NU__PY_NEG, x)
                                         : nu__py_unary(NU__PY_POS, x);
}

static nu__py rounded_decimal(nu_decimal number, nu__py digits)
{
    nu_decimal out;

    if (!nu__py_given(digits) || digits.type == &nu__py_none_type)
        return nu__py_int(nu_decimal_to_int(nu_decimal_quantize(number, 0)));
    if (nu__decimal_quantize(number, (int)-nu__py_as_int(digits, "ndigits"), &nu__decimal_default,
                             &out) != NU__DECIMAL_OK)
        nu_raise(NU_INVALID_OPERATION, "[<class 'decimal.InvalidOperation'>]");
    return nu__py_decimal(out);
}

static nu__py rounded_float(double number, nu__py digits)
{
    int64_t n;

    if (!nu__py_given(digits) || digits.type == &nu__py_none_type) {
        nu__py whole = nu__py_float(nearbyint(number));

        return nu__py_invoke(nu__py_class(&nu__py_int_type),
                             &(nu__py_call){ .args = &whole, .n = 1 });
    }
    n = nu__py_as_int(digits, "ndigits");
    if (!isfinite(number) || n > 300)
        return nu__py_float(number);
    if (n >= 0) {
        nu__py text = nu__py_str(nu__py_format_value(nu_v_float(number), nu_fmt(".{}f", n)));

        return nu__py_invoke(nu__py_class(&nu__py_float_type),
                             &(nu__py_call){ .args = &text, .n = 1 });
    }
    return nu__py_float(nearbyint(number / pow(10, (double)-n)) * pow(10, (double)-n));
}

static nu__py round_(nu__py self, const nu__py *args)
{
    int64_t n;
    nu__py unit, half, out;

    (void)self;
    if (args[0].type == &nu__py_float_type)
        return rounded_float(args[0].f, args[1]);
    if (args[0].type == &nu__py_decimal_type)
        return rounded_decimal(*args[0].decimal, args[1]);
    if (!NU__PY_IS(args[0], int))
        nu_raise(NU_TYPE_ERROR, "type {} doesn't define __round__ method", args[0].type->name);
    n = nu__py_int_or(args[1], 0, "ndigits");
    if (n >= 0)
        return nu__py_unary(NU__PY_POS, args[0]);
    if (n < -18)
        return nu__py_int(0);
    unit = nu__py_binary(NU__PY_POW, nu__py_int(10), nu__py_int(-n));
    half = nu__py_binary(NU__PY_MOD, args[0], unit);
    out = nu__py_binary(NU__PY_SUB, args[0], half);
    if (half.i * 2 > unit.i || (half.i * 2 == unit.i && (out.i / unit.i) % 2))
        out = nu__py_binary(NU__PY_ADD, out, unit);
    return out;
}

static nu__py divmod(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_pair(nu__py_binary(NU__PY_FLOORDIV, args[0], args[1]),
                       nu__py_binary(NU__PY_MOD, args[0], args[1]));
}

static nu__py power(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_int(1), base, left;

    (void)self;
    if (!nu__py_given(args[2]) || args[2].type == &nu__py_none_type)
        return nu__py_binary(NU__PY_POW, args[0], args[1]);
    base = nu__py_binary(NU__PY_MOD, args[0], args[2]);
    for (left = args[1]; nu__py_truth(left);
         left = nu__py_binary(NU__PY_RSHIFT, left, nu__py_int(1))) {
        if (nu__py_truth(nu__py_binary(NU__PY_AND, left, nu__py_int(1))))
            out = nu__py_binary(NU__PY_MOD, nu__py_binary(NU__PY_MUL, out, base), args[2]);
        base = nu__py_binary(NU__PY_MOD, nu__py_binary(NU__PY_MUL, base, base), args[2]);
    }
    return out;
}

static nu__py in_base(nu__py value, const char *spec)
{
    if (!NU__PY_IS(value, int))
        nu_raise(NU_TYPE_ERROR, "'{}' object cannot be interpreted as an integer",
                 value.type->name);
    return nu__py_str(nu__py_format(value, nu_s(spec)));
}

static nu__py hex(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#x");
}

static nu__py oct(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#o");
}

static nu__py bin(nu__py self, const nu__py *args)
{
    (void)self;
    return in_base(args[0], "#b");
}

static nu__py ord(nu__py self, const nu__py *args)
{
    nu_str text = nu__py_as_str(args[0], "ord() argument");
    const char *at = text.ptr;

    (void)self;
    if (nu__utf8_count(text) != 1)
        nu_raise(NU_TYPE_ERROR, "ord() expected a character, but string of length {} found",
                 nu__utf8_count(text));
    return nu__py_int(nu__utf8_next(&at, nu__str_end(text)));
}

static nu__py chr(nu__py self, const nu__py *args)
{
    int64_t c = nu__py_as_int(args[0], "chr() argument");
    nu__buf out = { 0 };

    (void)self;
    if (c < 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        nu_raise(NU_VALUE_ERROR, "chr() arg not in range(0x110000)");
    nu__buf_utf8(&out, (uint32_t)c);
    return nu__py_str(nu__buf_str(&out));
}

/* ---- over iterables -------------------------------------------------------------------------- */

static nu__py len(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_int(nu__py_length(args[0]));
}

static nu__py sum(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;
    nu__py total = nu__py_given(args[1]) ? args[1] : nu__py_int(0);

    (void)self;
    if (NU__PY_IS(total, str))
        nu_raise(NU_TYPE_ERROR, "sum() can't sum strings [use ''.join(seq) instead]");
    while (nu__py_step(iterator, &each))
        total = nu__py_binary(NU__PY_ADD, total, each);
    return total;
}

static nu__py extreme(const char *name, const nu__py *args, bool greatest)
{
    bool one = args[0].list->len == 1, first = true;
    nu__py iterator, each, key, best = { 0 }, best_key = { 0 };

    if (!args[0].list->len)
        nu_raise(NU_TYPE_ERROR, "{} expected at least 1 argument, got 0", name);
    iterator = nu__py_iterate(one ? args[0].list->items[0] : args[0]);
    for (; nu__py_step(iterator, &each); first = false) {
        bool plain = !nu__py_given(args[1]) || args[1].type == &nu__py_none_type;

        key = plain ? each : nu__py_apply(args[1], each);
        if (!first &&
            !(greatest ? nu__py_ordered(">", key, best_key) : nu__py_ordered("<", key, best_key)))
            continue;
        best = each;
        best_key = key;
    }
    if (first && !nu__py_given(args[2]))
        nu_raise(NU_VALUE_ERROR, "{}() arg is an empty sequence", name);
    return first ? args[2] : best;
}

static nu__py min(nu__py self, const nu__py *args)
{
    (void)self;
    return extreme("min", args, false);
}

static nu__py max(nu__py self, const nu__py *args)
{
    (void)self;
    return extreme("max", args, true);
}

static nu__py any(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;

    (void)self;
    while (nu__py_step(iterator, &each))
        if (nu__py_truth(each))
            return nu__py_bool(true);
    return nu__py_bool(false);
}

static nu__py all(nu__py self, const nu__py *args)
{
    nu__py iterator = nu__py_iterate(args[0]), each;

    (void)self;
    while (nu__py_step(iterator, &each))
        if (!nu__py_truth(each))
            return nu__py_bool(false);
    return nu__py_bool(true);
}

static nu__py sorted(nu__py self, const nu__py *args)
{
    nu__py out = nu__py_collect(args[0], &nu__py_list_type);

    (void)self;
    nu__py_sort(out, args[1], nu__py_true_or(args[2], false));
    return out;
}

typedef struct backwards {
    nu__py of;
    int64_t at;
} backwards;

static bool backwards_next(void *state, nu__py *out)
{
    backwards *b = state;

    if (b->at-- <= 0)
        return false;
    *out = nu__py_item(b->of, nu__py_int(b->at));
    return true;
}

static nu__py reversed(nu__py self, const nu__py *args)
{
    backwards *b = nu_alloc(backwards);
    nu__py of = args[0];

    (void)self;
    if (NU__PY_IS(of, dict))
        of = nu__py_collect(of, &nu__py_list_type);
    if (!of.type->length || !of.type->item)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not reversible", of.type->name);
    *b = (backwards){ of, nu__py_length(of) };
    return nu__py_iterator("reversed", backwards_next, b);
}

/* ---- iterators ------------------------------------------------------------------------------- */

typedef struct several {
    nu__py function;
    nu__py *iterators;
    size_t n;
    int64_t count;
    bool strict;
} several;

static bool enumerate_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py each;

    if (!nu__py_step(s->iterators[0], &each))
        return false;
    *out = nu__py_pair(nu__py_int(s->count++), each);
    return true;
}

static several *several_of(const nu__py *iterables, size_t n)
{
    several *s = nu_alloc(several);

    s->n = n;
    s->iterators = nu_alloc_array(nu__py, n + 1);
    for (size_t i = 0; i < n; i++)
        s->iterators[i] = nu__py_iterate(iterables[i]);
    return s;
}

static nu__py enumerate(nu__py self, const nu__py *args)
{
    several *s = several_of(args, 1);

    (void)self;
    s->count = nu__py_int_or(args[1], 0, "start");
    return nu__py_iterator("enumerate", enumerate_next, s);
}

static bool zip_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py each, row = nu__py_list_new(&nu__py_tuple_type, s->n);

    for (size_t i = 0; i < s->n; i++) {
        if (nu__py_step(s->iterators[i], &each)) {
            nu__py_append(row, each);
            continue;
        }
        if (s->strict && i)
            nu_raise(NU_VALUE_ERROR, "zip() argument {} is shorter than argument{} {}", i + 1,
                     i > 1 ? "s 1-" : "", i);
        for (size_t k = 1; s->strict && k < s->n; k++)
            if (nu__py_step(s->iterators[k], &each))
                nu_raise(NU_VALUE_ERROR, "zip() argument {} is longer than argument{} {}", k + 1,
                         k > 1 ? "s 1-" : "", k);
        return false;
    }
    *out = row;
    return s->n > 0;
}

static nu__py zip(nu__py self, const nu__py *args)
{
    several *s = several_of(args[0].list->items, args[0].list->len);

    (void)self;
    s->strict = nu__py_true_or(args[1], false);
    return nu__py_iterator("zip", zip_next, s);
}

static bool map_next(void *state, nu__py *out)
{
    several *s = state;
    nu__py *items = nu_alloc_array(nu__py, s->n);

    for (size_t i = 0; i < s->n; i++)
        if (!nu__py_step(s->iterators[i], &items[i]))
            return false;
    *out = nu__py_invoke(s->function, &(nu__py_call){ .args = items, .n = s->n });
    return true;
}

static nu__py map(nu__py self, const nu__py *args)
{
    several *s = several_of(args[1].list->items, args[1].list->len);

    (void)self;
    if (!s->n)
        nu_raise(NU_TYPE_ERROR, "map() must have at least two arguments.");
    s->function = args[0];
    return nu__py_iterator("map", map_next, s);
}

static bool filter_next(void *state, nu__py *out)
{
    several *s = state;

    while (nu__py_step(s->iterators[0], out))
        if (nu__py_truth(s->function.type == &nu__py_none_type ? *out
                                                               : nu__py_apply(s->function, *out)))
            return true;
    return false;
}

static nu__py filter(nu__py self, const nu__py *args)
{
    several *s = several_of(args + 1, 1);

    (void)self;
    s->function = args[0];
    return nu__py_iterator("filter", filter_next, s);
}

static nu__py iter(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_iterate(args[0]);
}

static nu__py next(nu__py self, const nu__py *args)
{
    nu__py out;

    (void)self;
    if (nu__py_step(args[0], &out))
        return out;
    if (nu__py_given(args[1]))
        return args[1];
    nu__py_raise(&nu__py_stop_iteration, "");
}

/* ---- attributes and types -------------------------------------------------------------------- */

/* An attribute; absent where there is none, or where looking for it says so. */
static nu__py attribute_or_absent(nu__py value, nu_str name)
{
    nu__py out = { 0 };
    bool found = false;
    const nu_error *error = nu_catch(NU_ATTRIBUTE_ERROR, found = nu__py_find(value, name, &out));

    return !error && found ? out : (nu__py){ 0 };
}

static nu__py getattr(nu__py self, const nu__py *args)
{
    nu_str name = nu__py_as_str(args[1], "getattr(): attribute name");
    nu__py out;

    (void)self;
    if (!nu__py_given(args[2]))
        return nu__py_get(args[0], name);
    out = attribute_or_absent(args[0], name);
    return nu__py_given(out) ? out : args[2];
}

static nu__py setattr(nu__py self, const nu__py *args)
{
    (void)self;
    nu__py_set(args[0], nu__py_as_str(args[1], "setattr(): attribute name"), args[2]);
    return nu__py_none();
}

static nu__py hasattr(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(nu__py_given(
        attribute_or_absent(args[0], nu__py_as_str(args[1], "hasattr(): attribute name"))));
}

static bool is_instance(const nu__py_type *type, nu__py classes, const char *name)
{
    if (classes.type == &nu__py_tuple_type) {
        for (size_t i = 0; i < classes.list->len; i++)
            if (is_instance(type, classes.list->items[i], name))
                return true;
        return false;
    }
    if (!nu__py_is_a(classes.type, &nu__py_type_type))
        nu_raise(NU_TYPE_ERROR, "{}() arg 2 must be a type, a tuple of types, or a union", name);
    return nu__py_is_a(type, classes.class_);
}

static nu__py isinstance(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_bool(is_instance(args[0].type, args[1], "isinstance"));
}

static nu__py issubclass(nu__py self, const nu__py *args)
{
    (void)self;
    if (!nu__py_is_a(args[0].type, &nu__py_type_type))
        nu_raise(NU_TYPE_ERROR, "issubclass() arg 1 must be a class");
    return nu__py_bool(is_instance(args[0].class_, args[1], "issubclass"));
}

static nu__py callable(nu__py self, const nu__py *args)
{
    const nu__py_type *type = args[0].type;

    (void)self;
    while (type->base && !type->call)
        type = type->base;
    return nu__py_bool(type->call != NULL);
}

static nu__py dir(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_of(nu_v_list(nu__py_dir(args[0])));
}

static nu__py hash(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_int((int64_t)(nu__py_hash(args[0]) >> 2));
}

/* ---- text ------------------------------------------------------------------------------------ */

static nu__py repr(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu__py_repr(args[0]));
}

static nu__py format(nu__py self, const nu__py *args)
{
    (void)self;
    return nu__py_str(nu__py_format(
        args[0], nu__py_given(args[1]) ? nu__py_as_str(args[1], "format() argument 2") : S("")));
}

static nu_str text_or(nu__py value, nu_str otherwise)
{
    return nu__py_given(value) && value.type != &nu__py_none_type
               ? nu__py_as_str(value, "print() argument")
               : otherwise;
}

static nu__py print(nu__py self, const nu__py *args)
{
    nu_str sep = text_or(args[1], S(" ")), end = text_or(args[2], S("\n"));
    nu__buf out = { 0 };

    (void)self;
    for (size_t i = 0; i < args[0].list->len; i++) {
        if (i)
            nu__buf_str_add(&out, sep);
        nu__buf_str_add(&out, nu__py_text(args[0].list->items[i]));
    }
    nu__buf_str_add(&out, end);
    nu__py_print(nu__buf_str(&out));
    return nu__py_none();
}

/* ---- the tables ------------------------------------------------------------------------------ */

static const nu__py_method functions[] = {
    { "abs", "x, /", absolute },
    { "all", "iterable, /", all },
    { "any", "iterable, /", any },
    { "ascii", "object, /", repr },
    { "bin", "number, /", bin },
    { "callable", "object, /", callable },
    { "chr", "i, /", chr },
    { "dir", "object, /", dir },
    { "divmod", "x, y, /", divmod },
    { "enumerate", "iterable, start=", enumerate },
    { "filter", "function, iterable, /", filter },
    { "format", "value, format_spec=, /", format },
    { "getattr", "object, name, default=, /", getattr },
    { "hasattr", "object, name, /", hasattr },
    { "hash", "object, /", hash },
    { "hex", "number, /", hex },
    { "isinstance", "object, class_or_tuple, /", isinstance },
    { "issubclass", "cls, class_or_tuple, /", issubclass },
    { "iter", "iterable, /", iter },
    { "len", "object, /", len },
    { "map", "function, /, *iterables", map },
    { "max", "*args, key=, default=", max },
    { "min", "*args, key=, default=", min },
    { "next", "iterator, default=, /", next },
    { "oct", "number, /", oct },
    { "ord", "c, /", ord },
    { "pow", "base, exp, mod=", power },
    { "print", "*args, sep=, end=, flush=", print },
    { "repr", "object, /", repr },
    { "reversed", "sequence, /", reversed },
    { "round", "number, ndigits=", round_ },
    { "setattr", "object, name, value, /", setattr },
    { "sorted", "iterable, /, *, key=, reverse=", sorted },
    { "sum", "iterable, /, start=", sum },
    { "zip", "*iterables, strict=", zip },
    { NULL, NULL, NULL },
};

static const nu__py_type *const types[] = {
    &nu__py_bool_type,
    &nu__py_int_type,
    &nu__py_float_type,
    &nu__py_str_type,
    &nu__py_bytes_type,
    &nu__py_list_type,
    &nu__py_tuple_type,
    &nu__py_dict_type,
    &nu__py_set_type,
    &nu__py_frozenset_type,
    &nu__py_range_type,
    &nu__py_slice_type,
    &nu__py_type_type,
    &nu__py_object_type,
    &nu__py_base_exception,
    &nu__py_name_error,
    &nu__py_syntax_error,
    &nu__py_indentation_error,
    &nu__py_assertion_error,
    &nu__py_stop_iteration,
    &nu__py_import_error,
    &nu__py_recursion_error,
    &nu__py_keyboard_interrupt,
    &nu__py_system_exit,
    &nu__py_module_not_found_error,
    &nu__py_unicode_decode_error,
};

/* Python's own among the library's classes stand before ValidationError in their list. */
static bool error_named(nu_str name, nu__py *out)
{
    for (int i = NU_EXCEPTION; i < NU_VALIDATION_ERROR; i++)
        if (i != NU_INVALID_OPERATION && i != NU_JSON_DECODE_ERROR &&
            nu_eq(name, nu__py_errors[i].name)) {
            *out = nu__py_class(&nu__py_errors[i]);
            return true;
        }
    return false;
}

bool nu__py_builtin(nu_str name, nu__py *out)
{
    for (const nu__py_method *f = functions; f->name; f++)
        if (nu_eq(name, f->name)) {
            *out = nu__py_method_of(nu__py_none(), f);
            return true;
        }
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        if (nu_eq(name, types[i]->name)) {
            *out = nu__py_class(types[i]);
            return true;
        }
    if (nu_eq(name, "Ellipsis")) {
        *out = (nu__py){ .type = &nu__py_ellipsis_type };
        return true;
    }
    return error_named(name, out);
}

void nu__py_builtin_names(nu_list *out)
{
    for (const nu__py_method *f = functions; f->name; f++)
        nu_list_append(out, f->name);
    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
        nu_list_append(out, types[i]->name);
    for (int i = NU_EXCEPTION; i < NU_VALIDATION_ERROR; i++)
        nu_list_append(out, nu__py_errors[i].name);
}
