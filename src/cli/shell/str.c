/* str: items, operators, formatting. */
#include "cli/shell/str.h"

#include "cli/shell/limits.h"
#include "core/json.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"

#include <string.h>

/* ---- items ----------------------------------------------------------------------------------- */

static int64_t length(nu__py self)
{
    return (int64_t)nu__utf8_count(self.s);
}

static nu__py stepped(nu_str text, nu__py_bounds b)
{
    nu__buf out = { 0 };

    for (int64_t i = 0; i < b.count; i++) {
        size_t at = (size_t)(b.from + i * b.step);

        nu__buf_str_add(&out, nu__utf8_slice(text, at, at + 1));
    }
    return nu__py_str(nu__buf_str(&out));
}

static nu__py item(nu__py self, nu__py key)
{
    int64_t n = length(self), at;
    nu__py_bounds b;

    if (key.type != &nu__py_slice_type) {
        at = nu__py_index(key, n, "string");
        return nu__py_str(nu__utf8_slice(self.s, (size_t)at, (size_t)at + 1));
    }
    b = nu__py_slice_bounds(key.cp, n);
    if (b.step != 1)
        return stepped(self.s, b);
    return nu__py_str(nu__utf8_slice(self.s, (size_t)b.from, (size_t)(b.from + b.count)));
}

typedef struct walk {
    const char *at, *end;
} walk;

static bool walk_next(void *state, nu__py *out)
{
    walk *w = state;
    const char *from = w->at;

    if (w->at >= w->end)
        return false;
    (void)nu__utf8_next(&w->at, w->end);
    *out = nu__py_str((nu_str){ from, (size_t)(w->at - from) });
    return true;
}

static nu__py iterate(nu__py self)
{
    walk *w = nu_alloc(walk);

    *w = (walk){ self.s.ptr, nu__str_end(self.s) };
    return nu__py_iterator("str_iterator", walk_next, w);
}

static bool contains(nu__py self, nu__py item)
{
    if (!NU__PY_IS(item, str))
        nu_raise(NU_TYPE_ERROR, "'in <string>' requires string as left operand, not {}",
                 item.type->name);
    return nu__find(self.s, item.s) >= 0;
}

/* ---- operators ------------------------------------------------------------------------------- */

nu__py nu__py_repeated_text(nu_str text, nu__py times)
{
    int64_t n = nu__py_as_int(times, "multiplier");
    uint64_t total;
    nu__buf out = { 0 };

    n = n < 0 ? 0 : n;
    if (__builtin_mul_overflow((uint64_t)n, (uint64_t)text.len, &total))
        total = UINT64_MAX;
    nu__py_check_size(total);
    nu__buf_reserve(&out, (size_t)total);
    for (int64_t i = 0; i < n && text.len; i++)
        nu__buf_str_add(&out, text);
    return nu__py_str(nu__buf_str(&out));
}

static nu__py concatenated(nu_str a, nu_str b)
{
    nu__buf out = { 0 };

    nu__py_check_size(a.len + b.len);
    nu__buf_reserve(&out, a.len + b.len);
    nu__buf_str_add(&out, a);
    nu__buf_str_add(&out, b);
    return nu__py_str(nu__buf_str(&out));
}

static bool binary(nu__py_operator op, nu__py a, nu__py b, nu__py *out)
{
    if (op == NU__PY_ADD && NU__PY_IS(a, str) && NU__PY_IS(b, str))
        *out = concatenated(a.s, b.s);
    else if (op == NU__PY_MUL && NU__PY_IS(a, str) && NU__PY_IS(b, int))
        *out = nu__py_repeated_text(a.s, b);
    else if (op == NU__PY_MUL && NU__PY_IS(b, str) && NU__PY_IS(a, int))
        *out = nu__py_repeated_text(b.s, a);
    else if (op == NU__PY_MOD && NU__PY_IS(a, str))
        *out = nu__py_str(nu__py_percent(a.s, b));
    else
        return false;
    return true;
}

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (!NU__PY_IS(a, str) || !NU__PY_IS(b, str))
        return false;
    *out = nu_eq_(a.s, b.s);
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    if (!NU__PY_IS(a, str) || !NU__PY_IS(b, str))
        return false;
    *order = nu__str_compare(a.s, b.s);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    *out = nu__hash(self.s.ptr, self.s.len);
    return true;
}

static bool truth(nu__py self)
{
    return self.s.len > 0;
}

/* ---- text ------------------------------------------------------------------------------------ */

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_repr_str(out, self.s);
}

static void text(nu__py self, nu__buf *out)
{
    nu__buf_str_add(out, self.s);
}

static void json(nu__py self, nu__buf *out)
{
    nu__json_str(out, self.s, &nu__json_dumps);
}

static void format_into(nu_str *out, const char *format, nu_value value)
{
    *out = nu_fmt_(format, (nu_values){ &value, 1 });
}

nu_str nu__py_format_value(nu_value value, nu_str spec)
{
    nu__buf format = { 0 };
    nu_str *out = nu_alloc(nu_str);
    const nu_error *error;
    char type;

    if (memchr(spec.ptr, '{', spec.len) || memchr(spec.ptr, '}', spec.len) ||
        memchr(spec.ptr, '\0', spec.len))
        nu_raise(NU_VALUE_ERROR, "Invalid format specifier '{}'", spec);
    nu__buf_fmt(&format, "{{:{}}}", spec);
    error = nu_catch(NU_VALUE_ERROR, format_into(out, nu__buf_str(&format).ptr, value));
    if (!error)
        return *out;
    type = spec.ptr[spec.len - 1];
    if (spec.len == 1 || strchr("<>=^+- 0123456789.,_#", spec.ptr[spec.len - 2]))
        if (!strchr("<>=^+- 0123456789.,_#", type))
            nu_raise(NU_VALUE_ERROR, "Unknown format code '{}' for object of type '{}'",
                     ((nu_str){ &type, 1 }), nu__kind_name(value.kind));
    nu_raise(NU_VALUE_ERROR, "Invalid format specifier '{}' for object of type '{}'", spec,
             nu__kind_name(value.kind));
}

static nu_str format(nu__py self, nu_str spec)
{
    return nu__py_format_value(nu_v_str(self.s), spec);
}

static nu__py make(nu__py self, const nu__py *args)
{
    (void)self;
    if (!nu__py_given(args[0]))
        return nu__py_str(S(""));
    if (args[0].type == &nu__py_bytes_type && nu__py_given(args[1])) {
        nu_str out = { (const char *)args[0].bytes.ptr, args[0].bytes.len };

        if (!nu__utf8_valid(out))
            nu__py_raise(&nu__py_unicode_decode_error, "'utf-8' codec can't decode the bytes");
        return nu__py_str(out);
    }
    return nu__py_str(nu__py_text(args[0]));
}

const nu__py_type nu__py_str_type = {
    .name = "str",
    .methods = nu__py_str_methods,
    .statics = nu__py_str_statics,
    .signature = "object=, encoding=, errors=",
    .make = make,
    .binary = binary,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .length = length,
    .item = item,
    .contains = contains,
    .iterate = iterate,
    .repr = repr,
    .text = text,
    .format = format,
    .json = json,
};
